"""Refund rates of categories: since when each one changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keguan.analyses.product_mix.categories import Node
from keguan.analyses.product_mix.columns import REFUND_COLUMNS
from keguan.analysis import Inputs, Settings
from keguan.core.period import month_index, month_name
from keguan.core.text import Text
from keguan.evidence.statistics.rate_change import RateChange, rate_changes
from keguan.marts.product_sales import (
    CATEGORY_MONTHS_SQL,
    NO_CATEGORY,
)
from keguan.result import Table


def refund_table(inputs: Inputs, nodes: Sequence[Node]) -> Table:
    """The strongest change of the refund rate of each category, corrected for all categories."""
    final = month_index(inputs.as_of)
    named = {(node.level, node.path): node for node in nodes if node.path != NO_CATEGORY}
    series = {key: _lines_by_month(node, final) for key, node in named.items()}
    rows: list[dict[str, Any]] = [
        {
            "level": key[0], "category": key[1],
            "since": month_name(min(named[key].months) + change.index),
            "lines_before": change.before_n, "rate_before": change.before,
            "lines_after": change.after_n, "rate_after": change.after,
            "difference": change.difference, "low": change.low, "high": change.high,
            "p": change.p, "q": change.q, "verdict": _refund_word(change, inputs.settings), "z": change.z,
        }
        for key, change in rate_changes(series, inputs.settings.min_n).items()
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["p"], -abs(row["z"]), row["level"], row["category"]))
    return inputs.computed(
        "refunds", Text("退货率从何时变化", "Since when the refund rate changed"), REFUND_COLUMNS, ("level", "category"),
        rows[:2000], method="rate_changes: change_point, newcombe, benjamini_hochberg", inputs=("categories",),
        sql=CATEGORY_MONTHS_SQL,
        note=Text("退货计入退货当月；退货行 / 同期购买行", "Returns count in their own month; returned / bought lines"),
    )  # fmt: skip


def _lines_by_month(node: Node, final: int) -> tuple[list[int], list[int]]:
    months = [node.months.get(month, {}) for month in range(min(node.months), final + 1)]
    return [month.get("returned", 0) for month in months], [month.get("bought", 0) for month in months]


def _refund_word(change: RateChange, settings: Settings) -> str:
    """Sure and material: the change is as many points of what the category sells."""
    if not change.sure or abs(change.difference) < settings.material_share:
        return "无显著变化"
    return "显著增加" if change.difference > 0 else "显著减少"
