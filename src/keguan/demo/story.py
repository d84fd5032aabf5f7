"""What is planted in the demo shop for the report to find: the effects, and the sentences that name them."""

from __future__ import annotations

from datetime import date

from keguan.core.text import Text
from keguan.demo.season import day_index

APP_LOSS_FROM = date(2026, 3, 1)
APP_LOSS = 0.46  # share of APP-first customers who would have come back and now never do
APP_LOSS_DAY = day_index(APP_LOSS_FROM)

GROWING_PROVINCE = "四川省"
GROWTH_FROM = date(2026, 5, 1)
GROWTH = 1.7  # both on new customers and on the pace of those it has
GROWTH_DAY = day_index(GROWTH_FROM)

FAILING_CATEGORY = "小家电"
FAILURE_FROM = date(2026, 7, 1)
REFUND_BEFORE = 0.042
REFUND_AFTER = 0.125  # some refunds of the last weeks fall after the export: about 11 % are seen
FAILURE_DAY = day_index(FAILURE_FROM)

STORY: tuple[Text, ...] = (
    Text(
        "自 2026 年 3 月起，首单来自 APP 的新客户在 90 天内再次购买的比例下降约四成，其他渠道没有这一变化。",
        "Since March 2026 new customers whose first order came through the APP buy again within 90 days "
        "about 40% less often; other channels did not change.",
    ),
    Text(
        "四川省近 6 个月（2026 年 5 月至 10 月）的销售额比上年同期大幅增长，增速明显高于全国。",
        "Sichuan grew strongly in the last six months (May to October 2026) against the year before, "
        "well ahead of the country.",
    ),
    Text(
        "小家电的退款率在最近 4 个月（2026 年 7 月至 10 月）由约 4% 升至约 11%。",
        "The refund rate of small appliances (小家电) rose from about 4% to about 11% in the last four "
        "months (July to October 2026).",
    ),
)
