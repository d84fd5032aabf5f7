"""Who heard from whom in which ISO week, and what came after how many contacts.

A week is a number: whole weeks since Monday 5 January 1970, plain arithmetic that every engine shares. `units` are the
departments that contacted a customer in a week; a contact without a unit is a unit 待核实 of its own.
"""

from __future__ import annotations

from datetime import date, timedelta

FIRST_MONDAY = date(1970, 1, 5)
WEEK = "CAST(floor(CAST(date_diff('day', DATE '1970-01-05', day) AS DOUBLE) / 7) AS BIGINT)"
UNIT = "coalesce(nullif(trim(unit), ''), '待核实')"


def week_of(day: date) -> int:
    """The number of a day's week; the Python twin of `WEEK`."""
    return (day - FIRST_MONDAY).days // 7


def week_name(week: int) -> str:
    """'2025-W01' by ISO 8601."""
    year, number, _ = (FIRST_MONDAY + timedelta(days=7 * week)).isocalendar()
    return f"{year:04d}-W{number:02d}"


HEARD = f"""
heard AS (
  SELECT account_no, {WEEK} AS week, {UNIT} AS unit, count(*) AS contacts
  FROM contacts
  WHERE account_no IS NOT NULL AND day >= $since
  GROUP BY account_no, {WEEK}, {UNIT}
), weekly AS (
  SELECT account_no, week, count(*) AS units, sum(contacts) AS contacts FROM heard GROUP BY account_no, week
)"""

WEEKS = f"""
WITH {HEARD}
SELECT week, count(*) AS customers, CAST(sum(contacts) AS BIGINT) AS contacts,
       CAST(sum(CASE WHEN units >= 2 THEN 1 ELSE 0 END) AS BIGINT) AS several
FROM weekly GROUP BY week ORDER BY week
"""

CUSTOMERS = f"""
WITH {HEARD}, persons AS (
  SELECT account_no, sum(contacts) AS contacts, max(units) AS units, max(contacts) AS busiest FROM weekly GROUP BY account_no
)
SELECT count(*) AS customers, CAST(coalesce(sum(contacts), 0) AS BIGINT) AS contacts,
       CAST(coalesce(sum(CASE WHEN units >= 2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS several,
       CAST(max(busiest) AS BIGINT) AS busiest
FROM persons
"""

PAIRS = f"""
WITH {HEARD}
SELECT a.unit AS first, b.unit AS second, count(*) AS weeks, count(DISTINCT a.account_no) AS customers
FROM heard a JOIN heard b ON b.account_no = a.account_no AND b.week = a.week AND b.unit > a.unit
GROUP BY a.unit, b.unit
ORDER BY weeks DESC, first, second
LIMIT $top
"""

# Contacts of $since..$until by customer; what happened from the day after $until to the as-of day. Whoever had
# unsubscribed by $until is left out; customers never contacted count when they had bought by then.
DOSES = """
WITH dosed AS (
  SELECT account_no, count(*) AS contacts FROM contacts
  WHERE account_no IS NOT NULL AND day >= $since AND day <= $until GROUP BY account_no
), gone AS (
  SELECT account_no FROM contacts
  WHERE account_no IS NOT NULL AND outcome = 'unsubscribed' AND day <= $until GROUP BY account_no
), known AS (
  SELECT account_no FROM dosed
  UNION
  SELECT account_no FROM purchases WHERE account_no IS NOT NULL AND day <= $until
), unsubscribed AS (
  SELECT account_no FROM contacts
  WHERE account_no IS NOT NULL AND outcome = 'unsubscribed' AND day > $until GROUP BY account_no
), complained AS (
  SELECT account_no FROM feedback
  WHERE account_no IS NOT NULL AND kind = 'complaint' AND day > $until GROUP BY account_no
), bought AS (
  SELECT account_no FROM (
    SELECT account_no, order_day FROM purchases WHERE account_no IS NOT NULL AND order_day > $until
    GROUP BY account_no, order_day HAVING sum(orders) - sum(cancelled) > 0
  ) days GROUP BY account_no
), persons AS (
  SELECT k.account_no, coalesce(d.contacts, 0) AS contacts,
         CASE WHEN u.account_no IS NULL THEN 0 ELSE 1 END AS unsubscribed,
         CASE WHEN c.account_no IS NULL THEN 0 ELSE 1 END AS complained,
         CASE WHEN b.account_no IS NULL THEN 0 ELSE 1 END AS bought
  FROM known k
  LEFT JOIN dosed d ON d.account_no = k.account_no
  LEFT JOIN gone g ON g.account_no = k.account_no
  LEFT JOIN unsubscribed u ON u.account_no = k.account_no
  LEFT JOIN complained c ON c.account_no = k.account_no
  LEFT JOIN bought b ON b.account_no = k.account_no
  WHERE g.account_no IS NULL
)
SELECT CASE WHEN contacts <= 2 THEN CAST(contacts AS VARCHAR) WHEN contacts <= 4 THEN '3' WHEN contacts <= 8 THEN '4'
            ELSE '5' END AS dose,
       count(*) AS customers, CAST(sum(contacts) AS BIGINT) AS contacts,
       CAST(sum(unsubscribed) AS BIGINT) AS unsubscribed, CAST(sum(complained) AS BIGINT) AS complained,
       CAST(sum(bought) AS BIGINT) AS bought
FROM persons
GROUP BY CASE WHEN contacts <= 2 THEN CAST(contacts AS VARCHAR) WHEN contacts <= 4 THEN '3' WHEN contacts <= 8 THEN '4'
              ELSE '5' END
ORDER BY dose
"""

GROUPS = f"""
WITH long AS (
  SELECT 'unit' AS dimension, {UNIT} AS value, account_no, outcome, cost FROM contacts WHERE day >= $since
  UNION ALL
  SELECT 'channel' AS dimension, coalesce(nullif(trim(channel), ''), '待核实') AS value, account_no, outcome, cost
  FROM contacts WHERE day >= $since
  UNION ALL
  SELECT 'product' AS dimension, coalesce(nullif(trim(product_id), ''), '待核实') AS value, account_no, outcome, cost
  FROM contacts WHERE day >= $since
), counted AS (
  SELECT dimension, value, count(*) AS contacts, count(DISTINCT account_no) AS customers,
         CAST(sum(CASE WHEN outcome IN ('opened', 'clicked', 'replied') THEN 1 ELSE 0 END) AS BIGINT) AS responded,
         CAST(sum(CASE WHEN outcome = 'unsubscribed' THEN 1 ELSE 0 END) AS BIGINT) AS unsubscribed,
         CAST(sum(CASE WHEN outcome IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS told,
         CAST(sum(cost) AS DECIMAL(18, 4)) AS cost
  FROM long GROUP BY dimension, value
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY dimension ORDER BY contacts DESC, value) AS place FROM counted
)
SELECT dimension, value, contacts, customers, responded, unsubscribed, told, cost
FROM ranked WHERE place <= $top ORDER BY dimension, contacts DESC, value
"""

MONTHS = """
SELECT year(day) * 12 + month(day) - 1 AS month, count(*) AS contacts, count(DISTINCT account_no) AS customers,
       CAST(sum(CASE WHEN account_no IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS named
FROM contacts WHERE day >= $since
GROUP BY year(day) * 12 + month(day) - 1 ORDER BY month
"""

FIRST_DAY = "SELECT min(day) AS first_day FROM contacts"
