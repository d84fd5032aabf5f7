"""Missing cells: few prices are filled and flagged, more are to be verified, reasons are counted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from keguan.app.workspace import Workspace
from received import HEADER, counts, findings, kpis, loaded, rows, usual, write

TIME = "2024-03-01 12:00:00"


def teas(missing: int, of: int) -> list[tuple[object, ...]]:
    """Tea at 10, 12 and 20 in turn (median 12); the first `missing` of `of` rows have no price."""
    prices = ("10.00", "12.00", "20.00")
    gaps = [(n, f"C{n}", TIME, "P100", "龙井茶", 2, "") for n in range(missing)]
    return gaps + [(n, f"C{n}", TIME, "P100", "龙井茶", 1, prices[n % 3]) for n in range(missing, of)]


def test_under_five_percent_are_filled_and_flagged(tmp_path: Path) -> None:
    rest = [(990, "C990", TIME, "P990", "新品", 1, "")]  # a product that has no price anywhere is not guessed
    workspace = loaded(tmp_path / "w", [write(tmp_path / "a.csv", HEADER, *teas(3, 99), *rest)])
    assert counts(workspace) == [(100, 99, 1, 0, 0)]
    filled = rows(
        workspace,
        "SELECT imputed, unit_price, amount, quantity FROM all_order_lines WHERE imputed IS NOT NULL",
    )
    assert [tuple(row.values()) for row in filled] == [("unit_price", 12, 24, 2)] * 3
    found = findings(workspace)
    assert found["imputed", "unit_price"] == (3, Decimal(72))  # every figure can say how much rests on them
    assert found["imputed_price", None][0] == 3
    assert found["missing_few", "unit_price"][0] == 4
    assert found["quarantine_no_amount", None][0] == 1
    # 96 priced rows: 32 of each of 10, 12 and 20
    assert kpis(workspace)["gross_revenue"] == 32 * 42 + 72


def test_exactly_five_percent_are_to_be_verified(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [write(tmp_path / "a.csv", HEADER, *teas(5, 100))])
    assert counts(workspace) == [(100, 95, 5, 0, 0)]
    found = findings(workspace)
    assert found["missing_to_verify", "unit_price"][0] == 5
    assert ("imputed", "unit_price") not in found
    assert rows(workspace, "SELECT count(*) AS n FROM all_order_lines WHERE imputed IS NOT NULL") == [
        {"n": 0}
    ]
    assert kpis(workspace)["gross_revenue"] == 32 * 10 + 31 * 12 + 32 * 20  # rows 5 to 99 in turn


REASONS = ("客户未提供", "系统接口异常", "未采集")


@pytest.fixture(scope="module")
def incomplete(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """50 rows: 4 have no city (3 say why), 2 no channel."""
    folder = tmp_path_factory.mktemp("incomplete")
    header = (*HEADER, "城市", "渠道")
    lines = [[*line, "成都", "官网"] for line in usual(50)]
    for place, city in enumerate((*REASONS, "")):
        lines[place][-2] = city
    lines[10][-1] = "系统接口异常"
    lines[11][-1] = ""
    return loaded(folder / "w", [write(folder / "orders.csv", header, *lines)])


def test_reasons_for_missing_cells_are_counted(incomplete: Workspace) -> None:
    found = rows(
        incomplete,
        "SELECT column_name, detail, rows FROM findings WHERE rule = 'missing_reason' ORDER BY ALL",
    )
    assert {(row["column_name"], row["detail"], row["rows"]) for row in found} == {
        ("city", "客户未提供", 1), ("city", "系统接口异常", 1), ("city", "未采集", 1), ("channel", "系统接口异常", 1),
    }  # fmt: skip
    assert rows(incomplete, "SELECT count(*) AS n FROM customers WHERE city IN ('客户未提供', '未采集')") == [
        {"n": 0}
    ]


def test_shares_of_missing_cells(incomplete: Workspace) -> None:
    found = findings(incomplete)
    assert found["missing_to_verify", "city"][0] == 4  # 8 %
    assert found["missing_few", "channel"][0] == 2  # 4 %
