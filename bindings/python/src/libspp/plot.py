"""Pictures: where the bins of a map or of its regions lie, and where their maxima were found."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._core import Pooling
from ._description import Bins, Layout, Levels, Nan, RegionBins, described, missing

try:
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle
except ModuleNotFoundError as error:
    raise missing("libspp.plot", "matplotlib") from error

__all__ = ["pyramid", "regions"]

_COLORS = ("tab:orange", "tab:cyan", "tab:pink", "tab:green", "tab:red", "tab:olive")


def pyramid(
    x: Any,
    levels: Levels = (1, 2, 4),
    *,
    bins: Bins = "rounded",
    layout: Layout = "nhwc",
    nan: Nan = "propagate",
    channel: int | None = None,
    photograph: Any = None,
    axes: Any = None,
) -> Any:
    """Draws one map with the grid of each level and each bin's strongest cell.

    x: one map, (H, W, C), or (C, H, W) with layout="nchw".
    channel: the channel that is shown; None for the strongest of all channels in each cell.
    photograph: the image (rows, columns, 3) that the map was made from, drawn in its place.
    axes: matplotlib's axes, one for each level; None for a new figure.

    Returns the axes as an array, one for each level.
    """
    shown = _shown(x, layout, channel)
    height, width = shown.shape[:2]
    if axes is None:
        size = (3.2 * len(levels), 3.2 * _steepness(shown) + 0.4)
        _, axes = plt.subplots(1, len(levels), figsize=size, squeeze=False, layout="constrained")
    axes = np.asarray(axes).reshape(-1)
    if len(axes) != len(levels):
        raise ValueError(f"axes are {len(axes)}; there are {len(levels)} levels")
    for level, place in zip(levels, axes, strict=True):
        pooling = described((level,), bins, "nhwc", "bins_channels", nan, "lowest")
        _draw_map(place, shown, photograph)
        _draw_bins(place, pooling.rectangles(height, width), "tab:orange")
        _, indices = pooling(shown, return_indices=True)
        _draw_maxima(place, indices, width, "tab:cyan")
        place.set_title(_size(pooling))
        place.set_xlim(-0.1, width + 0.1)
        place.set_ylim(height + 0.1, -0.1)
    return axes


def regions(
    x: Any,
    regions: Any,
    level: int | tuple[int, int] = 2,
    *,
    bins: RegionBins = "rounded",
    layout: Layout = "nhwc",
    nan: Nan = "propagate",
    channel: int | None = None,
    photograph: Any = None,
    axes: Any = None,
) -> Any:
    """Draws one map with windows, the bins of one level in them, and each bin's strongest cell.

    x, channel, photograph: as for pyramid().
    regions: (R, 5) whole numbers as for libspp.pool_regions, all with image 0.
    level: n for n x n bins, or a pair (rows, columns).
    axes: one of matplotlib's axes; None for a new figure.

    Returns the axes.
    """
    shown = _shown(x, layout, channel)
    pooling = described((level,), bins, "nhwc", "bins_channels", nan, "lowest")
    _, indices = pooling.regions(shown, regions, return_indices=True)
    windows = np.asarray(regions).reshape(-1, 5)
    if axes is None:
        _, axes = plt.subplots(figsize=(5.2, 5.2 * _steepness(shown) + 0.4), layout="constrained")
    height, width = shown.shape[:2]
    _draw_map(axes, shown, photograph)
    for k, (_, y, x0, rows, columns) in enumerate(windows):
        color = _COLORS[k % len(_COLORS)]
        axes.add_patch(Rectangle((x0, y), columns, rows, fill=False, color=color, lw=2.5))
        corners = pooling.rectangles(rows, columns) + (y, x0, y, x0)
        _draw_bins(axes, corners.clip(0, (height, width, height, width)), color)
        _draw_maxima(axes, indices[k], width, color)
    axes.set_title(f"{_size(pooling)}, {len(windows)} regions")
    ends = windows[:, 1:3] + windows[:, 3:]
    top, left = windows[:, 1:3].min(0, initial=0)
    bottom, right = np.maximum((height, width), ends.max(0, initial=0))
    axes.set_xlim(left - 0.2, right + 0.2)
    axes.set_ylim(bottom + 0.2, top - 0.2)
    return axes


def _shown(x: Any, layout: Layout, channel: int | None) -> np.ndarray:
    """The map of one channel (H, W, 1) that is drawn."""
    maps = np.asarray(x)
    if maps.ndim != 3:
        raise ValueError(f"x has {maps.ndim} dimensions; a picture is of one map with 3")
    maps = maps if layout == "nhwc" else np.moveaxis(maps, 0, 2)
    shown = maps.max(2, keepdims=True) if channel is None else maps[..., channel, None]
    return np.ascontiguousarray(shown)


def _steepness(shown: np.ndarray) -> float:
    """Height by width, for a figure that is not too high."""
    return min(shown.shape[0] / shown.shape[1], 2)


def _size(pooling: Pooling) -> str:
    ((rows, columns),) = pooling.levels
    return f"{rows} x {columns}"


def _draw_map(axes: Any, shown: np.ndarray, photograph: Any) -> None:
    """A cell is a unit square, its upper left corner at its column and row."""
    height, width = shown.shape[:2]
    background = shown[..., 0].astype(float) if photograph is None else photograph
    axes.imshow(background, extent=(0, width, height, 0), cmap="gray", interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])


def _draw_bins(axes: Any, rectangles: np.ndarray, color: str) -> None:
    for top, left, bottom, right in rectangles:
        if top < bottom and left < right:
            axes.add_patch(
                Rectangle((left, top), right - left, bottom - top, fill=False, color=color, lw=1.5)
            )


def _draw_maxima(axes: Any, indices: np.ndarray, width: int, color: str) -> None:
    rows, columns = np.divmod(indices[indices >= 0], width)
    axes.plot(columns + 0.5, rows + 0.5, "o", color=color, ms=5, mec="black", mew=0.5)
