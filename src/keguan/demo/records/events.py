"""行为日志.csv: visits of three months, step by step, of customers and of visitors nobody knows.

Visits that end in a payment are those of the order book; visits that failed are added to them, never taken away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keguan.demo.journeys import GUEST
from keguan.demo.population import APP, SITE
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.sheets import Dirt, Sheet, moments
from keguan.demo.sampling import Flags, Floats, Ints, Words, draw, either, words
from keguan.demo.season import DAYS, seconds_of_day
from keguan.demo.shelves import DEPARTMENTS
from keguan.demo.story import PAYING_FAILS_DAYS, PAYING_PLATFORM

NAME = "行为日志.csv"
WINDOW = 90
STEPS = ("首页", "类目页", "搜索", "商品详情", "商品对比", "加入购物车", "提交订单", "支付成功")
HOME, LIST, SEARCH, ITEM, COMPARE, CART, SUBMIT, PAID = range(len(STEPS))
PLATFORMS: Words = words(["APP", "网页", PAYING_PLATFORM])
ON_APP, ON_WEB, ON_MINI = range(3)
SOURCES = ("直接访问", "自然搜索", "短视频投放", "社交媒体", "短信链接", "广告联盟")
BROWSING, SILENT_VISITS = 10_500, 1_100
FAILS_USUALLY = 0.10  # of visits that submit an order
FAILS_IN_SPELL = (0.34, 0.68)  # in the spell on the failing platform: old customers, new ones
READ_COMPARE = (0.07, 0.46)  # of browsing visits: others, silent customers
SILENT_DAYS, NEW_DAYS = 180, 30
DEPTH_OF_BROWSING = (0.63, 0.27, 0.09, 0.01)  # leaves after: one page, products, cart, an order submitted


@dataclass(frozen=True)
class _Visits:
    """One entry per visit. `customer` is a position or GUEST; `last` the deepest step; `second` its last moment."""

    customer: Ints
    second: Ints
    platform: Ints
    last: Ints
    product: Ints
    compares: Ints

    def __len__(self) -> int:
        return len(self.customer)


def make_events(rng: np.random.Generator, book: Ledger) -> Sheet:
    """All steps of all visits, by time."""
    ordered, moved = _orders(rng, book)
    visits = _join([ordered, _failed(rng, book, ordered, moved), _browsing(rng, book, ordered)])
    visit, step, second = _steps(rng, visits)
    visitor, is_new = _visitors(rng, book, visits)
    known_product = visits.product[visit] >= 0
    other = draw(rng, book.shop.weights[-1, 0], len(visit))
    same = known_product & ((step >= CART) | (rng.random(len(visit)) < 0.5))
    product = np.where(same, visits.product[visit], other)
    source = words(SOURCES)[draw(rng, (34, 22, 18, 13, 8, 5), len(visits))]
    order = np.lexsort((step, visit, second))
    serial = np.empty(len(visits), dtype=np.int64)
    serial[np.argsort(visits.second, kind="stable")] = np.arange(1, len(visits) + 1)
    session = words([f"S{number:07d}" for number in serial.tolist()])
    columns = {
        "用户ID": visitor[visit],
        "会话ID": session[visit],
        "事件": words(STEPS)[step],
        "事件时间": moments(second),
        "页面": _pages(book, step, product),
        "商品编号": either((step == ITEM) | (step == CART), book.shop.product_id[product], ""),
        "平台": PLATFORMS[visits.platform[visit]],
        "流量来源": source[visit],
        "用户类型": either(is_new[visit], "新客", "老客"),
    }
    faults = (("事件时间", "2026-13-40 25:61:00"), ("事件时间", ""), ("事件", ""))
    return Sheet(
        NAME, {header: column[order] for header, column in columns.items()}, "utf-8",
        Dirt(faults, broken=24, repeated=150),
    )  # fmt: skip


def _join(parts: list[_Visits]) -> _Visits:
    names = _Visits.__dataclass_fields__
    return _Visits(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _orders(rng: np.random.Generator, book: Ledger) -> tuple[_Visits, Flags]:
    """A visit for each order placed on the site or in the app, and which of them moved there from where paying failed.

    Orders that were never paid end where they were submitted.
    """
    orders = book.orders
    online = (orders.channel == SITE) | (orders.channel == APP)
    chosen = np.flatnonzero(online & (orders.day >= DAYS - WINDOW))
    small = rng.random(len(chosen)) < 0.33
    platform = np.where(small, ON_MINI, np.where(orders.channel[chosen] == APP, ON_APP, ON_WEB))
    day = orders.day[chosen]
    spell = (day >= PAYING_FAILS_DAYS[0]) & (day <= PAYING_FAILS_DAYS[1]) & (platform == ON_MINI)
    new = _is_new(book, orders.customer[chosen], day)
    moved: Flags = spell & (rng.random(len(chosen)) < np.array(FAILS_IN_SPELL)[new.astype(np.int64)])
    elsewhere = np.where(orders.channel[chosen] == APP, ON_APP, ON_WEB)
    visits = _Visits(
        orders.customer[chosen],
        day * 86_400 + orders.second[chosen],
        np.where(moved, elsewhere, platform),
        np.where(book.unpaid[chosen], SUBMIT, PAID),
        book.main_product[chosen],
        (rng.random(len(chosen)) < READ_COMPARE[0]).astype(np.int64),
    )
    return visits, moved


def _failed(rng: np.random.Generator, book: Ledger, ordered: _Visits, moved: Flags) -> _Visits:
    """Tries that ended before the payment: some by customers who paid later that day, some by people unknown."""
    day = ordered.second // 86_400
    new = _is_new(book, ordered.customer, day)
    usual = rng.poisson(FAILS_USUALLY / (1 - FAILS_USUALLY), size=len(ordered))
    again = np.repeat(np.arange(len(ordered)), np.where(moved, 1, usual))
    unknown = rng.random(len(again)) < np.where(new[again], 0.6, 0.2)
    earlier = rng.integers(600, 5_400, size=len(again))
    moment = np.maximum(ordered.second[again] - earlier, day[again] * 86_400)
    return _Visits(
        np.where(unknown, GUEST, ordered.customer[again]),
        moment,
        np.where(moved[again], ON_MINI, ordered.platform[again]),
        np.full(len(again), SUBMIT, dtype=np.int64),
        ordered.product[again],
        np.zeros(len(again), dtype=np.int64),
    )


def _browsing(rng: np.random.Generator, book: Ledger, ordered: _Visits) -> _Visits:
    """Visits without an order, on the days on which people order; customers silent for long come to compare."""
    opens = DAYS - WINDOW
    last = book.last_order(book.buyers, DAYS)
    quiet = book.buyers[book.orders.day[last] < opens - SILENT_DAYS]
    silent = pick(rng, quiet, book.size(SILENT_VISITS))
    others = book.size(BROWSING)
    active = np.setdiff1d(book.buyers, quiet)
    some = active[rng.integers(0, len(active), size=others)] if len(active) else np.full(others, GUEST)
    customer = np.concatenate([silent, np.where(rng.random(others) < 0.3, some, GUEST)])
    size = len(customer)
    compares = rng.random(size) < np.where(np.arange(size) < len(silent), READ_COMPARE[1], READ_COMPARE[0])
    busy = ordered.second // 86_400 if len(ordered) else np.arange(opens, DAYS)
    second = busy[rng.integers(0, len(busy), size=size)] * 86_400
    second += seconds_of_day(rng, np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_))
    depth = np.array([HOME, ITEM, CART, SUBMIT])[draw(rng, DEPTH_OF_BROWSING, size)]
    deepest = np.where(compares & (depth == HOME), ITEM, depth)
    platform = draw(rng, (0.42, 0.27, 0.31), size)
    return _Visits(customer, second, platform, deepest, np.full(size, -1), compares.astype(np.int64))


def _steps(rng: np.random.Generator, visits: _Visits) -> tuple[Ints, Ints, Ints]:
    """Visit, step and second of every event: an entry, pages and products, then cart, order and payment."""
    pages = np.where(visits.last == HOME, 1, 2 + rng.poisson(0.9, size=len(visits)))
    ends = np.maximum(visits.last - COMPARE, 0)
    count = pages + visits.compares + ends
    visit = np.repeat(np.arange(len(visits)), count)
    first = np.cumsum(count) - count
    place = np.arange(len(visit)) - first[visit]
    entry = np.array([HOME, SEARCH, LIST])[draw(rng, (0.46, 0.33, 0.21), len(visit))]
    looks = np.array([ITEM, SEARCH, LIST])[draw(rng, (0.72, 0.16, 0.12), len(visit))]
    at = pages[visit]
    step = np.where(place == 0, entry, np.where(place == at - 1, ITEM, looks))
    step = np.where((place == at) & (visits.compares[visit] > 0), COMPARE, step)
    tail = place - at - visits.compares[visit]
    step = np.where(tail >= 0, CART + tail, step)
    before = _until_the_end(rng.exponential(38.0, size=len(visit)) + 4, first, count, visit)
    return visit, step, visits.second[visit] - before


def _until_the_end(gaps: Floats, first: Ints, count: Ints, visit: Ints) -> Ints:
    """Seconds from each event to the last one of its visit."""
    running = np.cumsum(np.rint(gaps).astype(np.int64))
    until: Ints = running[(first + count - 1)[visit]] - running
    return until


def _is_new(book: Ledger, customer: Ints, day: Ints) -> Flags:
    known = customer != GUEST
    first = book.first_day[np.where(known, customer, 0)]
    is_new: Flags = ~known | (first > day - NEW_DAYS)
    return is_new


def _visitors(rng: np.random.Generator, book: Ledger, visits: _Visits) -> tuple[Words, Flags]:
    """Customers by their number; others by a number of the device, some of whom come again."""
    unknown = visits.customer == GUEST
    device = rng.integers(1, max(2, int(unknown.sum() * 0.75)), size=len(visits))
    anonymous = words([f"FK{number:06d}" for number in device.tolist()])
    ids = book.profiles.customer_id[np.where(unknown, 0, visits.customer)]
    return either(unknown, anonymous, ids), _is_new(book, visits.customer, visits.second // 86_400)


def _pages(book: Ledger, step: Ints, product: Ints) -> Words:
    """Addresses of the pages."""
    fixed = words(["/home", "", "/search", "", "/compare", "/cart", "/checkout", "/paid"])[step]
    lists = words([f"/list/{department.name}" for department in DEPARTMENTS])[book.shop.department[product]]
    items = words([f"/item/{code}" for code in book.shop.product_id.tolist()])[product]
    return either(step == LIST, lists, either(step == ITEM, items, fixed))
