"""线索.csv, 联系人.csv and 回款.csv: companies before and after they buy."""

from __future__ import annotations

import numpy as np

from keguan.demo.geography import PROVINCE_NAMES, province_weights
from keguan.demo.names import STAFF, TRADES, person_names
from keguan.demo.profiles import COMPANY_SOURCES
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.sheets import NO_DAY, Dirt, Sheet, days, moments, numbers, yuan
from keguan.demo.sampling import Floats, Ints, Words, draw, draw_in_group, either, words
from keguan.demo.season import DAYS

LEAD_NAME, PERSON_NAME, PAYMENT_NAME = "线索.csv", "联系人.csv", "回款.csv"
LEADS, WON, WINDOW = 1_200, 320, 540
SOURCE_OF_OTHERS = (
    30,
    42,
    6,
    14,
    8,
)  # by COMPANY_SOURCES: those recommended buy far more often than those of fairs
STAGES, STAGE_WEIGHTS = ("新线索", "跟进中", "有意向", "已报价", "输单"), (9, 15, 13, 9, 54)
LOST, WON_STAGE = 4, "成交"
REASONS, REASON_WEIGHTS = (
    ("价格高", "选择竞品", "预算取消", "账期不合适", "需求不匹配", "联系不上"),
    (27, 24, 14, 17, 10, 8),
)
STAFF_SIZES, SIZE_WEIGHTS = (
    ("50人以下", "50-199人", "200-499人", "500人以上"),
    ((44, 33, 16, 7), (28, 38, 24, 10)),
)
SHARE_WITH_PERSONS = 0.6
ROLES, TITLES = (
    ("决策者", "影响者", "使用者"),
    ("总经理", "采购经理", "行政主管", "财务经理", "办公室主任", "仓库主管"),
)
CYCLES = (0, 30, 45, 60)  # days until a company pays
LATE_TRADE = "建筑业"
LATE_SHARE = (0.10, 0.42)  # of payments: other trades, the late one
PAYMENTS_WINDOW = 365


def make_companies(rng: np.random.Generator, book: Ledger) -> tuple[Sheet, ...]:
    """Leads, persons at companies, payments of companies."""
    return _leads(rng, book), _persons(rng, book), _payments(rng, book)


