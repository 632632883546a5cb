#!/usr/bin/env python3
"""The library beside what Python has for the same work, on the same maps, all on one CPU.

    python3 bench/peers.py build/release/libspp.so

    pip install numpy numba torch openvino onnx onnxruntime jax tensorflow-cpu keras

Pyramid [1,2,4], with the bins that the peer has.  Peers that are not installed are skipped.  Every
answer is compared with the library's, bit by bit, before it is timed.  A peer and the library take
turns, and the fastest call of each counts.
"""
import ctypes
import importlib
import importlib.metadata
import os
import sys
import time

SHAPES = [(1, 4, 4, 8), (1, 13, 13, 256), (1, 20, 20, 512), (1, 38, 50, 512), (1, 56, 56, 256),
          (32, 13, 13, 256)]
LEVELS = (1, 2, 4)
BINS = sum(n * n for n in LEVELS)
SECONDS = 1.0
TURNS = 20
ROUNDED, ADAPTIVE = 0, 1
PACKAGES = ("numpy", "numba", "torch", "openvino", "onnxruntime", "jax", "tensorflow-cpu", "keras")


def sized(name, *fields):
    """A struct of the C ABI, which begins with its own size."""
    size = ("struct_size", ctypes.c_size_t)
    struct = type(name, (ctypes.Structure,), {"_fields_": [size, *fields]})
    return lambda **values: struct(struct_size=ctypes.sizeof(struct), **values)


I32, I64, POINTER = ctypes.c_int32, ctypes.c_int64, ctypes.c_void_p
Options = sized("Options", ("levels", POINTER), ("level_count", I64),
                *((name, I32) for name in ("bin_rule", "order", "element_type", "layout",
                                           "nan_policy", "empty_policy", "tier", "thread_limit")))
Batch = sized("Batch", ("data", POINTER), ("count", I64), ("height", I64), ("width", I64),
              ("channels", I64), ("strides", POINTER), ("heights", POINTER), ("widths", POINTER))
Output = sized("Output", ("data", POINTER), ("capacity", I64), ("row_stride", I64))


def library(path, np, bin_rule):
    """A function that prepares a call for some maps."""
    spp = ctypes.CDLL(path)
    spp.spp_last_error.restype = ctypes.c_char_p
    sides = (I32 * (2 * len(LEVELS)))(*(n for level in LEVELS for n in (level, level)))
    options = Options(levels=ctypes.cast(sides, POINTER), level_count=len(LEVELS),
                      bin_rule=bin_rule, thread_limit=1)
    pooling = POINTER()
    if spp.spp_pooling_create(ctypes.byref(options), ctypes.byref(pooling)) != 0:
        sys.exit(spp.spp_last_error().decode())

    def prepare(maps):
        rows = np.empty((maps.shape[0], BINS * maps.shape[3]), np.float32)
        batch = Batch(data=maps.ctypes.data, count=maps.shape[0], height=maps.shape[1],
                      width=maps.shape[2], channels=maps.shape[3])
        output = Output(data=rows.ctypes.data, capacity=rows.size)
        arguments = (pooling, ctypes.byref(batch), ctypes.byref(output), None)

        def call():
            if spp.spp_pool(*arguments) != 0:
                sys.exit(spp.spp_last_error().decode())
            return rows
        return call
    return prepare


def fastest(call, seconds=SECONDS):
    best = float("inf")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def in_turns(*calls):
    """The fastest of each, in seconds."""
    best = [float("inf")] * len(calls)
    for _ in range(TURNS):
        for k, call in enumerate(calls):
            call()
            best[k] = min(best[k], fastest(call, SECONDS / TURNS))
    return best


def installed():
    peers = {}
    for name, (rule, make) in importlib.import_module("pyramid_peers").PEERS.items():
        try:
            peers[name] = (rule, make())
        except ImportError as error:
            print(f"Without {name}: {error}.")
    return peers


def versions():
    for name in PACKAGES:
        try:
            yield f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            pass


def compare(np, path):
    here = {"rounded": library(path, np, ROUNDED), "adaptive": library(path, np, ADAPTIVE)}
    peers = installed()
    print(", ".join(versions()))
    for shape in SHAPES:
        maps = np.random.default_rng(1).standard_normal(shape, np.float32)
        read = in_turns(maps.max)[0]
        print(f"\n{'x'.join(map(str, shape))}: numpy.max, which reads it once, {read * 1e6:.1f} us\n")
        print("| peer | bins | us | us here | ratio |\n|---|---|---|---|---|")
        for name, (rule, prepare) in peers.items():
            prepared = prepare(maps)
            if prepared is None:
                continue
            theirs, rows = prepared
            ours = here[rule](maps)
            if rows().tobytes() != ours().tobytes():
                sys.exit(f"{name} gives other numbers at {shape}")
            their_time, our_time = in_turns(theirs, ours)
            print(f"| {name} | {rule} | {their_time * 1e6:.1f} | {our_time * 1e6:.1f} | "
                  f"{their_time / our_time:.1f} |", flush=True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    # Before the peers make their threads.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ["KERAS_BACKEND"] = "tensorflow"
    compare(importlib.import_module("numpy"), sys.argv[1])


if __name__ == "__main__":
    main()
