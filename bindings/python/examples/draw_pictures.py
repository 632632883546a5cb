"""Draws the pictures of docs/python.md: a real feature map, its photograph, a pyramid and regions.

    python draw_pictures.py FOLDER

The photograph is scikit-learn's china.jpg; the map is what EfficientNet-Lite0 makes of it at a stride
of 8 pixels, as it lies in bindings/cli/maps.  The boxes are around the tower, the lake and the trees.

    pip install matplotlib scikit-learn
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_image

import libspp
import libspp.plot

MAP = Path(__file__).parents[2] / "cli/maps/effnetlite0_china_427x640_stride8_53x80x40.npy"
STRIDE = 8
# image, x1, y1, x2, y2 in pixels
BOXES = [(0, 75, 25, 375, 380), (0, 385, 200, 540, 290), (0, 545, 120, 640, 420)]


def save(axes: matplotlib.axes.Axes, file: Path) -> None:
    """In few colors, for a small file; dots at the frame are not cut."""
    for place in axes.figure.axes:
        for line in place.lines:
            line.set_clip_on(False)
            line.set_in_layout(False)
    picture = BytesIO()
    axes.figure.savefig(picture, dpi=80)
    Image.open(picture).convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE).save(
        file, optimize=True
    )


def main() -> None:
    matplotlib.use("Agg")
    folder = Path(sys.argv[1])
    photograph = load_sample_image("china.jpg")
    features = np.load(MAP)
    features = features.reshape(features.shape[-3:])
    height, width = features.shape[:2]
    # The last cells reach beyond the photograph, which the network padded.
    canvas = np.full((height * STRIDE, width * STRIDE, 3), 255, np.uint8)
    canvas[: len(photograph)] = photograph[: len(canvas)]

    _, places = plt.subplots(1, 3, figsize=(9.6, 2.4), layout="constrained")
    libspp.plot.pyramid(features, (1, 2, 4), photograph=canvas, axes=places)
    save(places[0], folder / "pyramid.png")
    regions = libspp.project_paper(BOXES, STRIDE, height, width)
    axes = libspp.plot.regions(features, regions, 3, photograph=canvas)
    save(axes, folder / "regions.png")


if __name__ == "__main__":
    main()
