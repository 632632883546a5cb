"""Every number, against the plain implementation and against recordings of real layers."""

import itertools
from pathlib import Path

import numpy as np
import oracle
import pytest
from recordings import keras_cases, keras_maps, torch_cases

import libspp

LEVELS = (1, (2, 3), 4)
MAPS = [(2, 9, 13, 5), (1, 4, 6, 33), (3, 5, 5, 1)]


@pytest.mark.parametrize("dtype", oracle.TYPES, ids=str)
@pytest.mark.parametrize("shape", MAPS, ids=str)
def test_every_type(dtype, shape):
    x = oracle.painted(shape, dtype)
    for bins, order, nan in itertools.product(
        ("rounded", "adaptive"), ("bins_channels", "channels_bins"), ("propagate", "ignore")
    ):
        rules = dict(bins=bins, order=order, nan=nan)
        expected = oracle.pool(x, LEVELS, **rules)
        oracle.assert_same_bits(libspp.pool(x, LEVELS, **rules), expected)
        planes = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
        oracle.assert_same_bits(libspp.pool(planes, LEVELS, layout="nchw", **rules), expected)


@pytest.mark.parametrize("empty", ["lowest", "zero"])
@pytest.mark.parametrize("dtype", oracle.TYPES, ids=str)
def test_bins_without_cells(dtype, empty):
    x = oracle.painted((2, 3, 2, 4), dtype)
    oracle.assert_same_bits(
        libspp.pool(x, (4, 1), empty=empty), oracle.pool(x, (4, 1), empty=empty)
    )


def test_one_map_is_one_row():
    x = oracle.painted((7, 8, 6), np.float32)
    expected, _ = oracle.pool_map(x, (1, 2, 4))
    oracle.assert_same_bits(libspp.pool(x), expected)
    oracle.assert_same_bits(libspp.pool(x.transpose(2, 0, 1), layout="nchw"), expected)


@pytest.mark.parametrize("kind", [list, tuple])
def test_maps_of_different_sizes(kind):
    maps = [oracle.painted((h, w, 7), np.float32, h) for h, w in [(4, 9), (13, 5), (6, 6)]]
    expected = oracle.pool(maps, (1, 2, 4))
    oracle.assert_same_bits(libspp.pool(kind(maps)), expected)
    planes = kind(m.transpose(2, 0, 1).copy() for m in maps)
    oracle.assert_same_bits(libspp.pool(planes, layout="nchw"), expected)


def test_valid_sizes_of_a_padded_batch():
    x = oracle.painted((3, 9, 8, 5), np.float32)
    sizes = [(9, 8), (4, 5), (7, 4)]
    expected = oracle.pool([m[:h, :w] for m, (h, w) in zip(x, sizes)], (1, 2, 4))
    oracle.assert_same_bits(libspp.pool(x, valid_sizes=sizes), expected)
    oracle.assert_same_bits(libspp.pool(x, valid_sizes=np.array(sizes, np.int32)), expected)


@pytest.mark.parametrize("layout", ["nhwc", "nchw"])
@pytest.mark.parametrize("case", keras_cases(), ids=lambda case: case.name)
def test_recordings_of_the_keras_layer(case, layout):
    x = case.x if layout == "nhwc" else case.x.transpose(0, 3, 1, 2)
    oracle.assert_same_bits(libspp.pool(x, case.levels, layout=layout, empty="lowest"), case.y)


@pytest.mark.parametrize("case", keras_maps(), ids=lambda case: case.name)
def test_real_feature_maps(case):
    oracle.assert_same_bits(libspp.pool(case.x, case.levels), case.y)


@pytest.mark.parametrize("case", torch_cases(), ids=lambda case: case.name)
def test_recordings_of_pytorch(case):
    y = libspp.pool(
        case.x, case.levels, bins="adaptive", layout="nchw", order="channels_bins", empty="error"
    )
    np.testing.assert_array_equal(
        y, case.y
    )  # but for the sign of zero and of NaN: docs/migration.md


def test_rectangles():
    # docs/values.md: L = 13 with n = 4, L = 5 with n = 2.
    rows, columns = [(0, 3), (3, 6), (6, 10), (10, 13)], [(0, 2), (2, 5)]
    expected = [(t, l, b, r) for (t, b), (l, r) in itertools.product(rows, columns)]
    assert libspp.Pooling([(4, 2)]).rectangles(13, 5).tolist() == [list(e) for e in expected]


def test_permutation():
    levels, channels = (1, (2, 3)), 5
    p = libspp.permutation(levels, channels)
    x = np.random.default_rng(1).random((2, 8, 9, channels), np.float32)
    np.testing.assert_array_equal(
        libspp.pool(x, levels, order="channels_bins"), libspp.pool(x, levels)[:, p]
    )
    assert p[:11].tolist() == [0, 1, 2, 3, 4, 5, 10, 15, 20, 25, 30]


def test_the_wheel_carries_what_it_needs():
    package = Path(libspp.__file__).parent
    assert not package.is_relative_to(Path(__file__).parents[1])  # the installed one
    assert package.joinpath("py.typed").exists() and package.joinpath("_core.pyi").exists()
    maps = Path("/proc/self/maps").read_text().splitlines()
    libraries = {Path(line.split()[-1]) for line in maps if ".so" in line}
    for name in ("libspp.so", "libtbb.so"):
        assert [f.parent for f in libraries if f.name.startswith(name)] == [package]
    licences = {file.name for file in package.parent.glob("libspp-*.dist-info/licenses/*")}
    assert licences == {"LICENSE", "NOTICE", "oneTBB.txt"}
