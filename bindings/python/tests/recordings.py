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


def torch_cases() -> list[Case]:
    """adaptive_max_pool2d with its indices and its gradient."""
    words = np.fromfile(ROOT / "tests/data/torch_layers.bin", "<i4")
    cases = []

    def take(shape: tuple[int, ...], dtype: str) -> np.ndarray:
        nonlocal words
        size = math.prod(shape)
        taken, words = words[:size].view(dtype).reshape(shape), words[size:]
        return taken

    while words.size:
        images, channels, height, width, count = take((5,), "<i4").tolist()
        levels = take((count,), "<i4").tolist()
        x = take((images, channels, height, width), "<f4")
        rows = (images, channels * sum(n * n for n in levels))
        y, indices, gradient = take(rows, "<f4"), take(rows, "<i4"), take(rows, "<f4")
        name = f"torch{len(cases)}"
        cases.append(Case(name, x, levels, y, indices, gradient, take(x.shape, "<f4")))
    assert len(cases) > 30
    return cases
