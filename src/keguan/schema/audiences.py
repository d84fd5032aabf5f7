"""Tables in which frozen audiences are kept: who was drawn is in campaign_members, how and from what stands here.

No file imports into them: a draw is made once and cannot be made again from the data of another day.
"""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.entity import Entity, column

# Where rows of campaigns and campaign_members come from that an audience has frozen.
FROZEN_SOURCE = "keguan audience"
TREATMENT, CONTROL = "treatment", "control"

AUDIENCES = Entity(
    "audiences",
    Text("活动人群", "Audiences"),
    ("audience_id",),
    (
        column("audience_id", "text", "人群编号", "Audience id"),
        column("campaign_id", "text", "活动编号", "Campaign id"),
        column("name", "text", "活动名称", "Name"),
        column("segment", "text", "目标客群", "Target segment"),
        column("as_of", "date", "截至日", "As of"),
        column("made_at", "timestamp", "作出时间", "Made at"),
        column("channel", "text", "渠道", "Channel"),
        column("purposes", "text", "核对的用途", "Purposes checked"),
        column("starts_on", "date", "活动开始日", "Starts on"),
        column("ends_on", "date", "活动结束日", "Ends on"),
        column("segment_size", "bigint", "分群人数", "Size of the segment"),
        column("treated", "bigint", "触达组人数", "Customers to contact"),
        column("held_out", "bigint", "留出组人数", "Customers held out"),
        column("excluded", "text", "按原因排除", "Excluded by reason"),
        column("holdout", "text", "留出方式", "How the holdout was sized"),
        column("seed", "text", "随机种子", "Seed"),
        column("stratified_by", "text", "分层依据", "Stratified by"),
        column("strata", "text", "各层人数", "Sizes of the strata"),
        column("primary_metric", "text", "主要指标", "Primary metric"),
        column("base_value", "decimal", "基准值", "Base value"),
        column("base_customers", "bigint", "基准客户数", "Customers of the base"),
        column("smallest_effect", "decimal", "计划差异", "Planned difference"),
        column("detectable", "decimal", "可检出差异", "Detectable difference"),
        column("power", "decimal", "统计功效", "Power"),
        column("settings", "text", "人群设置", "Settings of the audience"),
        column("data_versions", "text", "数据版本", "Data versions"),
    ),
)

AUDIENCE_EXPORTS = Entity(
    "audience_exports",
    Text("人群导出记录", "Exports of audiences"),
    ("audience_id", "exported_at"),
    (
        column("audience_id", "text", "人群编号", "Audience id"),
        column("exported_at", "timestamp", "导出时间", "Exported at"),
        column("day", "date", "日期", "Day"),
        column("file_form", "text", "文件格式", "Form of the file"),
        column("customers", "bigint", "导出客户数", "Customers exported"),
        column("withdrawn", "bigint", "撤回授权人数", "Consents withdrawn"),
        column("unreachable", "bigint", "已无地址人数", "Without an address by now"),
        column("sha256", "text", "指纹", "SHA-256"),
    ),
)

UNIVERSAL_CONTROL = Entity(
    "universal_control",
    Text("全局对照组", "Universal control group"),
    ("account_no",),
    (
        column("account_no", "integer", "账户号", "Account no"),
        column("day", "date", "日期", "Day"),
        column("made_at", "timestamp", "作出时间", "Made at"),
        column("share", "decimal", "抽取比例", "Share drawn"),
        column("seed", "text", "随机种子", "Seed"),
    ),
)

AUDIENCE_TABLES: tuple[Entity, ...] = (AUDIENCES, AUDIENCE_EXPORTS, UNIVERSAL_CONTROL)
