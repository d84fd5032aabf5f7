"""Customer lists: labels in either language, cells that a spreadsheet would run as formulas made safe."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastexcel
import pytest

from received import HEADER, loaded, write

Cli = Callable[..., Any]
NAMES = {"C1": "=1+1", "C2": "@x", "C3": "{=1+1}", "C4": "-2+3", "C5": "http://evil.example", "C6": "赵六"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    lines = [
        (
            f"{customer}-{order}",
            customer,
            f"2024-0{order}-0{number} 09:00:00",
            "P1",
            "茶",
            number,
            "10.00",
            name,
        )
        for number, (customer, name) in enumerate(NAMES.items(), 1)
        for order in range(1, 2 + number // 2)
    ]
    path = write(folder / "orders.csv", (*HEADER, "客户名称"), *lines)
    loaded(folder / "w", [path])
    return folder / "w"


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_csv_is_formula_safe(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    done = cli("export", "segment", "rfm", "-w", workspace, "-o", tmp_path / "list.csv")
    assert done.code == 0
    assert "6 customers exported" in done.out
    header, *lines = table(tmp_path / "list.csv")
    assert header[:2] == ["Customer id", "Name"]
    names = {line[0]: line[1] for line in lines}
    assert names == {**NAMES, "C1": "'=1+1", "C2": "'@x", "C4": "'-2+3"}
    assert not [path for path in tmp_path.iterdir() if path.name != "list.csv"]


def test_excel_holds_texts_and_numbers(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    done = cli("export", "segment", "rfm", "-w", workspace, "-o", tmp_path / "名单.xlsx", language="zh")
    assert done.code == 0
    sheet = fastexcel.read_excel(tmp_path / "名单.xlsx").load_sheet(0)
    frame = sheet.to_pandas()
    assert dict(zip(frame["客户编号"], frame["客户名称"], strict=True)) == NAMES  # text, not formulas
    spent = dict(zip(frame["客户编号"], frame["净消费"], strict=True))
    assert (spent["C1"], spent["C6"]) == (10, 240)
    with zipfile.ZipFile(tmp_path / "名单.xlsx") as book:
        content = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in content
    assert "hyperlink" not in content


def test_a_label_in_either_language(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    cli("export", "segment", "rfm", "-w", workspace, "-o", tmp_path / "zh.csv", language="zh")
    header, *lines = table(tmp_path / "zh.csv")
    by_label: dict[str, int] = {}
    for line in lines:
        by_label[line[header.index("分群")]] = by_label.get(line[header.index("分群")], 0) + 1
    for label, count in by_label.items():
        out = tmp_path / "one.csv"
        assert cli("export", "segment", "rfm", "-w", workspace, "-o", out, "--label", label).code == 0
        header, *chosen = table(out)
        assert len(chosen) == count
        english = chosen[0][header.index("Segment")]
        assert cli("export", "segment", "rfm", "-w", workspace, "-o", out, "--label", english).code == 0
        assert table(out)[1:] == chosen


def test_an_unknown_label_lists_the_labels(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    out = ("-w", workspace, "-o", tmp_path / "x.csv", "--label", "重要")
    chinese, english = (
        cli("export", "segment", "rfm", *out, language="zh"),
        cli("export", "segment", "rfm", *out),
    )
    assert (chinese.code, english.code) == (2, 2)
    assert "重要价值 (" in chinese.err or "一般挽留 (" in chinese.err
    listed = english.err.split("Allowed: ")[1].split(". What to do")[0]
    assert "重要" not in listed
    assert not (tmp_path / "x.csv").exists()


def test_other_segmentations_of_an_analysis(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    for name in ("rfm_absolute", "abc_class"):
        done = cli("export", "segment", name, "-w", workspace, "-o", tmp_path / f"{name}.csv")
        assert done.code == 0, done.err
        assert len(table(tmp_path / f"{name}.csv")) == 7


def test_quarantined_rows_leave_as_received_with_their_reason(cli: Cli, tmp_path: Path) -> None:
    good = [(f"N{n}", f"C{n}", "2024-01-05 09:00:00", "P1", "茶", 1, "10.00") for n in range(5)]
    bad = ("N9", "C9", "2024-02-30 09:00:00", "P1", "茶", 1, "10.00")
    loaded(tmp_path / "w", [write(tmp_path / "orders.csv", HEADER, *good, bad)])
    done = cli("export", "quarantine", "-w", tmp_path / "w", "-o", tmp_path / "q.csv")
    assert done.code == 0, done.err
    header, row = table(tmp_path / "q.csv")
    assert header[:4] == ["File", "Row", "Table", "Reason"]
    assert row[:4] == ["orders.csv", "7", "Orders", "A cell cannot be read"]
    assert "2024-02-30" in row[5]
    assert "N9" in row[8]


def test_a_workspace_without_quarantine_gives_only_the_header(
    cli: Cli, workspace: Path, tmp_path: Path
) -> None:
    done = cli("export", "quarantine", "-w", workspace, "-o", tmp_path / "q.xlsx")
    assert done.code == 0, done.err
    assert "0 rows" in done.out
