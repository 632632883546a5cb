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

spp_output output_of(ffi::AnyBuffer &rows) {
  spp_output output = {};
  output.struct_size = sizeof output;
  output.data = rows.untyped_data();
  output.capacity = static_cast<std::int64_t>(rows.element_count());
  return output;
}

spp_argmax argmax_of(const ffi::AnyBuffer &indices) {
  spp_argmax argmax = {};
  argmax.struct_size = sizeof argmax;
  argmax.data = indices.untyped_data();
  argmax.capacity = static_cast<std::int64_t>(indices.element_count());
  argmax.index_type = SPP_INDEX_I32;
  return argmax;
}

ffi::Error finished(spp_status status) {
  return status == SPP_OK ? ffi::Error::Success() : refusal(spp_last_error());
}

using Description = ffi::Span<const std::int32_t>;

const libspp::Described &described(Description description, const ffi::AnyBuffer &x) {
  return libspp::described(description.begin(), description.size(), element_type(x.element_type()));
}

ffi::Error pool(ffi::AnyBuffer x, ffi::Result<ffi::AnyBuffer> rows, Description description,
                std::int32_t threads) {
  const libspp::Described &how = described(description, x);
  if (how.pooling == nullptr) return refusal(how.sentence);
  const spp_batch batch = batch_of(x.untyped_data(), x.dimensions(), description[2]);
  const spp_output output = output_of(*rows);
  const spp_execution execution = libspp::with_threads(threads);
  return finished(spp_pool(how.pooling, &batch, &output, &execution));
}

ffi::Error pool_argmax(ffi::AnyBuffer x, ffi::Result<ffi::AnyBuffer> rows,
                       ffi::Result<ffi::AnyBuffer> indices, Description description,
                       std::int32_t threads) {
  const libspp::Described &how = described(description, x);
  if (how.pooling == nullptr) return refusal(how.sentence);
  const spp_batch batch = batch_of(x.untyped_data(), x.dimensions(), description[2]);
  const spp_output output = output_of(*rows);
  const spp_argmax argmax = argmax_of(*indices);
  const spp_execution execution = libspp::with_threads(threads);
  return finished(spp_pool_argmax(how.pooling, &batch, &output, &argmax, &execution));
}

ffi::Error pool_backward(ffi::AnyBuffer grad, ffi::AnyBuffer indices,
                         ffi::Result<ffi::AnyBuffer> x_grad, Description description,
                         std::int32_t threads) {
  const libspp::Described &how = described(description, grad);
  if (how.pooling == nullptr) return refusal(how.sentence);
  const spp_batch batch = batch_of(nullptr, x_grad->dimensions(), description[2]);
  spp_gradient gradient = {};
  gradient.struct_size = sizeof gradient;
  gradient.data = grad.untyped_data();
  gradient.capacity = static_cast<std::int64_t>(grad.element_count());
  const spp_argmax argmax = argmax_of(indices);
  const spp_execution execution = libspp::with_threads(threads);
  return finished(
      spp_backward(how.pooling, &gradient, &argmax, &batch, x_grad->untyped_data(), &execution));
}

}  // namespace

// The macro's own definitions are hidden by -fvisibility=hidden.
#define LIBSPP_HANDLER(name, function, binding)                                               \
  extern "C" __attribute__((visibility("default"))) XLA_FFI_Error *name(XLA_FFI_CallFrame *); \
  XLA_FFI_DEFINE_HANDLER_SYMBOL(                                                              \
      name, function,                                                                         \
      ffi::Ffi::Bind() binding.Attr<Description>("description").Attr<std::int32_t>("threads"))

LIBSPP_HANDLER(libspp_pool, pool, .Arg<ffi::AnyBuffer>().Ret<ffi::AnyBuffer>());
LIBSPP_HANDLER(libspp_pool_argmax, pool_argmax,
               .Arg<ffi::AnyBuffer>().Ret<ffi::AnyBuffer>().Ret<ffi::AnyBuffer>());
LIBSPP_HANDLER(libspp_pool_backward, pool_backward,
               .Arg<ffi::AnyBuffer>().Arg<ffi::AnyBuffer>().Ret<ffi::AnyBuffer>());
