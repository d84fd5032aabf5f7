"""Components of loyalty of each customer as of a day, each a whole number from 0 to 100.

trust         answers naming trust, or how likely one is to recommend (NPS); attitude
satisfaction  all other scored answers; attitude
continue      answers naming going on, renewing, buying again; attitude
service       share solved of own complaints and enquiries; those open for less than `young` days do not count yet
contact       days with feedback from the customer or a contact opened, clicked or replied to, at most 100

An answer counts as (score - lowest) / (highest - lowest) of its own scale, so that scales meet only as shares of
their range. A customer has an index from three components on, one of them attitude. Parameters $since (first day),
$young (tickets open since then do not count).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keguan.marts.answers import IN_SCALE, says_one_of
from keguan.schema.scales import SCALES

COMPONENTS = ("trust", "contact", "service", "satisfaction", "continue")
ATTITUDES = ("trust", "satisfaction", "continue")
FEWEST = 3

_PART = " ".join(
    f"WHEN scale = '{name}' THEN CAST((score - {scale.low}) AS DOUBLE) * 100 / {scale.high - scale.low}"
    for name, scale in SCALES.items()
)


def components_sql(trust_words: Sequence[str], continue_words: Sequence[str]) -> str:
    """CTE `components` (account_no, component, value) of the customers who have an index."""
    return f"""
scored AS (
  SELECT account_no, CAST(CASE {_PART} END AS DECIMAL(18, 4)) AS part, scale,
         coalesce(question, '') || ' ' || coalesce(topic, '') AS about
  FROM feedback
  WHERE kind IN ('survey', 'review', 'interview') AND account_no IS NOT NULL AND day >= $since AND ({IN_SCALE})
), attitudes AS (
  SELECT account_no, part,
         CASE WHEN {says_one_of("about", continue_words)} THEN 'continue'
              WHEN scale = 'nps' OR {says_one_of("about", trust_words)} THEN 'trust'
              ELSE 'satisfaction' END AS component
  FROM scored
), tickets AS (
  SELECT account_no,
         CASE WHEN status = 'unsolved' THEN 0 WHEN status = 'solved' OR resolved_on IS NOT NULL THEN 1 ELSE 0 END AS solved
  FROM feedback
  WHERE kind IN ('complaint', 'enquiry') AND account_no IS NOT NULL AND day >= $since
    AND (status = 'unsolved' OR status = 'solved' OR resolved_on IS NOT NULL OR day <= $young)
), contact_days AS (
  SELECT account_no, day FROM feedback WHERE account_no IS NOT NULL AND day >= $since
  UNION
  SELECT account_no, day FROM contacts
  WHERE account_no IS NOT NULL AND day >= $since AND outcome IN ('opened', 'clicked', 'replied')
), measured AS (
  SELECT account_no, component, CAST(sum(part) AS DOUBLE) / count(*) AS value FROM attitudes GROUP BY account_no, component
  UNION ALL
  SELECT account_no, 'service' AS component, CAST(sum(solved) AS DOUBLE) * 100 / count(*) AS value
  FROM tickets GROUP BY account_no
  UNION ALL
  SELECT account_no, 'contact' AS component, CAST(least(count(*), 100) AS DOUBLE) AS value
  FROM contact_days GROUP BY account_no
), enough AS (
  SELECT account_no FROM measured GROUP BY account_no
  HAVING count(*) >= {FEWEST} AND sum(CASE WHEN component IN ('trust', 'satisfaction', 'continue') THEN 1 ELSE 0 END) >= 1
), components AS (
  SELECT m.account_no, m.component, CAST(round(CAST(m.value AS DOUBLE), 0) AS BIGINT) AS value
  FROM measured m JOIN enough e ON e.account_no = m.account_no
)"""


def distribution_sql(components: str) -> str:
    """How many customers have which value of each component: the baseline."""
    return f"""
