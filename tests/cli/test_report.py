"""`keguan report` and `keguan comment`: every option reaches what it is for, and what would be lost is refused."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from docx import Document as WordDocument
from pypdfium2 import PdfDocument

from cli.conftest import Cli
from received import loaded, write

RECIPE = (
    'title = { zh = "简报", en = "Brief" }\n[[sections]]\nid = "data"\ntitle = { zh = "数据", en = "Data" }\n'
    'tables = ["overview.kpis"]\nanalyses = ["overview"]\n[[sections]]\nid = "comments"\nfill = "comments"\n'
    'title = { zh = "意见", en = "Comments" }\n'
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of 60 orders, a recipe and a Word template, in a folder whose name a shell would split."""
    folder = tmp_path_factory.mktemp("report") / "my shop"
    head = ("订单号", "客户编号", "下单时间", "商品", "数量", "单价")
    rows = [(f"a{n}", f"c{n % 40}", f"2025-05-{1 + n % 28:02d} 10:00:00", "茶", 1, 100) for n in range(60)]
    loaded(folder / "w", [write(folder / "may.csv", head, *rows)])
    (folder / "brief.toml").write_text(RECIPE, "utf-8")
    template = WordDocument()
    template.sections[0].header.paragraphs[0].text = "Green Tea Ltd"
    template.save(str(folder / "company.docx"))
    return folder


def test_every_option_of_a_report_is_followed(place: Path, cli: Cli) -> None:
    workspace, recipe = place / "w", place / "brief.toml"
    first = cli("report", "-w", workspace, "-o", place / "may", "--recipe", recipe)
    assert first.code == 0, first.err
    ended = cli(
        "report", "-w", workspace, "-o", place / "june", "--recipe", recipe, "--as-of", "2025-06-30",
        "--format", "docx,pdf", "--template", place / "company.docx", "--archival", "--lang", "en",
        "--compare", place / "may" / "report.json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    word = WordDocument(str(place / "june" / "report.docx"))
    assert word.sections[0].header.paragraphs[0].text == "Green Tea Ltd"
    assert "Against the last report" in [
        paragraph.text.lstrip("0123456789. ") for paragraph in word.paragraphs
    ]
    pdf = (place / "june" / "report.pdf").read_bytes()
    assert b"pdfaid:part" in pdf
    pages = PdfDocument(pdf)
    assert "2025-06-30" in pages[0].get_textpage().get_text_bounded()
    pages.close()
    commands = [
        line.removeprefix("Verify: ") for line in ended.out.splitlines() if line.startswith("Verify: ")
    ]
    assert len(commands) == 2
    for command in commands:
        keguan, *arguments = shlex.split(command)
        assert keguan == "keguan"
        proved = cli(*arguments)
        assert proved.code == 0, proved.out


def test_a_path_reaches_the_terminal_as_characters_and_the_shell_as_one_word(place: Path, cli: Cli) -> None:
    output = place / "a\x1b[2J'; echo b"
    ended = cli("report", "-w", place / "w", "-o", output, "--recipe", place / "brief.toml")
    assert ended.code == 0
    assert "\x1b" not in ended.out
    command = next(line for line in ended.out.splitlines() if line.startswith("Verify: "))
    assert shlex.split(command)[-1] == str(place / "w")
    assert shlex.split(command)[3] == f"{place}/a\\x1b[2J'; echo b/report.html"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "x.pdf", "--format", "html"], "x.pdf"),
        (["-o", "x", "--format", ""], "no such form"),
        (["-o", "x", "--archival"], "--archival"),
        (["-o", "x", "--format", "pdf,docx", "--template", "a.docx", "--template", "b.docx"], "b.docx"),
    ],
)
def test_options_that_would_do_nothing_are_usage_errors(
    arguments: list[str], said: str, place: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    ended = cli("report", "-w", place / "w", *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert not list(place.glob("x*"))


def test_comments_are_added_listed_and_taken_away(place: Path, cli: Cli) -> None:
    def comment(*arguments: str) -> tuple[int, str]:
        ended = cli("comment", *arguments, "-w", place / "w")
        return ended.code, ended.out + ended.err

    assert comment() == (0, "There are no comments\n")
    assert comment("Mended", "--author", "Min", "--about", "rfm")[0] == 0
    code, said = comment("Again", "--author", "Wei")
    assert code == 0
    assert said.splitlines()[1].startswith("2. Wei")
    code, said = comment("--remove", "1")
    assert code == 0
    assert "Mended" not in said
    assert "Again" in said
    refused = {
        ("Lost", "--remove", "1"): "TEXT, --remove",
        ("--author", "Wei"): "--author",
        ("--about", "rfm"): "--about",
        ("--remove", "0"): "no comment of this number",
        ("",): "--author 0, TEXT 0",
        ("a", "--author", "b", "--about", "rmf"): "write rfm instead",
        ("a\udcff", "--author", "b"): "UTF-8",
    }
    for arguments, part in refused.items():
        code, said = comment(*arguments)
        assert code == 2, arguments
        assert part in said
    assert "Again" in comment()[1]
