"""A company's own figure over a span of days, with its interval, and conditions such as 'region=华东'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any

from keguan.analysis import Inputs
from keguan.engine.literals import named, quoted
from keguan.evidence.statistics.bootstrap import BUCKETS, percentile_interval, resample_weights
from keguan.evidence.statistics.interval import Interval, z_value
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.own_figures import OwnFigure

# What a condition may be about, by the words that people write -> the column.
DIMENSIONS = {
    "region": "region", "地区": "region", "区域": "region", "channel": "channel", "渠道": "channel",
    "product": "product_id", "product_id": "product_id", "商品": "product_id", "category": "category", "类目": "category",
    "owner": "owner", "责任人": "owner", "负责人": "owner", "branch": "branch", "分支机构": "branch",
    "unit": "unit", "部门": "unit",
}  # fmt: skip
_ALLOWED = {
    "lines": {"region", "channel", "product_id", "category", "owner", "branch"},
    "accounts": {"owner", "branch"},
    "feedback": {"region", "channel", "product_id", "unit", "owner", "branch"},
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The figure of a span: its 95 % interval where it is a rate, and how many stand under it."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


def condition(figure: OwnFigure, dimension: str | None) -> str | None:
    """SQL for a condition like 'region=华东; channel=官网'; '' without one, None when the figure has no such part."""
    if not dimension or not dimension.strip():
        return ""
    found = []
    for part in dimension.replace("；", ";").replace("，", ";").replace(",", ";").split(";"):
        name, equals, value = part.partition("=")
        column = DIMENSIONS.get(name.strip().casefold())
        if not equals or column is None or column not in _ALLOWED[figure.source]:
            return None
        found.append(_condition(column, quoted(value.strip())))
    return "".join(f" AND {sql}" for sql in found)


def _condition(column: str, value: str) -> str:
    if column in ("owner", "branch"):
        return f"account_no IN (SELECT account_no FROM customers WHERE {column} = {value} AND account_no IS NOT NULL)"
    if column == "category":
        return (
            f"product_id IN (SELECT product_id FROM products WHERE split_part(category, ' / ', 1) = {value})"
        )
    return f"{column} = {value}"


def span_sql(figure: OwnFigure, only: str) -> str:
    """The SQL of a figure under a condition."""
    return figure.sql.replace("{only}", only)


def measure(inputs: Inputs, figure: OwnFigure, first: date, last: date, only: str = "") -> Measured:
    """The figure from `first` to `last`; rates of fewer than the smallest n are withheld (value None)."""
    sql = span_sql(figure, only)
    bound = {"first": first, "last": last, "before": first - timedelta(days=(last - first).days + 1)}
    rows = inputs.query(sql, **{name: day for name, day in bound.items() if name in named(sql)}).to_pylist()
    n = sum(int(row["n"]) for row in rows)
    top = sum(float(row["numerator"] or 0) for row in rows)
    if figure.kind == "total":
        return Measured(float(sum(row["numerator"] or 0 for row in rows)), n)
    under = sum(float(row["denominator"] or 0) for row in rows)
    if n < inputs.settings.min_n or under <= 0:
        return Measured(None, n)
    ends = _interval(figure, rows, top, under)
    times = 100 if figure.kind == "net_promoters" else 1  # a score from -100 to 100
    low, high = (ends.low * times, ends.high * times) if ends else (None, None)
    return Measured(top / under * times, n, low, high)


def _interval(figure: OwnFigure, rows: list[Mapping[str, Any]], top: float, under: float) -> Interval | None:
    if figure.kind == "proportion":
        return wilson(round(top), round(under))
    if figure.kind == "net_promoters":
        high, low = (sum(int(row[name]) for row in rows) for name in ("high", "low"))
        return adjusted_wald(high, low, round(under))
    return _bootstrap(rows)


def adjusted_wald(promoters: int, detractors: int, n: int) -> Interval:
    """Interval of a net promoter score: 3/4, 3/2 and 3/4 answers added (Rocks 2016)."""
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = z_value() * sqrt((p + d - (p - d) ** 2) / (n + 3))
    return Interval(max(-1.0, p - d - half), min(1.0, p - d + half))


def _bootstrap(rows: list[Mapping[str, Any]]) -> Interval | None:
    """Percentile interval of the ratio of two sums, over random groups of customers."""
    import numpy as np

    top, under = np.zeros(BUCKETS), np.zeros(BUCKETS)
    for row in rows:
        top[int(row["bucket"])] += float(row["numerator"] or 0)
        under[int(row["bucket"])] += float(row["denominator"] or 0)
    weights = resample_weights()
    with np.errstate(invalid="ignore", divide="ignore"):
        return percentile_interval((weights @ top) / (weights @ under))
