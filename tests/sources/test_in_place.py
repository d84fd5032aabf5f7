"""Files read where they stand: the same cells as a loaded file has, or a sign that it must be loaded."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from keguan import sources
from keguan.sources.in_place import in_place


def counted(path: Path) -> tuple[int, int] | None:
    """Rows, and those in which something may have been swallowed; None where the file must be loaded."""
    (shape,) = sources.inspect(path)
    with duckdb.connect() as connection, in_place(connection, shape, path.parent) as found:
        if found is None:
            return None
        row = connection.execute(
            f"SELECT count(*), count(*) FILTER (NOT sound) FROM (SELECT {found.sound} AS sound FROM {found.relation})"
        ).fetchall()[0]
        return int(row[0]), int(row[1])


def test_a_sound_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "x,1\n" * 50, "utf-8")
    assert counted(path) == (50, 0)
    typed = tmp_path / "t.parquet"
    duckdb.sql(f"COPY (SELECT 'x' AS a, range AS b FROM range(50)) TO '{typed}'")
    (shape,) = sources.inspect(typed)
    with duckdb.connect() as connection, in_place(connection, shape, tmp_path) as found:
        assert found is not None
        assert found.types == ("VARCHAR", "BIGINT")


def test_lines_inside_a_cell_are_a_doubt(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "x,1\n" * 50 + '"y\nz",2\n', "utf-8")
    assert counted(path) == (51, 1)


def test_a_row_of_another_width_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "x,1\n" * 50 + "y,2,3,4\n" + "x,1\n" * 50, "utf-8")
    with pytest.raises(duckdb.Error):
        counted(path)


def test_other_encodings_and_workbooks_are_loaded(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("组别,数\n" + "对照,1\n" * 50, "gb18030")
    assert counted(path) is None
