"""营销活动.xlsx and 活动名单.csv: eight campaigns, most with a control group; one works, one does not.

Orders are fixed, so an effect is planted by who is listed: from the group that is contacted, those who would not
have ordered are left out until its response has risen, stratum by stratum, so that the groups stay alike before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from keguan.demo.records.ledger import Ledger
from keguan.demo.records.sheets import NO_MOMENT, Dirt, Sheet, moments
from keguan.demo.refunds import FAILING
from keguan.demo.sampling import Flags, Ints, words
from keguan.demo.season import day_index
from keguan.demo.story import IDLE_CAMPAIGN, WORKING_CAMPAIGN

NAME, MEMBERS_NAME = "营销活动.xlsx", "活动名单.csv"
WINDOW = 30  # days in which an order counts as a response
SHARE_CONTROL = 0.3


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign: `lift` is response with contact over response without; `listed` members at scale 1."""

    campaign_id: str
    name: str
    strategy: str
    segment: str
    channel: str
    starts: date
    ends: date
    owner: str
    budget: int
    cost: int
    target: str
    listed: int
    controlled: bool = True
    lift: float = 1.0

    @property
    def first(self) -> int:
        """Day of the period on which it starts."""
        return day_index(self.starts)


CAMPAIGNS = (
    Campaign("HD2601", "年货节满减", "大促满减", "全部会员", "短信", date(2026, 1, 12), date(2026, 1, 31), "何静怡", 60_000,
             58_400, "销售额提升 20%", 400, controlled=False),
    Campaign("HD2602", "开春焕新", "新品推荐", "家居家纺客户", "邮件", date(2026, 3, 2), date(2026, 3, 15), "陆宇航", 18_000,
             16_200, "转化 300 人", 560),
    Campaign("HD2603", "会员日双倍积分", "积分激励", "金卡以上会员", "企业微信", date(2026, 4, 10), date(2026, 4, 16), "邵文博",
             22_000, 23_900, "复购率提升 3 个百分点", 560),
    Campaign("HD2604", "618 预热", "大促预热", "全部会员", "短信", date(2026, 6, 1), date(2026, 6, 10), "何静怡", 45_000, 44_100,
             "领券 5000 人", 400, controlled=False),
    Campaign(WORKING_CAMPAIGN, "沉默客户唤醒", "无门槛券召回", "沉默客户", "短信", date(2026, 5, 11), date(2026, 5, 24), "覃雨桐",
             20_000, 18_600, "唤醒率 10%", 1_600, lift=3.0),
    Campaign("HD2606", "新客二购券", "二购培育", "新客户", "短信", date(2026, 7, 6), date(2026, 7, 19), "邹凯", 12_000, 11_300,
             "二购率提升 3 个百分点", 560),
    Campaign(IDLE_CAMPAIGN, "老客满减券", "满 199 减 20", "近半年有购买的老客户", "短信", date(2026, 8, 10), date(2026, 8, 23),
             "闫思琪", 40_000, 41_700, "复购率提升 5 个百分点", 1_600),
    Campaign("HD2608", "小家电以旧换新", "换新补贴", "小家电客户", "邮件", date(2026, 9, 7), date(2026, 9, 20), "龚俊杰", 30_000,
             27_500, "换新 200 台", 500),
)  # fmt: skip


@dataclass(frozen=True)
class Members:
    """One entry per customer of a campaign; `contacted` is -1 for the control group, else a second of the period."""

    campaign: Ints
    customer: Ints
    control: Flags
    assigned: Ints
    contacted: Ints


def make_members(rng: np.random.Generator, book: Ledger) -> Members:
    """The lists of all campaigns, one after the other."""
    parts = [_members(rng, book, place, campaign) for place, campaign in enumerate(CAMPAIGNS)]
    return Members(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Members.__dataclass_fields__)
    )


