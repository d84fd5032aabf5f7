"""The errors of files that are no table, each with what to do about it."""

from __future__ import annotations

from pathlib import Path

from keguan.core.errors import InputError, Where
from keguan.core.text import Text

READABLE = Text(
    "CSV、TSV、定宽文本（可为 .gz 或 .zip）、.xlsx、.xls、Parquet",
    "CSV, TSV, fixed-width text (.gz or .zip too), .xlsx, .xls, Parquet",
)
EXPORT_AGAIN = Text(
    "请从来源系统重新导出或重新传输该文件", "export the file again at its source, or copy it again"
)
SAVE_AS = Text(
    "请用 Excel 或 WPS 打开，另存为 .xlsx 或 CSV 后再导入",
    "open it in Excel or WPS, save it as .xlsx or CSV, import that",
)


def refused(
    place: str | Path,
    what: Text,
    *,
    found: str | None = None,
    do: Text = EXPORT_AGAIN,
    row: int | None = None,
) -> InputError:
    """The file at `place` cannot be used, in the usual form of an error."""
    return InputError(what=what, where=Where(file=str(place), row=row), found=found, allowed=READABLE, do=do)


def empty(place: str | Path) -> InputError:
    """The file holds nothing."""
    return refused(place, Text("文件是空的，没有任何内容", "the file is empty"), found="0 B")


def bomb(place: str | Path, limit: int) -> InputError:
    """A packed file that grows out of all proportion."""
    return refused(
        place,
        Text("压缩文件解开后大得不合情理", "the packed file grows out of all proportion when unpacked"),
        found=f"> {limit >> 20:,} MB",
        do=Text(
            "确认来源后自行解压, 再导入解压后的文件",
            "if you trust it, unpack it yourself and import what it holds",
        ),
    )


def no_table(place: str | Path, found: str) -> InputError:
    """The file is of another kind altogether."""
    return refused(
        place,
        Text("这个文件不是数据表", "this file is not a table of data"),
        found=found,
        do=Text(
            "请导入数据文件；若数据在该文件里，先导出为 CSV 或 .xlsx",
            "import a data file; export the table to CSV or .xlsx",
        ),
    )


def cut(place: str | Path) -> InputError:
    """A packed file that ends too early or whose checksum is wrong."""
    return refused(
        place,
        Text(
            "压缩文件不完整或已损坏，无法全部解开",
            "the compressed file is cut off or damaged and cannot be unpacked whole",
        ),
    )


def locked(place: str | Path) -> InputError:
    """Protected by a password."""
    return refused(
        place,
        Text("文件有密码保护，无法读取", "the file is protected by a password and cannot be read"),
        do=Text("请去掉密码后另存一份，再导入", "save a copy without the password and import that"),
    )


def damaged(place: str | Path, found: str) -> InputError:
    """A workbook or Parquet file that its reader does not take."""
    return refused(
        place,
        Text("文件已损坏，或格式与内容不符", "the file is damaged or not what it claims to be"),
        found=found,
    )


def html(place: str | Path) -> InputError:
    """A web page under the name of a table: many older systems export these as .xls."""
    return refused(
        place,
        Text(
            "文件内容是网页（HTML 或 XML），不是真正的 Excel 或 CSV 文件",
            "the content is a web page (HTML or XML), not a real Excel or CSV file",
        ),
        found="HTML/XML",
        do=SAVE_AS,
    )
