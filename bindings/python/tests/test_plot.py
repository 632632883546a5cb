"""What the pictures show."""

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

import libspp.plot


@pytest.fixture
def x():
    x = np.zeros((5, 7, 2), np.float32)
    x[4, 1, 0] = 3
    x[0, 6, 1] = 5
    return x


def boxes(axes):
    return [(*patch.get_xy(), patch.get_width(), patch.get_height()) for patch in axes.patches]


def dots(axes):
    (line,) = axes.lines
    return [tuple(point) for point in line.get_xydata().tolist()]


def test_grid_and_maxima(x):
    one, two = libspp.plot.pyramid(x, (1, 2))
    assert boxes(one) == [(0, 0, 7, 5)]
    assert dots(one) == [(6.5, 0.5)]
    # docs/values.md: 5 cells are [0,2) [2,5), 7 are [0,4) [4,7).
    assert boxes(two) == [(0, 0, 4, 2), (4, 0, 3, 2), (0, 2, 4, 3), (4, 2, 3, 3)]
    assert dots(two) == [(0.5, 0.5), (6.5, 0.5), (1.5, 4.5), (4.5, 2.5)]
    assert two.get_title() == "2 x 2"


def test_channel_layout_and_photograph(x):
    (axes,) = libspp.plot.pyramid(x, (1,), channel=0, photograph=np.zeros((50, 70, 3)))
    assert dots(axes) == [(1.5, 4.5)]
    assert axes.images[0].get_array().shape == (50, 70, 3)
    assert axes.images[0].get_extent() == [0, 7, 5, 0]
    (axes,) = libspp.plot.pyramid(x.transpose(2, 0, 1), (1,), channel=0, layout="nchw")
    assert dots(axes) == [(1.5, 4.5)]


def test_bins_without_cells_are_left_out(x):
    (axes,) = libspp.plot.pyramid(x[:1, :1], (2,))
    assert boxes(axes) == [(0, 0, 1, 1)] and dots(axes) == [(0.5, 0.5)]


def test_refusals(x):
    with pytest.raises(ValueError, match="x has 4 dimensions"):
        libspp.plot.pyramid(x[None])
    with pytest.raises(ValueError, match="axes are 1; there are 2 levels"):
        libspp.plot.pyramid(x, (1, 2), axes=libspp.plot.pyramid(x, (1,)))


def test_regions(x):
    axes = libspp.plot.regions(x, [(0, 0, 0, 5, 3), (0, 0, 5, 2, 2)], (2, 1))
    # Each window, then its bins: 5 rows are [0,2) [2,5), 2 are [0,1) [1,2).
    expected = [(0, 0, 3, 5), (0, 0, 3, 2), (0, 2, 3, 3), (5, 0, 2, 2), (5, 0, 2, 1), (5, 1, 2, 1)]
    assert boxes(axes) == expected
    first, second = ([tuple(p) for p in line.get_xydata().tolist()] for line in axes.lines)
    assert first == [(0.5, 0.5), (1.5, 4.5)]
    assert second == [(6.5, 0.5), (5.5, 1.5)]
    assert axes.get_title() == "2 x 1, 2 regions"
    assert len({line.get_color() for line in axes.lines}) == 2


def test_regions_that_leave_the_map(x):
    axes = libspp.plot.regions(x, [(0, -2, -3, 6, 6)], 2, bins="roi", channel=0)
    # Bins [-2,1) [1,4) x [-3,0) [0,3), without what is outside and the bins that are.
    assert boxes(axes) == [(-3, -2, 6, 6), (0, 0, 3, 1), (0, 1, 3, 3)]
    assert dots(axes) == [(0.5, 0.5), (0.5, 1.5)]
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    assert left < -3 and right > 7 and top < -2 and bottom > 5


def test_no_regions(x):
    assert boxes(libspp.plot.regions(x, [])) == []


def test_bad_regions(x):
    with pytest.raises(ValueError, match=r"regions\[0\].image is 1"):
        libspp.plot.regions(x, [(1, 0, 0, 2, 2)])
    with pytest.raises(ValueError, match=r"regions has the shape \(1, 4\)"):
        libspp.plot.regions(x, [(0, 0, 2, 2)])
