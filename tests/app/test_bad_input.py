"""Bad input, case by case: what comes in adds up to the rows of the file, or the command says what is wrong.

Each case is a file as somebody really exports it. ACCEPTED: rows received, and rows quarantined by rule.
REFUSED: exit code, and words of the message in both languages.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import fastexcel
import pytest
import xlsxwriter

from cli.conftest import Cli, cli
from keguan.app.workspace import Workspace
from received import HEADER, books, facts, kpis, rows

_ = cli  # a fixture of the tests of the command line
Rows = list[list[str]]


def plain(count: int = 30) -> Rows:
    """Orders of seven customers on as many days of one month as there are, one line each."""
    return [
        [
            str(9000 + n),
            f"C{n % 7}",
            f"2024-03-{1 + n % 28:02d} 12:00:00",
            "P900",
            "普洱茶",
            str(1 + n % 3),
            "10.00",
        ]
        for n in range(count)
    ]


def changed(*cells: tuple[int, int, str], count: int = 30) -> Rows:
    """Plain orders with other cells at (row, column)."""
    made = plain(count)
    for row, column, cell in cells:
        made[row][column] = cell
    return made


def column(at: int, make: Callable[[int], str]) -> Rows:
    """Plain orders with another column."""
    return [[*row[:at], make(n), *row[at + 1 :]] for n, row in enumerate(plain())]


def text(
    table: Sequence[Sequence[str]], header: Sequence[str] | None = HEADER, encoding: str = "utf-8"
) -> bytes:
    """A CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *table] if header else table)
    return out.getvalue().encode(encoding)


