"""Regions of maps, and boxes as regions."""

import itertools

import numpy as np
import oracle
import pytest
from recordings import roi_cases

import libspp

LEVELS = (1, (2, 3), 4)  # 23 bins
X = oracle.painted((2, 9, 14, 5), np.float32)
REGIONS = [(0, 0, 0, 9, 14), (1, 2, 3, 6, 8), (0, 8, 13, 1, 1), (1, 0, 5, 9, 4), (1, 2, 3, 6, 8)]
OUTSIDE = [(0, -3, -2, 9, 9), (1, 5, 10, 40, 3), (0, 20, 20, 4, 4), (1, 2, 3, 6, 8)]


def expected_of(maps, regions, levels=LEVELS, **rules):
    pairs = [oracle.pool_region(maps[image], window, levels, **rules) for image, *window in regions]
    rows, places = zip(*pairs)
    return np.stack(rows), np.stack(places)


@pytest.mark.parametrize("dtype", oracle.TYPES, ids=str)
@pytest.mark.parametrize("bins", ["rounded", "adaptive", "roi"])
def test_every_type(dtype, bins):
    x = oracle.painted((2, 9, 14, 5), dtype)
    regions = OUTSIDE if bins == "roi" else REGIONS
    for order, nan in itertools.product(
        ("bins_channels", "channels_bins"), ("propagate", "ignore")
    ):
        rules = dict(bins=bins, order=order, nan=nan)
        expected, places = expected_of(x, regions, **rules)
        rules["empty"] = "lowest"
        oracle.assert_same_bits(libspp.pool_regions(x, regions, LEVELS, **rules), expected)
        planes = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
        rows, indices = libspp.pool_regions(
            planes, regions, LEVELS, layout="nchw", return_indices=True, **rules
        )
        oracle.assert_same_bits(rows, expected)
        oracle.assert_same_bits(indices, places)


def test_many_windows_share_a_map():
    random = np.random.default_rng(3)
    x = oracle.painted((1, 30, 40, 70), np.float32)
    tops, lefts = random.integers(0, 29, 300), random.integers(0, 39, 300)
    heights, widths = random.integers(1, 31 - tops), random.integers(1, 41 - lefts)
    regions = np.column_stack([np.zeros(300, int), tops, lefts, heights, widths])
    for threads in (1, None):
        rows = libspp.pool_regions(x, regions, bins="adaptive", threads=threads)
        assert rows.shape == (300, 50 * 70)  # levels 1, 2, 3 and 6
        for k in range(0, 300, 37):
            top, left, height, width = regions[k, 1:]
            window = x[0, top : top + height, left : left + width]
            oracle.assert_same_bits(
                rows[k], libspp.pool(window, (1, 2, 3, 6), bins="adaptive", threads=1)
            )


def test_one_map_lists_and_none():
    maps = [oracle.painted((h, w, 7), np.float32, h) for h, w in [(4, 9), (13, 5), (6, 6)]]
    regions = np.array([(2, 0, 1, 6, 5), (0, 0, 0, 4, 9), (1, 9, 1, 4, 4)], np.int32)
    expected, places = expected_of(maps, regions)
    rows, indices = libspp.pool_regions(maps, regions, LEVELS, return_indices=True)
    oracle.assert_same_bits(rows, expected)
    oracle.assert_same_bits(indices, places)
    expected, _ = expected_of(maps[1:2], [(0, 1, 1, 7, 4)])
    oracle.assert_same_bits(libspp.pool_regions(maps[1], [(0, 1, 1, 7, 4)], LEVELS), expected)
    assert libspp.pool_regions(X, [], LEVELS).shape == (0, 115)
    assert libspp.pool_regions(X, np.empty((0, 5), np.int64), LEVELS).shape == (0, 115)


def test_arrays_of_the_caller():
    expected, places = expected_of(X, REGIONS)
    table = np.full((5, 150), 7, np.float32)
    rows, indices = table[:, 10:125], np.empty((5, 115), np.int32)
    pooling = libspp.Pooling(LEVELS, empty="lowest")
    result = pooling.regions(X, np.array(REGIONS), out=rows, indices=indices)
    assert result[0] is rows and result[1] is indices
    oracle.assert_same_bits(rows, expected)
    oracle.assert_same_bits(indices, places.astype(np.int32))
    assert (table[:, :10] == 7).all() and (table[:, 125:] == 7).all()


