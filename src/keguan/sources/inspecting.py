"""The tables of a file: one shape each."""

from __future__ import annotations

from pathlib import Path

from keguan.core.errors import InputError
from keguan.core.text import Text
from keguan.sources import refusal
from keguan.sources.container import Member, content, members
from keguan.sources.parquet import inspect_parquet
from keguan.sources.shape import ReadOptions, Shape
from keguan.sources.text_shape import inspect_text
from keguan.sources.workbook import inspect_workbook

DETECT = ReadOptions()


def inspect(path: Path, options: ReadOptions = DETECT) -> list[Shape]:
    """The shape of every table in a file: entries of an archive, sheets of a workbook, or the file itself.

    InputError when the file cannot be used; UsageError when an option does not fit.
    An archive gives the tables it holds; it is refused when it holds none.
    """
    parts = members(path)
    if len(parts) == 1:
        return _inspect_member(parts[0], options)
    shapes: list[Shape] = []
    first_error: InputError | None = None
    for part in parts:
        try:
            shapes.extend(_inspect_member(part, options))
        except InputError as error:
            first_error = first_error or error
    if not shapes and first_error:
        raise first_error
    return shapes


def _inspect_member(member: Member, options: ReadOptions) -> list[Shape]:
    kind = content(member)
    if kind == "text":
        return [inspect_text(member, options)]
    if kind == "parquet":
        return [inspect_parquet(member, options)]
    if kind in ("xlsx", "xls"):
        return inspect_workbook(member, kind, options)
    raise refusal.refused(
        member.place,
        Text("压缩文件里还有压缩文件", "a compressed file inside a compressed file"),
        found=kind,
        do=Text("请先解压，再导入里面的文件", "unpack it first and import what is inside"),
    )