def _leads(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Leads by time of creation; those won are companies of the shop that ordered some weeks later."""
    recent = book.people.company & (book.first_day >= DAYS - WINDOW + 80) & (book.first_day < DAYS)
    customer = pick(rng, np.flatnonzero(recent), book.size(WON))
    size, won = book.size(LEADS, least=len(customer) + 2), len(customer)
    is_won = np.arange(size) < won
    first = np.concatenate([book.first_day[customer], np.zeros(size - won, dtype=np.int64)])
    day = np.where(
        is_won, first - rng.integers(5, 76, size=size), rng.integers(DAYS - WINDOW, DAYS, size=size)
    )
    moved = np.where(is_won, first, np.minimum(day + rng.integers(1, 90, size=size), DAYS - 1))
    stage = draw(rng, STAGE_WEIGHTS, size)
    lost = ~is_won & (stage == LOST)
    ids: Words = np.concatenate([book.profiles.customer_id[customer], words([""] * (size - won))])
    place = np.concatenate([book.people.province[customer], draw(rng, province_weights(), size - won)])
    amount = np.rint(rng.lognormal(9.2, 0.9, size=size) / 100).astype(np.int64) * 10_000
    order = np.argsort(day, kind="stable")
    columns = {
        "客户编号": ids,
        "创建时间": moments(day * 86_400 + rng.integers(9 * 3_600, 18 * 3_600, size=size)),
        "线索来源": _sources(rng, book, customer, size),
        "行业": _trades(rng, book, customer, size),
        "规模": words(STAFF_SIZES)[draw_in_group(rng, _cumulative(SIZE_WEIGHTS), is_won.astype(np.int64))],
        "地区": PROVINCE_NAMES[place],
        "阶段": either(is_won, WON_STAGE, words(STAGES)[stage]),
        "阶段时间": moments(moved * 86_400 + 18 * 3_600),
        "预计金额": yuan(amount),
        "责任人": words(STAFF)[rng.integers(0, len(STAFF), size=size)],
        "输单原因": either(lost, words(REASONS)[draw(rng, REASON_WEIGHTS, size)], ""),
    }
    return Sheet(
        LEAD_NAME, {"线索编号": numbers("XS", size)} | {header: column[order] for header, column in columns.items()},
        dirt=Dirt((("创建时间", "展会当天"), ("预计金额", "面议")), broken=6, repeated=8),
    )  # fmt: skip


def _cumulative(weights: tuple[tuple[int, ...], ...]) -> Floats:
    return np.cumsum(np.array(weights, dtype=np.float64), axis=1)


def _sources(rng: np.random.Generator, book: Ledger, customer: Ints, size: int) -> Words:
    """As the customer file has it for companies won; a gap there is read as sales."""
    own = book.profiles.source[customer]
    known = np.isin(own.astype(str), COMPANY_SOURCES) if len(own) else np.zeros(0, dtype=np.bool_)
    others = words(COMPANY_SOURCES)[draw(rng, SOURCE_OF_OTHERS, size - len(customer))]
    return np.concatenate([either(known, own, COMPANY_SOURCES[0]), others])


def _trades(rng: np.random.Generator, book: Ledger, customer: Ints, size: int) -> Words:
    names = words([name for name, _, _ in TRADES])
    drawn = names[draw(rng, [weight for _, _, weight in TRADES], size)]
    own = book.profiles.industry[customer]
    known = np.isin(own.astype(str), names.astype(str)) if len(own) else np.zeros(0, dtype=np.bool_)
    return np.concatenate([either(known, own, drawn[: len(customer)]), drawn[len(customer) :]])


def _persons(rng: np.random.Generator, book: Ledger) -> Sheet:
    """One to three persons at most companies, the decider first."""
    companies = np.flatnonzero(book.people.company)
    named = companies[rng.random(len(companies)) < SHARE_WITH_PERSONS]
    count = 1 + rng.binomial(2, 0.45, size=len(named))
    who = np.repeat(np.arange(len(named)), count)
    place = np.arange(len(who)) - (np.cumsum(count) - count)[who]
    role = np.where(
        place == 0, draw(rng, (0.6, 0.25, 0.15), len(who)), draw(rng, (0.15, 0.4, 0.45), len(who))
    )
    return Sheet(
        PERSON_NAME,
        {
            "客户编号": book.profiles.customer_id[named][who],
            "联系人编号": numbers("LX", len(who)),
            "联系人": person_names(rng, rng.random(len(who)) < 0.5),
            "决策角色": words(ROLES)[role],
            "职务": words(TITLES)[rng.integers(0, len(TITLES), size=len(who))],
        },
        "gb18030",
        Dirt((("联系人", ""),), broken=4, repeated=6),
    )  # fmt: skip


def _payments(rng: np.random.Generator, book: Ledger) -> Sheet:
    """What companies owe for the orders of a year, when it was due and when it came; one trade pays late."""
    orders = book.orders
    order = book.bought[orders.company[book.bought] & (orders.day[book.bought] >= DAYS - PAYMENTS_WINDOW)]
    order = np.sort(order)
    cycle = np.array(CYCLES)[rng.integers(0, len(CYCLES), size=len(book.people))]
    due = orders.day[order] + cycle[orders.customer[order]]
    slow = book.profiles.industry[orders.customer[order]] == LATE_TRADE
    late = rng.random(len(order)) < np.array(LATE_SHARE)[slow.astype(np.int64)]
    delay = np.where(late, rng.integers(6, 75, size=len(order)), rng.integers(-4, 4, size=len(order)))
    paid = np.maximum(due + delay, orders.day[order])
    return Sheet(
        PAYMENT_NAME,
        {
            "回款编号": numbers("HK", len(order)),
            "客户编号": book.profiles.customer_id[orders.customer[order]],
            "订单编号": book.order_numbers[order],
            "应收日期": days(due),
            "实收日期": days(np.where(paid < DAYS, paid, NO_DAY)),
            "应收金额": yuan(book.order_cents[order]),
        },
        "gb18030",
        Dirt((("应收金额", "#REF!"), ("应收日期", "票到付款")), broken=8, repeated=10, total=("回款编号", "应收金额")),
    )  # fmt: skip
