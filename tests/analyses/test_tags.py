"""Tags by hand: one customer for each tag, what cannot be told, and money compared only where it is no definition."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.tags import Params, run
from keguan.analyses.tags.sql import BY_PURCHASES
from keguan.analysis import Settings
from keguan.app.inputs import PinnedInputs
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def opened(shop: Shop, folder: Path, min_n: int = 30) -> PinnedInputs:
    return shop.inputs(folder, AS_OF, Settings(min_n=min_n))


def labels(inputs: PinnedInputs, result: Result, family: str) -> dict[int, str]:
    relation = next(item for item in result.relations if item.id == f"tags_{family}")
    return {
        row["account_no"]: row["label"]
        for row in inputs.query(relation.sql, **dict(relation.params)).to_pylist()
    }


def corner_shop() -> Shop:
    """1 buys monthly, 2 every quarter, 3 twice a year and discounted, 4 new goods, 5 once; 9 never."""
    shop = Shop()
    shop.customers = [
        {
            "customer_id": "C1",
            "account_no": 1,
            "industry_code": "C14",
            "size_revenue": "大型",
            "province": "浙江",
        },
        {"customer_id": "C5", "account_no": 5, "size_staff": "小型"},
        {"customer_id": "C9", "account_no": 9},
    ]
    shop.products = [
        {"product_id": "N1", "launched_on": date(2025, 3, 1)}, {"product_id": "N2", "launched_on": date(2025, 3, 1)},
        {"product_id": "P1", "launched_on": date(2020, 1, 1)},
    ]  # fmt: skip
    for turn in range(12):
        shop.buy(1, date(2024, 7, 5) + timedelta(days=31 * turn), 10)
    for turn in range(4):
        shop.buy(2, date(2024, 7, 5) + timedelta(days=90 * turn), 10)
    for day in (date(2023, 7, 1), date(2024, 7, 1), date(2024, 12, 1), date(2025, 5, 1)):
        shop.buy(3, day, 10)
        shop.lines[-1]["discount"] = 2
    for line in shop.lines:
        line.setdefault("discount", 0)
    for product, day in (("N1", date(2025, 3, 10)), ("N2", date(2025, 5, 1)), ("P1", date(2025, 5, 2))):
        shop.buy(4, day, 10, product=product)
    shop.buy(5, date(2025, 6, 28), 10)
    for number in (1, 2):
        shop.add(
            "feedback",
            feedback_id=f"F{number}",
            kind="complaint",
            account_no=2,
            raised_at=datetime(2025, 1, number),
        )
    shop.add("contact_persons", person_id="P1", account_no=1, name="甲", role="user")
    shop.add("contact_persons", person_id="P2", account_no=1, name="乙", role="decider")
    shop.add("contact_persons", person_id="P3", account_no=3, name="丙", role="influencer")
    return shop


def test_each_tag_by_hand(tmp_path: Path) -> None:
    """covers: D8"""
    inputs = opened(corner_shop(), tmp_path)
    result = run(inputs, Params())
    assert labels(inputs, result, "base") == {
        1: "C14·大型·浙江", 2: "待核实·待核实·四川", 3: "待核实·待核实·四川", 4: "待核实·待核实·四川",
        5: "待核实·小型·四川", 9: "待核实·待核实·待核实",
    }  # fmt: skip
    assert labels(inputs, result, "behaviour") == {
        1: "高频·活跃", 2: "高频", 3: "价格敏感", 4: "尝新", 5: "活跃", 9: "无标签",
    }  # fmt: skip
    assert labels(inputs, result, "need") == {
        1: "月度采购·决策者", 2: "季度采购·服务需求", 3: "年度采购·影响者", 4: "月度采购", 5: "无标签", 9: "无标签",
    }  # fmt: skip


def test_every_dimension_counts_every_customer(tmp_path: Path) -> None:
    """covers: D8; trap: 8; what cannot be told is a row of its own."""
    result = run(opened(corner_shop(), tmp_path, min_n=1), Params())
    for dimension in {row["dimension"] for row in result.table("tags")}:
        rows = [row for row in result.table("tags") if row["dimension"] == dimension]
        assert sum(row["customers"] for row in rows) == 6, dimension
        told = [row for row in rows if row["tag"] != "待核实"]
        assert sum(row["share"] for row in told) == pytest.approx(1, abs=1e-5), dimension
    rules = {row["dimension"]: row for row in result.table("rules")}
    assert (rules["industry"]["known"], rules["industry"]["unknown"]) == (1, 5)
    assert rules["frequency"]["threshold"] == 4  # the 80th percentile of 12, 4, 3, 3, 1


def test_without_discounts_nobody_is_price_sensitive(tmp_path: Path) -> None:
    shop = corner_shop()
    for line in shop.lines:
        line["discount"] = None
    result = run(opened(shop, tmp_path), Params())
    assert result.table("tags").find({"dimension": "price", "tag": "价格敏感"}) is None
    assert any("优惠金额" in note.says.zh for note in result.notes)


def two_provinces(rich: float) -> Shop:
    shop = Shop()
    for account in range(1, 201):
        west = account % 2 == 0
        shop.buy(account, date(2025, 1, 1 + account % 28), 100 + account % 11 + (rich if west else 0),
                 region="四川" if west else "广东")  # fmt: skip
    return shop


def test_money_is_compared_with_a_corrected_test(tmp_path: Path) -> None:
    result = run(opened(two_provinces(50), tmp_path), Params())
    row = result.table("tags").find({"dimension": "region", "tag": "四川"})
    assert row is not None
    assert float(row["per_customer"] - row["per_other"]) == pytest.approx(50, abs=1)
    assert row["low"] < 50 < row["high"]
    claims = {claim.key: claim for claim in result.claims}
    found = claims["tags/money/region/四川"]
    assert found.says == "more"
    assert found.test is not None
    assert found.test.corrected is not None


def test_no_difference_no_sentence(tmp_path: Path) -> None:
    result = run(opened(two_provinces(0), tmp_path), Params())
    assert not [claim for claim in result.claims if claim.strength == "tested"]


def test_what_defines_a_tag_is_compared_with_nothing(tmp_path: Path) -> None:
    """High-frequency customers spend more by definition."""
    rows: list[dict[str, Any]] = run(opened(two_provinces(50), tmp_path), Params()).table("tags").records()
    assert all(row["p"] is None for row in rows if row["dimension"] in BY_PURCHASES)
