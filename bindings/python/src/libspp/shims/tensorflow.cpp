// TensorFlow operators; libspp._tensorflow compiles this file when it is first used.
#include <cstdint>
#include <string>
#include <vector>

#include "handles.hpp"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"
#include "tensorflow/core/framework/tensor_util.h"

namespace tf = tensorflow;

namespace {

// Numbers of a description, as TensorFlow holds them.
class Description {
 public:
  template <typename Context>
  tf::Status read(Context *context) {
    TF_RETURN_IF_ERROR(context->GetAttr("description", &numbers_));
    if (numbers_.size() >= libspp::rule_count + 2) return tf::OkStatus();
    return tf::errors::InvalidArgument("description has ", numbers_.size(),
                                       " numbers; there are 5 of rules and 2 of each level");
  }

  std::int32_t layout() const { return numbers_[2]; }
  const std::int32_t *numbers() const { return numbers_.data(); }
  std::size_t size() const { return numbers_.size(); }

  std::int64_t bins() const {
    std::int64_t bins = 0;
    for (std::size_t k = libspp::rule_count; k + 1 < numbers_.size(); k += 2) {
      bins += std::int64_t{numbers_[k]} * numbers_[k + 1];
    }
    return bins;
  }

  int channel_axis() const { return layout() == SPP_LAYOUT_NCHW ? 1 : 3; }

 private:
  std::vector<std::int32_t> numbers_;
};

std::int32_t element_type(tf::DataType type) {
  switch (type) {
    case tf::DT_FLOAT:
      return SPP_F32;
    case tf::DT_DOUBLE:
      return SPP_F64;
    case tf::DT_HALF:
      return SPP_F16;
    case tf::DT_BFLOAT16:
      return SPP_BF16;
    case tf::DT_INT8:
      return SPP_I8;
    case tf::DT_UINT8:
      return SPP_U8;
    case tf::DT_INT16:
      return SPP_I16;
    case tf::DT_UINT16:
      return SPP_U16;
    default:
      return SPP_I32;
  }
}

tf::Status rows_shape(tf::shape_inference::InferenceContext *context) {
  Description description;
  TF_RETURN_IF_ERROR(description.read(context));
  tf::shape_inference::ShapeHandle x;
  TF_RETURN_IF_ERROR(context->WithRank(context->input(0), 4, &x));
  tf::shape_inference::DimensionHandle length;
  TF_RETURN_IF_ERROR(
      context->Multiply(context->Dim(x, description.channel_axis()), description.bins(), &length));
  for (int k = 0; k < context->num_outputs(); ++k) {
    context->set_output(k, context->Matrix(context->Dim(x, 0), length));
  }
  return tf::OkStatus();
}

tf::Status maps_shape(tf::shape_inference::InferenceContext *context) {
  tf::shape_inference::ShapeHandle shape;
  TF_RETURN_IF_ERROR(context->MakeShapeFromShapeTensor(2, &shape));
  context->set_output(0, shape);
  return tf::OkStatus();
}

class Operator : public tf::OpKernel {
 public:
  explicit Operator(tf::OpKernelConstruction *context) : OpKernel(context) {
    OP_REQUIRES_OK(context, description_.read(context));
    tf::DataType type;
    OP_REQUIRES_OK(context, context->GetAttr("T", &type));
    const libspp::Described &described =
        libspp::described(description_.numbers(), description_.size(), element_type(type));
    pooling_ = described.pooling;
    OP_REQUIRES(context, pooling_ != nullptr, tf::errors::InvalidArgument(described.sentence));
  }

 protected:
  spp_batch batch_of(const void *data, const tf::TensorShape &shape) const {
    const std::int64_t sizes[] = {shape.dim_size(1), shape.dim_size(2), shape.dim_size(3)};
    return libspp::dense_batch(data, shape.dim_size(0), sizes, description_.layout());
  }

  // In a graph without shapes nothing before the call has looked at those of x.
  tf::Status rows_of(const tf::TensorShape &shape, tf::TensorShape *rows) const {
    if (shape.dims() != 4) {
      return tf::errors::InvalidArgument("x has ", shape.dims(), " dimensions, not 4");
    }
    std::int64_t length = 0;
    const std::int64_t channels = shape.dim_size(description_.channel_axis());
    if (spp_pooling_output_length(pooling_, channels, &length) != SPP_OK) {
      return tf::errors::InvalidArgument(spp_last_error());
    }
    const std::int64_t sizes[] = {shape.dim_size(0), length};
    return tf::TensorShape::BuildTensorShape(sizes, rows);
  }

  static spp_output output_of(tf::Tensor *rows) {
    spp_output output = {};
    output.struct_size = sizeof output;
    output.data = rows->data();
    output.capacity = rows->NumElements();
    return output;
  }

  static spp_argmax argmax_of(const tf::Tensor &indices) {
    spp_argmax argmax = {};
    argmax.struct_size = sizeof argmax;
    argmax.data = indices.data();
    argmax.capacity = indices.NumElements();
    return argmax;
  }

