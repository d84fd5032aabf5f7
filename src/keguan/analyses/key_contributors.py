"""Who makes up the revenue and its change: which segments, channels, regions, branches, owners and categories?

Method: net revenue of the window and of the one before it, by part of each dimension; every dimension adds up to
the same total and the same change (guests and the unknown are parts of their own). ABC classes are those at the
start of the window, so that nobody changes class within the comparison; class A then falls by regression to the mean
alone, and the page says so. Single customers stand in concentration and revenue_bridge.

Source: additive decomposition of totals; regression to the mean: Galton (1886).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.marts.line_metrics import SOLD_OR_RETURNED
from keguan.result import Cell, Change, Claim, Column, Figure, Note, Result
from keguan.schema.vocabulary import UNKNOWN

DIMENSIONS = ("segment", "channel", "region", "branch", "owner", "category")
GUESTS, NONE_BEFORE, REST = "散客", "此前无消费", "其余"


@dataclass(frozen=True)
class Params:
    """Window, and how many parts of each dimension are shown by themselves."""

    window_months: int = param(
        12, "窗口（月），与此前同长的窗口比较", "window in months, against the one before"
    )
    listed: int = param(
        12, "每个维度单列多少个部分", "how many parts of each dimension are shown by themselves"
    )


_LONG = " UNION ALL ".join(
    f"SELECT '{name}' AS dimension, {name} AS part, account_no, net, before FROM seen"
    for name in DIMENSIONS[:-1]
)


def parts_sql(segment: str) -> str:
    """Net revenue now and before by dimension and part; every dimension has the same total."""
    return f"""
WITH pair AS (
  SELECT account_no, sum(CASE WHEN day >= $from_day THEN gross - returns ELSE 0 END) AS net,
         sum(CASE WHEN day < $from_day THEN gross - returns ELSE 0 END) AS before
  FROM purchases WHERE day >= $from_before GROUP BY account_no
), owners AS (
  SELECT account_no, coalesce(min(branch), '{UNKNOWN}') AS branch,
         CASE WHEN count(DISTINCT owner) > 1 THEN '归属不一' ELSE coalesce(min(owner), '{UNKNOWN}') END AS owner
  FROM customers WHERE account_no IS NOT NULL GROUP BY account_no
), seen AS (
  SELECT p.account_no, p.net, p.before,
         CASE WHEN p.account_no IS NULL THEN '{GUESTS}' ELSE coalesce(s.label, '{NONE_BEFORE}') END AS segment,
         CASE WHEN p.account_no IS NULL THEN '{GUESTS}' ELSE coalesce(f.first_channel, '{UNKNOWN}') END AS channel,
         CASE WHEN p.account_no IS NULL THEN '{GUESTS}' ELSE coalesce(f.first_region, '{UNKNOWN}') END AS region,
         CASE WHEN p.account_no IS NULL THEN '{GUESTS}' ELSE coalesce(o.branch, '{UNKNOWN}') END AS branch,
         CASE WHEN p.account_no IS NULL THEN '{GUESTS}' ELSE coalesce(o.owner, '{UNKNOWN}') END AS owner
  FROM pair p
  LEFT JOIN {segment} s ON s.account_no = p.account_no
  LEFT JOIN customer_facts f ON f.account_no = p.account_no
  LEFT JOIN owners o ON o.account_no = p.account_no
), by_product AS (
  SELECT coalesce(product_id, '') AS product_id, sum(CASE WHEN day >= $from_day THEN amount ELSE 0 END) AS net,
         sum(CASE WHEN day < $from_day THEN amount ELSE 0 END) AS before
  FROM order_lines WHERE {SOLD_OR_RETURNED} AND day >= $from_before GROUP BY coalesce(product_id, '')
), long AS (
  {_LONG}
  UNION ALL
  SELECT 'category', coalesce(split_part(p.category, ' / ', 1), '未分类'), NULL, b.net, b.before
  FROM by_product b LEFT JOIN products p ON p.product_id = b.product_id
)
SELECT dimension, part,
       sum(CASE WHEN account_no IS NOT NULL AND net > 0 THEN 1 ELSE 0 END) AS customers, sum(net) AS net, sum(before) AS before
