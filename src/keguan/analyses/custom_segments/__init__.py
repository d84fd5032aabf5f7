"""How many customers fall under the company's own rules, and what do they bring?

Method: rules are TOML (see docs/analyses/custom_segments.md): any dimension of customer, purchases, attributes,
segments and tags, freely combined. Rows are asked in order, the first that holds wins, and whoever is in none is in
the rest: complete and exclusive by construction. A test of something unknown is false. Averages that a row states,
and those that are found, are held against the bounds of money that the row itself sets: a summary that contradicts
its own standard is flagged.

Source: the company's own definitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keguan.analyses.custom_segments.compiled import alias, condition_sql, money_bounds, tests
from keguan.analyses.custom_segments.fields import TAGS
from keguan.analyses.custom_segments.language import Name
from keguan.analyses.custom_segments.rules import Segmentation, parse_rules
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.engine.literals import literal, quoted
from keguan.marts.group_averages import AVERAGED, PRODUCT, REVENUE_SHARE, SHARE
from keguan.result import Cell, Claim, Column, Figure, Note, Relation, Result, Table


@dataclass(frozen=True)
class Params:
    """The rules: the text of one file, or of several, each after a line `# ==== FILE ====`."""

    rules: str = param(
        "", "规则（TOML），默认取工作区 segments/ 里的文件", "rules (TOML); default: the files in segments/ of the workspace",
        folder="segments",
    )  # fmt: skip

    def __post_init__(self) -> None:
        _ = self.segmentations

    @property
    def segmentations(self) -> tuple[Segmentation, ...]:
        """The rules read; InputError says what is wrong with them."""
        return parse_rules(self.rules)


BASE = Text("全部已知客户", "all known customers")
TEXT = {
    "size": Text(
        "按规则「{title}」，{customers} 位客户属于「{label}」，占 {share}，近 {months} 个月净销售额 {net}（n={n}，{base}）。",
        "By the rules '{title}' {customers} customers are '{label}', {share}, with net revenue of {net} in the last {months} "
        "months (n={n}, {base}).",
    ),
}
COLUMNS = (
    Column("label", Text("分群", "Segment"), "text", role="key"),
    Column("rule", Text("条件", "Condition"), "text"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("share", Text("客户占比", "Share of customers"), "share"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money", note=Text("窗口内", "in the window")),
    Column("revenue_share", Text("净销售额占比", "Revenue share"), "share"),
    Column(
        "avg_order_value", Text("平均客单价", "Average order value"), "money",
        note=Text("即笔单价：净销售额 / 购买次数", "net revenue / purchases of the segment"),
    ),
    Column("avg_purchases", Text("平均消费频次", "Average purchases"), "number", 2),
    Column("stated_product", Text("所述：客单价 × 频次", "Stated: order value x purchases"), "money"),
    Column(
        "as_standard", Text("与标准相符", "As its standard"), "text",
        note=Text(
            "平均客单价 × 平均消费频次（所述的和算出的）落在条件给出的金额界限之内",
            "average order value x average purchases, stated and found, lies within the bounds of money of the condition",
        ),
    ),
)  # fmt: skip


def relation(inputs: Inputs, rules: Segmentation) -> Relation:
    """Every known customer with the label of the first row that holds."""
    names: dict[str, Name] = {}
    for row in rules.rows:
        for test in tests(row.condition):
            if test.field.kind:
                names[alias(test.field)] = test.field
    joins = "\n".join(_join(inputs, name, field) for name, field in sorted(names.items()))
    cases = "\n".join(
        f"       WHEN {condition_sql(row.condition, inputs.as_of)} THEN {quoted(row.label)}"
        for row in rules.rows
    )
    sql = f"""WITH known AS (
  SELECT account_no FROM customers WHERE account_no IS NOT NULL UNION SELECT account_no FROM customer_facts
)
SELECT k.account_no,
       CASE
{cases}
       ELSE {quoted(rules.rest)} END AS label,
       CAST(NULL AS VARCHAR) AS score
FROM known k
LEFT JOIN customers c ON c.account_no = k.account_no
LEFT JOIN customer_facts f ON f.account_no = k.account_no
LEFT JOIN window_facts w ON w.account_no = k.account_no
{joins}"""
    window = {"from_day": window_start(inputs.as_of, rules.window_months)}
    return Relation(f"custom_segments_{rules.name}", rules.title, sql, window)


def _join(inputs: Inputs, name: str, field: Name) -> str:
    if field.kind == "attribute":
        source = (
            "(SELECT account_no, max(attribute_value) AS value FROM customer_attributes\n"
            f"           WHERE attribute = {quoted(field.name)} GROUP BY account_no)"
        )
    else:
        source = inputs.segment(TAGS[field.name] if field.kind == "tag" else field.name)
    return f"LEFT JOIN {source} {name} ON {name}.account_no = k.account_no"


def relations(inputs: Inputs, params: Params) -> tuple[Relation, ...]:
    """The segmentations alone."""
    return tuple(relation(inputs, rules) for rules in params.segmentations)


def run(inputs: Inputs, params: Params) -> Result:
    """One table and one relation for each segmentation."""
    found = params.segmentations
    made = relations(inputs, params)
    tables = [_table(inputs, rules, item) for rules, item in zip(found, made, strict=True)]
    title = Text("各分群人数", "Customers by segment")
    return Result(
        "custom_segments",
        tables=tuple(tables),
        figures=tuple(
            Figure(
                table.id, "bar", table.title if len(tables) > 1 else title, table.id, "label", ("customers",)
            )
            for table in tables
            if len(table.rows)
        ),
        claims=tuple(
            claim
            for rules, table in zip(found, tables, strict=True)
            for claim in _claims(inputs, rules, table)
        ),
        relations=made,
        notes=_notes(found, tables),
    )


def _table(inputs: Inputs, rules: Segmentation, item: Relation) -> Table:
    min_n = inputs.settings.min_n
    values = [
        f"({place}, {quoted(label)}, {quoted(when)}, {_bound(low)}, {_bound(high)}, {_bound(stated)})"
        for place, (label, when, low, high, stated) in enumerate(_standards(rules))
    ]
    sql = f"""
