#include "dlpack.hpp"

#include <dlpack/dlpack.h>

#include <array>
#include <cinttypes>

#include "element.hpp"
#include "status.hpp"

namespace spp {
namespace {

// Which dimension of a tensor is which axis of the maps; -1: a tensor of one map has no such one.
struct Axes {
  int image;
  int row;
  int column;
  int channel;
};

Axes axes_of(std::int32_t layout, int dimensions) {
  const int first = dimensions - 3;
  if (layout == SPP_LAYOUT_NCHW) return {first - 1, first + 1, first + 2, first};
  return {first - 1, first, first + 1, first + 2};
}

std::uint8_t code_of(NumberKind kind) {
  switch (kind) {
    case NumberKind::ieee_float:
      return kDLFloat;
    case NumberKind::bfloat:
      return kDLBfloat;
    case NumberKind::signed_integer:
      return kDLInt;
    default:
      return kDLUInt;
  }
}

spp_status check_type(const Pooling &pooling, DLDataType type) {
  const ElementType &element = *pooling.element;
  if (type.code == code_of(element.kind) && type.bits == 8 * element.size && type.lanes == 1)
    return SPP_OK;
  return fail(
      SPP_ERROR_INVALID_ARGUMENT,
      "tensor->dtype is {code %d, bits %d, lanes %d}, but the element type is %s: {code %d, "
      "bits %d, lanes 1}",
      type.code, type.bits, type.lanes, element.name, code_of(element.kind),
      static_cast<int>(8 * element.size));
}

// Memory that this processor reads as its own.
spp_status check_device(DLDevice device) {
  if (device.device_type == kDLCPU || device.device_type == kDLCUDAHost ||
      device.device_type == kDLROCMHost)
    return SPP_OK;
  return fail(SPP_ERROR_UNSUPPORTED,
              "tensor->device.device_type is %d; only memory of the CPU is read: kDLCPU (%d), "
              "kDLCUDAHost (%d), kDLROCMHost (%d)",
              static_cast<int>(device.device_type), static_cast<int>(kDLCPU),
              static_cast<int>(kDLCUDAHost), static_cast<int>(kDLROCMHost));
}

spp_status check_dimensions(const DLTensor &tensor) {
  if (tensor.ndim != 3 && tensor.ndim != 4)
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "tensor->ndim is %d; it is 4, or 3 for a single map without the axis of images",
                static_cast<int>(tensor.ndim));
  if (tensor.shape == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "tensor->shape is NULL");
  for (int k = 0; k < tensor.ndim; ++k) {
    const bool counts_images = tensor.ndim == 4 && k == 0;
    if (tensor.shape[k] < (counts_images ? 0 : 1))
      return fail(SPP_ERROR_INVALID_ARGUMENT, "tensor->shape[%d] is %" PRId64 "; it is at least %d",
                  k, tensor.shape[k], counts_images ? 0 : 1);
    if (tensor.strides != nullptr && tensor.strides[k] < 0)
      return fail(SPP_ERROR_INVALID_ARGUMENT,
                  "tensor->strides[%d] is %" PRId64 ", which is negative", k, tensor.strides[k]);
  }
  return SPP_OK;
}

spp_status find_data(const DLTensor &tensor, const void *&data) {
  data = nullptr;
  if (tensor.data == nullptr) return SPP_OK;
  std::uintptr_t address = 0;
  if (__builtin_add_overflow(reinterpret_cast<std::uintptr_t>(tensor.data), tensor.byte_offset,
                             &address))
    return fail(SPP_ERROR_OVERFLOW,
                "tensor->byte_offset is %" PRIu64 ", which leaves the address space from %p",
                tensor.byte_offset, tensor.data);
  data = reinterpret_cast<const void *>(address);
  return SPP_OK;
}

}  // namespace

spp_status images_of_tensor(const Pooling &pooling, const void *given, Images &images) {
  if (given == nullptr) return fail(SPP_ERROR_INVALID_ARGUMENT, "tensor is NULL");
  const DLTensor &tensor = *static_cast<const DLTensor *>(given);
  SPP_RETURN_IF_FAILED(check_device(tensor.device));
  SPP_RETURN_IF_FAILED(check_type(pooling, tensor.dtype));
  SPP_RETURN_IF_FAILED(check_dimensions(tensor));
  const Axes axes = axes_of(pooling.layout, tensor.ndim);
  // The stride along an axis of size 1 is never used, and exporters put anything there.
  const auto stride = [&](int axis) {
    return axis < 0 || tensor.shape[axis] == 1 ? 0 : tensor.strides[axis];
  };
  std::array<std::int64_t, 4> strides{};
  if (tensor.strides != nullptr)
    strides = {stride(axes.image), stride(axes.row), stride(axes.column), stride(axes.channel)};

  spp_batch batch{};
  batch.struct_size = sizeof batch;
  SPP_RETURN_IF_FAILED(find_data(tensor, batch.data));
  batch.count = axes.image < 0 ? 1 : tensor.shape[axes.image];
  batch.height = tensor.shape[axes.row];
  batch.width = tensor.shape[axes.column];
  batch.channels = tensor.shape[axes.channel];
  if (tensor.strides != nullptr) batch.strides = strides.data();
  return Images::from_batch(pooling, &batch, images, "tensor->");
}

}  // namespace spp
