"""商品资料.csv and 客户偏好.csv: what the shop sells since when, and what some customers said about themselves."""

from __future__ import annotations

import numpy as np

from keguan.demo.records.ledger import Ledger, pick
from keguan.demo.records.sheets import Dirt, Sheet, days, yuan
from keguan.demo.sampling import Ints, draw_in_group, either, words
from keguan.demo.season import DAYS
from keguan.demo.shelves import DEPARTMENTS

PRODUCT_NAME, TASTE_NAME = "商品资料.csv", "客户偏好.csv"
OLD = 45  # a product first sold within so many days from the opening was there before
ASKED = 4_000
FAMILY = 5  # position of 母婴玩具 among the departments
USERS, SCENES, STYLES = (
    ("本人", "子女", "父母", "伴侣", "公司员工"),
    ("自用", "送礼", "囤货", "企业采购"),
    ("简约", "国风", "北欧", "可爱", "轻奢"),
)
USER_WEIGHTS = (
    (58, 12, 14, 15, 1),
    (20, 66, 4, 9, 1),
    (6, 0, 0, 0, 94),
)  # others, favour 母婴玩具, companies
SCENE_WEIGHTS = ((58, 22, 18, 2), (66, 20, 13, 1), (2, 14, 4, 80))
STYLE_WEIGHTS = ((38, 16, 20, 12, 14), (24, 10, 18, 42, 6), (52, 20, 8, 2, 18))


def make_assortment(rng: np.random.Generator, book: Ledger) -> tuple[Sheet, ...]:
    """Products with the day of their launch, and the tastes of customers who were asked."""
    return _products(rng, book), _tastes(rng, book)


def launch_days(rng: np.random.Generator, book: Ledger) -> Ints:
    """Some days before the first sale; years before the opening for what was sold from the beginning."""
    first = np.full(len(book.shop), DAYS, dtype=np.int64)
    goods = np.flatnonzero(book.lines.product >= 0)
    np.minimum.at(first, book.lines.product[goods], book.orders.day[book.lines.order[goods]])
    size = len(first)
    return np.where(
        first < OLD,
        -rng.integers(30, 900, size=size),
        np.minimum(first, DAYS - 1) - rng.integers(1, 5, size=size),
    )


def _products(rng: np.random.Generator, book: Ledger) -> Sheet:
    shop = book.shop
    return Sheet(
        PRODUCT_NAME,
        {
            "商品编号": shop.product_id,
            "商品名称": shop.name,
            "一级类目": words([department.name for department in DEPARTMENTS])[shop.department],
            "二级类目": shop.second,
            "三级类目": shop.third,
            "品牌": shop.brand,
            "上市日期": days(launch_days(rng, book)),
            "标价": yuan(shop.later_price),
            "单位成本": yuan(shop.cost),
        },
        "gb18030",
    )


def _tastes(rng: np.random.Generator, book: Ledger) -> Sheet:
    customer = np.sort(pick(rng, np.arange(len(book.people)), book.size(ASKED)))
    kind = np.where(
        book.people.company[customer], 2, np.where(book.people.favourite[customer] == FAMILY, 1, 0)
    )
    columns = {
        "客户编号": book.profiles.customer_id[customer],
        "客户名称": book.profiles.name[customer],
        "会员等级": book.profiles.level[customer],
    }
    for header, names, weights in (
        ("使用人", USERS, USER_WEIGHTS), ("购买场景", SCENES, SCENE_WEIGHTS), ("风格偏好", STYLES, STYLE_WEIGHTS),
    ):  # fmt: skip
        cumulative = np.cumsum(np.array(weights, dtype=np.float64), axis=1)
        said = words(names)[draw_in_group(rng, cumulative, kind)]
        columns[header] = either(rng.random(len(customer)) < 0.93, said, "")
    return Sheet(TASTE_NAME, columns, dirt=Dirt(repeated=15))
