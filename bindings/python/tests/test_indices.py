"""Where the maxima are."""

import itertools

import numpy as np
import oracle
import pytest
from recordings import torch_cases

import libspp

LEVELS = (1, (2, 3), 4)


def expected_of(maps, width=None, **rules):
    rows, places = zip(*(oracle.pool_map(m, LEVELS, width=width, **rules) for m in maps))
    return np.stack(rows), np.stack(places)


@pytest.mark.parametrize("dtype", oracle.TYPES, ids=str)
def test_every_type(dtype):
    x = oracle.painted((2, 6, 9, 5), dtype)
    for bins, order, nan in itertools.product(
        ("rounded", "adaptive"), ("bins_channels", "channels_bins"), ("propagate", "ignore")
    ):
        rules = dict(bins=bins, order=order, nan=nan)
        rows, places = libspp.pool(x, LEVELS, return_indices=True, **rules)
        expected_rows, expected_places = expected_of(x, **rules)
        oracle.assert_same_bits(rows, expected_rows)
        oracle.assert_same_bits(places, expected_places)
        planes = x.transpose(0, 3, 1, 2)
        rows, places = libspp.pool(planes, LEVELS, layout="nchw", return_indices=True, **rules)
        oracle.assert_same_bits(places, expected_places)


def test_one_map_and_lists():
    maps = [oracle.painted((h, w, 7), np.float32, h) for h, w in [(4, 9), (13, 5), (6, 6)]]
    rows, places = libspp.pool(maps, LEVELS, return_indices=True)
    expected_rows, expected_places = expected_of(maps)
    oracle.assert_same_bits(rows, expected_rows)
    oracle.assert_same_bits(places, expected_places)
    rows, places = libspp.pool(maps[0], LEVELS, return_indices=True)
    oracle.assert_same_bits(places, expected_places[0])


def test_bins_without_cells_have_none():
    x = oracle.painted((3, 2, 4), np.float32)
    rows, places = libspp.pool(x, LEVELS, empty="lowest", return_indices=True)
    expected_rows, expected_places = oracle.pool_map(x, LEVELS)
    oracle.assert_same_bits(rows, expected_rows)
    oracle.assert_same_bits(places, expected_places)
    assert (places == -1).any()


def test_positions_of_padded_batches_count_the_whole_width():
    x = oracle.painted((2, 9, 8, 5), np.float32)
    sizes = [(9, 8), (4, 5)]
    valid = [m[:h, :w] for m, (h, w) in zip(x, sizes)]
    _, places = libspp.pool(x, LEVELS, valid_sizes=sizes, return_indices=True)
    oracle.assert_same_bits(places, expected_of(valid, width=8)[1])


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_arrays_of_the_caller(dtype):
    x = oracle.painted((2, 9, 8, 5), np.float32)
    expected_rows, expected_places = expected_of(x)
    table = np.full((2, 150), 7, dtype)
    indices = table[:, 10:125]
    rows = np.empty((2, 115), np.float32)
    result = libspp.pool(x, LEVELS, out=rows, indices=indices)
    assert result[0] is rows and result[1] is indices
    oracle.assert_same_bits(rows, expected_rows)
    oracle.assert_same_bits(indices, expected_places.astype(dtype))
    assert (table[:, :10] == 7).all() and (table[:, 125:] == 7).all()


@pytest.mark.parametrize("case", torch_cases(), ids=lambda case: case.name)
def test_recordings_of_pytorch(case):
    rows, places = libspp.pool(
        case.x,
        case.levels,
        bins="adaptive",
        layout="nchw",
        order="channels_bins",
        return_indices=True,
    )
    np.testing.assert_array_equal(rows, case.y)
    known = ~np.isnan(rows)  # PyTorch gives the last of several NaNs
    np.testing.assert_array_equal(places[known], case.indices[known])
    assert known.any()


@pytest.mark.parametrize(
    ("indices", "exception", "sentence"),
    [
        (np.zeros((2, 114), np.int64), ValueError, r"indices has the shape \(2, 114\)"),
        (np.zeros((2, 115), np.float32), TypeError, "indices has.*float32.*int64 and int32"),
        (np.zeros((115, 2), np.int64).T, ValueError, "indices has gaps"),
        (np.broadcast_to(0, (2, 115)), ValueError, "indices is read-only"),
        ([0], TypeError, "indices is <class 'list'>"),
    ],
)
def test_refusals(indices, exception, sentence):
    x = np.ones((2, 9, 8, 5), np.float32)
    rows = np.full((2, 115), 7, np.float32)
    with pytest.raises(exception, match=sentence):
        libspp.pool(x, LEVELS, out=rows, indices=indices)
    assert (rows == 7).all()
