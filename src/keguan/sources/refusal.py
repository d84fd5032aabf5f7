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


def no_rows(place: str | Path, line: str) -> InputError:
    """Text in which not one line can be taken apart into cells."""
    return refused(
        place,
        Text(
            "没有一行能分成单元格，可能是引号不成对",
            "not one line can be taken apart into cells; quotes may not be closed",
        ),
        found=line.strip(),
        do=Text(
            "检查开头几行的引号，或用 --separator 指明分隔符",
            "check the quotes of the first lines, or name the separator with --separator",
        ),
    )


def mixed_encodings(place: str | Path, line: str, encoding: str) -> InputError:
    """Part of the text is UTF-8, part is not."""
    return refused(
        place,
        Text(
            f"文件里混有两种编码：一部分行是 UTF-8，另一部分像 {encoding}",
            f"the file mixes two encodings: some lines are UTF-8, others look like {encoding}",
        ),
        found=line.strip(),
        do=Text(
            "把各部分分开成单独的文件，或统一转成 UTF-8 后再导入；要按一种编码硬读，加上 --encoding",
            "split the parts into files of their own, or convert all to UTF-8; to read all in one encoding all the "
            "same, give --encoding",
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


def packed_otherwise(place: str | Path, found: str) -> InputError:
    """A method of packing that is not known, or a damaged archive that seems to name one."""
    return refused(
        place,
        Text(
            "压缩文件已损坏，或用了不支持的压缩方式",
            "the compressed file is damaged, or packed by a method that is not supported",
        ),
        found=found,
        do=Text(
            "请先用别的程序解压，再导入里面的文件；解不开就从来源重新导出",
            "unpack it with another program and import what is inside; if that fails, export it again at its source",
        ),
    )


def no_permission(place: str | Path) -> InputError:
    """The user of this process may not read the file."""
    return refused(
        place,
        Text("没有读取该文件的权限", "there is no permission to read this file"),
        do=Text(
            "请检查文件权限，并关闭正在使用它的程序", "check its permissions and close programs that use it"
        ),
    )


def bomb(place: str | Path, times: int) -> InputError:
    """Unpacks to far more than any table does."""
    return refused(
        place,
        Text(
            f"压缩文件解开后超过原大小的 {times} 倍，不像数据表",
            f"the compressed file unpacks to more than {times} times its size, as no table does",
        ),
        do=Text(
            "如果确实是数据，请先解压再导入", "if it is data after all, unpack it and import what is inside"
        ),
    )


def sparse(place: str | Path, rows: int, columns: int) -> InputError:
    """A sheet with cells so far apart that it cannot be held."""
    return refused(
        place,
        Text(
            "工作表里有离数据很远的单元格，范围太大无法读取",
            "a cell far away makes the sheet too wide to be read",
        ),
        found=f"{rows:,} x {columns:,}",
        do=Text(
            "删除数据右边和下边的空行空列（或另存为 CSV）后再导入",
            "delete the empty rows and columns beside and below the data, or save it as CSV, and import that",
        ),
    )


def outside(link: str | Path, target: str | Path) -> InputError:
    """A link in a folder to something that does not lie in it."""
    return refused(
        link,
        Text("文件夹里的链接指向文件夹之外", "a link in the folder points out of it"),
        found=str(target),
        do=Text(
            "如果确实要导入，请直接写出那个文件；否则删除这个链接",
            "name the file itself if it is meant; else remove the link",
        ),
    )


def unreadable_name(place: str | Path) -> InputError:
    """The name of the file, or of a folder above it, is in another encoding."""
    return refused(
        place,
        Text(
            "文件名或它上面的文件夹名不是 UTF-8 文字，无法打开",
            "the name of the file, or of a folder above it, is no UTF-8 text and cannot be opened",
        ),
        do=Text(
            "请改名后再导入；若来自压缩包，也可以直接导入那个 .zip",
            "rename it and import that; if it came from an archive, the .zip itself can be imported too",
        ),
    )


def special(place: str | Path) -> InputError:
    """A device, a pipe or another thing that has no end."""
    return refused(
        place,
        Text("这不是普通文件（是设备、管道等）", "this is no ordinary file (but a device, a pipe ...)"),
        do=Text("请先存成文件，再导入", "save it as a file and import that"),
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