def workbook(build: Callable[[Any], None]) -> bytes:
    """An .xlsx file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        build(book)
    return out.getvalue()


def _two_sheets(book: Any) -> None:
    for name, first in (("三月", 0), ("四月", 20)):
        sheet = book.add_worksheet(name)
        for number, row in enumerate([HEADER, *plain(50)[first : first + 20]]):
            sheet.write_row(number, 0, row)
    book.add_worksheet("空")


def _merged_title(book: Any) -> None:
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 6, "三月订单明细")
    sheet.merge_range(1, 0, 1, 3, "制表：张三")
    for number, row in enumerate([HEADER, *plain()], 2):
        sheet.write_row(number, 0, row)


def _late_text(book: Any) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(plain(1500), 1):
        sheet.write_row(number, 0, row[:5])
        sheet.write_row(number, 5, ["三" if number == 1490 else int(row[5]), float(row[6])])


ACCEPTED: dict[str, tuple[str, bytes, int, dict[str, int]]] = {
    "headerless": ("a.csv", text(plain(), None), 30, {}),
    "blank header line": ("a.csv", text(plain(), [""] * 7), 30, {}),
    "GB18030": ("a.csv", text(plain(), encoding="gb18030"), 30, {}),
    "UTF-16": ("a.csv", text(plain(), encoding="utf-16"), 30, {}),
    "bytes of no character": ("a.csv", text(plain()).replace("茶,1".encode(), b"\xff\xfe,1", 1), 30, {}),
    "last line cut": ("a.csv", text(plain())[:-20], 30, {"no_amount": 1}),
    "a text cell late in a numeric column": ("a.csv", text(changed((1490, 5, "三"), count=1500)), 1500, {"unreadable": 1}),
    "a text cell late in a numeric column of a workbook": ("a.xlsx", workbook(_late_text), 1500, {"unreadable": 1}),
    "rows with too many cells": ("a.csv", text([*plain(), [*plain()[0], "x", "y"]]), 31, {"columns": 1}),
    "rows with too few cells": ("a.csv", text([*plain(), ["9999", "C1"]]), 31, {"no_time": 1}),
    "an open quote": ("a.csv", text(plain()) + b'8,"C1,2024-03-01,P,x,1,2\n', 31, {"columns": 1}),
    "blank lines": ("a.csv", text(plain()).replace(b"\n", b"\n\n"), 30, {}),
    "mixed line ends": ("a.csv", text(plain()).replace(b"\n", b"\r", 9), 30, {}),
    "dates of two forms": ("a.csv", text(changed((3, 2, "2024年3月5日"), (4, 2, "2024/3/5 9:30"))), 30, {}),
    "a date of a form of its own": ("a.csv", text(changed((3, 2, "上周二"))), 30, {"unreadable": 1}),
    "dates that do not exist": ("a.csv", text(changed((3, 2, "2024-02-30"), (4, 2, "2024-13-01"))), 30, {"unreadable": 2}),
    "NaN and infinity": (
        "a.csv",
        text(changed((3, 6, "inf"), (4, 6, "-Infinity"), (5, 5, "inf"), (6, 6, "NaN"), (7, 5, "nan"))),
        30,
        {"unreadable": 3, "no_amount": 1}  # a price that is missing is filled with the usual one,
    ),
    "numbers beyond belief": ("a.csv", text(changed((3, 6, "1e308"), (4, 5, "99999999999999999999"))), 30, {"unreadable": 2}),
    "an amount beyond belief": ("a.csv", text(changed((3, 5, "20000000"), (3, 6, "30000"))), 30, {"implausible_amount": 1}),
    "a negative price": ("a.csv", text(changed((3, 6, "-10"))), 30, {"negative_price": 1}),
    "a total line": ("a.csv", text([*plain(), ["合计", "", "", "", "", "30", "300.00"]]), 31, {"total_row": 1}),
    "the header once more": ("a.csv", text([*plain(), list(HEADER)]), 31, {"unreadable": 1}),
    "duplicate and blank headers": ("a.csv", text([[*row, "x", "y"] for row in plain()], [*HEADER, "单价", " "]), 30, {}),
    "several sheets": ("a.xlsx", workbook(_two_sheets), 40, {}),
    "merged cells above the header": ("a.xlsx", workbook(_merged_title), 30, {}),
    "packed": ("a.csv.gz", gzip.compress(text(plain())), 30, {}),
    "times out of the world": ("a.csv", text(changed((3, 2, "2150-01-01"), (4, 2, "1900-01-01"), (5, 2, "9999-12-31"))), 30,
                               {"implausible_time": 2, "unreadable": 1}),
    "dates in the future": ("a.csv", text(column(2, lambda n: f"2099-01-{1 + n % 28:02d} 10:00:00")), 30, {}),
    "all guests": ("a.csv", text(column(1, lambda n: ("散客", "", "匿名", "t***8")[n % 4])), 30, {}),
    "a single customer": ("a.csv", text(column(1, lambda n: "C1")), 30, {}),
    "no column for customers": ("a.csv", text([[row[0], *row[2:]] for row in plain()], [HEADER[0], *HEADER[2:]]), 30, {}),
    "one row": ("a.csv", text(plain(1)), 1, {}),
}  # fmt: skip


@pytest.mark.parametrize("case", ACCEPTED)
def test_every_row_is_accounted_for(cli: Cli, tmp_path: Path, case: str) -> None:
    name, content, received, quarantined = ACCEPTED[case]
    (tmp_path / name).write_bytes(content)
    cli("init", tmp_path / "w")
    done = cli("import", tmp_path / name, "-w", tmp_path / "w")
    assert done.code == 0, done.err
    workspace = Workspace(tmp_path / "w")
    loads = books(workspace)
    assert sum(load["received"] for load in loads) == received
    assert f"{loads[0]['received']:,} rows received" in done.out
    held = Counter(row["rule"] for row in rows(workspace, "SELECT rule FROM quarantine"))
    assert held == quarantined
    assert sum(load["clean"] for load in loads) == received - held.total()
    for row in rows(workspace, "SELECT source_row, raw FROM quarantine"):
        assert row["raw"], row  # as received
        assert row["source_row"] > 0
    quality = cli("quality", "-w", tmp_path / "w", "--format", "csv", language="zh")
    for rule, count in quarantined.items():
        assert f"quarantine_{rule}" in quality.out, (rule, count)


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


def _flipped(content: bytes) -> bytes:
    """Bytes in the middle of the sheet are others: its checksum is wrong."""
    at = content.index(b"xl/worksheets/sheet1.xml") + 200
    return content[:at] + random.Random(1).randbytes(40) + content[at + 40 :]


def _bomb() -> bytes:
    """A gigabyte and a half of nothing in one and a half million bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("orders.csv", "w") as entry:
        entry.write(text(plain()))
        for _ in range(400):
            entry.write(b"0" * (1 << 20))
    return out.getvalue()


