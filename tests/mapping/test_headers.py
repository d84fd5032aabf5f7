from __future__ import annotations

from decimal import Decimal

import pytest

from keguan.mapping.aliases import matches
from keguan.mapping.headers import read_header


@pytest.mark.parametrize(
    ("received", "concept"),
    [
        ("订单编号", "order_number"),
        (" 订单 Id ", "order_number"),
        ("ＩｎｖｏｉｃｅＮｏ", "order_number"),
        ("Order_Number", "order_number"),
        ("Customer ID", "customer_key"),
        ("会员ID", "customer_key"),
        ("买家昵称", "nickname"),
        ("客户名称", "customer_name"),
        ("InvoiceDate", "ordered_at"),
        ("下单时间", "ordered_at"),
        ("付款时间", "paid_at"),
        ("number_of_cds", "quantity"),
        ("宝贝总数量", "quantity"),
        ("dollar_value", "amount"),
        ("实付金额（元）", "amount"),
        ("销售额", "amount"),
        ("折扣", "discount"),
        ("利润", "profit"),
        ("子类别", "category_2"),
        ("省/自治区", "province"),
        ("原订单号", "original_order_number"),
        ("退款金额", "refund_amount"),
        ("发货日期", "shipped_at"),
        ("统一社会信用代码", "tax_no"),
    ],
)
def test_a_header_means_its_concept(received: str, concept: str) -> None:
    assert matches(read_header(received), "orders")[0].concept == concept


@pytest.mark.parametrize(
    ("received", "factor", "currency"),
    [
        ("销售额（万元）", 10_000, "CNY"),
        ("金额(元)", 1, "CNY"),
        ("金额【亿元】", 100_000_000, "CNY"),
        ("成本_万元", 10_000, "CNY"),
        ("Amount (USD)", 1, "USD"),
        ("Price £", 1, "GBP"),
        ("revenue EUR", 1, "EUR"),
        ("数量(件)", 1, None),
        ("单元", 1, None),
    ],
)
def test_units_and_currency_are_read_from_the_header(
    received: str, factor: int, currency: str | None
) -> None:
    header = read_header(received)
    assert (header.factor, header.currency) == (Decimal(factor), currency)


def test_a_percentage_in_the_header_is_a_rate() -> None:
    header = read_header("折扣率（%）")
    assert header.percent
    assert header.factor == Decimal("0.01")


def test_own_names_of_a_kind_of_file_mean_nothing_elsewhere() -> None:
    assert matches(read_header("姓名"), "orders") == ()
    assert matches(read_header("姓名"), "customers")[0].concept == "customer_name"
