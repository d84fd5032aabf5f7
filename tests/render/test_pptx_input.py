"""PowerPoint: odd names and figures, templates that do not suit, files made to exhaust a reader."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Inches

from keguan.core.errors import InputError
from keguan.core.text import LANGUAGES, Text
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS, Options
from keguan.render.marks import differences
from keguan.render.pptx import package
from keguan.report.compose import compose
from keguan.report.document import Document, FigureBlock
from keguan.report.recipe import load_recipe
from keguan.result import Column, Figure, Result, Table
from report import sample

PPTX = FORMS["pptx"]
NAMES = (
    "=HYPERLINK(\"http://x\",\"y\")", "</script><b>", "长" * 300, "x" * 300, "😀 喆 堃 犇 𠮷", "a\x00b\x1f\u202ec",
    "  two  blanks\nand a line ", "_x000D_ & <a:t>", "\ufffe \uffff",
)  # fmt: skip


def shown(rows: Sequence[dict[str, Any]], kind: Any = "bar", **more: Any) -> Document:
    """The monthly report with the product table and its figure replaced."""
    results = sample.results()
    columns = (
        Column("category", Text("品类", "Category"), "text", role="key"),
        Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
        Column("share", Text("占比", "Share"), "share"),
    )
    table = sample.table("categories", Text("品类", "Categories"), columns, ("category",), rows)
    figure = Figure(
        "categories", kind, Text("各品类", "By category"), "categories", "category", ("net_revenue",), **more
    )
    made = Result("product_mix", (table,), (figure,))
    old = results["product_mix"]
    results["product_mix"] = made.pinned(
        as_of=sample.AS_OF, params=old.params, versions=old.versions, code=old.code
    )
    return compose(
        results, sample.analyses(), load_recipe("monthly"), "zh", sample.context("=cmd|' /C calc'!A0 😀 𠮷")
    )


def row(name: str, amount: str, share: float | None = 0.1) -> dict[str, Any]:
    return {"category": name, "net_revenue": Decimal(amount), "share": share}


def written(document: Document, options: Options | None = None) -> bytes:
    return PPTX.write(document, Pictures(document), options or Options({})).content


def opened(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def test_odd_names_are_shown_and_read_back() -> None:
    document = shown([row(name, f"{100 + place}.50") for place, name in enumerate(NAMES)])
    content = written(document)
    read = PPTX.read(content, "a")
    assert not differences(read, PPTX.read(written(document), "b"))
    assert read.items
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                assert b"\x00" not in parts.read(name)
    assert "=HYPERLINK" in "".join(read.loose)
    book = next(
        name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if name.endswith("Sheet1.xlsx")
    )
    with zipfile.ZipFile(io.BytesIO(zipfile.ZipFile(io.BytesIO(content)).read(book))) as inside:
        assert b"<f>" not in inside.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("kind", ["bar", "line", "area", "stacked_bar", "waterfall"])
@pytest.mark.parametrize(
    "amounts",
    [["5"], ["0"] * 6, ["-5", "-7", "-1"], ["5", "-7", "200000", "3"], [str(n) for n in range(1, 501)]],
    ids=["one point", "all zeros", "all negative", "mixed", "500 categories"],
)
def test_charts_of_odd_figures(kind: str, amounts: list[str]) -> None:
    content = written(shown([row(f"n{place}", amount) for place, amount in enumerate(amounts)], kind))
    shapes = [shape for slide in opened(content).slides for shape in slide.shapes]
    chart = next(shape for shape in shapes if shape.name == "figure:product_mix.categories")
    assert chart.has_chart
    drawn = [
        name for name in PPTX.read(content, "a").items if name.startswith("datum:product_mix.categories/")
    ]
    assert len(drawn) == min(
        len(amounts), 20 if len(amounts) > 20 and kind in ("bar", "stacked_bar") else 500
    )


def test_what_a_chart_leaves_out_is_said() -> None:
    document = shown([row(f"n{place}", str(place)) for place in range(1, 501)])
    said = "".join(PPTX.read(written(document), "a").loose)
    assert document.words["partial_chart"].format(analysis="product_mix") in said


def test_parts_of_a_whole_are_a_ring() -> None:
    rows = [row("a", "1", 0.5), row("b", "2", 0.3), row("c", "3", 0.2)]
    document = shown(rows)
    block = next(
        b for b in document.blocks() if isinstance(b, FigureBlock) and b.ref.startswith("product_mix")
    )
    ring = replace(block, figure=replace(block.figure, y=("share",)))
    document = replace(
        document,
        sections=tuple(
            replace(part, blocks=tuple(ring if item is block else item for item in part.blocks))
            for part in document.sections
        ),
    )
    content = written(document)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert any(
            b"doughnutChart" in parts.read(name) for name in parts.namelist() if "charts/chart" in name
        )
    assert (
        PPTX.read(content, "a").items["datum:product_mix.categories/product_mix.categories[a].share"] == "50"
    )


def tables(*made: Table) -> Document:
    results = sample.results()
    old = results["product_mix"]
    result = (
        Result("product_mix", (*old.tables, *made), old.figures)
        if len(made) == 1
        else Result("product_mix", made)
    )
    results["product_mix"] = result.pinned(
        as_of=sample.AS_OF, params=old.params, versions=old.versions, code=old.code
    )
    return compose(results, sample.analyses(), load_recipe("monthly"), "zh", sample.context())


def long(id: str, count: int) -> Table:
    columns = (
        Column("name", Text("名称", "Name"), "text", role="key"),
        Column("value", Text("值", "Value"), "count"),
    )
    rows = [{"name": f"n{place}", "value": place} for place in range(count)]
    return sample.table(id, Text(f"长表 {id}", f"Long {id}"), columns, ("name",), rows)


def test_a_table_of_5000_rows_beside_a_figure_is_left_to_the_other_forms_and_that_is_said() -> None:
    document = tables(long("a", 5000))
    read = PPTX.read(written(document), "a")
    assert not [name for name in read.items if name.startswith("cell:product_mix.a")]
    assert document.words["slides_tables"].format(tables="长表 a") in read.loose


def test_of_a_long_table_alone_the_first_rows_are_shown_and_the_rest_counted() -> None:
    document = tables(long("a", 5000), long("b", 3))
    read = PPTX.read(written(document), "a")
    assert len([name for name in read.items if name.startswith("cell:product_mix.a[")]) == 20
    words = document.words["partial_table"].format(shown=10, total="5,000", analysis="product_mix")
    assert any(words in text for text in read.loose)


def test_a_row_higher_than_a_slide_is_set_smaller() -> None:
    columns = (
        Column("name", Text("名称", "Name"), "text", role="key"),
        Column("said", Text("话", "Said"), "text"),
    )
    rows = [{"name": "a", "said": "很长的一段话。" * 250}, {"name": "b", "said": "短"}]
    document = tables(sample.table("a", Text("话", "Said"), columns, ("name",), rows), long("b", 3))
    content = written(document)
    for slide in opened(content).slides:
        for shape in slide.shapes:
            if shape.name == "table:product_mix.a@body":
                assert shape.top + sum(line.height for line in shape.table.rows) < Inches(7.1)
                assert len(shape.table.rows) >= 2


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A 4:3 template with a slide of its own and a text on its master."""
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = "Sample slide 99%"
    box = deck.slides[0].shapes.add_textbox(Inches(0.2), Inches(0.05), Inches(3), Inches(0.3))
    box.text_frame.text = "ACME Ltd. since 1987"
    deck.slide_master.shapes._spTree.append(box._element)
    deck.save(tmp_path / "acme.pptx")
    return tmp_path / "acme.pptx"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_gives_its_master_and_nothing_else(template: Path, language: Any) -> None:
    document = compose(
        sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context()
    )
    options = Options({"pptx": template})
    made = PPTX.write(document, Pictures(document), options)
    deck = opened(made.content)
    assert (deck.slide_width, deck.slide_height) == (Inches(10), Inches(7.5))
    assert {slide.slide_layout.name for slide in deck.slides} == {"Title Only"}
    assert b"Sample slide" not in b"".join(_parts(made.content))
    assert made.template_texts == ("ACME Ltd. since 1987",)
    own = PPTX.read(written(document), "own")
    expected = replace(own, loose=own.loose + made.template_texts)
    assert not differences(PPTX.read(made.content, "acme"), expected)
    assert PPTX.write(document, Pictures(document), options).content == made.content
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= Inches(10.01), shape.name
            assert shape.top + shape.height <= Inches(7.51), shape.name


