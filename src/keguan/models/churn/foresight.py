"""Who is expected to leave, in the form in which it is kept and judged later."""

from __future__ import annotations

from datetime import timedelta

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.models.churn.basis import Scores
from keguan.models.churn.quality import Quality
from keguan.result import Backtest, Forecast, Foresight, Relation

Z80 = 1.2815515655446004  # normal quantile of 90 %
LEVELS_SQL = """
SELECT label, count(*) AS customers,
       CAST(sum(CAST(probability AS DECIMAL(18, 6))) AS DOUBLE) AS expected,
       CAST(sum(CAST(probability * (1 - probability) AS DECIMAL(18, 6))) AS DOUBLE) AS variance
FROM {view} GROUP BY label ORDER BY label
"""


def foresight(inputs: Inputs, scores: Scores, horizon: int, used: Quality, rule: Quality) -> Foresight:
    """Expected leavers of each level within the horizon; the interval is that of independent customers with these
    probabilities, the baseline the rate of the back-test for everybody."""
    rows = inputs.query(LEVELS_SQL.format(view=scores.view)).to_pylist()
    day, rate = inputs.as_of, used.events / used.rows
    told = []
    for row in rows:
        half = Z80 * max(row["variance"], 0.0) ** 0.5
        told.append(
            Forecast(
                "lapsed", day + timedelta(days=1), day + timedelta(days=horizon), row["expected"],
                max(row["expected"] - half, 0.0), min(row["expected"] + half, float(row["customers"])), 0.8,
                row["variance"], rate * row["customers"], row["label"], row["customers"],
            )
        )  # fmt: skip
    kept = Relation(
        "churn_said", Text("流失概率", "Probability of churn"),
        f"SELECT account_no, label, CAST(CAST(probability AS DECIMAL(7, 6)) AS VARCHAR) AS score FROM {scores.view}",
        kind="scores", vocabulary="churn_level",
    )  # fmt: skip
    backtest = Backtest("auc", used.area.value, rule.area.value, used.learner != rule.learner)
    customers = sum(row["customers"] for row in rows)
    return Foresight(tuple(told), used.learner, backtest, kept, customers, horizon)
