"""Pictures of pyramids: where the bins of a map lie and where their maxima were found."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._description import Bins, Layout, Levels, Nan, described, missing

try:
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle
except ModuleNotFoundError as error:
    raise missing("libspp.plot", "matplotlib") from error

__all__ = ["pyramid"]


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
    maps = np.asarray(x)
    if maps.ndim != 3:
        raise ValueError(f"x has {maps.ndim} dimensions; a picture is of one map with 3")
    maps = maps if layout == "nhwc" else np.moveaxis(maps, 0, 2)
    shown = maps.max(2, keepdims=True) if channel is None else maps[..., channel, None]
    shown = np.ascontiguousarray(shown)
    if axes is None:
        _, axes = plt.subplots(
            1, len(levels), figsize=(3.2 * len(levels), 3.4), squeeze=False, layout="constrained"
        )
    axes = np.asarray(axes).reshape(-1)
    if len(axes) != len(levels):
        raise ValueError(f"axes are {len(axes)}; there are {len(levels)} levels")
    for level, place in zip(levels, axes, strict=True):
        pooling = described((level,), bins, "nhwc", "bins_channels", nan, "lowest")
        _draw_level(place, pooling, shown, photograph)
    return axes


def _draw_level(axes: Any, pooling: Any, shown: np.ndarray, photograph: Any) -> None:
    height, width = shown.shape[:2]
    # A cell is a unit square, its upper left corner at its column and row.
    background = shown[..., 0].astype(float) if photograph is None else photograph
    axes.imshow(background, extent=(0, width, height, 0), cmap="gray", interpolation="nearest")
    for top, left, bottom, right in pooling.rectangles(height, width):
        if top < bottom and left < right:
            axes.add_patch(
                Rectangle(
                    (left, top), right - left, bottom - top, fill=False, color="tab:orange", lw=1.5
                )
            )
    _, indices = pooling(shown, return_indices=True)
    rows, columns = np.divmod(indices[indices >= 0], width)
    axes.plot(columns + 0.5, rows + 0.5, "o", color="tab:cyan", ms=5, mec="black", mew=0.5)
    ((level_rows, level_columns),) = pooling.levels
    axes.set_title(f"{level_rows} x {level_columns}")
    axes.set_xlim(-0.1, width + 0.1)
    axes.set_ylim(height + 0.1, -0.1)
    axes.set_xticks([])
    axes.set_yticks([])