  const spp_pooling *pooling_ = nullptr;
  Description description_;
};

class Pool : public Operator {
 public:
  using Operator::Operator;

  void Compute(tf::OpKernelContext *context) override {
    const tf::Tensor &x = context->input(0);
    tf::TensorShape shape;
    OP_REQUIRES_OK(context, rows_of(x.shape(), &shape));
    tf::Tensor *rows = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, shape, &rows));
    const spp_batch batch = batch_of(x.data(), x.shape());
    const spp_output output = output_of(rows);
    const spp_status status = spp_pool(pooling_, &batch, &output, nullptr);
    OP_REQUIRES(context, status == SPP_OK, tf::errors::InvalidArgument(spp_last_error()));
  }
};

class PoolArgmax : public Operator {
 public:
  using Operator::Operator;

  void Compute(tf::OpKernelContext *context) override {
    const tf::Tensor &x = context->input(0);
    tf::TensorShape shape;
    OP_REQUIRES_OK(context, rows_of(x.shape(), &shape));
    tf::Tensor *rows = nullptr;
    tf::Tensor *indices = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, shape, &rows));
    OP_REQUIRES_OK(context, context->allocate_output(1, shape, &indices));
    const spp_batch batch = batch_of(x.data(), x.shape());
    const spp_output output = output_of(rows);
    const spp_argmax argmax = argmax_of(*indices);
    const spp_status status = spp_pool_argmax(pooling_, &batch, &output, &argmax, nullptr);
    OP_REQUIRES(context, status == SPP_OK, tf::errors::InvalidArgument(spp_last_error()));
  }
};

class PoolBackward : public Operator {
 public:
  using Operator::Operator;

  void Compute(tf::OpKernelContext *context) override {
    const tf::Tensor &grad = context->input(0);
    tf::TensorShape shape;
    OP_REQUIRES_OK(context, tf::tensor::MakeShape(context->input(2), &shape));
    OP_REQUIRES(context, shape.dims() == 4,
                tf::errors::InvalidArgument("shape has ", shape.dims(), " sizes, not 4"));
    tf::Tensor *maps = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, shape, &maps));
    const spp_batch batch = batch_of(nullptr, shape);
    spp_gradient gradient = {};
    gradient.struct_size = sizeof gradient;
    gradient.data = grad.data();
    gradient.capacity = grad.NumElements();
    const spp_argmax argmax = argmax_of(context->input(1));
    const spp_status status =
        spp_backward(pooling_, &gradient, &argmax, &batch, maps->data(), nullptr);
    OP_REQUIRES(context, status == SPP_OK, tf::errors::InvalidArgument(spp_last_error()));
  }
};

// XLA looks here for what an operator compiles to; without this it gives a page of other reasons.
class NotForXla : public tf::OpKernel {
 public:
  using tf::OpKernel::OpKernel;

  void Compute(tf::OpKernelContext *context) override {
    context->CtxFailure(tf::errors::Unimplemented(
        "libspp: XLA cannot compile spatial pyramid pooling on TensorFlow; use jit_compile=False"));
  }
};

}  // namespace

#define LIBSPP_TYPES "T: {float, double, half, bfloat16, int8, uint8, int16, uint16, int32}"

REGISTER_OP("LibsppPool")
    .Input("x: T")
    .Output("rows: T")
    .Attr(LIBSPP_TYPES)
    .Attr("description: list(int)")
    .SetShapeFn(rows_shape);
REGISTER_OP("LibsppPoolArgmax")
    .Input("x: T")
    .Output("rows: T")
    .Output("indices: int64")
    .Attr(LIBSPP_TYPES)
    .Attr("description: list(int)")
    .SetShapeFn(rows_shape);
REGISTER_OP("LibsppPoolBackward")
    .Input("grad: T")
    .Input("indices: int64")
    .Input("shape: int64")
    .Output("x_grad: T")
    .Attr("T: {float, double, half, bfloat16}")
    .Attr("description: list(int)")
    .SetShapeFn(maps_shape);

REGISTER_KERNEL_BUILDER(Name("LibsppPool").Device(tf::DEVICE_CPU), Pool);
REGISTER_KERNEL_BUILDER(Name("LibsppPoolArgmax").Device(tf::DEVICE_CPU), PoolArgmax);
REGISTER_KERNEL_BUILDER(Name("LibsppPoolBackward").Device(tf::DEVICE_CPU), PoolBackward);
REGISTER_KERNEL_BUILDER(Name("LibsppPool").Device("XLA_CPU_JIT"), NotForXla);
REGISTER_KERNEL_BUILDER(Name("LibsppPoolArgmax").Device("XLA_CPU_JIT"), NotForXla);
REGISTER_KERNEL_BUILDER(Name("LibsppPoolBackward").Device("XLA_CPU_JIT"), NotForXla);
