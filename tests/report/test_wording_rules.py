"""No sentence is vague, none compares or moves without what allows it: the rules of wording over all texts.

Templates are judged as they are written, sentences as the full shop makes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from keguan import registry
from keguan.app.checking import faults, figures
from keguan.core.text import LANGUAGES, Text
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.evidence.wording import broken_rules, denials, gated_words, moving_words, vague_words
from keguan.marts.strategy_matrix import shipped
from keguan.report.phrases import PHRASES
from keguan.report.recipe import load_recipe, recipes
from keguan.result import Cell, Claim, Column, Result, Table, Test
from report import sample
from shops import all_results, full

FORBIDDEN = {
    "zh": [
        "大部分客户会再来", "大多数订单", "客户可能流失", "大概 30 天", "大约 30 天", "约 30 天", "约{n}位", "30 天左右",
        "较多客户", "众多客户", "许多客户", "往往在月底购买", "基本上稳定", "大幅增加", "小幅减少", "急剧减少", "通常在周末",
        "一般来说", "几乎全部", "似乎在减少", "看来稳定", "占比较高", "金额较大", "非常重要", "部分客户流失", "差不多一半",
    ],
    "en": [
        "many customers", "most of the revenue", "probably lost", "roughly a third", "a substantial share", "it seems lost",
        "often on Fridays", "usually at noon", "several channels", "a few accounts", "nearly {n} orders", "about {n} days",
        "around 30 days", "almost 30 days", "some customers left", "numerous complaints", "a majority of them",
        "considerably more", "dramatically less", "sharply down", "generally stable", "likely to leave", "relatively new",
        "rarely returns", "mostly online", "apparently lost", "some 30 orders",
    ],
}  # fmt: skip
GATED = {
    "zh": ["显著增加", "明显增加", "高于其余", "低于去年", "优于同行", "快于其余", "慢于其余", "改善", "恶化", "提升到"],
    "en": ["significantly more", "higher than", "lower rates", "better", "worse", "improved", "faster", "slower", "declined"],
}  # fmt: skip
MOVING = {
    "zh": ["净销售额上升", "投诉下降", "客户增加", "订单减少", "销售增长"],
    "en": ["revenue rose", "orders fell", "more than before", "less than before", "an increase"],
}
SPOKEN_ALOUD = {
    "rounding"
}  # '可能不等于 100%', 'may not add up': what rounding does, no statement about data


@pytest.mark.parametrize("text", [text for language in LANGUAGES for text in FORBIDDEN[language]])
def test_vague_phrases_are_forbidden_whatever_was_tested(text: str) -> None:
    """covers: L3"""
    assert vague_words(text)
    assert broken_rules(text, "tested", Test("Newcombe", True))


@pytest.mark.parametrize("text", [text for language in LANGUAGES for text in GATED[language]])
def test_comparing_words_need_a_passed_test(text: str) -> None:
    """covers: L3"""
    assert broken_rules(text, "fact", None)
    assert broken_rules(text, "tested", Test("Newcombe", False))
    assert not broken_rules(text, "tested", Test("Newcombe", True))


@pytest.mark.parametrize("text", [text for language in LANGUAGES for text in MOVING[language]])
def test_words_of_movement_need_a_test_or_the_figures_they_are_the_arithmetic_of(text: str) -> None:
    """covers: L3"""
    assert broken_rules(text, "fact", None, figures=1)
    assert not broken_rules(text, "fact", None, figures=2)
    assert not broken_rules(text, "tested", Test("Newcombe", True), figures=0)


def test_one_figure_moves_nowhere_and_the_claim_is_withheld() -> None:
    """A claim made of one cell that says 'fell' does not reach a reader."""
    columns = [
        Column("k", Text("项", "Item"), "text", role="key"),
        Column("net", Text("净额", "Net"), "money"),
    ]
    table: Table = sample.table("t", Text("表", "Table"), columns, ["k"], [{"k": "a", "net": 1.0}])
    claim = Claim("fell", "a/fell", {"net": Cell("t", {"k": "a"}, "net")}, 100, Text("客户", "customers"))
    analysis = registry.get("overview").__class__(
        "a", Text("甲", "A"), Text("问", "q"), "structure", sample.Params, lambda *_: Result("a"),
        {"fell": Text("净销售额减少到 {net}。", "Net revenue fell to {net}.")},
    )  # fmt: skip
    result = Result("a", tables=(table,), claims=(claim,))
    assert figures(result, claim) == 1
    assert faults(result, analysis, claim) == ("减少", "fell")


def fixed() -> Iterator[tuple[str, Text]]:
    """Every sentence that ships: of analyses, of the report, of recipes, of the strategy matrix."""
    for name in registry.names():
        for says, text in registry.get(name).text.items():
            yield f"{name}.{says}", text
    for name, text in PHRASES.items():
        if name not in SPOKEN_ALOUD:
            yield f"phrases.{name}", text
    for recipe in map(load_recipe, recipes()):
        yield f"{recipe.name}.title", recipe.title
        for section in recipe.sections:
            for number, text in enumerate(
                (section.title, section.lead, section.answers, section.data, *section.text)
            ):
                if text is not None:
                    yield f"{recipe.name}.{section.id}.{number}", text
    for segment, text in shipped().advice().items():
        yield "matrix." + ".".join(segment), text


@pytest.mark.parametrize(("name", "text"), list(fixed()))
def test_no_text_that_ships_is_vague(name: str, text: Text) -> None:
    """covers: L3"""
    assert vague_words(text.zh) == () == vague_words(text.en), name


def test_every_comparing_template_quotes_the_figures_it_compares() -> None:
    """A comparing sentence names its n and two figures; one is enough where it says that nothing was found.

    covers: L3
    """
    bare = []
    for name in registry.names():
        for says, text in registry.get(name).text.items():
            for language in LANGUAGES:
                said = text.in_(language)
                names = set(re.findall(r"{(\w+)(?::[-l])?}", said)) - {"base"}
                if (gated_words(said) or moving_words(said)) and ("n" not in names or len(names) < 3):
                    bare.append(f"{name}.{says}")
    assert bare == []


def test_a_sentence_that_found_nothing_compares_nothing_else() -> None:
    """Under a test that did not pass every other comparing word would withhold the sentence."""
    mixed = [
        f"{name}.{says}"
        for name in registry.names()
        for says, text in registry.get(name).text.items()
        for said in (text.zh, text.en)
        if denials(said) and gated_words(said)
    ]
    assert mixed == []


def test_both_languages_of_a_template_hold_the_same_figures() -> None:
    unlike = [
        f"{name}.{says}"
        for name in registry.names()
        for says, text in registry.get(name).text.items()
        if set(re.findall(r"{(\w+)(?::[-l])?}", text.zh)) != set(re.findall(r"{(\w+)(?::[-l])?}", text.en))
    ]
    assert unlike == []


def test_every_sentence_of_the_full_shop_keeps_the_rules(tmp_path: Path) -> None:
    """covers: L3"""
    _, results = all_results(DuckDBEngine([tmp_path]), full(), tmp_path / "full")
    said = [(result, claim) for result in results.values() for claim in result.claims]
    assert len(said) > 100
    assert [claim.key for result, claim in said if faults(result, registry.get(result.analysis), claim)] == []
    moved = [claim for _, claim in said if claim.change is not None]
    assert len(moved) > 5
    assert all(claim.strength == "tested" or len(claim.values) > 1 for claim in moved)
    worse = [
        claim.key for _, claim in said if claim.worse and claim.test is not None and not claim.test.passed
    ]
    assert worse == []
    advice = shipped().advice()
    spoken = {claim.about for _, claim in said if claim.about is not None}
    assert spoken & set(advice)
    assert spoken - set(advice) <= {("lifecycle", "活跃"), ("rfm", "窗口内无订单")}
