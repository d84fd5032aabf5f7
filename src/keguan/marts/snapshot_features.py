"""What was known of each customer on a day of the past, from before that day only. SQL text only.

`FEATURES` reads `purchases` and `feedback`, both with the day stated, so that over the tables of today it gives
what it gives over the tables cut at that day. Parameters: $snapshot; $since (one horizon before), $earlier (two),
$lately (a quarter of one), $money_from (first day of the money at risk), $places (of PLACES: the sample).
"""

from __future__ import annotations

PLACES = 65_521
# A place of 0 .. PLACES - 1 for each account that neighbours do not share: a sample is those below a number.
PLACE = (
    f"((CAST(account_no % {PLACES} AS BIGINT) * (account_no % {PLACES}) * 48271"
    f" + CAST(account_no AS BIGINT) * 7919) % {PLACES})"
)

_ORDERED = "CASE WHEN orders > 0 THEN day END"
FEATURES = f"""
WITH days AS (
  SELECT account_no, day, sum(orders) AS orders, sum(gross) AS gross, sum(returns) AS returns
  FROM purchases
  WHERE account_no IS NOT NULL AND day <= $snapshot AND {PLACE} < $places
  GROUP BY account_no, day
), facts AS (
  SELECT account_no,
         date_diff('day', max({_ORDERED}), $snapshot) AS recency_days,
         date_diff('day', min({_ORDERED}), $snapshot) AS tenure_days,
         CAST(sum(CASE WHEN orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS order_days,
         CAST(sum(CASE WHEN day > $since THEN orders ELSE 0 END) AS BIGINT) AS orders_horizon,
         CAST(sum(CASE WHEN day > $earlier AND day <= $since THEN orders ELSE 0 END) AS BIGINT) AS orders_before,
         CAST(sum(CASE WHEN day > $lately THEN orders ELSE 0 END) AS BIGINT) AS orders_lately,
         CAST(sum(CASE WHEN day > $since THEN gross - returns ELSE 0 END) AS DECIMAL(18, 4)) AS net_horizon,
         CAST(sum(CASE WHEN day > $earlier AND day <= $since THEN gross - returns ELSE 0 END) AS DECIMAL(18, 4))
           AS net_before,
         CAST(sum(CASE WHEN day > $since THEN gross ELSE 0 END) AS DECIMAL(18, 4)) AS gross_horizon,
         CAST(sum(CASE WHEN day > $since THEN returns ELSE 0 END) AS DECIMAL(18, 4)) AS returns_horizon,
         CAST(sum(CASE WHEN day >= $money_from THEN gross - returns ELSE 0 END) AS DECIMAL(18, 4)) AS window_net
  FROM days GROUP BY account_no
  HAVING sum(CASE WHEN orders > 0 AND day > $since THEN 1 ELSE 0 END) > 0
), complained AS (
  SELECT account_no, count(*) AS complaints FROM feedback
  WHERE kind = 'complaint' AND account_no IS NOT NULL AND day > $since AND day <= $snapshot GROUP BY account_no
)
SELECT f.account_no, CAST(1 AS INTEGER) AS item, f.recency_days, f.tenure_days, f.order_days, f.orders_horizon,
       f.orders_before, f.orders_lately, f.net_horizon, f.net_before,
       CAST(f.tenure_days - f.recency_days AS DOUBLE) / nullif(f.order_days - 1, 0) AS own_gap,
       CAST(f.recency_days * (f.order_days - 1) AS DOUBLE) / nullif(f.tenure_days - f.recency_days, 0)
         AS silence_ratio,
       CAST(f.returns_horizon AS DOUBLE) / nullif(CAST(f.gross_horizon AS DOUBLE), 0) AS return_share,
       coalesce(c.complaints, 0) AS complaints,
       CAST(CASE WHEN f.window_net > 0 THEN f.window_net ELSE 0 END AS DECIMAL(18, 4)) AS money
FROM facts f LEFT JOIN complained c ON c.account_no = f.account_no
"""
# Who placed an order after the snapshot, until $until.
STAYED = f"""
SELECT account_no FROM purchases
WHERE account_no IS NOT NULL AND day > $snapshot AND day <= $until AND {PLACE} < $places
GROUP BY account_no HAVING sum(orders) > 0 ORDER BY account_no
"""
