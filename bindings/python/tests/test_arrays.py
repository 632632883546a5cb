"""What may be passed as x and as out, and what is returned."""

import array
import pickle
import sys
import threading

import ml_dtypes
import numpy as np
import oracle
import pytest

import libspp


@pytest.fixture
def x():
    return oracle.painted((2, 9, 10, 6), np.float32)


def test_strides_need_no_copy(x):
    wide = oracle.painted((2, 20, 24, 12), np.float32)
    for view in (
        wide[:, 3:12, 5:15, :6],
        wide[:, ::2, ::2, ::2],
        wide.transpose(0, 2, 1, 3),
        np.broadcast_to(wide[:1, :9, :10], (2, 9, 10, 12)),
        wide[1:],
    ):
        expected = oracle.pool(np.ascontiguousarray(view), (1, 2, 4))
        oracle.assert_same_bits(libspp.pool(view), expected)
        oracle.assert_same_bits(libspp.pool(list(view)), expected)


def test_buffers_that_are_not_numpy(x):
    expected = oracle.pool(x, (1, 2, 4))
    oracle.assert_same_bits(libspp.pool(memoryview(x)), expected)
    words = memoryview(array.array("i", range(60))).cast("b").cast("i", (3, 4, 5))
    oracle.assert_same_bits(libspp.pool(words, (1,)), np.array([55, 56, 57, 58, 59], np.int32))
    out = array.array("f", [0]) * (21 * 6)
    assert libspp.pool(x[0], out=out) is out
    assert bytes(out) == expected[0].tobytes()


class Exporter:
    """Speaks DLPack and nothing else."""

    def __init__(self, owner):
        self.owner = owner

    def __dlpack__(self, **keywords):
        return self.owner.__dlpack__(**keywords)

    def __dlpack_device__(self):
        return self.owner.__dlpack_device__()


def test_dlpack(x):
    expected = oracle.pool(x, (1, 2, 4))
    oracle.assert_same_bits(libspp.pool(Exporter(x)), expected)
    oracle.assert_same_bits(libspp.pool([Exporter(x[0]), x[1]]), expected)
    out = np.empty((2, 126), np.float32)
    libspp.pool(x, out=Exporter(out))
    oracle.assert_same_bits(out, expected)


class OldExporter(Exporter):
    """Speaks the DLPack before version 1, which cannot say that an array is read-only."""

    def __dlpack__(self):
        return self.owner.__dlpack__()


def test_dlpack_that_cannot_say_read_only_is_not_written_to(x):
    oracle.assert_same_bits(libspp.pool(OldExporter(x)), oracle.pool(x, (1, 2, 4)))
    out = np.full((2, 126), 7, np.float32)
    with pytest.raises(TypeError, match="out is.*OldExporter.*does not say.*written to"):
        libspp.pool(x, out=OldExporter(out))
    assert (out == 7).all()


def test_an_element_that_extends_its_list(x):
    class Extends(Exporter):
        def __dlpack__(self, **keywords):
            maps.extend([x[1]] * 100)
            return super().__dlpack__(**keywords)

    maps = [x[0], Extends(x[1])]
    oracle.assert_same_bits(libspp.pool(maps), oracle.pool(x, (1, 2, 4)))


def test_any_truth_value_of_requires_grad(x):
    expected = oracle.pool(x, (1, 2, 4))
    exporter = Exporter(x)
    for exporter.requires_grad in (None, 0, np.False_):
        oracle.assert_same_bits(libspp.pool(exporter), expected)
    for exporter.requires_grad in ("yes", 1, np.True_):
        with pytest.raises(TypeError, match="x requires a gradient"):
            libspp.pool(exporter)


def test_read_only_input(x):
    expected = oracle.pool(x, (1, 2, 4))
    x.flags.writeable = False
    oracle.assert_same_bits(libspp.pool(x), expected)
    oracle.assert_same_bits(libspp.pool(memoryview(x)), expected)


def test_memory_maps(x, tmp_path):
    np.save(tmp_path / "x.npy", x)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    oracle.assert_same_bits(libspp.pool(mapped), oracle.pool(x, (1, 2, 4)))


