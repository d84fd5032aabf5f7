"""投诉工单.csv: complaints with their type, times, persons and outcome."""

from __future__ import annotations

import numpy as np

from keguan.demo.geography import PROVINCE_NAMES, province_index
from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.phrases import AFTER, DELIVERED_LATE, FAILS, PACKAGE, PRICE, QUALITY, SERVICE, said
from keguan.demo.records.sheets import NO_MOMENT, Dirt, Sheet, moments, numbers
from keguan.demo.refunds import FAILING
from keguan.demo.sampling import Flags, Floats, Ints, Words, draw_in_group, either, words
from keguan.demo.season import DAYS
from keguan.demo.story import FAILURE_DAY, SLOW_DAY, SLOW_REGION

NAME = "投诉工单.csv"
TICKETS, WINDOW = 1_500, 365
TYPES = ("物流", "质量", "售后", "价格", "包装", "服务态度")
THEMES = (DELIVERED_LATE, QUALITY, AFTER, PRICE, PACKAGE, SERVICE)
WEIGHTS = (  # usually; in the slow region; of goods that fail
    (28, 26, 17, 10, 11, 8),
    (56, 15, 11, 6, 7, 5),
    (8, 62, 18, 3, 5, 4),
)
UNITS = ("物流部", "品控部", "售后部", "运营部", "仓储部", "客服部")  # by type
PEOPLE = ("林可欣", "蒋一鸣", "潘小禾", "于文静", "曹立", "沈嘉")
REASONS = ("供应商不认可", "超出保修期", "客户联系不上", "缺少凭证", "缺货无法换新", "承运商未赔付")
USUAL_DAYS, SLOW_DAYS, REASONABLE = 2.6, 8.5, 0.4  # mean days to a solution; smallest
UNSOLVED = (0.08, 0.42)  # of customers who order again within the next months, and who do not
WATCHED = 120
STILL_OPEN = 0.03
FAULTS = (("投诉时间", "待补录"), ("解决时间", "2020-01-01 08:00:00"), ("投诉时间", "2026-02-30 09:00:00"))


def make_tickets(rng: np.random.Generator, book: Ledger) -> Sheet:
    """Complaints within some days of an order, by time."""
    order = _orders_complained_about(rng, book)
    orders = book.orders
    customer, province = orders.customer[order], orders.province[order]
    day = orders.day[order] + rng.integers(1, 12, size=len(order))
    raised = day * 86_400 + rng.integers(8 * 3_600, 22 * 3_600, size=len(order))
    product = book.main_product[order]
    slow = (province == province_index(SLOW_REGION)) & (day >= SLOW_DAY)
    kind = _kinds(rng, slow, _failing(book, order, product))
    took = REASONABLE + rng.gamma(1.6, np.where(slow, SLOW_DAYS, USUAL_DAYS) / 1.6)
    again = book.orders_between(customer, day, day + WATCHED) > 0
    unsolved = rng.random(len(order)) < np.array(UNSOLVED)[(~again).astype(np.int64)]
    resolved = raised + np.rint(took * 86_400).astype(np.int64)
    is_open = (resolved >= DAYS * 86_400) | (rng.random(len(order)) < STILL_OPEN)
    state = either(is_open, "处理中", either(unsolved, "未解决", "已解决"))
    score = np.where(rng.random(len(order)) < 0.8, 1, 2)
    failing_text = _failing(book, order, product) & (kind == 1)
    text = said(rng, score, np.where(failing_text, FAILS, np.array(THEMES)[kind]), book.departments(product))
    return Sheet(
        NAME,
        {
            "工单编号": numbers("TS", len(order)),
            "客户编号": book.profiles.customer_id[customer],
            "商品编号": either(product >= 0, book.shop.product_id[product], ""),
            "投诉类型": words(TYPES)[kind],
            "地区": PROVINCE_NAMES[province],
            "受理渠道": words(("电话", "在线客服", "APP"))[rng.integers(0, 3, size=len(order))],
            "处理部门": words(UNITS)[kind],
            "处理人": words(PEOPLE)[rng.integers(0, len(PEOPLE), size=len(order))],
            "投诉时间": moments(raised),
            "解决时间": moments(np.where(is_open | unsolved, NO_MOMENT, resolved)),
            "处理状态": state,
            "未解决原因": either(unsolved & ~is_open, _reasons(rng, len(order)), ""),
            "投诉内容": text,
        },
        "gb18030",
        Dirt(FAULTS, broken=9, repeated=12),
    )  # fmt: skip


def _failing(book: Ledger, order: Ints, product: Ints) -> Flags:
    of_department = (product >= 0) & (book.shop.department[product] == FAILING)
    failing: Flags = of_department & (book.orders.day[order] >= FAILURE_DAY)
    return failing


def _orders_complained_about(rng: np.random.Generator, book: Ledger) -> Ints:
    """Orders of known customers of the last year; failing goods and the slow region more often."""
    orders = book.orders
    pool = book.bought[(orders.day[book.bought] >= DAYS - WINDOW) & (orders.day[book.bought] < DAYS - 12)]
    weight: Floats = np.ones(len(pool))
    weight = np.where(_failing(book, pool, book.main_product[pool]), 2.6, weight)
    slow = (orders.province[pool] == province_index(SLOW_REGION)) & (orders.day[pool] >= SLOW_DAY)
    weight = np.where(slow, weight * 1.9, weight)
    chosen = pick(rng, pool, book.size(TICKETS), weight)
    return chosen[np.lexsort((chosen, orders.day[chosen]))]


def _kinds(rng: np.random.Generator, slow: Flags, failing: Flags) -> Ints:
    cumulative = np.cumsum(np.array(WEIGHTS, dtype=np.float64), axis=1)
    return draw_in_group(rng, cumulative, np.where(failing, 2, np.where(slow, 1, 0)))


def _reasons(rng: np.random.Generator, size: int) -> Words:
    return words(REASONS)[rng.integers(0, len(REASONS), size=size)]
