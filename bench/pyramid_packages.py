"""The library's own ways into Python (bindings/python), as peers: they pay for the framework's call."""
import importlib

import numpy as np

from peers import BINS, LEVELS


def own_numpy():
    libspp = importlib.import_module("libspp")

    def prepare(maps):
        def call():
            return libspp.pool(maps, LEVELS, threads=1)
        return call, call
    return prepare


def own_object():
    pooling = importlib.import_module("libspp").Pooling(LEVELS)

    def prepare(maps):
        rows = np.empty((maps.shape[0], BINS * maps.shape[3]), np.float32)

        def call():
            return pooling(maps, out=rows, threads=1)
        return call, call
    return prepare


def own_torch():
    torch = importlib.import_module("torch")
    pool = importlib.import_module("libspp.torch").pool

    def prepare(maps):
        planes = torch.from_numpy(maps).permute(0, 3, 1, 2)

        def call():
            with torch.inference_mode():
                return pool(planes, LEVELS, threads=1)
        return call, lambda: call().numpy()
    return prepare


def own_jax():
    jax = importlib.import_module("jax")
    pool = importlib.import_module("libspp.jax").pool

    def prepare(maps):
        x = jax.numpy.asarray(maps)
        function = jax.jit(lambda x: pool(x, LEVELS, threads=1))

        def call():
            return function(x).block_until_ready()
        return call, lambda: np.asarray(call())
    return prepare


def own_keras():
    tf = importlib.import_module("tensorflow")
    layer = importlib.import_module("libspp.keras").SpatialPyramidPooling

    def prepare(maps):
        x = tf.constant(maps)
        pool = tf.function(layer(LEVELS, data_format="channels_last"))
        return lambda: pool(x), lambda: pool(x).numpy()
    return prepare
