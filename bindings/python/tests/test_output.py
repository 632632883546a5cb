"""The memory of the arrays that are returned: reused, but never while anyone can see it."""

import gc
import weakref

import numpy as np
import pytest

import libspp

LENGTH = 21 * 64


@pytest.fixture
def x():
    return np.ones((8, 8, 64), np.float32)


def address(array):
    return array.__array_interface__["data"][0]


def test_memory_is_used_again(x):
    first = libspp.pool(x)
    place = address(first)
    del first
    assert address(libspp.pool(x)) == place


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a[5:],
        lambda a: a.reshape(21, 64).T,
        lambda a: memoryview(a),
        lambda a: np.from_dlpack(a),
        lambda a: np.frombuffer(a, np.uint8),
        lambda a: [a[k : k + 1] for k in range(3)],
    ],
    ids=["slice", "transposed", "memoryview", "dlpack", "frombuffer", "several"],
)
def test_not_while_a_view_is_alive(x, view):
    array = libspp.pool(x)
    place = address(array)
    kept = view(array)
    content = np.asarray(kept).tobytes()
    del array
    gc.collect()
    others = [libspp.pool(2 * x) for _ in range(20)]
    assert all(address(other) != place for other in others)
    assert np.asarray(kept).tobytes() == content
    del kept
    gc.collect()
    assert place in [address(a) for a in [libspp.pool(x) for _ in range(20)]]


def test_results_are_independent(x):
    left = [libspp.pool(x) for _ in range(5)]
    del left  # memory for the next ones
    arrays = [libspp.pool(x * k) for k in range(30)]
    for k, array in enumerate(arrays):
        assert array.shape == (LENGTH,)
        assert (array == k).all()


def test_much_smaller_results_leave_large_memory_alone(x):
    large = libspp.pool(x, [(64, 64)], bins="adaptive")
    place = address(large)
    del large
    small = libspp.pool(x, [1])
    assert address(small) != place
    assert address(libspp.pool(x, [(64, 64)], bins="adaptive")) == place


def test_results_are_ordinary_arrays(x):
    array = libspp.pool(x)
    assert type(array) is np.ndarray
    assert array.flags.c_contiguous and array.flags.writeable and array.flags.aligned
    assert address(array) % 64 == 0
    gone = weakref.ref(array)
    del array
    assert gone() is None


def test_what_is_kept_is_bounded():
    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    x = np.broadcast_to(np.float32(1), (8, 4, 4, 2**20))
    before = resident()
    arrays = [libspp.pool(x, [1, 1]) for _ in range(8)]  # 64 MiB each
    assert resident() - before > 8 * 60 * 2**20
    del arrays
    assert resident() - before < 80 * 2**20
