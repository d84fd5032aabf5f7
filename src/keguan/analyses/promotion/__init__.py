"""How much is bought on promotion, by whom, and who buys on promotion only?

Method: orders that name a campaign or a coupon, or from which money was taken off, beside the others: a description, as
there is no control group. Share of gross revenue against the period before, and value per order, with customers as units
(bootstrap). Customers with two or more orders who bought on promotion only, against the number that the overall share of
promotion would give with the same numbers of orders. By segment at the beginning of the period, corrected.

Source: Efron and Tibshirani (1993); Wilson (1927); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analyses.promotion.columns import (
    CHANGE_COLUMNS,
    KIND_COLUMNS,
    OVERLAP_COLUMNS,
    SEGMENT_COLUMNS,
    TEXT,
    USE_COLUMNS,
    VALUE_COLUMNS,
)
from keguan.analyses.promotion.sql import CELLS_SQL, CUSTOMERS_SQL, NONE, OVERLAP_SQL, USE_SQL, segments_sql
from keguan.analysis import Analysis, Inputs, param
from keguan.core.latest_windows import latest_windows
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.bootstrap import BUCKETS, percentile_interval, resample_weights
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.rows_against_rest import group_shares
from keguan.evidence.statistics.share_change import ShareCell, share_changes
from keguan.evidence.statistics.two_proportions import two_sided
from keguan.marts.metrics import FIRST_DAY_SQL
from keguan.result import Cell, Change, Claim, Note, Relation, Result, Table, Test

SAID = 3
ORDERS_BASE = Text("本期订单，含散客", "orders of the period, guests included")
SIGNS = (("orders", "campaign_id"), ("orders", "coupon"), ("orders", "discount"), ("order_lines", "discount"))


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    months: int = param(
        12, "本期几个月，与之前同样长的期间比较", "months of the period, compared with as many before"
    )


def run(inputs: Inputs, params: Params) -> Result:
    """Tables kinds, change, value, customers, segments, overlaps; relation promotion_use."""
    if not any(inputs.has_values(table, column) for table, column in SIGNS):
        text = Text("订单没有优惠、优惠券或活动：导入含这些列的订单后可看促销",
                    "Orders have no discount, coupon or campaign: import orders with these columns")  # fmt: skip
        return Result("promotion", notes=(Note(text, "missing"),))
    first_day = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["day"]
    spans = latest_windows(first_day, inputs.as_of, params.months)
    if spans is None:
        return Result(
            "promotion", notes=(Note(Text("数据不足两个月", "Fewer than two months of data"), "missing"),)
        )
    now, base = spans
    bound: dict[str, Any] = {
        "first": now.first,
        "last": now.last,
        "base_first": base.first,
        "base_last": base.last,
    }
    cells = inputs.query(CELLS_SQL, **bound).to_pylist()
    kinds = _kinds(inputs, cells, bound)
    if not any(row["kind"] != NONE for row in kinds):
        text = Text(f"本期（{span_name(now)}）没有促销订单", f"No order on promotion in {span_name(now)}")
        return Result("promotion", (kinds,), notes=(Note(text),))
    tables = (
        kinds,
        _change(inputs, cells, now, bound),
        _value(inputs, cells, bound),
        _customers(inputs, bound),
        _segments(inputs, bound),
        *_overlaps(inputs, bound),
    )
    result = Result(
        "promotion",
        tables=tuple(replace(t, appendix=t.id in ("change", "value", "overlaps")) for t in tables),
    )
    relations: tuple[Relation, ...] = ()
    if len(result.table("customers").rows):
        title = Text("客户与促销", "Customers and promotion")
        relations = (Relation("promotion_use", title, USE_SQL, bound, vocabulary="promotion_use"),)
    return replace(
        result,
        claims=tuple(_claims(result, inputs.settings.min_n)),
        relations=relations,
        notes=tuple(_notes(inputs, result)),
    )


def _kinds(inputs: Inputs, cells: Sequence[Mapping[str, Any]], bound: Mapping[str, Any]) -> Table:
    sums: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for cell in cells:
        if cell["is_current"]:
            for name in ("orders", "gross_revenue", "taken_off", "pieces"):
                sums[cell["kind"]][name] += cell[name] or 0  # of no rows there is no sum
    orders = sum(row["orders"] for row in sums.values())
    gross = sum(row["gross_revenue"] for row in sums.values())
    rows = []
    for kind, row in sums.items():
        enough = row["orders"] >= inputs.settings.min_n
        before = row["gross_revenue"] + row["taken_off"]
        rows.append(
            {
                "kind": kind, "orders": row["orders"], "gross_revenue": row["gross_revenue"], "taken_off": row["taken_off"],
                "orders_share": row["orders"] / orders if orders >= inputs.settings.min_n else None,
                "revenue_share": float(row["gross_revenue"] / gross) if gross > 0 and orders >= inputs.settings.min_n else None,
                "depth": float(row["taken_off"] / before) if before > 0 and enough else None,
                "value": row["gross_revenue"] / row["orders"] if enough else None,
                "pieces": row["pieces"] / row["orders"] if enough and row["pieces"] else None,
            }
        )  # fmt: skip
    rows.sort(key=lambda row: (row["kind"] == NONE, -row["gross_revenue"], row["kind"]))
    return inputs.computed(
        "kinds", Text("促销订单与其他订单", "Orders on promotion and others"), KIND_COLUMNS, ("kind",), rows,
        method="promotion.kinds", sql=CELLS_SQL,
        note=Text("一单多种促销时按活动、优惠券、折扣的次序归一种", "an order of several kinds counts once: "
                                             "campaign, coupon, discount"),
        **bound,
    )  # fmt: skip


def _change(inputs: Inputs, cells: Sequence[Mapping[str, Any]], now: Any, bound: Mapping[str, Any]) -> Table:
    """The share of gross revenue on promotion, against the period before."""
    parts = [
        ShareCell(
            "plain" if cell["kind"] == NONE else "promoted", cell["bucket"],
            float(cell["gross_revenue"]) if cell["is_current"] else 0.0,
            0.0 if cell["is_current"] else float(cell["gross_revenue"]),
        )
        for cell in cells
    ]  # fmt: skip
    found = share_changes(parts).get("promoted")
    promoted = [cell for cell in cells if cell["is_current"] and cell["kind"] != NONE]
    row: dict[str, Any] = {
        "kind": "any", "first": now.first, "last": now.last, "days": span_name(now), "verdict": "未检验",
        "gross_revenue": sum(cell["gross_revenue"] for cell in promoted),
        "taken_off": sum(cell["taken_off"] for cell in promoted),
    }  # fmt: skip
    sizes = [sum(cell["orders"] for cell in cells if cell["is_current"] == side) for side in (0, 1)]
    if found and min(sizes) >= inputs.settings.min_n:
        sure = found.p <= FALSE_DISCOVERY and not found.low <= 0 <= found.high
        material = abs(found.difference) >= inputs.settings.material_share
        word = "显著增加" if found.difference > 0 else "显著减少"
        row |= {
            "share": found.now, "before": found.before, "difference": found.difference, "low": found.low, "high": found.high,
            "p": found.p, "verdict": word if sure and material else "无显著变化",
        }  # fmt: skip
    return inputs.computed(
        "change", Text("促销占销售额", "Share of revenue on promotion"), CHANGE_COLUMNS, ("kind",), [row],
        method="evidence.statistics.share_change", sql=CELLS_SQL, **bound,
    )  # fmt: skip


def _value(inputs: Inputs, cells: Sequence[Mapping[str, Any]], bound: Mapping[str, Any]) -> Table:
    """Value per order on promotion and otherwise, and the interval of the difference."""
    current = [cell for cell in cells if cell["is_current"]]
    sides = {side: [c for c in current if (c["kind"] != NONE) == side] for side in (True, False)}
    orders = {side: sum(cell["orders"] for cell in held) for side, held in sides.items()}
    rows = []
    if min(orders.values()) >= inputs.settings.min_n:
        ends = _difference(sides[True], sides[False])
        money = {
            side: sum(cell["gross_revenue"] for cell in held) / orders[side] for side, held in sides.items()
        }
        rows = [
            {
                "kind": "any",
                "promoted": money[True],
                "plain": money[False],
                "low": ends.low,
                "high": ends.high,
            }
        ]
    return inputs.computed(
        "value", Text("笔单价", "Value per order"), VALUE_COLUMNS, ("kind",), rows,
        method="evidence.statistics.bootstrap", sql=CELLS_SQL, **bound,
    )  # fmt: skip


def _difference(promoted: Sequence[Mapping[str, Any]], plain: Sequence[Mapping[str, Any]]) -> Interval:
    """Bootstrap interval of the difference of two ratios of totals."""
    import numpy as np

    weights = resample_weights()
    values = []
    for held in (promoted, plain):
        sums = np.zeros((2, BUCKETS))
        for cell in sorted(held, key=lambda cell: (cell["kind"], cell["bucket"])):
            sums[:, cell["bucket"]] += (float(cell["gross_revenue"]), cell["orders"])
        money, orders = weights @ sums[0], weights @ sums[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            values.append(np.where(orders > 0, money / orders, np.nan))
    found = percentile_interval(values[0] - values[1])
    assert found is not None  # both sides have orders
    return found


def _customers(inputs: Inputs, bound: Mapping[str, Any]) -> Table:
    found = inputs.query(CUSTOMERS_SQL, **bound).to_pylist()
    orders = sum(row["orders"] * row["customers"] for row in found)
    share = sum(row["promoted"] for row in found) / orders if orders else 0.0
    again = [row for row in found if row["orders"] >= 2]
    repeaters = sum(row["customers"] for row in again)
    rows: list[dict[str, Any]] = []
    for use in ("only", "sometimes", "never"):
        held = [row for row in found if row["promotion_use"] == use]
        own = sum(row["customers"] for row in held if row["orders"] >= 2)
        row = {
            "promotion_use": use, "customers": sum(row["customers"] for row in held),
            "gross_revenue": sum(row["gross_revenue"] for row in held), "repeaters": own,
            "share": own / repeaters if repeaters >= inputs.settings.min_n else None,
        }  # fmt: skip
        if use == "only" and repeaters >= inputs.settings.min_n:
            chances = [(share ** int(item["orders"]), item["customers"]) for item in again]
            expected = math.fsum(p * n for p, n in chances)
            spread = math.sqrt(math.fsum(p * (1 - p) * n for p, n in chances))
            row |= {"expected": expected, "p": two_sided((own - expected) / spread) if spread > 0 else 1.0}
        rows.append(row)
    return inputs.computed(
        "customers", Text("客户与促销", "Customers and promotion"), USE_COLUMNS, ("promotion_use",), rows if found else [],
        method="promotion.customers", sql=CUSTOMERS_SQL, **bound,
    )  # fmt: skip


def _segments(inputs: Inputs, bound: Mapping[str, Any]) -> Table:
    """Customers whose first order was on promotion, by segment on the last day before the period."""
    sql = segments_sql(inputs.segment("rfm", bound["base_last"]))
    found = inputs.query(sql, **bound).to_pylist()
    rows = group_shares(found, "promoted", "customers", inputs.settings.min_n)
    return inputs.computed(
        "segments", Text("各客群的促销参与（本期第一单）", "Promotion by segment (first order of the period)"),
        SEGMENT_COLUMNS, ("segment",), rows,
        method="wilson, two_proportions, benjamini_hochberg", sql=sql, **bound,
    )  # fmt: skip


def _overlaps(inputs: Inputs, bound: Mapping[str, Any]) -> tuple[Table, ...]:
    """Pairs of campaigns that ran at once and reached the same customers; nothing without such a pair."""
    if not inputs.has("campaigns"):
        return ()
    span = {"first": bound["first"], "last": bound["last"]}
    table = inputs.table(
        "overlaps", Text("同时进行的活动触及同一客户", "Campaigns at once that reached the same customers"), OVERLAP_COLUMNS,
        ("campaign", "other"), OVERLAP_SQL, **span,
    )  # fmt: skip
    return (table,) if len(table.rows) else ()


def _claims(result: Result, min_n: int) -> Iterator[Claim]:
    change = result.table("change").records()[0]
    orders = sum(row["orders"] for row in result.table("kinds"))
    key: dict[str, Any] = {"kind": "any"}
    if change["share"] is not None:
        moved = change["verdict"] in ("显著增加", "显著减少")
        says = "share" if not moved else "share_up" if change["difference"] > 0 else "share_down"
        names = {"days": "days", "share": "share"}
        names |= (
            {name: name for name in ("before", "difference", "low", "high")}
            if moved
            else {"gross": "gross_revenue", "taken_off": "taken_off"}
        )
        test = (
            Test("bootstrap of customers", True, change["p"], change["low"], change["high"])
            if moved
            else None
        )
        yield Claim(
            says, "promotion/share", {name: Cell("change", key, column) for name, column in names.items()},
            n=orders, base=ORDERS_BASE,
            strength="tested" if moved else "fact", test=test, money=float(change["taken_off"]),
            certainty=1 - change["p"] if moved else 0.7, topic="promotion",
            change=Change(("promotion_share",), "up" if change["difference"] > 0 else "down") if moved else None,
        )  # fmt: skip
    if len(result.table("value").rows):
        yield Claim(
            "value", "promotion/value", {name: Cell("value", key, name) for name in ("promoted", "plain", "low", "high")},
            n=orders, base=ORDERS_BASE, strength="estimate", certainty=0.5, topic="promotion_value", summary=False,
        )  # fmt: skip
    only = result.table("customers").find({"promotion_use": "only"})
    if (
        only
        and only["p"] is not None
        and only["p"] <= FALSE_DISCOVERY
        and only["repeaters"] > only["expected"]
    ):
        key = {"promotion_use": "only"}
        names = {"customers": "repeaters", "share": "share", "expected": "expected"}
        yield Claim(
            "only", "promotion/only", {name: Cell("customers", key, column) for name, column in names.items()},
            n=sum(row["repeaters"] for row in result.table("customers")),
            base=Text("本期下单两次及以上的客户", "customers with two or more orders in the period"), strength="tested",
            test=Test("z against the expected number", True, only["p"]), money=float(only["gross_revenue"]),
            certainty=1 - only["p"], topic="promotion_only",
        )  # fmt: skip
    yield from _segment_claims(result)


def _segment_claims(result: Result) -> Iterator[Claim]:
    sure = [row for row in result.table("segments") if row["verdict"] in ("above", "below")]
    sure.sort(key=lambda row: (-abs(row["share"] - row["rest"]) * row["customers"], row["segment"]))
    for row in sure[:SAID]:
        key = {"segment": row["segment"]}
        yield Claim(
            "segment_up" if row["verdict"] == "above" else "segment_down", f"promotion/segment/{row['segment']}",
            {name: Cell("segments", key, name) for name in ("share", "low", "high", "rest")}, n=row["customers"],
            base=Text("其中本期下单的客户", "those with an order in the period"), strength="tested",
            test=Test("two proportions", True, None, row["low"], row["high"], corrected(row["q"])),
            labels={"segment": (row["segment"], "rfm_then")}, certainty=1 - row["q"],
            topic=f"promotion_by_segment/{row['segment']}", summary=False,
        )  # fmt: skip


def _notes(inputs: Inputs, result: Result) -> Iterator[Note]:
    yield Note(
        Text("促销订单与其他订单只作描述：无对照，不能归因；促销的效果须有对照组才能知道",
             "Orders on promotion and others are described only: no control, nothing can be attributed; a control group would "
             "tell what promotion does"))  # fmt: skip
    if any(table.id == "overlaps" for table in result.tables):
        yield Note(
            Text("有客户同时在两个活动中（见附录）：每单只归订单所写的一个活动，其购买不能分给其中任何一个",
                 "Some customers were in two campaigns at once (see the appendix): an order counts once, for the campaign "
                 "that it names; what they bought cannot be divided between the two"),
            "warning")  # fmt: skip
    least = inputs.settings.min_n
    if any(row["orders"] < least for row in result.table("kinds")):
        yield Note(
            Text(f"有的促销方式少于 {least} 单，其笔单价与幅度不予给出", f"A kind has fewer than {least} orders: "
                                                    f"its value and depth are withheld"),
            "withheld")  # fmt: skip


ANALYSIS = Analysis(
    name="promotion",
    title=Text("促销", "Promotion"),
    question=Text(
        "多少销售来自促销，哪些客户参与，谁只在促销时购买？",
        "How much is bought on promotion, by whom, and who buys on promotion only?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "orders", "purchases", "campaigns", "campaign_members", "contacts"),
    uses=("rfm",),
    order=50,
)
