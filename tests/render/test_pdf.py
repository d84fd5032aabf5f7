"""The PDF report: real text, tagged, complete in itself, the same each time, and every edit is named."""

from __future__ import annotations

import ctypes
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from keguan.core.errors import InputError
from keguan.core.text import LANGUAGES, Language
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import PLAIN
from keguan.render.marks import differences
from keguan.render.pdf import write as writing
from keguan.render.pdf.content import content
from keguan.render.pdf.letters import printed
from keguan.render.pdf.read import ELEMENTS, MANIFEST
from keguan.report.document import ClaimBlock, Document, FigureBlock, Heading, Section
from render.pdfs import document, edited, named, original, retyped, shows, stripped, texts, written


@pytest.mark.parametrize("language", LANGUAGES)
def test_written_and_read_back_it_shows_what_the_document_says(language: Language) -> None:
    """Every claim, value, cell and card, to the digit. covers: L4, L5"""
    made = document(language)
    marked = shows(original(language))
    assert marked.document == made.manifest["document_id"]
    assert marked.manifest == json.loads(json.dumps(made.manifest))
    wanted = {name: printed(text) for name, text in made.on_paper().items()}
    assert {name: marked.items[name] for name in wanted} == wanted
    pictures = {f"picture:{block.ref}" for block in made.blocks() if isinstance(block, FigureBlock)}
    assert {name.rstrip("+") for name in marked.items} == {*wanted, *pictures}


@pytest.mark.parametrize("archival", [False, True])
def test_the_same_document_gives_the_same_bytes(archival: bool) -> None:
    assert written(document(), archival=archival) == written(document(), archival=archival)


def test_an_archival_file_says_so_and_shows_the_same() -> None:
    archival = written(document(), archival=True)
    assert b"<pdfaid:part>3</pdfaid:part>" in archival
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in archival
    assert b"<pdfaid:part>" not in original()
    for needed in (b"/AFRelationship/Data", b"/Subtype/application#2Fjson", b"/ModDate", b"/Desc"):
        assert needed in archival
    assert shows(archival) == shows(original())


@pytest.mark.parametrize("lost", [(MANIFEST, ELEMENTS), (ELEMENTS,), (MANIFEST,)])
def test_a_file_that_lost_its_attachments_is_read_by_a_fresh_one(lost: tuple[str, ...]) -> None:
    whole = shows(original())
    left = shows(stripped(original(), *lost))
    assert left.document == whole.document
    assert bool(left.manifest) == (MANIFEST not in lost)
    if left.again:
        assert left.items == {}
        left = left.again(original())
    assert (left.items, left.other) == (whole.items, whole.other)


def test_an_edit_of_a_file_without_attachments_is_named_and_a_stranger_is_refused() -> None:
    edit = retyped("5,852", "5,952")
    wanted = named(edited(original(), edit))
    assert wanted
    left = shows(stripped(edited(original(), edit), MANIFEST, ELEMENTS))
    assert left.again
    found = differences(left.again(original()), shows(original()))
    assert [(item.kind, item.name, item.found) for item in found] == wanted
    stranger, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    stranger.new_page(100, 100)
    stranger.save(out)
    with pytest.raises(InputError):
        shows(out.getvalue())
    with pytest.raises(InputError):
        left.again(out.getvalue())