FROM long GROUP BY dimension, part ORDER BY dimension, part
"""


_NOT_BY_CATEGORY = Text("类目不计客户", "not counted by category")
_OVER_ALL = Text("各部分有升有降，可超过 100%", "parts rise and fall, so it can exceed 100%")
COLUMNS = (
    Column("dimension", Text("维度", "By"), "label", role="key", vocabulary="contributor_dimension"),
    Column("part", Text("部分", "Part"), "label", role="key", vocabulary="contributor"),
    Column("customers", Text("净消费为正的客户", "Customers with positive net spend"), "count", note=_NOT_BY_CATEGORY),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("share", Text("占比", "Share"), "share"),
    Column("before", Text("此前窗口", "Window before"), "money"),
    Column("change", Text("变化", "Change"), "money"),
    Column("change_share", Text("占总变化", "Share of the change"), "share", note=_OVER_ALL),
)  # fmt: skip
TOTAL_COLUMNS = (
    Column("what", Text("范围", "Scope"), "label", role="key", vocabulary="unknown"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("before", Text("此前窗口", "Window before"), "money"),
    Column("change", Text("变化", "Change"), "money"),
)
BASE = Text("该部分净消费为正的客户", "customers of that part with positive net spend")
TEXT: Mapping[str, Text] = {
    "mover": Text(
        "近 {months} 个月净销售额比此前 {months} 个月变化 {total}；按{dimension}看，变化最大的是「{part}」："
        "由 {before} 到 {net}，变化 {change}（n={n}，{base}）。",
        "Net revenue of the last {months} months changed by {total} on the {months} before; by {dimension} '{part}' moved "
        "most: from {before} to {net}, {change} (n={n}, {base}).",
    ),
}  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: parts (by dimension), total."""
    since = window_start(inputs.as_of, params.window_months)
    start = since - timedelta(days=1)
    bound: dict[str, Any] = {"from_day": since, "from_before": window_start(start, params.window_months)}
    sql = parts_sql(inputs.segment("abc_class", start))
    found = inputs.query(sql, **bound).to_pylist()
    own = [row for row in found if row["dimension"] == "category"]
    if not any(row["net"] or row["before"] for row in own):
        return Result(
            "key_contributors",
            notes=(Note(Text("两个窗口都没有销售", "There are no sales in either window"), "missing"),),
        )
    net, before = (sum((row[name] for row in own), Decimal(0)) for name in ("net", "before"))
    parts = inputs.computed("parts", Text("净销售额及其变化来自谁", "Who makes up revenue and its change"), COLUMNS,
                            ("dimension", "part"), _folded(found, net, before, params.listed),
                            method="key_contributors.run", sql=sql, **bound)  # fmt: skip
    total = inputs.computed("total", Text("合计", "Total"), TOTAL_COLUMNS, ("what",),
                            [{"what": "全部", "net_revenue": net, "before": before, "change": net - before}],
                            method="key_contributors.run", sql=sql, **bound)  # fmt: skip
    result = Result("key_contributors", tables=(replace(parts, appendix=True), replace(total, appendix=True)))
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(_claims(result, params.window_months)),
        notes=tuple(_notes(before)),
    )


def _folded(
    found: Sequence[Mapping[str, Any]], net: Decimal, before: Decimal, listed: int
) -> list[dict[str, Any]]:
    """The parts with the largest money or change; the others of a dimension in one row."""
    by_dimension: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in found:
        by_dimension[row["dimension"]].append(row)
    rows: list[dict[str, Any]] = []
    for dimension in DIMENSIONS:
        own = sorted(
            by_dimension[dimension], key=lambda r: (-max(abs(r["net"]), abs(r["before"])), r["part"])
        )
        if len(own) < 2:  # one part is the total again
            continue
        rows += [_part(dimension, row["part"], [row], net, before) for row in own[:listed]]
        if own[listed:]:
            rows.append(_part(dimension, REST, own[listed:], net, before))
    return rows


def _part(
    dimension: str, part: str, of: Sequence[Mapping[str, Any]], net: Decimal, before: Decimal
) -> dict[str, Any]:
    own, own_before = (sum((row[name] for row in of), Decimal(0)) for name in ("net", "before"))
    change = own - own_before
    return {
        "dimension": dimension, "part": part, "customers": sum(int(row["customers"]) for row in of), "net_revenue": own,
        "share": float(own / net) if net > 0 else None, "before": own_before, "change": change,
        "change_share": float(change / (net - before)) if net != before else None,
    }  # fmt: skip


def _figures(result: Result) -> tuple[Figure, ...]:
    shown = {row["dimension"] for row in result.table("parts")}
    return tuple(
        Figure(f"change_{name}", "bar", Text("净销售额变化来自哪里", "Where the change of net revenue comes from"), "parts",
               "part", ("change",), where={"dimension": name})
        for name in ("owner", "branch", "segment") if name in shown
    )[:2]  # fmt: skip


def _claims(result: Result, months: int) -> Iterator[Claim]:
    """The part that moved most, for each dimension that no other page tells of, ABC classes apart from the summary."""
    for dimension in ("branch", "owner", "segment"):
        own = [row for row in result.table("parts") if row["dimension"] == dimension and row["before"]]
        rows = [row for row in own if row["part"] not in (UNKNOWN, GUESTS, REST) and row["customers"]]
        if not rows:
            continue
        row = max(rows, key=lambda r: (abs(r["change"]), r["part"]))
        at = {"dimension": dimension, "part": row["part"]}
        yield Claim(
            "mover", f"key_contributors/{dimension}",
            {
                "total": Cell("total", {"what": "全部"}, "change"), "before": Cell("parts", at, "before"),
                "net": Cell("parts", at, "net_revenue"), "change": Cell("parts", at, "change"),
            },
            row["customers"], BASE,
            labels={
                "months": (str(months), None), "dimension": (dimension, "contributor_dimension"),
                "part": (row["part"], "contributor"),
            },
            topic=f"contributor_{dimension}", money=abs(float(row["change"])), certainty=0.6, summary=dimension != "segment",
            change=Change(("net_revenue", dimension, row["part"]), "up" if row["change"] > 0 else "down"),
        )  # fmt: skip


def _notes(before: Decimal) -> Iterator[Note]:
    if not before:
        yield Note(
            Text(
                "此前窗口没有销售，变化没有可比的基数",
                "There were no sales in the window before: the change has no base",
            ),
            "warning",
        )
    yield Note(
        Text(
            "ABC 类取窗口开始时的分类：当时花费最高的一类此后下降，有一部分只是回归平均，不是经营的结果",
            "ABC classes are those at the start of the window: that the top spenders then spend less is in part regression "
            "to the mean, no effect of anything done",
        )
    )


ANALYSIS = Analysis(
    name="key_contributors",
    title=Text("关键贡献者", "Key contributors"),
    question=Text(
        "收入及其变化主要来自哪些客群、渠道、地区、分支机构、责任人和类目？",
        "Which segments, channels, regions, branches, owners and categories make up revenue and its change?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "order_lines", "products", "customers", "customer_facts", "window_facts"),
    uses=("abc_class",),
    order=25,
)
