"""Heads that stay in sight: repeated on each page of Word and PDF, frozen above each sheet of Excel."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from lxml import etree

from keguan.core.text import LANGUAGES, Language
from keguan.render.xlsx.evidence import HEADS
from keguan.report.document import TableBlock
from render import test_docx, test_xlsx
from render.pdfs import texts, written
from render.test_pdf_bad_input import report, table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_the_head_of_a_table_stands_on_each_of_its_pages_in_pdf() -> None:
    """covers: L4"""
    pages = texts(written(report(table([(f"第 {number} 行", number) for number in range(150)]))))
    with_rows = [page for page in pages if re.search(r"第 \d+ 行", page)]
    assert len(with_rows) > 2
    for page in with_rows:
        head, row = page.index("名称"), re.search(r"第 \d+ 行", page)
        assert row
        assert head < row.start()


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_repeats_the_head_of_every_table_of_rows(language: Language) -> None:
    """Word and LibreOffice repeat leading rows marked as head; a row that is cut by a page cannot be read."""
    content = test_docx.written(language)
    body = etree.fromstring(test_docx.part(content).encode())
    with_heads = 0
    blocks = [
        block
        for block in test_docx.document(language).blocks()
        if isinstance(block, TableBlock) and block.page
    ]
    labels = {block.columns[0].label for block in blocks}
    for found in body.iter(f"{W}tbl"):
        rows = found.findall(f"{W}tr")
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        first = "".join(rows[0].itertext())
        assert not any(heads[1:])
        with_heads += heads[0]
        assert heads[0] or not any(first.startswith(label) for label in labels), first
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows if heads[0])
    assert with_heads >= len(blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_excel_keeps_the_heads_in_sight(language: Language) -> None:
    made = test_xlsx.document(language)
    sheets = _sheets(test_xlsx.written(made))
    for name, sheet in sheets.items():
        pane = sheet.find(f".//{S}pane")
        assert pane is not None, name
        assert pane.get("state") == "frozen"
        assert int(pane.get("ySplit", 0)) >= 2, name
    evidence = sheets[made.words["evidence"]]
    assert [made.words[head] for head in HEADS] == _row(evidence, _split(evidence))
    alone = 0
    for section in made.sections:
        tables = [block for block in section.blocks if isinstance(block, TableBlock)]
        title = f"{section.number} {section.title}".strip()[:31]
        if title in sheets and _split(sheets[title]) > 2:
            alone += 1
            assert _row(sheets[title], _split(sheets[title]))[0] == tables[0].columns[0].label
    assert alone


def _sheets(content: bytes) -> dict[str, etree._Element]:
    """The sheets that a reader sees, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"))
        strings = etree.fromstring(archive.read("xl/sharedStrings.xml"))
        shared = ["".join(item.itertext()) for item in strings]
        found = {}
        for number, item in enumerate(book.iter(f"{S}sheet"), 1):
            if item.get("state", "visible") == "visible":
                sheet = etree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
                for cell in sheet.iter(f"{S}c"):
                    if cell.get("t") == "s":
                        cell[0].text = shared[int(cell[0].text or 0)]
                found[str(item.get("name"))] = sheet
    return found


def _split(sheet: etree._Element) -> int:
    pane = sheet.find(f".//{S}pane")
    return 0 if pane is None else int(pane.get("ySplit", 0))


def _row(sheet: etree._Element, number: int) -> list[str]:
    """Texts of a row, counted from 1."""
    row = next(item for item in sheet.iter(f"{S}row") if item.get("r") == str(number))
    return [text for cell in row for text in cell.itertext() if text.strip()]
