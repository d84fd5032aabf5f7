"""What models of customers learn from, as distributions: to see whether the customers are still those of the fit.

`BINNED` cuts each input at its deciles (fewer bins where values tie), `COUNTED` counts today's values in the bins of
kept runs. Both read `purchases` alone. Parameters: $day, the last day known; $since, the day before the first one in
which an order makes a customer count; $places (of `snapshot_features.PLACES`): a sample by account number.
"""

from __future__ import annotations

from datetime import date, timedelta

from keguan.marts.snapshot_features import PLACE, PLACES

BINS = 10
SAMPLED = 50_000  # customers whose inputs are looked at
LONG_AGO = date(1900, 1, 1)
FEATURES = ("recency_days", "tenure_days", "order_days", "spend")

_VALUES = f"""facts AS (
  SELECT account_no,
         date_diff('day', max(CASE WHEN orders > 0 THEN day END), $day) AS recency_days,
         date_diff('day', min(CASE WHEN orders > 0 THEN day END), $day) AS tenure_days,
         sum(CASE WHEN orders > 0 THEN 1 ELSE 0 END) AS order_days,
         sum(gross - returns) / sum(CASE WHEN orders > 0 THEN 1 ELSE 0 END) AS spend
  FROM purchases
  WHERE account_no IS NOT NULL AND day <= $day AND {PLACE} < $places
  GROUP BY account_no
  HAVING sum(CASE WHEN orders > 0 AND day > $since THEN 1 ELSE 0 END) > 0
), valued AS (
  {" UNION ALL ".join(f"SELECT '{name}' AS feature, CAST({name} AS DECIMAL(18, 4)) AS value FROM facts" for name in FEATURES)}
)"""

BINNED = f"""
WITH {_VALUES}, ranked AS (
  SELECT feature, value, row_number() OVER (PARTITION BY feature ORDER BY value) AS place,
         count(*) OVER (PARTITION BY feature) AS members
  FROM valued
), tiles AS (
  SELECT feature, value, floor({BINS} * (place - 1) / members) AS tile FROM ranked
), tops AS (
  SELECT feature, tile, max(value) AS top FROM tiles GROUP BY feature, tile
), edges AS (
  SELECT feature, top, row_number() OVER (PARTITION BY feature ORDER BY top) AS bin,
         row_number() OVER (PARTITION BY feature ORDER BY top DESC) AS from_last,
         lag(top) OVER (PARTITION BY feature ORDER BY top) AS above
  FROM (SELECT DISTINCT feature, top FROM tops) t
), bins AS (
  SELECT feature, CAST(bin AS INTEGER) AS bin, above, CASE WHEN from_last > 1 THEN top END AS up_to FROM edges
)
SELECT b.feature, b.bin, b.above, b.up_to, count(*) AS members
FROM bins b
JOIN valued v ON v.feature = b.feature AND (b.above IS NULL OR v.value > b.above) AND (b.up_to IS NULL OR v.value <= b.up_to)
GROUP BY b.feature, b.bin, b.above, b.up_to
ORDER BY b.feature, b.bin
"""

# $run: the kept run in whose bins today's values are counted.
COUNTED = f"""
WITH {_VALUES}
SELECT b.feature, b.bin, b.members AS then_in, count(v.value) AS now_in
FROM model_inputs b
LEFT JOIN valued v
  ON v.feature = b.feature AND (b.above IS NULL OR v.value > b.above) AND (b.up_to IS NULL OR v.value <= b.up_to)
WHERE b.run_id = $run
GROUP BY b.feature, b.bin, b.members
ORDER BY b.feature, b.bin
"""


def since(day: date, within: int) -> date:
    """The day after which an order makes a customer count; `within` 0: any order does."""
    return day - timedelta(days=within) if within else LONG_AGO


def places(customers: int) -> int:
    """The sample that keeps about `SAMPLED` of so many customers."""
    return max(1, min(PLACES, PLACES * SAMPLED // max(customers, 1)))
