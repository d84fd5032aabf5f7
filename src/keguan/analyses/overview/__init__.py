"""How is business? Key figures, the monthly series, and the latest period against the one before and last year.

Method: totals of complete records. An unfinished month is compared with the same elapsed days only; a year
ago is shifted where Spring Festival lies differently. A change is called one when it is sure (interval over
customers), unusual (XmR limits of the deseasonalised months; Wheeler 1993) and material.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analyses.overview.claims import TEXT, comparison_claims, total_claims
from keguan.analyses.overview.columns import (
    COMPARISON_COLUMNS,
    DETAIL_COLUMNS,
    KPI_COLUMNS,
    MONTH_COLUMNS,
)
from keguan.analysis import Analysis, Inputs, param
from keguan.core.festivals import uneven_festivals, year_ago_by_festival
from keguan.core.period import (
    Span,
    day_months_back,
    latest_month,
    month_end,
    month_index,
    month_name,
    month_start,
    same_span_months_back,
    span_ending,
)
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.evidence.statistics.material_change import Materiality, customer_change, verdict
from keguan.evidence.statistics.xmr import usual_change
from keguan.marts.key_figures import COMPARE_SQL, KPIS_SQL, LAGS_SQL, MONTHS_SQL
from keguan.marts.metrics import FIRST_DAY_SQL
from keguan.result import Figure, Note, Result, Table

CHINESE_ZONES = (
    "Asia/Shanghai",
    "Asia/Chongqing",
    "Asia/Urumqi",
    "Asia/Taipei",
    "Asia/Hong_Kong",
    "Asia/Macau",
)
LAG_QUANTILE = 0.95


@dataclass(frozen=True)
class Params:
    festivals: str = param(
        "auto",
        "去年同期是否按春节对齐：auto 表示时区在中国时对齐",
        "whether last year's days are aligned with Spring Festival: auto aligns when the zone is Chinese",
        ("auto", "on", "off"),
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """A period and the one it is compared with; `name` is a term of the vocabulary 'comparison'."""

    name: str
    span: Span
    base: Span


def run(inputs: Inputs, params: Params) -> Result:
    """Tables kpis, months, comparisons and comparison_counts."""
    kpis = inputs.table(
        "kpis", Text("关键指标", "Key figures"), KPI_COLUMNS, ("metric",), KPIS_SQL,
        min_n=inputs.settings.min_n,
    )  # fmt: skip
    tables: list[Table] = [kpis]
    notes: list[Note] = []
    first_day = _first_day(inputs)
    if first_day is None:
        note = Note(Text("没有购买记录", "There are no purchases"), "missing")
        return Result("overview", tables=tuple(tables), notes=(note,))
    months = _months(inputs, notes)
    pairs = tuple(_pairs(inputs, params, first_day))
    compared = [_compare(inputs, pair, months) for pair in pairs]
    tables += [months, *_comparison_tables(inputs, compared)]
    if _festivals_matter(inputs, params):
        notes += list(_festival_notes(pairs))
    notes += _withheld(inputs, kpis, compared)
    return Result(
        "overview",
        tables=tuple(tables),
        figures=_figures(),
        claims=(*total_claims(kpis), *comparison_claims(compared, inputs.settings.min_n)),
        notes=tuple(notes),
    )


def _first_day(inputs: Inputs) -> date | None:
    rows = inputs.query(FIRST_DAY_SQL).to_pylist()
    day: date | None = rows[0]["day"] if rows else None
    return day


def _months(inputs: Inputs, notes: list[Note]) -> Table:
    """The monthly series without gaps, with its unfinished month and the months whose returns still arrive."""
    rows = inputs.query(MONTHS_SQL).to_pylist()
    found = {row["month_no"]: row for row in rows}
    lag = _return_lag(inputs)
    open_from = inputs.as_of - timedelta(days=lag) if lag else None
    series = [
        _month(found.get(number, {}), number, inputs.as_of, open_from)
        for number in range(rows[0]["month_no"], month_index(inputs.as_of) + 1)
    ]
    if open_from is not None:
        notes.append(_returns_note(lag, open_from))
    return inputs.computed(
        "months", Text("月度走势", "Month by month"), MONTH_COLUMNS, ("month",), series,
        method="overview.months: months without sales filled with 0", sql=MONTHS_SQL,
    )  # fmt: skip


def _returns_note(lag: int, since: date) -> Note:
    return Note(
        Text(
            f"95% 的退货在购买后 {lag} 天内发生：{since.isoformat()} 之后的净销售额标为「退货未到齐」，日后还会因退货减少",
            f"95% of returns come within {lag} days of the purchase: net revenue after {since.isoformat()} still falls "
            "as returns arrive",
        )
    )


def _month(row: dict[str, Any], number: int, as_of: date, open_from: date | None) -> dict[str, Any]:
    end = month_end(date(number // 12, number % 12 + 1, 1))
    money = ("gross_revenue", "returns", "net_revenue", "orders", "customers", "guest_revenue")
    return {
        "month": month_name(number),
        **{name: row.get(name) or 0 for name in money},
        "unfinished": end > as_of,
        "returns_open": open_from is not None and end > open_from,
    }


def _return_lag(inputs: Inputs) -> int:
    """Days within which 95 % of the matched returns come; 0 without returns."""
    lags = inputs.query(LAGS_SQL).to_pylist()
    total, so_far = sum(row["returned"] for row in lags), 0
    for row in lags:
        so_far += row["returned"]
        if so_far >= LAG_QUANTILE * total:
            return int(row["lag"])
    return 0


def _pairs(inputs: Inputs, params: Params, first_day: date) -> Iterator[Pair]:
    """The comparisons whose base lies within the data (three days of grace at its start)."""
    latest, complete = latest_month(inputs.as_of)
    aligned = _festivals_matter(inputs, params)
    pairs = list(_month_pairs("month", latest, aligned))
    if not complete:
        last = latest.first - timedelta(days=1)
        pairs += _month_pairs("complete", Span(month_start(last), last), aligned)
    year, year_ago = span_ending(inputs.as_of, 12), day_months_back(inputs.as_of, 12)
    pairs.append(Pair("year_previous", year, span_ending(year_ago, 12)))
    return (pair for pair in pairs if pair.base.first + timedelta(days=3) >= first_day)


def _festivals_matter(inputs: Inputs, params: Params) -> bool:
    chinese = inputs.settings.timezone in CHINESE_ZONES
    return params.festivals == "on" or (params.festivals == "auto" and chinese)


def _month_pairs(name: str, span: Span, aligned: bool) -> Iterator[Pair]:
    yield Pair(f"{name}_previous", span, same_span_months_back(span, 1))
    year_ago = same_span_months_back(span, 12)
    shifted = year_ago_by_festival(span, year_ago) if aligned else None
    yield Pair(f"{name}_last_year", span, year_ago)
    if shifted is not None:
        yield Pair(f"{name}_festival", span, shifted)


def _compare(inputs: Inputs, pair: Pair, months: Table) -> dict[str, Any]:
    """One comparison: both totals, the interval over customers, the usual variation, the verdict."""
    row = inputs.query(COMPARE_SQL, **_days(pair)).to_pylist()[0]
    net, base = float(row["net_revenue"]), float(row["base_net_revenue"])
    settings = inputs.settings
    enough = min(row["customers"], row["base_customers"]) >= settings.min_n
    found = customer_change(net - base, row["squares"]) if enough else None
    series = [float(item["net_revenue"]) for item in months if not item["unfinished"]]
    usual = usual_change(series, pair.span.days)
    word = verdict(found, base, base, usual, Materiality(settings.material_relative, settings.material_share))
    return {
        **row, **_days(pair),
        "comparison": pair.name,
        "period": span_name(pair.span),
        "base_period": span_name(pair.base),
        "change": row["net_revenue"] - row["base_net_revenue"],
        "change_rate": (net - base) / base if base > 0 and enough else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "p": found.p if found else None,
        "usual_low": usual.low if usual and enough else None,
        "usual_high": usual.high if usual and enough else None,
        "verdict": word,
    }  # fmt: skip


def _days(pair: Pair) -> dict[str, date]:
    return {
        "first": pair.span.first, "last": pair.span.last,
        "base_first": pair.base.first, "base_last": pair.base.last,
    }  # fmt: skip


def _comparison_tables(inputs: Inputs, compared: list[dict[str, Any]]) -> tuple[Table, Table]:
    note = Text(
        "有客户编号的净销售额；未结束的月份只与相同天数比较",
        "Net revenue of identified customers; an unfinished month is compared with the same number of days only",
    )
    tables = (
        inputs.computed(
            "comparisons", Text("与上期和去年比较", "Against the previous period and last year"),
            COMPARISON_COLUMNS, ("comparison",), compared,
            method="overview.compare: one run of the query per comparison", inputs=("months",), note=note,
            sql=COMPARE_SQL,
        ),
        inputs.computed(
            "comparison_counts", Text("比较的期间、订单、客户与散客", "Periods compared, with orders, customers and guests"),
            DETAIL_COLUMNS, ("comparison",), compared,
            method="overview.compare: one run of the query per comparison", sql=COMPARE_SQL,
        ),
    )  # fmt: skip
    return replace(tables[0], appendix=True), replace(tables[1], appendix=True)  # the sentences say them


def _festival_notes(pairs: tuple[Pair, ...]) -> Iterator[Note]:
    """Months compared in sentences that hold different numbers of festival days."""
    seen: set[tuple[Span, Span]] = set()
    whole = [pair for pair in pairs if pair.name.startswith("complete_")]  # else the latest month is whole
    for pair in whole or pairs:
        names = uneven_festivals(pair.span, pair.base)
        if not names or pair.name == "year_previous" or (pair.span, pair.base) in seen:
            continue
        seen.add((pair.span, pair.base))
        zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
        now, base = span_name(pair.span), span_name(pair.base)
        yield Note(
            Text(
                f"{now} 与 {base} 所含的节日天数不同（{zh}），两期的比较受其影响",
                f"{now} and {base} hold different numbers of festival days ({en}), which bears on their comparison",
            ),
            "warning",
        )


def _withheld(inputs: Inputs, kpis: Table, compared: list[dict[str, Any]]) -> list[Note]:
    least = inputs.settings.min_n
    few = [row for row in compared if row["change_rate"] is None and row["n"] > 0]
    average = kpis.find({"metric": "avg_order_value"})
    notes = []
    if few:
        text = Text(
            f"{len(few)} 项比较的客户少于 {least} 位或基数不为正，只列金额，不作比率与检验",
            f"Comparisons of fewer than {least} customers or with a base that is not positive: {len(few)}; sums only, "
            "no rates and tests",
        )
        notes.append(Note(text, "withheld"))
    if average is not None and average["value"] is None:
        text = Text(f"购买少于 {least} 次，笔单价不列出", f"Fewer than {least} purchases: no average value")
        notes.append(Note(text, "withheld"))
    return notes


def _figures() -> tuple[Figure, ...]:
    return (
        Figure(
            "monthly_revenue", "stacked_bar",
            Text("每月净销售额与退货额（合计为销售额）", "Net revenue and returns by month"),
            "months", "month", ("net_revenue", "returns"), hatch="unfinished",
        ),
        Figure(
            "monthly_customers", "line", Text("每月下单客户数与订单数", "Customers and orders by month"),
            "months", "month", ("customers", "orders"), hatch="unfinished",
        ),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="overview",
    title=Text("经营概况", "Overview"),
    question=Text(
        "收入、订单与客户是多少，与上期和去年同期相比如何？",
        "What are revenue, orders and customers, and how do they compare with the period before and last year?",
    ),
    section="trend",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "order_lines", "loads"),
    order=10,
)
