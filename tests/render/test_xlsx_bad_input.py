"""The Excel form with names, tables and charts that go wrong, and files that are made to harm its reader."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from keguan.core.errors import InputError
from keguan.core.text import Text, same
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS
from keguan.render.marks import differences
from keguan.render.markup import shown
from keguan.render.xlsx import archive
from keguan.render.xlsx.archive import Archive
from keguan.render.xlsx.names import Names
from keguan.render.xlsx.numbers import shown as shows
from keguan.render.xlsx.numbers import typed
from keguan.render.xlsx.workbook import open_workbook
from keguan.report.compose import compose
from keguan.report.document import Document
from keguan.report.manifest import normal
from keguan.report.recipe import load_recipe
from keguan.result import Column, Figure, FigureKind, Table
from report import sample

NAMES = (
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "@SUM(A1)",
    "{=1+1}",
    "http://example.org",
    "</script><b>&amp;",
    "长" * 300,
    "Ann\U0001f600 \U00020bb7野家 喆堃犇",
    "_x0041_ and _x005F_",
    "bell\x07 right\u202eleft",
    "  blanks   inside  ",
    "007",
    "1,234",
    "-",
)


def document(extra: Table, figures: Sequence[Figure] = (), company: str = "") -> Document:
    results = sample.results()
    mix = results["product_mix"]
    results["product_mix"] = replace(mix, tables=(*mix.tables, extra), figures=(*mix.figures, *figures))
    context = sample.context()
    if company:
        context = replace(context, company=company)
    return compose(results, sample.analyses(), load_recipe("monthly"), "zh", context)


def table(rows: Sequence[dict[str, Any]]) -> Table:
    columns = (
        Column("name", Text("名称", "Name"), "text", role="key"),
        Column("amount", Text("金额", "Amount"), "money"),
    )
    return sample.table("odd", Text("其他", "Odd"), columns, ("name",), rows)


def written(made: Document) -> bytes:
    return FORMS["xlsx"].write(made, Pictures(made)).content


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_names_that_would_drive_a_spreadsheet_are_plain_text() -> None:
    made = document(table([{"name": name, "amount": Decimal(1)} for name in NAMES]), company=NAMES[0])
    content = written(made)
    book = open_workbook(Archive(content, "report.xlsx"))
    at = book.names["table_product_mix_odd"]
    found = [book.texts[at.sheet, at.top + row, at.left] for row in range(len(NAMES))]
    assert found == [shown(name) for name in NAMES]
    sheets = b"".join(part for name, part in parts(content).items() if name.startswith("xl/worksheets/sheet"))
    assert b"<f>" not in sheets
    links = b"".join(part for name, part in parts(content).items() if name.endswith(".rels"))
    assert b"example.org" not in links
    marked = FORMS["xlsx"].read(content, "report.xlsx")
    assert differences(marked, FORMS["xlsx"].read(written(made), "again.xlsx")) == ()
    for name in NAMES:
        assert marked.items[f"cell:product_mix.odd[{name}].name@body"] == normal(shown(name))


def test_a_table_of_5000_rows_is_whole_and_says_how_many_are_folded() -> None:
    rows = [{"name": f"A{number:05d}", "amount": Decimal(number)} for number in range(5_000)]
    made = document(table(rows))
    content = written(made)
    book = open_workbook(Archive(content, "report.xlsx"))
    at = book.names["table_product_mix_odd"]
    assert at.bottom - at.top + 1 == 5_000
    assert book.texts[at.sheet, at.bottom, at.left + 1] == "4,999.00"
    assert any("共 5,000 行" in text for text in book.texts.values())
    marked = FORMS["xlsx"].read(content, "report.xlsx")
    assert marked.items["cell:product_mix.odd[A04999].amount@body"] == "4,999.00"


@pytest.mark.parametrize(
    "values",
    [
        [Decimal(5)],
        [Decimal(number) for number in range(500)],
        [Decimal(0)] * 6,
        [Decimal(number) for number in (-5, -1, 3, -7)],
        [Decimal(-1), Decimal(-2)],
        [None, Decimal(1), None],
    ],
    ids=["one", "500", "zeros", "mixed", "negative", "missing"],
)
def test_charts_at_their_limits(values: list[Decimal | None]) -> None:
    rows = [{"name": f"N{number:03d}", "amount": value} for number, value in enumerate(values)]
    kinds: tuple[FigureKind, ...] = ("bar", "line", "stacked_bar", "area", "waterfall")
    made = document(
        table(rows), [Figure(kind, kind, same(kind), "odd", "name", ("amount",)) for kind in kinds]
    )
    content = written(made)
    marked = FORMS["xlsx"].read(content, "report.xlsx")
    for kind in kinds:
        lying = kind in ("bar", "stacked_bar") and len(values) > 40  # forty names on a chart that lies
        known = [value for value in values[: 40 if lying else None] if value is not None]
        drawn = [name for name in marked.items if name.startswith(f"datum:product_mix.{kind}/")]
        assert len(drawn) in (len(known), len(values) if kind == "waterfall" else -1), kind
    assert not re.search(rb"<c:v>(nan|inf)", b"".join(parts(content).values()))


@pytest.mark.parametrize(
    "title", ["a/b:c*d?[e]\\f", "长" * 50, "'quoted'", "History", "", "\U0001f600" * 20, "tab\tline\nend"]
)
def test_sheet_names_are_legal_and_unlike(title: str) -> None:
    names = Names()
    found = [names.sheet(title) for _ in range(12)]
    assert len({name.casefold() for name in found}) == 12
    for name in found:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\\n\t")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


@pytest.mark.parametrize(
    ("value", "printed", "format"),
    [
        (Decimal("1234567.8"), "1,234,567.80", "#,##0.00"),
        (Decimal("-1234567.895"), "-1,234,567.90", "#,##0.00"),
        (0.265, "26.5%", "#,##0.0%"),
        (0.0125, "1.3%", "#,##0.0%"),
        (0.0, "0.0%", "#,##0.0%"),
        (1234, "1,234", "#,##0"),
        (0.012, "1.2 个百分点", '#,##0.0" 个百分点"'),
        (-0.012, "-1.2 points", '#,##0.0" points"'),
        (-0.001, "0", "#,##0"),
    ],
)
def test_formats_show_what_is_printed(value: Any, printed: str, format: str) -> None:
    found = typed(value, printed)
    assert found is not None
    assert found.format == format
    assert shows(found.value, found.format) == printed


@pytest.mark.parametrize("printed", ["–", "1.2万", "样本不足", "12,34", "1e5", ""])
def test_figures_that_no_format_shows_stay_text(printed: str) -> None:
    assert typed(12000.0, printed) is None
    assert typed(None, printed) is None


@pytest.mark.parametrize(
    ("value", "format", "told"),
    [
        (46326.0, "yyyy-mm-dd", "2026-10-31"),
        (46326.5, "yyyy\\-mm\\-dd\\ hh:mm", "2026-10-31 12:00"),
        (-3.5, "#,##0.0;[RED]-#,##0.0", "-3.5"),
        (0.0, '0.0;-0.0;"zero"', "zero"),
        (1234.5, "General", "1234.5"),
        (1234567.0, "#,##0,", "1,235"),
        (12.5, "0.0##", "12.5"),
        (12.0, "0.##", "12"),
        (1.2, '0.0" 个百分点"', "1.2 个百分点"),
        (5.0, '"≥ "#,##0', "≥ 5"),
        (1e300, "yyyy-mm-dd", f"{Decimal('1e300'):f}"),
        (math.nan, "0.0", "nan"),
    ],
)
def test_formats_as_other_programs_write_them(value: float, format: str, told: str) -> None:
    assert shows(value, format) == told


GOOD = written(document(table([{"name": "a", "amount": Decimal(1)}])))


def refused(content: bytes) -> str:
    with pytest.raises(InputError) as caught:
        FORMS["xlsx"].read(content, "hostile.xlsx")
    return caught.value.paragraph("en")


def with_part(name: str, content: bytes) -> bytes:
    return packed({**parts(GOOD), name: content})


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 400, GOOD[:-40], GOOD[: len(GOOD) // 2], b"no zip at all"]
)
def test_broken_files_are_refused(content: bytes) -> None:
    assert "not a report" in refused(content)


def test_a_damaged_part_is_refused() -> None:
    at = GOOD.index(b"xl/worksheets/sheet1.xml") + 400
    assert "not a report" in refused(GOOD[:at] + b"\xff\x00\xff\x00" * 20 + GOOD[at + 80 :])


def test_a_workbook_of_another_program_is_refused() -> None:
    gone = {
        name: content
        for name, content in parts(GOOD).items()
        if not name.startswith("docProps/")
        and not (name.startswith("xl/worksheets/") and b"keguan" in content)
    }
    hidden = re.sub(rb"keguan layout 1", b"something else", gone["xl/sharedStrings.xml"])
    assert "not a report" in refused(packed({**gone, "xl/sharedStrings.xml": hidden}))


def test_a_part_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_PART", 4 << 20)
    assert "sharedStrings" in refused(with_part("xl/sharedStrings.xml", b" " * (5 << 20)))


def test_parts_that_unpack_to_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ALL", 100_000)
    assert "not a report" in refused(GOOD)


def test_a_size_that_the_file_understates_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory of a zip may lie about sizes: what comes out is counted."""
    monkeypatch.setattr(archive, "MOST_PART", 1 << 20)
    content = bytearray(with_part("xl/sharedStrings.xml", b" " * (3 << 20)))
    real = (3 << 20).to_bytes(4, "little")
    assert bytes(content).count(real) >= 2
    lying = bytes(content).replace(real, (1000).to_bytes(4, "little"))
    assert "not a report" in refused(lying)


