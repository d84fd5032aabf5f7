"""Moments are stored in UTC, the days that follow from them are those of the workspace's zone."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keguan.app.analyse import Session
from keguan.app.ingest.write import scan
from keguan.schema.tables import ENTITIES
from received import HEADER, loaded, rows, write
from shop import ARROW


def test_the_day_of_a_registration_is_local(tmp_path: Path) -> None:
    """In Shanghai it is still 31 December in UTC when customers register early on 1 January."""
    customers = write(
        tmp_path / "客户.csv", ("客户编号", "姓名", "注册时间"),
        ("C1", "王芳", "2024-01-01 02:00:00"), ("C2", "李强", "2024-01-01 09:00:00"), ("C3", "赵敏", ""),
    )  # fmt: skip
    zoned = write(
        tmp_path / "会员.csv", ("客户编号", "姓名", "性别", "注册时间"),
        ("C4", "钱伟", "男", "2023-12-31T18:00:00Z"), ("C5", "孙丽", "女", "2024-01-01T02:00:00+08:00"),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [customers, zoned])
    found = rows(
        workspace, "SELECT customer_id, registered_at, registered_on FROM customers ORDER BY customer_id"
    )
    assert [tuple(row.values()) for row in found] == [
        ("C1", datetime(2023, 12, 31, 18), date(2024, 1, 1)), ("C2", datetime(2024, 1, 1, 1), date(2024, 1, 1)),
        ("C3", None, None), ("C4", datetime(2023, 12, 31, 18), date(2024, 1, 1)),
        ("C5", datetime(2023, 12, 31, 18), date(2024, 1, 1)),
    ]  # fmt: skip


def test_the_day_of_a_registration_told_by_orders_is_local_and_stays(tmp_path: Path) -> None:
    header = (*HEADER, "注册时间")
    first = write(
        tmp_path / "1.csv",
        header,
        (1, "C1", "2024-03-01 10:00:00", "P1", "茶", 1, "5", "2024-01-01 02:00:00"),
    )
    second = write(tmp_path / "2.csv", HEADER, (2, "C1", "2024-04-01 10:00:00", "P1", "茶", 1, "5"))
    workspace = loaded(tmp_path / "w", [first], [second])
    found = rows(workspace, "SELECT registered_at, registered_on FROM customers")
    assert found == [{"registered_at": datetime(2023, 12, 31, 18), "registered_on": date(2024, 1, 1)}]


def test_the_day_of_an_invitation_is_local(tmp_path: Path) -> None:
    survey = write(
        tmp_path / "问卷.csv", ("答卷编号", "客户编号", "邀请时间", "提交时间", "总体满意度"),
        *((f"A{n}", f"C{n}", "2025-03-01 02:00:00", "2025-03-01 09:00:00" if n < 20 else "", 4 if n < 20 else "")
          for n in range(40)),
    )  # fmt: skip
    workspace = loaded(tmp_path / "w", [survey])
    found = rows(workspace, "SELECT DISTINCT invited_at, invited_on, day FROM all_feedback")
    assert found == [
        {"invited_at": datetime(2025, 2, 28, 18), "invited_on": date(2025, 3, 1), "day": date(2025, 3, 1)}
    ]
    # With 14 days of patience an invitation of 1 March counts from 15 March on, not from 14 March.
    for as_of, count in ((date(2025, 3, 14), 0), (date(2025, 3, 15), 1)):
        with Session(workspace.store, as_of) as session:
            assert len(session.run("satisfaction").table("responses").rows) == count


@pytest.mark.parametrize(("table", "column"), [("customers", "registered_on"), ("feedback", "invited_on")])
def test_files_of_before_a_column_are_read_with_it_empty(table: str, column: str, tmp_path: Path) -> None:
    new = pa.table({field.name: pa.nulls(2, ARROW[field.type]) for field in ENTITIES[table].fields})
    paths = [str(tmp_path / "old.parquet"), str(tmp_path / "new.parquet")]
    pq.write_table(new.drop_columns([column]), paths[0])
    pq.write_table(new, paths[1])
    for files, count in ((paths, 4), (paths[:1], 2), (paths[1:], 2)):
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT {column} FROM ({scan(files, table)})").fetchall()
        assert found == [(None,)] * count
