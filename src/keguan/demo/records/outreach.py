"""触达记录.csv and 授权.csv: who was contacted by which unit, and who agreed to be contacted.

Units do not know of each other: some customers hear from several in one week, and those unsubscribe more often.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.records.campaigns import CAMPAIGNS, Members, campaign_sheet, make_members, member_sheet
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.sheets import Dirt, Sheet, moments, numbers
from keguan.demo.sampling import Flags, Ints, draw, draw_in_group, either, words
from keguan.demo.season import CALENDAR, DAYS
from keguan.demo.story import PRESSURE_UNITS

NAME, CONSENT_NAME = "触达记录.csv", "授权.csv"
CONTACTS, REACHED, WINDOW = 34_000, 9_000, 517
QUIETER, BUSY_DAYS = 0.3, 184  # before the last half year there were fewer contacts
MARKETING, MEMBERSHIP, SALES = range(3)
CHANNELS = ("短信", "邮件", "电话", "企业微信")
CHANNEL_OF_UNIT = ((0.62, 0.30, 0.0, 0.08), (0.45, 0.10, 0.0, 0.45), (0.05, 0.15, 0.55, 0.25))
COSTS = ("0.05", "0.01", "3.50", "0.20")  # yuan
OUTCOMES = ("已送达", "已打开", "已点击", "已回复")
UNSUBSCRIBED = "退订"
LEAVES = (0.006, 0.060, 0.180)  # chance to unsubscribe at the last contact of a week, by units in that week
WEEKS_OF_PRESSURE = {
    (6, 1): 4.0,
    (6, 8): 4.0,
    (6, 15): 3.0,
    (9, 7): 2.5,
    (10, 26): 3.0,
}  # Mondays before festivals
CONSENTING, SAYS_YES = 6_000, (0.84, 0.61)  # customers asked; agree to SMS, to e-mail
PURPOSES = ("短信", "邮件")


@dataclass(frozen=True)
class _Contacts:
    customer: Ints
    second: Ints
    unit: Ints
    channel: Ints
    campaign: Ints  # -1: none

    def take(self, where: Ints | Flags) -> _Contacts:
        return _Contacts(*(getattr(self, name)[where] for name in _Contacts.__dataclass_fields__))


def make_outreach(rng: np.random.Generator, book: Ledger) -> tuple[Sheet, ...]:
    """Contacts, campaigns, their members, and consents."""
    members = make_members(rng, book)
    contacts = _by_time(_join([_ordinary(rng, book), _of_campaigns(members)]))
    units, is_last = _units_in_week(contacts)
    leaves = is_last & (rng.random(len(contacts.customer)) < np.array(LEAVES)[units - 1])
    first = np.full(len(book.people), DAYS * 86_400, dtype=np.int64)
    np.minimum.at(first, contacts.customer[leaves], contacts.second[leaves])
    stays = contacts.second <= first[contacts.customer]
    contacts, leaves = contacts.take(stays), leaves[stays]
    return (
        _contact_sheet(rng, book, contacts, leaves),
        campaign_sheet(book),
        member_sheet(rng, book, members),
        _consents(rng, book, contacts.take(leaves)),
    )


def _join(parts: list[_Contacts]) -> _Contacts:
    return _Contacts(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in _Contacts.__dataclass_fields__)
    )


def _by_time(contacts: _Contacts) -> _Contacts:
    return contacts.take(np.lexsort((contacts.unit, contacts.customer, contacts.second)))


def _ordinary(rng: np.random.Generator, book: Ledger) -> _Contacts:
    """Contacts of the units by their own calendars; few customers get most of them."""
    reached = pick(rng, np.arange(len(book.people)), book.size(REACHED))
    size = book.size(CONTACTS)
    customer = reached[draw(rng, rng.gamma(0.45, size=len(reached)) + 0.05, size)]
    weight = np.array([_pressure(day) for day in range(DAYS - WINDOW, DAYS)])
    day = DAYS - WINDOW + draw(rng, weight, size)
    company = book.people.company[customer]
    units = np.cumsum(np.array([(0.52, 0.40, 0.08), (0.15, 0.10, 0.75)]), axis=1)
    unit = draw_in_group(rng, units, company.astype(np.int64))
    channel = draw_in_group(rng, np.cumsum(np.array(CHANNEL_OF_UNIT), axis=1), unit)
    second = day * 86_400 + rng.integers(9 * 3_600, 20 * 3_600, size=size)
    return _Contacts(customer, second, unit, channel, np.full(size, -1, dtype=np.int64))


def _pressure(day: int) -> float:
    monday = CALENDAR[day - CALENDAR[day].weekday()]
    weekend = 0.4 if CALENDAR[day].weekday() > 4 else 1.0
    quieter = QUIETER if day < DAYS - BUSY_DAYS else 1.0
    return WEEKS_OF_PRESSURE.get((monday.month, monday.day), 1.0) * weekend * quieter


def _of_campaigns(members: Members) -> _Contacts:
    """One contact for each customer who was listed to be contacted within the months of the file."""
    channels = np.array([CHANNELS.index(campaign.channel) for campaign in CAMPAIGNS])
    told = np.flatnonzero(~members.control & (members.contacted >= (DAYS - WINDOW) * 86_400))
    campaign = members.campaign[told]
    unit = np.full(len(told), MARKETING, dtype=np.int64)
    return _Contacts(members.customer[told], members.contacted[told], unit, channels[campaign], campaign)


def _units_in_week(contacts: _Contacts) -> tuple[Ints, Flags]:
    """From how many units the customer hears in the week of each contact, 1 to 3; whether it is the week's last."""
    week = contacts.customer * 1_000 + (contacts.second // 86_400 + 4) // 7  # the opening was a Friday
    heard = np.zeros(len(week), dtype=np.int64)
    _, place = np.unique(week, return_inverse=True)
    for unit in range(len(PRESSURE_UNITS)):
        here = np.zeros(place.max(initial=0) + 1, dtype=np.int64)
        here[place[contacts.unit == unit]] = 1
        heard += here[place]
    last = np.zeros(place.max(initial=0) + 1, dtype=np.int64)
    np.maximum.at(last, place, np.arange(len(place)))  # contacts are in order of time
    return heard, last[place] == np.arange(len(place))


def _contact_sheet(rng: np.random.Generator, book: Ledger, contacts: _Contacts, leaves: Flags) -> Sheet:
    size = len(contacts.customer)
    codes = words([*(campaign.campaign_id for campaign in CAMPAIGNS), ""])
    outcome = words(OUTCOMES)[draw(rng, (0.62, 0.20, 0.12, 0.06), size)]
    return Sheet(
        NAME,
        {
            "触达编号": numbers("CD", size, 7),
            "客户编号": book.profiles.customer_id[contacts.customer],
            "触达时间": moments(contacts.second),
            "部门": words(PRESSURE_UNITS)[contacts.unit],
            "触达渠道": words(CHANNELS)[contacts.channel],
            "活动编号": codes[contacts.campaign],
            "触达结果": either(leaves, UNSUBSCRIBED, outcome),
            "触达成本": words(COSTS)[contacts.channel],
        },
        "gb18030",
        Dirt((("触达时间", "未知"), ("触达时间", "昨天上午"), ("触达时间", "")), broken=15, repeated=60),
    )  # fmt: skip


def _consents(rng: np.random.Generator, book: Ledger, left: _Contacts) -> Sheet:
    """Consents given at registration or in the app; who unsubscribed from messages has taken the consent back."""
    asked = np.sort(pick(rng, np.arange(len(book.people)), book.size(CONSENTING)))
    start = np.maximum(book.first_day[asked], 0)
    given = np.minimum(start + rng.integers(0, 20, size=len(asked)), DAYS - 1) * 86_400 + rng.integers(
        32_400, 79_200, size=len(asked)
    )
    customer = np.concatenate([asked, asked, left.customer])
    purpose = np.repeat([0, 1, 0], [len(asked), len(asked), len(left.customer)])
    yes = np.concatenate([rng.random(len(asked)) < SAYS_YES[0], rng.random(len(asked)) < SAYS_YES[1],
                          np.zeros(len(left.customer), dtype=np.bool_)])  # fmt: skip
    by = np.repeat(np.arange(2), [2 * len(asked), len(left.customer)])
    second = np.concatenate([given, given, left.second + 60])
    order = np.lexsort((purpose, customer, second))
    return Sheet(
        CONSENT_NAME,
        {
            "客户编号": book.profiles.customer_id[customer][order],
            "用途": words(PURPOSES)[purpose][order],
            "是否同意": either(yes, "是", "否")[order],
            "授权时间": moments(second)[order],
            "取得方式": words(["注册时勾选", "回复退订"])[by][order],
        },
        dirt=Dirt((("是否同意", "待确认"), ("用途", "")), broken=8, repeated=30),
    )
