"""Which kind of record a file holds: the columns it must have, and those by which the kind is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keguan.mapping.aliases import EntityKind
from keguan.mapping.assign import Assignment, assign
from keguan.mapping.headers import comparable
from keguan.mapping.kinds import customer_concept
from keguan.mapping.likeness import Likeness
from keguan.mapping.model import Hints
from keguan.mapping.profile import ColumnProfile
from keguan.mapping.questionnaire import is_wide

CUSTOMER = "customer"  # stands for whatever concept names the customer
NAMED_SO = 2  # what a telling file name counts, in columns
CLEAR = 80  # tier from which a header is no mere guess


@dataclass(frozen=True, slots=True)
class RecordKind:
    """How a kind of record is recognised.

    `needs`: of each group at least one column. `tells`: columns that other kinds do not have; `enough` of
    them decide. `files`: words in the name of such a file. `never`: columns that such a file cannot have.
    """

    needs: tuple[tuple[str, ...], ...]
    tells: tuple[str, ...]
    files: tuple[str, ...]
    enough: int = 1
    never: tuple[str, ...] = ()


# In this order where two kinds are told equally well.
KINDS_OF_RECORDS: Mapping[EntityKind, RecordKind] = {
    "events": RecordKind(
        (("visitor_id", CUSTOMER), ("name",), ("occurred_at",)), ("name", "session_id", "visitor_id", "page"),
        ("事件", "埋点", "行为日志", "点击流", "events", "clickstream"),
    ),
    "leads": RecordKind(
        (("lead_id",), ("created_at",)), ("lead_id", "stage", "lost_reason"), ("线索", "商机", "leads"), enough=2,
    ),
    "payments": RecordKind(
        (("due_on", "paid_on"), ("amount",)), ("due_on", "payment_id"), ("收款", "回款", "应收", "payments"),
    ),
    "campaign_members": RecordKind(
        (("campaign_id",), (CUSTOMER,)), ("arm", "assigned_at", "exposed_at", "delivered_at", "opened_at", "clicked_at"),
        ("名单", "members", "分组"),
    ),
    "contacts": RecordKind(
        ((CUSTOMER,), ("contacted_at",)), ("contacted_at", "outcome"), ("触达", "外呼", "contacts", "touches"),
    ),
    "feedback": RecordKind(
        (("score", "text", "status", "topic"),),
        ("text", "score", "feedback_id", "question", "resolved_at", "raised_at", "topic", "scale"),
        ("投诉", "反馈", "评价", "评论", "问卷", "咨询", "工单", "访谈", "满意度", "建议", "feedback", "complaint",
         "review", "survey", "ticket", "enquir", "inquir", "interview", "nps", "csat"),
    ),
    "consents": RecordKind(
        ((CUSTOMER,), ("granted",)), ("purpose", "granted"), ("授权", "同意", "consent"), enough=2,
    ),
    "contact_persons": RecordKind(
        ((CUSTOMER,), ("name",)), ("role", "title", "person_id"), ("联系人", "contact_person"),
    ),
    "subscriptions": RecordKind(
        ((CUSTOMER,), ("tenure_months", "started_on", "churned", "plan")),
        ("tenure_months", "churned", "plan", "monthly_amount", "total_amount"), ("合约", "订阅", "subscription"),
        enough=2,
    ),
    "benchmarks": RecordKind(
        (("metric",), ("low", "high", "value")), ("low", "high", "tolerance", "population", "valid_until"),
        ("参考区间", "行业", "基准", "benchmark"), enough=2,
    ),
    "targets": RecordKind(
        (("metric",), ("period",), ("value",)), ("value", "period"), ("目标", "计划", "target", "plan"), enough=2,
    ),
    "campaigns": RecordKind(
        (("campaign_id", "name"), ("starts_on",)), ("starts_on", "ends_on", "budget", "strategy", "segment", "target"),
        ("活动", "策略", "campaign"), enough=2, never=(CUSTOMER,),
    ),
    "spend": RecordKind(
        (("day",), ("amount",), ("channel", "campaign_id")), ("impressions", "clicks"),
        ("投放", "推广", "广告", "花费", "spend", "ads"), never=(CUSTOMER,),
    ),
    "social_metrics": RecordKind(
        (("day",), ("metric",), ("value",)), ("metric",), ("社交", "粉丝", "social"), never=(CUSTOMER,),
    ),
    "costs": RecordKind((("day",), ("amount",)), ("kind",), ("成本", "费用", "cost")),
    "external_labels": RecordKind(
        (("topic",), ("day",)), ("topic", "published_by"), ("市场", "政策", "竞争", "外部", "market"), never=(CUSTOMER,),
    ),
}  # fmt: skip


def likeness(
    profiles: Sequence[ColumnProfile], kind: EntityKind, hints: Hints, file_name: str
) -> Likeness | None:
    """The columns as this kind of record; None when something is missing or nothing tells it."""
    known = KINDS_OF_RECORDS[kind]
    assignment = assign(profiles, kind, hints)
    has_all = all(any(_has(assignment, name) for name in group) for group in known.needs)
    if not has_all or any(_has(assignment, name) for name in known.never):
        return None
    told = sum(name in assignment.chosen and assignment.chosen[name].tier >= CLEAR for name in known.tells)
    name = comparable(file_name.rsplit("/", 1)[-1].split(".")[0])
    if any(comparable(word) in name for word in known.files):
        told += NAMED_SO
    if kind == "feedback" and is_wide(profiles):
        told += NAMED_SO
    return Likeness(assignment, told - known.enough) if told >= known.enough else None


def _has(assignment: Assignment, name: str) -> bool:
    if name == CUSTOMER:
        return customer_concept(assignment) is not None
    choice = assignment.chosen.get(name)
    return choice is not None and choice.column.filled > 0


def best_record(profiles: Sequence[ColumnProfile], hints: Hints, file_name: str) -> Likeness | None:
    """The kind of record that the columns and the file's name tell best; None when they tell none."""
    found = [
        like for kind in KINDS_OF_RECORDS if (like := likeness(profiles, kind, hints, file_name)) is not None
    ]
    return max(found, key=lambda like: like.beyond, default=None)