def test_padded_batches():
    sizes = [(9, 14), (6, 9)]
    rows = libspp.pool_regions(X, [(1, 1, 2, 5, 7)], LEVELS, valid_sizes=sizes)
    oracle.assert_same_bits(rows, expected_of(X, [(1, 1, 2, 5, 7)])[0])
    with pytest.raises(ValueError, match=r"regions\[0\].*map 1.*6 x 9"):
        libspp.pool_regions(X, [(1, 1, 2, 5, 8)], LEVELS, valid_sizes=sizes)


@pytest.mark.parametrize(
    ("arguments", "exception", "sentence"),
    [
        (dict(regions=[(0, 0, 0, 9)]), ValueError, r"regions has the shape \(1, 4\).*\(R, 5\)"),
        (dict(regions=5), ValueError, r"regions has the shape \(\)"),
        (dict(regions=[(0, 0, 0, 9, 1.5)]), TypeError, "regions has the element type float64"),
        (dict(regions=np.zeros((1, 5), np.uint64)), TypeError, "regions has.*uint64"),
        (
            dict(regions=[*REGIONS, (2, 0, 0, 1, 1)]),
            ValueError,
            r"regions\[5\].image is 2.* 2 maps",
        ),
        (dict(regions=[(0, 1, 0, 9, 14)]), ValueError, r"regions\[0\] has y 1.*9 x 14"),
        (dict(regions=[(0, 0, 0, 0, 14)]), ValueError, r"regions\[0\] has.*height 0"),
        (dict(regions=[(0, 0, 0, 2, 2)]), ValueError, r"region 0 is 2 x 2 cells.*empty bins"),
        (dict(bins="roi", regions=[(0, 0, 0, 0, 3)]), ValueError, r"regions\[0\].*height 0"),
        (dict(bins="round"), ValueError, "'rounded', 'adaptive', and for regions 'roi'"),
        (dict(out=np.zeros((4, 115), "f4")), ValueError, r"\(4, 115\), it needs \(5, 115\)"),
        (dict(x=list(X), valid_sizes=[(9, 14)] * 2), ValueError, "x is a list"),
    ],
)
def test_refusals(arguments, exception, sentence):
    arguments = {"x": X, "regions": REGIONS, **arguments}
    untouched = np.full((np.asarray(arguments["regions"]).size // 5, 115), 7, np.float32)
    with pytest.raises(exception, match=sentence):
        libspp.pool_regions(levels=LEVELS, **{"out": untouched, **arguments})
    assert (untouched == 7).all()


def test_whole_maps_have_no_windows():
    with pytest.raises(ValueError, match="SPP_BINS_ROI, which is for regions only"):
        libspp.pool(X, bins="roi")


# ---------------------------------------------------------------------------------------- gradient


def expected_gradient(grad, places, regions, shape, order="bins_channels"):
    images = np.array(regions)[:, 0]
    return np.stack(
        [
            oracle.backward_rows(grad[images == k], places[images == k], shape[1:], LEVELS, order)
            for k in range(shape[0])
        ]
    )


@pytest.mark.parametrize(
    "dtype", [dtype for dtype in oracle.TYPES if dtype.kind not in "iu"], ids=str
)
@pytest.mark.parametrize("order", ["bins_channels", "channels_bins"])
def test_gradient_of_every_type(dtype, order):
    x = oracle.painted((3, 9, 14, 5), dtype)
    rules = dict(bins="roi", order=order)
    _, places = libspp.pool_regions(x, OUTSIDE, LEVELS, return_indices=True, **rules)
    random = np.random.default_rng(1)
    grad = (random.normal(size=(4, 115)) * 10.0 ** random.integers(-3, 3, (4, 115))).astype(dtype)
    expected = expected_gradient(grad, places, OUTSIDE, x.shape, order)  # nothing for the last map
    actual = libspp.pool_backward(grad, places, x.shape, LEVELS, regions=OUTSIDE, **rules)
    oracle.assert_same_bits(actual, expected)
    planes = libspp.pool_backward(
        grad, places, (3, 5, 9, 14), LEVELS, layout="nchw", regions=OUTSIDE, **rules
    )
    oracle.assert_same_bits(planes.transpose(0, 2, 3, 1), expected)


def test_gradient_of_one_map_and_of_lists():
    random = np.random.default_rng(2)
    grad = random.normal(size=(5, 115)).astype(np.float32)
    _, places = libspp.pool_regions(X, REGIONS, LEVELS, empty="lowest", return_indices=True)
    expected = expected_gradient(grad, places, REGIONS, X.shape)
    shapes = [X.shape[1:]] * 2
    gradients = libspp.pool_backward(grad, places, shapes, LEVELS, regions=REGIONS)
    oracle.assert_same_bits(np.stack(gradients), expected)
    of_second = [k for k, region in enumerate(REGIONS) if region[0] == 1]
    regions = [(0, *REGIONS[k][1:]) for k in of_second]
    out = np.empty(X.shape[1:], np.float32)
    arguments = (grad[of_second], places[of_second], out.shape, LEVELS)
    assert libspp.pool_backward(*arguments, regions=regions, out=out) is out
    oracle.assert_same_bits(out, expected[1])
    nothing = libspp.pool_backward(grad[:0], places[:0], X.shape, LEVELS, regions=[])
    assert nothing.shape == X.shape and not nothing.any()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (dict(regions=REGIONS[:4]), r"grad has the shape \(5, 115\), it needs \(4, 115\)"),
        (dict(regions=[(2, 0, 0, 1, 1)] * 5), r"regions\[0\].image is 2"),
        (dict(indices=np.full((5, 115), 126)), "126"),
        (dict(regions=[(0, 1)] * 5), r"regions has the shape \(5, 2\)"),
    ],
)
def test_bad_gradients(change, sentence):
    out = np.full(X.shape, 7, np.float32)
    arguments = dict(grad=np.ones((5, 115), np.float32), indices=np.zeros((5, 115), np.int64))
    arguments.update(dict(regions=REGIONS, out=out), **change)
    with pytest.raises(ValueError, match=sentence):
        libspp.pool_backward(shape=X.shape, levels=LEVELS, **arguments)
    assert (out == 7).all()


