#!/usr/bin/env python3
"""Writes what torchvision.ops.roi_pool gives for boxes of a map in this folder: rois/boxes.npy and
rois/answers.npy.  Needs torch, torchvision and numpy; recorded with torchvision 0.29.2.

The boxes are x1, y1, x2, y2 in pixels of the photograph of 427 x 640, of which a cell of the map is 32
x 32.  The answers are float32 (boxes, 3, 3, channels); a zero is +0.
"""
import pathlib

import numpy
import torch
import torchvision

folder = pathlib.Path(__file__).resolve().parent
maps = numpy.load(folder / "effnetlite0_china_427x640_bottleneck_13x20x320.npy")
boxes = numpy.array([[0, 0, 639, 426],        # the whole photograph
                     [190.5, 110, 450, 310],  # its middle
                     [0, 0, 150, 99],         # the upper left corner
                     [500, 280, 760, 520],    # beyond the lower right corner
                     [320, 210, 320, 210]],   # one pixel
                    numpy.float32)
planes = torch.from_numpy(maps).permute(0, 3, 1, 2).contiguous()
pooled = torchvision.ops.roi_pool(planes, [torch.from_numpy(boxes)], 3, 1 / 32)
answers = numpy.ascontiguousarray(pooled.permute(0, 2, 3, 1).numpy() + numpy.float32(0))
(folder / "rois").mkdir(exist_ok=True)
numpy.save(folder / "rois" / "boxes.npy", boxes)
numpy.save(folder / "rois" / "answers.npy", answers)
