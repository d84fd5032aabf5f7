"""A file that holds one table, used without a workspace: where its columns stand, and its cells as numbers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from keguan import sources
from keguan.core.errors import InputError, UsageError, Where
from keguan.core.text import Text, same
from keguan.engine.literals import quoted
from keguan.mapping.model import Mark
from keguan.mapping.numbers import number_text_sql, number_value_sql
from keguan.sources import ReadOptions
from keguan.sources.shape import Shape

MISSING = ("na", "n/a", "nan", "null", "none", "nil", "-", "#n/a", "缺失", "无")
YES, NO = ("true", "t", "yes", "y", "是"), ("false", "f", "no", "n", "否")
MEMORY = "2GB"  # what does not fit is spilled to the scratch folder
CORRECT = Text("改正选项后重试", "correct the option and try again")
MOST_LISTED = 30


def wrong(
    option: str,
    what: Text,
    found: str,
    allowed: Text | None = None,
    do: Text = CORRECT,
    file: str | None = None,
) -> UsageError:
    """An option that does not fit."""
    return UsageError(what, Where(file=file, setting=option), found=found, allowed=allowed, do=do)


def listed(names: Sequence[str]) -> Text:
    """Names as an error allows them, the first thirty."""
    shown = ", ".join(names[:MOST_LISTED])
    return same(shown if len(names) <= MOST_LISTED else f"{shown}, …")


@contextmanager
def workshop() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A connection of its own and a folder for what does not fit into memory."""
    with tempfile.TemporaryDirectory(prefix="keguan-") as folder, duckdb.connect() as connection:
        connection.execute(f"SET temp_directory = {quoted(str(Path(folder) / 'spill'))}")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        yield connection, Path(folder)


def shape_of(file: str, reading: ReadOptions) -> Shape:
    """The one table of a file. UsageError for several files or tables, InputError for none."""
    paths = sources.find([file])
    if len(paths) != 1:
        raise wrong("FILE", Text("请只给一个文件", "give one file"), f"{len(paths)}")
    shapes = sources.inspect(paths[0], reading)
    if len(shapes) != 1:
        raise wrong(
            "--sheet", Text("文件里有不止一张表", "the file holds more than one table"), str(len(shapes)),
            listed([shape.member or "" for shape in shapes]),
            Text("用 --sheet 指明一张", "name one with --sheet"), file=file,
        )  # fmt: skip
    return shapes[0]


def place_of(name: str, option: str, shape: Shape, file: str) -> int:
    """Where a column stands: by its exact name, as received or cleaned, else without regard to case and blanks."""
    for known in (shape.columns, shape.received):
        if name in known:
            return known.index(name)
    plain = [column.strip().casefold() for column in shape.columns]
    if plain.count(name.strip().casefold()) == 1:
        return plain.index(name.strip().casefold())
    what = Text("文件没有这一列", "the file has no such column")
    raise wrong(option, what, name, listed(shape.columns), file=file)


def decimal_mark(shape: Shape) -> Mark:
    """The decimal mark that the file was found or told to have."""
    setting = shape.setting("decimal")
    return "," if setting is not None and setting.value == "," else "."


def patient_number(cell: str, mark: Mark) -> str:
    """SQL of a cell as people write numbers, yes and no included; NULL for what is none."""
    tolerant = f"CAST({number_value_sql(cell, number_text_sql(cell, mark), mark)} AS DOUBLE)"
    plain = f"TRY_CAST({cell} AS DOUBLE)"
    word = f"CASE WHEN lower({cell}) IN {words(YES)} THEN 1 WHEN lower({cell}) IN {words(NO)} THEN 0 END"
    exact = f"CASE WHEN isfinite({plain}) THEN {plain} END, " if mark == "." else ""
    return f"coalesce({exact}{word}, {tolerant})"


def given(cell: str) -> str:
    """SQL of whether a cell holds something: neither empty nor a word for what is missing."""
    return f"({cell} IS NOT NULL AND lower({cell}) NOT IN {words(MISSING)})"


def words(words: Sequence[str]) -> str:
    """Words as a list of SQL."""
    return f"({', '.join(quoted(word) for word in words)})"


def no_numbers(file: str, column: str, cells: int, row: int, do: Text) -> InputError:
    """The cells are not quoted: they may be names or other personal data."""
    return InputError(
        Text("这一列应是数字，有的单元格不是", "cells of this column are no numbers"),
        Where(file=file, row=row, column=column),
        found=f"{cells:,}",
        allowed=Text("数字，或 是/否、true/false；空、NA、NaN 算缺失",
            "numbers, or yes/no, true/false; empty, NA and NaN are missing"),
        do=do,
    )  # fmt: skip
