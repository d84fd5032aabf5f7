"""A record file: its columns as text, the dirt planted in it, and writing it with the same bytes each time."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import xlsxwriter

from keguan.demo.files import CREATED
from keguan.demo.sampling import Ints, Words, words
from keguan.demo.season import OPENS

Encoding = Literal["gb18030", "utf-8", "utf-8-sig"]
START = np.datetime64(OPENS, "s")
NO_DAY, NO_MOMENT = -1_000_000, -100_000_000_000  # an empty cell in a column of days, of seconds


@dataclass(frozen=True)
class Dirt:
    """Faults to plant, at scale 1: unusable cells (column, text), second copies, and a line of totals below."""

    cells: tuple[tuple[str, str], ...] = ()
    broken: int = 0
    repeated: int = 0
    total: tuple[str, str] | None = None  # column with the word 合计, column with a sum


@dataclass(frozen=True)
class Sheet:
    """One file before it is written: header -> column of texts, '' or None an empty cell."""

    name: str
    columns: dict[str, Words]
    encoding: Encoding = "utf-8-sig"
    dirt: Dirt = Dirt()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True, slots=True)
class RecordFile:
    """One file that was written, and how many faults were planted in it on purpose."""

    path: Path
    rows: int  # without the header, faults included
    broken: int  # rows with an unreadable or out-of-scale cell
    repeated: int  # second copies of a row
    totals: int  # rows that sum the others


def write_sheet(folder: Path, sheet: Sheet, rng: np.random.Generator, scale: float) -> RecordFile:
    """Plant the faults and write the file: CSV in the sheet's encoding, or .xlsx by its name."""
    dirt = sheet.dirt
    cells = np.column_stack(list(sheet.columns.values())) if len(sheet) else np.empty((0, len(sheet.columns)))
    headers = list(sheet.columns)
    broken, repeated = (_faults(number, scale, len(cells)) for number in (dirt.broken, dirt.repeated))
    chosen = np.sort(rng.permutation(len(cells))[: broken + repeated])
    hit = rng.permutation(chosen)
    for place, row in enumerate(hit[:broken]):
        header, text = dirt.cells[place % len(dirt.cells)]
        cells[row, headers.index(header)] = text
    twice = np.sort(hit[broken:])
    doubled = np.insert(cells, twice + 1, cells[twice], axis=0)
    rows: list[list[str | None]] = [list(row) for row in doubled]
    if dirt.total is not None:
        rows.append(_total(headers, dirt.total, sheet.columns))
    path = folder / sheet.name
    unfinished = path.with_name(path.name + ".part")
    if path.suffix == ".xlsx":
        _write_book(unfinished, headers, rows)
    else:
        unfinished.write_bytes(_csv(headers, rows).encode(sheet.encoding))
    os.replace(unfinished, path)
    return RecordFile(path, len(rows), broken, len(twice), int(dirt.total is not None))


def _faults(number: int, scale: float, rows: int) -> int:
    """A share of the full shop's faults, at least one, never so many that a small file is all faults."""
    return min(max(1, round(number * scale)), rows // 10) if number else 0


def _total(headers: Sequence[str], total: tuple[str, str], columns: dict[str, Words]) -> list[str | None]:
    named, summed = total
    cents = sum(round(float(text) * 100) for text in columns[summed] if text)
    values = {summed: f"{cents / 100:.2f}", named: "合计"}
    return [values.get(header, "") for header in headers]


def _csv(headers: Sequence[str], rows: list[list[str | None]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue()


def _write_book(path: Path, headers: Sequence[str], rows: list[list[str | None]]) -> None:
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"title": path.name.split(".")[0], "created": CREATED})
    sheet = book.add_worksheet(path.name.split(".")[0])
    head: list[list[str | None]] = [list(headers)]
    for place, row in enumerate(head + rows):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(place, column, value)
    book.close()


def days(day: Ints) -> Words:
    """Dates as 2026-10-31, from days since the opening; `NO_DAY` is an empty cell."""
    texts = np.datetime_as_string(np.datetime64(OPENS, "D") + day.astype("timedelta64[D]"))
    return words(
        [text if there else "" for text, there in zip(texts.tolist(), (day != NO_DAY).tolist(), strict=True)]
    )


def moments(second: Ints) -> Words:
    """Times as 2026-10-31 21:05:09, from seconds since the opening; `NO_MOMENT` is an empty cell."""
    texts = np.datetime_as_string(START + second.astype("timedelta64[s]")).tolist()
    there = (second != NO_MOMENT).tolist()
    return words(
        [text.replace("T", " ") if is_there else "" for text, is_there in zip(texts, there, strict=True)]
    )


def numbers(prefix: str, count: int, digits: int = 6) -> Words:
    """Running numbers with a prefix, from 1."""
    return words([f"{prefix}{number:0{digits}d}" for number in range(1, count + 1)])


def yuan(cents: Ints) -> Words:
    """Money as 12.50."""
    return words([f"{amount / 100:.2f}" for amount in cents.tolist()])
