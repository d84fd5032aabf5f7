"""With which probability does each customer leave, why, and with how much money?

Method: customers without a contract are those with an order in the horizon before a day; lost are those of them
without one in the horizon after (the horizon of churn and retention). Days of the past train, a later one tests,
features know nothing after their day. Contracts with a known end are learned from in three times five folds of
customers, each probability made by the model that has not seen the customer. LightGBM with monotone constraints
together with a logistic regression from 500 churn events, the regression alone from 10 events a coefficient, else a
rule on one feature; probabilities are calibrated (beta calibration). The rule is used unless the model's area under
the curve is above it beyond chance (DeLong). Reasons are the parts of the log odds (SHAP values of the trees,
coefficients of the regression).

Source: Ke et al. (2017); Lundberg, Erion and Lee (2018); Kull, Silva Filho and Flach (2017); DeLong, DeLong and
Clarke-Pearson (1988); Clemente-Ciscar, San Matias and Giner-Bosch (2014) for the horizon; Ascarza (2018).
"""

from __future__ import annotations

from collections.abc import Sequence

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.models.churn.claims import NOTHING, TEXT
from keguan.models.churn.params import Params
from keguan.result import Relation, Result


def run(inputs: Inputs, params: Params) -> Result:
    """Tables of customers with orders (backtest, levels, list ...) and of contracts (contract_...); relation churn."""
    from keguan.models.churn.contracts import by_contracts
    from keguan.models.churn.orders import by_orders

    parts = []
    if inputs.has("purchases"):
        parts.append(by_orders(inputs, params))
    if inputs.has("subscriptions"):
        parts.append(by_contracts(inputs, params))
    if not parts:
        return Result("churn", notes=(NOTHING,))
    return Result(
        "churn",
        tables=tuple(table for part in parts for table in part.tables),
        figures=tuple(figure for part in parts for figure in part.figures),
        claims=tuple(claim for part in parts for claim in part.claims),
        relations=_relations(parts),
        notes=tuple(note for part in parts for note in part.notes),
        foresight=next(
            (part.foresight for part in parts if part.foresight), None
        ),  # contracts end at no stated day
    )


def _relations(parts: Sequence[Result]) -> tuple[Relation, ...]:
    """One row a customer: of the contract with the largest probability, else of the orders."""
    found = [relation for part in parts for relation in part.relations]
    if not found:
        return ()
    together = " UNION ALL ".join(relation.sql for relation in found)
    sql = f"""
SELECT account_no, label, CAST(CAST(probability AS DECIMAL(7, 6)) AS VARCHAR) AS score FROM (
  SELECT t.*, row_number() OVER (PARTITION BY account_no ORDER BY kind, probability DESC, item) AS place
  FROM ({together}) t
) ranked WHERE place = 1"""
    return (Relation("churn", Text("流失风险", "Risk of churn"), sql, vocabulary="churn_level"),)


ANALYSIS = Analysis(
    name="churn",
    title=Text("流失概率与原因", "Probability of churn and reasons"),
    question=Text(
        "哪些客户会流失，概率多大，为什么，涉及多少金额，挽回谁？",
        "Who will leave, with which probability, why, how much money is at risk, and whom to win back?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "feedback", "customers", "subscriptions", "customer_attributes"),
    needs=(),
    uses=("retention", "churn_reasons", "abc_class"),
    order=33,
)
