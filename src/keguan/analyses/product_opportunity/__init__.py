"""Which products deserve more room, and which need work: repeat purchase, growth, refunds, cycle, rating.

Method: for the leading products of the last months: share of buyers who bought it again (Wilson), growth against the same
days a year ago (ratio of totals, customers as units), refund rate (Wilson), median days until bought again (order
statistics), mean score. Repeat share, growth and refund rate are each compared with all other products together and
corrected by Benjamini-Hochberg; a quadrant is named only where those tests hold.

Source: Wilson (1927); Cochran (1977); Conover (1999); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analyses.product_opportunity.columns import PRODUCT_COLUMNS, REST_COLUMNS
from keguan.analyses.product_opportunity.sql import GAPS_SQL, GROWTH_SQL, OTHER, RATING_SQL, TOTALS_SQL
from keguan.analysis import Analysis, Inputs, param
from keguan.core.latest_windows import latest_and_year_ago
from keguan.core.period import span_ending
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.growth_against_rest import Growth, PartSums, growth_against_rest
from keguan.evidence.statistics.interval import z_value
from keguan.evidence.statistics.median_of_counts import median_of_counts
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.metrics import FIRST_DAY_SQL
from keguan.result import Cell, Claim, Figure, Note, Result, Table, Test

SAID = 3


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    top: int = param(50, "分析多少种商品（净销售额最高的）", "how many products, the largest by net revenue")
    months: int = param(12, "近几个月", "how many latest months")


TEXT = {
    "star": Text(
        "「{product}」净销售额 {net}，再次购买占比 {repeat}、较去年同期增长 {growth}，"
        "两项都显著高于其他商品合计（n={n}，{base}）。",
        "'{product}' brings {net}; {repeat} of its buyers bought it again and it grew by {growth} on a year ago, "
        "both significantly "
        "higher than all other products (n={n}, {base}).",
    ),
    "repeat": Text(
        "「{product}」的购买客户中 {repeat} 再次购买（95% 区间 {low} 至 {high}），显著高于全部商品的 {rest}，"
        "增长未见高于其他商品（n={n}，{base}）。",
        "Of the buyers of '{product}' {repeat} bought it again (95% interval {low} to {high}), significantly "
        "higher than {rest} of all "
        "products; its growth is not shown to exceed the others' (n={n}, {base}).",
    ),
    "draw": Text(
        "「{product}」较去年同期增长 {growth}，而再次购买占比 {repeat} 显著低于全部商品的 {rest}（n={n}，{base}）。",
        "'{product}' grew by {growth} on a year ago, while {repeat} of its buyers bought it again, significantly "
        "lower than {rest} of all "
        "products (n={n}, {base}).",
    ),
    "refund": Text(
        "「{product}」的退货率 {rate}（95% 区间 {low} 至 {high}），显著高于全部商品的 {rest}（n={n}，{base}）。",
        "The refund rate of '{product}' is {rate} (95% interval {low} to {high}), significantly higher than "
        "{rest} of all products "
        "(n={n}, {base}).",
    ),
    "cycle": Text(
        "再购周期最长的商品是「{product}」：已再购的客户相隔 {cycle} 天（中位数，95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The product with the longest cycle is '{product}': {cycle} days between purchases of those who bought "
        "it again (median, 95% "
        "interval {low} to {high}; n={n}, {base}).",
    ),
}  # fmt: skip
BUYERS = Text("该商品的购买客户", "buyers of the product")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables products, all."""
    since = span_ending(inputs.as_of, params.months).first
    bound: dict[str, Any] = {"since": since, "top": params.top}
    found = inputs.query(TOTALS_SQL, **bound).to_pylist()
    leaders = [row for row in found if row["product_id"] != OTHER]
    if not leaders:
        text = Text("近期没有带商品编号的销售", "No recent sales with a product id")
        return Result("product_opportunity", notes=(Note(text, "missing"),))
    growth = _growth(inputs, params, bound)
    scale, ratings = _ratings(inputs, since)
    cycles: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for row in inputs.query(GAPS_SQL, **bound).to_pylist():
        cycles[row["product_id"]].append((float(row["gap"]), row["gaps"]))
    rows = [
        {
            "product_id": row["product_id"], "name": row["name"], "category": row["category"],
            "net_revenue": row["net_revenue"], "customers": row["customers"], "lines": row["bought"],
            **_cycle(cycles[row["product_id"]], inputs.settings.min_n),
            **_rating(ratings.get(row["product_id"]), inputs.settings.min_n),
        }
        for row in leaders
    ]  # fmt: skip
    _compare(rows, leaders, found, "repeat", "repeaters", "customers", inputs.settings.min_n)
    _compare(rows, leaders, found, "refund", "returned", "bought", inputs.settings.min_n)
    _grow(rows, growth)
    for row in rows:
        row["verdict"] = _quadrant(row)
        row["refund_verdict"] = _word(row["refund_q"], row["refund_side"])
    tables = (
        inputs.computed(
            "products", Text("商品机会", "Product opportunities"), PRODUCT_COLUMNS, ("product_id",), rows,
            method="wilson, growth_against_rest, median_of_counts, two_proportions, benjamini_hochberg", sql=TOTALS_SQL,
            **bound,
        ),
        _whole(inputs, found, scale, bound),
    )  # fmt: skip
    result = Result("product_opportunity", tables=(tables[0], replace(tables[1], appendix=True)))
    return replace(
        result,
        figures=_figures(rows),
        claims=tuple(_claims(result)),
        notes=tuple(_notes(inputs, growth, ratings)),
    )


