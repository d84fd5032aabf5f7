"""The Word report: what it shows is what the document says, and every edit is named."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest

from keguan.core.text import LANGUAGES, Language
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS
from keguan.render.marks import Difference, Marked, differences
from keguan.report.compose import compose
from keguan.report.document import ClaimBlock, Document, FigureBlock, KpiCards
from keguan.report.manifest import picture_element
from keguan.report.recipe import load_recipe
from report import sample

MAIN = "word/document.xml"


def document(language: Language = "zh") -> Document:
    return compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())


@cache
def written(language: Language = "zh") -> bytes:
    made = document(language)
    return FORMS["docx"].write(made, Pictures(made)).content


def read(content: bytes) -> Marked:
    return FORMS["docx"].read(content, "report.docx")


def part(content: bytes, name: str = MAIN) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def changed(content: bytes, old: str, new: str, name: str = MAIN) -> bytes:
    """The file with one piece of a part replaced, as an editor that saves would leave it."""
    text = part(content, name)
    assert text.count(old) == 1, f"{text.count(old)} times: {old}"
    return with_parts(content, {name: text.replace(old, new).encode()})


def with_parts(content: bytes, parts: dict[str, bytes | None]) -> bytes:
    """The file with parts replaced, added or (None) taken out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            piece = parts[name] if name in parts else old.read(name)
            if piece is not None:
                new.writestr(name, piece)
    return out.getvalue()


def found_in(content: bytes) -> tuple[Difference, ...]:
    return differences(read(content), read(written()))


def named(content: bytes) -> list[tuple[str, str, str]]:
    return [(item.kind, item.name, item.place) for item in found_in(content)]


def claim_with(words: str) -> ClaimBlock:
    found = (block for block in document().blocks() if isinstance(block, ClaimBlock))
    return next(block for block in found if words in block.text and block.place == "body")


