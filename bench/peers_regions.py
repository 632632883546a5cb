#!/usr/bin/env python3
"""roi_pool of a map of 1x38x50x512 beside torchvision, ONNX Runtime and OpenVINO, one thread each.

    python3 bench/peers_regions.py build/release/libspp.so

Where a peer is missing, it makes a virtual environment in build/peers_regions, installs all of them there
with pip (several GB, since PyTorch comes with all that it may need) and goes on in it.

300 and 2000 boxes with log-uniform sides from 24 to 600 pixels, scale 1/16, 7 x 7 bins.  All take turns,
and the least of each one's times counts.  The peers read a channels-first copy of the map, made outside
of the time, and are called as their documentation shows; their results come from their own allocators.
Ours go into an array that is there already, and, in a column of their own, into fresh memory.  Before
anything is timed the numbers are compared: every bit but the sign of a zero.
"""
import ctypes
import importlib
import importlib.util
import math
import os
import pathlib
import subprocess
import sys
import time

from peers import I32, I64, POINTER, Batch, Options, Output

PACKAGES = ("numpy", "torch", "torchvision", "onnx", "onnxruntime", "openvino")
ENVIRONMENT = pathlib.Path(__file__).resolve().parent.parent / "build" / "peers_regions"
SHAPE = (1, 38, 50, 512)
IMAGE = (608, 800)
SCALE = 1 / 16
SIDE = 7
COUNTS = (300, 2000)
SECONDS = 20.0  # of the turns for each count
LEAST_TURNS = 7
BINS_ROI = 2
# What the peers must take at least, in times of the library's.
LEAST = {"torchvision": 15, "onnxruntime": 15, "openvino": 4}


def install_peers():
    """Goes on in an environment that has them, unless this one does."""
    if all(importlib.util.find_spec(name) for name in PACKAGES):
        return
    python = ENVIRONMENT / "bin" / "python"
    if pathlib.Path(sys.executable) == python:
        sys.exit(f"{ENVIRONMENT} lacks some of: {', '.join(PACKAGES)}")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [str(python), *sys.argv])


def some_boxes(np, count):
    """x1, y1, x2, y2 of each, in the image."""
    random = np.random.default_rng(7)
    sides = np.exp(random.uniform(math.log(24), math.log(600), (count, 2)))
    first = random.uniform(0, 1, (count, 2)) * (np.array(IMAGE) - sides)
    corners = np.concatenate([first[:, ::-1], (first + sides)[:, ::-1]], axis=1)
    return np.ascontiguousarray(corners, np.float32)


class Library:
    """The projection and the pooling of one set of boxes, through the C ABI."""

    def __init__(self, path, np, maps, boxes):
        self.np = np
        self.spp = ctypes.CDLL(path)
        self.spp.spp_last_error.restype = ctypes.c_char_p
        self.spp.spp_version.restype = ctypes.c_char_p
        self.spp.spp_pooling_describe.restype = ctypes.c_char_p
        sides = (I32 * 2)(SIDE, SIDE)
        options = Options(levels=ctypes.cast(sides, POINTER), level_count=1, bin_rule=BINS_ROI,
                          thread_limit=1)
        self.pooling = POINTER()
        self.check(self.spp.spp_pooling_create(ctypes.byref(options), ctypes.byref(self.pooling)))
        self.boxes = boxes
        self.regions = np.empty((len(boxes), 5), np.int64)  # of spp_region
        self.maps = maps
        _, height, width, channels = maps.shape
        self.batch = Batch(data=maps.ctypes.data, count=1, height=height, width=width,
                           channels=channels)
        self.shape = (len(boxes), SIDE, SIDE, channels)
        self.rows = self.fresh()

    def check(self, status):
        if status != 0:
            sys.exit(self.spp.spp_last_error().decode())

    def fresh(self):
        return self.np.empty(self.shape, self.np.float32)

    def pool(self, rows):
        count = I64(len(self.boxes))
        self.check(self.spp.spp_project_roi_pool(POINTER(self.boxes.ctypes.data), None, count,
                                                 ctypes.c_float(SCALE),
                                                 POINTER(self.regions.ctypes.data)))
        output = Output(data=rows.ctypes.data, capacity=rows.size)
        self.check(self.spp.spp_pool_regions(self.pooling, ctypes.byref(self.batch),
                                             POINTER(self.regions.ctypes.data), count,
                                             ctypes.byref(output), None, None))
        return rows

    def versions(self):
        return (f"libspp {self.spp.spp_version().decode()} "
                f"({self.spp.spp_pooling_describe(self.pooling).decode()})")


