"""What Python has for a pyramid of maxima, each in its best form, for bench/peers.py.

A peer is a function that imports what it needs and returns another, which prepares the work for some
maps (N, H, W, C) and returns two: one to time, and one that returns the rows in the library's order, or
None where the peer cannot do this shape.  Whatever copies, compiles or changes a layout is prepared.
"""
import importlib

import numpy as np

from peers import BINS, LEVELS
from pyramid_bins import boxes, divides, planes_of, rounded, rows_of
from pyramid_packages import own_jax, own_keras, own_numpy, own_object, own_torch


def numpy_slices():
    def prepare(maps):
        def call():
            return np.concatenate([maps[:, top:bottom, left:right].max(axis=(1, 2))
                                   for top, bottom, left, right in boxes(maps.shape)], axis=1)
        return call, call
    return prepare


def numba_per_level():
    """A plain loop, which reads the maps once for each level and drops NaN."""
    numba = importlib.import_module("numba")

    @numba.njit
    def pool(maps, places, rows):
        rows[:] = -np.inf
        channels = maps.shape[3]
        for image in range(maps.shape[0]):
            for k in range(len(places)):
                first = k * channels
                for row in range(places[k, 0], places[k, 1]):
                    for column in range(places[k, 2], places[k, 3]):
                        for c in range(channels):
                            value = maps[image, row, column, c]
                            if value > rows[image, first + c]:
                                rows[image, first + c] = value

    def prepare(maps):
        rows = np.empty((maps.shape[0], BINS * maps.shape[3]), np.float32)
        places = np.array(boxes(maps.shape))

        def call():
            pool(maps, places, rows)
            return rows
        return call, call
    return prepare


def numba_one_pass():
    """The better loop: the finest level from the maps, the others from it.  Drops NaN."""
    numba = importlib.import_module("numba")

    @numba.njit
    def pool(maps, tops, lefts, rows):
        rows[:] = -np.inf
        channels = maps.shape[3]
        for image in range(maps.shape[0]):
            for i in range(4):
                for j in range(4):
                    first = (5 + 4 * i + j) * channels
                    for row in range(tops[i], tops[i + 1]):
                        for column in range(lefts[j], lefts[j + 1]):
                            for c in range(channels):
                                value = maps[image, row, column, c]
                                if value > rows[image, first + c]:
                                    rows[image, first + c] = value
                    for coarse in (0, 1 + i // 2 * 2 + j // 2):
                        for c in range(channels):
                            value = rows[image, first + c]
                            if value > rows[image, coarse * channels + c]:
                                rows[image, coarse * channels + c] = value

    def prepare(maps):
        rows = np.empty((maps.shape[0], BINS * maps.shape[3]), np.float32)
        finest = [np.array([0, *(end for _, end in rounded(side, 4))]) for side in maps.shape[1:3]]

        def call():
            pool(maps, *finest, rows)
            return rows
        return call, call
    return prepare


def torch_channels_last():
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)

    def prepare(maps):
        planes = torch.from_numpy(maps).permute(0, 3, 1, 2)
        assert planes.is_contiguous(memory_format=torch.channels_last)

        def call():
            with torch.inference_mode():
                levels = [torch.nn.functional.adaptive_max_pool2d(planes, n) for n in LEVELS]
                return torch.cat([level.permute(0, 2, 3, 1).reshape(len(maps), -1)
                                  for level in levels], 1)
        return call, lambda: call().numpy()
    return prepare


def openvino_call(model, maps):
    """A call of a model on maps that it does not copy, which returns the request."""
    openvino = importlib.import_module("openvino")
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": 1,
                                                            "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(maps, shared_memory=True))

    def call():
        request.infer()
        return request
    call.maps = maps  # which the tensor does not keep
    return call


def openvino_slices():
    openvino = importlib.import_module("openvino")
    ops = importlib.import_module("openvino.opset8")

    def prepare(maps):
        data = ops.parameter(maps.shape, np.float32)
        axes = np.array([1, 2])
        bins = [ops.reduce_max(ops.slice(data, np.array([top, left]), np.array([bottom, right]),
                                         np.array([1, 1]), axes), axes)
                for top, bottom, left, right in boxes(maps.shape)]
        call = openvino_call(openvino.Model([ops.concat(bins, 1)], [data], "pyramid"), maps)
        return call, lambda: call().get_output_tensor(0).data
    return prepare


