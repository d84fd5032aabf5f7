"""Cells as a document shows them."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.report.wording import MOST_LETTERS, TableView, table_block
from keguan.result import Column
from report import sample


def test_a_value_of_a_megabyte_is_shown_by_its_beginning_and_keeps_a_key_of_its_own() -> None:
    columns = [
        Column("name", Text("名称", "Name"), "text", role="key"),
        Column("n", Text("数", "n"), "count"),
    ]
    long = "甲" * 1_000_000
    rows = [{"name": long, "n": 1}, {"name": long + "乙", "n": 2}, {"name": "丙" * MOST_LETTERS, "n": 3}]
    block = table_block("a", sample.table("t", Text("表", "Table"), columns, ["name"], rows), TableView("zh"))
    shown = [row.shown[0] for row in block.rows]
    assert shown == ["甲" * MOST_LETTERS + "…"] * 2 + ["丙" * MOST_LETTERS]
    keys = [row.key for row in block.rows]
    assert len(set(keys)) == 3
    assert max(map(len, keys)) < MOST_LETTERS + 20
