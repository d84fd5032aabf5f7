"""How many customers like the members of a campaign came back in the same days of an earlier time: SQL text only.

Alike: as long silent and with as many orders on the day before. Parameters: $first (first day of the campaign),
$then and $then_last (first and last day of the earlier window).
"""

from __future__ import annotations

from collections.abc import Sequence

from keguan.marts.campaigns.members import TREATED, sides
from keguan.marts.campaigns.units import Span


def _bands(day: str) -> str:
    silence = f"date_diff('day', max(CASE WHEN orders > 0 THEN day END), {day})"
    return f"""SELECT account_no,
         CASE WHEN {silence} <= 30 THEN 1 WHEN {silence} <= 90 THEN 2 WHEN {silence} <= 180 THEN 3
              WHEN {silence} <= 365 THEN 4 ELSE 5 END * 10
         + CASE WHEN sum(orders) = 1 THEN 1 WHEN sum(orders) <= 3 THEN 2 ELSE 3 END AS band
  FROM purchases WHERE account_no IS NOT NULL AND day < {day}
  GROUP BY account_no HAVING sum(orders) > 0"""


def natural_sql(span: Span, also: Sequence[str]) -> str:
    """Members by band, and customers of that band then with those who ordered in the window then."""
    return f"""{sides([span], also)}, now AS (
  {_bands("$first")}
), mix AS (
  SELECT coalesce(n.band, 0) AS band, count(*) AS members
  FROM sides a LEFT JOIN now n ON n.account_no = a.account_no
  WHERE a.side = '{TREATED}'
  GROUP BY coalesce(n.band, 0)
), past AS (
  {_bands("$then")}
), returned AS (
  SELECT account_no FROM purchases
  WHERE account_no IS NOT NULL AND day >= $then AND day <= $then_last GROUP BY account_no HAVING sum(orders) > 0
), alike AS (
  SELECT p.band, count(*) AS customers, CAST(sum(CASE WHEN r.account_no IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS ordered
  FROM past p LEFT JOIN returned r ON r.account_no = p.account_no
  GROUP BY p.band
)
SELECT m.band, m.members, coalesce(a.customers, 0) AS customers, coalesce(a.ordered, 0) AS ordered
FROM mix m LEFT JOIN alike a ON a.band = m.band
ORDER BY m.band"""
