#!/usr/bin/env python3
"""Turns recorded gradients of PyTorch into the file that torch_gradients_test.cpp reads.

    convert_torch_gradients.py recording.npz folder

The recording holds, for k = 0, 1, ..., the arrays ak_x (input, NCHW), ak_levels (n for n x n bins), ak_i
(positions of the maxima) and ak_g (the gradient of the output), one row per image, and ak_gx (the
gradient of the input).  Only small cases are kept.  README.md describes the file.
"""

import pathlib
import sys

import numpy

MOST_ELEMENTS = 1500


def case_bytes(gradient, levels, positions, rows):
    """One case: the header and the positions as int32, then both gradients as float32."""
    count, channels, height, width = gradient.shape
    header = [count, height, width, channels, len(levels), *levels]
    assert rows.shape == positions.shape == (count, channels * sum(n * n for n in levels))
    parts = [numpy.array(header, "<i4"), positions.astype("<i4"), rows.astype("<f4"),
             gradient.astype("<f4")]
    return b"".join(part.tobytes() for part in parts)


def main():
    recording = numpy.load(sys.argv[1])
    kept = 0
    with open(pathlib.Path(sys.argv[2]) / "torch_gradients.bin", "wb") as file:
        k = 0
        while f"a{k}_gx" in recording:
            gradient = recording[f"a{k}_gx"]
            if gradient.size <= MOST_ELEMENTS:
                levels = recording[f"a{k}_levels"].tolist()
                file.write(case_bytes(gradient, levels, recording[f"a{k}_i"], recording[f"a{k}_g"]))
                kept += 1
            k += 1
    print(f"{kept} of {k} cases")


if __name__ == "__main__":
    main()