# ------------------------------------------------------------------------------------------- boxes


@pytest.mark.parametrize("case", roi_cases(), ids=lambda case: case.name)
def test_recordings_of_torchvision(case):
    grids = libspp.roi_pool(case.x, case.boxes, case.side, case.scale, layout="nchw")
    np.testing.assert_array_equal(grids, case.y)  # torchvision's zeros have either sign
    maps = np.ascontiguousarray(case.x.transpose(0, 2, 3, 1))
    grids = libspp.roi_pool(maps, case.boxes, (case.side, case.side), case.scale)
    np.testing.assert_array_equal(grids, case.y.transpose(0, 2, 3, 1))
    parts = [case.boxes[case.boxes[:, 0] == image, 1:] for image in range(len(maps))]
    order = np.argsort(case.boxes[:, 0], kind="stable")
    grids = libspp.roi_pool(list(maps), parts, case.side, case.scale)
    np.testing.assert_array_equal(grids, case.y[order].transpose(0, 2, 3, 1))


def test_grids_of_the_caller():
    boxes = [(0, 0, 0, 5, 5), (1, 3, 2, 9, 30)]
    expected = libspp.roi_pool(X, boxes, (2, 3))
    assert expected.shape == (2, 2, 3, 5)
    memory = np.full((2, 2, 2, 3, 5), 7, np.float32)
    out = memory[:, 1]
    assert libspp.roi_pool(X, boxes, (2, 3), out=out) is out
    oracle.assert_same_bits(out, expected)
    assert (memory[:, 0] == 7).all()
    planes = X.transpose(0, 3, 1, 2)
    out = np.empty((2, 5, 2, 3), np.float32)
    libspp.roi_pool(planes, boxes, (2, 3), layout="nchw", out=out)
    oracle.assert_same_bits(out.transpose(0, 2, 3, 1), expected)


def test_no_boxes():
    assert libspp.roi_pool(X, [], (2, 3)).shape == (0, 2, 3, 5)
    out = np.empty((0, 5, 2, 3), np.float32)
    assert libspp.roi_pool(X.transpose(0, 3, 1, 2), [], (2, 3), layout="nchw", out=out) is out


