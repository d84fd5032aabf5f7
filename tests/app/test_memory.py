"""Python's memory does not grow with the number of customers; the engine's keeps to its limit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from keguan.app.workspace import Workspace

LINES = """
SELECT 'N' || CAST(i AS VARCHAR) AS order_id, 'C' || CAST((i * 7919) % {customers} AS VARCHAR) AS customer_id,
       TIMESTAMP '2024-01-01 09:00:00' + INTERVAL 1 MINUTE * CAST(i * (600000.0 / {lines}) AS INTEGER) AS ordered_at,
       'P' || CAST(100 + i % 40 AS VARCHAR) AS product_id, CASE WHEN i % 31 = 0 THEN -1 ELSE 1 + i % 3 END AS quantity,
       CAST(5 + (i % 97) / 4.0 AS DECIMAL(9, 2)) AS unit_price,
       CASE WHEN i % 3 = 0 THEN 'web' ELSE 'app' END AS channel
FROM range({lines}) t(i)
"""

# Everything that an analysis makes in Python, rows handed over by the engine included.
RUN = """
import json, sys, tracemalloc
from pathlib import Path
import pyarrow as pa
from keguan import registry
from keguan.app.analyse import Session
from keguan.store.workspace import Store
with Session(Store(Path(sys.argv[1]))) as session:
    session.run("overview")  # modules and caches
    tracemalloc.start()
    for name in registry.names():
        result = session.run(name)
        for relation in result.relations:
            for batch in session.inputs.stream(relation.sql, **dict(relation.params)):
                pass
    print(json.dumps([tracemalloc.get_traced_memory()[1], pa.default_memory_pool().max_memory()]))
"""


def peaks(folder: Path, customers: int) -> tuple[int, int]:
    """Bytes at the height of all analyses: of Python, of Arrow."""
    lines = folder / f"{customers}.parquet"
    duckdb.sql(
        f"COPY ({LINES.format(customers=customers, lines=2 * customers)}) TO '{lines}' (FORMAT parquet)"
    )
    workspace = folder / f"w{customers}"
    Workspace.init(workspace)
    with (workspace / "keguan.toml").open("a", encoding="utf-8") as settings:
        settings.write('\nmemory_limit = "200MB"\n')
    Workspace(workspace).load(lines)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(workspace)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    python, arrow = json.loads(done.stdout)
    return python, arrow


@pytest.mark.slow
def test_twenty_times_the_customers_take_the_same_memory(tmp_path: Path) -> None:
    few, many = peaks(tmp_path, 3_000), peaks(tmp_path, 60_000)
    assert many[0] < few[0] + 4_000_000
    assert many[1] < few[1] + 16_000_000  # two batches of a stream
