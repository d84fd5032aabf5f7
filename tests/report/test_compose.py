"""Composing: sections in the recipe's order, language chosen once, evidence for every sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keguan.core.text import LANGUAGES, Language
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
from keguan.result import Result
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
        "profile", "service", "value", "trend", "effect",
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
