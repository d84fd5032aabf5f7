"""Which customers are of high, ordinary and low value, and who are the key contributors?

Method: value is net revenue of the last 12 months. A customer with a purchase in the window is of high value
from twice the mean of those with positive net revenue, of low value below half of it, ordinary between; those
without a purchase in the window are a row of their own. Key contributors are the fewest customers who together
bring half of positive net revenue (equal money, equal class). What became of the key contributors of the window
before is told by the class at the start of the period. Each class is held against its own standard: average
order value times average purchases must lie within the bounds of the class, else the row is flagged.

Source: key account definitions by cumulative share follow Pareto analysis (Dickie 1951); bounds by multiples of
the mean are Keguan's own and are parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from keguan.analyses.value_class.claims import TEXT, value_claims, value_notes
from keguan.analyses.value_class.columns import (
    ACCOUNT_COLUMNS,
    CLASS_COLUMNS,
    KEPT_COLUMNS,
    STANDARD_COLUMNS,
)
from keguan.analyses.value_class.sql import ACCOUNTS_SQL, CLASSES_SQL, KEPT_SQL, LABELLED, STANDARD_SQL
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.result import Figure, Relation, Result, Table

FIRST_DAY_SQL = "SELECT min(first_order_on) AS first_day FROM customer_facts"


@dataclass(frozen=True)
class Params:
    """Where high and low value begin, and how much the key contributors bring together."""

    window_months: int = param(12, "净销售额窗口（月）", "window of net revenue, months")
    high_times: float = param(
        2.0, "高价值：不少于平均的多少倍", "high value: at least so many times the mean"
    )
    low_times: float = param(0.5, "低价值：少于平均的多少倍", "low value: under so many times the mean")
    key_share: float = param(0.5, "关键贡献客户合计占比", "share that the key contributors bring together")
    accounts: int = param(20, "列出的关键贡献客户数", "how many key contributors are listed")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables standard, classes, key_accounts and, with two windows of history, kept; relation value_class."""
    bound: dict[str, Any] = {
        "from_day": window_start(inputs.as_of, params.window_months),
        "high_times": params.high_times, "low_times": params.low_times, "key_share": params.key_share,
    }  # fmt: skip
    min_n = inputs.settings.min_n
    tables: list[Table] = [
        inputs.table(
            "classes", Text("价值分类", "Value classes"), CLASS_COLUMNS, ("label",), CLASSES_SQL, min_n=min_n, **bound,
            note=Text(
                f"窗口为近 {params.window_months} 个月（{bound['from_day']} 起）",
                f"the window is the last {params.window_months} months (from {bound['from_day']})",
            ),
        ),
        inputs.table(
            "key_accounts", Text("关键贡献客户", "Key contributors"), ACCOUNT_COLUMNS, ("account_no",), ACCOUNTS_SQL,
            accounts=params.accounts, **before(inputs, params), **bound,
        ),
        replace(
            inputs.table("standard", Text("价值分类的标准", "Standard of the value classes"), STANDARD_COLUMNS,
                         ("window_months",), STANDARD_SQL, window_months=params.window_months, **bound),
            appendix=True,
        ),
    ]  # fmt: skip
    first = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["first_day"]
    earlier = before(inputs, params)
    if first is not None and first <= earlier["from_before"] + timedelta(days=1):
        tables.append(
            inputs.table(
                "kept", Text("此前的关键贡献客户后来怎样", "What became of the key contributors before"), KEPT_COLUMNS,
                ("label",), KEPT_SQL, **earlier, **bound,
            )
        )  # fmt: skip
    result = Result("value_class", tables=tuple(tables))
    return replace(
        result,
        figures=_figures(tables[0]),
        claims=value_claims(result, min_n, params.window_months),
        relations=(
            Relation(
                "value_class", Text("价值分类", "Value classes"),
                f"WITH {LABELLED}\nSELECT account_no, label, CASE WHEN is_key = 1 THEN 'key' END AS score FROM labelled",
                bound, vocabulary="value_class",
            ),
        ),
        notes=value_notes(result, min_n),
    )  # fmt: skip


def before(inputs: Inputs, params: Params) -> Mapping[str, Any]:
    """The window that ends the day before this one begins."""
    end = window_start(inputs.as_of, params.window_months) - timedelta(days=1)
    return {"from_before": window_start(end, params.window_months) + timedelta(days=1), "to_before": end}


def _figures(classes: Table) -> tuple[Figure, ...]:
    if not len(classes.rows):
        return ()
    title = Text("价值分类：人数占比与净销售额占比", "Value classes: share of customers and of net revenue")
    return (Figure("classes", "bar", title, "classes", "label", ("share", "revenue_share")),)


ANALYSIS = Analysis(
    name="value_class",
    title=Text("价值分类与关键贡献客户", "Value classes and key contributors"),
    question=Text(
        "哪些客户价值高、普通、低，谁是关键贡献客户，此前的关键贡献客户后来怎样？",
        "Which customers are of high, ordinary and low value, who are the key contributors, and what became of those before?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    order=25,
)
