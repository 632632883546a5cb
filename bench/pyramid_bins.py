"""The bins of the peers' pyramid, and their rows from what the peers give."""
import numpy as np

from peers import LEVELS


def rounded(length, bins):
    """[start, end) of each bin, as the Keras layer rounds."""
    size = np.float32(length) / np.float32(bins)
    sides = [np.float32(i) * size for i in range(bins)]
    return [(int(np.rint(side)), int(np.rint(side + size))) for side in sides]


def boxes(shape):
    """(top, bottom, left, right) of every bin, in the order of the rows."""
    height, width = shape[1:3]
    return [(*rows, *columns) for n in LEVELS
            for rows in rounded(height, n) for columns in rounded(width, n)]


def divides(shape):
    return all(side % n == 0 for side in shape[1:3] for n in LEVELS)


def planes_of(maps):
    return np.ascontiguousarray(np.moveaxis(maps, 3, 1))


def rows_of(levels):
    """Levels (N, C, n, n) as rows."""
    return np.concatenate([np.moveaxis(level, 1, 3).reshape(level.shape[0], -1)
                           for level in levels], axis=1)
