"""What happened, the latest first: a row for each day, kind and subject; visits are summarised per day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.result import Column, Table

TIMELINE = (
    Column("place", Text("序号", "No."), "count", role="key"),
    Column("day", Text("日期", "Day"), "date"),
    Column("kind", Text("事项", "What"), "label", vocabulary="timeline_kind"),
    Column("subject", Text("内容", "About"), "label", vocabulary="timeline_subject"),
    Column("rows", Text("次数", "Times"), "count"),
    Column("amount", Text("金额", "Amount"), "money"),
)
MONEY = "CAST(sum({}) AS DECIMAL(18, 4))"
NO_MONEY = "CAST(NULL AS DECIMAL(18, 4))"

# Table -> a query of (day, kind, subject, rows, amount) for $account.
PARTS: Mapping[str, str] = {
    "purchases": f"""
  SELECT day, 'order' AS kind, '' AS subject, CAST(sum(orders) AS BIGINT) AS times, {MONEY.format("gross")} AS amount
  FROM purchases WHERE account_no = $account GROUP BY day HAVING sum(orders) > 0
  UNION ALL
  SELECT day, 'return' AS kind, '' AS subject, CAST(1 AS BIGINT) AS times, {MONEY.format("returns")} AS amount
  FROM purchases WHERE account_no = $account GROUP BY day HAVING sum(returns) <> 0""",
    "events": f"""
  SELECT day, 'visit' AS kind, '' AS subject, count(*) AS times, {NO_MONEY} AS amount
  FROM events WHERE account_no = $account GROUP BY day""",
    "feedback": f"""
  SELECT day, coalesce(kind, 'feedback') AS kind, coalesce(topic, '') AS subject, count(*) AS times, {NO_MONEY} AS amount
  FROM feedback WHERE account_no = $account GROUP BY day, coalesce(kind, 'feedback'), coalesce(topic, '')
  UNION ALL
  SELECT resolved_on AS day, 'resolved' AS kind, coalesce(topic, '') AS subject, count(*) AS times, {NO_MONEY} AS amount
  FROM feedback WHERE account_no = $account AND resolved_on IS NOT NULL GROUP BY resolved_on, coalesce(topic, '')""",
    "contacts": f"""
  SELECT day, 'contact' AS kind, coalesce(channel, unit, '') AS subject, count(*) AS times, {NO_MONEY} AS amount
  FROM contacts WHERE account_no = $account GROUP BY day, coalesce(channel, unit, '')""",
    "payments": f"""
  SELECT day, 'payment_due' AS kind, '' AS subject, count(*) AS times, {MONEY.format("amount")} AS amount
  FROM payments WHERE account_no = $account AND due_on IS NOT NULL GROUP BY day
  UNION ALL
  SELECT paid_on AS day, 'payment' AS kind, '' AS subject, count(*) AS times, {MONEY.format("amount")} AS amount
  FROM payments WHERE account_no = $account AND paid_on IS NOT NULL GROUP BY paid_on""",
    "campaign_members": f"""
  SELECT m.day, 'campaign' AS kind, coalesce(c.name, m.campaign_id) AS subject, count(*) AS times, {NO_MONEY} AS amount
  FROM campaign_members m LEFT JOIN campaigns c ON c.campaign_id = m.campaign_id
  WHERE m.account_no = $account GROUP BY m.day, coalesce(c.name, m.campaign_id)""",
    "leads": f"""
  SELECT day, 'lead' AS kind, coalesce(lead_source, '') AS subject, count(*) AS times, {MONEY.format("amount")} AS amount
  FROM leads WHERE account_no = $account GROUP BY day, coalesce(lead_source, '')""",
    "consents": f"""
  SELECT day, CASE WHEN granted THEN 'consent' ELSE 'objection' END AS kind, purpose AS subject, count(*) AS times,
         {NO_MONEY} AS amount
  FROM consents WHERE account_no = $account GROUP BY day, CASE WHEN granted THEN 'consent' ELSE 'objection' END, purpose""",
}


def timeline_table(inputs: Inputs, account: int, rows: int) -> Table:
    """At most `rows` rows, the latest first; rows without a day come last."""
    union = "\n  UNION ALL".join(sql for table, sql in PARTS.items() if inputs.has(table))
    if not union:
        return inputs.computed("timeline", TITLE, TIMELINE, ("place",), [], method="customer_360.timeline")
    sql = f"""
SELECT place, day, kind, subject, times AS rows, amount
FROM (
  SELECT t.*, row_number() OVER (ORDER BY day DESC NULLS LAST, kind, subject, times, amount) AS place
  FROM ({union}
  ) t
) numbered
WHERE place <= $rows
ORDER BY place
"""
    return inputs.table("timeline", TITLE, TIMELINE, ("place",), sql, account=account, rows=rows)


TITLE = Text("时间线", "Timeline")


def open_issues_table(inputs: Inputs, account: int) -> Table:
    """Complaints, enquiries and suggestions that are not solved."""
    table = inputs.table(
        "open_issues", Text("未解决的问题", "Open issues"), ISSUES, ("place",), ISSUES_SQL, account=account
    )
    return replace(table, note=Text("截至报告日尚未解决", "not solved by the as-of date"))


ISSUES = (
    Column("place", Text("序号", "No."), "count", role="key"),
    Column("kind", Text("类别", "Kind"), "label", vocabulary="timeline_kind"),
    Column("topic", Text("问题类型", "Topic"), "label", vocabulary="unknown"),
    Column("raised_on", Text("提出日", "Raised on"), "date"),
    Column("days", Text("已过天数", "Days since"), "days"),
    Column("unit", Text("处理部门", "Handling department"), "text"),
)
ISSUES_SQL = """
SELECT row_number() OVER (ORDER BY day, kind, topic, unit, feedback_id) AS place, kind, coalesce(topic, '待核实') AS topic,
       day AS raised_on, CAST(date_diff('day', day, $as_of) AS DOUBLE) AS days, unit
FROM feedback
WHERE account_no = $account AND kind IN ('complaint', 'enquiry', 'suggestion', 'opinion')
  AND coalesce(status, 'open') <> 'solved' AND resolved_on IS NULL
ORDER BY place
"""

CONSENTS = (
    Column("purpose", Text("用途", "Purpose"), "label", role="key", vocabulary="timeline_subject"),
    Column("granted", Text("是否同意", "Granted"), "text"),
    Column("day", Text("日期", "Day"), "date"),
)
CONSENTS_SQL = """
SELECT purpose, granted, day
FROM (
  SELECT purpose, granted, day,
         row_number() OVER (PARTITION BY purpose ORDER BY given_at DESC NULLS LAST, day DESC NULLS LAST, granted) AS place
  FROM consents WHERE account_no = $account
) ranked
WHERE place = 1
ORDER BY purpose
"""


def consents_table(inputs: Inputs, account: int) -> Table:
    """The latest word on each purpose; of two at the same moment the refusal counts."""
    return inputs.table(
        "consents", Text("授权同意", "Consents"), CONSENTS, ("purpose",), CONSENTS_SQL, account=account
    )
