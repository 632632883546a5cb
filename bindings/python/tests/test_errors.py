"""Bad input: the exception, its sentence, and an output that is as it was."""

import numpy as np
import pytest

import libspp

X = np.zeros((2, 9, 10, 6), np.float32)


@pytest.mark.parametrize(
    ("arguments", "exception", "sentence"),
    [
        (dict(x=3), TypeError, "x is <class 'int'>: not an array"),
        (dict(x=None), TypeError, "^x is <class 'NoneType'>: not an array"),
        (dict(x=[X[0], 3.5]), TypeError, r"x\[1\] is <class 'float'>: not an array"),
        (dict(x=[[1.0]]), TypeError, r"x\[0\] is <class 'list'>"),
        (dict(x=[]), ValueError, "x is an empty list"),
        (dict(x=X.astype(complex)), TypeError, "complex128.*there are float32, float64"),
        (dict(x=X.astype(np.int64)), TypeError, "int64"),
        (dict(x=X.astype(">f4")), TypeError, "byte order"),
        (dict(x=memoryview(X.astype(np.int64))), TypeError, "code 0, 64 bits"),
        (dict(x=X[0, 0]), ValueError, r"x has 2 dimensions; a batch is \(N, H, W, C\)"),
        (dict(x=X[None]), ValueError, "x has 5 dimensions"),
        (dict(x=[X]), ValueError, r"x\[0\] has 4 dimensions; the maps of a list have 3"),
        (dict(x=[X[0], X[0].astype("f8")]), TypeError, r"x\[1\].*float64, x\[0\] has float32"),
        (dict(x=[X[0], X[0, ..., :3]]), ValueError, r"x\[1\] has 3 channels, x\[0\] has 6"),
        (dict(x=X[:, :0]), ValueError, "height is 0"),
        (dict(x=X[..., :0]), ValueError, "channels is 0"),
        (
            dict(x=X[:, ::-1]),
            ValueError,
            r"x has the stride -60 along dimension 1.*: np.ascontiguousarray\(x\) makes a copy",
        ),
        (
            dict(x=[X[0], X[0, :, ::-1]]),
            ValueError,
            r"-6 along dim.*np.ascontiguousarray\(x\[1\]\)",
        ),
        (
            dict(out=np.zeros((2, 126), "f4")[::-1]),
            ValueError,
            "out has the stride -126.*negative$",
        ),
        (
            dict(x=X[:, :3]),
            ValueError,
            r"map 0 is 3 x 10 cells: level 2 \(4 x 4\) has 4 empty bins",
        ),
        (dict(levels=4), TypeError, "levels is 4, not a sequence"),
        (dict(levels=None), TypeError, "^levels is None, not a sequence"),
        (dict(levels="124"), TypeError, "levels is '124', not a sequence"),
        (dict(levels=[]), ValueError, "level_count is 0"),
        (dict(levels=[0]), ValueError, "0 x 0 bins"),
        (dict(levels=[1.5]), TypeError, "levels is.*1.5"),
        (dict(levels=[(1, 2, 3)]), ValueError, r"a pair is \(rows, columns\)"),
        (dict(levels=[2**40]), ValueError, "1099511627776"),
        (
            dict(bins="round"),
            ValueError,
            "bins is 'round'; there are 'rounded', 'adaptive', and for regions 'roi'",
        ),
        (dict(bins=None), TypeError, "^bins is None, not a word such as 'rounded'"),
        (dict(nan=b"ignore"), TypeError, "^nan is b'ignore', not a word such as 'propagate'"),
        (dict(empty="\ud800"), TypeError, r"^empty is '\\ud800', not a word such as 'error'"),
        (dict(layout="NHWC"), ValueError, "layout is 'NHWC'"),
        (dict(order="c"), ValueError, "order is 'c'"),
        (dict(nan="no"), ValueError, "nan is 'no'"),
        (dict(empty="no"), ValueError, "empty is 'no'"),
        (dict(threads=-1), ValueError, "thread_limit is -1"),
        (dict(threads=1.0), TypeError, "threads is 1.0, not a whole number"),
        (dict(valid_sizes=[(9, 10)]), ValueError, "valid_sizes has 1 rows; the batch has 2"),
        (dict(valid_sizes=[(9, 11), (9, 10)]), ValueError, "11"),
        (dict(valid_sizes=[(9.5, 10), (9, 10)]), TypeError, "float64"),
        (dict(x=X[0], valid_sizes=[(9, 10)]), ValueError, "not for one map"),
        (dict(x=list(X), valid_sizes=[(9, 10)] * 2), ValueError, "x is a list"),
        (dict(out=np.zeros((2, 125), "f4")), ValueError, r"\(2, 125\), it needs \(2, 126\)"),
        (dict(out=np.zeros(252, "f4")), ValueError, r"\(252,\), it needs \(2, 126\)"),
        (
            dict(out=np.zeros((2, 126))),
            TypeError,
            "out has the element type float64, it needs float32",
        ),
        (dict(out=np.zeros((126, 2), "f4").T), ValueError, "gaps within a row"),
        (dict(out=np.broadcast_to(np.float32(0), (2, 126))), ValueError, "read-only"),
        (dict(out=bytes(4 * 252)), TypeError, "out is <class 'bytes'>.*written"),
    ],
)
def test_refusals(arguments, exception, sentence):
    untouched = np.full((2, 126), 7, np.float32)
    with pytest.raises(exception, match=sentence):
        libspp.pool(**{"x": X, "out": untouched, **arguments})
    assert (untouched == 7).all()


def test_overlap():
    memory = np.zeros(2000, np.float32)
    with pytest.raises(ValueError, match="overlap"):
        libspp.pool(memory[:1080].reshape(2, 9, 10, 6), out=memory[1000:1252].reshape(2, 126))


def test_tiers():
    lacking = [name for name, refusal in libspp.info()["tiers"].items() if refusal]
    for tier in lacking:
        with pytest.raises(ValueError, match=tier):
            libspp.Pooling(tier=tier)
    with pytest.raises(ValueError, match="tier is 'sse'"):
        libspp.Pooling(tier="sse")


def test_queries():
    pooling = libspp.Pooling()
    with pytest.raises(ValueError, match="channels is 0"):
        pooling.output_length(0)
    with pytest.raises(ValueError, match="height is 0"):
        pooling.rectangles(0, 5)
    with pytest.raises(TypeError, match="int64"):
        pooling.describe("int64")
    with pytest.raises(ValueError, match="channels is -1"):
        libspp.permutation((1, 2), -1)


def test_memory_that_cannot_be_had():
    x = np.broadcast_to(np.float32(0), (2**20, 4096, 1, 2**12))
    with pytest.raises(MemoryError):
        libspp.pool(x, [(4096, 1)])
