"""Churn of contracts: rate by plan, tenure and traits of the customer, and survival by tenure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analyses.retention.rates import NEWCOMBE, WILSON, rated
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.kaplan_meier import kaplan_meier
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.marts.contracts import CONTRACTS
from keguan.result import Column, Table
from keguan.schema.vocabulary import UNKNOWN

MOST_VALUES = 12  # a trait with more values (an amount, a date) is no group
PLANS_DRAWN = 4

RATES_SQL = f"""
WITH {CONTRACTS}, known AS (
  SELECT *, CASE WHEN tenure IS NULL THEN '{UNKNOWN}' WHEN tenure <= 12 THEN '0-12' WHEN tenure <= 24 THEN '13-24'
                 WHEN tenure <= 48 THEN '25-48' ELSE '49+' END AS band
  FROM contracts WHERE gone IS NOT NULL
), long AS (
  SELECT '*' AS dimension, '*' AS segment, gone, monthly_amount FROM known
  UNION ALL SELECT 'plan', plan, gone, monthly_amount FROM known
  UNION ALL SELECT 'tenure', band, gone, monthly_amount FROM known
  UNION ALL SELECT a.attribute, a.attribute_value, k.gone, k.monthly_amount
  FROM known k JOIN customer_attributes a ON a.account_no = k.account_no
)
SELECT dimension, segment, count(*) AS base, CAST(sum(gone) AS BIGINT) AS lost,
       coalesce(sum(CASE WHEN gone = 1 THEN monthly_amount ELSE 0 END), 0) AS monthly
