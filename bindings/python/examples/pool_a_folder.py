"""Pools a folder of maps into one Parquet table, with Dask on two processes.

    python pool_a_folder.py FOLDER TABLE.parquet

FOLDER holds NumPy files, each a map (H, W, C) of any height and width.  The table has a row for each
file: its name and its vector.  Files are pooled in pieces; a worker that dies costs the pieces that it
had, which Dask gives to another.

    pip install "dask[distributed]" pyarrow
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from dask.distributed import Client, LocalCluster, progress

import libspp

PIECE = 16  # files


def pool_piece(files: list[Path]) -> np.ndarray:
    """(files, bins * C)"""
    return libspp.pool([np.load(file) for file in files], levels=(1, 2, 4), threads=1)


def write_table(client: Client, folder: Path, table: Path) -> int:
    """Returns the number of rows."""
    files = sorted(folder.glob("*.npy"))
    pieces = [files[k : k + PIECE] for k in range(0, len(files), PIECE)]
    futures = client.map(pool_piece, pieces, pure=False, retries=3)
    progress(futures, notebook=False)
    writer = None
    for piece, future in zip(pieces, futures, strict=True):
        rows = future.result()
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), rows.shape[1])
        batch = pa.table({"file": [file.name for file in piece], "vector": vectors})
        writer = writer or pq.ParquetWriter(table, batch.schema)
        writer.write_table(batch)
    if writer is not None:
        writer.close()
    return len(files)


def main() -> None:
    folder, table = (Path(argument) for argument in sys.argv[1:])
    with LocalCluster(n_workers=2, threads_per_worker=1) as cluster, Client(cluster) as client:
        count = write_table(client, folder, table)
    print(f"\n{count} maps in {table}")


if __name__ == "__main__":
    main()
