"""Customers who bought in both periods: whether they stayed with their channel and where they went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analyses.channel.columns import FLOW_COLUMNS, MIGRATION_COLUMNS
from keguan.analyses.channel.sql import MIGRATION_SQL, NOBODY
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.sign_test import sign_test
from keguan.result import Table


def _kind(row: Mapping[str, Any]) -> str:
    if NOBODY in (row["from_channel"], row["to_channel"]):
        return "came" if row["from_channel"] == NOBODY else "left"
    return "stayed" if row["from_channel"] == row["to_channel"] else "moved"


def migration_table(inputs: Inputs, moves: Sequence[Mapping[str, Any]], days: Mapping[str, Any]) -> Table:
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


def flows_table(inputs: Inputs, moves: Sequence[Mapping[str, Any]], days: Mapping[str, Any]) -> Table:
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
