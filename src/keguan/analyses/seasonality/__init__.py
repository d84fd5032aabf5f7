"""Is there a season: which months and weeks stand out, what do festivals do, and how was it a year ago?

Method: net revenue a day of complete months (and ISO weeks) of the latest whole years; logarithms in an additive model of year
and month, index with interval, corrected by Benjamini-Hochberg; whether there is a season at all by Friedman's test. Festivals
(Spring Festival by its moving days, 618, Double 11): revenue a day within against the 28 ordinary days on each side (Welch on
logarithms of days), festival with festival of the year before. An unfinished month, week or festival is left out.

Source: Friedman (1937); Montgomery (2013); Welch (1947); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analyses.seasonality.columns import (
    FESTIVAL_COLUMNS,
    INDEX_COLUMNS,
    MONTH_COLUMNS,
    TEST_COLUMNS,
    TEXT,
    WEEK_COLUMNS,
)
from keguan.analysis import Analysis, Inputs
from keguan.core.festivals import Festival, festivals, festivals_in
from keguan.core.period import Span, month_end, month_index, month_name
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.seasonal_index import Season, season
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.marts.metrics import NET_REVENUE, ORDERS
from keguan.result import Cell, Claim, Column, Figure, Note, Result, Table, Test

FALSE_DISCOVERY = 0.05
AROUND = 28  # ordinary days on each side of a festival
WEEKS = 52

DAYS_SQL = f"""
SELECT day, {NET_REVENUE.sql} AS net_revenue, {ORDERS.sql} AS orders
FROM purchases GROUP BY day ORDER BY day
"""


@dataclass(frozen=True)
class Params:
    """No parameters."""


@dataclass(frozen=True, slots=True)
class Days:
    """Net revenue and orders by day; a day without sales has none of either."""

    money: Mapping[date, Any]
    orders: Mapping[date, int]
    first: date
    last: date

    def net(self, span: Span) -> Any:
        """Net revenue of the span."""
        return sum(self.money.get(day, 0) for day in days_of(span))

    def placed(self, span: Span) -> int:
        """Orders of the span."""
        return sum(self.orders.get(day, 0) for day in days_of(span))


def days_of(span: Span) -> Iterator[date]:
    """Every day of a span."""
    return (span.first + timedelta(days=n) for n in range(span.days))


def run(inputs: Inputs, params: Params) -> Result:
    """Tables tests, months, month_index, week_index, festivals."""
    found = [row for row in inputs.query(DAYS_SQL).to_pylist() if row["orders"] or row["net_revenue"]]
    placed = [row["day"] for row in found if row["orders"]]
    if not placed:
        return Result("seasonality", notes=(Note(Text("没有订单", "There are no orders"), "missing"),))
    days = Days(
        {r["day"]: r["net_revenue"] for r in found},
        {r["day"]: r["orders"] for r in found},
        min(placed),
        inputs.as_of,
    )
    months = _complete_months(days)
    weeks = _complete_weeks(days)
    by_month = _season(months, 12)
    by_week = _season(weeks, WEEKS)
    tables: tuple[Table, ...] = (
        _tests(inputs, {"month": (months, by_month), "week": (weeks, by_week)}),
        _month_table(inputs, days, months),
        _index_table(
            inputs,
            "month_index",
            Text("各月季节指数", "Index of the months"),
            INDEX_COLUMNS,
            months,
            by_month,
            12,
        ),
        _index_table(
            inputs,
            "week_index",
            Text("各周季节指数", "Index of the weeks"),
            WEEK_COLUMNS,
            weeks,
            by_week,
            WEEKS,
        ),
        _festival_table(inputs, days),
    )
    tables = tuple(replace(table, appendix=table.id not in ("month_index", "festivals")) for table in tables)
    result = Result("seasonality", tables=tables)
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(_claims(result)),
        notes=tuple(_notes(inputs, months, days)),
    )


Period = tuple[Any, Span, Any]  # name within the year, its days, net revenue


def _complete_months(days: Days) -> list[tuple[int, Span, Any]]:
    """(month index, span, net revenue) of months seen from their first day (a quiet week is allowed) to their last."""
    found = []
    for index in range(month_index(days.first), month_index(days.last) + 1):
        first = date(index // 12, index % 12 + 1, 1)
        span = Span(first, month_end(first))
        if days.first <= first + timedelta(days=7) and span.last <= days.last:
            found.append((index, span, days.net(span)))
    return found


def _complete_weeks(days: Days) -> list[tuple[int, Span, Any]]:
    """Whole ISO weeks, week 53 left out."""
    monday = days.first + timedelta(days=-days.first.weekday() % 7)
    found = []
    while monday + timedelta(days=6) <= days.last:
        span = Span(monday, monday + timedelta(days=6))
        year, week, _ = monday.isocalendar()
        if week <= WEEKS:
            found.append((year * WEEKS + week - 1, span, days.net(span)))
        monday += timedelta(days=7)
    return found


def _season(periods: Sequence[tuple[int, Span, Any]], size: int) -> Season | None:
    """From the latest whole years back; None with fewer than two, or a period without revenue."""
    years = len(periods) // size
    kept = periods[len(periods) - years * size :]
    figures = [float(net) / span.days for _, span, net in kept]
    return (
        season([figures[start : start + size] for start in range(0, len(figures), size)])
        if years >= 2
        else None
    )


def _tests(inputs: Inputs, of: Mapping[str, tuple[Sequence[Any], Season | None]]) -> Table:
    rows = []
    for kind, (periods, found) in of.items():
        size = 12 if kind == "month" else WEEKS
        verdict = "untested" if found is None else "season" if found.p <= FALSE_DISCOVERY else "none"
        rows.append(
            {
                "kind": kind,
                "periods": len(periods),
                "years": len(periods) // size,
                "p": found.p if found else None,
                "verdict": verdict,
            }
        )
    return inputs.computed(
        "tests", Text("有没有季节性", "Is there a season?"), TEST_COLUMNS, ("kind",), rows,
        method="evidence.statistics.seasonal_index.friedman", sql=DAYS_SQL,
    )  # fmt: skip


def _month_table(inputs: Inputs, days: Days, months: Sequence[tuple[int, Span, Any]]) -> Table:
    by_index = {index: net for index, _, net in months}
    rows = []
    for index, span, net in months:
        before = by_index.get(index - 12)
        held = [item.name.zh for item in festivals_in(span)]
        rows.append(
            {
                "month": month_name(index), "net_revenue": net, "orders": days.placed(span), "per_day": net / span.days,
                "year_ago": before, "change": float(net / before) - 1 if before and before > 0 else None,
                "festivals": "、".join(held) or None,
            }
        )  # fmt: skip
    return inputs.computed(
        "months", Text("完整月份与去年同月", "Complete months and a year ago"), MONTH_COLUMNS, ("month",), rows,
        method="seasonality.months", sql=DAYS_SQL,
    )  # fmt: skip


def _index_table(
    inputs: Inputs, id: str, title: Text, columns: Sequence[Column], periods: Sequence[tuple[int, Span, Any]],
    found: Season | None, size: int,
) -> Table:  # fmt: skip
    rows: list[dict[str, Any]] = []
    if found is not None:
        first = periods[len(periods) - len(periods) // size * size][0] % size
        adjusted = benjamini_hochberg([item.p for item in found.periods])
        for place, (item, q) in enumerate(zip(found.periods, adjusted, strict=True)):
            every_year = (item.nearest - 1) * (1 if item.index > 1 else -1)
            sure = q <= FALSE_DISCOVERY and every_year >= inputs.settings.material_relative
            rows.append(
                {
                    "place": (first + place) % size + 1, "index": item.index, "low": item.low, "high": item.high, "q": q,
                    "verdict": ("above" if item.index > 1 else "below") if sure else "plain",
                }
            )  # fmt: skip
    rows.sort(key=lambda row: row["place"])
    return inputs.computed(
        id, title, columns, ("place",), rows, method="evidence.statistics.seasonal_index.season", sql=DAYS_SQL
    )


def _festival_table(inputs: Inputs, days: Days) -> Table:
    rows = [row for row in (_festival(days, item) for item in _seen(days)) if row]
    for row, q in zip(rows, benjamini_hochberg([row["p"] for row in rows]), strict=True):
        side = "above" if row["index"] > 1 else "below"
        sure = q <= FALSE_DISCOVERY and abs(row["index"] - 1) >= inputs.settings.material_relative
        row |= {"q": q, "verdict": side if sure else "plain"}
    before = {(row["festival"], row["year"]): row for row in rows}
    for row in rows:
        last = before.get((row["festival"], str(int(row["year"]) - 1)))
        if last and last["net_revenue"] > 0 and last["days"] == row["days"]:
            row |= {
                "year_ago": last["net_revenue"],
                "change": float(row["net_revenue"] / last["net_revenue"]) - 1,
            }
    return inputs.computed(
        "festivals", Text("节日期间", "Festivals"), FESTIVAL_COLUMNS, ("festival", "year"), rows,
        method="seasonality.festivals: Welch on logarithms of days, benjamini_hochberg", sql=DAYS_SQL,
    )  # fmt: skip


def _seen(days: Days) -> list[Festival]:
    """Festivals with all of their days and the ordinary days before them in the data."""
    return [
        item
        for year in range(days.first.year, days.last.year + 1)
        for item in festivals(year)
        if item.span.first - timedelta(days=AROUND) >= days.first and item.span.last <= days.last
    ]


def _festival(days: Days, item: Festival) -> dict[str, Any] | None:
    """Revenue a day within, against the ordinary days on each side, on the log scale; None with a day without sales."""
    around = [
        day
        for span in (Span(item.span.first - timedelta(days=AROUND), item.span.first - timedelta(days=1)),
                     Span(item.span.last + timedelta(days=1), item.span.last + timedelta(days=AROUND)))
        for day in days_of(span)
        if day <= days.last and not festivals_in(Span(day, day))
    ]  # fmt: skip
    within = [float(days.money.get(day, 0)) for day in days_of(item.span)]
    ordinary = [float(days.money.get(day, 0)) for day in around]
    if len(ordinary) < 14 or min(within, default=0) <= 0 or min(ordinary) <= 0:
        return None
    (mean, variance), (usual, usual_variance) = (_logs(values) for values in (within, ordinary))
    spread = math.sqrt(variance + usual_variance)
    difference = mean - usual
    reach = z_value() * spread
    return {
        "festival": item.name.zh, "year": str(item.span.last.year), "first": item.span.first, "last": item.span.last,
        "days": item.span.days, "net_revenue": days.net(item.span), "orders": days.placed(item.span),
        "index": math.exp(difference), "low": math.exp(difference - reach), "high": math.exp(difference + reach),
        "p": two_sided(difference / spread) if spread > 0 else 1.0,
    }  # fmt: skip


def _logs(values: Sequence[float]) -> tuple[float, float]:
    """Mean of the logarithms and its variance."""
    logs = [math.log(value) for value in values]
    mean = math.fsum(logs) / len(logs)
    return mean, math.fsum((x - mean) ** 2 for x in logs) / (len(logs) - 1) / len(logs)


def _figures(result: Result) -> tuple[Figure, ...]:
    if not len(result.table("month_index").rows):
        return ()
    title = Text(
        "各月季节指数（1 为全年水平，每日净销售额）",
        "Index of the months (1 is the level of the year, net revenue a day)",
    )
    return (Figure("month_index", "line", title, "month_index", "place", ("index",), low="low", high="high"),)


def _claims(result: Result) -> Iterator[Claim]:
    test = result.table("tests").find({"kind": "month"}) or {}
    months = [row for row in result.table("month_index") if row["verdict"] != "plain"]
    if test["verdict"] == "none" and not months:
        yield Claim(
            "no_season", "seasonality/no_season", {"years": Cell("tests", {"kind": "month"}, "years")}, n=test["periods"],
            base=Text("完整月份", "complete months"), strength="tested", test=Test("Friedman", False, test["p"]), summary=False,
            topic="season",
        )  # fmt: skip
    if months:
        best = max(months, key=lambda row: (abs(math.log(row["index"])), row["place"]))
        yield _index_claim(best, test)
    for row in result.table("festivals"):
        if row["verdict"] != "plain" and row["year"] == max(
            r["year"] for r in result.table("festivals") if r["festival"] == row["festival"]
        ):
            yield _festival_claim(row)


def _index_claim(row: Mapping[str, Any], test: Mapping[str, Any]) -> Claim:
    key = {"place": row["place"]}
    says = "month_above" if row["verdict"] == "above" else "month_below"
    return Claim(
        says, f"seasonality/month/{row['place']}", {name: Cell("month_index", key, name) for name in ("place",
        "index", "low", "high")},
        n=test["periods"], base=Text("完整月份", "complete months"), strength="tested",
        test=Test("additive model of years and months, t", True, None, row["low"], row["high"], corrected(row["q"])),
        certainty=1 - row["q"], topic="season", figure="month_index",
    )  # fmt: skip


def _festival_claim(row: Mapping[str, Any]) -> Claim:
    key = {"festival": row["festival"], "year": row["year"]}
    says = f"festival_{row['verdict']}" + ("_year" if row["change"] is not None else "")
    names = [
        "first",
        "last",
        "net_revenue",
        "index",
        "low",
        "high",
        *(["change"] if row["change"] is not None else []),
    ]
    return Claim(
        says, f"seasonality/festival/{row['festival']}/{row['year']}", {name: Cell("festivals", key, name) for name in names},
        n=row["orders"], base=Text("节日期间的订单", "orders of the festival"), strength="tested",
        test=Test("Welch on logarithms of days", True, None, row["low"], row["high"], corrected(row["q"])),
        labels={"festival": (row["festival"], "festival")},
        money=abs(row["index"] - 1) / row["index"] * float(row["net_revenue"]),
        certainty=1 - row["q"], topic=f"festival/{row['festival']}",
    )  # fmt: skip


def _notes(inputs: Inputs, months: Sequence[Any], days: Days) -> Iterator[Note]:
    if len(months) < 24:
        yield Note(
            Text(f"完整月份 {len(months)} 个，不足 24 个，季节指数不予给出", f"{len(months)} complete months, "
                                                           f"fewer than 24: no index is given"),
            "withheld")  # fmt: skip
    if inputs.as_of != month_end(inputs.as_of):
        yield Note(
            Text(
                f"{month_name(month_index(inputs.as_of))} 未结束，不参与比较",
                f"{month_name(month_index(inputs.as_of))} is unfinished and left out",
            )
        )


ANALYSIS = Analysis(
    name="seasonality",
    title=Text("季节性与节日", "Season and festivals"),
    question=Text(
        "哪些月份和节日卖得多，与去年相比怎样？",
        "Which months and festivals sell more, and how does it compare with a year ago?",
    ),
    section="trend",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases",),
    order=50,
)
