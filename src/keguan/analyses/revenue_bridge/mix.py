"""The change split into customers, frequency, value and mix, by group of the first order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keguan.analyses.revenue_bridge.claims import driver_claims, reversal_claim
from keguan.analyses.revenue_bridge.columns import DRIVER_COLUMNS, SEGMENT_COLUMNS
from keguan.analyses.revenue_bridge.periods import Params, Periods
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.revenue_drivers import Drivers, SegmentPair, revenue_drivers
from keguan.marts.revenue_movement import SEGMENTS_SQL
from keguan.result import Claim, Note, Table
from keguan.schema.vocabulary import DIMENSION

OTHER = "其他"


def mix_dimension(inputs: Inputs, params: Params) -> str:
    """The chosen dimension; 'auto' takes the channel where there are two, else the region."""
    if params.mix_by in SEGMENTS_SQL:
        return params.mix_by
    rows = inputs.query(
        "SELECT count(DISTINCT channel) AS channels FROM order_lines WHERE opens_order = 1"
    ).to_pylist()
    return "channel" if rows[0]["channels"] >= 2 else "region"


def mix_tables(
    inputs: Inputs, periods: Periods, dimension: str, row: Mapping[str, Any], bridge: Table, notes: list[Note]
) -> tuple[tuple[Table, ...], list[Claim]]:
    """Tables drivers and segments with their claims; nothing when a period has no customers."""
    rows = inputs.query(SEGMENTS_SQL[dimension], **periods.days).to_pylist()
    pairs = _pooled([_pair(item) for item in rows], inputs.settings.min_n)
    found = revenue_drivers(pairs)
    if found is None:
        notes.append(
            Note(Text("一期没有客户下单，不作分解", "A period without customers: no split"), "withheld")
        )
        return (), []
    drivers = _driver_table(inputs, periods, dimension, found, pairs, bridge, row)
    segments = _segment_table(inputs, periods, dimension, found, pairs)
    return (drivers, replace(segments, appendix=True)), [
        *driver_claims(drivers, found, dimension, row),
        *reversal_claim(segments, pairs, found, dimension),
    ]


def _pair(row: Mapping[str, Any]) -> SegmentPair:
    return SegmentPair(
        row["segment"], int(row["base_customers"]), int(row["customers"]), int(row["base_purchases"]),
        int(row["purchases"]), float(row["base_revenue"]), float(row["revenue"]),
    )  # fmt: skip


def _pooled(pairs: list[SegmentPair], least: int) -> list[SegmentPair]:
    """Groups too small to have an average of their own are one group 其他 (a move of one large account
    between two tiny groups is no change of mix)."""
    large = [pair for pair in pairs if min(pair.base_customers, pair.customers) >= least]
    small = [pair for pair in pairs if min(pair.base_customers, pair.customers) < least]
    if len(small) < 2:
        return pairs
    names = ("base_customers", "customers", "base_purchases", "purchases", "base_revenue", "revenue")
    return [*large, SegmentPair(OTHER, *(sum(getattr(pair, name) for pair in small) for name in names))]


def _driver_table(
    inputs: Inputs, periods: Periods, dimension: str, found: Drivers, pairs: list[SegmentPair],
    bridge: Table, row: Mapping[str, Any],
) -> Table:  # fmt: skip
    """The parts of the change; before and after are the factors themselves."""
    returns_only = bridge.find({"part": "returns_only"}) or {}
    base = [
        sum(values)
        for values in zip(*((p.base_customers, p.base_purchases, p.base_revenue) for p in pairs), strict=True)
    ]
    now = [
        sum(values) for values in zip(*((p.customers, p.purchases, p.revenue) for p in pairs), strict=True)
    ]
    enough = min(base[0], now[0]) >= inputs.settings.min_n
    rows = [
        {"driver": "customers", "amount": found.customers, "before": base[0], "after": now[0]},
        {
            "driver": "frequency",
            "amount": found.frequency,
            **_factor(base[1], base[0], now[1], now[0], enough),
        },
        {"driver": "value", "amount": found.value, **_factor(base[2], base[1], now[2], now[1], enough)},
        {"driver": "mix", "amount": found.mix},
        {"driver": "returns_only", "amount": returns_only.get("amount")},
        {"driver": "total", "amount": row["revenue"] - row["base_revenue"]},
    ]
    note = Text(
        f"有客户编号的客户；笔单价 = 净销售额 / 未全退的购买次数；客户构成按{DIMENSION[dimension].zh}",
        "Identified customers; value = net revenue / purchases not fully returned; mix by the "
        f"{DIMENSION[dimension].en}",
    )
    return inputs.computed(
        "drivers", Text("客户数 × 频次 × 笔单价与结构", "Customers x frequency x value, and mix"),
        DRIVER_COLUMNS, ("driver",), rows, method="revenue_drivers", inputs=("segments", "bridge"), note=note,
        sql=SEGMENTS_SQL[dimension], **periods.days,
    )  # fmt: skip


def _factor(a: float, b: float, c: float, d: float, enough: bool) -> dict[str, float | None]:
    return {"before": a / b if enough and b else None, "after": c / d if enough and d else None}


def _segment_table(
    inputs: Inputs, periods: Periods, dimension: str, found: Drivers, pairs: list[SegmentPair]
) -> Table:
    least = inputs.settings.min_n
    base_size, size = sum(p.base_customers for p in pairs), sum(p.customers for p in pairs)
    rows = [
        {
            "segment": pair.segment, "base_customers": pair.base_customers, "customers": pair.customers,
            "base_share": pair.base_customers / base_size if base_size >= least else None,
            "share": pair.customers / size if size >= least else None,
            "base_per_customer": _per_customer(pair.base_revenue, pair.base_customers, least),
            "per_customer": _per_customer(pair.revenue, pair.customers, least),
            "frequency": effect.frequency, "value": effect.value, "mix": effect.mix,
        }
        for pair, effect in zip(pairs, found.segments, strict=True)
    ]  # fmt: skip
    total = {
        "segment": "*", "base_customers": base_size, "customers": size,
        "base_share": 1.0 if base_size >= least else None, "share": 1.0 if size >= least else None,
        "base_per_customer": _per_customer(sum(p.base_revenue for p in pairs), base_size, least),
        "per_customer": _per_customer(sum(p.revenue for p in pairs), size, least),
        "frequency": found.frequency, "value": found.value, "mix": found.mix,
    }  # fmt: skip
    title = Text(f"分组分解（{DIMENSION[dimension].zh}）", f"Split by {DIMENSION[dimension].en}")
    note = Text(
        f"客户少于 {least} 位的组不列人均",
        f"no averages for groups under {least} customers",
    )
    return inputs.computed(
        "segments", title, SEGMENT_COLUMNS, ("segment",), [*rows, total], method="revenue_drivers", note=note,
        sql=SEGMENTS_SQL[dimension], **periods.days,
    )  # fmt: skip


def _per_customer(revenue: float, customers: int, least: int) -> float | None:
    return revenue / customers if customers >= max(least, 1) else None