FROM long GROUP BY dimension, segment ORDER BY dimension, segment
"""
SURVIVAL_SQL = f"""
WITH {CONTRACTS}
SELECT plan, tenure, CAST(sum(gone) AS BIGINT) AS events, CAST(sum(1 - gone) AS BIGINT) AS censored
FROM contracts WHERE gone IS NOT NULL AND tenure IS NOT NULL
GROUP BY plan, tenure ORDER BY plan, tenure
"""
UNKNOWN_SQL = f"WITH {CONTRACTS} SELECT count(*) AS contracts FROM contracts WHERE gone IS NULL"

BH = Text("Benjamini-Hochberg，全部分组一起校正", "Benjamini-Hochberg over all groups")
KM = Text("Kaplan-Meier，未终止者作截尾", "Kaplan-Meier, running contracts censored")
RATE_COLUMNS = (
    Column("dimension", Text("维度", "By"), "label", role="key", vocabulary="contract_dimension"),
    Column("segment", Text("分组", "Group"), "label", role="key", vocabulary="unknown"),
    Column("base", Text("合约数", "Contracts"), "count"),
    Column("lost", Text("其中已流失", "Churned"), "count"),
    Column("rate", Text("流失率", "Churn rate"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=WILSON),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("rest", Text("其余合约", "The rest"), "share"),
    Column("difference", Text("与其余之差", "Difference"), "points"),
    Column("difference_low", Text("差的下限", "Difference from"), "points", note=NEWCOMBE),
    Column("difference_high", Text("差的上限", "Difference to"), "points"),
    Column("q", Text("校正后的 p", "Corrected p"), "number", 4, note=BH),
    Column("monthly", Text("已流失合约的月费", "Monthly amount of churned contracts"), "money"),
)  # fmt: skip
SURVIVAL_COLUMNS = (
    Column("plan", Text("套餐", "Plan"), "label", role="key", vocabulary="unknown"),
    Column("tenure", Text("在网月数", "Tenure (months)"), "count", role="key"),
    Column("at_risk", Text("在观察中", "Under observation"), "count"),
    Column("staying", Text("仍在网的占比", "Share still there"), "share", note=KM),
    Column("low", Text("区间下限", "Interval from"), "share", role="low"),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip


def contract_tables(inputs: Inputs) -> tuple[Table, Table]:
    """Rates by plan, tenure band and trait; survival by tenure of all contracts and of the largest plans."""
    rows = grouped(inputs.query(RATES_SQL).to_pylist(), inputs.settings.min_n)
    rates = inputs.computed(
        "contracts", Text("合约的流失率", "Churn rate of contracts"), RATE_COLUMNS, ("dimension", "segment"), rows,
        method="retention.contract_tables", sql=RATES_SQL,
    )  # fmt: skip
    return rates, inputs.computed(
        "survival", Text("按在网月数的留存", "Survival by tenure"), SURVIVAL_COLUMNS, ("plan", "tenure"),
        _survival(inputs), method="evidence.statistics.kaplan_meier", sql=SURVIVAL_SQL,
    )  # fmt: skip


def grouped(found: Sequence[Mapping[str, Any]], min_n: int) -> list[dict[str, Any]]:
    """Rows with rate and difference to the rest of the same trait; traits that are no groups are left out."""
    by_trait: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in found:
        by_trait[row["dimension"]].append(row)
    rows: list[dict[str, Any]] = []
    tests: list[tuple[dict[str, Any], float]] = []
    for trait, groups in by_trait.items():
        if trait != "*" and (len(groups) > MOST_VALUES or _is_the_flag(groups)):
            continue
        for group in groups:
            row = _row(group, groups, min_n)
            rows.append(row)
            if (p := row.pop("p")) is not None:
                tests.append((row, p))
    for (row, _), q in zip(tests, benjamini_hochberg([p for _, p in tests]), strict=True):
        row["q"] = q
    return rows


def left_out(found: Sequence[Mapping[str, Any]], shown: Table) -> list[str]:
    """Traits of the data that the table does not show."""
    return sorted({row["dimension"] for row in found} - {row["dimension"] for row in shown})


def _is_the_flag(groups: Sequence[Mapping[str, Any]]) -> bool:
    """A trait that is nothing but the outcome under another name: every value has churned or has not."""
    return len(groups) > 1 and all(int(group["lost"]) in (0, int(group["base"])) for group in groups)


def _row(group: Mapping[str, Any], groups: Sequence[Mapping[str, Any]], min_n: int) -> dict[str, Any]:
    base, lost = int(group["base"]), int(group["lost"])
    rest = sum(int(other["base"]) for other in groups) - base
    rest_lost = sum(int(other["lost"]) for other in groups) - lost
    row: dict[str, Any] = dict.fromkeys(column.name for column in RATE_COLUMNS)
    row |= {
        "dimension": group["dimension"],
        "segment": group["segment"],
        "monthly": group["monthly"],
        "p": None,
    }
    row |= {name: value for name, value in rated(lost, base, min_n).items() if name != "retention"}
    ends = newcombe(lost, base, rest_lost, rest)
    if ends is not None and min(base, rest) >= min_n:
        row |= {
            "rest": rest_lost / rest, "difference": lost / base - rest_lost / rest, "difference_low": ends.low,
            "difference_high": ends.high, "p": two_proportions(lost, base, rest_lost, rest),
        }  # fmt: skip
    return row


def _survival(inputs: Inputs) -> list[dict[str, Any]]:
    min_n = inputs.settings.min_n
    counts: dict[str, list[tuple[float, int, int]]] = defaultdict(list)
    for row in inputs.query(SURVIVAL_SQL).to_pylist():
        counts["*"].append((float(row["tenure"]), int(row["events"]), int(row["censored"])))
        counts[row["plan"]].append(counts["*"][-1])
    sizes = {plan: sum(events + left for _, events, left in rows) for plan, rows in counts.items()}
    plans = sorted((p for p in counts if p != "*" and sizes[p] >= min_n), key=lambda p: (-sizes[p], p))
    return [
        {
            "plan": plan, "tenure": int(step.time), "at_risk": step.at_risk, "staying": step.survival,
            "low": step.low, "high": step.high,
        }
        for plan in ("*", *plans[:PLANS_DRAWN])
        for step in kaplan_meier(counts[plan])
        if step.at_risk >= min_n
    ]  # fmt: skip