@pytest.mark.parametrize(
    ("out", "exception", "sentence"),
    [
        ([0], TypeError, "out is <class 'list'>, not a numpy.ndarray"),
        (np.zeros((2, 2, 3), "f4"), ValueError, r"shape \(2, 2, 3\), it needs \(2, 2, 3, C\)"),
        (np.zeros((2, 3, 2, 5), "f4"), ValueError, r"it needs \(2, 2, 3, C\)"),
        (np.zeros((2, 2, 3, 6), "f4"), ValueError, r"out has the shape \(2, 36\).*\(2, 30\)"),
        (np.zeros((2, 2, 5, 3), "f4").swapaxes(2, 3), ValueError, "out has gaps"),
        (np.zeros((2, 2, 3, 5)), TypeError, "out has the element type float64"),
        (np.broadcast_to(np.float32(0), (2, 2, 3, 5)), ValueError, "out"),
    ],
)
def test_grids_that_do_not_fit(out, exception, sentence):
    with pytest.raises(exception, match=sentence):
        libspp.roi_pool(X, [(0, 0, 0, 5, 5)] * 2, (2, 3), out=out)


def test_projections():
    # By hand, from docs/values.md.  Columns: 1.5 cells and 4.4 cells; rows: 0.25 and 0.3 cells.
    box = [(3, 24, 4, 70.4, 4.8)]
    assert libspp.project_roi_pool(box, 1 / 16).tolist() == [[3, 0, 2, 1, 3]]
    assert libspp.project_paper(box, 16, 20, 30).tolist() == [[3, 0, 2, 1, 3]]
    wide = [(0, -50, 10, 500, 47)]  # -3.125 to 31.25; 0.625 to 2.9375
    assert libspp.project_roi_pool(wide, 1 / 16).tolist() == [[0, 1, -3, 3, 35]]
    assert libspp.project_paper(wide, 16, 20, 30).tolist() == [[0, 1, 0, 2, 30]]
    per_map = libspp.project_roi_pool([[], np.array([(24, 4, 70.4, 4.8)])][1:], 1 / 16)
    assert per_map.tolist() == [[0, 0, 2, 1, 3]] and per_map.dtype == np.int64
    assert libspp.project_roi_pool([], 1).shape == (0, 5)


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ([(0, 1, 2, 3)], r"boxes has the shape \(1, 4\), it needs \(R, 5\)"),
        ([np.zeros((2, 4)), np.zeros((2, 5))], r"boxes\[1\] has the shape \(2, 5\).*\(L, 4\)"),
        ([(0.5, 1, 2, 3, 4)], r"boxes\[0\] has the image 0.5"),
        ([(0, 1, 2, 3, 4), (0, 1, np.nan, 3, 4)], r"boxes\[1\].y1 is nan"),
        ([(0, 1, 2, 3, 1e30)], r"boxes\[0\].y2 is 1e\+30"),
    ],
)
def test_bad_boxes(boxes, sentence):
    with pytest.raises(ValueError, match=sentence):
        libspp.project_roi_pool(boxes, 1)
    with pytest.raises(ValueError, match=sentence):
        libspp.roi_pool(X, boxes, 2)


@pytest.mark.parametrize("dtype", ["float16", "uint8", "bool"])
def test_more_maps_than_the_type_of_the_boxes_can_number(dtype):
    boxes = [np.ones((1, 4), dtype)] * 2100
    assert libspp.project_roi_pool(boxes)[:, 0].tolist() == list(range(2100))


def test_bad_projections():
    box = [(0, 1, 2, 3, 4)]
    with pytest.raises(TypeError, match="boxes has the element type complex128"):
        libspp.project_roi_pool(np.zeros((1, 5), complex), 1)
    with pytest.raises(ValueError, match="spatial_scale is 0"):
        libspp.project_roi_pool(box, 0)
    with pytest.raises(ValueError, match="stride is -16"):
        libspp.project_paper(box, -16, 5, 5)
    with pytest.raises(ValueError, match="width is 0"):
        libspp.project_paper(box, 16, 5, 0)
    with pytest.raises(TypeError, match="output_size|levels"):
        libspp.roi_pool(X, box, "2")
