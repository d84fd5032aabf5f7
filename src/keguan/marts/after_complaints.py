"""What customers bought after a complaint, beside customers alike without one.

Each customer counts once. Of a customer who complained in the window, the first complaint is the index day, and the
group is what was known `landmark` days later (solved by then or not), so that nobody is called solved by having
stayed (landmark analysis). A customer who never complained gets the index day of one who did, by arithmetic of
account_no, so that both groups stand on the same days. What was bought before counts as it was known on the index
day; what came after counts from the landmark on. Customers without a purchase up to their index day are left out.
Parameters $since (first index day), $until (last), $landmark, $horizon, $as_of.
"""

from __future__ import annotations

PERSONS = """
raised AS (
  SELECT account_no, day, feedback_id,
         CASE WHEN status = 'unsolved' THEN 'unsolved'
              WHEN resolved_on IS NOT NULL AND date_diff('day', day, resolved_on) <= $landmark THEN 'solved'
              WHEN status = 'solved' AND resolved_on IS NULL THEN 'unknown'
              ELSE 'unsolved' END AS state,
         row_number() OVER (PARTITION BY account_no ORDER BY day, feedback_id) AS place
  FROM feedback
  WHERE kind = 'complaint' AND account_no IS NOT NULL AND day >= $since
), complained AS (
  SELECT account_no, day AS index_day, state AS complaint_group FROM raised WHERE place = 1 AND day <= $until
), numbered AS (
  SELECT index_day, row_number() OVER (ORDER BY index_day, account_no) - 1 AS place FROM complained
), size AS (
  SELECT count(*) AS days FROM complained
), bought_ever AS (
  SELECT account_no FROM purchases WHERE account_no IS NOT NULL GROUP BY account_no
), silent AS (
  SELECT b.account_no, CAST(b.account_no AS BIGINT) * 7919 % 65521 % z.days AS place
  FROM bought_ever b CROSS JOIN (SELECT days FROM size WHERE days > 0) z
  LEFT JOIN (SELECT account_no FROM feedback WHERE kind = 'complaint' AND account_no IS NOT NULL
             GROUP BY account_no) f ON f.account_no = b.account_no
  WHERE f.account_no IS NULL
), persons AS (
  SELECT account_no, index_day, complaint_group FROM complained WHERE complaint_group <> 'unknown'
  UNION ALL
  SELECT s.account_no, n.index_day, 'none' AS complaint_group FROM silent s JOIN numbered n ON n.place = s.place
)"""

FOLLOWED = f"""
{PERSONS}, bought_before AS (
  SELECT p.account_no, b.order_day, sum(b.orders) - sum(b.cancelled) AS kept
  FROM persons p
  JOIN purchases b ON b.account_no = p.account_no AND b.day <= p.index_day AND b.order_day <= p.index_day
  GROUP BY p.account_no, b.order_day
  HAVING sum(b.orders) - sum(b.cancelled) > 0
), history AS (
  SELECT p.account_no, p.index_day, p.complaint_group,
         date_diff('day', max(b.order_day), p.index_day) AS recency,
         sum(CASE WHEN date_diff('day', b.order_day, p.index_day) <= 365 THEN b.kept ELSE 0 END) AS frequency
  FROM persons p JOIN bought_before b ON b.account_no = p.account_no
  GROUP BY p.account_no, p.index_day, p.complaint_group
), bought_after AS (
  SELECT account_no, min(order_day) AS next_day
  FROM (
    SELECT p.account_no, b.order_day
    FROM persons p
    JOIN purchases b ON b.account_no = p.account_no AND date_diff('day', p.index_day, b.order_day) > $landmark
    GROUP BY p.account_no, b.order_day
    HAVING sum(b.orders) - sum(b.cancelled) > 0
  ) days
  GROUP BY account_no
), followed AS (
  SELECT h.account_no, h.complaint_group,
         CASE WHEN h.recency <= 30 THEN '1' WHEN h.recency <= 90 THEN '2' WHEN h.recency <= 180 THEN '3'
              WHEN h.recency <= 365 THEN '4' ELSE '5' END AS recency_band,
         CASE WHEN h.frequency <= 0 THEN '0' WHEN h.frequency = 1 THEN '1' WHEN h.frequency = 2 THEN '2'
              WHEN h.frequency <= 5 THEN '3' ELSE '4' END AS frequency_band,
         date_diff('day', h.index_day, coalesce(a.next_day, $as_of)) - $landmark AS days,
         CASE WHEN a.next_day IS NULL THEN 0 ELSE 1 END AS came_back
  FROM history h LEFT JOIN bought_after a ON a.account_no = h.account_no
)"""

STRATA = f"""
WITH {FOLLOWED}
SELECT recency_band, frequency_band, complaint_group, count(*) AS customers,
       CAST(sum(CASE WHEN came_back = 1 AND days <= $horizon THEN 1 ELSE 0 END) AS BIGINT) AS bought
FROM followed
GROUP BY recency_band, frequency_band, complaint_group
ORDER BY recency_band, frequency_band, complaint_group
"""

TIMES = f"""
WITH {FOLLOWED}
SELECT complaint_group, days, CAST(sum(came_back) AS BIGINT) AS bought,
       CAST(sum(1 - came_back) AS BIGINT) AS still_open
FROM followed GROUP BY complaint_group, days ORDER BY complaint_group, days
"""

LEFT_OUT = f"""
WITH {PERSONS}
SELECT CAST(coalesce(sum(CASE WHEN complaint_group = 'unknown' THEN 1 ELSE 0 END), 0) AS BIGINT) AS unknown,
       count(*) AS complained
FROM complained
"""
