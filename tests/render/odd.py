"""Documents that nobody would write and some shop will send: names that are formulas, tags, far too long or of
rare characters; charts of one point, of five hundred names, of zeros and of losses; tables of 5,000 rows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from keguan.core.text import Language, Text
from keguan.report.compose import compose
from keguan.report.document import Document, FigureBlock
from keguan.report.recipe import load_recipe
from keguan.report.wording import TableView, table_block
from keguan.result import Column, Figure, Table
from report import sample

LONG = "很长的名字" * 60
NAMES = (
    '=HYPERLINK("http://example.com","点我")',
    "</script><script>alert(1)</script>",
    LONG,
    "😀 犇犇 喆堃 𠮷野家",
    "+86 电话",
    "-客户",
    "@客户",
    "\t=1+1",
    "逗号,\"引号\"",
)  # fmt: skip
COLUMNS = (
    Column("name", Text("客户", "Customer"), "text", role="key"),
    Column("money", Text("金额", "Amount"), "money"),
)


def _table(id: str, rows: list[dict[str, Any]]) -> Table:
    return sample.table(id, Text(f"表 {id}", f"Table {id}"), COLUMNS, ["name"], rows)


def _rows(count: int, value: int = 1) -> list[dict[str, Any]]:
    return [{"name": f"客户{n:04d}", "money": Decimal(n * value)} for n in range(count)]


TABLES = (
    _table("names", [{"name": name, "money": Decimal(place - 4)} for place, name in enumerate(NAMES)]),
    _table("one", _rows(2)[1:]),
    _table("many", _rows(500, 3)),
    _table("zeros", _rows(6, 0)),
    _table("losses", _rows(9, -7)[1:]),
    _table("large", _rows(5000)),
)


def document(language: Language = "zh", rows: int = 12) -> Document:
    """A report of the sample shop with all of these in one part; `rows`: rows of a table that are printed."""
    results = sample.results()
    figures = tuple(
        Figure(table.id, "bar", Text(f"图 {table.id}", f"Chart {table.id}"), table.id, "name", ("money",))
        for table in TABLES
        if table.id != "large"
    )
    given = results["rfm"]
    results["rfm"] = replace(given, tables=(*given.tables, *TABLES), figures=(*given.figures, *figures))
    recipe = replace(load_recipe("monthly"), rows=rows)
    return compose(results, sample.analyses(), recipe, language, sample.context())


def chart(rows: list[dict[str, Any]]) -> FigureBlock:
    """A bar chart of these rows alone."""
    given = _table("alone", [{**row, "money": Decimal(row["money"])} for row in rows])
    figure = Figure("alone", "bar", Text("图", "Chart"), "alone", "name", ("money",))
    return FigureBlock("rfm.alone", figure, "图", table_block("rfm", given, TableView("zh", "CNY")))
