"""libspp.jax, through XLA's foreign function interface and without it."""

import os
import subprocess
import sys

import numpy as np
import oracle
import pytest
from recordings import keras_cases

jax = pytest.importorskip("jax")

import libspp
from libspp.jax import has_foreign_function, pool

LEVELS = (1, (2, 3), 4)  # 23 bins


@pytest.fixture
def x():
    return oracle.painted((3, 9, 11, 6), np.float32)


def test_the_interface_is_compiled():
    assert has_foreign_function()


@pytest.mark.parametrize("dtype", oracle.TYPES, ids=str)
def test_every_type(dtype):
    x = oracle.painted((2, 7, 9, 5), dtype)
    with jax.enable_x64(True):
        y = pool(jax.numpy.asarray(x), LEVELS, nan="ignore")
        oracle.assert_same_bits(np.asarray(y), oracle.pool(x, LEVELS, nan="ignore"))


@pytest.mark.parametrize("bins", ["rounded", "adaptive"])
@pytest.mark.parametrize("order", ["bins_channels", "channels_bins"])
def test_rules_and_layouts(x, bins, order):
    expected = oracle.pool(x, LEVELS, bins=bins, order=order)
    oracle.assert_same_bits(np.asarray(pool(x, LEVELS, bins=bins, order=order)), expected)
    planes = jax.numpy.asarray(x.transpose(0, 3, 1, 2))
    y = pool(planes, LEVELS, bins=bins, order=order, layout="nchw", threads=1)
    oracle.assert_same_bits(np.asarray(y), expected)
    oracle.assert_same_bits(np.asarray(pool(x[0], LEVELS, bins=bins, order=order)), expected[0])


@pytest.mark.parametrize("case", keras_cases()[::4], ids=lambda case: case.name)
def test_recordings_of_the_keras_layer(case):
    oracle.assert_same_bits(np.asarray(pool(case.x, case.levels, empty="lowest")), case.y)


def test_under_jit(x):
    jitted = jax.jit(lambda x: pool(-x, LEVELS) + 1)
    expected = oracle.pool(-x, LEVELS) + 1
    np.testing.assert_array_equal(np.asarray(jitted(x)), expected)
    assert "libspp_pool" in jitted.lower(x).as_text()


def test_under_vmap(x):
    batches = np.stack([x, 2 * x])
    expected = np.stack([oracle.pool(batch, LEVELS) for batch in batches])
    mapped = jax.vmap(lambda x: pool(x, LEVELS))
    oracle.assert_same_bits(np.asarray(mapped(batches)), expected)
    twice = jax.vmap(jax.jit(jax.vmap(lambda x: pool(x, LEVELS))))
    oracle.assert_same_bits(np.asarray(twice(batches)), expected)  # down to single maps


def gradient_of(x, weights, **rules):
    """By the plain implementation; the weights are such that sums are exact in any order."""
    grad = np.zeros(x.shape, np.float32).reshape(len(x), -1, x.shape[-1])
    for k, image in enumerate(x):
        _, places = oracle.pool_map(image, LEVELS, **rules)
        places, values = places.reshape(-1, x.shape[-1]), weights[k].reshape(-1, x.shape[-1])
        for channel in range(x.shape[-1]):
            np.add.at(grad[k, :, channel], places[:, channel], values[:, channel])
    return grad.reshape(x.shape)


def loss(x, weights):
    return (pool(x, LEVELS) * weights).sum()


@pytest.fixture
def weights():
    return np.random.default_rng(5).integers(-8, 8, (3, 23 * 6)).astype(np.float32) / 8


@pytest.fixture
def finite():
    return np.random.default_rng(6).integers(-20, 20, (3, 9, 11, 6)).astype(np.float32)


def test_indices(x):
    rows, indices = pool(x, LEVELS, return_indices=True)
    expected = [oracle.pool_map(image, LEVELS) for image in x]
    oracle.assert_same_bits(np.asarray(rows), np.stack([row for row, _ in expected]))
    places = np.stack([place for _, place in expected]).astype(np.int32)
    oracle.assert_same_bits(np.asarray(indices), places)


def test_gradient(finite, weights):
    expected = gradient_of(finite, weights)
    oracle.assert_same_bits(np.asarray(jax.grad(loss)(finite, weights)), expected)
    oracle.assert_same_bits(np.asarray(jax.jit(jax.grad(loss))(finite, weights)), expected)
    one = jax.grad(loss)(finite[0], weights[0])
    oracle.assert_same_bits(np.asarray(one), expected[0])


def test_gradient_under_vmap(finite, weights):
    expected = gradient_of(finite, weights)
    inside = jax.jit(jax.vmap(jax.grad(loss)))(finite, weights)
    oracle.assert_same_bits(np.asarray(inside), expected)
    outside = jax.grad(lambda x: jax.vmap(loss)(x, weights).sum())(finite)
    oracle.assert_same_bits(np.asarray(outside), expected)


def test_refusals(x):
    with pytest.raises(ValueError, match="x has 2 dimensions"):
        pool(x[0, 0])
    with pytest.raises(ValueError, match="bins is 'round'"):
        pool(x, bins="round")
    with pytest.raises(Exception, match="map 0 is 3 x 11 cells.*4 empty bins"):
        pool(x[:, :3], (4,)).block_until_ready()
    with pytest.raises(Exception, match="element"):
        pool(x.astype(complex)).block_until_ready()


def test_arrays_are_never_written_to(x):
    out = jax.numpy.full((3, 126), 7, np.float32)
    with pytest.raises(TypeError, match="out is <class '.*ArrayImpl'>.*written to"):
        libspp.pool(x, out=out)
    with pytest.raises(TypeError, match="indices is <class '.*ArrayImpl'>.*written to"):
        libspp.pool(x, indices=jax.numpy.zeros((3, 126), np.int32))
    assert (np.asarray(out) == 7).all()
    oracle.assert_same_bits(libspp.pool(jax.numpy.asarray(x)), oracle.pool(x, (1, 2, 4)))


def test_without_a_compiler(tmp_path):
    program = f"""
import sys
sys.path.insert(0, {os.path.dirname(__file__)!r})
import jax, numpy as np, oracle
from libspp.jax import has_foreign_function, pool
assert not has_foreign_function()
x = oracle.painted((3, 9, 11, 6), np.float32)
expected = oracle.pool(x, (1, 2, 4))
oracle.assert_same_bits(np.asarray(jax.jit(pool)(x)), expected)
oracle.assert_same_bits(np.asarray(jax.vmap(pool)(x[None]))[0], expected)
x = np.random.default_rng(6).integers(-20, 20, x.shape).astype(np.float32)
places = np.stack([oracle.pool_map(image, (1, 2, 4))[1] for image in x])
rows, indices = jax.jit(lambda x: pool(x, return_indices=True))(x)
np.testing.assert_array_equal(indices, places)
grad = jax.grad(lambda x: pool(x).sum())(x)
assert grad.sum() == 3 * 126 and (grad != 0).sum() == sum(
    len(np.unique(row.reshape(-1, 6)[:, c])) for row in places for c in range(6))
oracle.assert_same_bits(np.asarray(jax.vmap(jax.grad(lambda x: pool(x).sum()))(x)), grad)
"""
    environment = {**os.environ, "CXX": "/nowhere/c++", "XDG_CACHE_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
