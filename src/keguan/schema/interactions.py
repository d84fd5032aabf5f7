"""Tables about what happens between company and customers: events, feedback, contacts, campaigns, money spent."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.entity import ORIGIN, Entity, column

EVENTS = Entity(
    "events",
    Text("行为事件", "Events"),
    ("event_id",),
    (
        column("event_id", "text", "事件编号", "Event id"),
        column("visitor_id", "text", "访客编号", "Visitor id", required=True, privacy="personal"),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("session_id", "text", "会话编号", "Session id"),
        column("occurred_at", "timestamp", "发生时间", "Occurred at", required=True),
        column("day", "date", "日期", "Day", derived=True),
        column("hour", "integer", "小时", "Hour", derived=True),
        column("name", "text", "事件", "Event", required=True),
        column("page", "text", "页面", "Page"),
        column("product_id", "text", "商品编号", "Product id"),
        column("referrer", "text", "来路", "Referrer"),
        column("traffic_source", "text", "流量来源", "Traffic source"),
        column("medium", "text", "媒介", "Medium"),
        column("campaign_id", "text", "活动编号", "Campaign id"),
        column("device", "text", "设备或平台", "Device or platform"),
        column("dwell_seconds", "decimal", "停留秒数", "Dwell time (s)"),
        column("properties", "text", "其他属性", "Properties"),
        *ORIGIN,
    ),
)

FEEDBACK = Entity(
    "feedback",
    Text("客户反馈", "Feedback"),
    ("feedback_id",),
    (
        column("feedback_id", "text", "反馈编号", "Feedback id"),
        column("survey_id", "text", "问卷编号", "Survey id"),
        column("response_id", "text", "答卷编号", "Response id"),
        column("question", "text", "题目", "Question"),
        column("invited_at", "timestamp", "邀请时间", "Invited at"),
        column("invited_on", "date", "邀请日", "Invited on", derived=True),
        column("kind", "text", "类别", "Kind", required=True),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("product_id", "text", "商品", "Product"),
        column("topic", "text", "问题类型", "Topic"),
        column("unit", "text", "处理部门", "Handling department"),
        column("representative", "text", "处理人", "Representative"),
        column("region", "text", "地区", "Region"),
        column("channel", "text", "反馈渠道", "Channel"),
        column("raised_at", "timestamp", "提出时间", "Raised at"),
        column("day", "date", "日期", "Day", derived=True),
        column("resolved_at", "timestamp", "解决时间", "Resolved at"),
        column("resolved_on", "date", "解决日", "Resolved on", derived=True),
        column("status", "text", "状态", "Status"),
        column("reason", "text", "原因或处理结果", "Reason or outcome"),
        column("timely", "boolean", "按时答复", "Answered in time"),
        column("scale", "text", "量表", "Scale"),
        column("score", "decimal", "评分", "Score"),
        column("text", "text", "内容", "Text", privacy="personal"),
        *ORIGIN,
    ),
)

CONTACTS = Entity(
    "contacts",
    Text("主动触达", "Contacts"),
    ("contact_id",),
    (
        column("contact_id", "text", "触达编号", "Contact id"),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("contacted_at", "timestamp", "触达时间", "Contacted at", required=True),
        column("day", "date", "日期", "Day", derived=True),
        column("unit", "text", "部门", "Department"),
        column("channel", "text", "渠道", "Channel"),
        column("campaign_id", "text", "活动编号", "Campaign id"),
        column("product_id", "text", "商品编号", "Product id"),
        column("outcome", "text", "结果", "Outcome"),
        column("cost", "decimal", "成本", "Cost"),
        *ORIGIN,
    ),
)

CAMPAIGNS = Entity(
    "campaigns",
    Text("营销活动", "Campaigns"),
    ("campaign_id",),
    (
        column("campaign_id", "text", "活动编号", "Campaign id", required=True),
        column("name", "text", "活动名称", "Name"),
        column("strategy", "text", "策略", "Strategy"),
        column("segment", "text", "目标客群", "Target segment"),
        column("channel", "text", "渠道", "Channel"),
        column("starts_on", "date", "活动开始日", "Starts on", required=True),
        column("ends_on", "date", "活动结束日", "Ends on"),
        column("owner", "text", "负责人", "Owner"),
        column("budget", "decimal", "预算", "Budget"),
        column("cost", "decimal", "成本", "Cost"),
        column("target", "text", "目标", "Target"),
        *ORIGIN,
    ),
)

CAMPAIGN_MEMBERS = Entity(
    "campaign_members",
    Text("活动名单", "Campaign members"),
    ("campaign_id", "account_no"),
    (
        column("campaign_id", "text", "活动编号", "Campaign id", required=True),
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("arm", "text", "组别", "Arm"),
        column("assigned_at", "timestamp", "分组时间", "Assigned at"),
        column("day", "date", "日期", "Day", derived=True),
        column("exposed_at", "timestamp", "名单触达时间", "Exposed at"),
        column("exposed_on", "date", "名单触达日", "Exposed on", derived=True),
        column("sent_at", "timestamp", "名单发送时间", "Sent at"),
        column("sent_on", "date", "名单发送日", "Sent on", derived=True),
        column("delivered_at", "timestamp", "名单送达时间", "Delivered at"),
        column("delivered_on", "date", "名单送达日", "Delivered on", derived=True),
        column("opened_at", "timestamp", "名单打开时间", "Opened at"),
        column("opened_on", "date", "名单打开日", "Opened on", derived=True),
        column("clicked_at", "timestamp", "名单点击时间", "Clicked at"),
        column("clicked_on", "date", "名单点击日", "Clicked on", derived=True),
        *ORIGIN,
    ),
)

SPEND = Entity(
    "spend",
    Text("投放费用", "Spend"),
    ("day", "channel", "campaign_id", "product_id", "region"),
    (
        column("day", "date", "日期", "Day", required=True),
        column("channel", "text", "渠道", "Channel"),
        column("campaign_id", "text", "活动编号", "Campaign id"),
        column("product_id", "text", "商品编号", "Product id"),
        column("region", "text", "地区", "Region"),
        column("amount", "decimal", "投放金额", "Amount spent", required=True),
        column("impressions", "bigint", "曝光量", "Impressions"),
        column("clicks", "bigint", "点击量", "Clicks"),
        *ORIGIN,
    ),
)

COSTS = Entity(
    "costs",
    Text("服务成本", "Costs to serve"),
    ("account_no", "day", "kind"),
    (
        column("account_no", "integer", "账户号", "Account no", derived=True),
        column("day", "date", "日期", "Day", required=True),
        column("kind", "text", "成本类别", "Kind"),
        column("amount", "decimal", "金额", "Amount", required=True),
        *ORIGIN,
    ),
)

SOCIAL_METRICS = Entity(
    "social_metrics",
    Text("社交媒体指标", "Social metrics"),
    ("day", "channel", "region", "segment", "metric"),
    (
        column("day", "date", "日期", "Day", required=True),
        column("channel", "text", "渠道", "Channel"),
        column("region", "text", "地区", "Region"),
        column("segment", "text", "客群", "Segment"),
        column("metric", "text", "指标", "Metric", required=True),
        column("value", "decimal", "数值", "Value", required=True),
        *ORIGIN,
    ),
)
