"""How are new products accepted: who tried them, do they buy again, is it faster than with earlier launches?

Method: a product is new when launched (or, without that date, first sold) in the last days; a first sale in the first weeks of
the data tells no launch. Share of customers active since the launch who bought it, share of those who bought it again
(Wilson). Speed: share of the customers of the first weeks who bought it then, placed among the same share of earlier launches
(rank p, corrected by Benjamini-Hochberg). By segment as of the beginning of the window, against all other customers.

Source: Wilson (1927); Benjamini and Hochberg (1995); Rogers (2003), trial and adoption.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from keguan.analyses.new_products.sql import TRIED_SQL, segments_sql
from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.rows_against_rest import group_shares
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.change_columns import Q
from keguan.marts.metrics import FIRST_DAY_SQL
from keguan.result import Cell, Claim, Column, Note, Result, Table, Test

SAID = 3
MOST_NEW, MOST_EARLIER = 30, 60
WARM_UP = 90  # days of data before a first sale counts as a launch


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    days: int = param(180, "上市多少天以内算新品", "launched within how many days counts as new")
    early: int = param(
        30, "上市后多少天内的接受速度", "speed of acceptance within how many days of the launch"
    )


TEXT = {
    "tried": Text(
        "近 {days} 天有 {products} 种新品；这段时间下单的客户中 {tried} 位买过其中之一，占 {share}（95% 区间 "
        "{low} 至 {high}；n={n}，{base}）。",
        "There are {products} new products of the last {days} days; of the customers with an order in that time "
        "{tried} bought one of "
        "them: {share} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "leading": Text(
        "试购最多的新品是「{product}」（{launch} 起）：上市以来下单的客户中 {share} 买过（95% 区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "The new product that the largest share tried is '{product}' (since {launch}): {share} of the customers "
        "with an order since (95% "
        "interval {low} to {high}; n={n}, {base}).",
    ),
    "faster": Text(
        "「{product}」上市 {early} 天内的试购占比 {rate}，在 {earlier} 次以往上市中排第 {rank}（中位数 {median}）"
        "，显著高于以往（n={n}，{base}）。",
        "Within {early} days of its launch {rate} tried '{product}': place {rank} among {earlier} earlier "
        "launches (median {median}), "
        "significantly higher (n={n}, {base}).",
    ),
    "slower": Text(
        "「{product}」上市 {early} 天内的试购占比 {rate}，在 {earlier} 次以往上市中排第 {rank}（中位数 {median}）"
        "，显著低于以往（n={n}，{base}）。",
        "Within {early} days of its launch {rate} tried '{product}': place {rank} among {earlier} earlier "
        "launches (median {median}), "
        "significantly lower (n={n}, {base}).",
    ),
    "segment_up": Text(
        "期初为「{segment}」的客户中 {share} 买过新品（95% 区间 {low} 至 {high}），显著高于其他客户的 {rest}（n={n}，{base}）。",
        "Of the customers who were '{segment}' at the beginning {share} bought a new product (95% interval {low} "
        "to {high}), significantly "
        "higher than {rest} of the others (n={n}, {base}).",
    ),
    "segment_down": Text(
        "期初为「{segment}」的客户中 {share} 买过新品（95% 区间 {low} 至 {high}），显著低于其他客户的 {rest}（n={n}，{base}）。",
        "Of the customers who were '{segment}' at the beginning {share} bought a new product (95% interval {low} "
        "to {high}), significantly "
        "lower than {rest} of the others (n={n}, {base}).",
    ),
}  # fmt: skip

WILSON = Text("Wilson 95% 区间", "Wilson 95% interval")
LOW, HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")
PRODUCT_COLUMNS = (
    Column("product_id", Text("商品编号", "Product id"), "text", role="key"),
    Column("name", Text("商品名称", "Product name"), "text"),
    Column("launch", Text("上市日", "Launched"), "date"),
    Column("launch_source", Text("上市日来自", "Launch known from"), "label", vocabulary="launch_source"),
    Column("on_sale", Text("上市天数", "Days on sale"), "days"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("active", Text("上市以来下单的客户", "Customers with an order since"), "count"),
    Column("tried", Text("试购客户", "Customers who tried it"), "count"),
    Column("share", Text("试购占比", "Share who tried it"), "share"),
    Column("low", LOW, "share", role="low", note=WILSON),
    Column("high", HIGH, "share", role="high"),
    Column("again", Text("再次购买", "Bought it again"), "count"),
    Column("again_share", Text("再次购买占比", "Share who bought it again"), "share"),
    Column("again_low", LOW, "share", role="low", note=WILSON),
    Column("again_high", HIGH, "share", role="high"),
    Column("early_active", Text("上市初期下单的客户", "Customers of the first days"), "count"),
    Column("rate", Text("初期试购占比", "Share who tried it in the first days"), "share"),
    Column("rank", Text("在以往上市中的名次", "Place among earlier launches"), "count"),
    Column("q", Text("q 值", "q"), "number", 4,
           note=Text("名次的双侧 p，Benjamini-Hochberg 校正", "two-sided p of the place, corrected by Benjamini-Hochberg")),
    Column("verdict", Text("速度", "Speed"), "label", vocabulary="launch_speed"),
)  # fmt: skip
SUMMARY_COLUMNS = (
    Column("days", Text("新品天数", "New within (days)"), "days", role="key"),
    Column("products", Text("新品数", "New products"), "count"),
    Column("active", Text("期内下单的客户", "Customers with an order"), "count"),
    Column("tried", Text("买过新品的客户", "Customers who bought one"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", LOW, "share", role="low", note=WILSON),
    Column("high", HIGH, "share", role="high"),
    Column("earlier", Text("以往上市次数", "Earlier launches"), "count"),
    Column("early", Text("初期天数", "First days"), "days"),
    Column("median", Text("以往初期试购中位数", "Median of earlier launches"), "share", 2),
)
SEGMENT_COLUMNS = (
    Column("segment", Text("期初分群", "Segment at the beginning"), "label", role="key", vocabulary="rfm_then"),
    Column("customers", Text("期内下单的客户", "Customers with an order"), "count"),
    Column("tried", Text("买过新品的客户", "Customers who bought one"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", LOW, "share", role="low", note=WILSON),
    Column("high", HIGH, "share", role="high"),
    Column("rest", Text("其他客户占比", "Share of the others"), "share"),
    Q,
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="against_rest"),
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables summary, products, segments."""
    first_day = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["day"]
    if first_day is None or not inputs.has_values("order_lines", "product_id"):
        text = Text(
            "没有带商品编号的订单，看不出新品", "No orders with products: new products cannot be told"
        )
        return Result("new_products", notes=(Note(text, "missing"),))
    since = inputs.as_of - timedelta(days=params.days - 1)
    bound: dict[str, Any] = {
        "since": since, "known_from": first_day + timedelta(days=WARM_UP), "data_from": first_day, "days": params.early,
        "most_new": MOST_NEW, "most_earlier": MOST_EARLIER,
    }  # fmt: skip
    found = inputs.query(TRIED_SQL, **bound).to_pylist()
    new = [row for row in found if row["is_new"]]
    if not new:
        text = Text(
            f"近 {params.days} 天没有新品：没有这段时间上市的商品，也没有在数据开始 {WARM_UP} 天之后才首次售出的",
            f"No new products: none launched in the last {params.days} days, none first sold in them and {WARM_UP} days or more "
            "after the data begin",
        )  # fmt: skip
        return Result("new_products", notes=(Note(text, "missing"),))
    least = inputs.settings.min_n
    earlier = sorted(
        row["tried_early"] / row["early_active"] for row in found if not row["is_new"] and row["early_active"] >= least
    )  # fmt: skip
    rows = [_product(row, least) for row in new]
    _speed(rows, earlier, params.early)
    rows.sort(key=lambda row: (-(row["share"] or 0), -row["tried"], row["product_id"]))
    segment_sql = segments_sql(inputs.segment("rfm", since))
    by_segment = inputs.query(segment_sql, **bound).to_pylist()
    tables = (
        _summary(inputs, params, new, by_segment, earlier, bound),
        inputs.computed(
            "products", Text("新品接受度", "Acceptance of new products"), PRODUCT_COLUMNS, ("product_id",), rows,
            method="new_products: wilson, rank among earlier launches, benjamini_hochberg", sql=TRIED_SQL, **bound,
        ),
        inputs.computed(
            "segments", Text("哪些客户买新品", "Who buys new products"), SEGMENT_COLUMNS, ("segment",),
            group_shares(by_segment, "tried", "customers", least),
            method="wilson, two_proportions, benjamini_hochberg", sql=segment_sql, **bound,
        ),
    )  # fmt: skip
    result = Result("new_products", tables=(replace(tables[0], appendix=True), *tables[1:]))
    return replace(result, claims=tuple(_claims(result)), notes=tuple(_notes(new, earlier, params, least)))


