#include "buffers.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace spp_bench {
namespace {

constexpr std::size_t page = 4096;
constexpr std::int64_t spare_floats = 16;

struct Free {
  void operator()(float *p) const { std::free(p); }
};
using Buffer = std::unique_ptr<float[], Free>;

Buffer allocate(std::int64_t floats) {
  const std::size_t bytes = static_cast<std::size_t>(floats) * sizeof(float);
  auto *p = static_cast<float *>(std::aligned_alloc(page, (bytes + page - 1) / page * page));
  if (p == nullptr) throw std::bad_alloc();
  return Buffer(p);
}

// Values in (-1, 1), all different from zero: a linear congruential generator's upper bits.
void fill(float *values, std::int64_t count) {
  std::uint64_t state = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    values[i] = static_cast<float>(static_cast<std::int32_t>(state >> 32) | 1) * 0x1p-31f;
  }
}

// Words that are positive numbers, and no NaN, as any floating-point type.
void fill_words(float *values, std::int64_t count) {
  std::uint64_t state = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const std::uint32_t word =
        (static_cast<std::uint32_t>(state >> 32) & 0x3fff3fffU) | 0x00010001U;
    std::memcpy(values + i, &word, sizeof word);
  }
}

}  // namespace

Maps maps_of(const Shape &shape, std::int64_t bins, const ElementType &type) {
  static Buffer input, output;
  static std::string filled;
  static std::int64_t capacity = 0;
  const Maps maps{shape, bins * shape.channels, nullptr, nullptr};
  const bool is_float = type.id == SPP_F32;
  const std::string wanted = (is_float ? "float " : "words ") + shape.name();
  if (filled != wanted) {
    input.reset();
    input = allocate(shape.extent() + spare_floats);
    (is_float ? fill : fill_words)(input.get(), shape.extent() + spare_floats);
    filled = wanted;
  }
  if (capacity < maps.output_size()) {
    output = allocate(maps.output_size());
    capacity = maps.output_size();
  }
  return {shape, maps.row_size, input.get(), output.get()};
}

float *written_memory(std::int64_t floats, bool second) {
  static Buffer arrays[2];
  static std::int64_t capacities[2] = {};
  const int k = second ? 1 : 0;
  if (capacities[k] < floats) {
    arrays[k] = allocate(floats);
    capacities[k] = floats;
  }
  return arrays[k].get();
}

}  // namespace spp_bench
