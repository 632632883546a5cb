// Handlers for XLA's foreign function interface; libspp.jax compiles this file when it is first used.
#include <cstdint>

#include "handles.hpp"
#include "xla/ffi/api/ffi.h"

namespace ffi = xla::ffi;

namespace {

ffi::Error refusal(const std::string &sentence) {
  return ffi::Error(ffi::ErrorCode::kInvalidArgument, sentence);
}

std::int32_t element_type(ffi::DataType type) {
  switch (type) {
    case ffi::DataType::F32:
      return SPP_F32;
    case ffi::DataType::F64:
      return SPP_F64;
    case ffi::DataType::F16:
      return SPP_F16;
    case ffi::DataType::BF16:
      return SPP_BF16;
    case ffi::DataType::S8:
      return SPP_I8;
    case ffi::DataType::U8:
      return SPP_U8;
    case ffi::DataType::S16:
      return SPP_I16;
    case ffi::DataType::U16:
      return SPP_U16;
    case ffi::DataType::S32:
      return SPP_I32;
    default:
      return -1;  // spp_pooling_create refuses it
  }
}

// All dimensions before the last three are one batch: that is what vmap adds to.
spp_batch batch_of(const void *data, ffi::Span<const std::int64_t> sizes, std::int32_t layout) {
  std::int64_t count = 1;
  for (std::size_t k = 0; k + 3 < sizes.size(); ++k) count *= sizes[k];
  return libspp::dense_batch(data, count, sizes.begin() + (sizes.size() - 3), layout);
}

ffi::Error pool(ffi::AnyBuffer x, ffi::Result<ffi::AnyBuffer> rows,
                ffi::Span<const std::int32_t> description, std::int32_t threads) {
  const libspp::Described &described =
      libspp::described(description.begin(), description.size(), element_type(x.element_type()));
  if (described.pooling == nullptr) return refusal(described.sentence);
  const spp_batch batch = batch_of(x.untyped_data(), x.dimensions(), description[2]);
  spp_output output = {};
  output.struct_size = sizeof output;
  output.data = rows->untyped_data();
  output.capacity = static_cast<std::int64_t>(rows->element_count());
  const spp_execution execution = libspp::with_threads(threads);
  const spp_status status = spp_pool(described.pooling, &batch, &output, &execution);
  return status == SPP_OK ? ffi::Error::Success() : refusal(spp_last_error());
}

}  // namespace

// The macro's own definition is hidden by -fvisibility=hidden.
extern "C" __attribute__((visibility("default"))) XLA_FFI_Error *libspp_pool(
    XLA_FFI_CallFrame *frame);
XLA_FFI_DEFINE_HANDLER_SYMBOL(libspp_pool, pool,
                              ffi::Ffi::Bind()
                                  .Arg<ffi::AnyBuffer>()
                                  .Ret<ffi::AnyBuffer>()
                                  .Attr<ffi::Span<const std::int32_t>>("description")
                                  .Attr<std::int32_t>("threads"));
