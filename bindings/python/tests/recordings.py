"""The recorded answers of the Keras layer and of PyTorch (tests/data/README.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Case:
    name: str
    x: np.ndarray  # (N, H, W, C), PyTorch's (N, C, H, W)
    levels: list[int]
    y: np.ndarray
    indices: np.ndarray | None = None
    gradient: np.ndarray | None = None  # of y
    x_gradient: np.ndarray | None = None


def keras_cases() -> list[Case]:
    """Random input, some of it NaN or -inf, some maps smaller than a level."""
    cases = []
    for layout in ("nhwc", "nchw"):
        words = np.fromfile(ROOT / f"tests/data/keras_layer_{layout}.bin", "<i4")
        while words.size:
            images, height, width, channels, count = words[:5]
            levels = words[5 : 5 + count].tolist()
            words = words[5 + count :]
            size = images * height * width * channels
            x = words[:size].view("<f4")
            if layout == "nhwc":
                x = x.reshape(images, height, width, channels)
            else:
                x = x.reshape(images, channels, height, width).transpose(0, 2, 3, 1)
            length = channels * sum(n * n for n in levels)
            y = words[size : size + images * length].view("<f4").reshape(images, length)
            words = words[size + images * length :]
            cases.append(Case(f"{layout}{len(cases)}", x, levels, y))
    assert len(cases) == 40
    return cases


def keras_maps() -> list[Case]:
    """Feature maps of pretrained networks."""
    folder = ROOT / "bindings/cli/maps"
    cases = []
    for file in sorted((folder / "keras").glob("*.npy")):
        name, levels = file.stem.split("__")
        x = np.load(folder / f"{name}.npy")
        x = x.reshape(1, *x.shape[-3:])
        y = np.load(file)
        cases.append(Case(file.stem, x, [int(n) for n in levels.split("_")], y.reshape(1, -1)))
    assert len(cases) == 6
    return cases


class Words:
    """A file of arrays of 4-byte numbers, one behind the other."""

    def __init__(self, name: str) -> None:
        self.words = np.fromfile(ROOT / "tests/data" / name, "<i4")

    def take(self, shape: tuple[int, ...], dtype: str) -> np.ndarray:
        size = math.prod(shape)
        taken, self.words = self.words[:size].view(dtype).reshape(shape), self.words[size:]
        return taken


def torch_cases() -> list[Case]:
    """adaptive_max_pool2d with its indices and its gradient."""
    file = Words("torch_layers.bin")
    cases = []
    while file.words.size:
        images, channels, height, width, count = file.take((5,), "<i4").tolist()
        levels = file.take((count,), "<i4").tolist()
        x = file.take((images, channels, height, width), "<f4")
        rows = (images, channels * sum(n * n for n in levels))
        y, indices = file.take(rows, "<f4"), file.take(rows, "<i4")
        gradient, x_gradient = file.take(rows, "<f4"), file.take(x.shape, "<f4")
        name = f"torch{len(cases)}"
        cases.append(Case(name, x, levels, y, indices, gradient, x_gradient))
    assert len(cases) > 30
    return cases


@dataclass
class RoiCase:
    name: str
    x: np.ndarray  # (N, C, H, W)
    boxes: np.ndarray  # (R, 5)
    side: int
    scale: float
    y: np.ndarray  # (R, C, side, side)


def roi_cases() -> list[RoiCase]:
    """torchvision.ops.roi_pool."""
    file = Words("torch_rois.bin")
    cases = []
    while file.words.size:
        *maps, side, count = file.take((6,), "<i4").tolist()
        (scale,) = file.take((1,), "<f4").tolist()
        boxes = np.column_stack([file.take((count,), "<i4"), file.take((count, 4), "<f4")])
        x = file.take(tuple(maps), "<f4")
        y = file.take((count, maps[1], side, side), "<f4")
        cases.append(RoiCase(f"roi{len(cases)}", x, boxes, side, scale, y))
    assert len(cases) >= 8
    return cases