ASKED = 3
BAD = 4
REFUSED: dict[str, tuple[str, bytes, int, str, str]] = {
    "empty file": ("a.csv", b"", BAD, "文件是空的", "the file is empty"),
    "blank lines only": ("a.csv", b"\n \n\r\n", BAD, "文件是空的", "the file is empty"),
    "header only": ("a.csv", text([]), BAD, "没有数据行", "no rows of data"),
    "header only, workbook": (
        "a.xlsx", workbook(lambda book: book.add_worksheet().write_row(0, 0, HEADER)), BAD, "没有数据行", "no rows of data",
    ),
    "not one usable row": (
        "a.csv", text(column(6, lambda n: "-1")), BAD,
        "收到 30 行，其中 30 行单价为负", "Of 30 rows received, 30: negative unit price",
    ),
    "not one readable time": (
        "a.csv", text(changed(*((n, 2, "昨天") for n in range(3)), count=3)), BAD, "ordered_at", "--map ordered_at=COLUMN",
    ),
    "two encodings": (
        "a.csv", text(plain()) + text(plain(), None, "gb18030"), BAD, "混有两种编码", "mixes two encodings",
    ),
    "day and month first in one column": (
        "a.csv", text(column(2, lambda n: f"{1 + n % 12}/{13 + n % 15}/2024" if n % 2 else f"{13 + n % 15}/{1 + n % 12}/2024")),
        ASKED, "--date-order day | --date-order month", "15 rows",
    ),
    "two columns of customers": (
        "a.csv", text([[*row, f"Z{n % 5}"] for n, row in enumerate(plain())], [*HEADER, "客户ID"]),
        ASKED, "--map customer_id=", "Several columns may be customer_id",
    ),
    "amounts that do not add up": (
        "a.csv", text([[*row[:5], "1", "99999999999"] for row in plain(1000)]), BAD,
        "金额合计太大", "too large to be added up",
    ),
    "no column for money": ("a.csv", text([row[:6] for row in plain()], HEADER[:6]), BAD, "缺少 amount", "lacks amount"),
    "an encrypted workbook": ("a.xlsx", _encrypted(), BAD, "密码保护", "protected by a password"),
    "a workbook cut off": ("a.xlsx", workbook(_two_sheets)[:-300], BAD, "不完整或已损坏", "cut off or damaged"),
    "a damaged workbook": ("a.xlsx", _flipped(workbook(_two_sheets)), BAD, "损坏", "damaged"),
    "a workbook cut to its first bytes": ("a.xlsx", workbook(_two_sheets)[:40], BAD, "不完整或已损坏", "cut off or damaged"),
    "an archive cut off": ("a.csv.gz", gzip.compress(text(plain(3000)))[:-90], BAD, "不完整或已损坏", "cut off or damaged"),
    "a bomb": ("a.zip", _bomb(), BAD, "超过原大小的 200 倍", "more than 200 times its size"),
    "a web page": ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", BAD, "网页", "web page"),
    "a quote that never closes": ("a.csv", b'"a;b;c\n', BAD, "引号", "quotes"),
}  # fmt: skip


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize("case", REFUSED)
def test_the_error_says_what_is_wrong_and_nothing_changes(cli: Cli, tmp_path: Path, case: str) -> None:
    name, content, code, zh, en = REFUSED[case]
    (tmp_path / name).write_bytes(content)
    cli("init", tmp_path / "w")
    before = _files(tmp_path / "w")
    for language, words, do in (("zh", zh, "请这样做："), ("en", en, "What to do: ")):
        done = cli("import", tmp_path / name, "-w", tmp_path / "w", language=language)
        assert done.code == code, done.err
        assert done.out == ""
        assert done.err.count("\n") == 1, done.err  # one paragraph
        assert words in done.err, done.err
        assert name in done.err, done.err
        assert do in done.err, done.err
    assert _files(tmp_path / "w") == before