def test_entities_are_never_expanded() -> None:
    bomb = b"""<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
        <sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>"""
    assert "DOCTYPE" in refused(with_part("xl/sharedStrings.xml", bomb))
    outside = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
    assert "DOCTYPE" in refused(with_part("xl/styles.xml", outside))


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ELEMENTS", 1000)
    assert "elements" in refused(GOOD)
    for encoding in ("utf-8", "utf-16"):
        few, many = (
            packed({"part.xml": f"<a><!-- </</</ -->{'<b> </b>' * count}</a>".encode(encoding)})
            for count in (400, 1001)
        )
        assert len(Archive(few, "few").xml("part.xml") or ()) == 400
        with pytest.raises(InputError, match="elements"):
            Archive(many, "many").xml("part.xml")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb"\$B\$\d+:\$C\$\d+</definedName>", b"$A$1:$XFD$1048576</definedName>"),
        (rb"\$B\$\d+:\$C\$\d+</definedName>", b"$C$9:$B$2</definedName>"),
    ],
)
def test_names_over_senseless_areas_are_refused(old: bytes, new: bytes) -> None:
    text = re.sub(old, new, parts(GOOD)["xl/workbook.xml"], count=1)
    assert text != parts(GOOD)["xl/workbook.xml"]
    assert "not a report" in refused(with_part("xl/workbook.xml", text))


