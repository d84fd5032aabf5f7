"""How is business? Key figures, the monthly series, and the latest period against the one before and last year.

Method: totals of complete records. An unfinished month is compared with the same elapsed days only; a year
ago is shifted where Spring Festival lies differently. A change is called one when it is sure (interval over
customers), unusual (XmR limits of the deseasonalised months; Wheeler 1993) and material.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

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
from keguan.evidence.statistics.material_change import Materiality, customer_change, verdict
from keguan.evidence.statistics.xmr import usual_change
from keguan.marts.key_figures import COMPARE_SQL, KPIS_SQL, LAGS_SQL, MONTHS_SQL
from keguan.marts.metrics import CUSTOMERS, GROSS_REVENUE, NET_REVENUE, ORDERS, RETURNS
from keguan.result import Cell, Claim, Column, Computed, Figure, Note, Result, Table, Test

CHINESE_ZONES = (
    "Asia/Shanghai",
    "Asia/Chongqing",
    "Asia/Urumqi",
    "Asia/Taipei",
    "Asia/Hong_Kong",
    "Asia/Macau",
)
LAG_QUANTILE = 0.95
CUSTOMER_BASE = Text("有客户编号的客户", "customers with an id")
METHOD = "Poisson bootstrap over customers, XmR limits, materiality"


@dataclass(frozen=True)
class Params:
    festivals: str = param(
        "auto",
        "去年同期是否按春节对齐：auto 表示时区在中国时对齐",
        "whether last year's days are aligned with Spring Festival: auto aligns when the zone is Chinese",
        ("auto", "on", "off"),
    )


TEXT = {
    "totals": Text(
        "{first} 至 {last}，{customers} 位客户下单 {orders} 次，销售额 {gross}，退货 {returns}，"
        "净销售额 {net}（n={n}，{base}）。",
        "From {first} to {last}, {customers} customers placed {orders} orders: gross revenue {gross}, returns "
        "{returns}, net revenue {net} (n={n}, {base}).",
    ),
    "guests": Text(
        "散客（无客户编号）销售额 {revenue}，占全部销售额的 {share}；这部分计入收入，不计入客户数"
        "（n={n}，{base}）。",
        "Guests (no customer id) bring gross revenue of {revenue}, {share} of all gross revenue; it counts as "
        "revenue, not as customers (n={n}, {base}).",
    ),
    "up": Text(
        "{comparison}：{first} 至 {last} 的净销售额 {net}，比 {base_first} 至 {base_last} 的 {base_net} "
        "显著增加 {rate}（增加额的 95% 区间 {low} 至 {high}，超出平常月间波动；n={n}，{base}）。",
        "{comparison}: net revenue of {first} to {last} is {net}, a significant increase of {rate} on {base_net} of "
        "{base_first} to {base_last} (95% interval of the increase {low} to {high}, beyond the usual "
        "month-to-month variation; n={n}, {base}).",
    ),
    "down": Text(
        "{comparison}：{first} 至 {last} 的净销售额 {net}，比 {base_first} 至 {base_last} 的 {base_net} "
        "显著减少 {rate}（变化额的 95% 区间 {low} 至 {high}，超出平常月间波动；n={n}，{base}）。",
        "{comparison}: net revenue of {first} to {last} is {net}, a significant decrease of {rate} from {base_net} of "
        "{base_first} to {base_last} (95% interval of the change {low} to {high}, beyond the usual "
        "month-to-month variation; n={n}, {base}).",
    ),
    "more": Text(
        "{comparison}：{first} 至 {last} 的净销售额 {net}，比 {base_first} 至 {base_last} 的 {base_net} "
        "增加 {rate}，未超出平常波动，不作结论（n={n}，{base}）。",
        "{comparison}: net revenue of {first} to {last} is {net}, {rate} more than {base_net} of {base_first} to "
        "{base_last}; this is within the usual variation and no finding (n={n}, {base}).",
    ),
    "less": Text(
        "{comparison}：{first} 至 {last} 的净销售额 {net}，比 {base_first} 至 {base_last} 的 {base_net} "
        "减少 {rate}，未超出平常波动，不作结论（n={n}，{base}）。",
        "{comparison}: net revenue of {first} to {last} is {net}, {rate} less than {base_net} of {base_first} to "
        "{base_last}; this is within the usual variation and no finding (n={n}, {base}).",
    ),
}

LINE_COUNTS = ("received", "clean", "quarantined", "superseded", "dropped")
GUEST_NOTE = Text(
    "无客户编号的销售额，未减退货", "gross revenue without a customer id, returns not taken off"
)

KPI_COLUMNS = (
    Column("metric", Text("指标", "Metric"), "label", role="key", vocabulary="metric"),
    Column("value", Text("值", "Value"), "number", unit_column="unit"),
    Column("unit", Text("单位", "Unit"), "text", role="note"),
)
MONTH_COLUMNS = (
    Column("month", Text("月份", "Month"), "month", role="key"),
    Column("gross_revenue", GROSS_REVENUE.label, "money"),
    Column(
        "returns",
        RETURNS.label,
        "money",
        note=Text("计入退货当日所在月", "counted in the month of the return"),
    ),
    Column("net_revenue", NET_REVENUE.label, "money"),
    Column("orders", ORDERS.label, "count"),
    Column("customers", CUSTOMERS.label, "count"),
    Column("guest_revenue", Text("散客销售额", "Guest revenue"), "money", note=GUEST_NOTE),
    Column("unfinished", Text("未结束", "Unfinished"), "text", role="note"),
    Column("returns_open", Text("退货未到齐", "Returns still arriving"), "text", role="note"),
)
COMPARISON_COLUMNS = (
    Column("comparison", Text("比较", "Comparison"), "label", role="key", vocabulary="comparison"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("base_net_revenue", Text("对比期净销售额", "Net revenue compared with"), "money"),
    Column("change", Text("变化额", "Change"), "money"),
    Column("low", Text("区间下限", "Low"), "money", role="low",
           note=Text("客户自助法(泊松权重)95%区间", "95% interval, Poisson bootstrap over customers")),
    Column("high", Text("区间上限", "High"), "money", role="high"),
    Column("change_rate", Text("变化率", "Change, relative"), "share"),
    Column("usual_low", Text("平常波动下限", "Usual variation, low"), "share",
           note=Text("去季节后月间波动的 XmR 控制限", "XmR limits of the deseasonalised months")),
    Column("usual_high", Text("平常波动上限", "Usual variation, high"), "share"),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="verdict"),
)  # fmt: skip
DETAIL_COLUMNS = (
    Column("comparison", Text("比较", "Comparison"), "label", role="key", vocabulary="comparison"),
    Column("first", Text("本期起", "From"), "date"),
    Column("last", Text("本期止", "To"), "date"),
    Column("base_first", Text("对比期起", "Compared from"), "date"),
    Column("base_last", Text("对比期止", "Compared to"), "date"),
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("base_orders", Text("对比期订单数", "Orders compared with"), "count"),
    Column("customers", Text("下单客户", "Customers"), "count"),
    Column("base_customers", Text("对比期下单客户", "Customers compared with"), "count"),
    Column("guest_revenue", Text("散客销售额", "Guest revenue"), "money", note=GUEST_NOTE),
    Column("base_guest_revenue", Text("对比期散客销售额", "Guest revenue compared with"), "money"),
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
        claims=(*_total_claims(kpis), *_comparison_claims(compared, inputs.settings.min_n)),
        notes=tuple(notes),
    )


def _first_day(inputs: Inputs) -> date | None:
    rows = inputs.query("SELECT min(day) AS day FROM purchases WHERE orders > 0").to_pylist()
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
            f"95% 的退货在购买后 {lag} 天内发生：{since.isoformat()} 之后的净销售额「退货未到齐」",
            f"95% of returns come within {lag} days of the purchase: returns still arrive for net revenue after "
            f"{since.isoformat()}",
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
    return (
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


def _festival_notes(pairs: tuple[Pair, ...]) -> Iterator[Note]:
    """Compared periods that hold different numbers of festival days."""
    seen: set[tuple[Span, Span]] = set()
    for pair in pairs:
        names = uneven_festivals(pair.span, pair.base)
        if not names or pair.name == "year_previous" or (pair.span, pair.base) in seen:
            continue
        seen.add((pair.span, pair.base))
        zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
        days = f"{pair.span.first} – {pair.span.last} / {pair.base.first} – {pair.base.last}"
        yield Note(
            Text(
                f"两期所含节日天数不同（{zh}）：{days}",
                f"The two periods hold different numbers of festival days ({en}): {days}",
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
            f"{len(few)} comparisons have fewer than {least} customers or a base that is not positive: sums only, "
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
            "monthly_revenue", "bar", Text("每月销售额、退货与净销售额", "Gross revenue, returns and net revenue by month"),
            "months", "month", ("gross_revenue", "returns", "net_revenue"), hatch="unfinished",
            line_y=("net_revenue",),
        ),
        Figure(
            "monthly_customers", "line", Text("每月下单客户与订单", "Customers and orders by month"),
            "months", "month", ("customers", "orders"), hatch="unfinished",
        ),
    )  # fmt: skip


def _total_claims(kpis: Table) -> Iterator[Claim]:
    value = {row["metric"]: row["value"] for row in kpis}

    def cell(metric: str) -> Cell:
        return Cell("kpis", {"metric": metric}, "value")

    if value["orders"]:
        yield Claim(
            says="totals",
            key="overview/totals",
            values={
                "first": cell("first_order_on"), "last": cell("last_order_on"),
                "customers": cell("customers"), "orders": cell("orders"), "gross": cell("gross_revenue"),
                "returns": cell("returns"), "net": cell("net_revenue"),
            },
            n=int(value["orders"]), base=Text("有客户编号的订单", "orders with a customer id"),
            topic="totals", figure="monthly_revenue",
        )  # fmt: skip
    if value["guest_revenue"]:
        yield Claim(
            says="guests",
            key="overview/guests",
            values={"revenue": cell("guest_revenue"), "share": cell("guest_share")},
            n=int(value["orders"]), base=Text("有客户编号的订单（另有散客）", "orders with a customer id, guests apart"),
            money=float(value["guest_revenue"]), topic="guests", summary=False,
        )  # fmt: skip


def _comparison_claims(compared: list[dict[str, Any]], min_n: int) -> Iterator[Claim]:
    for row in compared:
        if row["change_rate"] is None or row["n"] < min_n or row["change"] == 0:
            continue
        passed = row["verdict"] in ("显著增加", "显著减少")
        rising = row["change"] > 0
        says = ("up" if rising else "down") if passed else ("more" if rising else "less")
        key = {"comparison": row["comparison"]}

        def cell(column: str, key: dict[str, str] = key) -> Cell:
            return Cell("comparisons", key, column)

        days = {
            name: Cell("comparison_counts", key, name)
            for name in ("first", "last", "base_first", "base_last")
        }
        figures: dict[str, Cell | Computed] = {
            "net": cell("net_revenue"),
            "base_net": cell("base_net_revenue"),
            "rate": Computed("change", cell("net_revenue"), cell("base_net_revenue"), "share", absolute=True),
        }
        bounds = {"low": cell("low"), "high": cell("high")} if passed else {}
        yield Claim(
            says=says,
            key=f"overview/{says}/{row['comparison']}",
            values={**days, **figures, **bounds},
            n=int(row["n"]),
            base=CUSTOMER_BASE,
            strength="tested" if passed else "fact",
            test=Test(METHOD, passed, row["p"], row["low"], row["high"]) if row["p"] is not None else None,
            labels={"comparison": (row["comparison"], "comparison")},
            money=abs(float(row["change"])),
            certainty=0.95 if passed else 0.4,
            topic="revenue_change/year" if row["comparison"] == "year_previous" else "revenue_change/month",
            summary=passed or row["comparison"] == "year_previous",
            figure="monthly_revenue",
        )


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
