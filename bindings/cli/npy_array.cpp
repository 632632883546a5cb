#include "npy_array.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <utility>

#include "failure.hpp"
#include "npy_header.hpp"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files are used as they are in memory");

namespace {

const NpyType &known_type(const std::string &descr) {
  std::string known;
  for (const NpyType &type : npy_types) {
    if (descr == type.descr) return type;
    known += fmt::format("{}{} ('{}')", known.empty() ? "" : ", ", type.name, type.descr);
  }
  throw Failure(fmt::format("element type '{}'; one of {} is needed", descr, known));
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

NpyArray::NpyArray(const std::string &path) : path_(path), file_(path) {
  try {
    locate_elements();
  } catch (const Failure &failure) {
    throw Failure(fmt::format("{}: {}", path, failure.what()));
  }
}

const float *NpyArray::floats() const {
  if (type_->element_type != SPP_F32) {
    throw Failure(fmt::format("{}: {}; float32 is needed", path_, type_->name));
  }
  return reinterpret_cast<const float *>(data_);
}

void NpyArray::locate_elements() {
  const std::string_view bytes = file_.bytes();
  NpyHeader header = parse_npy_header(bytes);
  type_ = &known_type(header.element_type);
  if (header.fortran_order) throw Failure("Fortran order; C order is needed");
  shape_ = std::move(header.shape);
  size_ = element_count(shape_);

  const std::string_view elements = bytes.substr(header.data_offset);
  const auto present = static_cast<int64_t>(elements.size() / type_->bytes);
  if (present < size_) {
    throw Failure(fmt::format("truncated: shape ({}) needs {} elements, the file has {}",
                              fmt::join(shape_, ", "), size_, present));
  }
  data_ = elements.data();
  if (reinterpret_cast<uintptr_t>(data_) % type_->bytes == 0) return;
  const size_t bytes_needed = static_cast<size_t>(size_) * type_->bytes;
  aligned_copy_.resize(bytes_needed / sizeof(uint64_t) + 1);
  std::memcpy(aligned_copy_.data(), data_, bytes_needed);
  data_ = reinterpret_cast<const char *>(aligned_copy_.data());
}
