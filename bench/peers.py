#!/usr/bin/env python3
"""The library beside what Python has for the same work, on the same maps, one thread each.

    python3 bench/peers.py build/release/libspp.so

Pyramid [1,2,4] with adaptive bins, because that is the rule the peers have.  Peers that are not
installed are skipped.  Every answer is compared with the library's, bit by bit, before it is timed.
Channels-first peers get a channels-first copy of the map, made outside the time.
"""
import ctypes
import importlib
import sys
import time

SHAPES = [(1, 7, 7, 512), (1, 13, 13, 256), (1, 20, 20, 512), (1, 56, 56, 256), (32, 13, 13, 256)]
LEVELS = (1, 2, 4)
BINS = sum(n * n for n in LEVELS)
SECONDS = 1.0
ADAPTIVE = 1


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


def library(path, np):
    spp = ctypes.CDLL(path)
    spp.spp_last_error.restype = ctypes.c_char_p
    sides = (I32 * (2 * len(LEVELS)))(*(n for level in LEVELS for n in (level, level)))
    options = Options(levels=ctypes.cast(sides, POINTER), level_count=len(LEVELS),
                      bin_rule=ADAPTIVE, thread_limit=1)
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
        return call, call
    return prepare


def edges(length, bins):
    return [(i * length // bins, -(-(i + 1) * length // bins)) for i in range(bins)]


# Each peer gives a function that prepares the work for some maps and returns two: one to time, and
# one that returns the rows in the library's order.


def numpy_peer(np):
    def prepare(maps):
        def call():
            bins = [maps[:, top:bottom, left:right].max(axis=(1, 2))
                    for n in LEVELS
                    for top, bottom in edges(maps.shape[1], n)
                    for left, right in edges(maps.shape[2], n)]
            return np.concatenate(bins, axis=1)
        return call, call
    return prepare


def numba_peer(np):
    numba = importlib.import_module("numba")

    @numba.njit
    def pool(maps, levels, rows):
        count, height, width, channels = maps.shape
        rows[:] = -np.inf
        for image in range(count):
            first = 0
            for n in levels:
                for i in range(n * n):
                    y, x = i // n, i % n
                    for row in range(y * height // n, -(-(y + 1) * height // n)):
                        for column in range(x * width // n, -(-(x + 1) * width // n)):
                            for c in range(channels):
                                value = maps[image, row, column, c]
                                if value > rows[image, first + c]:
                                    rows[image, first + c] = value
                    first += channels

    def prepare(maps):
        rows = np.empty((maps.shape[0], BINS * maps.shape[3]), np.float32)
        levels = np.array(LEVELS)

        def call():
            pool(maps, levels, rows)
            return rows
        return call, call
    return prepare


def planes_of(np, maps):
    return np.ascontiguousarray(np.moveaxis(maps, 3, 1))


def rows_of(np, levels):
    return np.concatenate([np.moveaxis(level, 1, 3).reshape(level.shape[0], -1)
                           for level in levels], axis=1)


def torch_peer(np):
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)

    def prepare(maps):
        planes = torch.from_numpy(planes_of(np, maps))

        def call():
            return [torch.nn.functional.adaptive_max_pool2d(planes, n) for n in LEVELS]
        return call, lambda: rows_of(np, [level.numpy() for level in call()])
    return prepare


def openvino_peer(np):
    openvino = importlib.import_module("openvino")
    ops = importlib.import_module("openvino.opset8")

    def prepare(maps):
        planes = planes_of(np, maps)
        data = ops.parameter(planes.shape, np.float32)
        levels = [ops.adaptive_max_pool(data, np.array([n, n], np.int32),
                                        "i32").output(0) for n in LEVELS]
        model = openvino.Core().compile_model(openvino.Model(levels, [data], "pyramid"), "CPU",
                                              {"INFERENCE_NUM_THREADS": 1,
                                               "INFERENCE_PRECISION_HINT": "f32"})
        request = model.create_infer_request()

        def call():
            request.infer({0: planes}, share_inputs=True)

        def rows():
            call()
            return rows_of(np, [request.get_output_tensor(i).data for i in range(len(LEVELS))])
        return call, rows
    return prepare


def onnxruntime_peer(np):
    runtime = importlib.import_module("onnxruntime")
    onnx = importlib.import_module("onnx")

    def prepare(maps):
        planes = planes_of(np, maps)
        height, width = planes.shape[2:]
        if any(height % n or width % n for n in LEVELS):
            return None  # ONNX has no adaptive pooling: only bins of one size
        make = onnx.helper
        nodes = [make.make_node("MaxPool", ["maps"], [f"level{n}"],
                                kernel_shape=[height // n, width // n],
                                strides=[height // n, width // n]) for n in LEVELS]
        value = make.make_tensor_value_info
        kind = onnx.TensorProto.FLOAT
        graph = make.make_graph(nodes, "pyramid", [value("maps", kind, planes.shape)],
                                [value(f"level{n}", kind, None) for n in LEVELS])
        model = make.make_model(graph, opset_imports=[make.make_opsetid("", 12)], ir_version=8)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = runtime.InferenceSession(model.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])

        def call():
            return session.run(None, {"maps": planes})
        return call, lambda: rows_of(np, call())
    return prepare


PEERS = {"numpy": numpy_peer, "numba": numba_peer, "torch": torch_peer,
         "onnxruntime": onnxruntime_peer, "openvino": openvino_peer}


def fastest(call):
    call()
    best = float("inf")
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def installed(np):
    peers = {}
    for name, make in PEERS.items():
        try:
            peers[name] = make(np)
        except ImportError as error:
            print(f"Without {name}: {error}.")
    return peers


def compare(np, spp, peers):
    print("\n| shape (NHWC) | us here | " + " | ".join(peers) + " |")
    print("|---" * (2 + len(peers)) + "|")
    for shape in SHAPES:
        maps = np.random.default_rng(1).standard_normal(shape, np.float32)
        call, rows = spp(maps)
        expected = rows().copy()
        here = fastest(call)
        cells = []
        for name, prepare in peers.items():
            prepared = prepare(maps)
            if prepared is None:
                cells.append("-")
                continue
            call, rows = prepared
            if rows().tobytes() != expected.tobytes():
                sys.exit(f"{name} gives other numbers at {shape}")
            cells.append(f"{fastest(call) / here:.1f} x")
        size = "x".join(map(str, shape))
        print(f"| {size} | {here * 1e6:.1f} | " + " | ".join(cells) + " |")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        np = importlib.import_module("numpy")
    except ImportError:
        sys.exit("The peers need NumPy, which this Python does not have.")
    spp = library(sys.argv[1], np)
    compare(np, spp, installed(np))


if __name__ == "__main__":
    main()
