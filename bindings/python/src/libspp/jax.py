"""JAX: spatial pyramid max pooling under jit, vmap and grad.

The call goes through XLA's foreign function interface.  The few lines of C++ that this needs are
compiled when pool() is first used; on a machine without a C++ compiler the call goes through
jax.pure_callback instead, which is slower and gives the same bits.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
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
    for name in ("libspp_pool", "libspp_pool_argmax", "libspp_pool_backward"):
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
    return_indices: bool = False,
    threads: int | None = None,
) -> Any:
    """Pools feature maps of any size into rows of one fixed length.

    x: (N, H, W, C), or one map (H, W, C); with layout="nchw" the channels come before H.

    The arguments are those of libspp.pool.  Returns (N, bins * C), for one map (bins * C,); with
    return_indices a pair of it and the positions as int32.  The gradient flows to where each maximum
    was found first.
    """
    description = text(levels, bins, layout, order, nan, empty)
    return pool_described(x, description, threads, return_indices)


def pool_described(
    x: Any, description: str, threads: int | None = None, return_indices: bool = False
) -> Any:
    """pool() with its rules as one word."""
    x = jax.numpy.asarray(x)
    if x.ndim not in (3, 4):
        raise ValueError(f"x has {x.ndim} dimensions; a batch has 4, one map 3")
    function = _pool_argmax if return_indices else _pool
    return function(x, description, threads or 0)


def _call(
    name: str, outside: Callable[..., Any], results: Any, how: tuple[str, int], *arguments: Any
) -> Any:
    """A handler of the shim, or without one the same through Python."""
    description, threads = how
    pooling = parsed(description)
    if has_foreign_function():
        call = jax.ffi.ffi_call(name, results, vmap_method="broadcast_all")
        numbers = np.array(pooling.numbers, np.int32)
        return call(*arguments, description=numbers, threads=np.int32(threads))
    return jax.pure_callback(
        functools.partial(outside, pooling, threads),
        results,
        *arguments,
        vmap_method="broadcast_all",
    )


def _rows_of(x: Any, description: str, dtype: Any) -> jax.ShapeDtypeStruct:
    pooling = parsed(description)
    length = pooling.output_length(x.shape[-3 if pooling.layout == "nchw" else -1])
    return jax.ShapeDtypeStruct((*x.shape[:-3], length), dtype)


def _batch(maps: Any) -> np.ndarray:
    maps = np.asarray(maps)
    return maps.reshape(-1, *maps.shape[-3:])


# ---------------------------------------------------------------------------------------- forward


def _forward_outside(pooling: _core.Pooling, threads: int, maps: Any) -> np.ndarray:
    return pooling(_batch(maps), threads=threads).reshape(*maps.shape[:-3], -1)


def _argmax_outside(
    pooling: _core.Pooling, threads: int, maps: Any
) -> tuple[np.ndarray, np.ndarray]:
    rows, indices = pooling(_batch(maps), return_indices=True, threads=threads)
    shape = (*maps.shape[:-3], -1)
    return rows.reshape(shape), indices.astype(np.int32).reshape(shape)


@functools.partial(jax.custom_vjp, nondiff_argnums=(1, 2))
@functools.partial(jax.jit, static_argnums=(1, 2))
def _pool(x: jax.Array, description: str, threads: int) -> jax.Array:
    rows = _rows_of(x, description, x.dtype)
    return _call("libspp_pool", _forward_outside, rows, (description, threads), x)


@functools.partial(jax.custom_vjp, nondiff_argnums=(1, 2))
@functools.partial(jax.jit, static_argnums=(1, 2))
def _pool_argmax(x: jax.Array, description: str, threads: int) -> tuple[jax.Array, jax.Array]:
    results = (_rows_of(x, description, x.dtype), _rows_of(x, description, np.int32))
    return _call("libspp_pool_argmax", _argmax_outside, results, (description, threads), x)


# --------------------------------------------------------------------------------------- gradient


def _backward_outside(
    shape: tuple[int, ...], pooling: _core.Pooling, threads: int, grad: Any, indices: Any
) -> np.ndarray:
    rows, positions = (np.asarray(part).reshape(-1, part.shape[-1]) for part in (grad, indices))
    map_shape = shape[-3:]
    maps = pooling.backward(rows, positions, (len(rows), *map_shape), threads=threads)
    return maps.reshape(*grad.shape[:-1], *map_shape)


@functools.partial(jax.jit, static_argnums=(2, 3, 4))
def _pool_backward(
    grad: jax.Array, indices: jax.Array, shape: tuple[int, ...], description: str, threads: int
) -> jax.Array:
    result = jax.ShapeDtypeStruct(shape, grad.dtype)
    outside = functools.partial(_backward_outside, shape)
    how = (description, threads)
    return _call("libspp_pool_backward", outside, result, how, grad, indices)


def _argmax_fwd(x: jax.Array, description: str, threads: int) -> tuple[Any, Any]:
    rows, indices = _pool_argmax(x, description, threads)
    # What is kept are arrays; one without elements carries the shape.
    return (rows, indices), (indices, jax.numpy.empty((*x.shape, 0), bool))


def _argmax_bwd(description: str, threads: int, kept: Any, grads: Any) -> tuple[jax.Array]:
    indices, shape = kept
    return (_pool_backward(grads[0], indices, shape.shape[:-1], description, threads),)


def _pool_fwd(x: jax.Array, description: str, threads: int) -> tuple[Any, Any]:
    (rows, _), kept = _argmax_fwd(x, description, threads)
    return rows, kept


def _pool_bwd(description: str, threads: int, kept: Any, grad: Any) -> tuple[jax.Array]:
    return _argmax_bwd(description, threads, kept, (grad, None))


_pool.defvjp(_pool_fwd, _pool_bwd)
_pool_argmax.defvjp(_argmax_fwd, _argmax_bwd)
