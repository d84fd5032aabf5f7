"""When do customers buy? Orders by weekday and hour.

Method: counts of orders placed, in the workspace's time zone; hours only for orders whose time of day is known.
A weekday is compared with the other days by its daily orders (Welch's interval, corrected for seven comparisons),
festival days left out, because one sale would make a weekday of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs
from keguan.core.festivals import festivals_in
from keguan.core.period import Span
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.marts.line_metrics import LINE_GROSS, LINE_ORDERS
from keguan.result import Cell, Claim, Column, Figure, Note, Result, Table, Test

ORDERS_BASE = Text("有时刻的订单，含散客", "orders with a time of day, guests included")


@dataclass(frozen=True)
class Params:
    """No parameters."""


TEXT = {
    "peak": Text(
        "下单最集中的时段是{weekday} {hour} 时：{orders} 单，占 {share}，销售额 {gross}（n={n}，{base}）。",
        "The busiest hour is {weekday} {hour}:00 to {hour}:59 with {orders} orders, {share} of all, gross revenue {gross} "
        "(n={n}, {base}).",
    ),
    "weekday_up": Text(
        "{weekday}平均每天 {mean} 单，显著高于其他日子的 {rest} 单（相差的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{weekday} brings {mean} orders a day, significantly higher than {rest} on the other days (95% interval of the "
        "difference {low} to {high}; n={n}, {base}).",
    ),
    "weekday_down": Text(
        "{weekday}平均每天 {mean} 单，显著低于其他日子的 {rest} 单（相差的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{weekday} brings {mean} orders a day, significantly lower than {rest} on the other days (95% interval of the "
        "difference {low} to {high}; n={n}, {base}).",
    ),
    "silent": Text(
        "{weekday}没有订单（观察 {days} 天；n={n}，{base}）。",
        "There are no orders on {weekday} ({days} such days; n={n}, {base}).",
    ),
}

ORDER_TIMES = f"""
WITH placed AS (
  SELECT order_id, {LINE_ORDERS.sql} AS orders, {LINE_GROSS.sql} AS gross
  FROM order_lines WHERE movement = 'purchase' GROUP BY order_id
), timed AS (
  SELECT o.day, o.weekday, o.hour, o.has_time, p.orders, p.gross
  FROM placed p JOIN orders o ON o.order_id = p.order_id
)"""

HEAT_SQL = f"""
{ORDER_TIMES}
SELECT CAST(t.weekday AS VARCHAR) AS weekday, t.hour,
       CAST(sum(t.orders) AS BIGINT) AS orders, sum(t.gross) AS gross_revenue,
       CAST(sum(t.orders) AS DOUBLE) / nullif(CAST(sum(sum(t.orders)) OVER () AS DOUBLE), 0) AS share
FROM timed t WHERE t.has_time AND t.weekday IS NOT NULL AND t.hour IS NOT NULL
GROUP BY t.weekday, t.hour HAVING sum(t.orders) > 0
ORDER BY t.weekday, t.hour
"""

HOURS_SQL = f"""
{ORDER_TIMES}
SELECT t.hour, CAST(sum(t.orders) AS BIGINT) AS orders, sum(t.gross) AS gross_revenue,
       CAST(sum(t.orders) AS DOUBLE) / nullif(CAST(sum(sum(t.orders)) OVER () AS DOUBLE), 0) AS share
