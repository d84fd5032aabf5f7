"""The rows of the order export as text: one per line sold, given, charged or returned, sorted by time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from keguan.demo.baskets import GIFT, POSTAGE, Lines
from keguan.demo.catalogue import Catalogue
from keguan.demo.deliveries import Deliveries
from keguan.demo.geography import PROVINCE_NAMES, city_names
from keguan.demo.journeys import GUEST, Orders
from keguan.demo.population import CHANNELS
from keguan.demo.refunds import Refunds
from keguan.demo.sampling import Flags, Ints, Words, either, words
from keguan.demo.season import OPENS, date_of
from keguan.demo.shelves import DEPARTMENTS

ORDER_HEADERS = (
    "订单编号", "下单时间", "付款时间", "客户编号", "渠道", "收货省份", "收货城市",
    "商品编号", "商品名称", "一级类目", "二级类目", "三级类目", "品牌",
    "数量", "单价(元)", "优惠金额(元)", "实付金额(元)", "成本(元)", "订单状态", "原订单号",
    "发货时间", "签收时间",
)  # fmt: skip
DONE, SHIPPED, PAID, CANCELLED, RETURNED = "已完成", "已发货", "已付款", "已取消", "退款"
EPOCH = datetime(OPENS.year, OPENS.month, OPENS.day)


@dataclass(frozen=True)
class OrderRows:
    """Cells as text, shape (rows, `ORDER_HEADERS`). `plain`: goods sold, never returned or cancelled."""

    cells: npt.NDArray[np.object_]
    plain: Flags


@dataclass(frozen=True)
class _Sheet:
    """What the rows are made from; lines sold come first, then lines returned."""

    shop: Catalogue
    orders: Orders
    customer_id: Words
    sold: Lines
    refunds: Refunds
    unpaid: Flags
    deliveries: Deliveries

    def both(self, name: str) -> Ints:
        """One column of the lines sold, followed by that of the lines returned."""
        joined: Ints = np.concatenate([getattr(self.sold, name), getattr(self.refunds.lines, name)])
        return joined

    @property
    def day(self) -> Ints:
        return np.concatenate([self.orders.day[self.sold.order], self.refunds.day])

    @property
    def second(self) -> Ints:
        return np.concatenate([self.orders.second[self.sold.order], self.refunds.second])

    @property
    def is_return(self) -> Flags:
        return np.arange(len(self.sold) + len(self.refunds.day)) >= len(self.sold)


def make_order_rows(
    rng: np.random.Generator,
    shop: Catalogue,
    orders: Orders,
    sold: Lines,
    refunds: Refunds,
    unpaid: Flags,
    deliveries: Deliveries,
    customer_id: Words,
) -> OrderRows:
    """All rows of the export before anything is damaged, sorted by time."""
    sheet = _Sheet(shop, orders, customer_id, sold, refunds, unpaid, deliveries)
    columns = [
        *_order_columns(rng, sheet), *_product_columns(sheet), *_money_columns(sheet), *_state(sheet), *_on_the_way(sheet),
    ]  # fmt: skip
    cells = np.column_stack(columns)
    returned = np.isin(sheet.both("order"), refunds.lines.order)
    plain = ~returned & ~unpaid[sheet.both("order")] & (sheet.both("product") >= 0)
    order = np.lexsort((np.arange(len(cells)), sheet.second, sheet.day))
    return OrderRows(cells[order], plain[order])


def _order_columns(rng: np.random.Generator, sheet: _Sheet) -> list[Words]:
    """订单编号 .. 收货城市."""
    orders, order, is_return = sheet.orders, sheet.both("order"), sheet.is_return
    moment = sheet.day * 86_400 + sheet.second
    paid_after = rng.integers(15, 900, size=len(orders))[order]
    paid = words(_times(moment + np.where(is_return, 0, paid_after)))
    number = np.concatenate([order_numbers(orders)[sheet.sold.order], _return_numbers(sheet.refunds)])
    customer = either(orders.customer == GUEST, "", sheet.customer_id[orders.customer])
    return [
        number,
        words(_times(moment)),
        either(sheet.unpaid[order] & ~is_return, "", paid),
        customer[order],
        CHANNELS[orders.channel[order]],
        PROVINCE_NAMES[orders.province[order]],
        city_names(orders.province, orders.city)[order],
    ]


def _product_columns(sheet: _Sheet) -> list[Words]:
    """商品编号 .. 品牌; postage and gifts are kept behind the catalogue at positions -1 and -2."""
    shop, product = sheet.shop, sheet.both("product")
    departments = words([department.name for department in DEPARTMENTS])[shop.department]
    extra = {POSTAGE: ("YF0001", "运费"), GIFT: ("ZP0001", "赠品 品牌帆布袋")}
    behind = [extra[place] for place in (GIFT, POSTAGE)]
    empty = words(["", ""])
    table = [
        np.concatenate([shop.product_id, words([code for code, _ in behind])]),
        np.concatenate([shop.name, words([name for _, name in behind])]),
        *(np.concatenate([column, empty]) for column in (departments, shop.second, shop.third, shop.brand)),
    ]
    return [column[product] for column in table]


def _money_columns(sheet: _Sheet) -> list[Words]:
    """数量 .. 成本(元); 实付金额 = 数量 * 单价 - 优惠金额 to the cent."""
    quantity, price, discount = sheet.both("quantity"), sheet.both("price"), sheet.both("discount")
    money = (price, discount, quantity * price - discount, sheet.both("cost"))
    return [words([str(pieces) for pieces in quantity.tolist()]), *(words(_yuan(cents)) for cents in money)]


def _state(sheet: _Sheet) -> list[Words]:
    """订单状态 and 原订单号."""
    order, is_return = sheet.both("order"), sheet.is_return
    shipped, delivered = sheet.deliveries.shipped[order], sheet.deliveries.delivered[order]
    state = either(shipped < 0, PAID, either(delivered < 0, SHIPPED, DONE))
    state = either(sheet.unpaid[order], CANCELLED, state)
    state = either(is_return, RETURNED, state)
    return [state, either(is_return, order_numbers(sheet.orders)[order], "")]


def _on_the_way(sheet: _Sheet) -> list[Words]:
    """发货时间 and 签收时间, of goods sold."""
    order = sheet.both("order")
    moments = (sheet.deliveries.shipped[order], sheet.deliveries.delivered[order])
    return [either(sheet.is_return | (moment < 0), "", words(_times(moment))) for moment in moments]


def order_numbers(orders: Orders) -> Words:
    """Day and running number, with gaps as real numbers have them."""
    serial = np.arange(len(orders)) - np.searchsorted(orders.day, orders.day)
    return words(
        [
            f"{date_of(day):%Y%m%d}{100_001 + 7 * number:06d}"
            for day, number in zip(orders.day.tolist(), serial.tolist(), strict=True)
        ]
    )


def _return_numbers(refunds: Refunds) -> Words:
    return words(
        [f"TH{date_of(day):%Y%m%d}{number:06d}" for number, day in enumerate(refunds.day.tolist(), start=1)]
    )


def _times(seconds: Ints) -> list[str]:
    return [str(EPOCH + timedelta(seconds=second)) for second in seconds.tolist()]


def _yuan(cents: Ints) -> list[str]:
    return [f"{amount / 100:.2f}" for amount in cents.tolist()]