WITH labelled AS (
{item.sql}
), counted AS (
  SELECT l.label, count(*) AS customers, coalesce(sum(w.window_net), 0) AS net_revenue,
         coalesce(sum(w.window_purchases), 0) AS purchases
  FROM labelled l LEFT JOIN window_facts w ON w.account_no = l.account_no
  GROUP BY l.label
), complete AS (
  SELECT r.place, r.label, r.rule, r.money_from, r.money_to, r.stated_product,
         coalesce(c.customers, 0) AS customers,
         coalesce(c.net_revenue, 0) AS net_revenue,
         coalesce(c.purchases, 0) AS purchases
  FROM (VALUES {", ".join(values)}) AS r(place, label, rule, money_from, money_to, stated_product)
  LEFT JOIN counted c ON c.label = r.label
), {AVERAGED}
SELECT label, rule, customers,
       {SHARE} AS share,
       net_revenue,
       {REVENUE_SHARE} AS revenue_share,
       avg_order_value, avg_purchases, stated_product,
       CASE WHEN money_from IS NULL AND money_to IS NULL THEN NULL
            WHEN stated_product < money_from OR stated_product > money_to THEN FALSE
            WHEN {PRODUCT} < CAST(money_from AS DOUBLE)
              OR {PRODUCT} > CAST(money_to AS DOUBLE) THEN FALSE
            WHEN stated_product IS NULL AND avg_order_value IS NULL THEN NULL
            ELSE TRUE END AS as_standard
FROM averaged WHERE all_customers > 0
ORDER BY place
"""
    window: dict[str, Any] = dict(item.params)
    return inputs.table(
        f"groups_{rules.name}", rules.title, COLUMNS, ("label",), sql, min_n=min_n, **window,
        note=Text(
            f"依次判断，先符合者为准，都不符合的为「{rules.rest}」；条件里未知的值按不符合；窗口为近 {rules.window_months} 个月",
            f"rows are asked in order, the first that holds wins, the others are '{rules.rest}'; a test of something unknown is "
            f"false; the window is the last {rules.window_months} months",
        ),
    )  # fmt: skip


def _standards(rules: Segmentation) -> list[tuple[str, str, Any, Any, Any]]:
    rows: list[tuple[str, str, Any, Any, Any]] = []
    for row in rules.rows:
        stated = row.stated["avg_order_value"] * row.stated["avg_purchases"] if row.stated else None
        rows.append((row.label, row.when, *money_bounds(row.condition), stated))
    return [*rows, (rules.rest, "-", None, None, None)]


def _bound(value: Any) -> str:
    return f"CAST({'NULL' if value is None else literal(str(value))} AS DECIMAL(18, 4))"


def _claims(inputs: Inputs, rules: Segmentation, table: Table) -> list[Claim]:
    rows = table.records()
    base = sum(row["customers"] for row in rows)
    if base < inputs.settings.min_n:
        return []
    return [
        Claim(
            says="size", key=f"custom_segments/{rules.name}/{row['label']}",
            values={
                name: Cell(table.id, {"label": row["label"]}, column)
                for name, column in {"customers": "customers", "share": "share", "net": "net_revenue"}.items()
            },
            n=base, base=BASE, topic=f"custom_{rules.name}", summary=False, figure=table.id,
            labels={
                "title": (rules.name, None), "label": (row["label"], None), "months": (str(rules.window_months), None),
            },
        )
        for row in rows
        if row["label"] != rules.rest and row["customers"]
    ]  # fmt: skip


def _notes(found: Sequence[Segmentation], tables: Sequence[Table]) -> tuple[Note, ...]:
    if not found:
        says = Text(
            "没有自定义的分群规则；规则文件（.toml）放在工作区的 segments 文件夹",
            "There are no rules for own segments: files of rules (.toml) go into the folder segments of the workspace",
        )
        return (Note(says, "missing"),)
    notes = []
    for rules, table in zip(found, tables, strict=True):
        if not len(table.rows):
            says = Text(
                "没有客户，也没有带客户编号的订单", "There are no customers and no orders with a customer id"
            )
            return (Note(says, "missing"),)
        for row in table:
            if row["as_standard"] is False:
                says = Text(
                    f"{rules.name} 的「{row['label']}」：平均客单价 × 平均消费频次不在其条件给出的金额界限之内，汇总与标准矛盾",
                    f"'{row['label']}' of {rules.name}: average order value x average purchases lies outside the bounds of its "
                    "condition; the summary contradicts its standard",
                )
                notes.append(Note(says, "warning"))
    return tuple(notes)


ANALYSIS = Analysis(
    name="custom_segments",
    title=Text("自定义分群", "Own segments"),
    question=Text(
        "按公司自己的规则，各群有多少客户，带来多少金额？",
        "How many customers fall under the company's own rules, and what do they bring?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "customers", "customer_attributes"),
    needs=(),
    uses=(
        "business_kind",
        "rfm",
        "abc_class",
        "lifecycle",
        "value_class",
        "customer_groups",
        "tags",
        "clv",
        "churn",
        "clv_at_risk",
        "clusters",
    ),
    order=60,
    relations=relations,
)