def _product(row: Mapping[str, Any], least: int) -> dict[str, Any]:
    ends = wilson(row["tried"], row["active"]) if row["active"] >= least else None
    again = wilson(row["again"], row["tried"]) if row["tried"] >= least else None
    return {
        **row,
        "share": row["tried"] / row["active"] if ends else None,
        "low": ends.low if ends else None, "high": ends.high if ends else None,
        "again_share": row["again"] / row["tried"] if again else None,
        "again_low": again.low if again else None, "again_high": again.high if again else None,
        "rate": row["tried_early"] / row["early_active"] if row["early_active"] >= least else None,
    }  # fmt: skip


def _speed(rows: Sequence[dict[str, Any]], earlier: Sequence[float], days: int) -> None:
    """The place of each new product among the earlier launches; only those on sale for long enough."""
    tested = []
    for row in rows:
        row |= {"verdict": "untested", "q": None, "rank": None}
        if row["rate"] is None or row["on_sale"] < days or not earlier:
            continue
        above = sum(rate > row["rate"] for rate in earlier)
        as_high = sum(rate >= row["rate"] for rate in earlier)
        as_low = sum(rate <= row["rate"] for rate in earlier)
        row["rank"] = above + 1
        p = min(1.0, 2 * (1 + min(as_high, as_low)) / (1 + len(earlier)))
        tested.append((row, p, as_high < as_low))
    for (row, _, faster), q in zip(tested, benjamini_hochberg([p for _, p, _ in tested]), strict=True):
        row |= {"q": q, "verdict": ("faster" if faster else "slower") if q <= FALSE_DISCOVERY else "usual"}


