"""Tables of a base with probabilities: quality, thresholds by cost, levels, owners, list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.owners import OWNERS
from keguan.models.churn import columns as c
from keguan.models.churn.basis import Scores
from keguan.models.churn.params import Params
from keguan.models.churn.quality import Quality
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXPECTED = "CAST(CAST(v.money AS DOUBLE) * v.probability AS DECIMAL(18, 4))"


def backtest_table(
    inputs: Inputs, prefix: str, found: Sequence[Quality], used: Quality, sql: str, bound: Mapping[str, Any]
) -> Table:
    """Each learner on rows that it has not seen, the baseline last."""
    rows = [
        {
            "learner": item.learner, "used": item is used, "rows": item.rows, "events": item.events,
            "auc": item.area.value, "auc_low": item.area.low, "auc_high": item.area.high,
            "pr_auc": item.precision.value, "pr_low": item.precision.low, "pr_high": item.precision.high,
            "lift_10": item.lift_10, "lift_20": item.lift_20, "ece": item.ece, "brier": item.brier,
            "gain": None if item.learner == "rule" else item.gain.value,
            "gain_low": None if item.learner == "rule" else item.gain.low,
            "gain_high": None if item.learner == "rule" else item.gain.high,
        }
        for item in found
    ]  # fmt: skip
    title = Text("回测：未见过的样本", "Back-test on held-out rows")
    return inputs.computed(
        f"{prefix}backtest",
        title,
        c.BACKTEST,
        ("learner",),
        rows,
        method="churn.quality.judged",
        sql=sql,
        **bound,
    )


def calibration_table(inputs: Inputs, prefix: str, used: Quality) -> Table:
    """Predicted and observed churn by bins of equal counts."""
    rows = []
    for place, item in enumerate(used.bins, 1):
        ends = wilson(round(item.events), item.rows) if item.rows >= inputs.settings.min_n else None
        rows.append(
            {
                "bin": place, "rows": item.rows, "predicted": item.predicted,
                "observed": item.observed if ends else None,
                "low": ends.low if ends else None, "high": ends.high if ends else None,
            }
        )  # fmt: skip
    return inputs.computed(
        f"{prefix}calibration", Text("校准：预测与实际", "Calibration: predicted and observed"), c.CALIBRATION, ("bin",),
        rows, method="churn.quality.judged", inputs=(f"{prefix}backtest",),
    )  # fmt: skip


def thresholds_table(
    inputs: Inputs, prefix: str, params: Params, events: NDArray[np.bool_], probability: NDArray[np.float64]
) -> Table:
    """What each level's border catches on held-out rows, and what it costs against contacting all or nobody."""
    rows = []
    medium, high = params.borders
    for label, border, times in (
        ("高", high, params.high_miss_cost),
        ("中", medium, params.medium_miss_cost),
    ):
        flagged = probability >= border
        hits, alarms, all_events = int((flagged & events).sum()), int(flagged.sum()), int(events.sum())
        n = len(events)
        rows.append(
            {
                "label": label, "border": border, "miss_cost": times, "flagged": alarms / n,
                "precision": hits / alarms if alarms >= inputs.settings.min_n else None,
                "caught": hits / all_events if all_events >= inputs.settings.min_n else None,
                "cost": (alarms - hits + times * (all_events - hits)) / n, "cost_all": (n - all_events) / n,
                "cost_none": times * all_events / n,
            }
        )  # fmt: skip
    return inputs.computed(
        f"{prefix}thresholds", Text("风险等级的概率界限", "Borders of the risk levels"), c.THRESHOLDS, ("label",), rows,
        method="churn.tables.thresholds_table", inputs=(f"{prefix}backtest",),
    )  # fmt: skip


