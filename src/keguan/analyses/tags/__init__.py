"""Which tags does each customer carry, by what rule, and do customers with a tag differ in money?

Method: three families. Base (industry, size, region) from the customer record; behaviour (high frequency, price
sensitive, novelty lover, active) from purchases and events; need (buying cycle, service need, decision role) from
purchase days, feedback and contact persons. A tag is told only where there is enough to tell it by; the base of its
share is those customers, and the others stand as 待核实. Net revenue per customer of a tag is compared with that of
the others of the same dimension: interval and p from the customer bootstrap, Benjamini-Hochberg over all tags; tags
that are themselves told from purchases are compared with nothing.

Source: customer bootstrap as in Efron and Tibshirani (1993); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from keguan.analyses.tags.claims import TEXT, tag_claims, tag_notes
from keguan.analyses.tags.compared import tag_rows
from keguan.analyses.tags.sql import FAMILIES, FLAGS, GROUPS_SQL, LIMITS_SQL, label_sql
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.engine.arrays import records
from keguan.result import Column, Figure, Relation, Result, Table
from keguan.schema.terms.segmentation import TAG_FAMILY


@dataclass(frozen=True)
class Params:
    """Window of the rules, and how many values of a base dimension are listed."""

    window_months: int = param(
        12, "规则与净销售额的窗口（月）", "window of the rules and of net revenue, months"
    )
    active_days: int = param(
        30, "多少天内有订单或行为算活跃", "days within which an order or event makes active"
    )
    values: int = param(10, "行业、规模、地区各列出几个", "how many industries, sizes and regions are listed")


COLUMNS = (
    Column("family", Text("标签族", "Family"), "label", vocabulary="tag_family"),
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="tag_dimension"),
    Column("tag", Text("标签", "Tag"), "label", role="key", vocabulary="tag"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column(
        "known", Text("可判断的客户", "Customers with evidence"), "count",
        note=Text("有足够数据判断该维度的客户", "customers with enough data to tell the dimension"),
    ),
    Column("share", Text("占比", "Share"), "share", note=Text("占可判断的客户", "of customers with evidence")),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("per_customer", Text("人均净销售额", "Net revenue per customer"), "money"),
    Column("per_other", Text("该维度其余客户人均", "Per other customer of the dimension"), "money"),
    Column("low", Text("差的区间下限", "Difference from"), "money", role="low"),
    Column("high", Text("差的区间上限", "Difference to"), "money", role="high"),
    Column("p", Text("p 值", "p value"), "number", 4),
    Column("q", Text("校正后 q", "Corrected q"), "number", 4, note=Text("Benjamini-Hochberg", "Benjamini-Hochberg")),
)  # fmt: skip
RULE_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="tag_dimension"),
    Column("family", Text("标签族", "Family"), "label", vocabulary="tag_family"),
    Column("rule", Text("规则", "Rule"), "label", vocabulary="tag_rule"),
    Column("threshold", Text("实际界限", "Limit found"), "number", unit_column="unit"),
    Column("unit", Text("单位", "Unit"), "text"),
    Column("known", Text("可判断的客户", "Customers with evidence"), "count"),
    Column("unknown", Text("待核实", "To be verified"), "count"),
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables tags and rules; relations tags_base, tags_behaviour, tags_need."""
    bound: dict[str, Any] = {
        "from_day": window_start(inputs.as_of, params.window_months),
        "active_from": inputs.as_of - timedelta(days=params.active_days - 1),
    }
    found = list(records(inputs.query(GROUPS_SQL, **bound)))
    rows = tag_rows(found, params.values, inputs.settings.min_n)
    tags = inputs.computed(
        "tags", Text("客户标签", "Customer tags"), COLUMNS, ("dimension", "tag"), rows,
        method="evidence.statistics.bootstrap", sql=GROUPS_SQL, **bound,
        note=Text(
            f"金额为近 {params.window_months} 个月；由购买得出的标签不比较金额",
            f"money of the last {params.window_months} months; tags told from purchases are not compared",
        ),
    )  # fmt: skip
    rules = _rules(inputs, found, params, bound)
    result = Result("tags", tables=(tags, replace(rules, appendix=True)))
    return replace(
        result,
        figures=_figures(tags),
        claims=tag_claims(result, inputs.settings.min_n, params.window_months),
        relations=tuple(
            Relation(
                f"tags_{family}", TAG_FAMILY[family],
                f"WITH {FLAGS}\nSELECT account_no, {label_sql(family)} AS label, CAST(NULL AS VARCHAR) AS score FROM flags",
                bound, vocabulary="tag",
            )
            for family in FAMILIES
        ),
        notes=tag_notes(inputs, rules),
    )  # fmt: skip


def _rules(inputs: Inputs, found: Sequence[dict[str, Any]], params: Params, bound: dict[str, Any]) -> Table:
    """The rule of each dimension, the limit that it came to, and how many customers can be told by it."""
    limits = inputs.query(LIMITS_SQL, from_day=bound["from_day"]).to_pylist()[0]
    own = {
        "frequency": (str(limits["frequent_from"]), "count"), "activity": (str(params.active_days), "days"),
        "price": (None if limits["price_from"] is None else str(round(limits["price_from"], 6)), "share"),
        "novelty": ("0.3", "share"), "service": ("2", "count"),
    }  # fmt: skip
    rows = []
    for family, dimensions in FAMILIES.items() if found else ():
        for name in dimensions:
            of = [row for row in found if row["dimension"] == name]
            known = sum(row["customers"] for row in of if row["tag"] is not None)
            threshold, unit = own.get(name, (None, "count"))
            rows.append(
                {
                    "dimension": name, "family": family, "rule": name, "threshold": threshold, "unit": unit,
                    "known": known, "unknown": sum(row["customers"] for row in of) - known,
                }
            )  # fmt: skip
    return inputs.computed(
        "rules", Text("标签的规则与依据", "Rules of the tags and what they rest on"), RULE_COLUMNS, ("dimension",), rows,
        method="tags.rules", sql=LIMITS_SQL, from_day=bound["from_day"],
    )  # fmt: skip


def _figures(tags: Table) -> tuple[Figure, ...]:
    if not any(row["family"] == "behaviour" and row["share"] is not None for row in tags):
        return ()
    title = Text("行为标签占比", "Share of behaviour tags")
    return (Figure("behaviour", "bar", title, "tags", "tag", ("share",), where={"family": "behaviour"}),)


ANALYSIS = Analysis(
    name="tags",
    title=Text("客户标签", "Customer tags"),
    question=Text(
        "每位客户有哪些基础、行为和需求标签，依据什么，带标签的客户金额有差别吗？",
        "Which base, behaviour and need tags does each customer carry, by what rule, and do tagged customers differ in money?",
    ),
    section="profile",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "purchases",
        "customer_facts",
        "customers",
        "order_lines",
        "products",
        "events",
        "feedback",
        "contact_persons",
    ),
    needs=(),
    order=60,
)