def test_the_file_bears_the_moment_of_its_manifest_else_its_day() -> None:
    made = document()
    assert writing.written(made) == datetime(2026, 10, 12, tzinfo=UTC)
    at = {**made.manifest, "generated": "2026-10-13T08:30:00+08:00"}
    assert writing.written(replace(made, manifest=at)) == datetime(2026, 10, 13, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cover_contents_running_heads_and_feet(language: Language) -> None:
    made = document(language)
    pages = texts(original(language))
    assert made.title in pages[0]
    assert "2026-10-12" in pages[0]
    for section in made.sections:
        assert section.title in pages[1]
    count = len(pages)
    for number, page in enumerate(pages[1:], 2):
        assert f"{number} / {count}" in page
        assert str(made.manifest["document_id"]) in page
        assert made.title in page.splitlines()[0]


def test_contents_lead_to_their_pages_and_name_them() -> None:
    opened = pypdfium2.PdfDocument(original())
    marks = [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in opened.get_toc()]
    titles = {title: page for level, title, page in marks if level == 0}
    listing = opened[1].get_textpage().get_text_bounded()
    for section in document().sections:
        page = next(page for title, page in titles.items() if title.endswith(section.title))
        assert re.search(rf"{re.escape(section.title)}\s*{page + 1}\b", listing)


def test_it_is_tagged_and_says_its_language() -> None:
    opened = pypdfium2.PdfDocument(original())
    assert pdfium.FPDFCatalog_IsTagged(opened)
    assert opened.get_metadata_dict()["Title"] == document().title
    assert str(document().manifest["document_id"]) in opened.get_metadata_dict()["Keywords"]
    kinds: set[str] = set()
    alternatives: set[str] = set()
    for page in opened:
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            _walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number), kinds, alternatives)
        pdfium.FPDF_StructTree_Close(tree)
    assert {"H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure", "Link"} <= kinds
    for block in document().blocks():
        if isinstance(block, FigureBlock):
            assert any(alternative.startswith(block.title) for alternative in alternatives)


def _walk(element: Any, kinds: set[str], alternatives: set[str]) -> None:
    kinds.add(_told(pdfium.FPDF_StructElement_GetType, element))
    alternatives.add(_told(pdfium.FPDF_StructElement_GetAltText, element))
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            _walk(child, kinds, alternatives)


def _told(ask: Any, element: Any) -> str:
    size = ask(element, None, 0)
    held = ctypes.create_string_buffer(max(size, 2))
    ask(element, held, size)
    return held.raw[: max(size - 2, 0)].decode("utf-16-le")


def test_evidence_ids_lead_into_the_appendix() -> None:
    """covers: L4"""
    opened = pypdfium2.PdfDocument(original())
    claim = next(block for block in document().blocks() if isinstance(block, ClaimBlock))
    pages = [number for number, page in enumerate(texts(original())) if claim.id in page]
    goals = {_goal(opened, number) for number in pages[:1]}
    assert pages[-1] in set().union(*goals)


def _goal(opened: Any, number: int) -> frozenset[int]:
    """Pages that links of this page lead to."""
    at, link, out = ctypes.c_int(0), pdfium.FPDF_LINK(), set()
    while pdfium.FPDFLink_Enumerate(opened[number], at, link):
        goal = pdfium.FPDFLink_GetDest(opened, link)
        out.add(pdfium.FPDFDest_GetDestPageIndex(opened, goal))
    return frozenset(out)


def test_saved_again_by_another_program_it_still_proves() -> None:
    assert named(edited(original(), lambda page, text: True)) == []


def test_a_digit_of_a_cell_typed_over_is_named() -> None:
    found = named(edited(original(), retyped("17,431,533.18", "17,431,538.18")))
    assert ("cell", "overview.kpis[gross_revenue].value", "17,431,538.18") in found
    assert {kind for kind, _, _ in found} <= {"cell", "other"}  # colours of that page are saved anew
    assert len([kind for kind, _, _ in found if kind == "cell"]) == 1


def test_a_digit_of_a_sentence_typed_over_is_named_with_its_sentence() -> None:
    # '5,878' stands in a cell first, then in the first sentence about all customers.
    claim = next(
        block for block in document().blocks() if isinstance(block, ClaimBlock) and "5,878" in block.text
    )
    found = named(edited(original(), retyped("5,878", "5,879", 1)))
    sentence = next(item for item in found if item[0] == "claim")
    assert sentence[1] == claim.id
    assert sentence[2] is not None
    assert sentence[2].replace(" ", "") == claim.text.replace("5,878", "5,879", 1).replace(" ", "")