def levels_table(inputs: Inputs, scores: Scores) -> Table:
    """How many are at which risk, with which money."""
    sql = f"""
WITH {OWNERS}
SELECT v.label, count(*) AS customers,
       CAST(sum(CASE WHEN coalesce(o.owner, '{UNKNOWN}') = '{UNKNOWN}' THEN 1 ELSE 0 END) AS BIGINT) AS unowned,
       round(CAST(sum(CAST(v.probability AS DECIMAL(18, 6))) AS DOUBLE), 1) AS leavers,
       CASE WHEN count(*) >= $min_n THEN CAST(sum(CAST(v.probability AS DECIMAL(18, 6))) AS DOUBLE) / count(*) END AS mean,
       sum(v.money) AS money, sum({EXPECTED}) AS expected
FROM {scores.view} v LEFT JOIN owners o ON o.account_no = v.account_no
GROUP BY v.label ORDER BY CASE v.label WHEN '高' THEN 1 WHEN '中' THEN 2 ELSE 3 END
"""
    return inputs.table(
        f"{scores.prefix}levels", Text("流失预警：风险等级", "Churn warning: levels of risk"), c.LEVELS, ("label",), sql,
        min_n=inputs.settings.min_n,
    )  # fmt: skip


def owners_table(inputs: Inputs, scores: Scores) -> Table:
    """Who looks after how many at risk."""
    sql = f"""
WITH {OWNERS}, risky AS (
  SELECT v.label, v.money, coalesce(o.owner, '{UNKNOWN}') AS owner, coalesce(o.branch, '{UNKNOWN}') AS branch
  FROM {scores.view} v LEFT JOIN owners o ON o.account_no = v.account_no WHERE v.label <> '低'
)
SELECT branch, owner, CAST(sum(CASE WHEN label = '高' THEN 1 ELSE 0 END) AS BIGINT) AS high,
       CAST(sum(CASE WHEN label = '中' THEN 1 ELSE 0 END) AS BIGINT) AS medium, sum(money) AS money
FROM risky GROUP BY branch, owner ORDER BY money DESC, branch, owner LIMIT 200
"""
    title = Text("流失预警：按责任人", "Churn warning: by owner")
    made = inputs.table(f"{scores.prefix}owners", title, c.OWNERS, ("branch", "owner"), sql)
    return replace(made, appendix=True)


def top_sql(scores: Scores) -> str:
    """The first of those at risk by money times probability."""
    return f"""
WITH {OWNERS}, ranked AS (
  SELECT v.account_no, v.item, v.label, v.probability, v.money, {EXPECTED} AS expected,
         coalesce(o.owner, '{UNKNOWN}') AS owner, coalesce(o.branch, '{UNKNOWN}') AS branch,
         row_number() OVER (ORDER BY {EXPECTED} DESC, v.probability DESC, v.account_no, v.item) AS place
  FROM {scores.view} v LEFT JOIN owners o ON o.account_no = v.account_no WHERE v.label <> '低'
)
SELECT place, account_no, item, CAST(account_no AS VARCHAR) AS account, label, probability, owner, branch, money, expected
FROM ranked WHERE place <= $listed
"""


def list_table(
    inputs: Inputs, scores: Scores, reasons: Mapping[tuple[int, int], Sequence[tuple[str, str]]], listed: int
) -> Table:
    """The risk list with owner and the three things that raise each probability most."""
    sql = top_sql(scores) + "ORDER BY place"
    rows = []
    for row in inputs.query(sql, listed=listed).to_pylist():
        told = reasons.get((row["account_no"], row["item"]), ())
        said = {f"reason_{n}": name for n, (name, _) in enumerate(told, 1)}
        rows.append(row | said | {f"value_{n}": value for n, (_, value) in enumerate(told, 1)})
    made = inputs.computed(
        f"{scores.prefix}list", Text("流失风险名单", "Customers at risk"), c.LIST, ("place",), rows,
        method="churn.explained.reasons", sql=sql, listed=listed,
    )  # fmt: skip
    return replace(made, appendix=True)
