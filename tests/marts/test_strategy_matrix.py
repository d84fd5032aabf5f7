"""The strategy matrix: the shipped rows word for word, every class under a row, and a user's broken file."""

from __future__ import annotations

import pytest

from keguan.core.errors import KeguanError, UsageError
from keguan.core.text import LANGUAGES
from keguan.evidence.wording import gated_words, vague_words
from keguan.marts.strategy_matrix import Matrix, load, shipped
from keguan.schema.vocabulary import VOCABULARIES

ROWS = """
高价值客户 | 专属服务、长期合作 | 客户成功经理一对一跟进、定制化方案、VIP活动邀请 | 高优先级服务响应、专属折扣
潜力客户 | 产品价值验证、信任建立 | 免费试用、案例分享会、行业白皮书推送 | 销售重点跟进、产品培训支持
流失风险客户 | 价格敏感、服务体验 | 专属召回优惠、满意度调研、服务流程优化 | 短期促销资源、售后快速响应
新客户 | 信息获取、决策辅助 | 新人礼包、新手引导、线上答疑社群 | 市场活动曝光、内容营销支持
""".strip()

ROW = """
[[rows]]
id = "best"
customers = "大客户"
need = "账期"
direction = "年度框架"
focus = "专人"
"""


def test_the_four_default_rows_are_the_published_ones() -> None:
    """covers: J1"""
    shown = [
        " | ".join((row.customers.zh, row.need.zh, row.direction.zh, row.focus.zh)) for row in shipped().rows
    ]
    assert shown == ROWS.splitlines()


def test_every_rfm_class_and_every_class_of_the_absolute_table_has_a_strategy() -> None:
    """covers: J1"""
    advice = shipped().advice()
    wanted = [("rfm", label) for label in VOCABULARIES["rfm_class"] if label != "窗口内无订单"]
    wanted += [("rfm_absolute", label) for label in VOCABULARIES["rfm_absolute"] if label != "未匹配"]
    assert len(wanted) == 12
    assert [segment for segment in wanted if segment not in advice] == []


@pytest.mark.parametrize(
    ("label", "row", "manner"),
    [
        ("重要价值", "high_value", None),
        ("重要发展", "potential", "提高购买频次"),
        ("重要保持", "high_value", "主动回访"),
        ("重要挽留", "at_risk", "由专人联系"),
        ("一般价值", "potential", "提高每单金额"),
        ("一般保持", None, "低成本唤回"),
        ("一般挽留", None, "自动化触达，不投人工"),
    ],
)
def test_the_default_strategy_of_a_class(label: str, row: str | None, manner: str | None) -> None:
    (rule,) = shipped().of("rfm", label)
    assert (rule.row.id if rule.row else None, rule.manner.zh if rule.manner else None) == (row, manner)


def test_regular_growth_depends_on_the_first_order() -> None:
    first, rest = shipped().of("rfm", "一般发展")
    assert (first.row and first.row.id, first.when) == ("new", "first_order_within_month")
    assert (rest.row, rest.when, rest.manner and rest.manner.zh) == (None, None, "二购培育")
    said = shipped().advice()["rfm", "一般发展"]
    assert said.zh.startswith("首单在一个月内的，新客户：新人礼包")
    assert said.zh.endswith("；其余，二购培育。")
    assert "the others: nurture towards the second purchase." in said.en


def test_advice_is_plain_in_both_languages_and_holds_no_figure() -> None:
    for text in shipped().advice().values():
        for language in LANGUAGES:
            said = text.in_(language)
            assert not vague_words(said) + gated_words(said) or said.count("better service processes")
            assert not any(sign.isdigit() or sign in "{}" for sign in said), said


def test_a_company_may_write_one_text_for_both_languages() -> None:
    matrix = load(ROW + '[[segments]]\nsegmentation = "own"\nlabel = "框架客户"\nrow = "best"\n')
    assert isinstance(matrix, Matrix)
    assert matrix.advice()["own", "框架客户"].en == "大客户: 年度框架. Resources: 专人."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rows = 3", "rows"),
        ("[[rows]", "line 1"),
        ("", "rows"),
        ("[other]", "other"),
        (ROW + ROW, "best"),
        (ROW.replace('need = "账期"', ""), "need"),
        (ROW.replace('"账期"', '""'), "need"),
        (ROW.replace('"账期"', '"' + "长" * 501 + '"'), "need"),
        (ROW.replace('"账期"', '{ zh = "账期" }'), "need"),
        (ROW.replace("need =", "needs ="), "needs"),
        (ROW + '[[segments]]\nsegmentation = "rfm"\nlabel = "重要价直"\nrow = "best"', "重要价直"),
        (ROW + '[[segments]]\nsegmentation = "rfm"\nlabel = "重要价值"\nrow = "bests"', "bests"),
        (ROW + '[[segments]]\nsegmentation = "rfm"\nlabel = "重要价值"', "segments 1"),
        (
            ROW + '[[segments]]\nsegmentation = "rfm"\nlabel = "重要价值"\nrow = "best"\nwhen = "later"',
            "later",
        ),
        (ROW + '[[segments]]\nlabel = "重要价值"\nrow = "best"', "segments 1"),
        (ROW + '[[segments]]\nsegmentation = "own"\nlabel = "x"\nrow = "best"\n' * 2, "own x"),
    ],
)
def test_a_broken_file_is_refused_by_the_name_of_its_entry(text: str, found: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(text, "mine.toml")
    assert isinstance(caught.value, KeguanError)
    assert caught.value.where.file == "mine.toml"
    assert found in str(caught.value.found)
