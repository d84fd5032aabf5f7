"""A card: one action for one segment with one owner, a due date and a target; and the refusal of cards that are none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from keguan.core.errors import UNPRINTABLE, UsageError, Where
from keguan.core.text import Text, same
from keguan.schema.terms.strategies import ACTION_METRIC

LONGEST, LONGEST_NAME, LONGEST_OWNER = 500, 100, 60
RATES = ("activation_rate", "complaint_rate")
LARGEST = Decimal(10) ** 13
SEVERAL = re.compile(r"[,，、;；/|&＆+\n]|\b(?:and|or)\b|和|与|及")


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it stands after a change."""

    action_id: str
    change_no: int
    day: date
    changed_at: datetime
    changed_by: str | None
    change: str
    based_on: date
    segmentation: str
    segment: str
    action: str
    due_on: date
    pain: str | None = None
    resources: str | None = None
    owner: str | None = None
    metric: str | None = None
    target_value: Decimal | None = None
    state: str = "open"
    done_on: date | None = None
    campaign_id: str | None = None
    carried_from: str | None = None
    times_carried: int = 0
    remark: str | None = None

    def row(self) -> dict[str, Any]:
        """The row of the table."""
        return asdict(self)


def words(given: str | None, option: str, longest: int = LONGEST) -> str | None:
    """A text as it may be kept: blanks run together, no control characters. None for an empty one."""
    if given is None:
        return None
    text = " ".join(given.split())
    if len(text) > longest or any(unicodedata.category(letter) in UNPRINTABLE for letter in text):
        raise UsageError(
            Text("文字太长，或有控制字符、无法解码的字符", "The text is too long, or holds characters that are no text"),
            Where(setting=option),
            found=f"{len(text):,}",
            allowed=Text(f"至多 {longest} 字的普通文字", f"plain text of at most {longest} characters"),
            do=Text("改短或改正后重试", "shorten or correct it and try again"),
        )  # fmt: skip
    return text or None


def needed(given: str | None, option: str, longest: int = LONGEST) -> str:
    """The same for a text that must be there."""
    text = words(given, option, longest)
    if text is None:
        raise UsageError(
            Text("这一项不能为空", "This must not be empty"),
            Where(setting=option),
            do=Text("写上内容后重试", "give it and try again"),
        )
    return text


def one_owner(given: str | None, option: str = "--owner") -> str | None:
    """The name of one person. UsageError for several: nobody answers for what two answer for."""
    owner = words(given, option, LONGEST_OWNER)
    if owner is not None and SEVERAL.search(owner):
        raise UsageError(
            Text("一项行动只有一位责任人", "An action has one owner"),
            Where(setting=option),
            found=owner,
            allowed=Text("一个人的姓名", "the name of one person"),
            do=Text("写一位；其余的人另建行动", "name one; make other actions for the others"),
        )
    return owner


def metric_of(given: str | None) -> str | None:
    """A metric as stored, given as stored or in either language."""
    if given is None:
        return None
    for name, text in ACTION_METRIC.items():
        if given in (name, text.zh, text.en):
            return name
    raise UsageError(
        Text("没有这个指标", "There is no such metric"),
        Where(setting="--metric"),
        found=given,
        allowed=Text(*(", ".join(f"{name} ({text.in_(language)})" for name, text in ACTION_METRIC.items())
                       for language in ("zh", "en"))),
        do=Text("写其中之一", "give one of them"),
    )  # fmt: skip


def target_of(given: str | None, metric: str | None) -> Decimal | None:
    """A target: '30%' or '0.3' of a rate, a plain number otherwise."""
    if given is None:
        return None
    text = given.strip().replace(",", "").replace("％", "%")
    try:
        value = Decimal(text.removesuffix("%").strip())
        value = value / 100 if text.endswith("%") else value
    except InvalidOperation:
        value = Decimal("NaN")
    top = Decimal(1) if metric in RATES else LARGEST
    if (
        metric is None
        or not value.is_finite()
        or not 0 <= value <= top
        or (text.endswith("%") and metric not in RATES)
    ):
        raise UsageError(
            Text("目标有误", "The target is wrong"),
            Where(setting="--target"),
            found=given,
            allowed=Text("占比写 0 至 100%，其余写不小于 0 的数；须同时写 --metric",
                         "0 to 100% of a rate, otherwise a number from 0 up; with --metric"),
            do=Text("改正后重试", "correct it and try again"),
        )  # fmt: skip
    return value.quantize(Decimal("0.0001"))


def due_after(due: date, start: date) -> date:
    """The due date. UsageError when it is not after the day that the card rests on: nothing could be measured."""
    if due <= start:
        raise UsageError(
            Text("截止日已过", "The due date is past"),
            Where(setting="--due"),
            found=due.isoformat(),
            allowed=same(f"> {start.isoformat()}"),
            do=Text("写一个更晚的日期", "give a later day"),
        )
    return due
