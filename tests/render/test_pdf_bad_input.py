"""Odd names, very large tables and charts, and files made to harm: right pages or a clear refusal."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from keguan.core.errors import InputError
from keguan.core.text import Text
from keguan.render.pdf.align import matches
from keguan.render.pdf.bombs import defused
from keguan.render.pdf.letters import BREAK, LONGEST, cell, printed
from keguan.render.pdf.measure import column, fit
from keguan.report.document import Block, Document, FigureBlock, Row, Section, TableBlock, TableColumn
from keguan.report.manifest import items
from keguan.result import Figure, FigureKind
from render.pdfs import document, original, shows, texts, written

NAMES = (
    '=HYPERLINK("http://x","y")', "</script><b>x</b>", "王喆 李堃 张犇", "𠮷野 家😀👨‍👩‍👧", "客" * 300, "w" * 300,
    "a\u202eb\x00c\x07", "#panic() $x$ *y* @z <l> \\", "-1", "",
)  # fmt: skip


def report(*blocks: Block) -> Document:
    """A document of one section with these blocks."""
    sections = (Section("one", "一", tuple(blocks), "1"),)
    shown = {"document_id": "0123456789ab", "claims": [], "items": items(sections)}
    return replace(document(), sections=sections, manifest=shown)


def table(rows: Sequence[tuple[Any, ...]], columns: int = 2, printed: int | None = None) -> TableBlock:
    heads = [TableColumn("name", "名称", "text", "key"), *(
        TableColumn(f"v{number}", f"第 {number} 项数值", "money", "value", "元") for number in range(1, columns)
    )]  # fmt: skip
    listed = tuple(
        Row(str(number), row, tuple(_shown(value) for value in row)) for number, row in enumerate(rows)
    )
    most = len(listed) if printed is None else printed
    return TableBlock("a.t", "a", "t", "名单", tuple(heads), ("name",), listed, most)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:,.2f}"


def figure(rows: Sequence[tuple[Any, ...]], kind: FigureKind = "bar") -> FigureBlock:
    drawn = Figure("f", kind, Text("图", "Figure"), "t", "name", ("v1",))
    return FigureBlock("a.f", drawn, "图名", table(rows))


def test_odd_names_stand_on_the_page_as_they_are() -> None:
    made = report(table([(name, 1) for name in NAMES]))
    marked = shows(written(made))
    for name, text in made.on_paper().items():
        assert marked.items[name] == cell(text)
    page = "".join("".join(texts(written(made))).replace(BREAK, "").split())
    for name in ('=HYPERLINK("http://x","y")', "</script><b>x</b>", "王喆李堃张犇", "#panic()$x$*y*@z<l>\\"):
        assert name in page


def test_a_word_without_blanks_breaks_within_its_cell() -> None:
    content = written(report(table([("w" * 300, 1), ("https://example.com/" + "a/" * 140, 2)])))
    page = pypdfium2.PdfDocument(content)[2]
    ends = [thing.get_bounds()[2] for thing in page.get_objects() if thing.type == pdfium.FPDF_PAGEOBJ_TEXT]
    assert max(ends) < page.get_width() - 50


def test_letters_that_the_font_lacks_stand_as_their_code_and_that_is_said() -> None:
    assert printed("𠮷野家😀") == "[U+20BB7]野家[U+1F600]"
    assert printed("👨\u200d👩") == "[U+1F468][U+1F469]"
    assert printed("喆堃犇") == "喆堃犇"
    assert printed("a\u202eb\x07") == "a\\u202eb\\x07"
    for language, said in (("zh", "字体没有的字"), ("en", "Letters that the font lacks")):
        odd = replace(report(table([("𠮷野家", 1)])), language=language)
        assert said in "".join(texts(written(odd)))
        assert said not in "".join(texts(written(replace(report(table([("吉", 1)])), language=language))))


def test_every_letter_is_found_again() -> None:
    """Joined letters, letters beyond the first plane, signs on letters, letters that share a glyph."""
    codes = [0xFB00, 0xFB04, 0x20628, 0x2E87, 0x2CD8F, 0x1F130, 0xAD, 0x200B, 0x2060, 0xFEFF, 0x301, 0x3099, 0x302A,
             0x2F64, 0x7528, 0xFF10, 0x2460, 0x3000, 0xA0, 0x2011, 0x2010, 0x2D, 0xF900, 0xFA0E, 0x2028]  # fmt: skip
    names = [
        f"{before}{chr(code)}{after}"
        for code in codes
        for before, after in (("x", "y"), ("か", "甲"), ("", ""))
    ]
    made = report(
        table([(name, 1) for name in (*names, "e\u0301a\u0300か\u3099", "ffi fl", "well-\u00adknown")])
    )
    marked = shows(written(made))
    assert {name: marked.items[name] for name in made.on_paper()} == {
        name: cell(text) for name, text in made.on_paper().items()
    }
    assert printed("e\u0301か\u3099x\u3099") == "éがx[U+3099]"


def test_letters_that_the_font_lacks_in_a_chart_stand_as_their_code() -> None:
    made = report(figure([("𠮷野家", 3.0), ("吉", 2.0)]))
    assert texts(written(made))[2].count("[U+20BB7]野家") == 2  # on the axis and in the table


def test_a_text_longer_than_a_page_is_cut_and_says_so() -> None:
    made = report(table([("长" * 5000, 1)]))
    shown = shows(written(made)).items["cell:a.t[0].name@body"]
    assert shown == f"{'长' * LONGEST} … (+{5000 - LONGEST:,})"


def test_a_table_of_5000_rows_prints_its_page_and_says_what_is_left_out() -> None:
    made = report(table([(f"第 {number} 行", number) for number in range(5000)], printed=100))
    pages = texts(written(made))
    assert "前 100 行，共 5,000 行" in "".join(pages).replace("\r\n", "")
    with_head = [page for page in pages if "名称" in page]
    assert len(with_head) == len(pages) - 2  # the head again on each page


def test_a_table_of_5000_printed_rows_is_whole() -> None:
    made = report(table([(f"第 {number} 行", number) for number in range(5000)]))
    began = time.process_time()
    assert len(shows(written(made)).items) == 10_000
    assert time.process_time() - began < 20


@pytest.mark.parametrize("columns", [1, 10, 21, 60])
def test_a_wide_table_stays_on_the_page(columns: int) -> None:
    row = ("名称甲", *(-1_234_567.89 * number for number in range(1, columns)))
    content = written(report(table([row, row], columns)))
    opened = pypdfium2.PdfDocument(content)
    for page in list(opened)[2:]:
        width, _ = page.get_size()
        text = page.get_textpage()
        for number in range(text.count_rects()):
            left, _, right, _ = text.get_rect(number)
            assert left > 50
            assert right < width - 50
    assert len([name for name in shows(content).items if name.startswith("cell:")]) == 2 * columns


@pytest.mark.parametrize(
    "values",
    [
        [5.0],
        [0.0] * 5,
        [-3.0, -1.0, 2.0],
        [float(number) for number in range(500)],
        [float(n) for n in range(60)],
    ],
    ids=["one", "zeros", "negative", "many", "high"],
)
def test_charts_of_odd_data_stay_on_the_page(values: list[float]) -> None:
    made = report(figure([(f"类别 {number}", value) for number, value in enumerate(values)]))
    content = written(made)
    assert any(name.startswith("picture:a.f") and text != "–" for name, text in shows(content).items.items())
    opened = pypdfium2.PdfDocument(content)
    for page in list(opened)[2:]:
        drawn = [thing.get_bounds() for thing in page.get_objects() if thing.type == pdfium.FPDF_PAGEOBJ_PATH]
        assert min(low for _, low, _, _ in drawn) > 50  # above the foot
        assert min(left for left, _, _, _ in drawn) > 50
        assert max(right for _, _, right, _ in drawn) < page.get_width() - 50


def test_a_comment_and_a_title_of_odd_letters() -> None:
    made = replace(report(), title="😀</title>\x00", subtitle="𠮷" * 40)
    assert "[U+1F600]</title>" in texts(written(made))[0]


def pdf(*objects: bytes) -> bytes:
    """A file of objects 1.. with its table of places; object 1 is the catalog."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def attached(stream: bytes, extra: bytes = b"/Filter/FlateDecode") -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(manifest.json) 4 0 R]>>>>>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
        b"<</Type/Filespec/F(manifest.json)/UF(manifest.json)/EF<</F 5 0 R>>>>",
        b"<</Type/EmbeddedFile%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(stream), stream),
    )


