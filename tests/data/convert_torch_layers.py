#!/usr/bin/env python3
"""Turns recorded calls of adaptive_max_pool2d into the file that torch_layers_test.cpp reads.

    convert_torch_layers.py recording.npz folder

The recording holds, for k = 0, 1, ..., the arrays ak_x (NCHW), ak_levels (n for n x n), ak_y (the levels'
outputs, flattened and concatenated), ak_i (their indices), ak_g (gradient of y) and ak_gx (gradient of x).
README.md describes the file.
"""

import pathlib
import sys

import numpy

MOST_BYTES = 40_000  # of one case's input: larger ones are left out


def case_bytes(recording, k):
    x, levels, y, i, g, gx = (
        recording[f"a{k}_{name}"] for name in ("x", "levels", "y", "i", "g", "gx")
    )
    if x.nbytes > MOST_BYTES:
        return b""
    y = numpy.where(numpy.isnan(y), numpy.float32(numpy.nan), y)  # one NaN: 0x7fc00000
    header = numpy.array([*x.shape, len(levels), *levels], "<i4")
    parts = [header, x.astype("<f4"), y.astype("<f4"), i.astype("<i4"), g.astype("<f4")]
    return b"".join(part.tobytes() for part in [*parts, gx.astype("<f4")])


def main():
    recording = numpy.load(sys.argv[1])
    cases = []
    while f"a{len(cases)}_x" in recording:
        cases.append(case_bytes(recording, len(cases)))
    path = pathlib.Path(sys.argv[2]) / "torch_layers.bin"
    path.write_bytes(b"".join(cases))
    print(f"{sum(map(bool, cases))} of {len(cases)} cases")


if __name__ == "__main__":
    main()
