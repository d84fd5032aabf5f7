"""How long do orders take to ship and to arrive, where is it slower, and does it go with satisfaction and repurchase?

Method: median days with the interval of order statistics,
by region and product (category); share that arrived within the promised
days (Wilson), each region and product against all others, corrected together (Benjamini-Hochberg). Orders of the last weeks are
left out, as only the fast of them have arrived. Satisfied customers and customers who bought again by days until arrival: an
association, tested by chi-square, no cause.

Source: Conover (1999); Wilson (1927); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analyses.delivery.sql import AGAIN_SQL, COUNTS_SQL, IMPOSSIBLE_SQL, SATISFIED_SQL
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import span_ending
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.contingency import dependence
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.median_of_counts import median_of_counts
from keguan.evidence.statistics.rows_against_rest import judge_against
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Cell, Claim, Column, Figure, Note, Result, Table, Test

SAID, LISTED = 3, 60
BANDS = ("0-3", "4-7", "8-14", "15+")
WHOLE = {"dimension": "all", "value": "全部"}


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    months: int = param(12, "近几个月的订单", "orders of how many latest months")
    promise: int = param(7, "承诺几天内送达", "arrival is promised within how many days")
    settle: int = param(
        30, "最近几天的订单不看（还在途中）", "orders of the last days are left out, being on their way"
    )


TEXT = {
    "arrive": Text(
        "订单送达用时的中位数为 {arrive} 天（95% 区间 {low} 至 {high}），{share} 在 {promise} 天内送达（n={n}，{base}）。",
        "Orders arrive after {arrive} days (median, 95% interval {low} to {high}); {share} arrive within "
        "{promise} days (n={n}, {base}).",
    ),
    "below": Text(
        "{dimension}「{value}」的订单 {share} 在 {promise} 天内送达（95% 区间 {low} 至 {high}），显著低于其他的 "
        "{rest}（n={n}，{base}）。",
        "Of the orders of {dimension} '{value}' {share} arrive within {promise} days (95% interval {low} to "
        "{high}), significantly lower than "
        "{rest} of the others (n={n}, {base}).",
    ),
    "satisfied": Text(
        "送达用时与满意度有关联：{fast_band} 天送达的评分中 {fast} 为满意，{slow_band} 天的为 {slow}，差异显著；"
        "这是关联, 不是原因"
        "（n={n}，{base}）。",
        "Arrival goes with satisfaction: of the scores after {fast_band} days {fast} are 4 or 5, after "
        "{slow_band} days {slow}, a significant "
        "difference; an association, no cause (n={n}, {base}).",
    ),
    "again": Text(
        "送达用时与复购有关联：首单 {fast_band} 天送达的客户中 {fast} 在 90 天内再次下单，{slow_band} 天的为 {slow}，差异显著；"
        "这是关联, 不是原因（n={n}，{base}）。",
        "Arrival goes with repurchase: of the customers whose first order took {fast_band} days {fast} ordered "
        "again within 90 days, with "
        "{slow_band} days {slow}, a significant difference; an association, no cause (n={n}, {base}).",
    ),
}
WILSON = Text("Wilson 95% 区间", "Wilson 95% interval")
ORDER_STATISTICS = Text("次序统计量 95% 区间", "95% interval of order statistics")
LOW, HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")
TIME_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="delivery_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    Column("orders", Text("订单数", "Orders"), "count", note=Text("已送达或已发货的", "arrived or shipped")),
    Column("ship", Text("发货用时中位数（天）", "Days to ship, median"), "days", 1),
    Column("ship_low", LOW, "days", 1, role="low", note=ORDER_STATISTICS),
    Column("ship_high", HIGH, "days", 1, role="high"),
    Column("arrived", Text("已送达", "Arrived"), "count"),
    Column("arrive", Text("送达用时中位数（天）", "Days to arrive, median"), "days", 1),
    Column("arrive_low", LOW, "days", 1, role="low", note=ORDER_STATISTICS),
    Column("arrive_high", HIGH, "days", 1, role="high"),
    Column("promise", Text("承诺（天）", "Promised (days)"), "days"),
    Column("in_time", Text("按承诺送达", "Arrived as promised"), "share"),
    Column("low", LOW, "share", role="low", note=WILSON),
    Column("high", HIGH, "share", role="high"),
    Column("rest", Text("其他订单", "Other orders"), "share"),
    Column(
        "q",
        Text("q 值", "q"),
        "number",
        4,
        note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg"),
    ),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="against_rest"),
)
BAND_COLUMNS = (
    Column("outcome", Text("结果", "Outcome"), "label", role="key", vocabulary="delivery_outcome"),
    Column("band", Text("送达用时（天）", "Days to arrive"), "text", role="key"),
    Column("customers", Text("人数或评分数", "Customers or scores"), "count"),
    Column("hits", Text("其中", "Of them"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", LOW, "share", role="low", note=WILSON),
    Column("high", HIGH, "share", role="high"),
    Column("p", Text("p 值", "p"), "number", 4, note=Text("卡方检验，各档一起", "chi-square over all bands")),
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables times, outcomes."""
    if not (inputs.has_values("orders", "shipped_at") or inputs.has_values("orders", "delivered_at")):
        text = Text("订单没有发货或签收时间：导入含这些列的订单后可看时效",
                    "Orders have no time of shipping or delivery: import orders with these columns")  # fmt: skip
        return Result("delivery", notes=(Note(text, "missing"),))
    until = inputs.as_of - timedelta(days=params.settle)
    bound = {"since": span_ending(inputs.as_of, params.months).first, "until": until}
    counts: dict[tuple[str, str], dict[str, list[tuple[float, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in inputs.query(COUNTS_SQL, **bound).to_pylist():
        counts[row["dimension"], row["value"]][row["measure"]].append((float(row["days"]), row["orders"]))
    tables = (
        inputs.computed(
            "times", Text("发货与送达用时", "Time to ship and to arrive"), TIME_COLUMNS, ("dimension", "value"),
            _times(counts, params.promise, inputs.settings.min_n), sql=COUNTS_SQL, since=bound["since"], until=until,
            method="median_of_counts, wilson, two_proportions, benjamini_hochberg",
        ),
        _outcomes(inputs, bound),
    )  # fmt: skip
    result = Result("delivery", tables=(tables[0], replace(tables[1], appendix=True)))
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(_claims(result)),
        notes=tuple(_notes(inputs, result, params, bound)),
    )


def _times(
    counts: Mapping[tuple[str, str], Mapping[str, Sequence[tuple[float, int]]]], promise: int, least: int
) -> list[dict[str, Any]]:
    rows = [_time(dimension, value, of, promise, least) for (dimension, value), of in sorted(counts.items())]
    whole = next((row for row in rows if row["dimension"] == "all"), None)
    if whole is not None:  # the rest: orders of other values; an order with two products is in both
        others = (row for row in rows if row is not whole)
        judge_against(others, "kept", "arrived", (whole["kept"], whole["arrived"]), least, share="in_time")
    rows.sort(key=lambda row: (row["dimension"] != "all", row["dimension"], -row["orders"], row["value"]))
    return rows[:LISTED]


def _time(
    dimension: str, value: str, of: Mapping[str, Sequence[tuple[float, int]]], promise: int, least: int
) -> dict[str, Any]:
    ship, arrive = median_of_counts(of.get("to_ship", ())), median_of_counts(of.get("to_arrive", ()))
    kept = sum(orders for days, orders in of.get("to_arrive", ()) if days <= promise)
    arrived = arrive.n if arrive else 0
    row: dict[str, Any] = {
        "dimension": dimension, "value": value, "orders": max(ship.n if ship else 0, arrived), "arrived": arrived, "kept": kept,
        "promise": promise, "verdict": "untested", "in_time": None,
    }  # fmt: skip
    if ship and ship.n >= least:
        row |= {"ship": ship.value, "ship_low": ship.low, "ship_high": ship.high}
    ends = wilson(kept, arrived) if arrived >= least else None
    if arrive and ends:
        row |= {"arrive": arrive.value, "arrive_low": arrive.low, "arrive_high": arrive.high, "in_time": kept / arrived,
                "low": ends.low, "high": ends.high}  # fmt: skip
    return row


def _outcomes(inputs: Inputs, bound: Mapping[str, date]) -> Table:
    """Satisfied scores and repeat customers by days until arrival, each with one test over all bands."""
    queries = {"again": AGAIN_SQL}
    if inputs.has_values("feedback", "score"):
        queries["satisfied"] = SATISFIED_SQL
    least, rows = inputs.settings.min_n, []
    for outcome, sql in queries.items():
        found = {row["band"]: row for row in inputs.query(sql, **bound).to_pylist()}
        held = [found[band] for band in BANDS if band in found]
        known = [row for row in held if row["customers"] >= least]
        test = dependence([[row["hits"], row["customers"] - row["hits"]] for row in known])
        for row in held:
            ends = wilson(row["hits"], row["customers"]) if row["customers"] >= least else None
            rows.append(
                {
                    "outcome": outcome, **row, "share": row["hits"] / row["customers"] if ends else None,
                    "low": ends.low if ends else None, "high": ends.high if ends else None, "p": test.p if test else None,
                }
            )  # fmt: skip
    return inputs.computed(
        "outcomes", Text("送达用时与满意、复购", "Arrival, satisfaction and repurchase"), BAND_COLUMNS, ("outcome", "band"), rows,
        method="wilson, contingency.dependence", sql=AGAIN_SQL, since=bound["since"], until=bound["until"],
        note=Text("满意：送达后 60 天内的评分为 4–5 分；复购：本期首单送达后 90 天内再次下单",
                  "satisfied: a score of 4 or 5 within 60 days of arrival; again: an order within 90 days of the "
                  "arrival of the first order of the period"),
    )  # fmt: skip


def _figures(result: Result) -> tuple[Figure, ...]:
    if not any(row["arrive"] is not None for row in result.table("times") if row["dimension"] == "region"):
        return ()
    title = Text("各地区送达用时中位数（天）", "Days to arrive by region (median)")
    return (
        Figure(
            "regions",
            "bar",
            title,
            "times",
            "value",
            ("arrive",),
            low="arrive_low",
            high="arrive_high",
            where={"dimension": "region"},
        ),
    )


def _claims(result: Result) -> Iterator[Claim]:
    whole = result.table("times").find(WHOLE)
    if whole is None or whole["in_time"] is None:
        return
    names = {
        "arrive": "arrive",
        "low": "arrive_low",
        "high": "arrive_high",
        "share": "in_time",
        "promise": "promise",
    }
    yield Claim(
        "arrive", "delivery/arrive", {name: Cell("times", WHOLE, column) for name, column in names.items()}, n=whole["arrived"],
        base=Text("已送达的订单", "orders that arrived"), strength="estimate", certainty=0.8, topic="delivery",
    )  # fmt: skip
    slow = [row for row in result.table("times") if row["verdict"] == "below"]
    slow.sort(key=lambda row: (-(row["rest"] - row["in_time"]) * row["arrived"], row["value"]))
    for row in slow[:SAID]:
        key = {"dimension": row["dimension"], "value": row["value"]}
        names = {"share": "in_time", "low": "low", "high": "high", "rest": "rest", "promise": "promise"}
        yield Claim(
            "below", f"delivery/below/{row['dimension']}/{row['value']}",
            {name: Cell("times", key, column) for name, column in names.items()}, n=row["arrived"],
            base=Text("其中已送达的订单", "those that arrived"), strength="tested",
            test=Test("two proportions", True, None, row["low"], row["high"], corrected(row["q"])),
            labels={"dimension": (row["dimension"], "delivery_dimension"), "value": (row["value"], "unknown")},
            certainty=1 - row["q"], topic=f"delivery/{row['dimension']}",
        )  # fmt: skip
    for outcome in ("satisfied", "again"):
        yield from _outcome_claim(result, outcome)


def _outcome_claim(result: Result, outcome: str) -> Iterator[Claim]:
    rows = [row for row in result.table("outcomes") if row["outcome"] == outcome and row["share"] is not None]
    if len(rows) < 2 or rows[0]["p"] is None or rows[0]["p"] > FALSE_DISCOVERY:
        return
    fast, slow = rows[0], rows[-1]
    keys = {name: {"outcome": outcome, "band": row["band"]} for name, row in (("fast", fast), ("slow", slow))}
    yield Claim(
        outcome, f"delivery/{outcome}",
        {name: Cell("outcomes", key, "share") for name, key in keys.items()}, n=sum(row["customers"] for row in rows),
        base=Text("有评分的订单", "orders with a score") if outcome == "satisfied" else Text("观察满的客户", "customers "
                                                            "watched long enough"),
        strength="tested", test=Test("chi-square over bands of days", True, fast["p"]),
        labels={"fast_band": (fast["band"], None), "slow_band": (slow["band"], None)}, certainty=1 - fast["p"],
        topic=f"delivery_{outcome}",
    )  # fmt: skip


def _notes(inputs: Inputs, result: Result, params: Params, bound: Mapping[str, date]) -> Iterator[Note]:
    least = inputs.settings.min_n
    yield Note(
        Text(
            f"最近 {params.settle} 天的订单不看：其中只有快的已送达",
            f"Orders of the last {params.settle} days are left out: only the fast of them have arrived",
        )
    )
    impossible = inputs.query(IMPOSSIBLE_SQL, **bound).to_pylist()[0]["orders"]
    if impossible:
        yield Note(
            Text(f"{impossible} 张订单的发货或签收早于下单，其用时不计", f"{impossible} orders were shipped or "
                                                      f"delivered before they were placed: not counted"),
            "warning")  # fmt: skip
    whole = result.table("times").find(WHOLE)
    if whole is None or whole["in_time"] is None:
        yield Note(
            Text(
                f"已送达的订单少于 {least} 张，用时不予给出",
                f"Fewer than {least} orders arrived: times are withheld",
            ),
            "withheld",
        )
    if not inputs.has_values("feedback", "score"):
        yield Note(
            Text(
                "没有评分：导入满意度或评价后可看送达用时与满意度",
                "No scores: import satisfaction or reviews to compare them with arrival",
            ),
            "missing",
        )


ANALYSIS = Analysis(
    name="delivery",
    title=Text("发货与送达", "Delivery"),
    question=Text(
        "订单多久发货、多久送达，哪里慢，与满意度和复购有没有关联？",
        "How long do orders take, where is it slower, and does it go with satisfaction and repurchase?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("orders", "order_lines", "products", "purchases", "feedback"),
    order=60,
)
