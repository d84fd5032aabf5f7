"""The PowerPoint report: shows what the document shows, the same each time, and every edit is named."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pptx import Presentation

from keguan.core.text import LANGUAGES, Language
from keguan.render.charts.pictures import Pictures
from keguan.render.charts.scale import scale
from keguan.render.forms import FORMS, read_file
from keguan.render.marks import Difference, differences
from keguan.render.pptx.fit import _level
from keguan.render.pptx.measure import INCH, height, lines, para
from keguan.render.pptx.native import native
from keguan.render.pptx.pages import _question
from keguan.render.pptx.plan import Chart, _figure
from keguan.report.compose import compose
from keguan.report.document import ClaimBlock, Document, FigureBlock
from keguan.report.recipe import load_recipe
from report import sample

PPTX = FORMS["pptx"]
EDITABLE = {"overview.monthly_revenue", "revenue_bridge.bridge", "rfm.shares", "lifecycle.states"}


def document(language: Language = "zh") -> Document:
    return compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())


def written(made: Document) -> bytes:
    return PPTX.write(made, Pictures(made)).content


@pytest.fixture(scope="module", params=LANGUAGES)
def deck(request: pytest.FixtureRequest) -> tuple[Document, bytes]:
    made = document(request.param)
    return made, written(made)


@pytest.fixture(scope="module")
def chinese() -> bytes:
    return written(document())


def edited(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The file with the parts whose names match changed as text; something must change."""
    out, changed = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            inside = old.read(name)
            if re.fullmatch(part, name):
                text = change(inside.decode())
                changed += text != inside.decode()
                inside = text.encode()
            new.writestr(name, inside)
    assert changed
    return out.getvalue()


def found(content: bytes, changed: bytes) -> tuple[Difference, ...]:
    return differences(PPTX.read(changed, "report.pptx"), PPTX.read(content, "report.pptx"))


def test_every_claim_of_the_body_and_the_summary_is_shown_to_the_digit(deck: tuple[Document, bytes]) -> None:
    """covers: L1"""
    made, content = deck
    read = PPTX.read(content, "report.pptx")
    wanted = made.manifest["items"]
    claims = {name for name in wanted if name.startswith("claim:") and not name.endswith("@evidence")}
    assert len(claims) > 5
    assert claims <= set(read.items)
    figures = {name: text for name, text in read.items.items() if name.startswith(("claim:", "cell:"))}
    assert {name: wanted[name] for name in figures} == figures
    assert any(name.endswith("@card") for name in figures)
    assert read.document == made.manifest["document_id"]
    assert read.manifest["document_id"] == made.manifest["document_id"]


def test_the_same_document_gives_the_same_bytes(deck: tuple[Document, bytes]) -> None:
    made, content = deck
    assert written(made) == content
    assert not found(content, written(made))


