"""What models expect of the customer: the value of the next 12 months and the probability of churn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.result import Cell, Column, Result, Table

OUTLOOK = (
    Column("account", Text("账户", "Account"), "text", role="key"),
    Column("clv_class", Text("CLV 等级", "CLV class"), "label", vocabulary="clv_class"),
    Column("value", Text("未来 12 个月价值", "Value of the next 12 months"), "money"),
    Column("risk", Text("流失风险", "Risk of churn"), "label", vocabulary="churn_level"),
    Column("probability", Text("流失概率", "Probability of churn"), "share"),
)
NOBODY = "(SELECT CAST(NULL AS INTEGER) AS account_no, CAST(NULL AS VARCHAR) AS label, CAST(NULL AS VARCHAR) AS score)"
MODELS = ("clv", "churn")


def outlook_table(inputs: Inputs, account: int, wanted: bool) -> Table:
    """One row where a model speaks of the customer, else none. Models are fitted when they are first asked."""
    title = Text("预测", "Outlook")
    known = {name: wanted and inputs.relation(name) is not None for name in MODELS}
    if not any(known.values()):
        return inputs.computed("outlook", title, OUTLOOK, ("account",), [], method="customer_360.outlook")
    value, churn = (inputs.segment(name) if known[name] else NOBODY for name in MODELS)
    sql = f"""
SELECT CAST(one.account_no AS VARCHAR) AS account, v.label AS clv_class, CAST(v.score AS DECIMAL(18, 2)) AS value,
       c.label AS risk, CAST(CAST(c.score AS DECIMAL(7, 6)) AS DOUBLE) AS probability
FROM (SELECT CAST($account AS INTEGER) AS account_no) one
LEFT JOIN {value} v ON v.account_no = one.account_no
LEFT JOIN {churn} c ON c.account_no = one.account_no
WHERE v.label IS NOT NULL OR c.label IS NOT NULL"""
    return inputs.table("outlook", title, OUTLOOK, ("account",), sql, account=account)


def outlook_claims(result: Result) -> Iterator[dict[str, Any]]:
    """The expected value and the risk, each where its model speaks."""
    for row in result.table("outlook"):
        at = {"account": row["account"]}
        if row["value"] is not None:
            yield {
                "says": "expected", "key": "customer_360/expected", "strength": "forecast",
                "values": {"value": Cell("outlook", at, "value")}, "labels": {"clv": (row["clv_class"], "clv_class")},
            }  # fmt: skip
        if row["probability"] is not None:
            yield {
                "says": "risk", "key": "customer_360/risk", "strength": "forecast",
                "values": {"probability": Cell("outlook", at, "probability")},
                "labels": {"risk": (row["risk"], "churn_level")},
            }  # fmt: skip
