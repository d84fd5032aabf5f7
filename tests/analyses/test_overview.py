"""Key figures and comparisons, worked by hand.

covers: K2
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from keguan.analyses.overview import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.result import Result
from keguan.schema.tables import FINDINGS, LOADS, QUARANTINE
from shop import Shop, write

METRICS = [
    "lines_received", "lines_clean", "lines_quarantined", "lines_superseded", "lines_dropped", "lines_repeated",
    "customers", "buyers", "orders", "purchases", "gross_revenue", "returns", "net_revenue", "guest_revenue",
    "guest_share", "avg_order_value", "first_order_on", "last_order_on",
]  # fmt: skip


def overview(
    shop: Shop, folder: Path, as_of: date, loads: list[dict[str, Any]] | None = None, **params: Any
) -> Result:
    """The analysis over a shop with the books of its imports."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = DuckDBEngine([folder])
    shop.register(engine, folder)
    engine.register(LOADS, [str(write(LOADS, loads or [], folder))])
    for entity in (QUARANTINE, FINDINGS):
        engine.register(entity, [])
    return run(PinnedInputs(engine, as_of, Settings()), Params(**params))


def kpis(result: Result) -> dict[str, Any]:
    return {row["metric"]: row["value"] for row in result.table("kpis")}


def test_key_figures_by_hand(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 1, 5), 100)
    shop.buy(1, date(2025, 2, 5), 50)
    returned = shop.buy(2, date(2025, 1, 6), 30, product="P2")
    shop.give_back(2, date(2025, 1, 9), 30, product="P2", of=returned)
    shop.buy(None, date(2025, 1, 7), 45)
    books = {
        "load_id": 1,
        "entity": "orders",
        "received": 9,
        "clean": 5,
        "quarantined": 2,
        "superseded": 1,
        "dropped": 1,
    }
    result = overview(shop, tmp_path, date(2025, 2, 28), [books])
    value = kpis(result)
    assert list(value) == METRICS
    assert [column.name for column in result.table("kpis").columns] == ["metric", "value", "unit"]
    # Customer 2 ordered and gave everything back: a customer with an order, no buyer.
    assert (value["customers"], value["buyers"], value["orders"], value["purchases"]) == (2, 1, 3, 2)
    assert (value["gross_revenue"], value["returns"], value["net_revenue"]) == (180, 30, 150)
    assert (value["guest_revenue"], value["guest_share"]) == (45, Decimal("0.2"))  # 45 / (180 + 45)
    assert value["avg_order_value"] is None  # two purchases: withheld
    assert (value["first_order_on"], value["last_order_on"]) == (date(2025, 1, 5), date(2025, 2, 5))
    assert [value[name] for name in METRICS[:6]] == [9, 5, 2, 1, 1, 0]


def test_months_without_sales_are_there_and_the_unfinished_one_is_marked(tmp_path: Path) -> None:
    shop = Shop()
    shop.buy(1, date(2025, 1, 5), 100)
    shop.buy(1, date(2025, 3, 5), 40)
    rows = overview(shop, tmp_path, date(2025, 3, 10)).table("months").records()
    assert [(row["month"], row["net_revenue"], row["unfinished"]) for row in rows] == [
        ("2025-01", 100, False), ("2025-02", 0, False), ("2025-03", 40, True),
    ]  # fmt: skip


def test_an_unfinished_month_is_compared_with_the_same_days_only(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 4, 2), 10)
        shop.buy(account, date(2025, 4, 25), 90)  # after the tenth: not compared
        shop.buy(account, date(2025, 5, 3), 12)
    result = overview(shop, tmp_path, date(2025, 5, 10))
    row = result.table("comparisons").find({"comparison": "month_previous"})
    assert row is not None
    days = result.table("comparison_counts").find({"comparison": "month_previous"})
    assert days is not None
    assert (days["base_first"], days["base_last"]) == (date(2025, 4, 1), date(2025, 4, 10))
    assert (row["net_revenue"], row["base_net_revenue"], row["change_rate"]) == (480, 400, 0.2)
    # Every customer changed by 2: 80 +- 1.96 * sqrt(40 * 4) = 80 +- 24.79.
    assert round(row["low"], 2) == Decimal("55.21")
    assert round(row["high"], 2) == Decimal("104.79")
    assert row["verdict"] == "未检验"  # one complete month says nothing about the usual variation


