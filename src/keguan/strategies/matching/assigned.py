"""One strategy for each customer: of the first segmentation, in the stated order, whose segment has one."""

from __future__ import annotations

from datetime import date

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.engine.literals import literal, quoted
from keguan.marts.strategy_matrix import NO_STRATEGY, Matrix, Rule, new_since
from keguan.result import Relation

RELATION = "strategies"


def candidates_sql(inputs: Inputs, matrix: Matrix) -> str:
    """CTEs up to `candidates`: account_no and the strategy by each segmentation of the order, by_1, by_2 ..."""
    views = {name: inputs.segment(name) for name in matrix.priority}
    cases = "".join(
        f",\n         {_case(matrix, name, f's{place}', inputs.as_of)} AS by_{place}"
        for place, name in enumerate(views, 1)
    )
    joins = "".join(
        f"\n  LEFT JOIN {view} s{place} ON s{place}.account_no = k.account_no"
        for place, view in enumerate(views.values(), 1)
    )
    return f"""known AS (
  SELECT account_no FROM customers WHERE account_no IS NOT NULL UNION SELECT account_no FROM customer_facts
), candidates AS (
  SELECT k.account_no{cases}
  FROM known k
  LEFT JOIN customer_facts f ON f.account_no = k.account_no{joins}
), assigned AS (
  SELECT c.*, {_first(matrix)} AS label, {_given_by(matrix)} AS score
  FROM candidates c
)"""


def relation(inputs: Inputs, matrix: Matrix) -> Relation:
    """Every known customer with one strategy, and by which segmentation (score)."""
    sql = f"WITH {candidates_sql(inputs, matrix)}\nSELECT account_no, label, score FROM assigned"
    return Relation(RELATION, Text("策略", "Strategies"), sql, vocabulary="strategy")


def _case(matrix: Matrix, segmentation: str, alias: str, as_of: date) -> str:
    rules = [rule for rule in matrix.rules if rule.segmentation == segmentation]
    lines = " ".join(f"WHEN {_condition(rule, alias, as_of)} THEN {quoted(rule.id)}" for rule in rules)
    return f"CASE {lines} END" if rules else "CAST(NULL AS VARCHAR)"


def _condition(rule: Rule, alias: str, as_of: date) -> str:
    label = f"{alias}.label = {quoted(rule.label)}"
    if rule.when == "first_order_within_month":
        return f"{label} AND f.first_order_on >= {literal(new_since(as_of))}"
    return label


def _first(matrix: Matrix) -> str:
    listed = "".join(f"c.by_{place}, " for place in range(1, len(matrix.priority) + 1))
    return f"coalesce({listed}{quoted(NO_STRATEGY)})"


def _given_by(matrix: Matrix) -> str:
    lines = " ".join(
        f"WHEN c.by_{place} IS NOT NULL THEN {quoted(name)}" for place, name in enumerate(matrix.priority, 1)
    )
    return f"CASE {lines} END" if lines else "CAST(NULL AS VARCHAR)"
