// What training adds to <spp/types.hpp>: positions and gradients.  Include <spp/spp.hpp>.
#ifndef SPP_TRAINING_HPP
#define SPP_TRAINING_HPP

#include <spp.h>

#include <cstdint>

namespace spp {
inline namespace v0 {

// The type of positions.
enum class IndexType : std::int32_t {
  i64 = SPP_INDEX_I64,
  i32 = SPP_INDEX_I32,
};

// Positions of maxima, one for every number of the output rows: y * width + x, or -1.  `capacity` and
// `row_stride` count positions and are as in Output.
struct Argmax {
  void *data = nullptr;  // std::int64_t or std::int32_t
  std::int64_t capacity = 0;
  std::int64_t row_stride = 0;
  IndexType index_type = IndexType::i64;

  spp_argmax c_argmax() const noexcept {
    spp_argmax argmax{};
    argmax.struct_size = sizeof argmax;
    argmax.data = data;
    argmax.capacity = capacity;
    argmax.row_stride = row_stride;
    argmax.index_type = static_cast<std::int32_t>(index_type);
    return argmax;
  }
};

// The gradient of the output rows, which is read; otherwise as Output.
struct Gradient {
  const void *data = nullptr;  // elements of the Pooling's type
  std::int64_t capacity = 0;
  std::int64_t row_stride = 0;

  spp_gradient c_gradient() const noexcept {
    spp_gradient gradient{};
    gradient.struct_size = sizeof gradient;
    gradient.data = data;
    gradient.capacity = capacity;
    gradient.row_stride = row_stride;
    return gradient;
  }
};

}  // namespace v0
}  // namespace spp

#endif
