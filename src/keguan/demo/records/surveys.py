"""满意度问卷.csv: ten waves over fifteen months, one row per answer, one per invitation without an answer."""

from __future__ import annotations

from datetime import date

import numpy as np

from keguan.demo.geography import PROVINCE_NAMES, province_index
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.phrases import DELIVERED_LATE, FAILS, said
from keguan.demo.records.sheets import NO_MOMENT, Dirt, Sheet, moments, numbers
from keguan.demo.refunds import FAILING
from keguan.demo.sampling import Flags, Floats, Ints, draw, either, words
from keguan.demo.season import day_index
from keguan.demo.story import FAILURE_DAY, SLOW_DAY, SLOW_REGION

NAME = "满意度问卷.csv"
WAVES = tuple(
    day_index(date(*day))
    for day in (
        (2025, 8, 12), (2025, 9, 16), (2025, 11, 18), (2025, 12, 16), (2026, 2, 3), (2026, 3, 17), (2026, 5, 12),
        (2026, 6, 23), (2026, 8, 11), (2026, 9, 15),
    )
)  # fmt: skip
INVITED = 270  # of each wave at scale 1
ANSWERS = 0.57
OVERALL, RECOMMEND, DELIVERY, QUALITY, SERVICE, TRUST, GOING_ON = range(7)
QUESTIONS = ("总体满意度", "推荐意愿", "物流速度", "商品质量", "客服态度", "信任程度", "继续购买意愿")
LEVEL = (4.15, 4.15, 4.2, 4.2, 4.1, 4.15, 4.0)  # of the usual customer, on the scale of 5
WEIGHT_OF_MOOD = (0.75, 0.8, 0.5, 0.55, 0.5, 0.7, 0.75)
SHARE_OPEN_ANSWER = 0.35
CHANNELS = ("短信", "APP", "邮件")


def make_survey(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Answers in the order of the waves; 客户 are those who ordered in the half year before."""
    customer, wave = _invited(rng, book)
    day = np.array(WAVES, dtype=np.int64)[wave]
    order = book.last_order(customer, day)
    product = book.main_product[order]
    province = book.people.province[customer]
    invited = day * 86_400 + rng.integers(9 * 3_600, 20 * 3_600, size=len(customer))
    answered = rng.random(len(customer)) < ANSWERS
    wait = np.rint(rng.exponential(1.6 * 86_400, size=len(customer))).astype(np.int64) + 240
    slow = (province == province_index(SLOW_REGION)) & (day >= SLOW_DAY)
    bought_late = book.orders.day[order] >= FAILURE_DAY
    failing = (product >= 0) & (book.shop.department[product] == FAILING) & bought_late
    scores = _scores(rng, slow, failing)
    who, question = _rows(answered)
    here = answered[who]
    last = here & (question == len(QUESTIONS) - 1)
    speaks = last & (rng.random(len(who)) < SHARE_OPEN_ANSWER)
    score = scores[question, who]
    themes = _theme(slow, failing)
    text = said(
        rng,
        np.minimum(scores[OVERALL], np.where(failing, scores[QUALITY], scores[DELIVERY])),
        themes,
        book.departments(product),
    )
    return Sheet(
        NAME,
        {
            "答卷编号": numbers("DJ", len(customer))[who],
            "问卷名称": words([f"{2025 + (place > 3)}年第{place + 1}次满意度调查" for place in range(len(WAVES))])[wave][who],
            "客户编号": book.profiles.customer_id[customer][who],
            "地区": PROVINCE_NAMES[province][who],
            "商品编号": either(product >= 0, book.shop.product_id[product], "")[who],
            "反馈渠道": words(CHANNELS)[draw(rng, (0.5, 0.36, 0.14), len(customer))][who],
            "题目": either(here, words(QUESTIONS)[question], ""),
            "得分": either(here, words([str(value) for value in score.tolist()]), ""),
            "邀请时间": moments(invited)[who],
            "提交时间": moments(np.where(here, (invited + wait)[who], NO_MOMENT)),
            "开放意见": either(speaks, text[who], ""),
        },
        "gb18030",
        Dirt((("得分", "99"), ("得分", "满分"), ("得分", "-1")), broken=18, repeated=30),
    )  # fmt: skip


def _invited(rng: np.random.Generator, book: Ledger) -> tuple[Ints, Ints]:
    """Customers of each wave, drawn among those who ordered within half a year before."""
    customers, waves = [], []
    for place, day in enumerate(WAVES):
        recent = book.buyers[book.orders_between(book.buyers, day - 180, day - 7) > 0]
        chosen = pick(rng, recent, book.size(INVITED))
        customers.append(chosen)
        waves.append(np.full(len(chosen), place, dtype=np.int64))
    return np.concatenate(customers), np.concatenate(waves)


def _scores(rng: np.random.Generator, slow: Flags, failing: Flags) -> Ints:
    """Scores by question and person: a common mood, the question's own part, and what is planted."""
    size = len(slow)
    mood = rng.normal(size=size)
    out = np.empty((len(QUESTIONS), size), dtype=np.int64)
    for place in range(len(QUESTIONS)):
        weight = WEIGHT_OF_MOOD[place]
        value = LEVEL[place] + 0.8 * (weight * mood + (1 - weight**2) ** 0.5 * rng.normal(size=size))
        value = value - _planted(place, slow, failing)
        if place == RECOMMEND:  # 0..10
            out[place] = np.clip(np.rint((value - 1) * 2.5 + 0.6), 0, 10)
        else:
            out[place] = np.clip(np.rint(value), 1, 5)
    return out


def _planted(question: int, slow: Flags, failing: Flags) -> Floats:
    falls = {OVERALL: (1.1, 1.0), RECOMMEND: (0.8, 0.8), DELIVERY: (1.7, 0.0), QUALITY: (0.0, 1.8), TRUST: (0.2, 0.4),
             GOING_ON: (0.2, 0.5)}  # fmt: skip
    by_region, by_product = falls.get(question, (0.0, 0.0))
    return slow * by_region + failing * by_product


def _rows(answered: Flags) -> tuple[Ints, Ints]:
    """Person and question of each row: all questions of one who answered, one row of one who did not."""
    count = np.where(answered, len(QUESTIONS), 1)
    who = np.repeat(np.arange(len(answered)), count)
    place = np.arange(len(who)) - (np.cumsum(count) - count)[who]
    return who, place


def _theme(slow: Flags, failing: Flags) -> Ints:
    """What an unhappy one writes about: -1 anything, else a theme of `phrases`."""
    return np.where(failing, FAILS, np.where(slow, DELIVERED_LATE, -1))
