"""Which customers of high expected value are about to leave, and what is at stake with them?

Method: the class of lifetime value (clv: expected value of the next 12 months; high is the top fifth) crossed with the
risk of churn (churn: high, medium and low by the costs set there), over customers whom both models speak of. Expected
loss: value x probability of churn, summed; both are forecasts of models that do not know each other, so it ranks and is
no sum to be saved.

Source: value at risk of customer bases, Gupta and Lehmann (2005); the models' own pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.result import Cell, Claim, Column, Figure, Note, Relation, Result


@dataclass(frozen=True)
class Params:
    """How many customers the list holds."""

    listed: int = param(20, "名单列出多少位客户", "how many customers the list holds")


HIGH = "高CLV"
AT_RISK = "高CLV高风险"
BASE = Text("两个模型都给出结果的客户", "customers whom both models speak of")
TEXT = {
    "at_risk": Text(
        "{customers} 位高 CLV 客户的流失风险为高，占高 CLV 客户的 {share}；他们未来 12 个月的预测价值合计 {value}，"
        "其中按流失概率加权的部分 {loss}（预测，未证实可挽回；n={n}，{base}）。",
        "{customers} customers of high CLV are at high risk of churn, {share} of all of high CLV; the value expected of them "
        "in the next 12 months is {value}, {loss} of it weighted by the probability of churn (a forecast, not shown to be "
        "savable; n={n}, {base}).",
    ),
}
VALUE = Column("value", Text("未来 12 个月价值", "Value of the next 12 months"), "money")
LOSS = Column(
    "loss", Text("按概率加权的损失", "Loss by probability"), "money",
    note=Text("价值 × 流失概率", "value x probability of churn"),
)  # fmt: skip
COLUMNS = (
    Column("clv_class", Text("CLV 等级", "CLV class"), "label", role="key", vocabulary="clv_class"),
    Column("risk", Text("流失风险", "Risk of churn"), "label", role="key", vocabulary="churn_level"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column(
        "share", Text("占该 CLV 等级", "Share of the CLV class"), "share",
        note=Text("客户数之比", "of its customers"),
    ),
    VALUE,
    Column("probability", Text("平均流失概率", "Mean probability of churn"), "share"),
    LOSS,
)  # fmt: skip
LISTED = (
    Column("place", Text("位次", "Place"), "count", role="key"),
    Column("account", Text("账户", "Account"), "text"),
    Column("owner", Text("责任人", "Owner"), "label", vocabulary="record_owner"),
    VALUE,
    Column("probability", Text("流失概率", "Probability of churn"), "share"),
    LOSS,
)
# Customers of both models with figures instead of the texts that segments carry.
BOTH = """
SELECT v.account_no, v.label AS clv_class, c.label AS risk,
       CAST(v.score AS DECIMAL(18, 2)) AS value, CAST(c.score AS DECIMAL(7, 6)) AS probability,
       CAST(CAST(v.score AS DECIMAL(18, 2)) * CAST(c.score AS DECIMAL(7, 6)) AS DECIMAL(18, 4)) AS loss
FROM {clv} v JOIN {churn} c ON c.account_no = v.account_no
WHERE v.label IS NOT NULL AND c.label IS NOT NULL"""
CELLS = """
WITH both_said AS ({both}), totals AS (
  SELECT clv_class, count(*) AS of_class FROM both_said GROUP BY clv_class
), grouped AS (
  SELECT clv_class, risk, count(*) AS customers, sum(value) AS value, sum(loss) AS loss,
         sum(probability) AS chances
  FROM both_said GROUP BY clv_class, risk
)
SELECT g.clv_class, g.risk, g.customers, CAST(g.customers AS DOUBLE) / t.of_class AS share, g.value,
       CASE WHEN g.customers >= $least THEN CAST(g.chances AS DOUBLE) / g.customers END AS probability, g.loss
