"""Composing: sections in the recipe's order, language chosen once, evidence for every sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keguan.core.text import LANGUAGES, Language, Text
from keguan.report.body import drawn_first
from keguan.report.cards import kpi_cards
from keguan.report.compose import compose
from keguan.report.document import (
    AnalysisEvidence,
    ClaimBlock,
    Comment,
    Document,
    FigureBlock,
    KpiCards,
    Missing,
    NoteBlock,
    TableBlock,
)
from keguan.report.recipe import load_recipe
from keguan.result import Column, Figure, Note, Result
from report import sample


def monthly(language: Language = "zh", results: dict[str, Result] | None = None) -> Document:
    found = sample.results() if results is None else results
    return compose(found, sample.analyses(), load_recipe("monthly"), language, sample.context())


def test_sections_follow_the_recipe_and_missing_ones_say_what_to_import() -> None:
    document = monthly()
    ids = [section.id for section in document.sections]
    assert ids == [
        "summary", "purpose", "data", "performance", "structure", "behaviour", "advice", "comments",
        "missing", "appendix",
    ]  # fmt: skip
    missing = document.sections[ids.index("missing")]
    assert [block.id for block in missing.blocks if isinstance(block, Missing)] == [
        "profile", "service", "value", "trend", "effect", "actions",
    ]  # fmt: skip
    assert all(block.data for block in missing.blocks if isinstance(block, Missing))


def test_the_data_section_prints_all_kpis_in_full() -> None:
    data = next(section for section in monthly().sections if section.id == "data")
    kpis = next(block for block in data.blocks if isinstance(block, TableBlock))
    shown = {row.key: row.shown[1] for row in kpis.page}
    assert kpis.ref == "overview.kpis"
    assert len(shown) == len(sample.KPI_ROWS)
    assert shown["lines_received"] == "1,067,370"
    assert shown["gross_revenue"] == "17,431,533.18"
    assert shown["guest_share"] == "15.3%"


def test_sentences_and_cards_shorten_money_but_tables_never() -> None:
    document = monthly()
    totals = next(
        block
        for block in document.blocks()
        if isinstance(block, ClaimBlock) and block.key == "overview/totals"
    )
    assert totals.text == (
        "共有 5,878 位客户下单 36,969 次，销售额 1,743.2万元，净销售额 1,634.4万元（n=5,878，有客户编号的客户）。"
    )
    assert [part.value for part in totals.parts if part.value] == ["customers", "orders", "gross", "net"]
    cards = next(block for block in document.blocks() if isinstance(block, KpiCards))
    assert (cards.cards[0].shown, cards.cards[0].unit, cards.cards[0].full) == (
        "912.0万", "元", "9,120,447.90",
    )  # fmt: skip
    assert (cards.cards[0].change_shown, cards.cards[0].direction) == ("+26.3%", "up")
    assert len(cards.cards) == 4


def test_a_missing_value_is_a_dash() -> None:
    compared = next(
        block
        for block in monthly("en").blocks()
        if isinstance(block, TableBlock) and block.ref == "overview.comparisons"
    )
    assert compared.page[1].shown[2:] == ("–",) * 5


def test_advice_has_its_own_section_and_comments_are_apart() -> None:
    document = monthly()
    by_id = {section.id: section for section in document.sections}
    structure = [block for block in by_id["structure"].blocks if isinstance(block, ClaimBlock)]
    assert all(block.strength != "recommendation" for block in structure)
    assert [block.strength for block in by_id["advice"].blocks if isinstance(block, ClaimBlock)] == [
        "recommendation"
    ]
    assert isinstance(by_id["comments"].blocks[0], Comment)


def test_an_analysis_without_data_is_one_line_in_a_section_that_has_others() -> None:
    results = sample.results()
    del results["rfm"]
    section = next(part for part in monthly("zh", results).sections if part.id == "structure")
    notes = [
        block.text for block in section.blocks if isinstance(block, NoteBlock) and block.kind == "missing"
    ]
    assert notes == ["RFM 客户分层：所需数据：订单"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_leaks_and_every_claim_has_evidence(language: Language) -> None:
    document = monthly(language)
    said = {block.id for block in document.blocks() if isinstance(block, ClaimBlock)}
    proved = {
        item.claim.id
        for block in document.blocks()
        if isinstance(block, AnalysisEvidence)
        for item in block.claims
    }
    assert said <= proved
    assert {claim["id"] for claim in document.manifest["claims"]} == said
    if language == "en":
        texts = [block.text for block in document.blocks() if isinstance(block, ClaimBlock)]
        assert all(text.isascii() for text in texts)


def test_a_table_drawn_twice_is_printed_once() -> None:
    figures = [
        block
        for block in monthly().blocks()
        if isinstance(block, FigureBlock) and block.table.ref == "overview.months"
    ]
    assert [figure.table_here for figure in figures] == [True, False]


def test_the_same_results_give_the_same_document() -> None:
    first, second = monthly(), monthly()
    assert first.manifest == second.manifest
    assert first.manifest["document_id"] == second.manifest["document_id"]


def test_nothing_at_all_still_gives_a_document() -> None:
    document = compose({}, {}, load_recipe("monthly"), "en", replace(sample.context(), comments=()))
    assert [section.id for section in document.sections] == ["summary", "purpose", "missing", "appendix"]


def test_the_kind_of_business_leads_its_section() -> None:
    context = replace(sample.context(), kind="few_accounts")
    document = compose(sample.results(), sample.analyses(), load_recipe("monthly"), "zh", context)
    structure = next(section for section in document.sections if section.id == "structure")
    assert structure.blocks[0].text == "收入集中度"  # type: ignore[union-attr]


def test_a_claim_without_words_is_named() -> None:
    results = sample.results()
    broken = replace(results["rfm"].claims[0], says="absent")
    results["rfm"] = replace(results["rfm"], claims=(broken,))
    with pytest.raises(KeyError, match="absent"):
        monthly("zh", results)


def test_the_rows_that_figures_draw_come_first_in_their_table() -> None:
    """Of a table of several dimensions the rows under a picture are those of the picture."""
    columns = [
        Column("dimension", Text("维度", "Dimension"), "text", role="key"),
        Column("value", Text("取值", "Value"), "text", role="key"),
        Column("share", Text("占比", "Share"), "share"),
    ]
    rows = [
        {"dimension": dimension, "value": value, "share": 0.5}
        for dimension in ("product", "topic", "region")
        for value in ("a", "b")
    ]
    made = sample.table("groups", Text("表", "Table"), columns, ["dimension", "value"], rows)
    regions, topics = (
        Figure(name, "bar", Text(name, name), "groups", "value", ("share",), where={"dimension": name})
        for name in ("region", "topic")
    )

    def order(*figures: Figure) -> list[str]:
        shown = drawn_first(Result("a", tables=(made,), figures=figures), made)
        assert [row["value"] for row in shown] == ["a", "b"] * 3  # otherwise as they were
        return [row["dimension"] for row in shown][::2]

    assert order(regions) == ["region", "product", "topic"]
    assert order(regions, topics) == ["region", "topic", "product"]
    assert order() == ["product", "topic", "region"]
    assert order(regions, replace(topics, where={})) == ["product", "topic", "region"]


def compared(verdict: str) -> Result:
    """A month against the year before, with the words of its verdict, and the days that it covers."""
    name = Column("comparison", Text("比较", "Comparison"), "text", role="key")
    columns = [
        name,
        Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
        Column("change_rate", Text("变化", "Change"), "share"),
        Column("verdict", Text("结论", "Verdict"), "text"),
    ]
    row = {"comparison": "complete_last_year", "net_revenue": 100.0, "change_rate": 0.262, "verdict": verdict}
    made = sample.table("comparisons", Text("表", "Table"), columns, ["comparison"], [row])
    days = {"comparison": "complete_last_year", "period": "2026-10"}
    counts = sample.table(
        "comparison_counts", Text("表", "Table"), [name, Column("period", Text("本期", "Period"), "text")],
        ["comparison"], [days],
    )  # fmt: skip
    return Result("overview", tables=(made, counts))


@pytest.mark.parametrize(
    ("verdict", "direction", "against"),
    [
        ("显著增加", "up", "较去年同月"),
        ("无显著变化", "flat", "较去年同月，无显著变化"),
        ("未检验", "flat", "较去年同月，未检验"),
    ],
)
def test_a_card_has_an_arrow_only_where_the_change_was_found(
    verdict: str, direction: str, against: str
) -> None:
    (card,) = kpi_cards({"overview": compared(verdict)}, load_recipe("monthly"), "zh", sample.context()).cards
    assert (card.label, card.change_shown) == ("2026-10 净销售额（不含散客）", "+26.2%")
    assert (card.direction, card.change_label) == (direction, against)


def reasons(document: Document) -> dict[str, str]:
    blocks = [block for section in document.sections for block in section.blocks]
    return {block.id: block.data for block in blocks if isinstance(block, Missing)}


def test_each_section_left_out_says_its_own_reason() -> None:
    """Nothing imported; no analysis for it; advice that stands in the summary; data in which there is nothing to say."""
    nothing = reasons(monthly("en", {}))
    assert nothing["structure"] == "Not imported: an order export with customer ids"
    assert nothing["profile"] == "This version does not have the analysis yet"  # the sample has none
    assert nothing["advice"].startswith("Not imported: ")
    without = {
        name: replace(result, claims=tuple(c for c in result.claims if c.strength != "recommendation"))
        for name, result in sample.results().items()
    }
    assert "in the summary" in reasons(monthly("en", without))["advice"]
    said = Note(Text("只有一个月的数据", "One month of data only"), "missing")
    recipe, name = load_recipe("monthly"), next(iter(sample.analyses()))
    structure = next(section for section in recipe.sections if section.id == "structure")
    short = replace(recipe, sections=(replace(structure, analyses=(name,)),), cards=())
    result = Result(name, notes=(said,))
    document = compose({name: result}, sample.analyses(), short, "en", sample.context())
    assert reasons(document) == {"structure": "Overview: One month of data only"}
