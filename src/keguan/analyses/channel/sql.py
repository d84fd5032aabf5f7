"""Queries of the analysis of channels. SQL text only.

Parameters: $first, $last, $base_first, $base_last (see marts.period_pair), $most (channels by name).
"""

from __future__ import annotations

from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.marts.line_metrics import LINE_NET, LINE_ORDERS, SOLD_OR_RETURNED
from keguan.marts.period_pair import IN_PERIODS
from keguan.schema.vocabulary import UNKNOWN

OTHER, NOBODY = "其他", "未下单"
MOBILE, FIXED = "移动端", "非移动端"

# Parts of the names of devices and channels that tell a phone or its absence; other names tell neither.
ON_PHONE = (
    "app", "小程序", "微信", "wechat", "手机", "移动", "mobile", "iphone", "ipad", "ios", "android", "安卓", "鸿蒙", "h5",
)  # fmt: skip
NOT_ON_PHONE = (
    "pc", "电脑", "桌面", "desktop", "laptop", "windows", "mac", "门店", "线下", "store", "offline", "电话", "传真", "pos",
)  # fmt: skip


def _any(expression: str, words: tuple[str, ...]) -> str:
    return " OR ".join(f"contains({expression}, '{word}')" for word in words)


def device_class(device: str, channel: str) -> str:
    """SQL: 移动端, 非移动端 or 待核实, by the device, else by the channel. 'app store' is a phone: phones first."""
    told = f"lower(coalesce({device}, {channel}, ''))"
    return (
        f"CASE WHEN {_any(told, ON_PHONE)} THEN '{MOBILE}' "
        f"WHEN {_any(told, NOT_ON_PHONE)} THEN '{FIXED}' ELSE '{UNKNOWN}' END"
    )


# Channels by name: those with the largest number of orders in the two periods; the others are one.
_NAMED = f"""
counted AS (
  SELECT coalesce(channel, '{UNKNOWN}') AS channel, {LINE_ORDERS.sql} AS orders
  FROM order_lines WHERE {SOLD_OR_RETURNED} AND {IN_PERIODS}
  GROUP BY coalesce(channel, '{UNKNOWN}')
), named AS (
  SELECT channel FROM (
    SELECT channel, row_number() OVER (ORDER BY orders DESC, channel) AS place FROM counted) t
  WHERE place <= $most
)"""
_CURRENT = "CASE WHEN l.day >= $first THEN 1 ELSE 0 END"
_CHANNEL = f"coalesce(n.channel, '{OTHER}')"
_JOIN_NAMED = f"LEFT JOIN named n ON n.channel = coalesce(l.channel, '{UNKNOWN}')"
# Guests are no customers; their orders of a day stand together.
_GROUP = (
    f"CASE WHEN account_no IS NULL THEN date_diff('day', DATE '2000-01-01', l.day) % 200 ELSE {BUCKET} END"
)


def cells_sql(with_device: bool) -> str:
    """Orders and money by channel, kind of device, random group of customers and period."""
    # The names of the joined columns must not be those of the lines.
    join = (
        "LEFT JOIN (SELECT order_id AS device_order, device FROM orders) o ON o.device_order = l.order_id"
        if with_device
        else ""
    )
    told = device_class("o.device" if with_device else "NULL", "l.channel")
    return f"""
WITH {_NAMED}, lines AS (
  SELECT {_CHANNEL} AS channel_name, {told} AS device_class, {_GROUP} AS bucket, {_CURRENT} AS is_current,
         l.movement, l.amount, l.opens_order
  FROM order_lines l {_JOIN_NAMED} {join}
  WHERE {SOLD_OR_RETURNED} AND {IN_PERIODS}
)
SELECT channel_name AS channel, device_class, CAST(bucket AS INTEGER) AS bucket, is_current,
       {LINE_ORDERS.sql} AS orders, {LINE_NET.sql} AS net_revenue
FROM lines
GROUP BY channel_name, device_class, bucket, is_current
ORDER BY channel, device_class, bucket, is_current
"""


_USED = f"""
used AS (
  SELECT l.account_no, {_CHANNEL} AS channel_name, {_CURRENT} AS is_current,
         {LINE_ORDERS.sql} AS orders, {LINE_NET.sql} AS net, max(l.day) AS last_day
  FROM order_lines l {_JOIN_NAMED}
  WHERE {SOLD_OR_RETURNED} AND {IN_PERIODS} AND l.account_no IS NOT NULL
  GROUP BY l.account_no, {_CHANNEL}, {_CURRENT}
)"""

# Customers with an order through a channel: one of several channels counts in each.
CUSTOMERS_SQL = f"""
WITH {_NAMED}, {_USED}
SELECT channel_name AS channel,
       CAST(sum(CASE WHEN is_current = 1 THEN 1 ELSE 0 END) AS BIGINT) AS customers,
       CAST(sum(CASE WHEN is_current = 0 THEN 1 ELSE 0 END) AS BIGINT) AS base_customers
FROM used WHERE orders > 0
GROUP BY channel_name ORDER BY channel
"""

# The main channel of a customer in a period: the largest number of orders, then money, then the latest.
MIGRATION_SQL = f"""
WITH {_NAMED}, {_USED}, ranked AS (
  SELECT account_no, channel_name, is_current, net,
         row_number() OVER (PARTITION BY account_no, is_current
                            ORDER BY orders DESC, net DESC, last_day DESC, channel_name) AS place,
         sum(net) OVER (PARTITION BY account_no, is_current) AS all_net,
         count(*) OVER (PARTITION BY account_no, is_current) AS channels
  FROM used WHERE orders > 0
), main AS (
  SELECT account_no,
         max(CASE WHEN is_current = 0 THEN channel_name END) AS from_channel,
         max(CASE WHEN is_current = 1 THEN channel_name END) AS to_channel,
         sum(CASE WHEN is_current = 0 THEN all_net ELSE 0 END) AS base_net,
         sum(CASE WHEN is_current = 1 THEN all_net ELSE 0 END) AS net,
         max(CASE WHEN is_current = 1 AND channels > 1 THEN 1 ELSE 0 END) AS multiple
  FROM ranked WHERE place = 1 GROUP BY account_no
)
SELECT coalesce(from_channel, '{NOBODY}') AS from_channel, coalesce(to_channel, '{NOBODY}') AS to_channel,
       count(*) AS customers, sum(base_net) AS base_net_revenue, sum(net) AS net_revenue,
       CAST(sum(multiple) AS BIGINT) AS multiple
FROM main
GROUP BY coalesce(from_channel, '{NOBODY}'), coalesce(to_channel, '{NOBODY}')
ORDER BY from_channel, to_channel
"""
