"""What goes with the overall score, who answered at all, and what could not be counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from keguan.analyses.satisfaction.columns import DRIVER_COLUMNS, EXCLUDED_COLUMNS, RESPONSE_COLUMNS
from keguan.analyses.satisfaction.ratings import Measure
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.rank_correlation import rank_correlation
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.answers import IN_SCALE, RESPONDENT
from keguan.result import Table


def pairs_sql(answers: str) -> str:
    """Pairs of answers in one response: to a question about a part, and about the whole on $kind and $scale."""
    return f"""
WITH {answers}, keyed AS (
  SELECT kind, scale, question, score, overall,
         coalesce('r' || response_id, respondent || ' ' || coalesce(survey_id, '') || ' ' || CAST(month AS VARCHAR))
           AS response
  FROM answers
), whole AS (
  SELECT response, min(score) AS score FROM keyed
  WHERE overall = 1 AND kind = $kind AND scale = $scale GROUP BY response
)
SELECT k.question, k.scale, k.score AS part, w.score AS whole, count(*) AS answers
FROM keyed k JOIN whole w ON w.response = k.response
WHERE k.overall = 0 AND k.kind = $kind
GROUP BY k.question, k.scale, k.score, w.score
ORDER BY k.question, k.scale, part, whole
"""


def driver_table(
    inputs: Inputs, sql: str, bound: Mapping[str, Any], measure: Measure | None, outcomes: Sequence[str]
) -> Table:
    """Questions about a part by how closely they go with the overall score; `outcomes`: words of questions about
    what follows from the service (trust, going on), not about a part of it."""
    asked = {**bound, "kind": measure[0] if measure else "", "scale": measure[1] if measure else ""}
    pairs: dict[tuple[str, str], dict[tuple[float, float], int]] = {}
    for row in inputs.query(sql, **asked).to_pylist():
        counts = pairs.setdefault((row["question"], row["scale"]), {})
        key = (row["part"], row["whole"])
        counts[key] = counts.get(key, 0) + int(row["answers"])
    found = {
        key: found
        for key, counts in pairs.items()
        if sum(counts.values()) >= inputs.settings.min_n and (found := rank_correlation(counts)) is not None
    }
    adjusted = benjamini_hochberg([one.p for one in found.values()])
    rows = [
        {"question": question, "scale": scale, "outcome": _says(question, outcomes), "pairs": one.n, "r": one.r, "low": one.low,
         "high": one.high, "q": q}
        for ((question, scale), one), q in zip(found.items(), adjusted, strict=True)
    ]  # fmt: skip
    return inputs.computed(
        "drivers", Text("与总体评价的关联", "What goes with the overall score"), DRIVER_COLUMNS, ("question", "scale"),
        sorted(rows, key=lambda row: (-abs(row["r"]), row["question"], row["scale"])),
        method="evidence.statistics.rank_correlation", sql=sql, **asked,
    )  # fmt: skip


def _says(question: str, words: Sequence[str]) -> bool:
    text = question.casefold()
    return any(word.strip().casefold() in text for word in words if word.strip())


# Files written before the import derived the local day have the moment alone.
INVITED_ON = "coalesce(invited_on, CAST(invited_at AS DATE))"
RESPONSE_SQL = f"""
WITH invitations AS (
  SELECT coalesce(nullif(trim(survey_id), ''), '待核实') AS survey, {RESPONDENT} AS respondent, invited_at,
         max(CASE WHEN score IS NOT NULL OR text IS NOT NULL THEN 1 ELSE 0 END) AS answered
  FROM feedback
  WHERE kind = 'survey' AND invited_at IS NOT NULL AND {INVITED_ON} >= $since
    AND {INVITED_ON} <= $until
  GROUP BY coalesce(nullif(trim(survey_id), ''), '待核实'), {RESPONDENT}, invited_at
)
SELECT survey, count(*) AS invited, CAST(sum(answered) AS BIGINT) AS answered
FROM invitations GROUP BY survey ORDER BY invited DESC, survey
"""


def response_table(inputs: Inputs, bound: Mapping[str, Any], patience: int) -> Table:
    """Invitations older than the patience, and how many were answered. No row where a file holds answers only."""
    dates = {"since": bound["since"], "until": inputs.as_of - timedelta(days=patience)}
    rows = []
    for row in inputs.query(RESPONSE_SQL, **dates).to_pylist()[:100]:
        if row["answered"] == row["invited"]:
            continue  # those who did not answer were not delivered: a rate of 100 % would be made up
        ends = wilson(row["answered"], row["invited"]) if row["invited"] >= inputs.settings.min_n else None
        rows.append(
            {**row, "rate": row["answered"] / row["invited"] if ends else None, "low": ends.low if ends else None,
             "high": ends.high if ends else None}
        )  # fmt: skip
    return inputs.computed(
        "responses", Text("回收率", "Response rate"), RESPONSE_COLUMNS, ("survey",), rows,
        method="evidence.statistics.wilson", sql=RESPONSE_SQL, **dates,
    )  # fmt: skip


EXCLUDED_SQL = f"""
WITH read AS (
  SELECT CASE WHEN scale IS NULL THEN 'no_scale'
              WHEN scale NOT IN ('csat5', 'nps', 'ces7', 'binary') THEN 'other_scale'
              WHEN NOT ({IN_SCALE}) THEN 'out_of_scale' END AS why
  FROM feedback WHERE kind IN ('survey', 'review') AND day >= $since AND score IS NOT NULL
)
SELECT why, count(*) AS answers FROM read WHERE why IS NOT NULL GROUP BY why ORDER BY why
"""


def excluded_table(inputs: Inputs, bound: Mapping[str, Any]) -> Table:
    """Scored answers left out: without a scale, on one that is not known, or outside of it."""
    return inputs.table(
        "excluded", Text("未计入的评分", "Scores not counted"), EXCLUDED_COLUMNS, ("why",), EXCLUDED_SQL,
        since=bound["since"],
    )  # fmt: skip
