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

PAYING_PLATFORM = "小程序"
PAYING_FAILS = (date(2026, 9, 14), date(2026, 9, 27))  # first and last day
PAYING_FAILS_DAYS = (day_index(PAYING_FAILS[0]), day_index(PAYING_FAILS[1]))

SLOW_REGION = "广东省"
SLOW_FROM = date(2026, 7, 1)
SLOW_DAY = day_index(SLOW_FROM)
SLOW_DELIVERY = 1.9  # times as long on the way

PRESSURE_UNITS = ("市场部", "会员中心", "销售部")
WORKING_CAMPAIGN, IDLE_CAMPAIGN = "HD2605", "HD2607"
DEARER_CHANNEL = "短视频投放"

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
    Text(
        "2026 年 9 月 14 日至 27 日，小程序里提交订单后未能支付的比例由约一成升至四成以上，新客户最为明显，APP 与网页没有变化。",
        "From 14 to 27 September 2026 the share of submitted orders that were not paid in the mini program (小程序) rose "
        "from about a tenth to more than four tenths, most of all for new customers; APP and web did not change.",
    ),
    Text(
        "半年以上没有购买的沉默客户回来浏览时，约半数会看商品对比页；其他访问约为 7%。",
        "When customers silent for more than half a year come to browse, about half of them read the page that compares "
        "products; of other visits about 7%.",
    ),
    Text(
        "广东省自 2026 年 7 月起订单在途时间接近翻倍，对物流速度的评分下降约 1.5 分（5 分制），投诉解决用时约为其他地区的三倍。",
        "In Guangdong (广东省) orders are on their way nearly twice as long from July 2026 on, scores of delivery speed fell by "
        "about 1.5 of 5, and complaints take about three times as long to be solved as elsewhere.",
    ),
    Text(
        "2026 年 7 月以后买小家电的客户满意度更低，小家电评价中提到坏了、漏电、噪音的比例大幅上升。",
        "Customers who bought small appliances (小家电) since July 2026 are less satisfied, and far more reviews of them speak "
        "of failures (坏了), leaking current (漏电) and noise (噪音).",
    ),
    Text(
        "未解决的投诉多来自其后 120 天内没有再下单的客户。",
        "Unsolved complaints are mostly those of customers who did not order again within the next 120 days.",
    ),
    Text(
        "一周内收到多个部门触达的客户，每次触达后的退订比例是只收到一个部门触达的数倍。",
        "Customers who hear from several units in one week unsubscribe at a contact several times as often as those who hear "
        "from one.",
    ),
    Text(
        "活动「沉默客户唤醒」（HD2605）的实验组其后 30 天下单比例约为对照组的两倍以上；「老客满减券」（HD2607）两组没有差别。",
        "Of those contacted in the campaign for silent customers (HD2605) more than twice the share of the control group ordered "
        "within 30 days; in the coupon campaign for old customers (HD2607) the two groups do not differ.",
    ),
    Text(
        "短视频投放自 2026 年 3 月起每天多花约七成，带来的新客户没有相应增加。",
        "Spend on short videos (短视频投放) rose by about 70% a day from March 2026 on; new customers through it did not.",
    ),
    Text(
        "少数消费额很高（A 类）的客户，近一年的服务成本超过他们带来的毛利。",
        "A handful of customers with high spend (class A) cost more to serve in the last year than the margin they leave.",
    ),
    Text(
        "老客推荐来的企业线索成交率是展会线索的数倍；建筑业客户拖欠回款最多。",
        "Leads recommended by customers are won several times as often as those from fairs; customers in construction pay late "
        "most often.",
    ),
    Text(
        "自 2026 年 7 月起每月销售额约完成目标的九成；四川省超额完成目标。",
        "Since July 2026 about nine tenths of each month's revenue target are reached; Sichuan (四川省) exceeds its targets.",
    ),
)
