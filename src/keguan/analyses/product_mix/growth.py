"""Regions and categories against the same days a year ago, each compared with all others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from keguan.analyses.product_mix.categories import Months, Node, is_categorised
from keguan.analyses.product_mix.claims import growth_claims
from keguan.analyses.product_mix.columns import CROSS_COLUMNS, GROWTH_COLUMNS, PERIOD_COLUMNS
from keguan.analyses.product_mix.params import MOST_LISTED, MOST_PARTS, MOST_REGIONS, OTHER, Params
from keguan.analysis import Inputs
from keguan.core.period import Span, day_months_back, month_end, month_index, span_ending
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.growth_against_rest import Growth, PartSums, growth_against_rest
from keguan.evidence.statistics.xmr import usual_change
from keguan.marts.product_sales import (
    CROSS_SQL,
    GROWTH_SQL,
    REGION_MONTHS_SQL,
)
from keguan.result import Claim, Table


def compared_periods(
    inputs: Inputs, params: Params, found: Sequence[Mapping[str, Any]]
) -> tuple[Span, Span] | None:
    """The latest months and the same days a year ago, as many months as the data allow."""
    first_month = min(row["month_no"] for row in found)
    first_day = date(first_month // 12, first_month % 12 + 1, 1)
    year_ago = day_months_back(inputs.as_of, 12)
    for months in sorted({params.months, 3, 1}, reverse=True):
        base = span_ending(year_ago, months)
        if months <= params.months and base.first >= first_day:
            return span_ending(inputs.as_of, months), base
    return None


def growth_tables(
    inputs: Inputs, periods: tuple[Span, Span], nodes: Sequence[Node]
) -> tuple[list[Table], list[Claim]]:
    """Regions and level-1 categories against a year ago, and both crossed."""
    now, base = periods
    days: dict[str, Any] = {
        "first": now.first,
        "last": now.last,
        "base_first": base.first,
        "base_last": base.last,
    }
    span_rows = [
        {"period": "recent", "first": now.first, "last": now.last, "days": span_name(now)},
        {"period": "before", "first": base.first, "last": base.last, "days": span_name(base)},
    ]
    spans = inputs.computed(
        "periods", Text("比较的两期", "The two periods"), PERIOD_COLUMNS, ("period",), span_rows,
        method="product_mix.periods",
    )  # fmt: skip
    monthly = {
        "regions": _region_months(inputs),
        "categories_growth": {n.path: n.months for n in nodes if n.level == 1},
    }
    titles = {
        "regions": Text("各地区与去年同期比较", "Regions against a year ago"),
        "categories_growth": Text("各类目与去年同期比较", "Categories against a year ago"),
    }
    tables: list[Table] = [spans]
    claims: list[Claim] = []
    for id, sql in GROWTH_SQL.items():
        rows = inputs.query(sql, **days).to_pylist()
        if len(rows) < 2:
            continue
        judged = _judged(inputs, rows, monthly[id], now.days)
        table = inputs.computed(
            id, titles[id], GROWTH_COLUMNS, ("part",), judged,
            method="growth_against_rest, benjamini_hochberg, usual_change", sql=sql, **days,
        )  # fmt: skip
        tables.append(table)
        claims += growth_claims(table, "region" if id == "regions" else "category")
    if inputs.has_values("order_lines", "product_id"):
        tables.append(_cross(inputs, days, CROSS_SQL["category" if is_categorised(nodes) else "product"]))
    return tables, claims


def _region_months(inputs: Inputs) -> dict[str, Months]:
    months: dict[str, Months] = defaultdict(dict)
    for row in inputs.query(REGION_MONTHS_SQL).to_pylist():
        months[row["part"]][row["month_no"]] = row
    return months


def _judged(
    inputs: Inputs, rows: Sequence[dict[str, Any]], monthly: Mapping[str, Months], days: int
) -> list[dict[str, Any]]:
    """Each part with its growth, that of the rest, and the verdict: the largest, and all that changed."""
    settings = inputs.settings
    sums = [
        PartSums(float(row["base_net_revenue"]), float(row["net_revenue"]), row["bb"], row["cc"], row["bc"])
        for row in rows
    ]
    total = sum(part.before for part in sums)
    grown = [
        growth if min(row["customers"], row["base_customers"]) >= settings.min_n else None
        for row, growth in zip(rows, growth_against_rest(sums), strict=True)
    ]
    adjusted = iter(benjamini_hochberg([growth.p for growth in grown if growth]))
    judged = []
    for row, growth in zip(rows, grown, strict=True):
        change = row["net_revenue"] - row["base_net_revenue"]
        out = {**row, "change": change, "verdict": "未检验"}
        if growth is not None:
            usual = usual_change(_complete(monthly.get(row["part"], {}), inputs.as_of), days)
            q = next(adjusted)
            sure = q <= FALSE_DISCOVERY and (growth.low > 0 or growth.high < 0) and _away_from_rest(growth)
            material = (
                abs(growth.rate) >= settings.material_relative
                and abs(float(change)) >= settings.material_share * total
            )
            unusual = usual is not None and usual.exceeded_by(growth.rate)
            word = (
                ("显著增加" if growth.rate > 0 else "显著减少")
                if sure and material and unusual
                else "无显著变化"
            )
            out |= {
                "change_rate": growth.rate, "low": growth.low, "high": growth.high, "rest_rate": growth.rest,
                "q": q, "verdict": word if usual else "未检验",
                "usual_low": usual.low if usual else None, "usual_high": usual.high if usual else None,
            }  # fmt: skip
        judged.append(out)
    judged.sort(key=lambda row: (-row["net_revenue"], row["part"]))
    return [
        row for place, row in enumerate(judged) if place < MOST_LISTED or row["verdict"].startswith("显著")
    ]


def _away_from_rest(growth: Growth) -> bool:
    """It moved its own way, and further than the rest."""
    return growth.rate > growth.rest if growth.rate > 0 else growth.rate < growth.rest


def _complete(months: Months, as_of: date) -> list[float]:
    """Net revenue of complete months, gaps as zero."""
    final = month_index(as_of) - (0 if as_of == month_end(as_of) else 1)
    if not months:
        return []
    return [float(months.get(month, {}).get("net_revenue", 0)) for month in range(min(months), final + 1)]


def _cross(inputs: Inputs, days: Mapping[str, Any], sql: str) -> Table:
    """Level-1 category (or product) by region, the largest by name."""
    found = inputs.query(sql, **days).to_pylist()
    categories = _largest(found, "category", MOST_PARTS)
    regions = _largest(found, "region", MOST_REGIONS)
    money: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [0, 0])
    for row in found:
        place = (
            row["category"] if row["category"] in categories else OTHER,
            row["region"] if row["region"] in regions else OTHER,
        )
        money[place][0] += row["net_revenue"]
        money[place][1] += row["base_net_revenue"]
    order = {name: place for place, name in enumerate((*categories, OTHER))}
    across = {name: place for place, name in enumerate((*regions, OTHER))}
    rows = [
        {
            "category": category,
            "region": region,
            "net_revenue": net,
            "base_net_revenue": base,
            "change": net - base,
            "named": OTHER not in (category, region),
        }
        for (category, region), (net, base) in sorted(
            money.items(), key=lambda item: (order[item[0][0]], across[item[0][1]])
        )
    ]
    return inputs.computed(
        "category_region", Text("类目或商品 × 地区", "Category or product by region"), CROSS_COLUMNS,
        ("category", "region"), rows, method="product_mix.cross: the largest by name", sql=sql, **days,
    )  # fmt: skip


def _largest(rows: Sequence[Mapping[str, Any]], name: str, most: int) -> list[str]:
    sizes: dict[str, Any] = defaultdict(int)
    for row in rows:
        sizes[row[name]] += row["net_revenue"]
    return sorted(sizes, key=lambda value: (-sizes[value], value))[:most]