def test_words_typed_over_are_seen() -> None:
    assert named(edited(original(), retyped("王经理", "李经理"))) == [("other", "", None)]


def _forged(change: Mapping[str, str]) -> bytes:
    """Pages that say something else beneath the manifest of the original."""
    made = document()
    forged = replace(made, sections=tuple(_with(section, change) for section in made.sections))
    data, _, files = content(forged, Pictures(forged), PLAIN)
    _, sheet, _ = content(made, Pictures(made), PLAIN)
    order = {"leaves": sheet.leaves, "pictures": sheet.pictures}
    files |= writing._sources()
    given = {"data": data, "manifest": made.manifest, "elements": order}
    return writing._compiled(files, given, writing.written(made), PLAIN)


def _with(section: Section, change: Mapping[str, str]) -> Section:
    def claim(block: Any) -> Any:
        if not isinstance(block, ClaimBlock):
            return block
        parts = tuple(replace(part, text=change.get(part.text, part.text)) for part in block.parts)
        return replace(block, parts=parts)

    return replace(section, blocks=tuple(claim(block) for block in section.blocks))


def test_pages_forged_under_the_original_manifest_are_named() -> None:
    claim = next(block for block in document().blocks() if isinstance(block, ClaimBlock))
    value = next(part.text for part in claim.parts if part.value and len(part.text) > 3)
    found = named(_forged({value: f"1{value}"}))  # longer by a digit: what follows moves on
    assert next(name for kind, name, _ in found if kind == "claim") == claim.id
    assert {kind for kind, _, _ in found} <= {"claim", "other"}


def test_a_shape_laid_over_a_figure_and_text_added_are_seen() -> None:
    def covered(page: Any, text: Any) -> bool:
        shape = pdfium.FPDFPageObj_CreateNewRect(100, 400, 200, 40)
        pdfium.FPDFPageObj_SetFillColor(shape, 255, 255, 255, 255)
        pdfium.FPDFPath_SetDrawMode(shape, 1, 0)
        pdfium.FPDFPage_InsertObject(page, shape)
        return True

    assert named(edited(original(), covered)) == [("other", "", None)]


def test_a_bar_made_longer_is_named() -> None:
    """A path of a picture that is stretched."""

    def stretched(page: Any, text: Any) -> bool:
        for number in range(pdfium.FPDFPage_CountObjects(page)):
            thing = pdfium.FPDFPage_GetObject(page, number)
            drawn = pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_PATH
            if drawn and pdfium.FPDFPageObj_GetMarkedContentID(thing) >= 0:
                pdfium.FPDFPageObj_Transform(thing, 1, 0, 0, 1.2, 0, 0)
                return True
        return False

    found = named(edited(original(), stretched))
    assert [kind for kind, _, _ in found if kind == "picture"] == ["picture"]


def test_a_renderer_that_leaves_an_element_out_is_caught() -> None:
    made = document()
    items = {**made.on_paper(), "claim:0000000000@body": "…"}
    with pytest.raises(ValueError, match="claim:0000000000@body"):
        written(replace(made, manifest={**made.manifest, "items": items}))


def test_no_source_is_built_from_data() -> None:
    """Names that are code to typst stand on the page as they are."""
    made = document()
    name = '#read("/etc/passwd") $x$ *b* _i_ `c` <l> @r \\ //'
    blocks = (Heading(name), *made.sections[0].blocks)
    made = replace(made, title=name, sections=(replace(made.sections[0], blocks=blocks), *made.sections[1:]))
    page = "".join(texts(written(made))[2].split())
    assert page.count("".join(name.split())) >= 2


def test_a_document_without_anything_but_a_title() -> None:
    bare = Document("题", "", "zh", "CNY", document().as_of, "", (), (), {"document_id": "0" * 12, "items": {}},
                    document().words)  # fmt: skip
    assert len(texts(written(bare))) == 2
