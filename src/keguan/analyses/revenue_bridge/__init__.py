"""Why did revenue change? From one period to the next by customer movement, and by its factors.

Method: every customer stands in exactly one part of the bridge (new, reactivated, retained with more or less,
lost), guests apart; the parts add up to the change. The same change is split exactly into customers x
frequency x value per purchase, with the mix of customers apart (midpoint decomposition; Simpson 1951 on why
a total can fall while every segment rises).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from keguan.analyses.revenue_bridge.claims import (
    TEXT,
    account_claim,
    movement_claim,
    part_claims,
    total_claim,
)
from keguan.analyses.revenue_bridge.columns import ACCOUNT_COLUMNS, BRIDGE_COLUMNS, TEST_COLUMNS
from keguan.analyses.revenue_bridge.mix import mix_dimension, mix_tables
from keguan.analyses.revenue_bridge.periods import (
    Params,
    Periods,
    compared_periods,
    first_order_day,
    history_note,
    period_note,
    period_table,
)
from keguan.analysis import Analysis, Inputs
from keguan.core.period import add_months, month_end
from keguan.core.text import Text
from keguan.evidence.statistics.material_change import Materiality, Verdict, customer_change, verdict
from keguan.evidence.statistics.xmr import usual_change
from keguan.marts.revenue_movement import ACCOUNTS_SQL, BRIDGE_SQL, CHANGE_SQL, MONTHS_SQL
from keguan.result import Figure, Note, Result, Table


def run(inputs: Inputs, params: Params) -> Result:
    """Tables bridge, periods, change, drivers, segments, accounts."""
    first_day = first_order_day(inputs)
    periods = compared_periods(inputs, params, first_day) if first_day else None
    if periods is None or first_day is None:
        note = Text(
            "数据不足两个月，无法比较两期", "Fewer than two months of data: no two periods to compare"
        )
        return Result("revenue_bridge", notes=(Note(note, "missing"),))
    bridge = inputs.table(
        "bridge", Text("收入变化由谁带来", "Who made the change in revenue"), BRIDGE_COLUMNS, ("part",),
        BRIDGE_SQL, note=period_note(periods), **periods.days,
    )  # fmt: skip
    row = inputs.query(CHANGE_SQL, **periods.days).to_pylist()[0]
    word, tested = _test(inputs, periods, row)
    notes: list[Note] = []
    if periods.before.first <= add_months(first_day, 3):
        notes.append(history_note(first_day))
    tables = [bridge, period_table(inputs, periods, row), tested]
    claims = [
        *total_claim(bridge, tested, row, word),
        *movement_claim(bridge, row),
        *part_claims(bridge, row),
    ]
    dimension = mix_dimension(inputs, params)
    mixed, mixed_claims = mix_tables(inputs, periods, dimension, row, bridge, notes)
    accounts = inputs.table(
        "accounts", Text("变化最大的客户", "Customers with the largest change"), ACCOUNT_COLUMNS,
        ("account_no",), ACCOUNTS_SQL, **periods.days,
    )  # fmt: skip
    claims += [*mixed_claims, *account_claim(accounts, bridge, row)]
    return Result(
        "revenue_bridge",
        tables=(bridge, *(replace(table, appendix=True) for table in (*tables[1:], accounts)), *mixed),
        figures=_figures(bool(mixed), period_note(periods)),
        claims=tuple(claims),
        notes=tuple(notes),
    )


def _test(inputs: Inputs, periods: Periods, row: Mapping[str, Any]) -> tuple[Verdict, Table]:
    """Whether the change of identified customers is sure, unusual and material."""
    settings = inputs.settings
    base, change = float(row["base_revenue"]), float(row["revenue"] - row["base_revenue"])
    enough = min(row["customers"], row["base_customers"]) >= settings.min_n
    found = customer_change(change, row["squares"]) if enough else None
    usual = usual_change(_monthly(inputs), periods.now.days) if enough else None
    materiality = Materiality(settings.material_relative, settings.material_share)
    word = verdict(found, base, base, usual, materiality)
    tested = {
        "scope": "total", "change": change, "verdict": word,
        "change_rate": change / base if enough and base > 0 else None,
        "low": found.low if found else None, "high": found.high if found else None,
        "usual_low": usual.low if usual else None, "usual_high": usual.high if usual else None,
    }  # fmt: skip
    table = inputs.computed(
        "change", Text("有客户编号的净销售额：变化是否显著", "Net revenue of identified customers: is the change significant"),
        TEST_COLUMNS, ("scope",), [tested], method="material_change.verdict", sql=CHANGE_SQL, **periods.days,
    )  # fmt: skip
    return word, table


def _monthly(inputs: Inputs) -> list[float]:
    """Net revenue of complete months without gaps."""
    as_of = inputs.as_of
    until = as_of if as_of == month_end(as_of) else as_of.replace(day=1) - timedelta(days=1)
    rows = inputs.query(MONTHS_SQL, complete_until=until).to_pylist()
    if not rows:
        return []
    found = {row["month_no"]: float(row["net"]) for row in rows}
    return [found.get(number, 0.0) for number in range(min(found), max(found) + 1)]


def _figures(mixed: bool, note: Text) -> tuple[Figure, ...]:
    bridge = Figure(
        "bridge", "waterfall", Text("净销售额从上期到本期的变化", "Net revenue from the previous period to this one"),
        "bridge", "part", ("amount",),
    )  # fmt: skip
    drivers = Figure(
        "drivers",
        "bar",
        Text("变化来自哪些因素", "The change by its factors"),
        "drivers",
        "driver",
        ("amount",),
    )
    return (bridge, drivers) if mixed else (bridge,)


ANALYSIS = Analysis(
    name="revenue_bridge",
    title=Text("收入变化分解", "Revenue bridge"),
    question=Text(
        "收入为什么变化？由哪些客户、哪个因素带来？",
        "Why did revenue change, through whom and by which factor?",
    ),
    section="trend",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "order_lines", "orders"),
    order=11,
)
