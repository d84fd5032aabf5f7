"""投放.csv, 社交指标.csv and 服务成本.csv: money spent on winning and serving customers, and what social pages show."""

from __future__ import annotations

import numpy as np

from keguan.demo.journeys import GUEST
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.sheets import Dirt, Sheet, days, yuan
from keguan.demo.sampling import Ints, Words, words
from keguan.demo.season import DAYS, MONTH_OF_DAY, MONTHS, person_weights
from keguan.demo.story import APP_LOSS_DAY, DEARER_CHANNEL, GROWING_PROVINCE, GROWTH_DAY

SPEND_NAME, SOCIAL_NAME, COST_NAME = "投放.csv", "社交指标.csv", "服务成本.csv"
CHANNELS = ((DEARER_CHANNEL, 330.0, 22.0, 0.016), ("社交媒体", 190.0, 30.0, 0.011), ("广告联盟", 100.0, 9.0, 0.006),
            ("平台活动", 115.0, 26.0, 0.019))  # yuan a day, yuan for a thousand views, share of clicks  # fmt: skip
DEARER = 1.7  # times the usual spend from the month on in which the APP loses its customers
REGIONS = ("广东省", "江苏省", "浙江省", "上海市", GROWING_PROVINCE)
PAGES = (("微信公众号", 900.0), ("微博", 420.0), ("抖音", 1_500.0))
METRICS = (("点赞", 1.0), ("评论", 0.16), ("转发", 0.11))
SOCIAL_WEEKS = 52
SERVED, SERVICE_CENTS = 6_000, (600, 4_200)
RETURN_CENTS, ACQUISITION_CENTS = (800, 2_600), (15_000, 90_000)
PARCEL_CENTS = 620
DEAR_CUSTOMERS, DEAR_BILLS, DEAR_FACTOR = 9, 14, 1.35  # A-class, whose service costs more than they leave


def make_spending(rng: np.random.Generator, book: Ledger) -> tuple[Sheet, ...]:
    """Spend by day and channel, social metrics by week, costs to serve."""
    return _spend(rng, book), _social(rng, book), _costs(rng, book)


def _spend(rng: np.random.Generator, book: Ledger) -> Sheet:
    day = np.tile(np.arange(DAYS), len(CHANNELS))
    channel = np.repeat(np.arange(len(CHANNELS)), DAYS)
    base, price, rate = (
        np.array([row[place] for row in CHANNELS], dtype=np.float64)[channel] for place in (1, 2, 3)
    )
    season = np.sqrt(person_weights())[day]
    dearer = np.where((channel == 0) & (day >= APP_LOSS_DAY), DEARER, 1.0)
    cents = np.rint(base * book.scale * season * dearer * rng.lognormal(0, 0.18, len(day)) * 100).astype(
        np.int64
    )
    # Dearer, not seen more: the price of a view has risen with what is spent.
    views = np.rint(cents / 100 / (price * dearer) * 1_000 * rng.lognormal(0, 0.1, len(day))).astype(np.int64)
    clicks = rng.binomial(views, rate)
    order = np.lexsort((channel, day))
    columns = {
        "日期": days(day), "投放渠道": words([row[0] for row in CHANNELS])[channel], "投放金额": yuan(cents),
        "曝光量": _counts(views), "点击量": _counts(clicks),
    }  # fmt: skip
    return Sheet(
        SPEND_NAME, {header: column[order] for header, column in columns.items()}, "gb18030",
        Dirt((("投放金额", "待对账"), ("日期", "合计")), broken=6, total=("日期", "投放金额")),
    )  # fmt: skip


