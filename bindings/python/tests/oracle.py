"""docs/values.md in plain NumPy: shares no code with the library."""

from __future__ import annotations

import itertools
import math
from typing import Any

import ml_dtypes
import numpy as np

TYPES = [
    np.dtype(name)
    for name in (
        *("float32", "float64", "float16", ml_dtypes.bfloat16),
        *("int8", "uint8", "int16", "uint16", "int32"),
    )
]
NAN_BITS = {"float32": 0x7FC00000, "float64": 0x7FF8 << 48, "float16": 0x7E00, "bfloat16": 0x7FC0}


def edges(rule: str, length: int, bins: int) -> list[tuple[int, int]]:
    """Section 1: (start, end) of each bin along one axis."""
    if rule == "adaptive":
        return [(i * length // bins, math.ceil((i + 1) * length / bins)) for i in range(bins)]
    size = np.float32(length) / np.float32(bins)
    if rule == "roi":  # section 7
        starts = [math.floor(np.float32(i) * size) for i in range(bins)]
        return [(starts[i], math.ceil(np.float32(i + 1) * size)) for i in range(bins)]
    result = []
    for i in range(bins):
        left = np.float32(i) * size
        right = left + size
        result.append(tuple(int(np.clip(np.rint(edge), 0, length)) for edge in (left, right)))
    return result


def lowest(dtype: np.dtype) -> Any:
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


def maximum(cells: np.ndarray, nan: str, empty: str) -> tuple[np.ndarray, np.ndarray]:
    """Section 2: (values, positions) of the cells (count, C); a position of -1 is none."""
    dtype = cells.dtype
    channels = cells.shape[1]
    if cells.shape[0] == 0:
        value = {"lowest": lowest(dtype), "zero": 0}[empty]
        return np.full(channels, value, dtype), np.full(channels, -1)
    values = np.empty(channels, dtype)
    positions = np.empty(channels, np.int64)
    for c in range(channels):
        column = [float(v) for v in cells[:, c]]  # exact for every type
        best, position = None, -1
        for k, value in enumerate(column):
            if math.isnan(value):
                if nan == "ignore":
                    continue
                best, position = value, k
                break
            if best is None or value > best:
                best, position = value, k
        if best is None or math.isnan(best):
            values[c : c + 1].view(f"u{dtype.itemsize}")[0] = NAN_BITS[dtype.name]
        else:
            values[c] = best if best != 0 else 0
        positions[c] = position
    return values, positions


Box = tuple[int, int, int, int]  # top, bottom, left, right


def pool_boxes(
    x: np.ndarray, levels: list[list[Box]], order: str, nan: str, empty: str, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """The bins of each level on a map (H, W, C): the row, and its positions in rows of `width`."""
    channels = x.shape[2]
    rows, places = [], []
    for boxes in levels:
        values = np.empty((len(boxes), channels), x.dtype)
        positions = np.empty((len(boxes), channels), np.int64)
        for k, (top, bottom, left, right) in enumerate(boxes):
            cells = x[top:bottom, left:right].reshape(-1, channels)
            grid = np.arange(top, bottom)[:, None] * width + np.arange(left, right)
            values[k], found = maximum(cells, nan, empty)
            flat = np.append(grid.reshape(-1), -1)  # the last is no place
            positions[k] = flat[found]
        if order == "channels_bins":
            values, positions = values.T, positions.T
        rows.append(values.reshape(-1))
        places.append(positions.reshape(-1))
    return np.concatenate(rows), np.concatenate(places)


def boxes_of(levels: Any, rule: str, window: Box, size: tuple[int, int]) -> list[list[Box]]:
    """The bins of each level on a window of a map of that size."""
    top, bottom, left, right = window
    result = []
    for level in levels:
        r, s = level if isinstance(level, tuple) else (level, level)
        sides = itertools.product(edges(rule, bottom - top, r), edges(rule, right - left, s))
        corners = [(top + y0, top + y1, left + x0, left + x1) for (y0, y1), (x0, x1) in sides]
        limits = (size[0], size[0], size[1], size[1])
        result.append([tuple(min(max(v, 0), most) for v, most in zip(c, limits)) for c in corners])
    return result


def pool_map(
    x: np.ndarray,
    levels: Any,
    bins: str = "rounded",
    order: str = "bins_channels",
    nan: str = "propagate",
    empty: str = "lowest",
    width: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """One map (H, W, C): its row and the positions, counted in rows of `width` cells."""
    height, own_width = x.shape[:2]
    boxes = boxes_of(levels, bins, (0, height, 0, own_width), (height, own_width))
    return pool_boxes(x, boxes, order, nan, empty, width or own_width)


def pool_region(
    x: np.ndarray,
    window: tuple[int, int, int, int],
    levels: Any,
    bins: str = "rounded",
    order: str = "bins_channels",
    nan: str = "propagate",
    empty: str = "lowest",
) -> tuple[np.ndarray, np.ndarray]:
    """Section 7: the window y, x, height, width of one map (H, W, C), its row and the positions."""
    top, left, height, width = window
    boxes = boxes_of(levels, bins, (top, top + height, left, left + width), x.shape[:2])
    return pool_boxes(x, boxes, order, nan, "zero" if bins == "roi" else empty, x.shape[1])


def pool(x: np.ndarray, levels: Any, **rules: Any) -> np.ndarray:
    """A batch (N, H, W, C) or a list of maps."""
    return np.stack([pool_map(image, levels, **rules)[0] for image in x])


def painted(shape: tuple[int, ...], dtype: np.dtype, seed: int = 0) -> np.ndarray:
    """Values of both signs with ties and zeros of both signs; floats with some NaN and infinities."""
    random = np.random.default_rng(seed)
    values = random.integers(-50, 50, shape).astype(np.float32)
    if np.dtype(dtype).kind == "u":
        values = np.abs(values)
    result = values.astype(dtype)
    if np.dtype(dtype).kind not in "iu":
        result[random.random(shape) < 0.02] = np.nan
        result[random.random(shape) < 0.02] = -np.inf
        result[random.random(shape) < 0.02] = -0.0
    return result


def assert_same_bits(actual: np.ndarray, expected: np.ndarray) -> None:
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    bits = f"u{actual.dtype.itemsize}"
    np.testing.assert_array_equal(
        np.ascontiguousarray(actual).view(bits), np.ascontiguousarray(expected).view(bits)
    )


def by_bin(row: np.ndarray, levels: Any, channels: int, order: str) -> np.ndarray:
    """A row as (bins, C), in the order level, bin row, bin column."""
    parts = []
    for level in levels:
        r, s = level if isinstance(level, tuple) else (level, level)
        part, row = row[: r * s * channels], row[r * s * channels :]
        if order == "bins_channels":
            parts.append(part.reshape(r * s, channels))
        else:
            parts.append(part.reshape(channels, r * s).T)
    return np.concatenate(parts)


def backward_rows(
    grads: np.ndarray,
    places: np.ndarray,
    shape: tuple[int, int, int],
    levels: Any,
    order: str = "bins_channels",
) -> np.ndarray:
    """Section 4: the gradient of one map (H, W, C) from its rows, one addition after the other."""
    height, width, channels = shape
    narrow = grads.dtype.itemsize == 2
    sums = np.zeros((height * width, channels), np.float32 if narrow else grads.dtype)
    for grad, row_places in zip(grads, places, strict=True):
        values = by_bin(grad, levels, channels, order)
        positions = by_bin(row_places, levels, channels, order)
        for value, position in zip(values, positions, strict=True):
            for c in range(channels):
                if position[c] >= 0:
                    sums[position[c], c] += sums.dtype.type(value[c])
    return sums.astype(grads.dtype).reshape(shape)


def backward_map(
    grad: np.ndarray,
    places: np.ndarray,
    shape: tuple[int, int, int],
    levels: Any,
    order: str = "bins_channels",
) -> np.ndarray:
    """backward_rows of the one row of a whole map."""
    return backward_rows(grad[None], places[None], shape, levels, order)
