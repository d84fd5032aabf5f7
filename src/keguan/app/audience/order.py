"""What an audience is ordered with, checked before any row is read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from keguan.core.errors import UsageError, Where
from keguan.core.text import Text, same
from keguan.marts.audiences import CHANNELS

METRICS = ("conversion", "spend")
CONSENT = ("refusal", "granted")
USUAL_DAYS = 30  # of a campaign that names no last day
LEAST, MOST = 0.05, 0.5  # share of an audience that is held out where power decides
LONGEST = 200  # characters of a name
Kind = Literal["auto", "none", "share"]


@dataclass(frozen=True, slots=True)
class Holdout:
    """How many are held out: as power asks, nobody, or a share."""

    kind: Kind
    share: float = 0.0

    def __str__(self) -> str:
        return f"{self.share * 100:g}%" if self.kind == "share" else self.kind


@dataclass(frozen=True, slots=True)
class Order:
    """An audience as asked for. `cap` and `cap_days` None: as the settings say; `mde` in units of the metric."""

    segment: str
    channel: str
    holdout: str = "auto"
    as_of: date | None = None
    campaign: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    owner: str | None = None
    budget: str | None = None
    target: str | None = None
    metric: str = "conversion"
    mde: str | None = None
    stratify: tuple[str, ...] = ()
    seed: str = "1"
    cap: int | None = None
    cap_days: int | None = None
    consent: str = "refusal"
    overlap: bool = False
    universal: str | None = None

    def settings(self) -> str:
        """All that was asked for, as JSON."""
        told = {name: value for name, value in asdict(self).items() if value not in (None, (), False)}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)


def checked(order: Order) -> Order:
    """The order itself. UsageError names the option that is wrong."""
    _one_of(order.channel, tuple(CHANNELS), "--channel")
    _one_of(order.metric, METRICS, "--metric")
    _one_of(order.consent, CONSENT, "--consent")
    holdout_of(order.holdout)
    share_of(order.universal, "--universal")
    mde_of(order.mde, order.metric)
    budget_of(order.budget)
    for option, value in (("--cap", order.cap), ("--cap-days", order.cap_days)):
        if value is not None and not 1 <= value <= 1000:
            raise wrong(option, str(value), Text("1 至 1,000", "1 to 1,000"))
    for option, text in (
        ("--campaign", order.campaign), ("--owner", order.owner), ("--target", order.target), ("--seed", order.seed),
    ):  # fmt: skip
        if text is not None and (not text.strip() or len(text) > LONGEST or not _is_text(text)):
            raise wrong(
                option, text[:40], Text(f"1 至 {LONGEST} 字的文字", f"a text of 1 to {LONGEST} characters")
            )
    return order


def period(order: Order, as_of: date) -> tuple[date, date]:
    """First and last day of the campaign. UsageError where it ends before it begins, or is over as of the day."""
    first = order.starts_on or as_of + timedelta(days=1)
    last = order.ends_on or first + timedelta(days=USUAL_DAYS - 1)
    if last < first:
        raise wrong("--ends", str(last), Text(f"不早于 {first}", f"not before {first}"))
    if last <= as_of:
        raise UsageError(
            Text("活动已经结束，不能再定人群", "The campaign is over: no audience can be made for it"),
            Where(setting="--ends"),
            found=f"{last} <= {as_of}",
            allowed=Text(f"{as_of} 之后的结束日", f"a last day after {as_of}"),
            do=Text(
                "改结束日，或用 --as-of 站在活动之前", "correct it, or stand before the campaign with --as-of"
            ),
        )
    return first, last


def holdout_of(text: str) -> Holdout:
    """'auto', 'none', or a percentage below 100."""
    given = text.strip().lower()
    if given in ("auto", "none"):
        return Holdout("auto" if given == "auto" else "none")
    value = _number(given.removesuffix("%").removesuffix("％"))
    if value is None or value <= 0:
        raise wrong(
            "--holdout", text, Text("auto、none 或百分比，如 10%", "auto, none or a percentage such as 10%")
        )
    if value >= 100:
        raise UsageError(
            Text("留出的人数超过了人群本身", "The holdout is larger than the audience"),
            Where(setting="--holdout"),
            found=text,
            allowed=Text("大于 0、小于 100 的百分比", "a percentage above 0 and below 100"),
            do=Text("改小，或写 auto 由统计功效决定", "make it smaller, or let power decide with auto"),
        )
    return Holdout("share", float(value) / 100)


def share_of(text: str | None, option: str) -> float | None:
    """A percentage above 0, up to 50, as a share."""
    if text is None:
        return None
    value = _number(text.strip().removesuffix("%").removesuffix("％"))
    if value is None or not 0 < value <= 50:
        raise wrong(option, text, Text("0 至 50 的百分比，如 5%", "a percentage up to 50, such as 5%"))
    return float(value) / 100


def mde_of(text: str | None, metric: str) -> float | None:
    """The smallest difference that matters: of a share in percentage points ('2%'), of spend in money."""
    if text is None:
        return None
    percent = text.strip().endswith(("%", "％"))
    value = _number(text.strip().removesuffix("%").removesuffix("％"))
    most = 100 if percent else 1
    if metric == "conversion":
        if value is None or not 0 < value < most:
            raise wrong("--mde", text, Text("百分点，如 2% 或 0.02", "percentage points such as 2% or 0.02"))
        return float(value) / most
    if value is None or value <= 0 or percent:
        raise wrong("--mde", text, Text("人均金额，如 5", "money a customer, such as 5"))
    return float(value)


def budget_of(text: str | None) -> Decimal | None:
    """An amount of money."""
    if text is None:
        return None
    value = _number(text)
    if value is None or not 0 <= value < 10**13:
        raise wrong("--budget", text, Text("金额，如 20000", "an amount such as 20000"))
    return value


def made_id(order: Order, as_of: date) -> str:
    """The id of an audience whose campaign is new: the same for the same order as of the same day."""
    told = hashlib.sha256(f"{order.settings()}|{as_of}".encode()).hexdigest()
    return f"A{as_of:%Y%m%d}-{told[:8]}"


def wrong(option: str, found: str, allowed: Text) -> UsageError:
    """An option whose value cannot be used."""
    return UsageError(
        Text("选项的值有误", "The value of an option is wrong"),
        Where(setting=option),
        found=found,
        allowed=allowed,
        do=Text("改正后重试", "correct it and try again"),
    )


def _one_of(value: str, allowed: tuple[str, ...], option: str) -> None:
    if value not in allowed:
        raise wrong(option, value, same(" | ".join(allowed)))


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
