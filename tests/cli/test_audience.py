"""`keguan audience` and `keguan export mart` as typed: what is printed, in both languages and as JSON.

covers: J4
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audience_shop import SEGMENT, shop

Cli = Callable[..., Any]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return shop(tmp_path).store.folder


def test_made_listed_shown_and_exported(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    asked = (SEGMENT, "--channel", "sms", "--holdout", "25%", "--campaign", "夏季", "-w", workspace)
    done = cli("audience", *asked, language="zh")
    assert done.code == 0, done.err
    for words in (
        "分群里的客户",
        "触达组",
        "留出组",
        "拒绝授权",
        "夏季",
        "下一步: keguan audience export A2025",
    ):
        assert words in done.out
    again = cli("audience", "make", *asked)
    assert (again.code, "frozen before; nothing has changed" in again.out) == (0, True)
    shown = json.loads(cli("audience", "list", "-w", workspace, "--format", "json").out)
    (row,) = shown["tables"]["audiences"]["rows"]
    number = row[0]
    record = cli("audience", "show", number, "-w", workspace)
    assert "Customers held out" in cli("audience", "list", "-w", workspace).out
    assert "Held out" in record.out
    told = cli("audience", "export", number, tmp_path / "list.csv", "-w", workspace)
    assert (told.code, "25 customers exported" in told.out) == (0, True)
    assert (tmp_path / "list.csv").exists()
    mart = cli("export", "mart", tmp_path / "mart", "-w", workspace)
    assert (mart.code, "customers: 40 rows" in mart.out) == (0, True)
    assert (tmp_path / "mart" / "schema.sql").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("everybody/nobody", "--channel", "sms"), 2, "everybody/买过 (40)"),
        ((SEGMENT, "--channel", "social"), 4, "no usable WeChat ids"),
        ((SEGMENT, "--channel", "sms", "--starts", "soon"), 2, "--starts"),
        (("show", "A0"), 2, "no such audience"),
        (("export", "A0", "x.csv"), 2, "no such audience"),
        (("list", "--format", "xml"), 2, "table | json | csv"),
    ],
)
def test_an_error_is_one_paragraph(
    cli: Cli, workspace: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = cli("audience", *arguments, "-w", workspace)
    assert done.code == code
    assert says in done.err
    assert done.err.strip().count("\n") == 0
    assert "139000" not in done.err


def test_tables_of_an_analysis_as_files(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    """A sheet for each table; one table as CSV in words, as Parquet in names; several tables need a name."""
    import fastexcel
    import pyarrow.parquet as pq

    book = cli("export", "result", "data_quality", "-o", tmp_path / "abc.xlsx", "-w", workspace)
    assert book.code == 0, book.err
    sheets = fastexcel.read_excel(str(tmp_path / "abc.xlsx")).sheet_names
    assert sheets == [line.split(":")[0] for line in book.out.splitlines()]
    which = cli("export", "result", "data_quality", "-o", tmp_path / "abc.csv", "-w", workspace)
    assert (which.code, sheets[0] in which.err) == (2, True)
    for name in ("abc.csv", "abc.parquet"):
        done = cli(
            "export", "result", "data_quality", "-o", tmp_path / name, "--table", sheets[0], "-w", workspace
        )
        assert done.code == 0, done.err
    rows = pq.read_table(tmp_path / "abc.parquet").num_rows
    assert len((tmp_path / "abc.csv").read_text("utf-8-sig").splitlines()) == rows + 1
    odd = cli("export", "result", "data_quality", "-o", tmp_path / "abc.txt", "-w", workspace)
    assert (odd.code, "not supported" in odd.err) == (2, True)
