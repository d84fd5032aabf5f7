"""Through which channels do customers buy, how do they move between them, and how much comes from a phone?

Method: shares of net revenue, orders and customers by channel over the latest months and as many months before.
A change of share is tested with customers as units (bootstrap of random groups of customers) and corrected over
all channels (Benjamini-Hochberg). The main channel of a customer in a period is the one with the largest number of
orders; moves between two main channels in one direction and the other are compared by the exact test of McNemar. A
phone is recognised by the name of the device, else of the channel; where neither tells, it is unknown.

Source: McNemar (1947); Efron and Tibshirani (1993).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analyses.channel.claims import TEXT, channel_claims
from keguan.analyses.channel.columns import (
    CHANNEL_COLUMNS,
    DEVICE_COLUMNS,
    FLOW_COLUMNS,
    MIGRATION_COLUMNS,
    MONTH_COLUMNS,
    USE_COLUMNS,
)
from keguan.analyses.channel.sql import (
    CUSTOMERS_SQL,
    FIXED,
    MIGRATION_SQL,
    MOBILE,
    NOBODY,
    OTHER,
    cells_sql,
)
from keguan.analysis import Analysis, Inputs, Settings, param
from keguan.core.latest_windows import latest_windows
from keguan.core.period import Span, month_end, month_index, month_name
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.share_change import ShareCell, ShareChange, share_changes
from keguan.evidence.statistics.sign_test import sign_test
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.line_metrics import LINE_NET, LINE_ORDERS, SOLD_OR_RETURNED
from keguan.marts.metrics import FIRST_DAY_SQL
from keguan.result import Figure, Note, Result, Table
from keguan.schema.vocabulary import UNKNOWN

FALSE_DISCOVERY = 0.05
MONTH = "year(day) * 12 + month(day) - 1"
MONTHS_SQL = f"""
SELECT coalesce(channel, '{UNKNOWN}') AS channel, {MONTH} AS month_no,
       {LINE_ORDERS.sql} AS orders, {LINE_NET.sql} AS net_revenue
