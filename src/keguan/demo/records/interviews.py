"""访谈记录.csv: talks with customers of each kind, by whom, and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.geography import PROVINCE_NAMES
from keguan.demo.names import STAFF
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.sheets import Sheet, moments, numbers
from keguan.demo.sampling import Flags, Ints, words
from keguan.demo.season import DAYS

NAME = "访谈记录.csv"
INTERVIEWS, WINDOW = 24, 180


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of customer and what such customers say: needs, troubles, wishes."""

    name: str
    needs: tuple[str, ...]
    troubles: tuple[str, ...]
    wishes: tuple[str, ...]


KINDS = (
    _Kind("高价值客户", ("看重品质稳定，价格不是第一位", "家里大部分日用都在这里买", "喜欢提前拿到新品"),
          ("物流偶尔慢，希望固定时段送货", "客服每次换人，要重复说明", "最近买的小家电坏了两次"),
          ("希望有专人对接", "希望会员权益里有延保", "希望提前一天知道大促价格")),
    _Kind("沉默客户", ("半年没买，主要是别家活动多", "现在多在直播间下单", "只是偶尔回来比价"),
          ("APP 改版之后找不到以前的订单", "优惠券门槛太高", "上次投诉没有解决就不想再来"),
          ("回来的话希望有一张无门槛券", "希望对比页能显示历史价格", "希望投诉有人跟到底")),
    _Kind("新客户", ("看了短视频才来的", "第一次买，先试一件小的", "朋友推荐来的"),
          ("小程序付款失败了好几次", "不清楚和旗舰店是不是一家", "首单券找不到入口"),
          ("希望有新手引导", "希望付款失败时能提示原因", "希望首单免运费")),
    _Kind("企业客户", ("每季度集中采购员工福利", "办公用品按月补货", "节前买礼盒送客户"),
          ("账期太短，走流程来不及", "开专票要催", "大件送货楼层说不清"),
          ("希望可以月结", "希望有报价单模板", "希望采购量大时有阶梯价")),
)  # fmt: skip


def make_interviews(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Six talks for each kind of customer, by time."""
    chosen = [pick(rng, pool, book.size(INTERVIEWS // len(KINDS), least=1)) for pool in _pools(book)]
    customer = np.concatenate(chosen)
    kind = np.repeat(np.arange(len(KINDS)), [len(part) for part in chosen])
    mixed = rng.permutation(len(customer))
    customer, kind = customer[mixed], kind[mixed]
    day = np.sort(rng.integers(DAYS - WINDOW, DAYS, size=len(customer)))
    second = day * 86_400 + rng.integers(10 * 3_600, 18 * 3_600, size=len(customer))
    texts = [_text(rng, KINDS[place]) for place in kind.tolist()]
    return Sheet(
        NAME,
        {
            "访谈编号": numbers("FT", len(customer), 3),
            "客户编号": book.profiles.customer_id[customer],
            "客群": words([one.name for one in KINDS])[kind],
            "访谈人": words(STAFF)[rng.integers(0, len(STAFF), size=len(customer))],
            "访谈时间": moments(second),
            "地区": PROVINCE_NAMES[book.people.province[customer]],
            "访谈内容": words(texts),
        },
    )


def _pools(book: Ledger) -> tuple[Ints, Ints, Ints, Ints]:
    """Customers of each kind at the close: the best tenth, those silent, those new, companies."""
    buyers = book.buyers
    person: Flags = ~book.people.company[buyers]
    spent = book.spent_cents(DAYS - 365)[buyers]
    best = person & (spent >= (np.quantile(spent, 0.9) if len(spent) else 0))
    last = book.orders.day[book.last_order(buyers, DAYS)]
    silent, new = person & (last < DAYS - 180), person & (book.first_day[buyers] >= DAYS - 60)
    return buyers[best], buyers[silent], buyers[new], buyers[~person]


def _text(rng: np.random.Generator, kind: _Kind) -> str:
    one, two, three = (
        some[int(place)]
        for some, place in zip(
            (kind.needs, kind.troubles, kind.wishes), rng.integers(0, 3, size=3), strict=True
        )
    )
    return f"{kind.name}访谈。客户说：{one}。遇到的问题：{two}。{three}。"
