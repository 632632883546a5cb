#!/usr/bin/env python3
"""Writes the recorded answers that belong to the maps in this folder to keras/<map>__<levels>.npy.

usage: convert.py ANSWERS.npz

ANSWERS.npz holds what the Keras layer SpatialPyramidPooling (keras-spp, channels last) gave for each
map: key <map>__<levels>, for example <map>__1_2_4, value float32 (1, channels * bins).
"""
import pathlib
import sys

import numpy

folder = pathlib.Path(__file__).resolve().parent
maps = {path.stem for path in folder.glob("*.npy")}
(folder / "keras").mkdir(exist_ok=True)
with numpy.load(sys.argv[1]) as answers:
    for key in answers:
        if key.rsplit("__", 1)[0] in maps:
            numpy.save(folder / "keras" / f"{key}.npy", answers[key])