def refused(content: bytes) -> str:
    with pytest.raises(InputError) as error:
        shows(content)
    assert "report.pdf" in error.value.paragraph("en")
    assert "Traceback" not in error.value.paragraph("en")
    return error.value.paragraph("en")


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.9])
def test_a_truncated_file_is_refused(share: float) -> None:
    refused(original()[: int(len(original()) * share)])


def test_files_that_are_no_report_are_refused() -> None:
    refused(b"%PDF-1.7\n")
    refused(b"%PDF-1.7\n" + b"\x00\xff" * 10_000)
    refused(pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"))
    refused(attached(zlib.compress(b"[1, 2]")))
    refused(attached(zlib.compress(b'{"a": NaN}')))
    refused(attached(zlib.compress(b"[" * 200_000)))
    refused(attached(zlib.compress(b'{"document_id": "0123456789ab"}')))


def test_an_encrypted_file_is_refused() -> None:
    locked = b"<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>" % (b"o" * 32, b"u" * 32)
    plain = attached(zlib.compress(b"{}"))
    refused(plain.replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[(a)(a)]/Encrypt " + locked))


def test_ten_thousand_pages_are_refused() -> None:
    many = pypdfium2.PdfDocument.new()
    for _ in range(10_000):
        many.new_page(100, 100)
    out = io.BytesIO()
    many.save(out)
    assert "pages" in refused(out.getvalue())


def test_streams_that_unpack_to_too_much_are_refused_before_they_do() -> None:
    bomb = zlib.compress(bytes(300 << 20), 9)
    began = time.process_time()
    assert "MB" in refused(attached(bomb))
    assert "MB" in refused(attached(bomb).replace(b"stream\n", b"stream \r\n", 1))
    twice = attached(zlib.compress(bomb), b"/Filter[/FlateDecode/FlateDecode]")
    assert "/Filter" in refused(twice)
    assert "/Filter" in refused(twice.replace(b"/Filter[", b"/F#69lter [ "))
    assert "/Filter" in refused(attached(b"\x80\x0b\x60\x50", b"/Filter/LZWDecode"))
    assert "/Filter" in refused(attached(bomb, b"/Filter 9 0 R"))
    assert "streams" in refused(b"%PDF-1.7\n" + b"stream\nx\n" * 60_000)
    many = b"".join(b"stream\n" + zlib.compress(bytes(30 << 20)) + b"\n" for _ in range(10))
    assert "MB" in refused(b"%PDF-1.7\n" + many)
    assert time.process_time() - began < 10
    defused(original())


def test_columns_fit_or_say_that_they_do_not() -> None:
    narrow = column("数", "", ["1", "22"], breaks=False)
    assert fit([narrow, narrow], 200, 9) == (100.0, 100.0)
    assert fit([narrow] * 40, 200, 9) is None
    wordy = column("名称", "", ["很长的名称" * 10], breaks=True)
    widths = fit([narrow, wordy], 400, 9)
    assert widths is not None
    assert widths[1] > 4 * widths[0]
    assert sum(widths) == pytest.approx(400, abs=0.1)


def test_texts_are_laid_along_each_other_whatever_was_put_in_or_taken_out() -> None:
    first = "".join(f"第{number}句话说{number * 7919 % 1000}。" for number in range(2000))
    assert matches(first, first) == [(0, 0, len(first))]
    assert matches(first, "") == []
    put = first[:5000] + "新" * 3000 + first[5000:]
    assert sum(size for _, _, size in matches(first, put)) == len(first)
    taken = first[:5000] + first[9000:]
    found = matches(first, taken)
    assert sum(size for _, _, size in found) == len(taken)
    changed = put[:2000] + "X" + put[2001:9000] + "YY" + put[9001:]
    found = matches(first, changed)
    assert sum(size for _, _, size in found) >= len(first) - 40
    assert all(first[a : a + n] == changed[b : b + n] for a, b, n in found)
    assert all(one[0] + one[2] <= two[0] and one[1] + one[2] <= two[1] for one, two in pairwise(found))
    began = time.process_time()
    matches("甲" * 400_000, "乙甲" * 200_000)
    assert time.process_time() - began < 10


def test_the_day_of_a_document_without_a_moment_is_its_own() -> None:
    made = replace(document(), as_of=date(2025, 1, 2))
    assert b"D:20250102000000Z" in written(made)
