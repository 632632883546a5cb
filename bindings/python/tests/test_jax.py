"""libspp.jax, through XLA's foreign function interface and without it."""

import os
import subprocess
import sys

import numpy as np
import oracle
import pytest
from recordings import keras_cases

jax = pytest.importorskip("jax")

from libspp.jax import has_foreign_function, pool

LEVELS = (1, (2, 3), 4)


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


def test_refusals(x):
    with pytest.raises(ValueError, match="x has 2 dimensions"):
        pool(x[0, 0])
    with pytest.raises(ValueError, match="bins is 'round'"):
        pool(x, bins="round")
    with pytest.raises(Exception, match="map 0 is 3 x 11 cells.*4 empty bins"):
        pool(x[:, :3], (4,)).block_until_ready()
    with pytest.raises(Exception, match="element"):
        pool(x.astype(complex)).block_until_ready()


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
"""
    environment = {**os.environ, "CXX": "/nowhere/c++", "XDG_CACHE_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