def _parts(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return [parts.read(name) for name in parts.namelist()]


def refused(template: Path) -> str:
    document = shown([row("a", "1")])
    with pytest.raises(InputError) as caught:
        written(document, Options({"pptx": template}))
    assert caught.value.paragraph("zh")
    return caught.value.paragraph("en")


def test_templates_that_do_not_suit_are_refused_with_what_is_needed(template: Path, tmp_path: Path) -> None:
    assert "acme2.pptx" in refused(tmp_path / "acme2.pptx")
    (tmp_path / "text.pptx").write_text("no presentation")
    assert "PowerPoint presentation" in refused(tmp_path / "text.pptx")
    with zipfile.ZipFile(tmp_path / "word.pptx", "w") as other:
        other.writestr("word/document.xml", "<w/>")
    assert "PowerPoint presentation" in refused(tmp_path / "word.pptx")
    bare = Presentation(template)
    for layout in [layout for layout in bare.slide_layouts if layout.name in ("Title Only", "Blank")]:
        bare.slide_layouts.remove(layout)
    bare.save(tmp_path / "bare.pptx")
    assert "'Title Only' and 'Blank'" in refused(tmp_path / "bare.pptx")


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, inside in parts.items():
            new.writestr(name, inside)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">&b;</p:sld>'
)


