"""Settlement by hand: due, paid, overdue, money in and out, in time by credit grade."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from keguan.analyses.settlement import Params, run
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)
DUE = date(2025, 6, 30)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, as_of, Settings(min_n=min_n)), Params(**params))


def owe(
    shop: Shop, account: int | None, amount: float, late: int | None, due: date = DUE, **more: Any
) -> None:
    """`late`: days after the due day on which it was paid; None for not yet."""
    shop.add("payments", payment_id=f"Z{len(shop.records.get('payments', []))}", account_no=account, amount=amount, due_on=due,
             paid_on=None if late is None else due + timedelta(days=late), **more)  # fmt: skip


def some() -> Shop:
    shop = Shop()
    owe(shop, 1, 100, 0)
    owe(shop, 1, 200, 10)
    owe(shop, 2, 300, None)
    owe(shop, 2, -40, 0)
    owe(shop, 3, 500, None, date(2025, 12, 1))
    return shop


def test_due_paid_overdue_and_money_out_by_hand(tmp_path: Path) -> None:
    """covers: G5, A11."""
    result = found(some(), tmp_path)
    row = result.table("grades").find({"grade": "*"})
    assert row is not None
    assert (row["due"], row["paid"], row["overdue"], row["overdue_accounts"]) == (1100, 300, 800, 2)
    assert (row["money_in"], row["money_out"], row["due_count"]) == (300, 40, 4)
    assert {r["age"]: r["overdue"] for r in result.table("ages")} == {"1-30": 500, "90+": 300}
    accounts = {r["account"]: r for r in result.table("accounts")}
    assert (accounts["3"]["overdue"], accounts["3"]["oldest"]) == (500, 30)
    assert [r["account"] for r in result.table("accounts")] == ["3", "2", "1"]
    assert {claim.says for claim in result.claims} == {"overdue", "account"}


def test_as_of_an_earlier_day_what_was_paid_later_is_open(tmp_path: Path) -> None:
    """trap: 12."""
    row = found(some(), tmp_path, date(2025, 7, 5)).table("grades").find({"grade": "*"})
    assert row is not None
    assert (row["due"], row["paid"], row["overdue"]) == (600, 100, 500)


def test_the_agreed_cycle_beside_the_actual_days(tmp_path: Path) -> None:
    """covers: G5."""
    shop = Shop()
    shop.customers.append(
        {"customer_id": "1", "account_no": 1, "settlement_cycle_days": 30, "credit_grade": "B"}
    )
    for number, days in enumerate((40, 50, 60)):
        order = shop.buy(1, date(2025, 5, 1), 10)
        owe(shop, 1, 10 + number, days - 30, date(2025, 5, 31), order_id=order)
    row = found(shop, tmp_path).table("accounts").records()[0]
    assert (row["cycle"], row["actual"], row["grade"]) == (30, 50, "B")


def test_grades_are_compared_after_a_test(tmp_path: Path) -> None:
    """covers: G5. trap: 7. A pays 54 of 60 in time, C 20 of 60 and the others late by 10 or 20 days."""
    shop = Shop()
    for number in range(120):
        good = number < 60
        shop.customers.append(
            {"customer_id": str(number), "account_no": number + 1, "credit_grade": "A" if good else "C"}
        )
        late = 0 if number % 60 < (54 if good else 20) else 10 + 10 * (number % 2)
        owe(shop, number + 1, 100, late)
    result = found(shop, tmp_path)
    rows = {row["grade"]: row for row in result.table("grades")}
    assert (rows["A"]["share"], rows["C"]["share"], rows["C"]["rest"]) == (0.9, 0.333333, 0.9)
    assert rows["C"]["verdict"] == "below"
    assert rows["*"]["late"] in (10, 15, 20)
    assert {"grade", "in_time", "none"} <= {claim.says for claim in result.claims}


def test_five_of_fifteen_is_no_verdict(tmp_path: Path) -> None:
    """trap: 15."""
    shop = Shop()
    for number in range(95):
        small = number < 15
        shop.customers.append(
            {"customer_id": str(number), "account_no": number + 1, "credit_grade": "C" if small else "A"}
        )
        owe(shop, number + 1, 100, 0 if number < 5 or 15 <= number < 33 else 5)
    rows = {row["grade"]: row for row in found(shop, tmp_path).table("grades")}
    assert (rows["C"]["share"], rows["C"]["verdict"]) == (None, "untested")


def test_without_payments_it_says_what_to_import(tmp_path: Path) -> None:
    assert found(Shop(), tmp_path).notes[0].kind == "missing"
