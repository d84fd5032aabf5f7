"""Queries over payments as of a day."""

from __future__ import annotations

from keguan.schema.vocabulary import UNKNOWN

# One row a payment: money in is positive. Late days of an open payment are those until the as-of day.
_PAYMENTS = f"""
payments_then AS (
  SELECT p.payment_id, p.account_no, p.amount, p.due_on, p.paid_on, p.order_id,
         CASE WHEN p.amount > 0 AND p.due_on <= $as_of THEN 1 ELSE 0 END AS is_due,
         CASE WHEN p.amount > 0 AND p.due_on < $as_of AND p.paid_on IS NULL THEN 1 ELSE 0 END AS is_overdue,
         CASE WHEN p.amount > 0 AND p.due_on <= $as_of AND p.paid_on <= p.due_on THEN 1 ELSE 0 END AS in_time,
         date_diff('day', p.due_on, coalesce(p.paid_on, $as_of)) AS late_days
  FROM payments p
), grades AS (
  SELECT account_no, max(credit_grade) AS grade, max(settlement_cycle_days) AS cycle FROM customers
  WHERE account_no IS NOT NULL GROUP BY account_no
), graded AS (
  SELECT p.*, coalesce(g.grade, '{UNKNOWN}') AS grade,
  g.cycle FROM payments_then p LEFT JOIN grades g ON g.account_no = p.account_no
)"""
_SUMS = """count(*) AS payments, count(DISTINCT account_no) AS accounts,
       CAST(sum(is_due) AS BIGINT) AS due_count, CAST(sum(in_time) AS BIGINT) AS in_time,
       sum(CASE WHEN is_due = 1 THEN amount ELSE 0 END) AS due,
       sum(CASE WHEN is_due = 1 AND paid_on IS NOT NULL THEN amount ELSE 0 END) AS paid,
       sum(CASE WHEN is_overdue = 1 THEN amount ELSE 0 END) AS overdue,
       count(DISTINCT CASE WHEN is_overdue = 1 THEN account_no END) AS overdue_accounts,
       sum(CASE WHEN paid_on IS NOT NULL AND amount > 0 THEN amount ELSE 0 END) AS money_in,
       sum(CASE WHEN paid_on IS NOT NULL AND amount < 0 THEN -amount ELSE 0 END) AS money_out"""
GRADES_SQL = f"""
WITH {_PAYMENTS}
SELECT '*' AS grade, {_SUMS} FROM graded HAVING count(*) > 0
UNION ALL
SELECT grade, {_SUMS} FROM graded GROUP BY grade
ORDER BY grade
"""
LATE_SQL = f"""
WITH {_PAYMENTS}
SELECT grade, late_days, count(*) AS payments FROM graded WHERE is_due = 1 AND late_days > 0 AND in_time = 0
GROUP BY grade, late_days ORDER BY grade, late_days
"""
AGE_SQL = f"""
WITH {_PAYMENTS}, aged AS (
  SELECT account_no, amount,
         CASE WHEN late_days <= 30 THEN '1-30' WHEN late_days <= 60 THEN '31-60'
              WHEN late_days <= 90 THEN '61-90' ELSE '90+' END AS age
  FROM graded WHERE is_overdue = 1
)
SELECT age, count(*) AS payments, count(DISTINCT account_no) AS accounts, sum(amount) AS overdue
FROM aged GROUP BY age ORDER BY age
"""
# The agreed cycle beside the days from the order (else the due day less the cycle) to the payment.
ACCOUNTS_SQL = f"""
WITH {_PAYMENTS}, ordered AS (
  SELECT order_id, min(day) AS order_day FROM orders WHERE order_id IN (SELECT order_id FROM payments) GROUP BY order_id
), by_account AS (
  SELECT g.account_no, max(g.grade) AS grade, max(g.cycle) AS cycle,
         sum(CASE WHEN is_due = 1 THEN amount ELSE 0 END) AS due,
         sum(CASE WHEN is_due = 1 AND paid_on IS NOT NULL THEN amount ELSE 0 END) AS paid,
         sum(CASE WHEN is_overdue = 1 THEN amount ELSE 0 END) AS overdue,
         max(CASE WHEN is_overdue = 1 THEN late_days END) AS oldest,
         median(CAST(CASE WHEN g.paid_on IS NOT NULL AND g.amount > 0 THEN date_diff('day', o.order_day,
         g.paid_on) END AS DOUBLE)) AS actual,
         sum(CASE WHEN paid_on IS NOT NULL AND amount > 0 THEN amount ELSE 0 END) AS money_in,
         sum(CASE WHEN paid_on IS NOT NULL AND amount < 0 THEN -amount ELSE 0 END) AS money_out,
         count(*) AS payments
  FROM graded g LEFT JOIN ordered o ON o.order_id = g.order_id
  WHERE g.account_no IS NOT NULL GROUP BY g.account_no
)
SELECT CAST(account_no AS VARCHAR) AS account, grade, due, paid, overdue, oldest, cycle, actual, money_in, money_out, payments
FROM by_account ORDER BY overdue DESC, due DESC, account_no LIMIT $accounts
"""
MONTHS_SQL = f"""
WITH {_PAYMENTS}, moved AS (
  SELECT year(paid_on) * 12 + month(paid_on) - 1 AS month_no, amount FROM graded WHERE paid_on IS NOT NULL
)
SELECT CAST(CAST(floor(month_no / 12) AS INTEGER) AS VARCHAR) || '-'
         || right('0' || CAST(month_no % 12 + 1 AS VARCHAR), 2) AS month,
       sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS money_in,
       sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS money_out, count(*) AS payments
FROM moved GROUP BY month_no ORDER BY month
"""
