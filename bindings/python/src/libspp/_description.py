"""The arguments that all interfaces share, and the Pooling that they describe."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

from ._core import Pooling

Levels: TypeAlias = Sequence[int | tuple[int, int]]
Bins: TypeAlias = Literal["rounded", "adaptive"]
RegionBins: TypeAlias = Literal["rounded", "adaptive", "roi"]
Layout: TypeAlias = Literal["nhwc", "nchw"]
Order: TypeAlias = Literal["bins_channels", "channels_bins"]
Nan: TypeAlias = Literal["propagate", "ignore"]
Empty: TypeAlias = Literal["error", "lowest", "zero"]


@functools.lru_cache(maxsize=64)
def _described(levels: Any, bins: str, layout: str, order: str, nan: str, empty: str) -> Pooling:
    return Pooling(levels, bins=bins, layout=layout, order=order, nan=nan, empty=empty)


def described(levels: Levels, bins: str, layout: str, order: str, nan: str, empty: str) -> Pooling:
    """The Pooling of these arguments, the same one for the same arguments."""
    try:
        return _described(levels, bins, layout, order, nan, empty)
    except TypeError:  # levels in a list
        return _described(hashable(levels), bins, layout, order, nan, empty)


def hashable(levels: Any) -> Any:
    """The levels as a key of a cache; what is not a sequence is left for Pooling to refuse."""
    if isinstance(levels, str) or not isinstance(levels, Iterable):
        return levels
    return tuple(tuple(level) if isinstance(level, list) else level for level in levels)


def text(levels: Levels, bins: str, layout: str, order: str, nan: str, empty: str) -> str:
    """The description as one word, for operators of graphs, which take it faster than many.

    For instance "1x1,2x2,4x4;rounded;nchw;bins_channels;propagate;error".
    """
    try:
        return _text(levels, bins, layout, order, nan, empty)
    except TypeError:  # levels in a list
        return _text(hashable(levels), bins, layout, order, nan, empty)


@functools.lru_cache(maxsize=64)
def _text(levels: Any, bins: str, layout: str, order: str, nan: str, empty: str) -> str:
    pooling = described(levels, bins, layout, order, nan, empty)  # refuses what is wrong
    sides = ",".join(f"{rows}x{columns}" for rows, columns in pooling.levels)
    return f"{sides};{bins};{layout};{order};{nan};{empty}"


@functools.lru_cache(maxsize=64)
def parsed(text: str) -> Pooling:
    """The Pooling of a description as one word."""
    sides, bins, layout, order, nan, empty = text.split(";")
    levels = tuple(tuple(int(side) for side in level.split("x")) for level in sides.split(","))
    return described(levels, bins, layout, order, nan, empty)  # type: ignore[arg-type]


def missing(module: str, package: str) -> ImportError:
    """The exception for a framework that is not installed."""
    return ImportError(f"{module} needs the package {package}: pip install {package}")
