"""商品评价.csv: scores of 1 to 5 and texts on products that were bought."""

from __future__ import annotations

import numpy as np

from keguan.demo.journeys import GUEST
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.phrases import FAILS, NOISE, said
from keguan.demo.records.sheets import Dirt, Sheet, moments, numbers
from keguan.demo.refunds import FAILING
from keguan.demo.sampling import Flags, Ints, draw_in_group, words
from keguan.demo.season import DAYS
from keguan.demo.story import FAILURE_DAY

NAME = "商品评价.csv"
REVIEWS = 5_000
SCORES_USUALLY = (4, 5, 10, 29, 52)  # 1 .. 5
SCORES_FAILING = (27, 20, 17, 20, 16)
SHARE_ABOUT_FAILURE = 0.75  # of the unhappy reviews of goods that fail
FAILURES = (FAILS, FAILS, NOISE)


def make_reviews(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Reviews of lines sold to persons, some days after the order; the failing goods speak of failures."""
    lines, orders = book.lines, book.orders
    order = lines.order
    known = (
        (lines.product >= 0)
        & (orders.customer[order] != GUEST)
        & ~book.unpaid[order]
        & ~orders.company[order]
    )
    pool = np.flatnonzero(known & (orders.day[order] < DAYS - 12))
    weight = (
        0.4 + 0.6 * orders.day[order[pool]] / DAYS
    )  # more and more people write, most of all the disappointed
    weight = np.where(_fails(book, pool), weight * 2.2, weight)
    line = pick(rng, pool, book.size(REVIEWS), weight)
    wait = np.minimum(2 + np.floor(rng.exponential(4.0, size=len(line))), 11).astype(np.int64)
    day = orders.day[order[line]] + wait
    line, day = _by_time(line, day)
    product = lines.product[line]
    fails = _fails(book, line)
    score = _scores(rng, fails)
    about = fails & (rng.random(len(line)) < SHARE_ABOUT_FAILURE)
    theme = np.where(about, np.array(FAILURES)[rng.integers(0, len(FAILURES), size=len(line))], -1)
    second = day * 86_400 + rng.integers(8 * 3_600, 23 * 3_600, size=len(line))
    return Sheet(
        NAME,
        {
            "评价编号": numbers("PJ", len(line)),
            "客户编号": book.profiles.customer_id[orders.customer[order[line]]],
            "商品编号": book.shop.product_id[product],
            "评分": words([str(value) for value in score.tolist()]),
            "评价内容": said(rng, score, theme, book.departments(product)),
            "评价时间": moments(second),
        },
        dirt=Dirt(
            (("评分", "50"), ("评分", "0"), ("评分", "五星"), ("评价时间", "去年双十一")),
            broken=16,
            repeated=25,
        ),
    )


def _by_time(line: Ints, day: Ints) -> tuple[Ints, Ints]:
    order = np.lexsort((line, day))
    return line[order], day[order]


def _fails(book: Ledger, line: Ints) -> Flags:
    """Lines of the goods that fail since some day."""
    fails: Flags = (book.shop.department[book.lines.product[line]] == FAILING) & (
        book.orders.day[book.lines.order[line]] >= FAILURE_DAY
    )
    return fails


def _scores(rng: np.random.Generator, fails: Flags) -> Ints:
    cumulative = np.cumsum(np.array([SCORES_USUALLY, SCORES_FAILING], dtype=np.float64), axis=1)
    return draw_in_group(rng, cumulative, fails.astype(np.int64)) + 1