def openvino_adaptive():
    openvino = importlib.import_module("openvino")
    ops = importlib.import_module("openvino.opset8")

    def prepare(maps):
        planes = planes_of(maps)
        data = ops.parameter(planes.shape, np.float32)
        levels = [ops.adaptive_max_pool(data, np.array([n, n], np.int32), "i32").output(0)
                  for n in LEVELS]
        call = openvino_call(openvino.Model(levels, [data], "pyramid"), planes)

        def rows():
            request = call()
            return rows_of([request.get_output_tensor(k).data for k in range(len(LEVELS))])
        return call, rows
    return prepare


def onnxruntime_max_pool():
    runtime = importlib.import_module("onnxruntime")
    onnx = importlib.import_module("onnx")

    def prepare(maps):
        if not divides(maps.shape):
            return None  # ONNX has no adaptive pooling: only bins of one size
        planes = planes_of(maps)
        make = onnx.helper
        nodes = []
        for n in LEVELS:
            sides = [side // n for side in planes.shape[2:]]
            nodes.append(make.make_node("MaxPool", ["maps"], [f"level{n}"], kernel_shape=sides,
                                        strides=sides))
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
        return call, lambda: rows_of(call())
    return prepare


def jax_peer(levels_of):
    jax = importlib.import_module("jax")

    def prepare(maps):
        x = jax.numpy.asarray(maps)
        function = jax.jit(lambda x: jax.numpy.concatenate(levels_of(x), axis=1))

        def call():
            return function(x).block_until_ready()
        return call, lambda: np.asarray(call())
    return prepare


def jax_slices():
    return jax_peer(lambda x: [x[:, top:bottom, left:right].max((1, 2))
                               for top, bottom, left, right in boxes(x.shape)])


def jax_reshapes():
    """Where every bin of a level has one size."""
    def level(x, n):
        count, height, width, channels = x.shape
        tiles = x.reshape(count, n, height // n, n, width // n, channels)
        return tiles.max((2, 4)).reshape(count, -1)

    prepare = jax_peer(lambda x: [level(x, n) for n in LEVELS])
    return lambda maps: prepare(maps) if divides(maps.shape) else None


def keras_layer():
    """What the layer of keras-spp leaves in a graph: slices, their maxima, a concatenation."""
    tf = importlib.import_module("tensorflow")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras = importlib.import_module("keras")
    ops = keras.ops

    class Pyramid(keras.layers.Layer):
        def call(self, x):
            return ops.concatenate([ops.max(x[:, top:bottom, left:right], axis=(1, 2))
                                    for top, bottom, left, right in boxes(x.shape)], axis=1)

    def prepare(maps):
        x = tf.constant(maps)
        pool = tf.function(Pyramid())
        return lambda: pool(x), lambda: pool(x).numpy()
    return prepare


# With the rule of each one's bins.
PEERS = {
    "NumPy": ("rounded", numpy_slices),
    "numba, per level": ("rounded", numba_per_level),
    "numba, one pass": ("rounded", numba_one_pass),
    "PyTorch channels_last": ("adaptive", torch_channels_last),
    "OpenVINO slices": ("rounded", openvino_slices),
    "OpenVINO AdaptiveMaxPool": ("adaptive", openvino_adaptive),
    "ONNX Runtime MaxPool": ("adaptive", onnxruntime_max_pool),
    "JAX slices": ("rounded", jax_slices),
    "JAX reshapes": ("adaptive", jax_reshapes),
    "Keras layer, tf.function": ("rounded", keras_layer),
    "libspp.Pooling, out=": ("rounded", own_object),
    "libspp.pool": ("rounded", own_numpy),
    "libspp.torch": ("rounded", own_torch),
    "libspp.jax": ("rounded", own_jax),
    "libspp.keras, tf.function": ("rounded", own_keras),
}