def test_a_link_out_of_the_folder_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "a.csv").write_bytes(text(plain()))
    (tmp_path / "secret.csv").write_bytes(text(plain()))
    (tmp_path / "export" / "b.csv").symlink_to(tmp_path / "secret.csv")
    cli("init", tmp_path / "w")
    done = cli("import", tmp_path / "export", "-w", tmp_path / "w")
    assert done.code == 4
    assert "b.csv" in done.err
    assert "secret.csv" in done.err
    assert Workspace(tmp_path / "w").store.catalog.batch == 0


def test_a_doubt_quotes_cells_with_nul_characters(tmp_path: Path) -> None:
    """Parts of a file in UTF-16 leave them behind; the text of a query ends at one."""
    table = [[*row, "无\0数" if n % 50 == 0 else ""] for n, row in enumerate(plain(300))]
    workspace = _kept(tmp_path, table, [*HEADER, "利润率"])
    doubts = [str(row) for row in rows(workspace, "SELECT * FROM findings WHERE rule = 'doubt'")]
    assert any("无\\x00数" in doubt for doubt in doubts), doubts


def test_a_file_name_in_another_encoding_is_refused(cli: Cli, tmp_path: Path) -> None:
    """As an archive made on a Chinese Windows leaves it, unpacked on another system: alone, or in a folder of them."""
    folder = tmp_path / "导出"
    folder.mkdir()
    path = os.fsencode(folder) + b"/" + "订单.csv".encode("gb18030")
    try:
        with open(path, "wb") as file:
            file.write(text(plain()))
    except OSError:
        pytest.skip("this system takes only names in UTF-8")
    cli("init", tmp_path / "w")
    for argument in (os.fsdecode(path), folder, f"{folder}/*"):
        done = cli("import", argument, "-w", tmp_path / "w")
        assert done.code == BAD
        assert "UTF-8" in done.err
        assert done.err.count("\n") == 1
    assert Workspace(tmp_path / "w").store.catalog.batch == 0


def _kept(folder: Path, table: Rows, header: Sequence[str] = HEADER) -> Workspace:
    folder.mkdir(exist_ok=True)
    (folder / "a.csv").write_bytes(text(table, header))
    workspace = Workspace.init(folder / "w")
    workspace.load(folder / "a.csv")
    books(workspace)
    return workspace


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda n: str(2103807459595387724 + n % 7), {str(2103807459595387724 + n) for n in range(7)}),
        (lambda n: f"000{n % 7}", {f"000{n}" for n in range(7)}),
        (lambda n: f"1308{n % 7}.0", {f"1308{n}" for n in range(7)}),
        (lambda n: f'="00{n % 7}"', {f"00{n}" for n in range(7)}),
    ],
)
def test_ids_stay_what_they_are(tmp_path: Path, make: Callable[[int], str], expected: set[str]) -> None:
    """19 digits, leading zeros, 13085.0, and Excel's mark for text."""
    assert set(facts(_kept(tmp_path, column(1, make)))) == expected


def test_amounts_as_people_write_them(tmp_path: Path) -> None:
    written = ("¥10.00", "1,010.00", "￥１０", "0.001万", "10元", "RMB 10", "$10", "(10.00)")
    workspace = _kept(tmp_path, changed(*((n, 6, cell) for n, cell in enumerate(written))))
    prices = rows(
        workspace, "SELECT DISTINCT CAST(unit_price AS INTEGER) AS p FROM all_order_lines ORDER BY p"
    )
    held = rows(workspace, "SELECT rule, source_row FROM quarantine")
    assert [row["p"] for row in prices] == [10, 1010]
    assert held == [{"rule": "negative_price", "source_row": 9}]  # in brackets: a negative price


