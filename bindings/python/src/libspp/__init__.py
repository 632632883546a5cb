"""Spatial pyramid max pooling of CNN feature maps on the CPU.

A map of any height and width becomes a vector of one fixed length::

    import libspp
    rows = libspp.pool(features, levels=(1, 2, 4))   # (N, H, W, C) -> (N, 21 * C)

``libspp.torch``, ``libspp.keras``, ``libspp.jax`` and ``libspp.plot`` are imported when they are asked for.
"""

from __future__ import annotations

import importlib
from typing import Any

from ._core import Pooling, info, permutation
from ._core import version as __version__
from ._description import Bins, Empty, Layout, Levels, Nan, Order, RegionBins, described
from ._regions import pool_regions, project_paper, project_roi_pool, roi_pool

__all__ = [
    "Pooling",
    "__version__",
    "info",
    "permutation",
    "pool",
    "pool_backward",
    "pool_regions",
    "project_paper",
    "project_roi_pool",
    "roi_pool",
]


def __getattr__(name: str) -> Any:
    if name in ("jax", "keras", "plot", "torch"):
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module 'libspp' has no attribute {name!r}")


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
    out: Any = None,
    indices: Any = None,
    threads: int | None = None,
    valid_sizes: Any = None,
) -> Any:
    """Pools feature maps of any size into rows of one fixed length.

    x: a batch (N, H, W, C), one map (H, W, C), or a list of maps of different sizes with the same
        number of channels; with layout="nchw" the channels come before H.  An array of NumPy or of
        any library that speaks DLPack or the buffer protocol, in any strides but negative ones;
        nothing is copied.  float32, float64, float16, bfloat16, int8, uint8, int16, uint16 or int32.
    levels: a number n stands for n x n bins, a pair for rows x columns.
    bins: "rounded", the edges of the Keras layer, or "adaptive", those of AdaptiveMaxPool2d.
    order: "bins_channels" (level, bin row, bin column, channel) or "channels_bins" (level, channel,
        bin row, bin column).
    nan: "propagate" or "ignore".
    empty: what a bin without cells gives: "error" raises ValueError, "lowest" and "zero" fill.
    out: an array for the result, its rows without gaps but possibly apart.
    return_indices: whether to say where each maximum is: y * W + x in its map, or -1 where no cell
        gave it.
    indices: an array for these positions, of int64 or int32; implies return_indices.
    threads: at most this many; None for as many as there are.
    valid_sizes: (N, 2), for a batch that was padded to one size: the height and width of each map.

    Returns (N, bins * C), for one map (bins * C,), of x's type: out, or a new numpy.ndarray.  With
    indices a pair (rows, indices) of equal shapes.
    Raises ValueError, TypeError or MemoryError, and then leaves out as it was.
    """
    pooling = described(levels, bins, layout, order, nan, empty)
    return pooling(
        x,
        out=out,
        return_indices=return_indices,
        indices=indices,
        threads=threads,
        valid_sizes=valid_sizes,
    )


def pool_backward(
    grad: Any,
    indices: Any,
    shape: Any,
    levels: Levels = (1, 2, 4),
    *,
    bins: RegionBins = "rounded",
    layout: Layout = "nhwc",
    order: Order = "bins_channels",
    regions: Any = None,
    out: Any = None,
    threads: int | None = None,
    valid_sizes: Any = None,
) -> Any:
    """The gradient of the maps from that of the rows.

    grad: (N, bins * C), for one map (bins * C,), of a floating-point type.
    indices: what pool(..., return_indices=True) gave with the same levels, layout and order; or
        pool_regions, with its regions as regions, and then grad is (R, bins * C).
    shape: that of pool's x, (N, H, W, C) or (H, W, C) in the layout's order; for a list of maps the
        list of their shapes.
    out: an array of that shape, in any strides but negative ones, or a list of them.

    What each number of grad has is added to the element where its maximum was; all other elements
    are zero.  Returns out, or new arrays of NumPy.
    """
    pooling = described(levels, bins, layout, order, "propagate", "error")
    return pooling.backward(
        grad,
        indices,
        shape,
        regions=regions,
        out=out,
        threads=threads,
        valid_sizes=valid_sizes,
    )
