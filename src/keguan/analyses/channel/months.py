"""Shares of the largest channels by month."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from keguan.analyses.channel.columns import MONTH_COLUMNS
from keguan.analyses.channel.sql import OTHER
from keguan.analysis import Inputs
from keguan.core.period import month_end, month_index, month_name
from keguan.core.text import Text
from keguan.marts.line_metrics import LINE_NET, LINE_ORDERS, SOLD_OR_RETURNED
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

MONTH = "year(day) * 12 + month(day) - 1"
MONTHS_SQL = f"""
SELECT coalesce(channel, '{UNKNOWN}') AS channel, {MONTH} AS month_no,
       {LINE_ORDERS.sql} AS orders, {LINE_NET.sql} AS net_revenue
FROM order_lines WHERE {SOLD_OR_RETURNED}
GROUP BY coalesce(channel, '{UNKNOWN}'), {MONTH} ORDER BY month_no, channel
"""


def months_table(inputs: Inputs, most: int) -> Table:
    """Orders and net revenue by month of the `most` channels with most orders, the others together."""
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
