#include "npy_array.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <utility>

#include "failure.hpp"
#include "npy_header.hpp"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files are used as they are in memory");

namespace {

void require_float32(const NpyHeader &header) {
  if (header.element_type != "<f4") {
    throw Failure(fmt::format("element type '{}'; float32, little endian ('<f4') is needed",
                              header.element_type));
  }
  if (header.fortran_order) throw Failure("Fortran order; C order is needed");
}

int64_t element_count(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  for (const int64_t side : shape) {
    if (__builtin_mul_overflow(count, side, &count)) {
      throw Failure(fmt::format("shape ({}) is too large", fmt::join(shape, ", ")));
    }
  }
  return count;
}

}  // namespace

NpyArray::NpyArray(const std::string &path) : file_(path) {
  try {
    locate_elements();
  } catch (const Failure &failure) {
    throw Failure(fmt::format("{}: {}", path, failure.what()));
  }
}

void NpyArray::locate_elements() {
  const std::string_view bytes = file_.bytes();
  NpyHeader header = parse_npy_header(bytes);
  require_float32(header);
  shape_ = std::move(header.shape);
  size_ = element_count(shape_);

  const std::string_view elements = bytes.substr(header.data_offset);
  const auto present = static_cast<int64_t>(elements.size() / sizeof(float));
  if (present < size_) {
    throw Failure(fmt::format("truncated: shape ({}) needs {} elements, the file has {}",
                              fmt::join(shape_, ", "), size_, present));
  }
  if (reinterpret_cast<uintptr_t>(elements.data()) % alignof(float) == 0) {
    data_ = reinterpret_cast<const float *>(elements.data());
  } else {
    aligned_copy_.resize(static_cast<size_t>(size_));
    const size_t bytes_needed = aligned_copy_.size() * sizeof(float);
    if (bytes_needed > 0) std::memcpy(aligned_copy_.data(), elements.data(), bytes_needed);
    data_ = aligned_copy_.data();
  }
}