def test_out_is_returned_and_filled(x):
    expected = oracle.pool(x, (1, 2, 4))
    out = np.empty((2, 126), np.float32)
    assert libspp.pool(x, out=out) is out
    oracle.assert_same_bits(out, expected)
    table = np.full((2, 200), 7, np.float32)
    libspp.pool(x, out=table[:, 50:176])
    oracle.assert_same_bits(table[:, 50:176], expected)
    assert (table[:, :50] == 7).all() and (table[:, 176:] == 7).all()
    libspp.pool([x[0], x[1, :5]], out=out)
    oracle.assert_same_bits(out, oracle.pool([x[0], x[1, :5]], (1, 2, 4)))


def test_no_maps():
    x = np.empty((0, 9, 10, 6), np.float32)
    assert libspp.pool(x).shape == (0, 126)
    assert libspp.pool(x, valid_sizes=np.empty((0, 2), int)).shape == (0, 126)


def test_no_rows(x):
    memory = np.zeros(0, np.float32)
    for out in (
        np.zeros((0, 126), np.float32),
        np.lib.stride_tricks.as_strided(memory, (0, 126), (0, 0)),
    ):
        assert libspp.pool(x[:0], out=out) is out
        assert libspp.pool_regions(x, [], (1, 2, 4), out=out) is out


def test_types_are_kept():
    for dtype in oracle.TYPES:
        assert libspp.pool(np.zeros((4, 4, 3), dtype)).dtype == dtype


def test_threads_and_tiers_change_nothing(x):
    expected = oracle.pool(x, (1, 2, 3, 6))
    tiers = [name for name, refusal in libspp.info()["tiers"].items() if refusal is None]
    for tier in tiers:
        pooling = libspp.Pooling((1, 2, 3, 6), tier=tier)
        assert f"tier {tier}" in pooling.describe()
        for threads in (None, 1, 2):
            oracle.assert_same_bits(pooling(x, threads=threads), expected)


def test_the_interpreter_lock_is_released():
    # 8 GB to read from one page.
    x = np.broadcast_to(np.float32(1), (1, 2048, 4096, 256))
    began, ended = [], []

    def work():
        began.append(True)
        libspp.pool(x, (1,), threads=1)
        ended.append(True)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # a thread goes on until it releases the lock by itself
    try:
        thread = threading.Thread(target=work)
        thread.start()
        while not began:
            threading.Event().wait(0.0001)
        released = not ended
        thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert released


def test_one_pooling_for_many_threads(x):
    pooling = libspp.Pooling()
    expected = {dtype: oracle.pool(x.astype(dtype), (1, 2, 4)) for dtype in ("f4", "f8", "f2")}
    failures = []

    def work(dtype):
        try:
            for _ in range(200):
                oracle.assert_same_bits(pooling(x.astype(dtype)), expected[dtype])
        except AssertionError as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(dtype,)) for dtype in expected for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_pooling_describes_itself():
    pooling = libspp.Pooling([1, (2, 3)], bins="adaptive", layout="nchw", nan="ignore")
    assert pooling.levels == ((1, 1), (2, 3))
    assert pooling.bins == 7
    assert pooling.output_length(10) == 70
    for name in ("int8", np.int8, np.dtype("int8")):
        assert pooling.describe(name).startswith(
            "i8 NCHW, levels 1x1 2x3 (7 bins), adaptive bins, order bins_channels, NaN ignore"
        )
    assert pooling.describe(ml_dtypes.bfloat16).startswith("bf16 ")
    again = pickle.loads(pickle.dumps(pooling))
    assert repr(again) == repr(pooling)
    assert eval(repr(pooling), {"Pooling": libspp.Pooling}).describe() == pooling.describe()


@pytest.mark.parametrize(
    ("state", "exception", "sentence"),
    [
        ((), ValueError, "the state of a Pooling has 7 fields, not 0"),
        (((1,),), ValueError, "7 fields, not 1"),
        (((1,), *["rounded"] * 7), ValueError, "7 fields, not 8"),
        ((3, *["rounded"] * 6), TypeError, "levels is 3, not a sequence"),
        (((1,), 5, *["rounded"] * 5), TypeError, "bins is 5, not a word such as 'rounded'"),
    ],
)
def test_states_of_other_things(state, exception, sentence):
    pooling = libspp.Pooling.__new__(libspp.Pooling)
    with pytest.raises(exception, match=sentence):
        pooling.__setstate__(state)


def test_a_pickle_without_fields():
    with pytest.raises(ValueError, match="7 fields, not 0"):
        pickle.loads(b"\x80\x02clibspp._core\nPooling\n)\x81)b.")


def test_info():
    info = libspp.info()
    assert info["version"] == libspp.__version__
    assert info["tiers"]["portable"] is None
    assert info["threads"] >= 1
