"""The attacker chooses names: of customers, products, categories, channels, regions, files and headers."""

from __future__ import annotations

import csv
import html
import json
import re
import zipfile
from pathlib import Path

import pytest

from keguan.app.customer_lists import Choice
from keguan.app.exporting import export_quarantine, export_segment
from keguan.app.reporting import ReportOrder, write_report
from keguan.app.workspace import Workspace
from keguan.cli.visible import cell, visible
from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from received import HEADER, loaded, write

NAMES = (
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "<!-- x", "]]>", "'; DROP TABLE orders; --", '" OR 1=1', "[red]红[/red]",
    "[link=http://evil.example]点[/link]", "[/bold]", "\x1b[2J\x1b]0;evil\x07", "\u202egnp.exe", "a\u200bb",
    "a\u2028b", "长" * 300, "{customers}", "%s%n", "\\u003cb\\u003e", "../../etc/passwd", "&lt;b&gt;",
)  # fmt: skip
DRAWN = {
    "svg",
    "g",
    "path",
    "rect",
    "text",
    "tspan",
    "defs",
    "clipPath",
    "circle",
    "line",
    "polyline",
    "pattern",
    "title",
}
DRIVING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("names")
    header = (*HEADER, "客户名称", "商品类目", "渠道", "省份")
    rows = [
        (
            f"N{n}-{k}",
            f"C{n}",
            f"2024-0{k}-05 10:00:00",
            f"P{n}",
            name,
            1 + n,
            "10.00",
            name,
            name,
            name,
            name,
        )
        for n, name in enumerate(
            (
                *(f"客户{k}" for k in range(20)),
                *sorted(NAMES, key=lambda name: ("\u202e" in name, -NAMES.index(name))),
            )
        )  # these sell most, and are drawn
        for k in range(1, 5)
    ]
    bad = ("B1", "C1", "2024-02-31", "P1", NAMES[0], 1, "10.00", NAMES[0], NAMES[14], NAMES[5], NAMES[11])
    return loaded(folder / "w", [write(folder / "[red]=1+1;<b>.csv", header, *rows, bad)])


def test_every_name_is_kept_as_received(workspace: Workspace, tmp_path: Path) -> None:
    export_segment(workspace.store, "abc_class", Choice(), None, tmp_path / "x.xlsx", "en")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        listed = book.read("xl/worksheets/sheet1.xml").decode() + "".join(
            book.read(name).decode() for name in book.namelist() if "sharedStrings" in name
        )
        rels = [name for name in book.namelist() if "externalLink" in name or "vba" in name.lower()]
    assert "<f>" not in listed
    assert "hyperlink" not in listed
    assert rels == []
    assert html.escape(NAMES[0], quote=False) in listed


def test_no_cell_of_a_csv_begins_like_a_formula(workspace: Workspace, tmp_path: Path) -> None:
    export_segment(workspace.store, "abc_class", Choice(), None, tmp_path / "x.csv", "en")
    export_quarantine(workspace.store, tmp_path / "q.csv", "en")
    for name in ("x.csv", "q.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [value for row in csv.reader(file) for value in row]
        assert len(cells) > 9
        risky = [value for value in cells if value.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert [value for value in risky if not re.fullmatch(r"-?[0-9.]+", value)] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_shows_names_as_text(workspace: Workspace, tmp_path: Path, language: str) -> None:
    write_report(workspace.store, ReportOrder(tmp_path / "r.html", language), lambda *_: None)
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "<img src=x" not in text
    assert "<script>alert" not in text
    assert "</script><script>alert" not in text
    assert "<!--" not in text
    # Control characters and changes of direction are seen, not obeyed; scripts hold JSON, keys in attributes the raw name.
    shown = re.sub(r"<script.*?</script>|<[^>]*>", "", text, flags=re.DOTALL)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert "\\u202egnp.exe" in shown
    pictures = re.findall(r"<svg .*?</svg>", text, re.DOTALL)
    assert any("&lt;img src=x" in picture for picture in pictures)
    tags = {re.sub(r'"[^"]*"', '""', tag) for picture in pictures for tag in re.findall(r"<[^>]*>", picture)}
    assert {re.match(r"</?(\w+)", tag)[1] for tag in tags} <= DRAWN
    assert not [tag for tag in tags if re.search(r"\son\w+=", tag)]
    for block in re.findall(r'<script [^>]*type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL):
        json.loads(block)
        assert "<" not in block
    json.loads((tmp_path / "report.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["product_mix", "data_quality", "overview", "rfm", "revenue_bridge"])
def test_a_terminal_is_not_driven(
    name: str, workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from keguan import registry
    from keguan.app.analyse import Session
    from keguan.cli import output

    with Session(workspace.store) as session:
        result = session.run(name)
    capsys.readouterr()
    monkeypatch.setenv("COLUMNS", "400")
    output.print_tables(result, registry.get(name), "en", "CNY")
    printed = capsys.readouterr().out
    assert not DRIVING.search(printed)
    if name == "product_mix":
        assert "[red]红[/red]" in printed  # neither coloured nor swallowed
        assert "[link=http" in printed
    assert json.loads(output.as_json(result, registry.get(name), "en"))


def test_an_error_that_quotes_a_name_is_harmless_whole() -> None:
    name = NAMES[14] + "\n✓ all proved"
    error = InputError(
        Text(name, name), Where(file=name, column=name), name, Text(name, name), Text(name, name)
    )
    for language in ("zh", "en"):
        assert not DRIVING.search(error.paragraph(language))
        assert "\n" not in error.paragraph(language)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_the_name_itself_or_its_escapes(name: str) -> None:
    assert not DRIVING.search(visible(name))
    assert cell(name).plain == visible(name)
    assert not cell(name).spans  # no colours, no links
