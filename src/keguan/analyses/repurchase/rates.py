"""Repurchase rates: of the window, of first-time buyers by month, and two periods compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keguan.analyses.repurchase.cohorts import COHORT_SQL, RATE, Cohort, Rate, rate_columns
from keguan.analyses.repurchase.params import Params
from keguan.analysis import Inputs
from keguan.core.period import month_name, window_start
from keguan.core.text import Text
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.result import Column, Table

COMPARED_MONTHS = 3

WINDOW_SQL = """
WITH buyers AS (
  SELECT account_no, sum(orders) - sum(cancelled) AS purchases
  FROM purchases
  WHERE account_no IS NOT NULL AND order_day >= $from_day
  GROUP BY account_no
)
SELECT count(*) AS buyers,
       sum(CASE WHEN purchases >= 2 THEN 1 ELSE 0 END) AS repeaters
FROM buyers
WHERE purchases > 0
"""

WINDOW_COLUMNS = (
    Column("months", Text("窗口（月）", "Window (months)"), "count", role="key"),
    Column("since", Text("自", "Since"), "date"),
    *rate_columns(RATE, Text("购买客户", "Buyers")),
)

COHORT_COLUMNS = (
    Column("cohort", Text("首购月份", "First purchase"), "month", role="key"),
    *rate_columns(RATE, Text("首购客户", "First-time buyers")),
)

PERIOD_COLUMNS = (
    Column("period", Text("期间", "Period"), "label", role="key", vocabulary="compared_period"),
    Column("months", Text("首购月份", "First purchase in"), "text"),
    Column("days", Text("天数", "Days"), "count"),
    *rate_columns(RATE, Text("首购客户", "First-time buyers")),
)

CHANGE_COLUMNS = (
    Column("period", Text("期间", "Period"), "label", role="key", vocabulary="compared_period"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column(
        "low", Text("区间下限", "Interval from"), "points", role="low",
        note=Text("Newcombe 95% 区间", "Newcombe 95% interval"),
    ),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Column("p", Text("p 值", "p value"), "number", 4, note=Text("两比例检验", "test of two proportions")),
)  # fmt: skip


def window_table(inputs: Inputs, params: Params) -> Table:
    since = window_start(inputs.as_of, params.window_months)
    row = inputs.query(WINDOW_SQL, from_day=since).to_pylist()[0]
    rate = Rate(int(row["buyers"]), int(row["repeaters"] or 0))
    return inputs.computed(
        "window",
        Text("所选月份内的复购率", "Repurchase rate of the months looked at"),
        WINDOW_COLUMNS,
        ("months",),
        [{"months": params.window_months, "since": since, **rate.row(inputs.settings.min_n)}],
        method="evidence.statistics.wilson",
        sql=WINDOW_SQL,
        note=Text(
            "购买两次及以上的客户 / 有购买的客户；全额退货的订单不算购买",
            "customers with two or more purchases / customers with one; fully returned orders are no purchases",
        ),
        from_day=since,
    )


def first_time_table(inputs: Inputs, cohorts: Sequence[Cohort], params: Params) -> Table:
    months = sorted({c.month for c in cohorts})
    rows = [
        {
            "cohort": month_name(month),
            **Rate.of([c for c in cohorts if c.month == month]).row(inputs.settings.min_n),
        }
        for month in months
    ]
    return inputs.computed(
        "first_time",
        Text(
            f"首购客户 {params.within_days} 天复购率",
            f"First-time buyers who bought again within {params.within_days} days",
        ),
        COHORT_COLUMNS,
        ("cohort",),
        rows,
        method="evidence.statistics.wilson",
        sql=COHORT_SQL,
        note=Text(
            f"再次购买指首购之后另一天的购买；只含已观察满 {params.within_days} 天的月份",
            "a second purchase is one on a later day; only months observed for "
            f"{params.within_days} full days",
        ),
        within_days=params.within_days,
    )


def compared_periods(cohorts: Sequence[Cohort]) -> tuple[list[Cohort], list[Cohort]]:
    """The last three observed months, and the same months a year before (else the three before them).

    The first month of the data is never compared: those who bought earlier look new in it.
    """
    if not cohorts:
        return [], []
    last, first = max(c.month for c in cohorts), min(c.month for c in cohorts)
    recent = [c for c in cohorts if last - COMPARED_MONTHS < c.month]
    for back in (12, COMPARED_MONTHS):
        if last - back - COMPARED_MONTHS + 1 > first:
            return recent, [c for c in cohorts if last - COMPARED_MONTHS < c.month + back <= last]
    return recent, []


def _months(cohorts: Sequence[Cohort]) -> str:
    first, last = min(c.month for c in cohorts), max(c.month for c in cohorts)
    return month_name(first) if first == last else f"{month_name(first)} – {month_name(last)}"


def period_table(inputs: Inputs, recent: Sequence[Cohort], before: Sequence[Cohort], params: Params) -> Table:
    return inputs.computed(
        "periods",
        Text("首购复购率的两期比较", "Second purchase, two periods compared"),
        PERIOD_COLUMNS,
        ("period",),
        [
            {
                "period": name,
                "months": _months(cohorts),
                "days": params.within_days,
                **Rate.of(cohorts).row(inputs.settings.min_n),
            }
            for name, cohorts in (("recent", recent), ("before", before))
            if cohorts
        ],
        method="evidence.statistics.wilson",
        inputs=("first_time",),
        sql=COHORT_SQL,
        note=Text(
            "最近三个已观察满的月份，与上年同月相比；不足一年时与之前三个月相比",
            "the last three fully observed months against the same months a year before, or the three "
            "months before them",
        ),
        within_days=params.within_days,
    )


def change_table(inputs: Inputs, recent: Rate, before: Rate) -> Table:
    rows: list[dict[str, Any]] = []
    if min(recent.customers, before.customers) >= inputs.settings.min_n:
        ends = newcombe(recent.returned, recent.customers, before.returned, before.customers)
        assert ends is not None
        rows.append(
            {
                "period": "recent",
                "difference": recent.returned / recent.customers - before.returned / before.customers,
                "low": ends.low,
                "high": ends.high,
                "p": two_proportions(recent.returned, recent.customers, before.returned, before.customers),
            }
        )
    return inputs.computed(
        "change", Text("首购复购率的变化", "Change of the second purchase"), CHANGE_COLUMNS, ("period",), rows,
        method="evidence.statistics.newcombe", inputs=("periods",),
    )  # fmt: skip
