"""Respondents placed among the most and the least satisfied by their shrunk mean on one scale.

The tail of a share takes everybody whose score is at least that of the person who fills it: ties are in, so the
real share can be larger. `mean` and `k` are numbers found before (evidence.statistics.shrinkage).
"""

from __future__ import annotations

PERSONAL = """
SELECT account_no, count(*) AS answers, sum(score) AS total, sum(score * score) AS squares
FROM answers
WHERE overall = 1 AND kind = $kind AND scale = $scale AND account_no IS NOT NULL
GROUP BY account_no"""


def sums_sql(answers: str) -> str:
    """Sums over persons, for the shrinkage."""
    return f"""
WITH {answers}, persons AS ({PERSONAL})
SELECT count(*) AS persons, CAST(coalesce(sum(answers), 0) AS BIGINT) AS answers,
       coalesce(sum(CAST(answers AS DOUBLE) * answers), 0) AS squared_sizes,
       coalesce(sum(total), 0) AS total, coalesce(sum(squares), 0) AS squares,
       coalesce(sum(total * total / answers), 0) AS own
FROM persons
"""


def tails_sql(answers: str, shrunk: str) -> str:
    """CTE `tails` (account_no, shrunk, label most | middle | least); parameter $tail (share)."""
    return f"""
{answers}, persons AS ({PERSONAL}
), shrunk AS (
  SELECT account_no, round(CAST({shrunk} AS DOUBLE), 6) AS shrunk FROM persons
), ranked AS (
  SELECT account_no, shrunk, count(*) OVER () AS everybody,
         rank() OVER (ORDER BY shrunk DESC) AS from_top, rank() OVER (ORDER BY shrunk) AS from_bottom
  FROM shrunk
), tails AS (
  SELECT account_no, shrunk, everybody,
         CASE WHEN from_top <= ceil(round(CAST(CAST($tail AS DOUBLE) * everybody AS DOUBLE), 6)) THEN 1 ELSE 0 END AS most,
         CASE WHEN from_bottom <= ceil(round(CAST(CAST($tail AS DOUBLE) * everybody AS DOUBLE), 6)) THEN 1 ELSE 0 END AS least
  FROM ranked
)"""


def scopes_sql(answers: str, shrunk: str) -> str:
    """Size and mean score of both tails of each product and each region; parameters $tail, $top."""
    parts = "\n  UNION ALL\n".join(
        f"  SELECT '{name}' AS scope, {name} AS value, account_no, score FROM answers\n"
        "  WHERE overall = 1 AND kind = $kind AND scale = $scale AND account_no IS NOT NULL"
        for name in ("product", "region")
    )
    whole = (
        "SELECT 'all' AS scope, '全部' AS value, account_no, score FROM answers\n"
        "  WHERE overall = 1 AND kind = $kind AND scale = $scale AND account_no IS NOT NULL"
    )
    return f"""
WITH {answers}, long AS (
  {whole}
  UNION ALL
{parts}
), persons AS (
  SELECT scope, value, account_no, count(*) AS answers, sum(score) AS total
  FROM long WHERE value <> '待核实' GROUP BY scope, value, account_no
), sizes AS (
  SELECT scope, value, count(*) AS everybody,
         row_number() OVER (PARTITION BY scope ORDER BY count(*) DESC, value) AS place
  FROM persons GROUP BY scope, value
), shrunk AS (
  SELECT scope, value, account_no, round(CAST({shrunk} AS DOUBLE), 6) AS shrunk FROM persons
), ranked AS (
  SELECT h.scope, h.value, h.shrunk, z.everybody,
         rank() OVER (PARTITION BY h.scope, h.value ORDER BY h.shrunk DESC) AS from_top,
         rank() OVER (PARTITION BY h.scope, h.value ORDER BY h.shrunk) AS from_bottom
  FROM shrunk h JOIN sizes z ON z.scope = h.scope AND z.value = h.value AND z.place <= $top
), sides AS (
  SELECT scope, value, everybody, shrunk, 'most' AS tail FROM ranked
  WHERE from_top <= ceil(round(CAST(CAST($tail AS DOUBLE) * everybody AS DOUBLE), 6))
  UNION ALL
  SELECT scope, value, everybody, shrunk, 'least' AS tail FROM ranked
  WHERE from_bottom <= ceil(round(CAST(CAST($tail AS DOUBLE) * everybody AS DOUBLE), 6))
)
SELECT scope, value, tail, everybody, count(*) AS customers,
       round(CAST(avg(CAST(shrunk AS DOUBLE)) AS DOUBLE), 6) AS mean
FROM sides GROUP BY scope, value, tail, everybody
ORDER BY scope, everybody DESC, value, tail
"""
