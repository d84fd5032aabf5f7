"""What a campaign aimed at, what its members did, and what customers alike do without it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from keguan.analyses.campaign.case import Case
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.standardised_rate import standardised_rate
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.campaigns.natural import natural_sql
from keguan.marts.experiments.arms import CONTROL
from keguan.result import Column, Table

# A share of members: a word for it and one percentage, and nothing that makes it a rise or a range.
_RATE = re.compile(
    r"激活率|唤醒率|转化率|召回率|回流率|下单率|响应率|复购率|二购率|购买率"
    r"|\b(?:activation|conversion|reactivation|win-?back|response|order|repurchase|return)(?: rate)?\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
_RELATIVE = re.compile(
    r"提升|提高|增长|增加|上升|下降|降低|个?百分点|[+＋±]|\d\s*[%％]?\s*[-–~～至到]\s*\d"
    r"|\b(?:by|increase|rise|lift|uplift|grow|growth|points?|more|up)\b",
    re.IGNORECASE,
)
COVERED = 0.8  # share of members with customers alike, from which the comparison is told

_ID = Column("campaign", Text("活动编号", "Campaign id"), "text", role="key")
_NAME = Column("name", Text("活动", "Campaign"), "text")
TARGET_COLUMNS = (
    _ID, _NAME,
    Column("target", Text("目标（原文）", "Target as written"), "text"),
    Column("target_rate", Text("目标比率", "Target rate"), "share"),
    Column("members", Text("成员（不含对照组）", "Members without the control"), "count"),
    Column("share", Text("转化率", "Conversion"), "share"),
    Column("natural", Text("自然回流率", "Natural return rate"), "share",
           note=Text("没有这次活动也会下单的占比", "share who order without this campaign")),
    Column("natural_source", Text("自然回流来自", "Natural rate from"), "label", vocabulary="natural_source"),
    Column("reads", Text("目标与自然回流", "Target and natural return"), "label", vocabulary="target_reads"),
)  # fmt: skip
INTERVAL_COLUMNS = (
    _ID, _NAME,
    Column("ordered", Text("转化客户数", "Customers who ordered"), "count"),
    Column("low", Text("转化率下限", "Conversion from"), "share", role="low",
           note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("转化率上限", "Conversion to"), "share", role="high"),
    Column("natural_low", Text("自然回流下限", "Natural, from"), "share", role="low"),
    Column("natural_high", Text("自然回流上限", "Natural, to"), "share", role="high"),
    Column("natural_n", Text("自然回流的客户数", "Customers of the natural rate"), "count"),
    Column("target_kind", Text("目标口径", "Kind of target"), "label", vocabulary="target_kind"),
)  # fmt: skip


def target_rate(text: str | None) -> float | None:
    """The share of members that a target asks for; None where it is another figure, a rise, a range or not defined."""
    if not text or not _RATE.search(text) or _RELATIVE.search(text):
        return None
    found = _PERCENT.findall(text)
    share = float(found[0]) / 100 if len(found) == 1 else None
    return share if share is not None and 0 < share <= 1 else None


@dataclass(frozen=True, slots=True)
class Natural:
    """The share of customers alike who ordered without the campaign."""

    rate: float
    interval: Interval
    n: int
    source: str


def target_tables(
    inputs: Inputs, cases: Sequence[Case], also: Sequence[str], sql: str
) -> tuple[Table, Table]:
    """Conversion of the members, the natural return rate and the target beside it; intervals and sizes."""
    rows = [_row(inputs, case, also) for case in cases]

    def made(id: str, title: Text, columns: Sequence[Column], note: Text | None) -> Table:
        names = [column.name for column in columns]
        return inputs.computed(
            id, title, columns, ("campaign",), [{name: row[name] for name in names} for row in rows],
            method="evidence.statistics.wilson, standardised_rate", sql=sql, note=note,
        )  # fmt: skip

    note = Text(
        "自然回流：有对照组的取对照组；没有的，目标是比率时取沉默时长与下单次数相同的客户在更早同样长的期间下单的占比，按成员构成加权",
        "natural return: that of the control; without one, where the target is a rate, customers as long silent and "
        "with as many orders in days as many earlier, weighted by the members' make-up",
    )
    intervals = Text("转化率与自然回流率的区间", "Intervals of conversion and natural return")
    return (
        made("targets", Text("转化率、目标与自然回流", "Conversion, targets and natural return"), TARGET_COLUMNS, note),
        made("target_intervals", intervals, INTERVAL_COLUMNS, None),
    )  # fmt: skip


def _row(inputs: Inputs, case: Case, also: Sequence[str]) -> dict[str, Any]:
    n, ordered, least = case.members(), case.ordered(), inputs.settings.min_n
    ends = wilson(ordered, n) if n >= least else None
    target = case.row["target"]
    rate = target_rate(target)
    natural = _natural(inputs, case, also, rate is not None)
    reads = None
    if rate is not None and natural is not None:
        low, high = natural.interval
        reads = "over" if low > rate else "under" if high < rate else "same"
    return {
        "campaign": case.id, "name": case.name, "members": n, "ordered": ordered, "share": ordered / n if ends else None,
        "low": ends.low if ends else None, "high": ends.high if ends else None,
        "natural": natural.rate if natural else None, "natural_low": natural.interval.low if natural else None,
        "natural_high": natural.interval.high if natural else None, "natural_n": natural.n if natural else None,
        "natural_source": natural.source if natural else "unknown", "target": target, "target_rate": rate,
        "target_kind": None if not target else "rate" if rate is not None else "unclear", "reads": reads,
    }  # fmt: skip


def _natural(inputs: Inputs, case: Case, also: Sequence[str], asked: bool) -> Natural | None:
    """Of the control where there is one; else of customers alike at an earlier time, where a target asks for it."""
    n, least = case.members(CONTROL), inputs.settings.min_n
    if n and case.state != "not_alike":
        ends = wilson(case.ordered(CONTROL), n)
        return Natural(case.ordered(CONTROL) / n, ends, n, "control") if ends and n >= least else None
    return _earlier(inputs, case, also) if asked and case.members() >= least else None


def _earlier(inputs: Inputs, case: Case, also: Sequence[str]) -> Natural | None:
    """A year before where there are orders of that time, else just before."""
    first, last = case.span.first_day, case.span.last_day
    known = inputs.query("SELECT min(day) AS day FROM purchases WHERE account_no IS NOT NULL").to_pylist()[0][
        "day"
    ]
    length = last - first
    for source, then in (("year", _year_before(first)), ("before", first - length - timedelta(days=1))):
        if known is None or then - timedelta(days=90) < known:
            continue
        rows = inputs.query(
            natural_sql(case.span, also), first=first, then=then, then_last=then + length
        ).to_pylist()
        found = standardised_rate(
            [(row["members"], row["customers"], row["ordered"]) for row in rows if row["band"]]
        )
        placed = sum(row["members"] for row in rows if row["band"])
        covered = found.covered * placed / case.members() if found else 0.0
        if found and found.n >= inputs.settings.min_n and covered >= COVERED:
            return Natural(found.rate, found.interval, found.n, source)
    return None


def _year_before(day: date) -> date:
    return day - timedelta(days=364)  # the same weekday