FROM timed t WHERE t.has_time AND t.hour IS NOT NULL
GROUP BY t.hour HAVING sum(t.orders) > 0 ORDER BY t.hour
"""

DAYS_SQL = f"""
SELECT day, {LINE_ORDERS.sql} AS orders, {LINE_GROSS.sql} AS gross_revenue
FROM order_lines WHERE movement = 'purchase' GROUP BY day ORDER BY day
"""

WEEKDAY = Column("weekday", Text("星期", "Weekday"), "label", role="key", vocabulary="weekday")
HOUR = Column("hour", Text("小时", "Hour"), "count", role="key")
ORDERS = Column("orders", Text("订单数", "Orders"), "count")
GROSS = Column("gross_revenue", Text("销售额", "Gross revenue"), "money")
SHARE = Column("share", Text("占订单", "Share of orders"), "share")
HEAT_COLUMNS = (WEEKDAY, HOUR, ORDERS, GROSS, SHARE)
HOUR_COLUMNS = (HOUR, ORDERS, GROSS, SHARE)
WEEKDAY_COLUMNS = (
    WEEKDAY,
    Column(
        "days",
        Text("天数", "Days"),
        "count",
        note=Text("首单日至截至日，不含节日期间", "first order to as-of day, festivals left out"),
    ),
    ORDERS,
    GROSS,
    Column("mean", Text("日均订单", "Orders a day"), "number", 1),
    Column("rest", Text("其他日子日均", "Orders a day, other days"), "number", 1),
    Column(
        "low",
        Text("相差的下限", "Difference, low"),
        "number",
        1,
        role="low",
        note=Text("Welch 95% 区间", "Welch 95% interval"),
    ),
    Column("high", Text("相差的上限", "Difference, high"), "number", 1, role="high"),
    Column(
        "q",
        Text("q 值", "q"),
        "number",
        4,
        note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg"),
    ),
)


@dataclass(frozen=True, slots=True)
class Days:
    """Daily orders of one group of days: number of days, sum, sum of squares."""

    size: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """Orders a day."""
        return self.total / self.size

    @property
    def variance_of_mean(self) -> float:
        """Squared standard error of the mean."""
        spread = max(self.squares - self.total * self.total / self.size, 0.0) / (self.size - 1)
        return spread / self.size


def run(inputs: Inputs, params: Params) -> Result:
    """Tables weekdays, and heat and hours where the time of day is known."""
    found = inputs.query(DAYS_SQL).to_pylist()
    if not found:
        return Result("purchase_time", notes=(Note(Text("没有订单", "There are no orders"), "missing"),))
    weekdays = _weekdays(inputs, found)
    tables, notes = [weekdays], []
    claims = list(_weekday_claims(weekdays))
    timed = bool(
        inputs.query("SELECT 1 AS one FROM orders WHERE has_time AND hour IS NOT NULL LIMIT 1").num_rows
    )
    if timed:
        heat = inputs.table(
            "heat", Text("星期 × 小时的订单", "Orders by weekday and hour"), HEAT_COLUMNS, ("weekday", "hour"), HEAT_SQL
        )  # fmt: skip
        hours = inputs.table(
            "hours", Text("各小时的订单", "Orders by hour"), HOUR_COLUMNS, ("hour",), HOURS_SQL
        )
        tables += [heat, hours]
        claims = [*_peak(heat), *claims]
    else:
        notes.append(
            Note(Text("订单没有时刻，只看一周各天", "Orders have no time of day: weekdays only"), "missing")
        )
    notes += _withheld(weekdays, inputs.settings.min_n)
    shown = tuple(replace(table, appendix=table.id == "hours") for table in tables)
    return Result("purchase_time", shown, _figures(timed), tuple(claims), notes=tuple(notes))


def _weekdays(inputs: Inputs, found: Sequence[Mapping[str, Any]]) -> Table:
    """Seven rows: orders and money of all days, daily means and tests without festival days."""
    by_day = {row["day"]: row for row in found}
    ordinary = _ordinary_days(min(by_day), inputs.as_of)
    groups = {
        n: _days([by_day[d]["orders"] if d in by_day else 0 for d in ordinary if d.isoweekday() == n])
        for n in range(1, 8)
    }
    least = inputs.settings.min_n
    tested = {n: row for n in groups if (row := _against_rest(groups, n, least)) is not None}
    adjusted = dict(zip(tested, benjamini_hochberg([row["p"] for row in tested.values()]), strict=True))
    rows = []
    for number, group in groups.items():
        of_day = [row for row in found if row["day"].isoweekday() == number]
        rows.append(
            {
                "weekday": str(number), "days": group.size,
                "orders": sum(row["orders"] for row in of_day),
                "gross_revenue": sum(row["gross_revenue"] for row in of_day),
                **tested.get(number, {}), "q": adjusted.get(number),
            }
        )  # fmt: skip
    return inputs.computed(
        "weekdays", Text("一周各天的订单数", "Orders by weekday"), WEEKDAY_COLUMNS, ("weekday",), rows,
        method="purchase_time.weekdays: calendar days without orders count as 0", sql=DAYS_SQL,
    )  # fmt: skip


def _ordinary_days(first: date, last: date) -> list[date]:
    """Days of the span outside festivals."""
    special = [festival.span for festival in festivals_in(Span(first, last))]
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if not any(span.first <= day <= span.last for span in special)]


def _days(orders: Sequence[int]) -> Days:
    return Days(len(orders), float(sum(orders)), float(sum(count * count for count in orders)))


def _against_rest(groups: Mapping[int, Days], number: int, least: int) -> dict[str, Any] | None:
    """One weekday against the other six; None with fewer than `least` days on a side."""
    own = groups[number]
    others = [group for key, group in groups.items() if key != number]
    rest = Days(
        sum(g.size for g in others), math.fsum(g.total for g in others), math.fsum(g.squares for g in others)
    )
    if min(own.size, rest.size) < max(least, 2):
        return None
    difference, spread = own.mean - rest.mean, math.sqrt(own.variance_of_mean + rest.variance_of_mean)
    reach = z_value() * spread
    return {
        "mean": own.mean, "rest": rest.mean, "low": difference - reach, "high": difference + reach,
        "p": two_sided(difference / spread) if spread > 0 else 1.0,
    }  # fmt: skip


def _peak(heat: Table) -> Iterator[Claim]:
    rows = list(heat)
    if not rows:
        return
    best = max(rows, key=lambda row: (row["orders"], row["gross_revenue"], row["weekday"], -row["hour"]))
    key = {"weekday": best["weekday"], "hour": best["hour"]}
    columns = {"hour": "hour", "orders": "orders", "share": "share", "gross": "gross_revenue"}
    yield Claim(
        says="peak",
        key="purchase_time/peak",
        values={name: Cell("heat", key, column) for name, column in columns.items()},
        n=sum(row["orders"] for row in rows), base=ORDERS_BASE,
        labels={"weekday": (best["weekday"], "weekday")},
        certainty=0.5, topic="purchase_time", figure="heat",
    )  # fmt: skip


def _weekday_claims(weekdays: Table) -> Iterator[Claim]:
    """The weekday furthest above and the one furthest below the others, and those without any order."""
    rows = list(weekdays)
    total = sum(row["orders"] for row in rows)
    for row in rows:
        if row["orders"] == 0 and row["days"] > 0 and row["mean"] is not None:
            yield Claim(
                says="silent",
                key=f"purchase_time/silent/{row['weekday']}",
                values={"days": Cell("weekdays", {"weekday": row["weekday"]}, "days")},
                n=total, base=Text("全部订单", "all orders"), labels={"weekday": (row["weekday"], "weekday")},
                topic="silent_weekday", figure="weekdays", certainty=0.9,
            )  # fmt: skip
    sure = [row for row in rows if row["q"] is not None and row["q"] <= FALSE_DISCOVERY and row["orders"] > 0]
    for says, chosen in (
        ("weekday_up", [row for row in sure if row["low"] > 0]),
        ("weekday_down", [row for row in sure if row["high"] < 0]),
    ):
        if chosen:
            row = max(chosen, key=lambda row: (abs(row["mean"] - row["rest"]), row["weekday"]))
            yield _weekday_claim(says, row)


def _weekday_claim(says: str, row: Mapping[str, Any]) -> Claim:
    key = {"weekday": row["weekday"]}
    return Claim(
        says=says,
        key=f"purchase_time/{says}/{row['weekday']}",
        values={name: Cell("weekdays", key, name) for name in ("mean", "rest", "low", "high")},
        n=row["days"], base=Text("观察的天数，不含节日", "such days observed, festivals left out"), strength="tested",
        test=Test("Welch interval of daily orders", True, None, row["low"], row["high"],
                  corrected(row["q"])),
        labels={"weekday": (row["weekday"], "weekday")},
        certainty=0.6, topic="weekday", figure="weekdays",
    )  # fmt: skip


def _withheld(weekdays: Table, least: int) -> Iterator[Note]:
    if any(row["mean"] is None for row in weekdays):
        text = Text(
            f"观察不足 {least} 周，不比较一周各天的日均",
            f"Fewer than {least} weeks: weekdays are not compared",
        )
        yield Note(text, "withheld")


def _figures(timed: bool) -> tuple[Figure, ...]:
    weekdays = Figure(
        "weekdays", "bar", Text("一周各天的订单数", "Orders by weekday"), "weekdays", "weekday", ("orders",)
    )
    if not timed:
        return (weekdays,)
    heat = Figure(
        "heat", "heatmap", Text("一周各天、各小时的订单数", "Orders by weekday and hour"), "heat", "hour", ("orders",),
        series="weekday",
    )  # fmt: skip
    return (heat, weekdays)


ANALYSIS = Analysis(
    name="purchase_time",
    title=Text("购买时间", "Time of purchase"),
    question=Text("客户在星期几、几点下单？", "On which weekdays and at which hours do customers buy?"),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("orders", "order_lines"),
    order=44,
)
