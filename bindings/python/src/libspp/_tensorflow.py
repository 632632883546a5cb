"""TensorFlow's part of libspp.keras: operators, or NumPy called from the graph."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import tensorflow as tf

from . import _shims
from ._core import Pooling
from ._description import parsed


@functools.cache
def operators() -> Any:
    """The compiled operators; None on a machine without a C++ compiler."""
    flags = tf.sysconfig.get_compile_flags() + tf.sysconfig.get_link_flags()
    shim = _shims.compiled("tensorflow", tf.__version__, flags)
    if shim is None:
        return None
    library = tf.load_op_library(str(shim))

    # By the operator's name, so that graphs that were saved have their gradient too.  The forward
    # operator is the one for inference: training finds the maxima again.
    @tf.RegisterGradient("LibsppPool")
    def gradient(operator: Any, grad: tf.Tensor) -> tf.Tensor:
        (x,) = operator.inputs
        description = operator.get_attr("description")
        _, indices = library.libspp_pool_argmax(x=x, description=description)
        shape = tf.shape(x, out_type=tf.int64)
        return library.libspp_pool_backward(
            grad=grad, indices=indices, shape=shape, description=description
        )

    return library


def pool(x: tf.Tensor, description: str) -> tf.Tensor:
    pooling = parsed(description)
    if operators() is not None:
        return operators().libspp_pool(x=x, description=list(pooling.numbers))
    return _pool_outside(x, pooling)


def _pool_outside(x: tf.Tensor, pooling: Pooling) -> tf.Tensor:
    def backward(grad: np.ndarray, maps: np.ndarray) -> np.ndarray:
        _, indices = pooling(maps, return_indices=True)
        return pooling.backward(grad, indices, maps.shape)

    @tf.custom_gradient
    def function(x: tf.Tensor) -> tuple[tf.Tensor, Any]:
        # The names are for the message of XLA, which takes neither.
        rows = tf.numpy_function(
            pooling, [x], x.dtype, stateful=False, name="libspp_pool_without_xla"
        )
        channels = x.shape[1 if pooling.layout == "nchw" else 3]
        rows.set_shape((x.shape[0], pooling.output_length(channels)))

        def gradient(grad: tf.Tensor) -> tf.Tensor:
            x_grad = tf.numpy_function(
                backward, [grad, x], x.dtype, stateful=False, name="libspp_backward_without_xla"
            )
            x_grad.set_shape(x.shape)
            return x_grad

        return rows, gradient

    return function(x)
