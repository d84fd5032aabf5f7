"""Lifetime value crossed with the risk of churn, held against a count in Python over what both models said."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from keguan import registry
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.report.wording import spans
from keguan.result import Result
from shop import Shop

ANALYSIS = registry.get("clv_at_risk")
AS_OF = date(2025, 6, 30)


@cache
def mixed() -> Shop:
    """900 customers who buy every two or three weeks; a third leaves after most purchases, every seventh spends much."""
    shop, rng = Shop(), random.Random(4)
    for account in range(1, 901):
        leaves, money = (0.6 if account % 3 == 0 else 0.02), (4_000 if account % 7 == 0 else 20)
        ago = rng.randrange(20, 560)
        while ago >= 0:
            shop.buy(account, AS_OF - timedelta(days=ago), money + rng.randrange(50))
            if rng.random() < leaves:
                break
            ago -= rng.randrange(10, 26)
    shop.customers = [
        {"customer_id": f"K{n}", "account_no": n, "owner": f"顾问{n % 4}"} for n in range(1, 901) if n % 5
    ]
    return shop


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[PinnedInputs, Result]:
    inputs = mixed().inputs(tmp_path_factory.mktemp("at_risk"), AS_OF)
    result = ANALYSIS.run(inputs, ANALYSIS.params())
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return inputs, result


def said(inputs: PinnedInputs, name: str) -> dict[int, tuple[str, Decimal]]:
    rows = inputs.query(f"SELECT account_no, label, score FROM {inputs.segment(name)}").to_pylist()
    return {row["account_no"]: (row["label"], Decimal(row["score"])) for row in rows if row["label"]}


def test_each_cell_is_what_both_models_say(found: tuple[PinnedInputs, Result]) -> None:
    """covers: H2. Counted again in Python from the two segmentations."""
    inputs, result = found
    value, churn = said(inputs, "clv"), said(inputs, "churn")
    cells: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
    for account in value.keys() & churn.keys():
        (kind, worth), (risk, chance) = value[account], churn[account]
        cell = cells[(kind, risk)]
        cell[0] += 1
        cell[1] += worth
        cell[2] += round(worth * chance, 4)
    assert len(cells) > 3
    rows = {(row["clv_class"], row["risk"]): row for row in result.table("cells")}
    assert rows.keys() == cells.keys()
    for key, (customers, worth, loss) in cells.items():
        assert (rows[key]["customers"], rows[key]["value"]) == (customers, worth)
        assert abs(rows[key]["loss"] - loss) < Decimal("0.1")
        of_class = sum(other[0] for name, other in cells.items() if name[0] == key[0])
        assert rows[key]["share"] == pytest.approx(customers / of_class, abs=1e-6)  # a share has six places


def test_the_list_is_of_both_and_by_expected_loss(found: tuple[PinnedInputs, Result]) -> None:
    """covers: D10. Owners stand beside; who has none waits to be assigned."""
    inputs, result = found
    value, churn = said(inputs, "clv"), said(inputs, "churn")
    rows = result.table("list").records()
    assert rows
    assert [row["loss"] for row in rows] == sorted((row["loss"] for row in rows), reverse=True)
    for row in rows:
        account = int(row["account"])
        assert (value[account][0], churn[account][0]) == ("高CLV", "高")
        assert row["owner"] == ("待核实" if account % 5 == 0 else f"顾问{account % 4}")


def test_the_segment_can_be_asked_for_by_name(found: tuple[PinnedInputs, Result]) -> None:
    inputs, result = found
    sizes = inputs.query(
        f"SELECT label, count(*) AS n FROM {inputs.segment('clv_at_risk')} GROUP BY label"
    ).to_pylist()
    at = result.table("cells").find({"clv_class": "高CLV", "risk": "高"})
    assert at is not None
    assert {row["label"]: row["n"] for row in sizes}["高CLV高风险"] == at["customers"]
    texts = [
        "".join(part.text for part in spans(result, claim, ANALYSIS.text[claim.says], "en"))
        for claim in result.claims
    ]
    assert any("customers of high CLV are at high risk of churn" in text for text in texts)


def test_without_a_model_it_says_so(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 40):
        shop.buy(account, AS_OF - timedelta(days=account), 10)
    result = ANALYSIS.run(shop.inputs(tmp_path, AS_OF), ANALYSIS.params())
    assert result.tables == ()
    assert [note.kind for note in result.notes] == ["missing"]
