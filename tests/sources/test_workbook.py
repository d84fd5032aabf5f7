"""Excel: every cell as text without loss, rows numbered as on screen."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from keguan.core.errors import InputError, UsageError
from keguan.sources import ReadOptions, inspect, load


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A sheet with a merged title, a header in row 4, a blank row; a second, an empty and a hidden sheet."""
    path = tmp_path / "订单.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        time = workbook.add_format({"num_format": "hh:mm:ss"})
        sheet = workbook.add_worksheet("订单")
        sheet.merge_range(1, 0, 1, 4, "二月订单")
        sheet.write_row(3, 0, ["订单号", "日期", "金额", "客户\n编号", "时间", "空"])
        for at in (4, 6):
            sheet.write_string(at, 0, "2103807459595387724")
            sheet.write_datetime(at, 1, dt.datetime(2024, 2, at), day)
            sheet.write_number(at, 2, 13085 if at == 4 else 0.1)
            sheet.write_string(at, 3, "00123")
            sheet.write_datetime(at, 4, dt.time(3, 4, 5), time)
        sheet.write(7, 0, "合计")
        sheet.write_formula(7, 2, "=SUM(C5:C7)", None, 13085.1)
        workbook.add_worksheet("empty")
        other = workbook.add_worksheet("客户")
        other.write_row(0, 0, ["客户", "等级"])
        other.write_row(1, 0, ["王", 3])
    return path


def test_cells_and_row_numbers(book: Path, read) -> None:
    result = read(book)
    assert (result.shape.kind, result.shape.member, result.shape.skip_rows) == ("xlsx", "订单", 3)
    assert result.shape.columns == ("订单号", "日期", "金额", "客户编号", "时间", "空")
    assert result.shape.received[3] == "客户\n编号"
    key = "2103807459595387724"
    assert result.rows == [
        (5, key, "2024-02-04 00:00:00", "13085", "00123", "03:04:05", None),
        (7, key, "2024-02-06 00:00:00", "0.1", "00123", "03:04:05", None),
        (8, "合计", None, "13085.1", None, None, None),
    ]


def test_every_sheet_that_holds_something(book: Path, read) -> None:
    assert [shape.member for shape in inspect(book, ReadOptions())] == ["订单", "客户"]
    assert read(book, table=1).cells == [("王", "3")]
    assert read(book, sheet="客户").cells == [("王", "3")]
    assert read(book, sheet="3").shape.member == "客户"
    with pytest.raises(UsageError) as caught:
        inspect(book, ReadOptions(sheet="库存"))
    assert "订单, empty, 客户" in caught.value.paragraph("zh")


def test_workbook_in_an_archive_and_under_a_wrong_name(book: Path, read) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(book, "二月/订单.xlsx")
    inside = read(packed.getvalue(), name="x.zip", table=1)
    assert inside.shape.member == "二月/订单.xlsx/客户"
    assert inside.cells == [("王", "3")]
    assert read(book.read_bytes(), name="orders.csv", table=1).cells == [("王", "3")]
    assert read(book.read_bytes(), name="orders.xls", table=1).cells == [("王", "3")]


def test_text_under_the_name_of_a_workbook(read) -> None:
    result = read("订单号\t金额\n1\t2\n".encode("gb18030"), name="orders.xls")
    assert (result.shape.kind, result.cells) == ("csv", [("1", "2")])


def test_every_second_of_a_day_is_kept(tmp_path: Path, read) -> None:
    path = tmp_path / "x.xlsx"
    start = dt.datetime(2024, 2, 29)
    moments = [start + dt.timedelta(seconds=step) for step in range(0, 86_400, 7)]
    with xlsxwriter.Workbook(path) as workbook:
        form = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["单号", "时间"])
        for at, moment in enumerate(moments, start=1):
            sheet.write_number(at, 0, at)
            sheet.write_datetime(at, 1, moment, form)
    assert [row[1] for row in read(path).cells] == [str(moment) for moment in moments]


def test_first_rows(book: Path, connection, tmp_path: Path) -> None:
    shape = inspect(book, ReadOptions())[0]
    assert load(connection, shape, "t", scratch=tmp_path, first_rows=1).rows == 1


def test_sheets_without_content_are_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as workbook:
        workbook.add_worksheet()
    with pytest.raises(InputError):
        inspect(tmp_path / "x.xlsx", ReadOptions())