def steady(last_month: float) -> Shop:
    """Sixty customers buying for 100 in each of 30 months, and for `last_month` in the last."""
    shop = Shop()
    for number in range(30):
        year, month = divmod(2023 * 12 + number, 12)
        for account in range(1, 61):
            wobble = 1 + (number * 7 % 5 - 2) / 100  # months differ by a few per cent
            amount = last_month if number == 29 else 100 * wobble
            shop.buy(account, date(year, month + 1, 1 + account % 28), round(amount, 2))
    return shop


def test_a_change_is_called_one_only_beyond_the_usual_variation(tmp_path: Path) -> None:
    grown = overview(steady(160), tmp_path / "a", date(2025, 6, 30))
    row = grown.table("comparisons").find({"comparison": "month_last_year"})
    assert row is not None
    assert row["verdict"] == "显著增加"
    assert any(claim.says == "up" and claim.strength == "tested" for claim in grown.claims)
    usual = overview(steady(101), tmp_path / "b", date(2025, 6, 30))
    assert all(row["verdict"] == "无显著变化" for row in usual.table("comparisons"))
    assert not any(claim.strength == "tested" for claim in usual.claims)


def test_last_year_is_aligned_with_spring_festival(tmp_path: Path) -> None:
    shop = Shop()
    for number in range(800):
        shop.buy(1 + number % 50, date(2024, 1, 1) + timedelta(days=number), 10)
    result = overview(shop, tmp_path / "a", date(2026, 2, 28))
    row = result.table("comparison_counts").find({"comparison": "month_festival"})
    assert row is not None
    # 春节 2026-02-17 and 2025-01-29 lie 384 days apart.
    assert (row["base_first"], row["base_last"]) == (date(2025, 1, 13), date(2025, 2, 9))
    off = overview(shop, tmp_path / "b", date(2026, 2, 28), festivals="off")
    assert off.table("comparisons").find({"comparison": "month_festival"}) is None


def test_a_later_return_changes_nothing_before_it(tmp_path: Path) -> None:
    shop = Shop()
    order = shop.buy(1, date(2025, 1, 5), 100)
    before = kpis(overview(shop, tmp_path / "a", date(2025, 1, 31)))
    shop.give_back(1, date(2025, 2, 9), 100, of=order)
    after = kpis(overview(shop, tmp_path / "b", date(2025, 1, 31)))
    assert before == after


def test_without_any_row_there_is_a_result(tmp_path: Path) -> None:
    result = overview(Shop(), tmp_path, date(2025, 1, 31))
    value = kpis(result)
    assert value["orders"] == 0
    assert value["lines_received"] is None
    assert value["guest_share"] is None
    assert result.notes
    assert ANALYSIS.name == result.analysis


def test_why_a_change_is_no_finding_is_said(tmp_path: Path) -> None:
    usual = overview(steady(101), tmp_path / "a", date(2025, 6, 30))
    said = {claim.key.rpartition("/")[2]: claim.says for claim in usual.claims}
    # Every customer changed alike: the interval leaves out zero, but months differ by as much anyway.
    assert said["month_last_year"].partition("_")[2] == "usual"
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 4, 2), 10)
        shop.buy(account, date(2025, 5, 3), 12)
    young = overview(shop, tmp_path / "b", date(2025, 5, 31))
    assert {claim.key: claim.says for claim in young.claims}[
        "overview/more/month_previous"
    ] == "more_untested"


def test_an_unfinished_month_without_a_finding_is_in_the_table_only(tmp_path: Path) -> None:
    result = overview(steady(101), tmp_path, date(2025, 6, 12))
    told = {claim.key.rpartition("/")[2] for claim in result.claims}
    assert not told & {"month_previous", "month_last_year"}
    assert {"complete_previous", "complete_last_year"} <= told
    listed = {row["comparison"] for row in result.table("comparisons")}
    assert {"month_previous", "month_last_year"} <= listed
    periods = result.table("comparison_counts").find({"comparison": "month_previous"})
    assert periods is not None
    assert (periods["period"], periods["base_period"]) == (
        "2025-06-01 – 2025-06-12", "2025-05-01 – 2025-05-12",
    )  # fmt: skip
