"""Every error is one paragraph in the user's language: what, where, found, allowed, what to do."""

from __future__ import annotations

import gzip
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keguan.app.workspace import Workspace
from received import HEADER, loaded, usual, write

Cli = Callable[..., Any]
PARTS = {
    "where": ("位置：", "Where: "),
    "found": ("读到：", "Found: "),
    "allowed": ("可接受：", "Allowed: "),
    "do": ("请这样做：", "What to do: "),
}
CHINESE = re.compile("[一-鿿]")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with ten orders; beside it the files that the cases name."""
    folder = tmp_path_factory.mktemp("errors")
    good = write(folder / "good.csv", HEADER, *usual(10))
    loaded(folder / "w", [good])
    Workspace.init(folder / "new")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "report.csv").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    (folder / "cut.csv.gz").write_bytes(gzip.compress(good.read_bytes() * 50)[:60])
    (folder / "none").mkdir()
    write(folder / "bad.csv", HEADER, *((n, "C1", "2024-01-01", "P1", "t", 1, "-1") for n in range(30)))
    write(
        folder / "visits.csv",
        ("segment", "visit", "conversion", "spend"),
        *(("A", n % 2, 0, 0) for n in range(30)),
    )
    (folder / "broken").mkdir()
    (folder / "broken" / "keguan.toml").write_text('timezone = "Mars"\n', "utf-8")
    Workspace.init(folder / "torn")
    (folder / "torn" / "catalog.json").write_text("{", "utf-8")
    return folder


W = ("-w", "{w}")
# command, exit code, parts that the paragraph must have, words that both languages must have
CASES: dict[str, tuple[tuple[str, ...], int, str, tuple[str, ...]]] = {
    "missing file": (("import", "{f}/nowhere.csv", *W), 4, "where allowed do", ("nowhere.csv", ".xlsx")),
    "empty folder": (("import", "{f}/none", *W), 4, "where allowed do", ("none",)),
    "empty file": (("import", "{f}/empty.csv", *W), 4, "where found allowed do", ("empty.csv",)),
    "a PDF": (("import", "{f}/report.csv", *W), 4, "where found allowed do", ("report.csv", "PDF")),
    "cut file": (("import", "{f}/cut.csv.gz", *W), 4, "where allowed do", ("cut.csv.gz",)),
    "test results": (("import", "{f}/visits.csv", *W), 4, "where do", ("visits.csv", "--map")),
    "all rows bad": (("import", "{f}/bad.csv", *W), 4, "found do", ("30", "--dry-run")),
    "no workspace": (("import", "{f}/good.csv", "-w", "{f}/none"), 4, "where do", ("keguan init",)),
    "no workspace to run": (("run", "rfm", "-w", "{f}/none"), 4, "where do", ("keguan init",)),
    "torn catalog": (("run", "rfm", "-w", "{f}/torn"), 4, "where found do", ("catalog.json",)),
    "wrong setting": (("init", "{f}/broken"), 2, "where found allowed do", ("timezone", "Mars")),
    "no orders yet": (("run", "overview", "-w", "{f}/new"), 4, "where do", ("keguan import",)),
    "unknown analysis": (("run", "rfn", *W), 2, "found allowed do", ("rfn", "overview", "keguan analyses")),
    "unknown parameter": (("run", "rfm", *W, "--param", "colour=red"), 2, "where found allowed do", ("colour", "--param")),
    "wrong parameter": (("run", "rfm", *W, "--param", "method=guess"), 2, "where found allowed do", ("guess", "median")),
    "no number": (("run", "rfm", *W, "--param", "window_months=many"), 2, "where found allowed do", ("many", "int")),
    "no pair": (("run", "rfm", *W, "--param", "window_months"), 2, "where found allowed do", ("--param",)),
    "wrong day": (("run", "rfm", *W, "--as-of", "2024-02-30"), 2, "where found allowed do", ("--as-of", "2024-02-30")),
    "wrong format": (("run", "rfm", *W, "--format", "xml"), 2, "where found allowed do", ("--format", "xml", "json")),
    "wrong format of quality": (("quality", *W, "--format", "xml"), 2, "where found allowed do", ("xml", "json")),
    "wrong language": (("run", "rfm", *W, "--lang", "fr"), 2, "where found allowed do", ("--lang", "fr")),
    "wrong map": (("import", "{f}/good.csv", *W, "--map", "amount"), 2, "where found allowed do", ("--map",)),
    "unknown column": (("import", "{f}/good.csv", *W, "--map", "amount=nope"), 2, "found allowed", ("nope",)),
    "unknown target": (("import", "{f}/good.csv", *W, "--map", "colour=单价"), 2, "found allowed", ("colour",)),
    "date order": (("import", "{f}/good.csv", *W, "--date-order", "ymd"), 2, "where found allowed do", ("day", "month")),
    "order key": (("import", "{f}/good.csv", *W, "--order-key", "id"), 2, "where found allowed do", ("number+customer",)),
    "repeated": (("import", "{f}/good.csv", *W, "--repeated-lines", "no"), 2, "where found allowed do", ("keep", "drop")),
    "currency": (("import", "{f}/good.csv", *W, "--currency", "yuan"), 2, "where found allowed do", ("yuan", "CNY")),
    "decimal": (("import", "{f}/good.csv", *W, "--decimal", "x"), 2, "found allowed", ("--decimal",)),
    "separator": (("import", "{f}/good.csv", *W, "--separator", "ab"), 2, "found allowed", ("--separator",)),
    "encoding": (("import", "{f}/good.csv", *W, "--encoding", "klingon"), 2, "found allowed", ("klingon",)),
    "dry run": (("import", "{f}/good.csv", *W, "--dry-run", "--order-key", "id"), 2, "found allowed do", ("id",)),
    "no segments": (("export", "segment", "overview", *W, "-o", "{f}/x.csv"), 2, "found do", ("overview",)),
    "unknown segmentation": (("export", "segment", "abcd", *W, "-o", "{f}/x.csv"), 2, "found allowed do", ("abcd",)),
    "unknown label": (("export", "segment", "rfm", *W, "-o", "{f}/x.csv", "--label", "?"), 2, "found allowed do", ("?",)),
    "export ending": (("export", "segment", "rfm", *W, "-o", "{f}/x.pdf"), 2, "where found allowed do", (".xlsx",)),
    "export place": (("export", "segment", "rfm", *W, "-o", "{f}/no/x.csv"), 4, "where found do", ("x.csv",)),
    "export place, Excel": (("export", "segment", "rfm", *W, "-o", "{f}/no/x.xlsx"), 4, "where found do", ("x.xlsx",)),
    "verify nothing": (("verify", "{f}/nowhere.html", *W), 4, "where", ("nowhere.html",)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_error(cli: Cli, shop: Path, case: str) -> None:
    arguments, code, parts, words = CASES[case]
    filled = [item.format(f=shop, w=shop / "w") for item in arguments]
    for number, language in enumerate(("zh", "en")):
        done = cli(*filled, language=language)
        assert done.code == code, done.err
        assert done.out == ""
        assert done.err.count("\n") == 1, done.err  # one paragraph
        for part in parts.split():
            assert PARTS[part][number] in done.err, (part, done.err)
        for word in words:
            assert word in done.err, (word, done.err)
        assert bool(CHINESE.search(done.err.replace(str(shop), ""))) >= (language == "zh")


def test_usage_of_the_shell(cli: Cli) -> None:
    for arguments in (("import",), ("rum",), ("export",), ("run", "rfm", "--colour")):
        done = cli(*arguments)
        assert done.code == 2, arguments


def test_help_lists_every_command(cli: Cli) -> None:
    done = cli("--help")
    assert done.code == 0
    for name in (
        "init",
        "import",
        "quality",
        "analyses",
        "run",
        "report",
        "verify",
        "export",
        "demo",
        "doctor",
    ):
        assert name in done.out
    assert cli("--version").out.strip()


def test_an_unforeseen_error_is_written_down(keguan: Cli, shop: Path, tmp_path: Path) -> None:
    """A fault of the program itself: no traceback on the screen, the traceback in a file."""
    (tmp_path / "sitecustomize.py").write_text(
        "import keguan.app.doctor as d\ndef broken(folder, **options):\n    raise ZeroDivisionError('x')\nd.examine = broken\n"
    )
    found_first = os.pathsep.join([str(tmp_path), *sys.path])  # the code under test stays the one of this run
    done = keguan("doctor", "-w", shop / "w", PYTHONPATH=found_first, TMPDIR=str(tmp_path))
    assert done.code == 1
    assert "Traceback" not in done.out + done.err
    assert "ZeroDivisionError" in done.err
    assert "Traceback" in next(tmp_path.glob("keguan-error-*/traceback.txt")).read_text("utf-8")
