"""How much revenue goes with each channel's spend, where is the next yuan, and is another split better?

Method: weekly revenue as a level, a trend, the year's waves and a concave response of each channel with geometric
carry-over (Jin et al. 2017, exponent 1), heights not negative and with a ridge penalty, shapes and penalty chosen by blocks
of time left out; held against the baseline without spend on blocks that had no part in the choice. Intervals by 200
bootstraps of residuals in blocks of eight weeks (Politis and Romano 1992). Condition index and variance inflation say
whether channels can be told apart (Belsley, Kuh and Welsch 1980). No split goes beyond 120 % of the highest 95th percentile
of weekly spend. All of it is observation: a correlation, not a cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.models.budget.claims import TEXT
from keguan.models.budget.params import Params
from keguan.result import Column, Note, Result, Table
from keguan.schema.vocabulary import UNKNOWN

MONDAY = date(2000, 1, 3)
OTHERS = "其他"
WEEK = "CAST(floor(date_diff('day', $monday, day) / 7) AS INTEGER)"
SQL = f"""
SELECT {WEEK} AS week, '' AS channel, CAST(sum(gross - returns) AS DOUBLE) AS amount
FROM purchases WHERE day >= $first_day AND day <= $last_day GROUP BY {WEEK}
UNION ALL
SELECT {WEEK} AS week, coalesce(nullif(trim(channel), ''), '{UNKNOWN}') AS channel, CAST(sum(amount) AS DOUBLE) AS amount
FROM spend WHERE day >= $first_day AND day <= $last_day
GROUP BY {WEEK}, coalesce(nullif(trim(channel), ''), '{UNKNOWN}')
ORDER BY week, channel"""


def run(inputs: Inputs, params: Params) -> Result:
    """Tables fit, channels, curves, split, splits."""
    from keguan.models.budget.story import Wishes, told

    if not inputs.has("spend") or not inputs.has("purchases"):
        return Result("budget", notes=(Note(Text("没有投放费用：导入 spend（日期、渠道、金额）后可看各渠道的收益",
            "There is no spend: import spend (day, channel, amount) to see what goes with each channel"),
            "missing"),))  # fmt: skip
    end = (inputs.as_of - MONDAY).days // 7 - (0 if inputs.as_of.weekday() == 6 else 1)
    last_day = MONDAY + timedelta(days=7 * end + 6)
    first_day = last_day - timedelta(days=7 * max(params.weeks, 1) - 1)
    bound: dict[str, Any] = {"monday": MONDAY, "first_day": first_day, "last_day": last_day}
    panel = _panel(inputs.query(SQL, **bound).to_pylist(), end, params.top)

    def make(
        id: str, title: Text, columns: Sequence[Column], key: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
    ) -> Table:  # fmt: skip
        method = f"models.budget.story.{id}"
        return inputs.computed(id, title, columns, key, rows, method=method, sql=SQL, **bound)

    if panel is None:
        return Result(
            "budget",
            notes=(
                Note(Text("窗口内没有收入或没有投放", "No revenue or no spend in the window"), "missing"),
            ),
        )
    result = told(panel, Wishes(params.total if params.total > 0 else None, seed=params.seed), make)
    span = Note(Text(f"按周计算，{panel.weeks[0]} 至 {last_day}，收入为扣除退货的净销售额",
        f"By weeks, {panel.weeks[0]} to {last_day}; revenue is net of returns"))  # fmt: skip
    return replace(result, notes=(span, *result.notes))


def _panel(rows: Sequence[Mapping[str, Any]], end: int, top: int) -> Any:
    """Weeks from the first with revenue and spend to the last; a week without orders has no revenue: 0."""
    import numpy as np

    from keguan.models.budget.panel import Panel

    revenue = {row["week"]: row["amount"] for row in rows if row["channel"] == ""}
    spent = [row for row in rows if row["channel"] != "" and row["amount"]]
    if not revenue or not spent:
        return None
    totals: dict[str, float] = {}
    for row in spent:
        totals[row["channel"]] = totals.get(row["channel"], 0.0) + row["amount"]
    order = sorted(totals, key=lambda name: (-totals[name], name))
    names = [*order[: max(top, 1)], *([OTHERS] if len(order) > max(top, 1) else [])]
    start = max(min(revenue), min(row["week"] for row in spent))
    spend = np.zeros((max(end - start + 1, 1), len(names)))
    for row in spent:
        if row["week"] >= start:
            place = names.index(row["channel"]) if row["channel"] in names else len(names) - 1
            spend[row["week"] - start, place] += max(row["amount"], 0.0)
    weeks = tuple(MONDAY + timedelta(days=7 * (start + step)) for step in range(len(spend)))
    known = np.array([revenue.get(start + step, 0.0) for step in range(len(spend))])
    return Panel(weeks, known, tuple(names), spend, np.zeros((len(spend), 0)))


ANALYSIS = Analysis(
    name="budget",
    title=Text("渠道预算", "Budget by channel"),
    question=Text(
        "各渠道的投放伴随多少收入，下一元投在哪里，换一种分配会更好吗？",
        "How much revenue goes with each channel's spend, where should the next yuan go, and is another split better?",
    ),
    section="strategy",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "spend"),
    needs=("orders", "spend"),
    order=60,
)
