#include "buffers.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <new>
#include <sstream>
#include <string>

namespace spp_bench {
namespace {

constexpr std::size_t usual_page = 4096;
constexpr std::size_t large_page = std::size_t{2} << 20;
constexpr std::int64_t spare_floats = 16;

struct Free {
  void operator()(float *p) const { std::free(p); }
};
using Buffer = std::unique_ptr<float[], Free>;

Buffer allocate(std::int64_t floats, Pages pages) {
  const std::size_t page = pages == Pages::large ? large_page : usual_page;
  const std::size_t needed = static_cast<std::size_t>(floats) * sizeof(float);
  const std::size_t bytes = (needed + page - 1) / page * page;
  auto *p = static_cast<float *>(std::aligned_alloc(page, bytes));
  if (p == nullptr) throw std::bad_alloc();
  if (pages == Pages::large) madvise(p, bytes, MADV_HUGEPAGE);  // a wish: see is_in_large_pages()
  return Buffer(p);
}

// The memory of one kind of pages, kept from case to case.
struct Kept {
  struct Array {
    Buffer memory;
    std::int64_t capacity = 0;

    float *grown(std::int64_t floats, Pages pages) {
      if (capacity < floats) {
        memory.reset();
        memory = allocate(floats, pages);
        capacity = floats;
      }
      return memory.get();
    }
  };
  Buffer input;
  std::string filled;  // with which numbers, for which shape
  Array output, written[2];
};

Kept &kept(Pages pages) {
  static Kept usual, large;
  return pages == Pages::large ? large : usual;
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

Maps maps_of(const Shape &shape, std::int64_t bins, const ElementType &type, Pages pages) {
  Kept &memory = kept(pages);
  const std::int64_t row_size = bins * shape.channels;
  const bool is_float = type.id == SPP_F32;
  const std::string wanted = (is_float ? "float " : "words ") + shape.name();
  if (memory.filled != wanted) {
    memory.input.reset();
    memory.input = allocate(shape.extent() + spare_floats, pages);
    (is_float ? fill : fill_words)(memory.input.get(), shape.extent() + spare_floats);
    memory.filled = wanted;
  }
  const std::int64_t output_size = shape.count * row_size;
  return {shape, row_size, memory.input.get(), memory.output.grown(output_size, pages)};
}

float *written_memory(std::int64_t floats, bool second, Pages pages) {
  return kept(pages).written[second ? 1 : 0].grown(floats, pages);
}

// Of the mapping that an address lies in, the kernel tells how much is in large pages.
bool is_in_large_pages(const float *memory) {
  std::ifstream mappings("/proc/self/smaps");
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  bool within = false;
  double resident = 0;  // KiB
  for (std::string line; std::getline(mappings, line);) {
    std::istringstream words(line);
    std::uintptr_t first = 0, last = 0;
    char dash = 0;
    std::string name;
    double amount = 0;
    if (words >> std::hex >> first >> dash >> last && dash == '-') {
      within = first <= address && address < last;
      continue;
    }
    words.clear();
    words.str(line);
    if (!within || !(words >> name >> std::dec >> amount)) continue;
    if (name == "Rss:") resident = amount;
    if (name == "AnonHugePages:") return amount > 0.9 * resident;
  }
  return false;
}

}  // namespace spp_bench