def test_a_number_format_that_is_too_long_is_not_followed() -> None:
    """Each sign of per cent multiplies by a hundred: a million of them would leave no number."""
    known = FORMS["xlsx"].read(GOOD, "report.xlsx").items
    styles = parts(GOOD)["xl/styles.xml"]
    long = re.sub(rb'formatCode="#,##0\.00"', b'formatCode="0' + b"%" * 1_100_000 + b'"', styles)
    assert long != styles
    found = FORMS["xlsx"].read(with_part("xl/styles.xml", long), "report.xlsx").items
    assert found.keys() == known.keys()
    changed = {name: text for name, text in known.items() if found[name] != text}
    assert changed
    assert all(float(found[name]) == float(text.replace(",", "")) for name, text in changed.items())


@pytest.mark.parametrize("letters", [b"AAAA", b"A" * 100_000, b"$A"])
def test_a_cell_in_no_column_is_refused(letters: bytes) -> None:
    name = "xl/worksheets/sheet1.xml"
    text = re.sub(rb'<c r="[A-Z]+', b'<c r="' + letters, parts(GOOD)[name], count=1)
    assert text != parts(GOOD)[name]
    assert "column" in refused(with_part(name, text))


def test_a_sum_over_a_whole_sheet_is_refused() -> None:
    name = next(
        name
        for name, part in parts(GOOD).items()
        if name.startswith("xl/worksheets/sheet") and b"<v>" in part
    )
    text = re.sub(rb"<v>", b"<f>SUM(A1:XFD1048576)</f><v>", parts(GOOD)[name], count=1)
    assert "cells" in refused(with_part(name, text))


@pytest.mark.parametrize("broken", [b"eJxx", b"", b"\xe4\xbd\xa0", b"{}"])
def test_a_layout_that_was_tampered_with_is_refused(broken: bytes) -> None:
    strings = parts(GOOD)["xl/sharedStrings.xml"]
    text = re.sub(rb"<t>eJ[A-Za-z0-9+/=]{500,}</t>", b"<t>" + broken + b"</t>", strings)
    assert text != strings
    assert "not a report" in refused(with_part("xl/sharedStrings.xml", text))
