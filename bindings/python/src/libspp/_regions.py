"""Regions: windows of maps, and the boxes of images that they come from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import _core
from ._description import Empty, Layout, Levels, Nan, Order, RegionBins, described


def pool_regions(
    x: Any,
    regions: Any,
    levels: Levels = (1, 2, 3, 6),
    *,
    bins: RegionBins = "rounded",
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
    """Pools windows of feature maps, each as if it were a map of its own.

    x: maps as for libspp.pool: (N, H, W, C), one map (H, W, C), or a list of maps.
    regions: (R, 5) whole numbers: image, y, x, height and width of each window, in cells of map
        `image`.  project_paper and project_roi_pool make them of boxes in pixels.
    bins: "rounded", "adaptive", or "roi": that of torchvision's roi_pool, under which windows may
        leave their map and a bin without cells is 0.

    The other arguments are those of libspp.pool.  Work that windows share is done once.

    Returns (R, bins * C) of x's type: out, or a new numpy.ndarray.  With indices a pair (rows,
    indices) of equal shapes; a position is y * W + x in the whole map.
    Raises ValueError, TypeError or MemoryError, and then leaves out as it was.
    """
    pooling = described(levels, bins, layout, order, nan, empty)
    return pooling.regions(
        x,
        regions,
        out=out,
        return_indices=return_indices,
        indices=indices,
        threads=threads,
        valid_sizes=valid_sizes,
    )


def roi_pool(
    x: Any,
    boxes: Any,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    *,
    layout: Layout = "nhwc",
    nan: Nan = "propagate",
    out: np.ndarray | None = None,
    threads: int | None = None,
) -> np.ndarray:
    """Pools boxes of images into grids of one size: the values of torchvision.ops.roi_pool.

    x: maps as for libspp.pool: (N, H, W, C), one map (H, W, C), or a list of maps.
    boxes: (R, 5) numbers: image, x1, y1, x2 and y2 of each box, in pixels of the image; or a list
        with the boxes (L, 4) of each map.  They may leave the image.
    output_size: the bins of each box, n for n x n or a pair (rows, columns).
    spatial_scale: cells per pixel.
    out: an array for the result, without gaps within the grid of a box.

    Returns (R, rows, columns, C), with layout="nchw" (R, C, rows, columns), of x's type: out, or a
    new numpy.ndarray.  A bin without cells is 0.
    """
    order: Order = "bins_channels" if layout == "nhwc" else "channels_bins"
    pooling = described((output_size,), "roi", layout, order, nan, "zero")
    regions = project_roi_pool(boxes, spatial_scale)
    ((rows, columns),) = pooling.levels
    nhwc = layout == "nhwc"
    if out is None:
        grids = pooling.regions(x, regions, threads=threads)
        channels = grids.shape[1] // (rows * columns)
        grid = (rows, columns, channels) if nhwc else (channels, rows, columns)
        return grids.reshape(len(regions), *grid)
    needed = (len(regions), rows, columns, None) if nhwc else (len(regions), None, rows, columns)
    pooling.regions(x, regions, out=_rows(out, needed), threads=threads)
    return out


def _rows(out: np.ndarray, needed: tuple[int | None, ...]) -> np.ndarray:
    """The grids of the caller's array as rows; the library checks the size that is None."""
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out is {type(out)}, not a numpy.ndarray")
    if out.ndim != 4 or any(k not in (None, n) for k, n in zip(needed, out.shape, strict=True)):
        sizes = ", ".join("C" if n is None else str(n) for n in needed)
        raise ValueError(f"out has the shape {out.shape}, it needs ({sizes})")
    if not out[:1].flags.c_contiguous:
        raise ValueError("out has gaps within the grid of a box: its elements lie side by side")
    return np.lib.stride_tricks.as_strided(
        out,
        (out.shape[0], math.prod(out.shape[1:])),
        (out.strides[0], out.itemsize),
        writeable=out.flags.writeable,
    )


def project_paper(boxes: Any, stride: float, height: int, width: int) -> np.ndarray:
    """The windows of boxes on a map of height x width cells, as the SPP-net paper projects them.

    boxes: (R, 5) numbers: image, x1, y1, x2 and y2 of each box, in pixels of the image; or a list
        with the boxes (L, 4) of each map.
    stride: pixels from cell to cell.

    Along an axis: first = floor(x1 / stride) + 1 and last = ceil(x2 / stride) - 1, both moved into
    the map; where last < first, both become the cell between them.

    Returns regions, (R, 5) of int64: image, y, x, height and width.
    """
    return _core.project_paper(_table(boxes), stride, height, width)


def project_roi_pool(boxes: Any, spatial_scale: float = 1.0) -> np.ndarray:
    """The windows of boxes as Fast R-CNN and torchvision.ops.roi_pool project them.

    boxes: (R, 5) numbers: image, x1, y1, x2 and y2 of each box, in pixels of the image; or a list
        with the boxes (L, 4) of each map.
    spatial_scale: cells per pixel.

    Along an axis: from round(x1 * spatial_scale) to round(x2 * spatial_scale), both included and
    halves away from zero; at least one cell, whether in the map or not.

    Returns regions, (R, 5) of int64: image, y, x, height and width; for bins="roi".
    """
    return _core.project_roi_pool(_table(boxes), spatial_scale)


def _table(boxes: Any) -> Any:
    """Boxes (R, 5) of a list with the boxes (L, 4) of each map."""
    if not isinstance(boxes, (list, tuple)) or (boxes and np.ndim(boxes[0]) < 2):
        return boxes
    tables = [np.empty((0, 5))]
    for image, given in enumerate(boxes):
        part = np.asarray(given)
        if part.ndim != 2 or part.shape[1] != 4:
            raise ValueError(
                f"boxes[{image}] has the shape {part.shape}; a list of boxes has one array (L, 4) "
                "of x1, y1, x2 and y2 for each map"
            )
        # Of float64 before they meet: the boxes' own type need not hold the number of an image.
        tables.append(np.column_stack([np.full(len(part), float(image)), part]))
    return np.concatenate(tables)