def test_a_file_of_any_name_is_known_by_its_content(chinese: bytes, tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(chinese)
    form, marked = read_file(tmp_path / "deck.pptx")
    assert form is PPTX
    assert marked.other is None
    assert marked.loose


def test_data_of_native_charts_are_the_printed_cells(deck: tuple[Document, bytes]) -> None:
    """Each datum times its scale, rounded as the cell is printed, is the cell. covers: L1"""
    made, content = deck
    read = PPTX.read(content, "report.pptx")
    compared = 0
    for block in made.blocks():
        if not isinstance(block, FigureBlock) or block.figure.kind not in ("bar", "line", "stacked_bar"):
            continue
        rows = {row.key: row for row in block.table.rows}
        columns = [name for name in block.figure.y if name not in block.figure.line_y]
        for name in columns:
            column = block.table.column(name)
            values = [row.values[block.table.index(one)] for row in block.table.rows for one in columns]
            by = scale(values, column.unit, made.language, made.currency).by
            for key, row in rows.items():
                element = f"datum:{block.ref}/{block.table.ref}[{key}].{name}"
                if element not in read.items or row.values[block.table.index(name)] is None:
                    continue
                cell = row.shown[block.table.index(name)].replace(",", "").rstrip("%")
                places = len(cell.partition(".")[2])
                drawn = Decimal(read.items[element]) * (
                    1 if "%" in row.shown[block.table.index(name)] else by
                )
                assert abs(drawn - Decimal(cell)) <= Decimal("0.51").scaleb(-places), element
                compared += 1
    assert compared > 100


def test_charts_are_editable_and_their_workbooks_hold_the_cached_values(deck: tuple[Document, bytes]) -> None:
    made, content = deck
    shapes = {
        shape.name: shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes
    }
    refs = {block.ref for block in made.blocks() if isinstance(block, FigureBlock)}
    native_refs = {ref for ref in refs if f"figure:{ref}" in shapes}
    assert refs >= EDITABLE
    assert native_refs >= EDITABLE
    assert {f"picture:{ref}" for ref in refs - native_refs} <= set(shapes)
    for ref in native_refs:
        assert shapes[f"figure:{ref}"].has_chart
        assert shapes[f"figure:{ref}"].chart.part.chart_workbook.xlsx_part is not None
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        charts = [
            parts.read(name).decode()
            for name in parts.namelist()
            if "/charts/chart" in name and name.endswith("xml")
        ]
    assert charts
    assert not any('axId val="-' in chart for chart in charts)
    assert all("<a:ea " in chart for chart in charts)


def test_bars_with_lines_are_one_chart_of_two_axes() -> None:
    made = document()
    block = next(
        b for b in made.blocks() if isinstance(b, FigureBlock) and b.ref == "overview.monthly_revenue"
    )
    both = replace(
        block, figure=replace(block.figure, kind="bar", y=("net_revenue", "orders"), line_y=("orders",))
    )
    shown = replace(
        made,
        sections=tuple(
            replace(s, blocks=tuple(both if b is block else b for b in s.blocks)) for s in made.sections
        ),
    )
    chart = native(both, Pictures(shown).drawing(both), "zh")
    assert chart is not None
    assert [series.how for series in chart.series] == ["bar", "line"]
    assert [series.second for series in chart.series] == [False, True]
    content = PPTX.write(shown, Pictures(shown)).content
    read = PPTX.read(content, "report.pptx")
    assert f"datum:{both.ref}/{both.table.ref}[2024-10].orders" in read.items


def test_only_a_sentence_of_its_own_is_the_title_of_a_chart() -> None:
    """Another one may be about something that the chart does not show: it stands beside."""
    made = document()
    claim = next(b for b in made.blocks() if isinstance(b, ClaimBlock) and b.figure)
    figure = next(b for b in made.blocks() if isinstance(b, FigureBlock) and b.ref == claim.figure)
    ((own,), _) = _figure("–", "–", figure, [claim])
    ((other,), _) = _figure("–", "–", figure, [replace(claim, figure=None)])
    assert isinstance(own, Chart)
    assert isinstance(other, Chart)
    assert (own.title, own.claims) == (claim, ())
    assert (other.title, [beside.id for beside in other.claims]) == (figure.title, [claim.id])


def test_every_text_has_fonts_for_both_scripts_and_a_language(deck: tuple[Document, bytes]) -> None:
    made, content = deck
    said = {"zh": "zh-CN", "en": "en-US"}[made.language]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        slides = [
            parts.read(name).decode()
            for name in parts.namelist()
            if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)
        ]
    for slide in slides:
        runs = re.findall(r"<a:(?:rPr|endParaRPr)[^>]*>.*?<a:t>", slide, re.S)
        assert runs
        assert all(f'lang="{said}"' in run and "<a:ea " in run for run in runs)


def test_pictures_and_charts_have_words_for_those_who_cannot_see(chinese: bytes) -> None:
    for slide in Presentation(io.BytesIO(chinese)).slides:
        for shape in slide.shapes:
            if shape.name.startswith(("figure:", "picture:", "table:")):
                assert shape._element.xpath(".//p:cNvPr/@descr")[0]


def test_titles_stay_in_their_places(deck: tuple[Document, bytes]) -> None:
    """By the widths of the font, each box holds its text."""
    _, content = deck
    for number, slide in enumerate(Presentation(io.BytesIO(content)).slides, 1):
        box = slide.shapes.title
        sizes = [run.font.size.pt for item in box.text_frame.paragraphs for run in item.runs]
        told = para(box.text_frame.text, max(sizes))
        assert height([told], box.width / 914400 * INCH) <= box.height / 914400 * INCH * 1.35, number
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top + shape.height <= 7.51 * 914400, (number, shape.name)
            assert shape.left + shape.width <= 13.34 * 914400, (number, shape.name)


def test_notes_hold_the_evidence(chinese: bytes) -> None:
    slides = Presentation(io.BytesIO(chinese)).slides
    notes = {
        slide.shapes.title.name: slide.notes_slide.notes_text_frame.text
        for slide in slides
        if slide.has_notes_slide
    }
    claims = {name: text for name, text in notes.items() if name.startswith("claim:")}
    assert claims
    for name, text in claims.items():
        assert name.removeprefix("claim:").partition("@")[0] in text
    assert any("SELECT" in text and "orders" in text for text in claims.values())


def test_a_changed_claim_is_named(chinese: bytes) -> None:
    change = found(
        chinese,
        edited(chinese, r"ppt/slides/slide\d+\.xml", lambda text: text.replace("显著增加", "大幅增加")),
    )
    assert {item.kind for item in change} == {"claim"}


def test_a_changed_cell_is_named(chinese: bytes) -> None:
    """The last digit of a table's cell."""
    changed = edited(
        chinese,
        r"ppt/slides/slide\d+\.xml",
        lambda text: text.replace("<a:t>17,431,533.18</a:t>", "<a:t>17,431,533.19</a:t>"),
    )
    (item,) = found(chinese, changed)
    assert (item.kind, item.name) == ("cell", "overview.kpis[gross_revenue].value")
    assert (item.expected, item.found) == ("17,431,533.18", "17,431,533.19")