FROM order_lines WHERE {SOLD_OR_RETURNED}
GROUP BY coalesce(channel, '{UNKNOWN}'), {MONTH} ORDER BY month_no, channel
"""


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    months: int = param(
        12,
        "本期几个月，与之前同样长的期间比较；数据不足时自动缩短",
        "months of the period, compared with as many before; fewer when the data are short",
    )
    most: int = param(
        12, "逐个列出几个渠道，其余合为「其他」", "how many channels by name, the rest as 'other'"
    )


def run(inputs: Inputs, params: Params) -> Result:
    """Tables periods, channels, months, migration, flows, devices."""
    if not inputs.has_values("order_lines", "channel"):
        return _without_channels(inputs)
    first_day = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["day"]
    spans = latest_windows(first_day, inputs.as_of, params.months)
    if spans is None:
        text = Text(
            "数据不足两个月，渠道的变化不予比较", "Fewer than two months of data: channels are not compared"
        )
        return Result("channel", (_months(inputs, params.most),), notes=(Note(text, "missing"),))
    now, base = spans
    days: dict[str, Any] = {
        "first": now.first, "last": now.last, "base_first": base.first, "base_last": base.last, "most": params.most,
    }  # fmt: skip
    cells_text = cells_sql(inputs.has_values("orders", "device"))
    cells = inputs.query(cells_text, **days).to_pylist()
    moves = inputs.query(MIGRATION_SQL, **days).to_pylist()
    tables = [
        _periods(inputs, now, base, moves, days),
        _channels(inputs, cells, cells_text, moves, days),
        _months(inputs, params.most),
        _migration(inputs, moves, days),
        _flows(inputs, moves, days),
        _devices(inputs, cells, cells_text, days),
    ]
    tables = [replace(table, appendix=table.id not in ("channels", "devices")) for table in tables]
    result = Result("channel", tables=tuple(tables))
    return Result(
        "channel",
        tables=tuple(tables),
        figures=_figures(result),
        claims=tuple(channel_claims(result, inputs.settings.min_n)),
        notes=tuple(_notes(inputs, result, params, now)),
    )


def _without_channels(inputs: Inputs) -> Result:
    words = (
        Text("订单没有渠道：导入含「渠道」列的订单后，可看渠道占比与迁移",
             "The orders have no channel: import orders with a channel column to see shares and moves"),
        Text("没有订单", "There are no orders"),
    )  # fmt: skip
    return Result("channel", notes=(Note(words[0 if inputs.has("order_lines") else 1], "missing"),))


def _periods(
    inputs: Inputs, now: Span, base: Span, moves: Sequence[Mapping[str, Any]], days: Mapping[str, Any]
) -> Table:
    rows = []
    for period, span, end in (("recent", now, "to_channel"), ("before", base, "from_channel")):
        active = [row for row in moves if row[end] != NOBODY]
        customers = sum(row["customers"] for row in active)
        row: dict[str, Any] = {
            "period": period, "first": span.first, "last": span.last, "days": span_name(span), "customers": customers,
        }  # fmt: skip
        if period == "recent":
            several = sum(move["multiple"] for move in active)
            row["multiple"] = several
            ends = wilson(several, customers) if customers >= inputs.settings.min_n else None
            if ends:
                row |= {"multiple_share": several / customers, "low": ends.low, "high": ends.high}
        rows.append(row)
    return inputs.computed(
        "periods", Text("比较的两期", "The two periods"), USE_COLUMNS, ("period",), rows,
        method="channel.periods, wilson", sql=MIGRATION_SQL, **days,
    )  # fmt: skip


def _channels(
    inputs: Inputs,
    cells: Sequence[Mapping[str, Any]],
    sql: str,
    moves: Sequence[Mapping[str, Any]],
    days: Mapping[str, Any],
) -> Table:
    customers = {row["channel"]: row for row in inputs.query(CUSTOMERS_SQL, **days).to_pylist()}
    buyers = sum(row["customers"] for row in moves if row["to_channel"] != NOBODY)
    sums = _sums(cells, "channel")
    money = share_changes(_share_cells(cells, "channel", "net_revenue"))
    enough = {
        name
        for name, row in customers.items()
        if min(buyers, row["customers"] + row["base_customers"]) >= inputs.settings.min_n
    }
    adjusted = _adjusted({name: change for name, change in money.items() if name in enough})
    orders = sum(now["orders"] for now, _ in sums.values())
    rows = []
    for channel, (now, base) in sums.items():
        used = customers.get(channel, {"customers": 0, "base_customers": 0})
        row = {
            "channel": channel, "net_revenue": now["net_revenue"], "orders": now["orders"],
            "orders_share": now["orders"] / orders if orders >= inputs.settings.min_n else None,
            "base_orders": base["orders"], "customers": used["customers"], "base_customers": used["base_customers"],
            "customers_share": used["customers"] / buyers if buyers >= inputs.settings.min_n else None,
        }  # fmt: skip
        if channel in money:
            row |= {
                "revenue_share": money[channel].now, "base_revenue_share": money[channel].before,
                "difference": money[channel].difference,
            }  # fmt: skip
        row |= _judged(money.get(channel), adjusted.get(channel), inputs.settings)
        rows.append(row)
    rows.sort(key=lambda row: (-row["net_revenue"], row["channel"]))
    return inputs.computed(
        "channels", Text("各渠道的占比与变化", "Channels: shares and change"), CHANNEL_COLUMNS, ("channel",), rows,
        method="channel.channels: share_changes, benjamini_hochberg", sql=sql, **days,
    )  # fmt: skip


def _devices(inputs: Inputs, cells: Sequence[Mapping[str, Any]], sql: str, days: Mapping[str, Any]) -> Table:
    sums = _sums(cells, "device_class")
    changes = share_changes(_share_cells(cells, "device_class", "orders"))
    now_orders = sum(now["orders"] for now, _ in sums.values())
    base_orders = sum(base["orders"] for _, base in sums.values())
    tested = min(now_orders, base_orders) >= inputs.settings.min_n
    adjusted = _adjusted(changes) if tested else {}
    rows = []
    for name in (MOBILE, FIXED, UNKNOWN):
        if name not in sums:
            continue
        now, base = sums[name]
        change = changes.get(name) if tested else None
        row = {"device_class": name, "orders": now["orders"], "base_orders": base["orders"],
               "net_revenue": now["net_revenue"]}  # fmt: skip
        if change:
            row |= {
                "orders_share": change.now,
                "base_orders_share": change.before,
                "difference": change.difference,
            }
        rows.append(row | _judged(change, adjusted.get(name), inputs.settings))
    return inputs.computed(
        "devices", Text("移动端订单占比", "Orders from a phone"), DEVICE_COLUMNS, ("device_class",), rows,
        method="channel.devices: share_changes, benjamini_hochberg", sql=sql,
        note=Text("按设备名，无设备时按渠道名判断；两者都看不出的为待核实",
                  "by the name of the device, else of the channel; unknown where neither tells"), **days,
    )  # fmt: skip


def _sums(cells: Sequence[Mapping[str, Any]], by: str) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """part -> (now, before) -> orders and money."""
    sums: dict[str, tuple[dict[str, Any], dict[str, Any]]] = defaultdict(
        lambda: ({"orders": 0, "net_revenue": 0}, {"orders": 0, "net_revenue": 0})
    )
    for cell in cells:
        into = sums[cell[by]][0 if cell["is_current"] else 1]
        into["orders"] += cell["orders"]
        into["net_revenue"] += cell["net_revenue"]
    return dict(sorted(sums.items()))


def _share_cells(cells: Sequence[Mapping[str, Any]], by: str, of: str) -> list[ShareCell]:
    return [
        ShareCell(
            cell[by], int(cell["bucket"]),
            float(cell[of]) if cell["is_current"] else 0.0, 0.0 if cell["is_current"] else float(cell[of]),
        )
        for cell in cells
    ]  # fmt: skip


def _adjusted(changes: Mapping[str, ShareChange]) -> dict[str, float]:
    return dict(zip(changes, benjamini_hochberg([change.p for change in changes.values()]), strict=True))


def _judged(change: ShareChange | None, q: float | None, settings: Settings) -> dict[str, Any]:
    """Interval, q and the word that the change earns."""
    if change is None or q is None:
        return {"verdict": "未检验"}
    sure = q <= FALSE_DISCOVERY and not change.low <= 0 <= change.high
    material = abs(change.difference) >= settings.material_share
    word = "显著增加" if change.difference > 0 else "显著减少"
    return {
        "low": change.low, "high": change.high, "q": q, "verdict": word if sure and material else "无显著变化",
    }  # fmt: skip


def _months(inputs: Inputs, most: int) -> Table:
    found = inputs.query(MONTHS_SQL).to_pylist()
    sizes: dict[str, int] = defaultdict(int)
    for row in found:
        sizes[row["channel"]] += row["orders"]
    named = sorted(sizes, key=lambda name: (-sizes[name], name))[:most]
    sums: dict[tuple[int, str], dict[str, Any]] = defaultdict(lambda: {"orders": 0, "net_revenue": 0})
    for row in found:
        into = sums[row["month_no"], row["channel"] if row["channel"] in named else OTHER]
        into["orders"] += row["orders"]
        into["net_revenue"] += row["net_revenue"]
    final = month_index(inputs.as_of) if inputs.as_of != month_end(inputs.as_of) else -1
    order = {name: place for place, name in enumerate((*named, OTHER))}
    rows = [
        {"month": month_name(month), "channel": channel, **figures, "unfinished": month == final}
        for (month, channel), figures in sorted(
            sums.items(), key=lambda item: (item[0][0], order[item[0][1]])
        )
    ]
    return inputs.computed(
        "months", Text("各渠道每月净销售额", "Net revenue by channel and month"), MONTH_COLUMNS, ("month", "channel"),
        rows[:5000], method="channel.months: the largest by name", sql=MONTHS_SQL,
    )  # fmt: skip


def _kind(row: Mapping[str, Any]) -> str:
    if NOBODY in (row["from_channel"], row["to_channel"]):
        return "came" if row["from_channel"] == NOBODY else "left"
    return "stayed" if row["from_channel"] == row["to_channel"] else "moved"


def _migration(inputs: Inputs, moves: Sequence[Mapping[str, Any]], days: Mapping[str, Any]) -> Table:
    """Main channel before by main channel now; shares add up by row."""
    sizes: dict[str, int] = defaultdict(int)
    for row in moves:
        sizes[row["from_channel"]] += row["customers"]
    rows = [
        {
            **row, "kind": _kind(row),
            "share": row["customers"] / sizes[row["from_channel"]]
            if sizes[row["from_channel"]] >= inputs.settings.min_n else None,
        }
        for row in moves
    ]  # fmt: skip
    return inputs.computed(
        "migration", Text("客户主渠道的迁移", "Moves between main channels"), MIGRATION_COLUMNS,
        ("from_channel", "to_channel"), rows, method="channel.migration", sql=MIGRATION_SQL,
        note=Text("主渠道 = 期内下单次数最多的渠道；每行占比之和为 100%",
                  "main channel: the one with the largest number of orders in the period; shares of a row add up to 100%"),
        **days,
    )  # fmt: skip


def _flows(inputs: Inputs, moves: Sequence[Mapping[str, Any]], days: Mapping[str, Any]) -> Table:
    """Each pair of channels once, in the direction in which the larger number went."""
    at = {(row["from_channel"], row["to_channel"]): row for row in moves}
    names = sorted({name for pair in at for name in pair} - {NOBODY})
    rows: list[dict[str, Any]] = []
    for one in names:
        for other in names:
            there = at.get((one, other), {"customers": 0, "net_revenue": 0})
            back = at.get((other, one), {"customers": 0, "net_revenue": 0})
            larger = (there["customers"], other) > (back["customers"], one)
            if one == other or not there["customers"] or not larger:
                continue
            rows.append(
                {
                    "from_channel": one, "to_channel": other, "moved": there["customers"],
                    "moved_back": back["customers"], "net_moved": there["customers"] - back["customers"],
                    "money": there["net_revenue"], "verdict": "untested",
                }
            )  # fmt: skip
    tested = [row for row in rows if row["moved"] + row["moved_back"] >= inputs.settings.min_n]
    p_values = [sign_test(row["moved"], row["moved_back"]) for row in tested]
    for row, p, q in zip(tested, p_values, benjamini_hochberg(p_values), strict=True):
        row |= {"p": p, "q": q, "verdict": "directed" if q <= FALSE_DISCOVERY else "undirected"}
    rows.sort(key=lambda row: (-row["net_moved"], row["from_channel"], row["to_channel"]))
    return inputs.computed(
        "flows", Text("渠道之间的净转移", "Net moves between channels"), FLOW_COLUMNS, ("from_channel", "to_channel"),
        rows[:500], method="sign_test, benjamini_hochberg", inputs=("migration",), sql=MIGRATION_SQL, **days,
    )  # fmt: skip


def _figures(result: Result) -> tuple[Figure, ...]:
    figures = [
        Figure("months", "stacked_bar", Text("各渠道每月净销售额", "Net revenue by channel and month"), "months",
               "month", ("net_revenue",), series="channel", hatch="unfinished")
    ]  # fmt: skip
    if len(result.table("migration").rows):
        title = Text("客户主渠道的迁移（上期到本期，客户数）", "Main channel before and now (customers)")
        figures.append(
            Figure("migration", "heatmap", title, "migration", "to_channel", ("customers",), series="from_channel")
        )  # fmt: skip
    return tuple(figures)


def _notes(inputs: Inputs, result: Result, params: Params, now: Span) -> list[Note]:
    notes = [
        Note(
            Text(
                f"本期 {span_name(now)}，与之前同样长的期间比较",
                f"Period {span_name(now)}, compared with as long before",
            )
        )
    ]
    least = inputs.settings.min_n
    if sum(row["orders"] for row in result.table("channels")) < least:
        notes.append(
            Note(
                Text(
                    f"本期订单少于 {least} 单，占比不予说明",
                    f"Fewer than {least} orders: shares are not stated",
                ),
                "withheld",
            )
        )
    if len([row for row in result.table("channels") if row["channel"] != UNKNOWN]) < 2:
        notes.append(
            Note(Text("只有一个渠道，没有迁移可看", "There is one channel only: nobody can move"), "info")
        )
    devices = {row["device_class"]: row["orders"] for row in result.table("devices")}
    if not devices.get(MOBILE) and not devices.get(FIXED):
        notes.append(
            Note(
                Text("设备与渠道名看不出是否移动端：导入含「设备」列的订单后可看移动端占比",
                     "Neither device nor channel tells a phone: import orders with a device column for the share of phones"),
                "missing",
            )
        )  # fmt: skip
    return notes


ANALYSIS = Analysis(
    name="channel",
    title=Text("购买渠道", "Channels"),
    question=Text(
        "客户通过哪些渠道购买，怎样在渠道间迁移，移动端占多少？",
        "Through which channels do customers buy, how do they move between them, and how much comes from a phone?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "orders", "purchases"),
    order=46,
)
