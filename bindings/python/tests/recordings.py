"""The recorded answers of the Keras layer and of PyTorch (tests/data/README.md)."""

from __future__ import annotations

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
    recording = np.load(ROOT / "tests/data/torch_adaptive_max_pool.npz")
    cases = []
    while f"{len(cases)}_x" in recording:
        k = len(cases)
        parts = [recording[f"{k}_{part}"] for part in ("x", "levels", "y", "i", "g", "gx")]
        parts[1] = parts[1].tolist()
        cases.append(Case(str(k), *parts))
    assert len(cases) == 23
    return cases
