"""Files that NumPy writes are pooled, and NumPy reads the result."""
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy
except ImportError:
    sys.exit(77)

tool = sys.argv[1]
random = numpy.random.default_rng(2014)
types = ("float32", "float64", "float16", "int8", "uint8", "int16", "uint16", "int32")
for dtype in types:
    maps = [(100 * random.standard_normal(size)).astype(numpy.int8).astype(dtype)
            for size in ((4, 6, 5), (3, 2, 8, 5))]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for index, array in enumerate(maps):
            numpy.save(folder / f"{index}.npy", array)
        command = [tool, "pool", folder / "0.npy", folder / "1.npy", "--levels", "1,2"]
        subprocess.run([*command, "-o", folder / "vectors.npy"], check=True)
        vectors = numpy.load(folder / "vectors.npy")

    # All sides are even, so two bins are halves under either rule.
    expected = []
    for image in (maps[0], *maps[1]):
        half_height, half_width = image.shape[0] // 2, image.shape[1] // 2
        halves = image.reshape(2, half_height, 2, half_width, 5).max(axis=(1, 3))
        expected.append(numpy.concatenate([image.max(axis=(0, 1)), halves.ravel()]))
    assert vectors.dtype == dtype, (vectors.dtype, dtype)
    assert numpy.array_equal(vectors, numpy.stack(expected)), f"the vectors of {dtype} differ"