def control(tag: str) -> str:
    """The content control of a tag as it stands in the file."""
    found = re.search(
        rf'<w:sdt><w:sdtPr><w:alias w:val="{re.escape(tag)}".*?</w:sdt>', part(written()), re.DOTALL
    )
    assert found is not None
    return found[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_written_and_read_back_it_shows_what_the_document_says(language: Language) -> None:
    made = document(language)
    marked = read(written(language))
    assert marked.document == made.manifest["document_id"]
    assert marked.manifest == made.manifest
    assert marked.other is None
    assert made.on_paper().items() <= marked.items.items()


def test_it_shows_nothing_that_the_document_does_not_have() -> None:
    made, marked = document(), read(written())
    more = {name.partition("+")[0] for name in marked.items} - set(made.on_paper())
    assert more == {picture_element(block.ref) for block in made.blocks() if isinstance(block, FigureBlock)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_document_gives_the_same_bytes(language: Language) -> None:
    made = document(language)
    assert FORMS["docx"].write(made, Pictures(made)).content == written(language)


def test_one_digit_of_a_sentence_is_named() -> None:
    claim = claim_with("5,878")
    old = control(f"claim:{claim.id}@body")
    assert named(changed(written(), old, old.replace("5,878", "5,879", 1))) == [("claim", claim.id, "body")]


def test_a_figure_is_told_from_the_words_around_it() -> None:
    claim = claim_with("5,878")
    name = next(part.value for part in claim.parts if part.text == "5,878")
    old = control(f"claim:{claim.id}@body")
    marked = read(changed(written(), old, old.replace("5,878", "5,879", 1)))
    assert marked.items[f"value:{claim.id}@body#{name}"] == "5,879"


def test_a_sentence_cut_into_runs_and_paragraphs_is_the_same_sentence() -> None:
    """Word cuts runs for spelling and revisions; a person may press Enter inside a sentence."""
    claim = claim_with("5,878")
    old = control(f"claim:{claim.id}@body")
    split = old.replace("5,878", '5,</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>878', 1)
    assert named(changed(written(), old, split)) == []


def test_a_fixed_word_of_a_sentence_is_named() -> None:
    claim = claim_with("新客户")
    old = control(f"claim:{claim.id}@body")
    found = found_in(changed(written(), old, old.replace("新客户", "老客户")))
    assert [(item.kind, item.name) for item in found] == [("claim", claim.id)]
    assert found[0].found is not None
    assert found[0].found.startswith("老客户")


def test_a_sentence_that_was_deleted_or_copied_is_named() -> None:
    claim = claim_with("新客户")
    old = control(f"claim:{claim.id}@body")
    assert [item.name for item in found_in(changed(written(), old, ""))] == [claim.id]
    twice = named(changed(written(), old, old + old.replace("新客户", "老客户")))
    assert ("claim", claim.id, "body+") in twice


def test_tracked_changes_count_as_what_they_show() -> None:
    claim = claim_with("5,878")
    old = control(f"claim:{claim.id}@body")
    tracked = re.sub(
        r"(<w:r>(?:(?!</w:r>).)*)<w:t xml:space=\"preserve\">5,878</w:t></w:r>",
        r'<w:del w:id="9001" w:author="a">\1<w:delText>5,878</w:delText></w:r></w:del>'
        r'<w:ins w:id="9002" w:author="a">\1<w:t>6,000</w:t></w:r></w:ins>',
        old,
        count=1,
    )
    assert tracked != old
    found = found_in(changed(written(), old, tracked))
    assert [(item.kind, item.name) for item in found] == [("claim", claim.id)]
    assert "6,000" in (found[0].found or "")
    assert "5,878" not in (found[0].found or "").split("（")[0]


def test_one_digit_of_a_table_cell_is_named() -> None:
    rows = re.findall(r"<w:tr>.*?</w:tr>", part(written()), re.DOTALL)
    row = next(row for row in rows if "重要价值" in row and "_kr" in row)
    assert part(written()).count(row) == 1
    found = found_in(changed(written(), row, row.replace(">884<", ">885<")))
    assert [(item.kind, item.name, item.found) for item in found] == [
        ("cell", "rfm.classes[重要价值].customers", "885")
    ]


def test_a_row_whose_first_cell_was_typed_anew_keeps_its_name() -> None:
    """Word drops a bookmark with the characters that it stands beside."""
    text = part(written())
    row = next(
        row for row in re.findall(r"<w:tr>.*?</w:tr>", text, re.DOTALL) if "重要价值" in row and "_kr" in row
    )
    bare = re.sub(r"<w:bookmarkStart[^>]*/><w:bookmarkEnd[^>]*/>", "", row).replace("重要价值", "重要")
    found = found_in(changed(written(), row, bare))
    assert [(item.kind, item.expected, item.found) for item in found] == [("cell", "重要价值", "重要")]


def test_a_row_put_into_a_table_is_an_added_figure_and_no_other_row_moves() -> None:
    text = part(written())
    row = next(
        row for row in re.findall(r"<w:tr>.*?</w:tr>", text, re.DOTALL) if "重要价值" in row and "_kr" in row
    )
    new = re.sub(r"<w:bookmarkStart[^>]*/><w:bookmarkEnd[^>]*/>", "", row)
    new = new.replace("重要价值", "重要新增")
    found = found_in(changed(written(), row, row + new))
    assert {item.kind for item in found} <= {"added", "other"}
    assert any(item.kind == "added" for item in found)


def test_one_digit_of_a_card_is_named() -> None:
    cards = next(block for block in document().blocks() if isinstance(block, KpiCards))
    card = cards.cards[0]
    old = control("keguan:0")
    assert card.shown in old
    found = named(changed(written(), old, old.replace(card.shown, "1" + card.shown)))
    assert found == [("cell", card.cell, "card")]


def test_a_figure_of_the_evidence_is_named() -> None:
    claim = claim_with("5,878")
    text = part(written())
    start = text.index(f'"claim:{claim.id}@evidence"')
    at = text.index(">5,878<", text.index("<w:tbl>", start))
    content = with_parts(written(), {MAIN: (text[:at] + ">5,877<" + text[at + 7 :]).encode()})
    assert [(kind, place) for kind, _, place in named(content)] == [("value", "cells#customers")]


def test_added_sentences_and_figures_are_told_apart() -> None:
    paragraph = '<w:p><w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>'
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading2"/>'
    text = part(written())
    at = text.index(heading)
    more = [paragraph.format(words) for words in ("我们的判断：形势很好。", "销售额翻了 3 倍")]
    found = found_in(with_parts(written(), {MAIN: (text[:at] + "".join(more) + text[at:]).encode()}))
    assert [(item.kind, item.found) for item in found] == [("added", "销售额翻了 3 倍"), ("other", None)]


def test_another_picture_in_place_of_a_chart_is_named() -> None:
    with zipfile.ZipFile(BytesIO(written())) as archive:
        largest = max(
            (info for info in archive.infolist() if info.filename.endswith(".png")),
            key=lambda info: info.file_size,
        )
    found = named(with_parts(written(), {largest.filename: b"other"}))
    assert [kind for kind, _, _ in found] == ["picture"]


@pytest.mark.parametrize(("height", "wide"), [(320, 1.0), (950, 1.0), (1900, 0.5)])
def test_a_picture_is_never_so_tall_that_its_caption_stands_alone(
    height: int, wide: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = Pictures.drawing
    monkeypatch.setattr(Pictures, "drawing", lambda self, block: replace(draw(self, block), height=height))
    made = document()
    text = part(FORMS["docx"].write(made, Pictures(made)).content)
    (x, y), *_ = re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"/><wp:docPr id="\d+" name="picture:', text)
    assert int(x) / 36_000 == pytest.approx(wide * 170, abs=0.1)
    assert int(y) / int(x) == pytest.approx(height / 760, abs=0.001)


def test_page_numbers_and_running_numbers_are_no_change() -> None:
    """Word fills in page numbers and counts captions again."""
    text = part(written())
    filled = re.sub(
        r'(PAGEREF \S+ \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>)',
        r"\1<w:r><w:t>17</w:t></w:r>",
        text,
    )
    counted = filled.replace(">1</w:t></w:r><w:r><w:rPr><w:rStyle", ">2</w:t></w:r><w:r><w:rPr><w:rStyle", 1)
    assert counted != filled != text
    assert named(with_parts(written(), {MAIN: counted.encode()})) == []


def test_a_figure_hidden_in_a_field_is_added() -> None:
    text = part(written())
    old = "SEQ 图 \\* ARABIC </w:instrText></w:r>"
    at = text.index(old)
    at = text.index(">1</w:t>", at)
    content = with_parts(written(), {MAIN: (text[:at] + ">1 增长 99%</w:t>" + text[at + 8 :]).encode()})
    assert next(item.kind for item in found_in(content)) == "added"


def test_a_program_that_drops_the_own_part_loses_the_manifest_and_no_name() -> None:
    names = zipfile.ZipFile(BytesIO(written())).namelist()
    bare = with_parts(written(), {name: None for name in names if name.startswith("customXml/")})
    marked, whole = read(bare), read(written())
    assert marked.manifest == {}
    assert marked.document == whole.document
    assert marked.items == whole.items


def test_the_document_id_is_found_in_the_footer_at_last() -> None:
    names = zipfile.ZipFile(BytesIO(written())).namelist()
    gone = [name for name in names if name.startswith(("customXml/", "docProps/"))]
    marked = read(with_parts(written(), dict.fromkeys(gone)))
    assert marked.document == document().manifest["document_id"]


def test_every_figure_has_words_for_those_who_do_not_see_it() -> None:
    text = part(written())
    for block in document().blocks():
        if isinstance(block, FigureBlock):
            found = re.search(rf'name="{re.escape(picture_element(block.ref))}" descr="([^"]*)"', text)
            assert found is not None
            assert block.title in found[1]
            assert len(found[1]) > len(block.title) + 5


def test_contents_are_written_out_and_lead_to_headings() -> None:
    text = part(written())
    for section in document().sections:
        assert section.title in text
    anchors = re.findall(r'w:anchor="(\w+)"', text)
    marks = re.findall(r'w:bookmarkStart w:id="\d+" w:name="(\w+)"', text)
    assert anchors
    assert set(anchors) <= set(marks)
    assert len(marks) == len(set(marks))
    assert all(len(mark) <= 40 for mark in marks)


def test_controls_and_bookmarks_have_numbers_of_their_own() -> None:
    text = part(written())
    for kind in ("sdtPr>.*?<w:id w:val", "bookmarkStart w:id", "wp:docPr id"):
        found = re.findall(rf'{kind}="(\d+)"', text)
        assert len(found) == len(set(found))
    assert all(len(tag) <= 64 for tag in re.findall(r'<w:tag w:val="([^"]*)"', text))


def test_fields_are_brought_up_to_date_on_opening_and_settings_are_in_order() -> None:
    settings = part(written(), "word/settings.xml")
    assert settings.index("<w:updateFields") < settings.index("<w:compat>") < settings.index("<w:docVars")
    assert settings.index("<w:docVars") < settings.index("<w:rsids")


def test_pages_fonts_and_language() -> None:
    assert 'w:w="11906" w:h="16838"' in part(written())
    styles = part(written(), "word/styles.xml")
    assert 'w:eastAsia="Microsoft YaHei"' in styles
    assert 'w:eastAsia="zh-CN"' in styles
    for name in ("heading 1", "heading 2", "heading 3", "caption", "Quote", "toc 1", "header", "footer"):
        assert f'<w:name w:val="{name}"/>' in styles


def test_the_language_of_an_english_report() -> None:
    assert "en-US" in part(written("en"), "docProps/core.xml")
    assert "zh-CN" in part(written(), "docProps/core.xml")


def test_a_comment_stands_apart() -> None:
    text = part(written())
    at = text.index("建议先看埋点")
    assert 'w:val="KeguanOpinion"' in text[at - 400 : at]
    assert "王经理" in text[at - 900 : at]
    assert "&lt;b&gt;待查&lt;/b&gt;" in text


def test_without_a_moment_of_writing_the_day_of_the_data_counts() -> None:
    assert "2026-10-12T00:00:00Z" in part(written(), "docProps/core.xml")


def test_a_document_that_is_not_shown_whole_is_refused() -> None:
    made = document()
    first = next(iter(made.manifest["items"]))
    wrong = replace(made, manifest={**made.manifest, "items": {**made.manifest["items"], first: "other"}})
    with pytest.raises(ValueError, match="does not show"):
        FORMS["docx"].write(wrong, Pictures(wrong))
