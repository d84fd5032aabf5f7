"""The customary table of the effect of strategies in the Excel report."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from keguan import registry
from keguan.analyses.campaign.tables import EFFECT_COLUMNS
from keguan.core.text import Language, Text
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS
from keguan.render.xlsx.archive import Archive
from keguan.render.xlsx.workbook import open_workbook
from keguan.report.compose import compose
from keguan.report.recipe import load_recipe
from keguan.result import Result
from report import sample

ROW = {
    "strategy": "沉默客户唤醒", "segment": "沉默客户", "period": "2026-05-11 – 2026-05-24", "cost": Decimal(18_600),
    "converted": 113, "conversion": 0.1011, "output_input": 2.4128, "owner": "覃雨桐", "advice": "no_control+cost",
}  # fmt: skip
HEADS: dict[Language, list[str]] = {
    "zh": ["策略名称", "目标客群", "执行周期", "投入资源(元)", "转化客户数", "转化率", "ROI(产出/投入)", "负责人", "优化建议"],
    "en": ["Strategy", "Target segment", "Period", "Resources spent (CNY)", "Customers converted", "Conversion",
           "ROI (output / input)", "Owner", "What to improve"],
}  # fmt: skip
ADVICE: dict[Language, str] = {
    "zh": "无对照，不能归因：下次随机留出对照组再评价；请记录费用",
    "en": "No control, nothing can be attributed: hold out a random control next time; record its cost",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_effect_of_strategies_has_exactly_its_columns(language: Language) -> None:
    """covers: J5. Table (3) of the tables that ship with exactly these columns; the output over the input is a number."""
    effect = sample.table(
        "effect", Text("营销策略执行效果追踪表", "Effect"), EFFECT_COLUMNS, ("strategy", "period"), [ROW]
    )
    made = Result("campaign", (effect,)).pinned(
        as_of=sample.AS_OF, params={}, versions=sample.VERSIONS, code="test"
    )
    recipe = load_recipe("monthly")
    first = next(section for section in recipe.sections if section.analyses)
    sections = tuple(
        replace(section, analyses=("campaign", *section.analyses)) if section is first else section
        for section in recipe.sections
    )
    document = compose(
        {**sample.results(), "campaign": made}, {**sample.analyses(), "campaign": registry.get("campaign")},
        replace(recipe, sections=sections), language, sample.context(),
    )  # fmt: skip
    content = FORMS["xlsx"].write(document, Pictures(document)).content
    texts = open_workbook(Archive(content, "report.xlsx")).texts
    sheet = {"zh": "营销策略执行效果追踪表", "en": "Effect of strategies"}[language]
    cells = {(row, column): text for (name, row, column), text in texts.items() if name == sheet and row >= 4}
    rows = sorted({row for row, _ in cells})
    head, body = ([cells.get((row, column), "") for column in range(1, 10)] for row in rows[:2])
    assert head == HEADS[language]
    assert body == [
        "沉默客户唤醒", "沉默客户", "2026-05-11 – 2026-05-24", "18,600.00", "113", "10.1%", "2.41", "覃雨桐", ADVICE[language],
    ]  # fmt: skip