@pytest.mark.parametrize(
    "change",
    [
        {"ppt/slides/slide1.xml": BOMB},
        {"ppt/slides/slide1.xml": b"<a" * 1000},
        {"ppt/slides/slide1.xml": b"<a>" * 100_000},
        {"customXml/item1.xml": b'<report xmlns="urn:keguan:manifest"><manifest>xxxx</manifest></report>'},
        {"ppt/media/image1.png": b"no picture"},
        {"ppt/presentation.xml": b""},
    ],
    ids=["entities", "not XML", "nested", "manifest", "picture", "empty"],
)
def test_files_that_were_tampered_with_are_refused(change: dict[str, bytes]) -> None:
    parts = unpacked(written(shown([row("a", "1")])))
    assert set(change) <= set(parts)
    with pytest.raises(InputError):
        PPTX.read(packed({**parts, **change}), "deck.pptx")


def test_bombs_broken_archives_and_strangers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = written(shown([row("a", "1")]))
    twice = io.BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("ppt/slides/slide1.xml", b"<x/>")
    stranger = io.BytesIO()
    Presentation().save(stranger)
    for bad in (
        b"PK\x03\x04",
        content[: len(content) // 2],
        twice.getvalue(),
        stranger.getvalue(),
        packed({"a": b""}),
    ):
        with pytest.raises(InputError):
            PPTX.read(bad, "deck.pptx")
    monkeypatch.setattr(package, "MOST_PART", 10_000)
    with pytest.raises(InputError, match="MB"):
        PPTX.read(content, "deck.pptx")
    monkeypatch.setattr(package, "MOST_PART", 64 << 20)
    monkeypatch.setattr(package, "MOST_TOTAL", 100_000)
    with pytest.raises(InputError, match="MB"):
        PPTX.read(content, "deck.pptx")