def _members(rng: np.random.Generator, book: Ledger, place: int, campaign: Campaign) -> Members:
    pool = rng.permutation(_pool(book, campaign))
    wanted = min(book.size(campaign.listed), len(pool))
    controls = round(wanted * SHARE_CONTROL) if campaign.controlled else 0
    control = pool[:controls]
    kept = _responsive(rng, book, campaign, pool[controls:]) if campaign.lift > 1 else pool[controls:]
    treated = kept[: wanted - controls]
    customer = np.concatenate([treated, control])
    is_control = np.arange(len(customer)) >= len(treated)
    order = np.argsort(customer, kind="stable")
    days = min(4, (campaign.ends - campaign.starts).days)
    second = (campaign.first + rng.integers(0, days, size=len(customer))) * 86_400 + 10 * 3_600
    second += rng.integers(0, 7_200, size=len(customer))
    return Members(
        np.full(len(customer), place, dtype=np.int64),
        customer[order],
        is_control[order],
        np.full(len(customer), (campaign.first - 3) * 86_400 + 15 * 3_600, dtype=np.int64),
        np.where(is_control, NO_MOMENT, second)[order],
    )


def _pool(book: Ledger, campaign: Campaign) -> Ints:
    """Whom the campaign is for, as known three days before it starts."""
    known = campaign.first - 4
    buyers = book.buyers[(book.first_day[book.buyers] <= known) & ~book.people.company[book.buyers]]
    last = book.last_order(buyers, known)
    day = book.orders.day[last]
    chosen = {
        "沉默客户": day <= known - 90,
        "新客户": book.first_day[buyers] > known - 60,
        "近半年有购买的老客户": (day > known - 180) & (book.first_day[buyers] < known - 90),
        "金卡以上会员": book.spent_cents(0)[buyers] >= 300_000,
        "家居家纺客户": book.people.favourite[buyers] == 2,
        "小家电客户": (book.main_product[last] >= 0)
        & (book.shop.department[book.main_product[last]] == FAILING),
    }.get(campaign.segment)
    return buyers if chosen is None else buyers[chosen]


def _responsive(rng: np.random.Generator, book: Ledger, campaign: Campaign, pool: Ints) -> Ints:
    """`pool` without so many of those who will not order that the others are `lift` times as frequent."""
    known = campaign.first - 4
    responds = book.orders_between(pool, campaign.first, campaign.first + WINDOW) > 0
    orders = np.minimum(book.orders_between(pool, -1, known), 3)
    recent = book.orders.day[book.last_order(pool, known)] > known - 180
    stratum = orders * 2 + recent
    keep = np.ones(len(pool), dtype=np.bool_)
    for one in np.unique(stratum):
        here = stratum == one
        share = float(responds[here].mean())
        stays = max(0.0, (1 / campaign.lift - share) / (1 - share)) if share < 1 else 1.0
        keep &= ~here | responds | (rng.random(len(pool)) < stays)
    kept: Ints = pool[keep]
    return kept


def campaign_sheet(book: Ledger) -> Sheet:
    """What the marketing department keeps of its campaigns; money is that of a shop of this size."""
    fields = {
        "活动编号": "campaign_id", "活动名称": "name", "策略": "strategy", "目标客群": "segment", "渠道": "channel",
        "开始日期": "starts", "结束日期": "ends", "负责人": "owner", "预算": "budget", "费用": "cost", "活动目标": "target",
    }  # fmt: skip
    return Sheet(
        NAME,
        {
            header: words(
                [
                    str(round(value * book.scale)) if isinstance(value, int) else str(value)
                    for value in (getattr(campaign, field) for campaign in CAMPAIGNS)
                ]
            )
            for header, field in fields.items()
        },
    )


def member_sheet(rng: np.random.Generator, book: Ledger, members: Members) -> Sheet:
    """Who was listed for what, and in which group."""
    arms = words(["实验组", "对照组"])[members.control.astype(np.int64)]
    uncontrolled = words(["" if campaign.controlled else "实验组" for campaign in CAMPAIGNS])[
        members.campaign
    ]
    return Sheet(
        MEMBERS_NAME,
        {
            "活动编号": words([campaign.campaign_id for campaign in CAMPAIGNS])[members.campaign],
            "客户编号": book.profiles.customer_id[members.customer],
            "组别": np.where(uncontrolled == "", arms, uncontrolled),
            "分组时间": moments(members.assigned),
            "触达时间": moments(members.contacted),
        },
        dirt=Dirt((("客户编号", ""), ("活动编号", "")), broken=6, repeated=20),
    )
