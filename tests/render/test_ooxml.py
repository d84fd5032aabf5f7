"""Word, PowerPoint and Excel files keep the rules of ECMA-376 that office programs and validators hold them to."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pytest

from keguan.core.text import LANGUAGES, Language
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS
from keguan.report.compose import compose
from keguan.report.document import Document
from keguan.report.recipe import load_recipe
from render import odd
from render.ooxml import faults
from report import sample

OFFICE = ("docx", "pptx", "xlsx")
MAIN = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}


def plain(language: Language) -> Document:
    return compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())


@cache
def written(form: str, language: Language, strange: bool = False) -> bytes:
    made = odd.document(language) if strange else plain(language)
    return FORMS[form].write(made, Pictures(made)).content


def changed(content: bytes, part: str, old: str, new: str, count: int = 1) -> bytes:
    """The file with a piece of one part replaced: the first found, or all."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                edited = re.sub(old, new, text.decode(), count=count, flags=re.DOTALL)
                assert edited != text.decode(), old
                text = edited.encode()
            after.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize("strange", [False, True], ids=["plain", "odd"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", OFFICE)
def test_files_keep_the_rules(form: str, language: Language, strange: bool) -> None:
    """covers: L5."""
    assert faults(written(form, language, strange)) == []


@pytest.mark.parametrize(
    ("form", "part", "old", "new", "fault"),
    [
        ("docx", MAIN["docx"], r"(<w:pStyle [^>]*/>)(<w:pageBreakBefore/>)", r"\2\1", "<pStyle> after"),
        ("docx", MAIN["docx"], r"(<w:tblStyle [^>]*/>)(<w:tblW [^>]*/>)", r"\2\1", "<tblStyle> after <tblW>"),
        ("docx", MAIN["docx"], r"<w:tcW ", "<w:unknown ", "<tcPr> cannot hold <unknown>"),
        ("docx", MAIN["docx"], r'<wp:docPr id="\d+"', '<wp:docPr id="2"', "docPr id 2 twice"),
        ("docx", MAIN["docx"], r"<w:bookmarkEnd [^>]*/>", "", "bookmarks that do not end"),
        ("docx", MAIN["docx"], r'w:anchor="[^"]*"', 'w:anchor="nowhere"', "no bookmark"),
        ("docx", MAIN["docx"], r'<w:fldChar w:fldCharType="end"/>', "", "a field that does not end"),
        ("docx", MAIN["docx"], r'r:embed="[^"]*"', 'r:embed="rId999"', "rId999 is no relationship"),
        ("docx", MAIN["docx"], r'<w:pStyle w:val="[^"]*"', '<w:pStyle w:val="Gone"', "no style Gone"),
        ("docx", MAIN["docx"], r"<w:tc>.*?</w:tc>", "", "other columns"),
        ("docx", "word/settings.xml", r"(<w:updateFields[^>]*/>)(.*)(</w:settings>)", r"\2\1\3", "after"),
        ("docx", "[Content_Types].xml", r'<Default Extension="png"[^>]*/>', "", "no content type"),
        ("docx", "word/_rels/document.xml.rels", r'Target="media/[^"]*"', 'Target="media/gone.png"', "not there"),
        ("pptx", "ppt/slides/slide2.xml", r'(<p:cNvPr id=")\d+"', r'\g<1>3"', "shape id 3 twice"),
        ("pptx", MAIN["pptx"], r'<p:sldId ([^>]*)id="\d+"', r'<p:sldId \1id="9"', "slide id 9"),
        ("xlsx", MAIN["xlsx"], r'<sheet name="[^"]*"', f'<sheet name="{"x" * 32}"', "sheet name xxx"),
        ("xlsx", "xl/worksheets/sheet1.xml", r'<row r="1"', '<row r="99"', "rows out of order"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_named(form: str, part: str, old: str, new: str, fault: str) -> None:
    every = 0 if "docPr" in old or "cNvPr" in old else 1
    found = faults(changed(written(form, "zh"), part, old, new, every))
    assert any(fault in item for item in found), found[:5]


def test_a_native_chart_with_its_parts_in_another_order_is_named() -> None:
    content = written("pptx", "zh")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        chart = next(name for name in archive.namelist() if re.fullmatch(r"ppt/charts/chart\d+\.xml", name))
    moved = changed(content, chart, r"(<c:crossAx [^>]*/>)(<c:crosses [^>]*/>)", r"\2\1")
    assert any("<crossAx> after <crosses>" in item for item in faults(moved))


def test_the_contents_of_word_lead_to_headings_and_have_no_number_that_nobody_counted() -> None:
    """Page numbers are known to the program that lays out the pages: Word fills them in on opening."""
    content = written("docx", "zh")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        main, settings = (archive.read(name).decode() for name in (MAIN["docx"], "word/settings.xml"))
        styles = archive.read("word/styles.xml").decode()
    contents = main[main.index("Table of Contents") :].partition("</w:sdt>")[0]
    links = re.findall(r'<w:hyperlink w:anchor="([^"]*)"', contents)
    assert len(links) > 10
    assert all(f'w:name="{name}"' in main for name in links)
    results = re.findall(r'PAGEREF (\S+) \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>(.*?)'
                         r'<w:r><w:fldChar w:fldCharType="end"/>', contents)  # fmt: skip
    assert [name for name, _ in results] == links
    assert {result for _, result in results} == {""}
    assert '<w:updateFields w:val="true"/>' in settings
    for level in re.findall(r'<w:style [^>]*><w:name w:val="toc \d"/>.*?</w:style>', styles):
        assert "w:leader" not in level  # dots that lead to nothing
