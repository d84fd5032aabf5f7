"""Category paths added up level by level, whole and by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keguan.analyses.product_mix.columns import CATEGORY_COLUMNS, CATEGORY_MONTH_COLUMNS
from keguan.analyses.product_mix.params import ALL, LEVELS, MOST_PARTS, OTHER
from keguan.analysis import Inputs
from keguan.core.period import month_end, month_index, month_name
from keguan.core.text import Text
from keguan.marts.product_sales import (
    CATEGORY_MONTHS_SQL,
    NO_CATEGORY,
    SEPARATOR,
)
from keguan.result import Table

Months = dict[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Node:
    """A category at one level of the tree with its months."""

    level: int
    path: str
    months: Months


def category_tree(found: Sequence[Mapping[str, Any]]) -> list[Node]:
    """Every category at levels 1 to 3 with its months, level 0 being all products."""
    tree: dict[tuple[int, str], Months] = defaultdict(dict)
    for row in found:
        parts = row["category"].split(SEPARATOR)
        paths = [
            (0, ALL),
            *((level, SEPARATOR.join(parts[:level])) for level in range(1, min(len(parts), LEVELS) + 1)),
        ]
        for key in paths:
            into = tree[key].setdefault(row["month_no"], defaultdict(int))
            for name in ("net_revenue", "gross_revenue", "returns", "bought", "returned"):
                into[name] += row[name]
    return [Node(level, path, tree[level, path]) for level, path in sorted(tree)]


def total_of(node: Node, name: str) -> Any:
    return sum(month[name] for month in node.months.values())


def category_table(inputs: Inputs, nodes: Sequence[Node]) -> Table:
    least, total = inputs.settings.min_n, float(total_of(nodes[0], "net_revenue"))
    rows = []
    for node in nodes:
        names = ("gross_revenue", "returns", "net_revenue", "bought", "returned")
        row = {"level": node.level, "category": node.path, **{name: total_of(node, name) for name in names}}
        row["share"] = float(row["net_revenue"]) / total if total > 0 else None
        row["refund_rate"] = row["returned"] / row["bought"] if row["bought"] >= least else None
        rows.append(row)
    rows.sort(key=lambda row: (row["level"], -row["net_revenue"], row["category"]))
    return inputs.computed(
        "categories", Text("类目", "Categories"), CATEGORY_COLUMNS, ("level", "category"), rows[:2000],
        method="product_mix.tree: category paths added up by level", sql=CATEGORY_MONTHS_SQL,
        note=Text("0 级为全部商品；路径以 / 分级", "Level 0 is all products; levels of the path are separated by /"),
    )  # fmt: skip


def category_month_table(inputs: Inputs, nodes: Sequence[Node]) -> Table:
    """Level-1 categories by month, the largest by name and the others as one."""
    tops = sorted(
        (node for node in nodes if node.level == 1),
        key=lambda node: (-total_of(node, "net_revenue"), node.path),
    )
    kept = {node.path for node in tops[:MOST_PARTS]}
    money: dict[tuple[int, str], Any] = defaultdict(int)
    for node in tops:
        for month_no, month in node.months.items():
            money[month_no, node.path if node.path in kept else OTHER] += month["net_revenue"]
    place = {path: number for number, path in enumerate((*(node.path for node in tops[:MOST_PARTS]), OTHER))}
    final = month_index(inputs.as_of) if inputs.as_of != month_end(inputs.as_of) else -1
    rows = [
        {"month": month_name(month_no), "category": path, "net_revenue": net, "unfinished": month_no == final}
        for (month_no, path), net in sorted(money.items(), key=lambda item: (item[0][0], place[item[0][1]]))
    ]
    return inputs.computed(
        "category_months", Text("各类目每月净销售额", "Net revenue by category and month"), CATEGORY_MONTH_COLUMNS,
        ("month", "category"), rows, method="product_mix.category_months", inputs=("categories",),
        sql=CATEGORY_MONTHS_SQL,
    )  # fmt: skip


def is_categorised(nodes: Sequence[Node]) -> bool:
    return any(node.level == 1 and node.path != NO_CATEGORY for node in nodes)