def test_a_changed_cached_value_of_a_chart_is_named(chinese: bytes) -> None:
    value = PPTX.read(chinese, "a").items[
        "datum:overview.monthly_revenue/overview.months[2024-10].net_revenue"
    ]
    changed = edited(
        chinese,
        r"ppt/charts/chart\d+\.xml",
        lambda text: text.replace(f"<c:v>{value}</c:v>", "<c:v>99.5</c:v>"),
    )
    items = found(chinese, changed)
    assert ("datum", "overview.monthly_revenue/overview.months[2024-10].net_revenue") in {
        (i.kind, i.name) for i in items
    }
    assert {item.kind for item in items} == {"datum"}


def test_a_changed_cell_of_a_charts_workbook_is_named(chinese: bytes) -> None:
    """The picture shows the cache, who opens the data sees the workbook: both must say the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(chinese)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            inside = old.read(name)
            if name.endswith("Sheet1.xlsx"):
                inside = edited(
                    inside,
                    r"xl/worksheets/sheet1\.xml",
                    lambda text: re.sub(r'(<c r="B2"[^>]*><v>)[^<]*', r"\g<1>77", text),
                )
            new.writestr(name, inside)
    (item,) = found(chinese, out.getvalue())
    assert item.kind == "datum"
    assert item.found is not None
    assert item.found.endswith("≠ 77")


def test_added_figures_are_listed_and_added_words_are_not(chinese: bytes) -> None:
    deck = Presentation(io.BytesIO(chinese))
    box = deck.slides[3].shapes.add_textbox(0, 0, 914400, 914400)
    box.text_frame.text = "明年增长 40%"
    deck.slides[4].shapes.add_textbox(0, 0, 914400, 914400).text_frame.text = "请各位审阅"
    out = io.BytesIO()
    deck.save(out)
    items = found(chinese, out.getvalue())
    assert [(item.kind, item.found) for item in items] == [("added", "明年增长 40%"), ("other", None)]


def test_a_replaced_picture_is_named(chinese: bytes) -> None:
    from PIL import Image

    small = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(small, "PNG")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(chinese)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, small.getvalue() if name.startswith("ppt/media/") else old.read(name))
    items = found(chinese, out.getvalue())
    assert items
    assert {item.kind for item in items} == {"picture"}


def test_saving_anew_by_a_library_changes_nothing(chinese: bytes) -> None:
    out = io.BytesIO()
    Presentation(io.BytesIO(chinese)).save(out)
    assert not found(chinese, out.getvalue())


def test_without_the_custom_part_the_document_is_known_and_copied_slides_keep_their_names(
    chinese: bytes,
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(chinese)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not name.startswith("customXml/"):
                new.writestr(name, old.read(name))
    read = PPTX.read(out.getvalue(), "a")
    assert not read.manifest
    assert read.document == document().manifest["document_id"]
    assert not found(chinese, out.getvalue())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice Impress is not installed")
def test_libreoffice_keeps_every_mark(chinese: bytes, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/deck.pptx").write_bytes(chinese)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    order = ["soffice", profile, "--headless", "--convert-to", "pptx:Impress MS PowerPoint 2007 XML"]
    subprocess.run(
        [*order, "--outdir", tmp_path, tmp_path / "in/deck.pptx"],
        check=True,
        capture_output=True,
        timeout=240,
    )
    saved = (tmp_path / "deck.pptx").read_bytes()
    assert not found(chinese, saved)
    changed = edited(
        saved, r"ppt/slides/slide\d+\.xml", lambda text: text.replace("17,431,533.18", "17,431,533.19")
    )
    assert ("cell", "overview.kpis[gross_revenue].value") in {
        (item.kind, item.name) for item in found(chinese, changed)
    }


def test_lines_break_where_words_and_chinese_letters_do() -> None:
    assert lines(para("一二三四五六七八九十", 10).pieces, 55) == 2
    assert lines(para("one two three", 10).pieces, 1000) == 1
    assert lines(para("x" * 300, 10).pieces, 100) > 10


def test_narrow_columns_of_a_table_keep_their_words_whole() -> None:
    """The longest texts give way: scaled all alike, 'Negative' would break in the middle."""
    assert _level([300.0, 60.0, 90.0], 400.0) == 250.0
    assert _level([300.0, 280.0, 20.0], 400.0) == 190.0
    assert _level([100.0], 80.0) == 80.0
    assert _level([50.0, 30.0], 80.0) == 50.0


@pytest.mark.parametrize(
    ("lead", "asked"),
    [
        ("还剩多少利润? 谁亏损？「近 12 个月」自 2025-10-31 起。", "还剩多少利润? 谁亏损？"),
        ("Who left? The last 12 months.", "Who left?"),
        ("按日期。", "按日期。"),
        ("", ""),
    ],
)
def test_a_crowded_divider_shows_what_is_asked(lead: str, asked: str) -> None:
    assert _question(lead) == asked
