"""Churn warning by hand: owners, money, natural return beside the target, the relation."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.churn_warning import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


@cache
def rhythm() -> Shop:
    """400 customers who buy every 20 days or so; the last 100 stopped half a year ago, of whom 40 came back lately."""
    shop = Shop()
    for account in range(1, 401):
        stop = 180 if account > 300 else account % 20
        ago = 700
        while ago >= stop:
            shop.buy(account, AS_OF - timedelta(days=ago), 10)
            ago -= 15 + (account * 7 + ago) % 11
        if account > 360:
            shop.buy(account, AS_OF - timedelta(days=20), 10)
    shop.customers = [
        {"customer_id": f"K{n}", "account_no": n, "owner": "王芳" if n % 2 else None, "branch": "东区"} for n in range(1, 401)
    ] + [{"customer_id": "K301", "account_no": 301, "owner": "李强"}]  # fmt: skip
    return shop


def opened(folder: Path, shop: Shop) -> PinnedInputs:
    folder.mkdir(parents=True, exist_ok=True)
    return shop.inputs(folder, AS_OF, Settings())


def found(folder: Path, shop: Shop | None = None, **params: Any) -> Result:
    result = run(opened(folder, shop or rhythm()), Params(**params))
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


def test_who_is_silent_with_owner_and_money(tmp_path: Path) -> None:
    """covers: H2. Sixty stopped half a year ago and never came back: all of them, and nobody else, are silent."""
    result = found(tmp_path)
    states = {row["state"]: row for row in result.table("states")}
    assert sum(row["customers"] for row in states.values()) == 60
    owners = {row["owner"]: row for row in result.table("owners")}
    silent = {name: row["at_risk"] + row["dormant"] + row["lost"] for name, row in owners.items()}
    assert silent == {"王芳": 29, "待核实": 30, "归属不一": 1}
    assert states["流失"]["unowned"] <= 30
    listed = [row["account"] for row in result.table("list")]
    assert set(listed) <= {str(n) for n in range(301, 361)}


def test_natural_return_stands_beside_the_target(tmp_path: Path) -> None:
    """trap: 14. covers: H2. Of the 100 who were silent 90 days ago 40 ordered since."""
    rows = found(tmp_path).table("natural").records()
    assert sum(row["customers"] for row in rows) == 100
    assert sum(row["returned"] for row in rows) == 40
    assert all(row["target"] == 0.3 for row in rows)
    big = max(rows, key=lambda row: row["customers"])
    assert big["rate"] == pytest.approx(big["returned"] / big["customers"])
    assert big["reads"] in ("over", "same", "under")


def test_a_target_under_the_natural_return_shows_nothing(tmp_path: Path) -> None:
    """trap: 14."""
    rows = found(tmp_path, target=0.1).table("natural").records()
    assert max(rows, key=lambda row: row["customers"])["reads"] == "over"
    result = found(tmp_path / "b", target=0.1)
    assert any(claim.says == "natural" for claim in result.claims)


def test_money_is_not_called_savable_and_stays_out_of_the_summary(tmp_path: Path) -> None:
    assert "未证实可挽回" in ANALYSIS.text["at_risk"].zh
    result = found(tmp_path)
    assert result.claims
    assert all(not claim.summary for claim in result.claims)


def test_the_relation_is_the_list_of_all_who_are_not_active(tmp_path: Path) -> None:
    inputs = opened(tmp_path, rhythm())
    relation = run(inputs, Params()).relations[0]
    rows = inputs.query(f"SELECT account_no FROM ({relation.sql}) r ORDER BY account_no").to_pylist()
    assert [row["account_no"] for row in rows] == list(range(301, 361))


def test_automatic_renewals_are_not_warned_of(tmp_path: Path) -> None:
    """trap: 21."""
    shop = Shop()
    for account in range(1, 401):
        for month in range(3, 12):
            shop.buy(account, AS_OF - timedelta(days=30 * month + account % 7), 10)
    result = found(tmp_path, shop)
    assert result.tables == ()
    assert [note.kind for note in result.notes] == ["info"]