def _social(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Likes, comments and shares by week, page and region; they rise where sales rise."""
    shape = (SOCIAL_WEEKS, len(PAGES), len(REGIONS), len(METRICS))
    week, page, region, metric = (axis.ravel() for axis in np.indices(shape))
    day = DAYS - 1 - 7 * (SOCIAL_WEEKS - 1 - week)
    level = np.array([row[1] for row in PAGES])[page] * np.array([row[1] for row in METRICS])[metric]
    rises = np.where((region == REGIONS.index(GROWING_PROVINCE)) & (day >= GROWTH_DAY), 1.8, 1.0)
    value = rng.poisson(level * max(book.scale, 0.05) * rises * rng.lognormal(0, 0.15, len(day)))
    return Sheet(
        SOCIAL_NAME,
        {
            "日期": days(day),
            "平台": words([row[0] for row in PAGES])[page],
            "地区": words(REGIONS)[region],
            "指标": words([row[0] for row in METRICS])[metric],
            "数值": _counts(value),
        },
        dirt=Dirt((("数值", "--"), ("日期", "")), broken=4),
    )


def _costs(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Costs by customer and kind, by day; parcels by month are nobody's."""
    orders, first_day = book.orders, book.first_day
    served = pick(rng, book.bought, book.size(SERVED))
    back = book.refunds.lines.order
    known = np.flatnonzero(orders.customer[back] != GUEST)
    won = np.flatnonzero(book.people.company & (first_day < DAYS))
    dear, dear_day, dear_cents = _dear(rng, book)
    month = np.arange(MONTHS)
    last = np.searchsorted(MONTH_OF_DAY, month, side="right") - 1
    parcels = np.bincount(MONTH_OF_DAY[orders.day], minlength=MONTHS) * PARCEL_CENTS
    customer = np.concatenate(
        [orders.customer[served], orders.customer[back[known]], won, dear, np.full(MONTHS, GUEST)]
    )
    day = np.concatenate(
        [
            np.minimum(orders.day[served] + 2, DAYS - 1),
            book.refunds.day[known],
            first_day[won],
            dear_day,
            last,
        ]
    )
    sizes = [len(served), len(known), len(won), len(dear), MONTHS]
    kind = words(["客服", "退货", "获客", "客服", "物流"])[np.repeat(np.arange(5), sizes)]
    cents = np.concatenate([
        rng.integers(*SERVICE_CENTS, size=len(served)), rng.integers(*RETURN_CENTS, size=len(known)),
        rng.integers(*ACQUISITION_CENTS, size=len(won)), dear_cents, parcels,
    ])  # fmt: skip
    order = np.lexsort((customer, day))
    ids: Words = words([*book.profiles.customer_id, ""])
    columns = {"日期": days(day), "客户编号": ids[customer], "成本类别": kind, "成本金额": yuan(cents)}
    return Sheet(
        COST_NAME, {header: column[order] for header, column in columns.items()},
        dirt=Dirt((("成本金额", "见附件"), ("日期", "2026年"), ("成本金额", "")), broken=9, total=("日期", "成本金额")),
    )  # fmt: skip


def _dear(rng: np.random.Generator, book: Ledger) -> tuple[Ints, Ints, Ints]:
    """Large customers of the last year who cost more to serve than they leave: customer, day and cents of each bill."""
    since = DAYS - 365
    spent, margin = book.spent_cents(since), book.margin_of_customer(since)
    ranked = np.argsort(-spent, kind="stable")
    large = ranked[len(ranked) // 200 : max(len(ranked) // 25, 3)]  # class A without its very largest
    chosen = pick(rng, large[margin[large] > 0], book.size(DEAR_CUSTOMERS, least=1))
    customer = np.repeat(chosen, DEAR_BILLS)
    day = np.sort(rng.integers(since, DAYS, size=(len(chosen), DEAR_BILLS)), axis=1).ravel()
    part = rng.dirichlet(np.full(DEAR_BILLS, 4.0), size=len(chosen)).ravel()
    return customer, day, np.rint(margin[customer] * DEAR_FACTOR * part).astype(np.int64) + 100


def _counts(values: Ints) -> Words:
    return words([str(value) for value in values.tolist()])