# Each peer gives a function that returns the boxes' bins, box x channel x row x column.


def torchvision_peer(np, planes, boxes):
    torch = importlib.import_module("torch")
    ops = importlib.import_module("torchvision.ops")
    torch.set_num_threads(1)
    maps = torch.from_numpy(planes)
    rois = torch.from_numpy(np.pad(boxes, ((0, 0), (1, 0))))

    def call():
        with torch.inference_mode():
            return ops.roi_pool(maps, rois, (SIDE, SIDE), SCALE).numpy()
    return call


def onnxruntime_peer(np, planes, boxes):
    runtime = importlib.import_module("onnxruntime")
    onnx = importlib.import_module("onnx")
    make = onnx.helper
    kind = onnx.TensorProto.FLOAT
    rois = np.pad(boxes, ((0, 0), (1, 0)))
    node = make.make_node("MaxRoiPool", ["maps", "rois"], ["bins"], pooled_shape=[SIDE, SIDE],
                          spatial_scale=SCALE)
    value = make.make_tensor_value_info
    graph = make.make_graph([node], "regions", [value("maps", kind, planes.shape),
                                                value("rois", kind, rois.shape)],
                            [value("bins", kind, None)])
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 12)], ir_version=8)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = runtime.InferenceSession(model.SerializeToString(), options,
                                       providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"maps": planes, "rois": rois})[0]


def openvino_peer(np, planes, boxes):
    openvino = importlib.import_module("openvino")
    ops = importlib.import_module("openvino.opset8")
    rois = np.pad(boxes, ((0, 0), (1, 0)))
    data = ops.parameter(planes.shape, np.float32)
    corners = ops.parameter(rois.shape, np.float32)
    bins = ops.roi_pooling(data, corners, [SIDE, SIDE], SCALE, "max")
    model = openvino.Core().compile_model(openvino.Model([bins], [data, corners], "regions"), "CPU",
                                          {"INFERENCE_NUM_THREADS": 1,
                                           "INFERENCE_PRECISION_HINT": "f32"})
    request = model.create_infer_request()

    def call():
        request.infer({0: planes, 1: rois}, share_inputs=True)
        return request.get_output_tensor(0).data
    return call


PEERS = {"torchvision": torchvision_peer, "onnxruntime": onnxruntime_peer,
         "openvino": openvino_peer}


def take_turns(calls):
    """The least seconds of each."""
    for call in calls:
        call()
    least = [math.inf] * len(calls)
    turns = 0
    end = time.perf_counter() + SECONDS
    while turns < LEAST_TURNS or time.perf_counter() < end:
        for k, call in enumerate(calls):
            start = time.perf_counter()
            call()
            least[k] = min(least[k], time.perf_counter() - start)
        turns += 1
    return least


def compare(np, path, count):
    maps = np.random.default_rng(1).standard_normal(SHAPE, np.float32)
    planes = np.ascontiguousarray(np.moveaxis(maps, 3, 1))
    boxes = some_boxes(np, count)
    here = Library(path, np, maps, boxes)
    # A sum with +0 turns -0 into +0 and leaves all else.
    wanted = np.moveaxis(here.pool(here.rows), 3, 1) + np.float32(0)
    calls = [lambda: here.pool(here.rows), lambda: here.pool(here.fresh())]
    for name, make in PEERS.items():
        calls.append(make(np, planes, boxes))
        if (calls[-1]() + np.float32(0)).tobytes() != wanted.tobytes():
            sys.exit(f"{name} gives other numbers for {count} boxes")
    reused, fresh, *others = take_turns(calls)
    if count == COUNTS[0]:
        print(here.versions(), *(f"{name} {importlib.import_module(name).__version__}"
                                 for name in ("torch", *PEERS)), sep=", ")
        print("\n| boxes | ms here | fresh memory | " + " | ".join(PEERS) + " | |")
        print("|---" * (4 + len(PEERS)) + "|")
    times = dict(zip(PEERS, others))
    met = all(times[name] >= LEAST[name] * reused for name in PEERS)
    cells = [f"{times[name] * 1e3:.1f} ms, {times[name] / reused:.1f} x "
             f"(fresh {times[name] / fresh:.1f} x)" for name in PEERS]
    print(f"| {count} | {reused * 1e3:.2f} | {fresh * 1e3:.2f} | " + " | ".join(cells) +
          f" | {'within' if met else 'MISSED'} |", flush=True)
    return met


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    install_peers()
    np = importlib.import_module("numpy")
    met = [compare(np, sys.argv[1], count) for count in COUNTS]
    print("\nAt least: " + ", ".join(f"{name} {least} x" for name, least in LEAST.items()))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
