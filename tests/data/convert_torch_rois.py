#!/usr/bin/env python3
"""Turns recorded calls of torchvision.ops.roi_pool into the file that torch_rois_test.cpp reads.

    convert_torch_rois.py recording.npz folder

The recording holds, for k = 0, 1, ..., the arrays rk_x (NCHW), rk_rois (each batch, x1, y1, x2, y2),
rk_scale, rk_o (the side of the output) and rk_y.  README.md describes the file.
"""

import pathlib
import sys

import numpy

MOST_BYTES = 120_000  # of one case's input and output: larger ones are left out


def case_bytes(recording, k):
    x, rois, scale, o, y = (recording[f"r{k}_{name}"] for name in ("x", "rois", "scale", "o", "y"))
    if x.nbytes + y.nbytes > MOST_BYTES:
        return b""
    header = numpy.array([*x.shape, int(o), len(rois)], "<i4")
    images = rois[:, 0].astype("<i4")
    parts = [header, numpy.array([scale], "<f4"), images, rois[:, 1:].astype("<f4")]
    return b"".join(part.tobytes() for part in [*parts, x.astype("<f4"), y.astype("<f4")])


def main():
    recording = numpy.load(sys.argv[1])
    cases = []
    while f"r{len(cases)}_x" in recording:
        cases.append(case_bytes(recording, len(cases)))
    path = pathlib.Path(sys.argv[2]) / "torch_rois.bin"
    path.write_bytes(b"".join(cases))
    print(f"{sum(map(bool, cases))} of {len(cases)} cases")


if __name__ == "__main__":
    main()
