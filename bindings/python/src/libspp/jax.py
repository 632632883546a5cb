"""JAX: spatial pyramid max pooling under jit and vmap.

The call goes through XLA's foreign function interface.  The few lines of C++ that this needs are
compiled when pool() is first used; on a machine without a C++ compiler the call goes through
jax.pure_callback instead, which is slower and gives the same bits.
"""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import numpy as np

from . import _core, _shims
from ._description import Bins, Empty, Layout, Levels, Nan, Order, missing, parsed, text

try:
    import jax
    import jaxlib
except ModuleNotFoundError as error:
    raise missing("libspp.jax", "jax") from error

__all__ = ["has_foreign_function", "pool"]


@functools.cache
def has_foreign_function() -> bool:
    """Whether calls go through XLA's interface; the first question compiles what that needs."""
    shim = _shims.compiled("jax", jaxlib.__version__, [f"-I{jax.ffi.include_dir()}"])
    if shim is None:
        return False
    library = ctypes.CDLL(str(shim))
    for name in ("libspp_pool",):
        target = jax.ffi.pycapsule(getattr(library, name))
        jax.ffi.register_ffi_target(name, target, platform="cpu")
    return True


def pool(
    x: Any,
    levels: Levels = (1, 2, 4),
    *,
    bins: Bins = "rounded",
    layout: Layout = "nhwc",
    order: Order = "bins_channels",
    nan: Nan = "propagate",
    empty: Empty = "error",
    threads: int | None = None,
) -> jax.Array:
    """Pools feature maps of any size into rows of one fixed length.

    x: (N, H, W, C), or one map (H, W, C); with layout="nchw" the channels come before H.

    The arguments are those of libspp.pool.  Returns (N, bins * C), for one map (bins * C,).
    """
    return pool_described(x, text(levels, bins, layout, order, nan, empty), threads)


def pool_described(x: Any, description: str, threads: int | None = None) -> jax.Array:
    """pool() with its rules as one word."""
    x = jax.numpy.asarray(x)
    if x.ndim not in (3, 4):
        raise ValueError(f"x has {x.ndim} dimensions; a batch has 4, one map 3")
    return _pool(x, description, threads or 0)


def _rows_of(x: Any, pooling: _core.Pooling) -> jax.ShapeDtypeStruct:
    length = pooling.output_length(x.shape[-3 if pooling.layout == "nchw" else -1])
    return jax.ShapeDtypeStruct((*x.shape[:-3], length), x.dtype)


@functools.partial(jax.jit, static_argnums=(1, 2))
def _pool(x: jax.Array, description: str, threads: int) -> jax.Array:
    pooling = parsed(description)
    rows = _rows_of(x, pooling)
    if has_foreign_function():
        call = jax.ffi.ffi_call("libspp_pool", rows, vmap_method="broadcast_all")
        numbers = np.array(pooling.numbers, np.int32)
        return call(x, description=numbers, threads=np.int32(threads))
    return jax.pure_callback(
        lambda maps: _pool_outside(pooling, threads, maps), rows, x, vmap_method="broadcast_all"
    )


def _pool_outside(pooling: _core.Pooling, threads: int, maps: Any) -> np.ndarray:
    maps = np.asarray(maps)
    rows = pooling(maps.reshape(-1, *maps.shape[-3:]), threads=threads)
    return rows.reshape(*maps.shape[:-3], -1)
