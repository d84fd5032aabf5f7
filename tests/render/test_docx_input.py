"""The Word report under bad input: odd names, long tables, odd charts, company templates, hostile files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from keguan.core.errors import InputError
from keguan.core.text import Text
from keguan.render.charts.pictures import Pictures
from keguan.render.docx import package
from keguan.render.docx.pictures import _pixel
from keguan.render.docx.wml import told
from keguan.render.forms import FORMS, Options, Rendered
from keguan.render.marks import Marked, differences
from keguan.render.markup import packed
from keguan.report.compose import compose
from keguan.report.document import Document
from keguan.report.recipe import load_recipe
from keguan.result import Column, Figure, Result
from report import sample

ODD = (
    '=HYPERLINK("http://evil.example","x")',
    "</script><w:p>&amp;",
    "长" * 300,
    "x" * 300,
    "😀 喆堃犇𠮷",
    "zero\x00bell\x07",
    "right\u202eleft",
    "no letter\ufffe",
    "  two  blanks ",
    "",
)


def shop(rows: Sequence[Mapping[str, Any]], kind: str = "bar", **more: Any) -> Document:
    """A report of one analysis with one table of names and amounts, and one figure."""
    table = sample.table(
        "names",
        Text("名称", "Names"),
        (
            Column("name", Text("名称", "Name"), "text", role="key"),
            Column("amount", Text("金额", "Amount"), "money"),
        ),
        ("name",),
        rows,
    )
    figure = Figure("names", kind, Text("名称与金额", "Names"), "names", "name", ("amount",), **more)  # type: ignore[arg-type]
    result = Result("product_mix", (table,), (figure,))
    made = result.pinned(as_of=sample.AS_OF, params={}, versions=sample.VERSIONS, code="3f9a1c02be77")
    return compose(
        {"product_mix": made}, sample.analyses(), load_recipe("monthly"), "zh", sample.context("=1+1 喆")
    )


def rows(amounts: Sequence[Any]) -> list[dict[str, Any]]:
    return [{"name": f"n{place}", "amount": amount} for place, amount in enumerate(amounts)]


def render(document: Document, template: Path | None = None) -> Rendered:
    options = Options({"docx": template} if template else {})
    return FORMS["docx"].write(document, Pictures(document), options)


def read(content: bytes) -> Marked:
    return FORMS["docx"].read(content, "report.docx")


def test_odd_names_are_shown_as_they_are_and_break_nothing() -> None:
    names = [*ODD]
    document = shop([{"name": name, "amount": Decimal(place)} for place, name in enumerate(names)])
    marked = read(render(document).content)
    for name, text in document.on_paper().items():
        assert marked.items[name] == told(text) or f"{name}+" in marked.items
    main = zipfile.ZipFile(BytesIO(render(document).content)).read("word/document.xml").decode()
    assert "zero\\x00bell" in main
    assert "&lt;/script&gt;&lt;w:p&gt;&amp;amp;" in main
    assert 'instrText xml:space="preserve"> =HYPERLINK' not in main


@pytest.mark.slow
def test_a_table_of_five_thousand_rows_is_printed_as_far_as_the_document_says() -> None:
    document = shop(rows([Decimal(place) for place in range(5_000)]))
    content = render(document).content
    main = zipfile.ZipFile(BytesIO(content)).read("word/document.xml").decode()
    printed = sum(name.startswith("cell:") for name in document.on_paper())
    assert printed < 500
    assert "5,000" in main
    assert "keguan run product_mix" in main
    assert len(content) < 2_000_000


@pytest.mark.parametrize(
    "amounts",
    [[7], [0] * 6, [-5, -3, -8], [10, -4, 0, None, 6], list(range(500)), [10**14, 1]],
    ids=["one", "zeros", "negative", "mixed", "five hundred", "far apart"],
)
@pytest.mark.parametrize("kind", ["bar", "line"])
def test_odd_charts_are_drawn_and_described(amounts: list[Any], kind: str) -> None:
    values = [None if amount is None else Decimal(amount) for amount in amounts]
    document = shop(rows(values), kind)
    marked = read(render(document).content)
    assert "picture:product_mix.names" in marked.items


def test_a_report_of_nothing_is_a_report() -> None:
    document = compose({}, sample.analyses(), load_recipe("monthly"), "en", sample.context(""))
    assert read(render(document).content).document == document.manifest["document_id"]


# Company templates


def template(tmp_path: Path, change: Callable[[Any], None] | None = None) -> Path:
    made = docx.Document()
    if change is not None:
        change(made)
    path = tmp_path / "company.docx"
    made.save(str(path))
    return path


def small() -> Document:
    return shop(rows([Decimal(3), Decimal(4)]))


def written_with(path: Path) -> tuple[Any, Rendered]:
    rendered = render(small(), path)
    return docx.Document(BytesIO(rendered.content)), rendered


def test_a_template_keeps_its_styles_and_gets_the_missing_ones(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.styles["Heading 1"].font.name = "Company Sans"
        made.styles["Heading 2"].element.getparent().remove(made.styles["Heading 2"].element)

    made, _ = written_with(template(tmp_path, change))
    assert made.styles["Heading 1"].font.name == "Company Sans"
    assert made.styles["Heading 2"].type == WD_STYLE_TYPE.PARAGRAPH
    assert made.styles["Keguan Table"].type == WD_STYLE_TYPE.TABLE
    assert any(paragraph.style.name == "Heading 1" for paragraph in made.paragraphs)


def test_styles_are_found_by_name_whatever_their_ids(tmp_path: Path) -> None:
    """Word in Chinese gives its own styles ids such as `1`."""

    def change(made: Any) -> None:
        made.styles["Heading 1"].element.set(qn("w:styleId"), "1")

    _, rendered = written_with(template(tmp_path, change))
    main = zipfile.ZipFile(BytesIO(rendered.content)).read("word/document.xml").decode()
    assert '<w:pStyle w:val="1"/>' in main
    assert '<w:pStyle w:val="Heading1"/>' not in main


def test_a_style_of_the_company_may_have_the_id_of_ours(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.styles.add_style("Other", WD_STYLE_TYPE.PARAGRAPH).element.set(qn("w:styleId"), "KeguanNote")

    made, _ = written_with(template(tmp_path, change))
    ids = [style.style_id for style in made.styles]
    assert len(ids) == len(set(ids))


def test_the_templates_head_and_foot_stay_and_are_not_taken_for_added(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.sections[0].header.paragraphs[0].text = "机密 No. 7"
        made.sections[0].footer.paragraphs[0].text = "Tel. 400 800 1234"
        made.add_paragraph("Sample text of the template, 123")

    made, rendered = written_with(template(tmp_path, change))
    head = [paragraph.text for paragraph in made.sections[0].header.paragraphs]
    assert head[0] == "机密 No. 7"
    assert len(head) == 2
    assert set(rendered.template_texts) == {"机密 No. 7", "Tel. 400 800 1234"}
    assert "Sample text" not in "".join(paragraph.text for paragraph in made.paragraphs)
    found, plain = read(rendered.content), read(render(small()).content)
    expected = Marked(
        plain.items, plain.manifest, plain.document, None, (*plain.loose, *rendered.template_texts)
    )
    kinds = {item.kind for item in differences(found, expected)}
    assert kinds == set()


def test_notes_comments_and_pictures_of_the_templates_text_go_with_it(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.add_picture(BytesIO(_pixel("#123456")))
        made.add_comment(made.paragraphs[0].add_run("x"), text="internal 42", author="a")

    _, rendered = written_with(template(tmp_path, change))
    archive = zipfile.ZipFile(BytesIO(rendered.content))
    assert not any("comments" in name for name in archive.namelist())
    assert _pixel("#123456") not in [archive.read(name) for name in archive.namelist()]


def test_heads_of_an_earlier_section_hold_for_the_report(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.sections[0].header.paragraphs[0].text = "Company"
        made.add_section().orientation = WD_ORIENT.PORTRAIT

    made, _ = written_with(template(tmp_path, change))
    assert len(made.sections) == 1
    assert made.sections[0].header.paragraphs[0].text == "Company"


def test_a_template_without_page_or_with_a_narrow_one_still_holds_the_tables(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        section = made.element.body.sectPr
        for child in list(section):
            section.remove(child)

    made, _ = written_with(template(tmp_path, change))
    assert made.sections[0].page_width is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip at all", b"PK\x03\x04 broken"],
    ids=["empty", "text", "broken"],
)
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "company.docx"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        render(small(), path)
    assert "company.docx" in caught.value.paragraph("zh")
    assert "0x" not in caught.value.paragraph("en")


def test_a_missing_template_or_a_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        render(small(), tmp_path / "missing.docx")
    path = tmp_path / "book.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError):
        render(small(), path)


# Hostile files


def with_main(text: bytes) -> bytes:
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(render(small()).content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, text if name == "word/document.xml" else old.read(name))
    return out.getvalue()


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    "main",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><w:document '
        + W
        + b">&b;</w:document>",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document ' + W + b">&a;</w:document>",
        b"<w:document " + W + b">" + b"<w:sdt><w:sdtContent>" * 2_000 + b"</w:document>",
        b"<w:document " + W + b">" + b"<w:ins>" * 240 + b"</w:ins>" * 239 + b"</w:document>",
        b"\x00\xff",
        b"",
    ],
    ids=["entities", "file", "deep", "unclosed", "binary", "empty"],
)
def test_a_hostile_text_is_refused(main: bytes) -> None:
    with pytest.raises(InputError):
        read(with_main(main))


def test_nested_deep_but_whole_it_is_read_or_refused() -> None:
    deep = b"<w:document " + W + b">" + b"<w:ins>" * 200 + b"<w:p/>" + b"</w:ins>" * 200 + b"</w:document>"
    assert read(with_main(deep)).items == {}


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_PART", 1 << 20)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (2 << 20))
    with pytest.raises(InputError, match="1 MB"):
        read(out.getvalue())


def test_too_much_in_all_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_ALL", 1 << 20)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"word/{number}.xml", b"\0" * (300 << 10))
    with pytest.raises(InputError):
        read(out.getvalue())


def test_too_many_parts_or_a_broken_zip_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = render(small()).content
    for content in (
        whole[: len(whole) // 2],
        b"PK\x03\x04" + b"x" * 100,
        whole[:200] + b"\0" * 400 + whole[600:],
    ):
        with pytest.raises(InputError):
            read(content)
    monkeypatch.setattr(package, "MOST_PARTS", 3)
    with pytest.raises(InputError, match="parts"):
        read(whole)


def test_a_document_of_somebody_else_is_no_report() -> None:
    stream = BytesIO()
    made = docx.Document()
    made.add_paragraph("A letter of 2026")
    made.save(stream)
    with pytest.raises(InputError):
        read(stream.getvalue())


def test_a_list_of_names_that_lies_is_no_crash() -> None:
    """The list comes from the file: numbers out of range, wrong kinds, missing entries."""
    whole = render(small()).content
    for names in (
        {"claims": 3, "lines": {}, "tables": []},
        {"claims": {}, "lines": {}, "tables": [{"ref": 1}]},
        {
            "claims": {},
            "lines": {},
            "tables": [{"ref": "a.b", "place": "body", "columns": None, "rows": [1]}],
        },
        {"claims": {}, "lines": [], "tables": {}},
    ):
        text = (
            f'<keguan xmlns="urn:keguan:report" document="x">{packed(json.dumps({"names": names}))}</keguan>'
        )
        out = BytesIO()
        with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                mine = name.startswith("customXml/item") and "Props" not in name
                new.writestr(name, text if mine else old.read(name))
        try:
            read(out.getvalue())
        except InputError:
            continue
