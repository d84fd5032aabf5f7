"""Files of earlier formats lack columns that a table has now: they read as NULL, and newer files cost nothing more."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.schema.tables import SEGMENTS

OLD = (
    "SELECT CAST(1 AS INTEGER) AS account_no, 'rfm' AS segmentation, 'A' AS label, DATE '2024-01-31' AS as_of"
)
NEW = f"{OLD.replace('1 AS', '2 AS')}, 'high' AS score, 'r1' AS run_id"


def written(folder: Path, **files: str) -> list[str]:
    for name, sql in files.items():
        duckdb.sql(f"COPY ({sql}) TO '{folder / name}.parquet' (FORMAT parquet)")
    return [str(folder / f"{name}.parquet") for name in files]


@pytest.mark.parametrize("files", [{"b1": OLD}, {"b1": OLD, "b2": NEW}])
def test_missing_columns_are_null(tmp_path: Path, files: dict[str, str]) -> None:
    engine = DuckDBEngine([tmp_path])
    engine.register(SEGMENTS, written(tmp_path, **files))
    rows = engine.query("SELECT account_no, score, run_id FROM segments ORDER BY account_no").to_pylist()
    assert rows[0] == {"account_no": 1, "score": None, "run_id": None}
    assert [row["score"] for row in rows[1:]] == ["high"] * (len(files) - 1)
    engine.close()


def test_files_of_another_table_are_no_older_files(tmp_path: Path) -> None:
    engine = DuckDBEngine([tmp_path])
    with pytest.raises(duckdb.BinderException):
        engine.register(SEGMENTS, written(tmp_path, b1="SELECT 1 AS order_id"))
    engine.close()