def _growth(inputs: Inputs, params: Params, bound: Mapping[str, Any]) -> dict[str, Growth]:
    """Growth of each leading product with enough buyers in both periods; nothing without a year before."""
    first_day = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["day"]
    spans = latest_and_year_ago(first_day, inputs.as_of, params.months)
    if spans is None:
        return {}
    now, base = spans
    found = inputs.query(
        GROWTH_SQL, first=now.first, last=now.last, base_first=base.first, base_last=base.last, **bound
    ).to_pylist()
    sums = [
        PartSums(float(row["base_net_revenue"]), float(row["net_revenue"]), row["bb"], row["cc"], row["bc"])
        for row in found
    ]
    least = inputs.settings.min_n
    return {
        row["part"]: growth
        for row, growth in zip(found, growth_against_rest(sums), strict=True)
        if growth and row["part"] != OTHER and min(row["customers"], row["base_customers"]) >= least
    }


def _grow(rows: Sequence[dict[str, Any]], growth: Mapping[str, Growth]) -> None:
    adjusted = dict(zip(growth, benjamini_hochberg([item.p for item in growth.values()]), strict=True))
    for row in rows:
        item = growth.get(row["product_id"])
        row |= {"growth_q": None, "growth_side": 0}
        if item:
            side = (
                1
                if item.rate > item.rest and item.low > 0
                else -1
                if item.rate < item.rest and item.high < 0
                else 0
            )
            row |= {
                "growth": item.rate, "growth_low": item.low, "growth_high": item.high, "growth_rest": item.rest,
                "growth_q": adjusted[row["product_id"]], "growth_side": side,
            }  # fmt: skip


def _compare(
    rows: Sequence[dict[str, Any]],
    leaders: Sequence[Mapping[str, Any]],
    found: Sequence[Mapping[str, Any]],
    name: str,
    hits: str,
    trials: str,
    least: int,
) -> None:
    """The share of one product with its interval, against that of all other products together."""
    all_hits, all_trials = sum(row[hits] for row in found), sum(row[trials] for row in found)
    tested = []
    for row, own in zip(rows, leaders, strict=True):
        x, n = own[hits], own[trials]
        row |= {f"{name}_q": None, f"{name}_side": 0}
        ends = wilson(x, n) if n >= least and x <= n else None
        if ends is None:
            continue
        rate = x / n
        row |= {"repeat_share" if name == "repeat" else f"{name}_rate": rate,
                f"{name}_low": ends.low, f"{name}_high": ends.high}  # fmt: skip
        rest_hits, rest_trials = all_hits - x, all_trials - n
        if rest_trials >= least and rest_hits <= rest_trials:
            row[f"{name}_side"] = 1 if rate > rest_hits / rest_trials else -1
            tested.append((row, two_proportions(x, n, rest_hits, rest_trials)))
    for (row, _), q in zip(tested, benjamini_hochberg([p for _, p in tested]), strict=True):
        row[f"{name}_q"] = q


