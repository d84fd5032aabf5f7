"""Suggestions answered and adopted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.analyses.enquiries.columns import SUGGESTION_COLUMNS
from keguan.analyses.enquiries.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.answers import says_one_of
from keguan.marts.tickets import tickets_sql
from keguan.result import Table


def suggestions_sql(params: Params, known: bool) -> str:
    """Suggestions answered and adopted: together, by unit and by topic."""
    adopted, refused = (
        says_one_of("reason", words.split(",")) for words in (params.adopted_words, params.refused_words)
    )
    parts = "\n  UNION ALL\n".join(
        f"  SELECT '{name}' AS dimension, {value} AS value, closed, adopted FROM judged"
        for name, value in (("all", "'全部'"), ("unit", "unit"), ("topic", "topic"))
    )
    return f"""
WITH {tickets_sql(["suggestion"], states_known=known)}, judged AS (
  SELECT unit, topic, CASE WHEN state IN ('solved', 'unsolved') THEN 1 ELSE 0 END AS closed,
         CASE WHEN reason IS NOT NULL AND {refused} THEN 0
              WHEN state = 'solved' OR (reason IS NOT NULL AND {adopted}) THEN 1 ELSE 0 END AS adopted
  FROM tickets
), long AS (
{parts}
), counted AS (
  SELECT dimension, value, count(*) AS suggestions, CAST(sum(closed) AS BIGINT) AS closed,
         CAST(sum(adopted) AS BIGINT) AS adopted
  FROM long GROUP BY dimension, value
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY dimension ORDER BY suggestions DESC, value) AS place FROM counted
)
SELECT dimension, value, suggestions, closed, adopted FROM ranked WHERE place <= $top
ORDER BY dimension, suggestions DESC, value
"""


def suggestions_table(inputs: Inputs, params: Params, known: bool, bound: Mapping[str, Any]) -> Table:
    """Suggestions together, by unit and by topic: answered and adopted, with interval."""
    sql = suggestions_sql(params, known)
    rows = []
    for row in inputs.query(sql, **bound).to_pylist():
        n = int(row["suggestions"])
        ends = wilson(int(row["adopted"]), n) if n >= inputs.settings.min_n else None
        rows.append(
            {
                **row, "answered": row["closed"] / n if ends else None, "rate": row["adopted"] / n if ends else None,
                "low": ends.low if ends else None, "high": ends.high if ends else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "suggestions", Text("建议的跟进", "Follow-up of suggestions"), SUGGESTION_COLUMNS, ("dimension", "value"), rows,
        method="evidence.statistics.wilson", sql=sql, **bound,
    )  # fmt: skip
