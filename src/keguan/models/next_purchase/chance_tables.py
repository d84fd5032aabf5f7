"""Tables of the chances: how many will buy, the error of the chances, calibration, levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.wilson import wilson
from keguan.models.next_purchase.columns import ACCURACY_COLUMNS, BIN_COLUMNS, LEVEL_COLUMNS, WHEN_COLUMNS
from keguan.result import Table

if TYPE_CHECKING:
    from keguan.models.next_purchase.when import Judged

HORIZONS = (7, 30, 90)
LEVELS_OF = 30
CHANCES = {f"p{horizon}": "DOUBLE" for horizon in HORIZONS}


def when_table(inputs: Inputs, horizons: Sequence[Judged], view: str | None) -> Table:
    sums: Mapping[str, Any] = {}
    sql = None
    if view is not None:
        parts = ", ".join(
            f"CAST(sum(CAST({p} AS DECIMAL(18, 6))) AS DOUBLE) AS {p}, "
            f"CAST(sum(CAST({p} * (1 - {p}) AS DECIMAL(18, 6))) AS DOUBLE) AS v{p}"
            for p in CHANCES
        )
        sql = f"SELECT {parts} FROM {view}"
        sums = inputs.query(sql).to_pylist()[0]
    rows = []
    for one in horizons:
        expected = sums.get(f"p{one.horizon}") if one.used else None
        reach = 0.0 if expected is None else _reach(one, expected, sums[f"vp{one.horizon}"])
        rows.append(
            {
                "horizon": one.horizon, "then": one.then, "customers": one.customers, "buyers": one.buyers,
                "predicted": one.predicted if one.used else None, "used": one.used or "none", "expected": expected,
                "low": None if expected is None else max(expected - reach, 0.0),
                "high": None if expected is None else expected + reach,
            }
        )  # fmt: skip
    return inputs.computed(
        "when", Text("多少客户会购买，与回看时的预计和实际", "How many will buy, beside what was expected and happened"),
        WHEN_COLUMNS, ("horizon",), rows, method="next_purchase.when", sql=sql,
    )  # fmt: skip


def accuracy_table(inputs: Inputs, horizons: Sequence[Judged]) -> Table:
    from keguan.models.next_purchase.chances import SNAPSHOT_SQL
    from keguan.models.next_purchase.when import bounds

    rows = [
        {
            "horizon": one.horizon, "then": one.then, "customers": one.customers,
            **{f"brier_{way}": one.brier.get(way) for way in ("base", "cells", "model")},
            "gap": one.gap[one.used] if one.used else None, "season": one.shift if one.used else None,
        }
        for one in horizons
    ]  # fmt: skip
    middle = horizons[1]
    return inputs.computed(
        "accuracy", Text("购买概率的误差", "Error of the chances"), ACCURACY_COLUMNS, ("horizon",), rows,
        method="next_purchase.when", sql=SNAPSHOT_SQL, **bounds(middle.then, middle.horizon),
    )  # fmt: skip


def _reach(one: Judged, expected: float, spread: float) -> float:
    """Half the 95 % interval of the number who buy: the variance of single chances, and the relative error of the total
    looking back, which stands for what changes for all at once (season, offers)."""
    missed = one.buyers / one.predicted - 1 if one.predicted > 0 else 0.0
    return z_value() * sqrt(spread + (expected * missed) ** 2)


def bin_table(inputs: Inputs, horizons: Sequence[Judged]) -> Table:
    from keguan.models.next_purchase.chances import SNAPSHOT_SQL
    from keguan.models.next_purchase.when import bounds

    rows = []
    for one in horizons:
        for number, item in enumerate(one.bins, 1):
            ends = wilson(round(item.events), item.rows) if item.rows >= inputs.settings.min_n else None
            rows.append(
                {
                    "horizon": one.horizon, "bin": number, "customers": item.rows, "predicted": item.predicted,
                    "observed": item.observed if ends else None, "low": ends.low if ends else None,
                    "high": ends.high if ends else None,
                }
            )  # fmt: skip
    middle = horizons[1]
    return inputs.computed(
        "calibration", Text("预测概率与实际占比", "Chances predicted and shares observed"), BIN_COLUMNS, ("horizon", "bin"),
        rows, method="next_purchase.when, grouped_calibration", sql=SNAPSHOT_SQL, **bounds(middle.then, middle.horizon),
    )  # fmt: skip


def placed_sql(view: str, limits: Mapping[str, float]) -> str:
    """Customers with their level and chance; parameters $high, $medium."""
    cases = " ".join(f"WHEN p{LEVELS_OF} >= ${level} THEN '{level}'" for level in limits if level != "low")
    return f"""
SELECT account_no, CASE {cases} ELSE 'low' END AS label, CAST(p{LEVELS_OF} AS DECIMAL(18, 6)) AS score
FROM {view} WHERE p{LEVELS_OF} IS NOT NULL"""


def level_table(inputs: Inputs, horizons: Sequence[Judged], view: str, limits: Mapping[str, float]) -> Table:
    sql = f"""
SELECT label, count(*) AS customers, CAST(sum(score) AS DOUBLE) AS expected
FROM ({placed_sql(view, limits)}) r GROUP BY label ORDER BY label
"""
    bound: dict[str, Any] = {"high": limits["high"], "medium": limits["medium"]}
    now = {row["label"]: row for row in inputs.query(sql, **bound).to_pylist()}
    rows = []
    for item in next(one for one in horizons if one.horizon == LEVELS_OF).placed:
        here = now.get(item.level, {"customers": 0, "expected": 0.0})
        ends = wilson(item.bought, item.customers) if item.customers >= inputs.settings.min_n else None
        rows.append(
            {
                "level": item.level, "least": limits[item.level], "customers": here["customers"],
                "expected": here["expected"], "placed": item.customers, "bought": item.bought,
                "share": item.bought / item.customers if ends else None,
                "low": ends.low if ends else None, "high": ends.high if ends else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "levels", Text("30 天内购买概率分级", "Levels of the chance within 30 days"), LEVEL_COLUMNS, ("level",), rows,
        method="next_purchase.when", sql=sql, **bound,
    )  # fmt: skip
