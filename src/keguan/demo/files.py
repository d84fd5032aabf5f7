"""Writing the shop's two files with the same bytes each time: orders as GB18030 CSV, customers as .xlsx."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xlsxwriter

from keguan.demo.order_rows import ORDER_HEADERS
from keguan.demo.profiles import Profiles
from keguan.demo.sampling import Ints

CUSTOMER_COLUMNS = (
    ("客户编号", "customer_id", 12), ("客户名称", "name", 24), ("客户类型", "kind", 9),
    ("性别", "gender", 11), ("出生日期", "birth_date", 12), ("所属行业", "industry", 30),
    ("企业规模", "company_size", 11), ("省份", "province", 12), ("城市", "city", 12),
    ("注册时间", "registered_at", 18), ("手机号", "phone", 15), ("邮箱", "email", 24),
    ("会员等级", "level", 10), ("获客渠道", "source", 13), ("责任人", "owner", 9),
)  # fmt: skip
CREATED = datetime(2026, 11, 2, 9, 0, 0)  # written into the workbook instead of the moment of writing


def write_orders(path: Path, cells: npt.NDArray[np.object_]) -> None:
    """The order export: header, then one row per line; GB18030, comma, Windows line ends."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(ORDER_HEADERS)
    writer.writerows(cells.tolist())
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(text.getvalue().encode("gb18030"))
    os.replace(unfinished, path)


def write_customers(path: Path, profiles: Profiles, order: Ints) -> None:
    """The customer list, one sheet 客户, in the given order; dates are real dates, gaps empty or a reason."""
    unfinished = path.with_name(path.name + ".part")
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(unfinished), options)
    book.set_properties({"title": "客户资料", "created": CREATED})
    sheet = book.add_worksheet("客户")
    sheet.freeze_panes(1, 0)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    heading = book.add_format({"bold": True})
    for column, (header, field, width) in enumerate(CUSTOMER_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, header, heading)
        _write_column(sheet, column, getattr(profiles, field)[order].tolist(), day, moment)
    book.close()
    os.replace(unfinished, path)


def _write_column(
    sheet: xlsxwriter.worksheet.Worksheet,
    column: int,
    values: Iterable[str | date | datetime | None],
    day: xlsxwriter.format.Format,
    moment: xlsxwriter.format.Format,
) -> None:
    for row, value in enumerate(values, start=1):
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
        elif value is not None:
            sheet.write_string(row, column, value)
