"""What the shop knows of each customer beside the orders: the customer file, its gaps and their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from keguan.demo.geography import PROVINCE_NAMES, city_names
from keguan.demo.names import STAFF_NAMES, company_names, person_names
from keguan.demo.population import PLATFORM, Population
from keguan.demo.sampling import Flags, Floats, Ints, Words, draw, draw_in_group, either, words
from keguan.demo.season import DAYS, OPENS, day_index

NOT_GIVEN, BROKEN_LINK, NOT_ASKED = "客户未提供", "系统接口异常", "未采集"
OUTAGE = (day_index(date(2025, 8, 11)), day_index(date(2025, 8, 18)))  # the member interface failed this week
SOURCES = ("自然搜索", "短视频投放", "社交媒体", "老客推荐", "平台活动", "线下门店", "广告联盟")
SOURCE_WEIGHTS = (  # by first channel: site, APP, store, platform
    (38, 16, 16, 17, 2, 4, 7),
    (15, 36, 23, 17, 1, 3, 5),
    (6, 5, 8, 18, 1, 62, 0),
    (24, 22, 10, 6, 33, 0, 5),
)
COMPANY_SOURCES = ("销售拓展", "展会", "老客推荐", "自然搜索", "招投标平台")
COMPANY_SOURCE_WEIGHTS = (38, 17, 18, 19, 8)
SIZES = ("微型企业", "小型企业", "中型企业", "大型企业")
SIZE_WEIGHTS = (30, 44, 20, 6)
LEVELS: Words = words(["普通会员", "银卡会员", "金卡会员", "钻石会员"])
LEVEL_FROM = (1_000, 3_000, 8_000)  # yuan paid; companies five times as much
SHARE_FEMALE = 0.58
EPOCH = datetime(OPENS.year, OPENS.month, OPENS.day)


@dataclass(frozen=True)
class Profiles:
    """One entry per customer of the population; `None` is an empty cell, dates are dates."""

    customer_id: Words
    name: Words
    kind: Words
    gender: Words
    birth_date: Words
    industry: Words
    company_size: Words
    province: Words
    city: Words
    registered_at: Words
    phone: Words
    email: Words
    level: Words
    source: Words
    owner: Words


def make_profiles(
    rng: np.random.Generator, people: Population, first_second: Ints, spent: Floats, first_number: int = 1
) -> Profiles:
    """Profiles of all customers, numbered in the order in which they registered.

    `first_second`: seconds from the opening to the first order, -1 without one; `spent`: yuan paid so far.
    """
    registered = _registrations(rng, first_second)
    serial = np.empty(len(people), dtype=np.int64)
    serial[np.argsort(registered, kind="stable")] = np.arange(first_number, first_number + len(people))
    company, city = people.company, city_names(people.province, people.city)
    names, industries = company_names(rng, city)
    female = rng.random(len(people)) < SHARE_FEMALE
    sizes = words(SIZES)[draw(rng, SIZE_WEIGHTS, len(people))]
    gaps = _Gaps(rng, company, people.first_channel == PLATFORM, registered)
    level = np.searchsorted(np.array(LEVEL_FROM), spent / np.where(company, 5, 1), side="right")
    return Profiles(
        customer_id=words([f"KH{number:07d}" for number in serial]),
        name=either(company, names, person_names(rng, female)),
        kind=either(company, "企业", "个人"),
        gender=gaps.leave(_only(~company, either(female, "女", "男")), 0.06, 0.05),
        birth_date=gaps.leave(_only(~company, _birth_dates(rng, len(people))), 0.17, 0.08),
        industry=gaps.leave(_only(company, industries), 0.05, 0.03),
        company_size=gaps.leave(_only(company, sizes), 0.04, 0.03),
        province=PROVINCE_NAMES[people.province],
        city=gaps.blank(city, 0.015),
        registered_at=words([EPOCH + timedelta(seconds=int(second)) for second in registered]),
        phone=gaps.blank(words([_phone(int(number)) for number in serial]), 0.07),
        email=gaps.blank(words([f"kh{number:07d}@example.com" for number in serial]), 0.46),
        level=LEVELS[level],
        source=gaps.leave(_sources(rng, company, people.first_channel), 0.0, 0.03),
        owner=_owners(rng, company, level),
    )


class _Gaps:
    """Empties cells, most of them with a reason: asked but not given, not asked, or lost in an outage."""

    def __init__(self, rng: np.random.Generator, company: Flags, platform: Flags, registered: Ints) -> None:
        self.rng = rng
        self.not_asked_factor = np.where(platform, 2.5, 0.5)  # platforms pass little on
        day = registered // 86_400
        self.outage = (day >= OUTAGE[0]) & (day < OUTAGE[1]) & ~company

    def leave(self, values: Words, not_given: float, not_asked: float) -> Words:
        """`values` with gaps; cells that are None (do not apply) stay so."""
        chance = self.rng.random(len(values))
        asked_late = not_asked * self.not_asked_factor
        out = either(chance < not_given, NOT_GIVEN, values)
        out = either((chance >= not_given) & (chance < not_given + asked_late), NOT_ASKED, out)
        out = either(chance > 0.985, None, out)
        out = either(self.outage & (chance < 0.8), BROKEN_LINK, out)
        return either(np.array([value is None for value in values]), None, out)

    def blank(self, values: Words, share: float) -> Words:
        """`values` with empty cells without a reason."""
        return either(self.rng.random(len(values)) < share, None, values)


def _only(applies: Flags, values: Words) -> Words:
    return either(applies, values, None)


def _registrations(rng: np.random.Generator, first_second: Ints) -> Ints:
    """Seconds from the opening; most register minutes before the first order, some days or weeks."""
    size = len(first_second)
    minutes = rng.integers(90, 2_400, size=size)
    days = np.minimum(rng.exponential(16.0, size=size), 60).astype(np.int64)
    before = np.where(rng.random(size) < 0.62, minutes, minutes + days * 86_400)
    visit = rng.integers(0, DAYS, size=size) * 86_400 + rng.integers(8 * 3_600, 23 * 3_600, size=size)
    return np.where(first_second >= 0, first_second - before, visit)


def _birth_dates(rng: np.random.Generator, size: int) -> Words:
    age_days = np.clip(rng.gamma(6.0, 3.1, size=size) + 17.5, 18, 82) * 365.25
    return words([date(2026, 10, 31) - timedelta(days=int(days)) for days in age_days])


def _phone(serial: int) -> str:
    """A number from a block that the demo shop keeps for itself: 199-0000-0001 and on."""
    return f"199-{serial // 10_000:04d}-{serial % 10_000:04d}"


def _sources(rng: np.random.Generator, company: Flags, channel: Ints) -> Words:
    size = len(company)
    by_channel = np.cumsum(np.array(SOURCE_WEIGHTS, dtype=np.float64), axis=1)
    persons = words(SOURCES)[draw_in_group(rng, by_channel, channel)]
    return either(company, words(COMPANY_SOURCES)[draw(rng, COMPANY_SOURCE_WEIGHTS, size)], persons)


def _owners(rng: np.random.Generator, company: Flags, level: Ints) -> Words:
    """Companies and the best persons have an account manager."""
    staff = STAFF_NAMES[rng.integers(0, len(STAFF_NAMES), size=len(company))]
    return either(company | (level == len(LEVELS) - 1), staff, None)