def test_a_header_in_ten_thousands_multiplies(tmp_path: Path) -> None:
    workspace = _kept(tmp_path, plain(), [*HEADER[:6], "单价（万元）"])
    assert (
        kpis(workspace)["gross_revenue"] == kpis(_kept(tmp_path / "yuan", plain()))["gross_revenue"] * 10_000
    )


@pytest.mark.parametrize(
    ("table", "header", "customers", "guests"),
    [
        (column(1, lambda n: "散客"), HEADER, 0, 1),
        ([[row[0], *row[2:]] for row in plain()], [HEADER[0], *HEADER[2:]], 0, 1),
        (column(1, lambda n: "C1"), HEADER, 1, 0),
    ],
)
def test_sales_stand_without_customers(
    tmp_path: Path, table: Rows, header: Sequence[str], customers: int, guests: int
) -> None:
    found = kpis(_kept(tmp_path, table, header))
    assert found["gross_revenue"] == 600 * (1 - guests)
    assert found["customers"] == customers
    assert found["guest_revenue"] == 600 * guests


NAMES = (
    "=1+1", "=HYPERLINK(\"http://x\",\"y\")", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "{=1+1}",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</script>", "&lt;b&gt;", "x'; DROP TABLE orders; --",
    "$as_of", "{x}", "a|b", "长" * 300, "tab\tin", "line\nbreak", "bell\x07", "nul\x00byte", "\u202egnp.exe", "😀", "%s", "\\",
)  # fmt: skip


def test_names_that_are_formulas_html_or_sql_stay_text(cli: Cli, tmp_path: Path) -> None:
    """Through import, tables, JSON, quality, report, lists as CSV and Excel, and verification."""
    made = plain(6 * len(NAMES))
    for number, row in enumerate(made):
        row[1] = row[3] = row[4] = NAMES[number % len(NAMES)]
        row[1] += str(number // len(NAMES)) if number >= len(NAMES) else ""
    made += [[f"x{number}", name, "?", name, name, "1", "1"] for number, name in enumerate(NAMES)]
    workspace = _kept(tmp_path, made)
    w = ("-w", tmp_path / "w")
    kept = {row["customer_id"] for row in rows(workspace, "SELECT customer_id FROM customers")}
    names = {name.strip() for name in NAMES}
    assert names < kept
    assert {row["name"] for row in rows(workspace, "SELECT name FROM products")} == names
    for command in (("run", "rfm"), ("run", "product_mix"), ("quality",)):
        assert cli(*command, *w, "--format", "json").json()
    report = tmp_path / "r.html"
    assert cli("report", "-o", report, *w).code == 0
    page = report.read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert cli("verify", report, *w).code == 0
    for what in (("segment", "rfm"), ("quarantine",)):
        for ending in ("csv", "xlsx"):
            path = tmp_path / f"{what[0]}.{ending}"
            assert cli("export", *what, "-o", path, *w).code == 0
            cells = _cells(path)
            assert any("DROP TABLE" in cell for cell in cells)
            if ending == "csv":
                assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def _cells(path: Path) -> list[str]:
    if path.suffix == ".csv":
        return [
            cell for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")) for cell in row
        ]
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")  # no formula
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    return [cell or "" for part in sheet.columns for cell in part.to_pylist()]


def test_orders_that_are_no_sales_can_be_analysed(tmp_path: Path) -> None:
    """Corrections of stock alone: the import succeeds, so nothing may say afterwards that there are no orders."""
    corrections = [
        (7000 + n, "", f"2024-03-{1 + n % 9:02d} 12:00:00", "P1", "盘点", -1, "0") for n in range(40)
    ]
    workspace = _kept(tmp_path, [list(map(str, row)) for row in corrections])
    assert rows(workspace, "SELECT DISTINCT movement FROM all_order_lines") == [{"movement": "adjustment"}]
    assert str(workspace.run("overview").as_of) == "2024-03-09"
    assert [note.kind for note in workspace.run("overview").notes] != []
