"""pool_backward, against additions one after the other."""

import itertools
import weakref

import numpy as np
import oracle
import pytest
from recordings import torch_cases

import libspp

LEVELS = (1, (2, 3), 4)  # 23 bins
TYPES = [dtype for dtype in oracle.TYPES if dtype.kind not in "iu"]


def painted_gradient(shape, dtype, seed=1):
    """Of mixed magnitude, so that the order of the additions shows."""
    random = np.random.default_rng(seed)
    return (random.normal(size=shape) * 10.0 ** random.integers(-3, 3, shape)).astype(dtype)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("index", [np.int64, np.int32])
def test_every_type(dtype, index):
    x = oracle.painted((2, 6, 9, 5), dtype)
    for bins, order, nan in itertools.product(
        ("rounded", "adaptive"), ("bins_channels", "channels_bins"), ("propagate", "ignore")
    ):
        rules = dict(bins=bins, order=order)
        _, places = libspp.pool(x, LEVELS, nan=nan, return_indices=True, **rules)
        grad = painted_gradient(places.shape, dtype)
        expected = np.stack(
            [
                oracle.backward_map(*pair, x.shape[1:], LEVELS, order)
                for pair in zip(grad, places, strict=True)
            ]
        )
        places = places.astype(index)
        oracle.assert_same_bits(
            libspp.pool_backward(grad, places, x.shape, LEVELS, **rules), expected
        )
        planes = (2, 5, 6, 9)
        oracle.assert_same_bits(
            libspp.pool_backward(grad, places, planes, LEVELS, layout="nchw", **rules),
            np.ascontiguousarray(expected.transpose(0, 3, 1, 2)),
        )


def test_one_map_and_lists():
    maps = [oracle.painted((h, w, 7), np.float32, h) for h, w in [(4, 9), (13, 5), (6, 6)]]
    _, places = libspp.pool(maps, LEVELS, return_indices=True)
    grad = painted_gradient(places.shape, np.float32)
    expected = [
        oracle.backward_map(grad[k], places[k], m.shape, LEVELS) for k, m in enumerate(maps)
    ]
    result = libspp.pool_backward(grad, places, [m.shape for m in maps], LEVELS)
    assert len(result) == 3
    for actual, wanted in zip(result, expected, strict=True):
        oracle.assert_same_bits(actual, wanted)
    single = libspp.pool_backward(grad[1], places[1], maps[1].shape, LEVELS)
    oracle.assert_same_bits(single, expected[1])
    out = [np.full((*m.shape[:2], 10), 7, np.float32)[..., :7] for m in maps]
    shapes = [m.shape for m in maps]
    assert libspp.pool_backward(grad, places, shapes, LEVELS, out=out) is out
    for actual, wanted in zip(out, expected, strict=True):
        oracle.assert_same_bits(actual, wanted)


def test_out_with_strides_and_valid_sizes():
    x = oracle.painted((2, 6, 9, 5), np.float32)
    sizes = [(6, 9), (4, 5)]
    _, places = libspp.pool(x, LEVELS, valid_sizes=sizes, return_indices=True)
    grad = painted_gradient(places.shape, np.float32)
    expected = np.stack(
        [oracle.backward_map(*pair, x.shape[1:], LEVELS) for pair in zip(grad, places, strict=True)]
    )
    memory = np.full((2, 8, 12, 6), 7, np.float32)
    out = memory[:, 1:7, 2:11, :5]
    result = libspp.pool_backward(grad, places, x.shape, LEVELS, out=out, valid_sizes=sizes)
    assert result is out
    oracle.assert_same_bits(out, expected)
    assert (memory[:, 0] == 7).all() and (memory[..., 5] == 7).all()
    wide = np.zeros((2, 200), np.float32)
    wide[:, 3:118] = grad
    again = libspp.pool_backward(wide[:, 3:118], places, x.shape, LEVELS, valid_sizes=sizes)
    oracle.assert_same_bits(again, expected)


class Copied:
    """Exports a copy by DLPack, and clears the copy as soon as nobody holds it."""

    def __init__(self, owner):
        self.owner, self.exports = owner, 0

    def __dlpack__(self, **keywords):
        self.exports += 1
        memory = self.owner.copy()
        view = memory.view()
        weakref.finalize(view, memory.fill, 0)
        return view.__dlpack__(**keywords)

    def __dlpack_device__(self):
        return self.owner.__dlpack_device__()


