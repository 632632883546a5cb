#!/usr/bin/env python3
"""Turns recorded calls of the Keras layer into the files that keras_layer_test.cpp reads.

    convert_keras_layer.py recording.npz folder

The recording holds, for k = 0, 1, ..., the arrays k_x (input), k_pool_list (the levels, n for n x n),
k_ordering ('tf': NHWC, 'th': NCHW) and k_y (one output row per image).  README.md describes the files.
"""

import pathlib
import sys

import numpy


def case_bytes(x, levels, y, channel_axis):
    """One case: the header of int32, then input and output as float32, all little-endian."""
    sizes = list(x.shape)
    channels = sizes.pop(channel_axis)
    header = [*sizes, channels, len(levels), *levels]
    y = numpy.where(numpy.isnan(y), numpy.float32(numpy.nan), y)  # one NaN: 0x7fc00000
    assert y.shape == (sizes[0], channels * sum(n * n for n in levels))
    parts = [numpy.array(header, "<i4"), x.astype("<f4"), y.astype("<f4")]
    return b"".join(part.tobytes() for part in parts)


def main():
    recording = numpy.load(sys.argv[1])
    folder = pathlib.Path(sys.argv[2])
    for name, ordering, channel_axis in [("nhwc", "tf", 3), ("nchw", "th", 1)]:
        cases = []
        while f"{len(cases)}_x" in recording:
            cases.append(len(cases))
        chosen = [k for k in cases if str(recording[f"{k}_ordering"]) == ordering]
        with open(folder / f"keras_layer_{name}.bin", "wb") as file:
            for k in chosen:
                levels = recording[f"{k}_pool_list"].tolist()
                file.write(
                    case_bytes(recording[f"{k}_x"], levels, recording[f"{k}_y"], channel_axis))
        print(f"{name}: {len(chosen)} cases")


if __name__ == "__main__":
    main()
