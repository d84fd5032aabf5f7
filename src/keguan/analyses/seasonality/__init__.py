"""Is there a season: which months and weeks stand out, what do festivals do, and how was it a year ago?

Method: net revenue a day of complete months (and ISO weeks) of the latest whole years; logarithms in an additive model of year
and month, index with interval, corrected by Benjamini-Hochberg; whether there is a season at all by Friedman's test. Festivals
(Spring Festival by its moving days, 618, Double 11): revenue a day within against the 28 ordinary days on each side (Welch on
logarithms of days), festival with festival of the year before. An unfinished month, week or festival is left out.

Source: Friedman (1937); Montgomery (2013); Welch (1947); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analyses.seasonality.claims import season_claims, season_notes
from keguan.analyses.seasonality.columns import INDEX_COLUMNS, MONTH_COLUMNS, TEST_COLUMNS, TEXT, WEEK_COLUMNS
from keguan.analyses.seasonality.days import DAYS_SQL, WEEKS, Days, complete_months, complete_weeks, season_of
from keguan.analyses.seasonality.festivals import festival_table
from keguan.analysis import Analysis, Inputs
from keguan.core.festivals import festivals_in
from keguan.core.period import Span, month_name
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.seasonal_index import Season
from keguan.result import Column, Figure, Note, Result, Table


@dataclass(frozen=True)
class Params:
    """No parameters."""


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
    months = complete_months(days)
    weeks = complete_weeks(days)
    by_month = season_of(months, 12)
    by_week = season_of(weeks, WEEKS)
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
        festival_table(inputs, days),
    )
    tables = tuple(replace(table, appendix=table.id not in ("month_index", "festivals")) for table in tables)
    result = Result("seasonality", tables=tables)
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(season_claims(result)),
        notes=tuple(season_notes(inputs, months, days)),
    )


Period = tuple[Any, Span, Any]  # name within the year, its days, net revenue


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


def _figures(result: Result) -> tuple[Figure, ...]:
    if not len(result.table("month_index").rows):
        return ()
    title = Text(
        "各月季节指数（1 为全年水平，每日净销售额）",
        "Index of the months (1 is the level of the year, net revenue a day)",
    )
    return (Figure("month_index", "line", title, "month_index", "place", ("index",), low="low", high="high"),)


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
