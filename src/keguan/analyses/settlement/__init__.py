"""Who pays when: due and paid, overdue and for how long, money in and out, by customer and credit grade.

Method: sums of recorded payments as of the day. A payment is in time when paid on its due day or before; share in time with
Wilson's interval, each credit grade against all others (Benjamini-Hochberg); days late by their median (order statistics). A
payment still open counts as late once its day has passed, and its days late are those until now (at least).

Source: Wilson (1927); Conover (1999); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from keguan.analyses.settlement.claims import TEXT, settlement_claims, settlement_notes
from keguan.analyses.settlement.columns import ACCOUNT_COLUMNS, AGE_COLUMNS, MONTH_COLUMNS
from keguan.analyses.settlement.grades import grades_table
from keguan.analyses.settlement.sql import ACCOUNTS_SQL, AGE_SQL, MONTHS_SQL
from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.result import Figure, Note, Result


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    accounts: int = param(20, "列出逾期最多的几位客户", "how many customers with the largest overdue amount")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables grades, ages, accounts, months."""
    if not inputs.has("payments"):
        text = Text(
            "没有收付款：导入款项（客户、应付日、实付日、金额）后可看结算",
            "No payments: import them with customer, due day, paid day, amount",
        )
        return Result("settlement", notes=(Note(text, "missing"),))
    tables = (
        grades_table(inputs),
        inputs.table("ages", Text("逾期账龄", "Age of what is overdue"), AGE_COLUMNS, ("age",), AGE_SQL),
        inputs.table("accounts", Text("各客户的结算", "Settlement by customer"), ACCOUNT_COLUMNS, ("account",), ACCOUNTS_SQL,
                     accounts=params.accounts),
        inputs.table("months", Text("每月收款与付出", "Money in and out by month"), MONTH_COLUMNS, ("month",), MONTHS_SQL),
    )  # fmt: skip
    result = Result("settlement", tables=tuple(replace(t, appendix=t.id == "months") for t in tables))
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(settlement_claims(result)),
        notes=tuple(settlement_notes(inputs, result)),
    )


def _figures(result: Result) -> tuple[Figure, ...]:
    if not len(result.table("months").rows):
        return ()
    return (
        Figure(
            "months",
            "bar",
            Text("每月收款与付出", "Money in and out by month"),
            "months",
            "month",
            ("money_in", "money_out"),
        ),
    )


ANALYSIS = Analysis(
    name="settlement",
    title=Text("结算与回款", "Settlement"),
    question=Text(
        "到期多少、付了多少、谁逾期多久，各信用等级付款是否及时？",
        "What was due and paid, who is overdue and for how long, and which credit grades pay in time?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("payments", "customers", "orders"),
    needs=("payments",),
    order=60,
)
