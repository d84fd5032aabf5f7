"""What people plan: cards of actions. Each row is one change of a card with all that the card said from then on.

A row counts from its `day`; the card as of a day is its last change until then. Nothing makes these rows again.
"""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.entity import Entity, column

ACTIONS = Entity(
    "actions",
    Text("行动计划", "Action plan"),
    ("action_id", "change_no"),
    (
        column("action_id", "text", "行动编号", "Action id"),
        column("change_no", "integer", "改动序号", "Change no"),
        column("day", "date", "计入日", "Day it counts"),
        column("changed_at", "timestamp", "改动时间", "Changed at"),
        column("changed_by", "text", "改动人", "Changed by"),
        column("change", "text", "改动", "Change"),
        column("based_on", "date", "行动依据日", "Based on data until"),
        column("segmentation", "text", "分群方法", "Segmentation"),
        column("segment", "text", "目标客群", "Target segment"),
        column("pain", "text", "痛点", "Pain"),
        column("action", "text", "行动", "Action"),
        column("resources", "text", "资源", "Resources"),
        column("owner", "text", "责任人", "Owner"),
        column("due_on", "date", "截止日", "Due by"),
        column("metric", "text", "指标", "Metric"),
        column("target_value", "decimal", "行动目标值", "Target value"),
        column("state", "text", "行动状态", "State of the action"),
        column("done_on", "date", "完成日", "Done on"),
        column("campaign_id", "text", "活动编号", "Campaign id"),
        column("carried_from", "text", "结转自", "Carried from"),
        column("times_carried", "integer", "结转次数", "Times carried"),
        column("remark", "text", "备注", "Remark"),
    ),
)

PLANNED: tuple[Entity, ...] = (ACTIONS,)