def test_exported_copies_live_until_they_are_read():
    x = oracle.painted((2, 6, 9, 5), np.float32)
    _, places = libspp.pool(x, LEVELS, return_indices=True)
    grad = painted_gradient(places.shape, np.float32)
    expected = [
        oracle.backward_map(*pair, x.shape[1:], LEVELS) for pair in zip(grad, places, strict=True)
    ]
    for shape in (x.shape, [x.shape[1:]] * 2):
        exporters = Copied(grad), Copied(places)
        actual = libspp.pool_backward(*exporters, shape, LEVELS)
        oracle.assert_same_bits(np.stack(list(actual)), np.stack(expected))
        assert [exporter.exports for exporter in exporters] == [1, 1]


def test_no_rows():
    grad = np.zeros((0, 115), np.float32)
    maps = libspp.pool_backward(grad, np.zeros((0, 115), int), (0, 6, 9, 5), LEVELS)
    assert maps.shape == (0, 6, 9, 5)


def test_a_shape_that_shortens_its_list():
    class Six:
        def __index__(self):
            del shapes[1:]
            return 6

    shapes = [(Six(), 9, 5), (6, 9, 5)]
    grad, places = np.ones((2, 115), np.float32), np.zeros((2, 115), np.int64)
    assert [m.shape for m in libspp.pool_backward(grad, places, shapes, LEVELS)] == [(6, 9, 5)] * 2


@pytest.mark.parametrize("case", torch_cases(), ids=lambda case: case.name)
def test_recordings_of_pytorch(case):
    how = dict(bins="adaptive", layout="nchw", order="channels_bins")
    grad = libspp.pool_backward(case.gradient, case.indices, case.x.shape, case.levels, **how)
    # PyTorch adds the levels' gradients in an order of its own.
    np.testing.assert_allclose(grad, case.x_gradient, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "exception", "sentence"),
    [
        (dict(grad=np.zeros((2, 114), "f4")), ValueError, r"grad has the shape \(2, 114\)"),
        (
            dict(grad=np.zeros((2, 115), "i4"), out=None),
            TypeError,
            "grad has.*int32.*; there are float32, float64, float16 and bfloat16$",
        ),
        (dict(out=np.zeros((2, 6, 9, 5), int)), TypeError, "out.*; there are.* and bfloat16$"),
        (dict(grad=None), TypeError, "grad is <class 'NoneType'>: not an array"),
        (dict(indices=None), TypeError, "indices is <class 'NoneType'>: not an array"),
        (dict(indices=np.zeros((2, 115), "f4")), TypeError, "indices has.*int64 and int32"),
        (dict(indices=np.full((2, 115), 54)), ValueError, "54"),
        (dict(indices=np.full((2, 115), -2)), ValueError, "-2"),
        (dict(shape=(2, 6, 9)), ValueError, "grad has the shape"),
        (dict(shape=(6, 9)), ValueError, r"shape is \(6, 9\); a batch has 4 dimensions"),
        (dict(shape=(2, 6, 9.5, 5)), TypeError, "not the sizes of an array"),
        (dict(shape=(2, 6, -9, 5)), ValueError, "no size is negative"),
        (dict(shape=5), TypeError, "shape is 5, not the sizes of an array"),
        (dict(shape=None), TypeError, "shape is None, not the sizes of an array"),
        (dict(out=np.zeros((2, 6, 9, 4), "f4")), ValueError, r"out has the shape \(2, 6, 9, 4\)"),
        (dict(out=np.zeros((2, 6, 9, 5))), TypeError, "out has the element type float64"),
        (dict(shape=[(6, 9, 5)] * 2, out=[]), ValueError, "out is not a list of as many"),
        (dict(shape=[(6, 9, 5)] * 2, valid_sizes=[(6, 9)] * 2), ValueError, "shape is a list"),
    ],
)
def test_refusals(change, exception, sentence):
    out = np.full((2, 6, 9, 5), 7, np.float32)
    arguments = dict(
        grad=np.zeros((2, 115), "f4"),
        indices=np.zeros((2, 115), np.int64),
        shape=(2, 6, 9, 5),
        out=None if "shape" in change else out,
    )
    with pytest.raises(exception, match=sentence):
        libspp.pool_backward(**{**arguments, **change}, levels=LEVELS)
    assert (out == 7).all()
