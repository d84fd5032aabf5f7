"""Against the last report: the two parts by hand, what is not compared, what is no parameter."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.changes import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.core.errors import UsageError
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(folder: Path, **params: Any) -> Result:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 5, 10), "100")
    for account in range(1, 11):
        shop.buy(account, date(2025, 6, 10), "50")
    result = run(shop.inputs(folder, AS_OF, Settings()), Params(**params))
    assert not any(faults(result, ANALYSIS, claim) for claim in result.claims)
    return result


def test_a_change_is_what_was_corrected_and_what_came_since(tmp_path: Path) -> None:
    # The report of May said 3,800 of 38 orders; two orders of May arrived late, ten are of June.
    figures = json.dumps({"net_revenue": 3800, "orders": 38, "customers": 38})
    result = found(tmp_path, since="2025-05-31", figures=figures)
    row = result.table("figures").find({"metric": "net_revenue"})
    assert row is not None
    assert {name: row[name] for name in ("before", "restated_value", "now", "change", "restated", "moved")} == {
        "before": 3800, "restated_value": 4000, "now": 4500, "change": 700, "restated": 200, "moved": 500,
    }  # fmt: skip
    assert [claim.key for claim in result.claims] == [
        "changes/changed/net_revenue", "changes/changed/orders", "changes/changed/customers",
    ]  # fmt: skip
    assert result.claims[0].money == 700
    assert [claim.summary for claim in result.claims] == [True, False, False]


def test_the_parts_add_up_in_every_row(tmp_path: Path) -> None:
    figures = json.dumps(
        {"net_revenue": "3999.99", "orders": 41, "avg_order_value": 99.5, "guest_share": 0.1}
    )
    rows = found(tmp_path, since="2025-05-31", figures=figures).table("figures").records()
    assert len(rows) == 4
    for row in rows:
        assert Decimal(row["restated"]) + Decimal(row["moved"]) == Decimal(row["change"])


def test_a_correction_alone_is_said_as_one(tmp_path: Path) -> None:
    result = found(tmp_path, since="2025-06-30", figures='{"orders": 50, "net_revenue": 4400}')
    assert [claim.key for claim in result.claims] == ["changes/changed/net_revenue"]
    row = result.table("figures").find({"metric": "net_revenue"})
    assert row is not None
    assert (row["restated"], row["moved"]) == (100, 0)


def test_nothing_changed_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, since="2025-06-30", figures='{"orders": 50}').claims == ()


def test_without_an_earlier_report_it_says_so(tmp_path: Path) -> None:
    result = found(tmp_path)
    assert [note.kind for note in result.notes] == ["missing"]
    assert "No earlier report" in result.notes[0].says.en


@pytest.mark.parametrize(
    "params",
    [
        {"since": "May"},
        {"since": "2025-07-01"},  # later than the data are cut
        {"since": "2025-05-31", "figures": "[1, 2]"},
        {"since": "2025-05-31", "figures": '{"orders": "many"}'},
        {"since": "2025-05-31", "figures": "{"},
    ],
)
def test_wrong_parameters_are_a_sentence(params: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"changes\."):
        found(tmp_path, **params)