FROM grouped g JOIN totals t ON t.clv_class = g.clv_class
ORDER BY CASE g.clv_class WHEN '高CLV' THEN 1 WHEN '中CLV' THEN 2 WHEN '低CLV' THEN 3 ELSE 4 END,
         CASE g.risk WHEN '高' THEN 1 WHEN '中' THEN 2 ELSE 3 END"""
LIST = """
WITH both_said AS ({both}), owners AS (
  SELECT account_no, CASE WHEN count(DISTINCT owner) > 1 THEN '归属不一' ELSE max(owner) END AS owner
  FROM customers WHERE account_no IS NOT NULL GROUP BY account_no
), placed AS (
  SELECT b.*, row_number() OVER (ORDER BY loss DESC, b.account_no) AS place
  FROM both_said b WHERE clv_class = '高CLV' AND risk = '高'
)
SELECT p.place, CAST(p.account_no AS VARCHAR) AS account, coalesce(o.owner, '待核实') AS owner, p.value, p.probability,
       p.loss
FROM placed p LEFT JOIN owners o ON o.account_no = p.account_no
WHERE p.place <= $listed ORDER BY p.place"""
RELATION = """
SELECT account_no, concat(clv_class, risk, '风险') AS label,
       CAST(CAST(loss AS DECIMAL(18, 2)) AS VARCHAR) AS score
FROM ({both}) b"""


def run(inputs: Inputs, params: Params) -> Result:
    """Tables cells (classes of value by risk) and list; relation clv_at_risk."""
    if inputs.relation("clv") is None or inputs.relation("churn") is None:
        return Result("clv_at_risk", notes=(MISSING,))
    both = BOTH.format(clv=inputs.segment("clv"), churn=inputs.segment("churn"))
    cells = inputs.table(
        "cells", Text("客户价值与流失风险", "Lifetime value by risk of churn"), COLUMNS, ("clv_class", "risk"),
        CELLS.format(both=both), least=inputs.settings.min_n,
    )  # fmt: skip
    listed = inputs.table(
        "list", Text("高 CLV 且高流失风险的客户", "Customers of high CLV at high risk"), LISTED, ("place",),
        LIST.format(both=both), listed=params.listed,
    )  # fmt: skip
    relation = Relation(
        "clv_at_risk", Text("客户价值与流失风险", "Lifetime value by risk of churn"), RELATION.format(both=both),
        vocabulary="clv_at_risk",
    )  # fmt: skip
    result = Result("clv_at_risk", tables=(cells, listed), relations=(relation,), figures=FIGURES)
    return Result(
        "clv_at_risk", tables=result.tables, relations=result.relations, figures=FIGURES,
        claims=tuple(_claims(result, inputs.settings.min_n)),
    )  # fmt: skip


def _claims(result: Result, least: int) -> Iterator[Claim]:
    rows = result.table("cells").records()
    known = sum(row["customers"] for row in rows)
    of_high = sum(row["customers"] for row in rows if row["clv_class"] == HIGH)
    at = {"clv_class": HIGH, "risk": "高"}
    row = result.table("cells").find(at)
    if row is None or of_high < least:
        return
    yield Claim(
        "at_risk", "clv_at_risk/high", {name: Cell("cells", at, name) for name in ("customers", "share", "value", "loss")},
        known, BASE, strength="forecast", topic="clv_at_risk", money=max(0.0, float(row["loss"])), certainty=0.6,
        figure="cells", about=("clv_at_risk", AT_RISK),
    )  # fmt: skip


FIGURES = (
    Figure(
        "cells", "bar", Text("未来 12 个月价值：按 CLV 等级与流失风险", "Value of the next 12 months by class of CLV and risk"),
        "cells", "clv_class", ("value",), series="risk",
    ),
)  # fmt: skip
MISSING = Note(
    Text(
        "流失概率或客户生命周期价值不能由现有数据估计，无法对照两者；原因见这两节",
        "The probability of churn or the lifetime value cannot be estimated from these data, so the two are not crossed; "
        "their own sections say why",
    ),
    "missing",
)

ANALYSIS = Analysis(
    name="clv_at_risk",
    title=Text("高价值客户的流失风险", "Lifetime value at risk"),
    question=Text(
        "预测价值高的客户中，哪些将要流失，涉及多少价值？",
        "Which customers of high expected value are about to leave, and what is at stake with them?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("customers",),
    uses=("clv", "churn"),
    order=36,
)