def _summary(
    inputs: Inputs, params: Params, new: Sequence[Any], by_segment: Sequence[Mapping[str, Any]],
    earlier: Sequence[float], bound: Mapping[str, Any],
) -> Table:  # fmt: skip
    active, tried = sum(row["customers"] for row in by_segment), sum(row["tried"] for row in by_segment)
    ends = wilson(tried, active) if active >= inputs.settings.min_n else None
    middle = len(earlier) // 2
    rows = [
        {
            "days": params.days, "products": len(new), "active": active, "tried": tried,
            "share": tried / active if ends else None, "low": ends.low if ends else None, "high": ends.high if ends else None,
            "earlier": len(earlier), "early": params.early,
            "median": (earlier[middle] + earlier[(len(earlier) - 1) // 2]) / 2 if earlier else None,
        }
    ]  # fmt: skip
    return inputs.computed(
        "summary", Text("新品合计", "New products together"), SUMMARY_COLUMNS, ("days",), rows,
        method="new_products.summary, wilson", sql=TRIED_SQL, **bound,
    )  # fmt: skip


def _claims(result: Result) -> Iterator[Claim]:
    row = result.table("summary").records()[0]
    key: dict[str, Any] = {"days": row["days"]}
    if row["share"] is not None:
        yield Claim(
            "tried", "new_products/tried",
            {name: Cell("summary", key, name) for name in ("days", "products", "tried", "share", "low", "high")},
            n=row["active"], base=Text("这段时间下单的客户", "customers with an order in that time"), strength="estimate",
            money=float(sum(item["net_revenue"] for item in result.table("products"))), certainty=0.8, topic="new_products",
        )  # fmt: skip
    leading = next((item for item in result.table("products") if item["share"] is not None), None)
    if leading is not None:
        key = {"product_id": leading["product_id"]}
        yield Claim(
            "leading", "new_products/leading",
            {"product": _name(leading), **{name: Cell("products", key, name) for name in ("launch", "share", "low", "high")}},
            n=leading["active"], base=Text("上市以来下单的客户", "customers with an order since the launch"),
            strength="estimate", certainty=0.6, topic="leading_new_product", money=float(leading["net_revenue"]),
        )  # fmt: skip
    for item in result.table("products"):
        if item["verdict"] in ("faster", "slower"):
            yield _speed_claim(item, row)
    yield from _segment_claims(result)


def _name(row: Mapping[str, Any]) -> Cell:
    return Cell("products", {"product_id": row["product_id"]}, "name" if row["name"] else "product_id")


def _speed_claim(item: Mapping[str, Any], summary: Mapping[str, Any]) -> Claim:
    key, whole = {"product_id": item["product_id"]}, {"days": summary["days"]}
    return Claim(
        item["verdict"], f"new_products/{item['verdict']}/{item['product_id']}",
        {
            "product": _name(item), "rate": Cell("products", key, "rate"), "rank": Cell("products", key, "rank"),
            "earlier": Cell("summary", whole, "earlier"), "median": Cell("summary", whole, "median"),
            "early": Cell("summary", whole, "early"),
        },
        n=item["early_active"], base=Text("上市初期下单的客户", "customers with an order in the first days"), strength="tested",
        test=Test("place among earlier launches", True, None, corrected=corrected(item["q"])),
        money=float(item["net_revenue"]), certainty=1 - item["q"], topic=f"launch/{item['product_id']}",
    )  # fmt: skip


def _segment_claims(result: Result) -> Iterator[Claim]:
    sure = [row for row in result.table("segments") if row["verdict"] in ("above", "below")]
    sure.sort(key=lambda row: (-abs(row["share"] - row["rest"]) * row["customers"], row["segment"]))
    for row in sure[:SAID]:
        key = {"segment": row["segment"]}
        yield Claim(
            "segment_up" if row["verdict"] == "above" else "segment_down", f"new_products/segment/{row['segment']}",
            {name: Cell("segments", key, name) for name in ("share", "low", "high", "rest")},
            n=row["customers"], base=Text("其中这段时间下单的客户", "those with an order in that time"), strength="tested",
            test=Test("two proportions", True, None, row["low"], row["high"], corrected(row["q"])),
            labels={"segment": (row["segment"], "rfm_then")}, certainty=1 - row["q"], topic=f"new_by_segment/{row['segment']}",
        )  # fmt: skip


def _notes(
    new: Sequence[Mapping[str, Any]], earlier: Sequence[float], params: Params, least: int
) -> Iterator[Note]:
    if any(row["launch_source"] == "first_sale" for row in new):
        yield Note(
            Text(f"没有上市日期的商品以首次售出日为准（数据开始 {WARM_UP} 天之内首次售出的不算新品）",
                 f"Without a launch date the first sale stands for it (first sales within {WARM_UP} days of the "
                 f"beginning of the data "
                 "do not count)"))  # fmt: skip
    if len(earlier) < 2 / FALSE_DISCOVERY:
        yield Note(
            Text(f"可比的以往上市只有 {len(earlier)} 次，少于 40 次时名次不足以判断快慢",
                 f"There are {len(earlier)} earlier launches to compare with; with fewer than 40 no place is "
                 f"sure"), "withheld")  # fmt: skip
    if any(row["active"] < least for row in new):
        yield Note(
            Text(f"有新品上市以来下单的客户少于 {least} 位，其试购占比不予给出",
                 f"A new product has fewer than {least} customers with an order since its launch: its share is withheld"),
            "withheld")  # fmt: skip
    if len(new) == MOST_NEW:
        yield Note(Text(f"只列最近上市的 {MOST_NEW} 种", f"The {MOST_NEW} latest launches are listed"))


ANALYSIS = Analysis(
    name="new_products",
    title=Text("新品接受度", "Acceptance of new products"),
    question=Text(
        "新品有多少客户试购、再次购买，比以往上市快还是慢？",
        "How many customers try new products and buy them again, and is it faster than with earlier launches?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "products", "purchases", "customer_facts"),
    uses=("rfm",),
    order=49,
)
