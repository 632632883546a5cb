"""TensorFlow's part of libspp.keras: an operator, or NumPy called from the graph."""

from __future__ import annotations

import functools
from typing import Any

import tensorflow as tf

from . import _shims
from ._description import parsed


@functools.cache
def operators() -> Any:
    """The compiled operators; None on a machine without a C++ compiler."""
    flags = tf.sysconfig.get_compile_flags() + tf.sysconfig.get_link_flags()
    shim = _shims.compiled("tensorflow", tf.__version__, flags)
    return None if shim is None else tf.load_op_library(str(shim))


def pool(x: tf.Tensor, description: str) -> tf.Tensor:
    pooling = parsed(description)
    if operators() is not None:
        return operators().libspp_pool(x=x, description=list(pooling.numbers))
    rows = tf.numpy_function(pooling, [x], x.dtype, stateful=False, name="libspp_pool_without_xla")
    channels = x.shape[1 if pooling.layout == "nchw" else 3]
    rows.set_shape((x.shape[0], pooling.output_length(channels)))
    return rows