def _quadrant(row: Mapping[str, Any]) -> str:
    """The word that repeat purchase and growth earn together, each by its own test."""
    if row["repeat_q"] is None or row["growth_q"] is None:
        return "untested"
    again = row["repeat_side"] if row["repeat_q"] <= FALSE_DISCOVERY else 0
    grows = row["growth_side"] if row["growth_q"] <= FALSE_DISCOVERY else 0
    if again > 0:
        return "star" if grows > 0 else "repeat"
    if again < 0 and grows:
        return "draw" if grows > 0 else "fading"
    return "grows" if grows > 0 else "shrinks" if grows < 0 else "plain"


def _word(q: float | None, side: int) -> str:
    if q is None:
        return "untested"
    return "plain" if q > FALSE_DISCOVERY else "above" if side > 0 else "below"


def _cycle(counts: Sequence[tuple[float, int]], least: int) -> dict[str, Any]:
    found = median_of_counts(counts)
    if found is None or found.n < least:
        return {"gaps": found.n if found else 0}
    return {"gaps": found.n, "cycle": found.value, "cycle_low": found.low, "cycle_high": found.high}


def _ratings(inputs: Inputs, since: Any) -> tuple[str | None, dict[str, Mapping[str, Any]]]:
    """Scores of the scale that most scores are on: scales are never mixed."""
    if not inputs.has("feedback"):
        return None, {}
    found = inputs.query(RATING_SQL, since=since).to_pylist()
    sizes: dict[str, int] = defaultdict(int)
    for row in found:
        sizes[row["scale"]] += row["answers"]
    scale = min(sizes, key=lambda name: (-sizes[name], name)) if sizes else None
    return scale, {row["product_id"]: row for row in found if row["scale"] == scale}


def _rating(row: Mapping[str, Any] | None, least: int) -> dict[str, Any]:
    if row is None:
        return {"answers": 0}
    n = row["answers"]
    if n < least:
        return {"answers": n}
    mean = float(row["total"]) / n
    variance = max(row["squares"] - n * mean * mean, 0.0) / (n - 1)
    reach = z_value() * math.sqrt(variance / n)
    return {"answers": n, "rating": mean, "rating_low": mean - reach, "rating_high": mean + reach}


def _whole(
    inputs: Inputs, found: Sequence[Mapping[str, Any]], scale: str | None, bound: Mapping[str, Any]
) -> Table:
    customers, lines = sum(row["customers"] for row in found), sum(row["bought"] for row in found)
    rows = [
        {
            "group": "全部", "lines": lines, "scale": scale,
            "products_repeat": sum(row["repeaters"] for row in found) / customers
            if customers >= inputs.settings.min_n else None,
            "products_refund": sum(row["returned"] for row in found) / lines if lines >= inputs.settings.min_n else None,
        }
    ]  # fmt: skip
    return inputs.computed(
        "all", Text("全部商品合计", "All products together"), REST_COLUMNS, ("group",), rows,
        method="product_opportunity.all", sql=TOTALS_SQL, **bound,
    )  # fmt: skip


def _figures(rows: Sequence[Mapping[str, Any]]) -> tuple[Figure, ...]:
    if not any(row.get("growth") is not None and row.get("repeat_share") is not None for row in rows):
        return ()
    title = Text(
        "再次购买占比与较去年同期增长（每点一种商品）",
        "Bought again and growth on a year ago (a dot is a product)",
    )
    return (Figure("quadrants", "scatter", title, "products", "repeat_share", ("growth",)),)


