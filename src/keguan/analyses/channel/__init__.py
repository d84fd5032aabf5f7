"""Through which channels do customers buy, how do they move between them, and how much comes from a phone?

Method: shares of net revenue, orders and customers by channel over the latest months and as many months before.
A change of share is tested with customers as units (bootstrap of random groups of customers) and corrected over
all channels (Benjamini-Hochberg). The main channel of a customer in a period is the one with the largest number of
orders; moves between two main channels in one direction and the other are compared by the exact test of McNemar. A
phone is recognised by the name of the device, else of the channel; where neither tells, it is unknown.

Source: McNemar (1947); Efron and Tibshirani (1993).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from keguan.analyses.channel.claims import TEXT, channel_claims
from keguan.analyses.channel.columns import USE_COLUMNS
from keguan.analyses.channel.months import months_table
from keguan.analyses.channel.moves import flows_table, migration_table
from keguan.analyses.channel.notes import channel_notes
from keguan.analyses.channel.params import Params
from keguan.analyses.channel.shares import channels_table, devices_table
from keguan.analyses.channel.sql import MIGRATION_SQL, NOBODY, cells_sql
from keguan.analysis import Analysis, Inputs
from keguan.core.latest_windows import latest_windows
from keguan.core.period import Span
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.metrics import FIRST_DAY_SQL
from keguan.result import Figure, Note, Result, Table


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
        return Result("channel", (months_table(inputs, params.most),), notes=(Note(text, "missing"),))
    now, base = spans
    days: dict[str, Any] = {
        "first": now.first, "last": now.last, "base_first": base.first, "base_last": base.last, "most": params.most,
    }  # fmt: skip
    cells_text = cells_sql(inputs.has_values("orders", "device"))
    cells = inputs.query(cells_text, **days).to_pylist()
    moves = inputs.query(MIGRATION_SQL, **days).to_pylist()
    tables = [
        _periods(inputs, now, base, moves, days),
        channels_table(inputs, cells, cells_text, moves, days),
        months_table(inputs, params.most),
        migration_table(inputs, moves, days),
        flows_table(inputs, moves, days),
        devices_table(inputs, cells, cells_text, days),
    ]
    tables = [replace(table, appendix=table.id not in ("channels", "devices")) for table in tables]
    result = Result("channel", tables=tuple(tables))
    return Result(
        "channel",
        tables=tuple(tables),
        figures=_figures(result),
        claims=tuple(channel_claims(result, inputs.settings.min_n)),
        notes=tuple(channel_notes(inputs, result, params, now)),
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
