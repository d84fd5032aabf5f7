"""Scored answers of surveys and reviews: on a known scale, in its range, one a customer and wave.

A wave is a survey in a calendar month; of a review, a product in a calendar month. The last answer counts. An
answer without a customer is a respondent of its own (by response, else by row). `overall` tells the question about
the whole (no question named, the only one of its survey and scale, or one that says so) from those about a part.
"""

from __future__ import annotations

from collections.abc import Sequence

from keguan.engine.literals import quoted
from keguan.schema.scales import SCALES

IN_SCALE = " OR ".join(
    f"(scale = '{name}' AND score BETWEEN {scale.low} AND {scale.high})" for name, scale in SCALES.items()
)
POSITIVE = " OR ".join(f"(scale = '{name}' AND score >= {scale.positive})" for name, scale in SCALES.items())
RESPONDENT = "coalesce('c' || CAST(account_no AS VARCHAR), 'r' || response_id, 'f' || feedback_id)"


def says_one_of(column: str, words: Sequence[str]) -> str:
    """Whether a text holds one of some words, whatever the case."""
    tests = [f"contains(lower({column}), {quoted(word.strip().lower())})" for word in words if word.strip()]
    return f"({' OR '.join(tests)})" if tests else "FALSE"


OVERALL_WORDS = ("总体", "整体", "总的", "推荐", "容易解决", "overall", "recommend", "easy")

# Scored feedback of any kind about the whole: without a question, the only question of its survey and scale, or one
# that says so. A questionnaire has a row a question, and a part of the experience is not averaged with the whole.
WHOLE = f"""(
  SELECT f.feedback_id, f.kind, f.account_no, f.product_id, f.unit, f.region, f.channel, f.day, f.scale, f.score
  FROM feedback f
  JOIN (SELECT coalesce(survey_id, '') AS survey, coalesce(scale, '') AS scale, count(DISTINCT question) AS questions
        FROM feedback WHERE score IS NOT NULL GROUP BY coalesce(survey_id, ''), coalesce(scale, '')) a
    ON a.survey = coalesce(f.survey_id, '') AND a.scale = coalesce(f.scale, '')
  WHERE f.score IS NOT NULL
    AND (f.question IS NULL OR a.questions <= 1 OR {says_one_of("f.question", OVERALL_WORDS)})
)"""


def answers_sql(overall_words: Sequence[str]) -> str:
    """CTE `answers`; parameter $since (first day). `product`: its name, else its id."""
    return f"""
scored AS (
  SELECT feedback_id, kind, scale, CAST(score AS DOUBLE) AS score, account_no, response_id, day, raised_at,
         nullif(trim(survey_id), '') AS survey_id, nullif(trim(question), '') AS question,
         coalesce(nullif(trim(product_id), ''), '待核实') AS product_no,
         coalesce(nullif(trim(topic), ''), '待核实') AS topic,
         coalesce(nullif(trim(unit), ''), '待核实') AS unit,
         coalesce(nullif(trim(channel), ''), '待核实') AS channel,
         coalesce(nullif(trim(region), ''), '待核实') AS region,
         year(day) * 12 + month(day) - 1 AS month,
         {RESPONDENT} AS respondent,
         CASE WHEN {POSITIVE} THEN 1 ELSE 0 END AS positive
  FROM feedback
  WHERE kind IN ('survey', 'review') AND day >= $since AND ({IN_SCALE})
), asked AS (
  SELECT kind, scale, coalesce(survey_id, '') AS survey, count(DISTINCT question) AS questions
  FROM scored GROUP BY kind, scale, coalesce(survey_id, '')
), placed AS (
  SELECT s.*,
         CASE WHEN s.question IS NULL OR a.questions = 1 OR {says_one_of("s.question", overall_words)}
              THEN 1 ELSE 0 END AS overall,
         row_number() OVER (
           PARTITION BY s.kind, s.scale, coalesce(s.question, ''), coalesce(s.survey_id, ''), s.respondent, s.month,
                        CASE WHEN s.kind = 'review' THEN s.product_no ELSE '' END
           ORDER BY s.day DESC, s.raised_at DESC NULLS LAST, s.feedback_id DESC) AS place
  FROM scored s
  JOIN asked a ON a.kind = s.kind AND a.scale = s.scale AND a.survey = coalesce(s.survey_id, '')
), answers AS (
  SELECT a.*, coalesce(nullif(trim(p.name), ''), a.product_no) AS product
  FROM placed a LEFT JOIN products p ON p.product_id = a.product_no
  WHERE a.place = 1
)"""