WITH {components}
SELECT component, value, count(*) AS customers FROM components GROUP BY component, value ORDER BY component, value
"""


def percentiles(rows: Sequence[Mapping[str, object]]) -> dict[tuple[str, int], float]:
    """(component, 0..100) -> the percentile of that value in the baseline: share below plus half of those equal."""
    counts: dict[str, dict[int, int]] = {}
    for row in rows:
        counts.setdefault(str(row["component"]), {})[int(str(row["value"]))] = int(str(row["customers"]))
    found = {}
    for component, own in counts.items():
        total, below = sum(own.values()), 0
        for value in range(101):
            equal = own.get(value, 0)
            found[component, value] = round(100 * (below + equal / 2) / total, 4)
            below += equal
    return found


def index_sql(
    components: str, baseline: Mapping[tuple[str, int], float], weights: Mapping[str, float]
) -> str:
    """CTE `indexed` (account_no, loyalty 0..100, attitude 0..100) and `ranked` (account_no, component, percentile).

    A component that nobody had in the baseline has no percentile and does not count.
    """
    grid = ", ".join(
        f"('{component}', {value}, CAST('{percentile}' AS DOUBLE), CAST('{weights[component]}' AS DOUBLE))"
        for (component, value), percentile in baseline.items()
        if weights[component] > 0
    )
    # Without any row the list of values would be no SQL; this one joins with nothing.
    grid = grid or "('', 0, CAST('0' AS DOUBLE), CAST('0' AS DOUBLE))"
    attitude = "component IN ('trust', 'satisfaction', 'continue')"
    return f"""
{components}, grid AS (
  SELECT * FROM (VALUES {grid}) AS t(component, value, percentile, weight)
), ranked AS (
  SELECT c.account_no, c.component, c.value, g.percentile, g.weight
  FROM components c JOIN grid g ON g.component = c.component AND g.value = c.value
), weighed AS (
  SELECT account_no,
         CAST(sum(CAST(weight * percentile AS DECIMAL(18, 4))) AS DOUBLE)
           / nullif(CAST(sum(CAST(weight AS DECIMAL(18, 4))) AS DOUBLE), 0) AS loyalty,
         CAST(sum(CAST(CASE WHEN {attitude} THEN weight * percentile ELSE 0 END AS DECIMAL(18, 4))) AS DOUBLE)
           / nullif(CAST(sum(CAST(CASE WHEN {attitude} THEN weight ELSE 0 END AS DECIMAL(18, 4))) AS DOUBLE), 0) AS attitude
  FROM ranked GROUP BY account_no
  HAVING count(*) >= {FEWEST} AND sum(CASE WHEN {attitude} THEN 1 ELSE 0 END) >= 1
), indexed AS (
  SELECT account_no, CAST(round(CAST(loyalty AS DOUBLE), 2) AS DECIMAL(18, 2)) AS loyalty,
         CAST(round(CAST(attitude AS DOUBLE), 2) AS DECIMAL(18, 2)) AS attitude
  FROM weighed
)"""


def means_sql(indexed: str) -> str:
    """Customers, sum and sum of squares of the index and of each component's percentile."""
    return f"""
WITH {indexed}, long AS (
  SELECT 'index' AS component, loyalty AS value FROM indexed
  UNION ALL
  SELECT r.component, CAST(r.percentile AS DECIMAL(18, 2)) AS value
  FROM ranked r JOIN indexed i ON i.account_no = r.account_no
)
SELECT component, count(*) AS customers, CAST(sum(value) AS DOUBLE) AS total,
       CAST(sum(value * value) AS DOUBLE) AS squares
FROM long GROUP BY component ORDER BY component
"""


# The two sides of Dick and Basu (1994); parameters $cut (purchases), $from_day of window_facts.
QUADRANT = """
CASE WHEN i.attitude >= 50 AND coalesce(w.window_purchases, 0) >= $cut THEN 'loyal'
     WHEN i.attitude >= 50 THEN 'latent'
     WHEN coalesce(w.window_purchases, 0) >= $cut THEN 'spurious' ELSE 'none' END"""


def purchases_sql(indexed: str) -> str:
    """How many customers with an index have how many purchases in the window."""
    return f"""
WITH {indexed}
SELECT coalesce(w.window_purchases, 0) AS purchases, count(*) AS customers
FROM indexed i LEFT JOIN window_facts w ON w.account_no = i.account_no
GROUP BY coalesce(w.window_purchases, 0) ORDER BY purchases
"""


def matrix_sql(indexed: str) -> str:
    """Customers and money by attitude and repeat purchase."""
    return f"""
WITH {indexed}, placed AS (
  SELECT {QUADRANT} AS quadrant, coalesce(w.window_net, CAST(0 AS DECIMAL(18, 4))) AS net_revenue
  FROM indexed i LEFT JOIN window_facts w ON w.account_no = i.account_no
)
SELECT quadrant, count(*) AS customers, CAST(sum(net_revenue) AS DECIMAL(18, 4)) AS net_revenue
FROM placed GROUP BY quadrant ORDER BY quadrant
"""


def relation_sql(indexed: str) -> str:
    """Each customer's quadrant, the index as score."""
    return f"""
WITH {indexed}
SELECT i.account_no, {QUADRANT} AS label,
       CAST(CAST(round(CAST(i.loyalty AS DOUBLE), 0) AS BIGINT) AS VARCHAR) AS score
FROM indexed i LEFT JOIN window_facts w ON w.account_no = i.account_no
"""