def _claims(result: Result) -> Iterator[Claim]:
    rows = list(result.table("products"))
    for verdict in ("star", "repeat", "draw"):
        for row in [row for row in rows if row["verdict"] == verdict][:SAID]:
            yield _quadrant_claim(row, verdict)
    bad = [row for row in rows if row["refund_verdict"] == "above"]
    bad.sort(key=lambda row: (-(row["refund_low"] * float(row["net_revenue"])), row["product_id"]))
    whole = result.table("all").records()[0]
    for row in bad[:SAID]:
        key = {"product_id": row["product_id"]}
        yield Claim(
            "refund", f"product_opportunity/refund/{row['product_id']}",
            {"product": _name(row), "rate": Cell("products", key, "refund_rate"),
             "low": Cell("products", key, "refund_low"), "high": Cell("products", key, "refund_high"),
             "rest": Cell("all", {"group": "全部"}, "products_refund")},
            n=row["lines"], base=Text("该商品的购买行", "lines bought of the product"), strength="tested",
            test=Test("two proportions against all others", True, None, row["refund_low"], row["refund_high"],
                      corrected(row["refund_q"])),
            money=max(row["refund_rate"] - (whole["products_refund"] or 0), 0) * float(row["net_revenue"]),
            certainty=1 - row["refund_q"], topic=f"refund/{row['product_id']}",
        )  # fmt: skip
    slow = [row for row in rows if row["cycle"] is not None]
    if slow:
        row = max(slow, key=lambda row: (row["cycle"], row["product_id"]))
        key = {"product_id": row["product_id"]}
        yield Claim(
            "cycle", "product_opportunity/cycle",
            {"product": _name(row), "cycle": Cell("products", key, "cycle"), "low": Cell("products", key, "cycle_low"),
             "high": Cell("products", key, "cycle_high")},
            n=row["gaps"], base=Text("同一客户再次购买该商品的间隔", "gaps between purchases of it by a customer"),
            strength="estimate", certainty=0.5, topic="longest_cycle", summary=False,
        )  # fmt: skip


def _name(row: Mapping[str, Any]) -> Cell:
    return Cell("products", {"product_id": row["product_id"]}, "name" if row["name"] else "product_id")


def _quadrant_claim(row: Mapping[str, Any], verdict: str) -> Claim:
    key = {"product_id": row["product_id"]}
    columns = {
        "net": "net_revenue",
        "repeat": "repeat_share",
        "growth": "growth",
        "low": "repeat_low",
        "high": "repeat_high",
    }
    wanted = {
        "star": ("net", "repeat", "growth"),
        "repeat": ("repeat", "low", "high"),
        "draw": ("growth", "repeat"),
    }[verdict]
    values = {name: Cell("products", key, columns[name]) for name in wanted}
    if verdict != "star":
        values["rest"] = Cell("all", {"group": "全部"}, "products_repeat")
    q = row["repeat_q"] if verdict == "repeat" else max(row["repeat_q"], row["growth_q"])
    return Claim(
        verdict, f"product_opportunity/{verdict}/{row['product_id']}", {"product": _name(row), **values},
        n=row["customers"], base=BUYERS, strength="tested",
        test=Test("two proportions; growth against the rest", True, None, row["repeat_low"], row["repeat_high"], corrected(q)),
        money=float(row["net_revenue"]) * 0.2, certainty=1 - q, topic=f"product/{verdict}", figure="quadrants",
    )  # fmt: skip


def _notes(inputs: Inputs, growth: Mapping[str, Growth], ratings: Mapping[str, Any]) -> Iterator[Note]:
    if not growth:
        yield Note(
            Text("没有商品在本期与去年同期都有足够的购买客户，增长不予比较",
                 "No product has enough buyers now and a year ago: growth is not compared"), "missing")  # fmt: skip
    if not ratings:
        yield Note(
            Text("没有带商品编号的评分：导入评价或问卷（商品、评分）后可看评分",
                 "No scores with a product id: import reviews or surveys with product and score"), "missing")  # fmt: skip


ANALYSIS = Analysis(
    name="product_opportunity",
    title=Text("商品机会", "Product opportunities"),
    question=Text(
        "哪些商品值得多投入，哪些需要改进？", "Which products deserve more room, and which need work?"
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "products", "feedback", "purchases"),
    order=45,
)
