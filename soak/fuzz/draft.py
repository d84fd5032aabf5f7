"""A table on its way to a file: its rows as cells, the form it will have, and how many data rows that makes."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Form = Literal["text", "xlsx", "parquet", "raw"]


@dataclass
class Draft:
    """`exact`: whether what was done leaves the number of data rows beyond doubt. `done`: what was done."""

    name: str
    header: list[str] | None
    rows: list[list[str]]
    above: list[list[str]] = field(default_factory=list)
    form: Form = "text"
    separator: str = ","
    line_end: str = "\n"
    encoding: str = "utf-8"
    blanks: bool = False
    typed: float = 0.0  # share of xlsx cells written as numbers or dates where they can be
    container: Literal["plain", "gz", "zip"] = "plain"
    blank_lines: list[int] = field(default_factory=list)
    exact: bool = True
    raw: bytes = b""
    done: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.header) if self.header is not None else max(map(len, self.rows), default=0)

    def table(self) -> list[list[str]]:
        """All rows from the top."""
        return [*self.above, *([self.header] if self.header is not None else []), *self.rows]

    def file_name(self) -> str:
        """A name with the ending of the form."""
        if self.form == "raw":
            return f"{self.name}.xls"
        ending = {"text": ".csv", "xlsx": ".xlsx", "parquet": ".parquet"}[self.form]
        return f"{self.name}{ending}{ {'plain': '', 'gz': '.gz', 'zip': '.zip'}[self.container] }"

    def content(self, rng: random.Random) -> bytes:
        """The unpacked bytes."""
        if self.form == "raw":
            return self.raw
        if self.form == "xlsx":
            return _workbook(self, rng)
        if self.form == "parquet":
            return _parquet(self)
        return _text(self).encode(self.encoding, "surrogatepass" if "utf" in self.encoding else "replace")

    def packed(self, content: bytes) -> bytes:
        """The bytes in their container."""
        if self.container == "gz":
            return gzip.compress(content, 1, mtime=0)
        if self.container == "zip":
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                name = f"{self.name}.{'xlsx' if self.form == 'xlsx' else 'csv'}"
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
            return out.getvalue()
        return content


def _text(draft: Draft) -> str:
    lines = [_line(draft, row) for row in draft.table()]
    for at in sorted(draft.blank_lines, reverse=True):
        lines.insert(min(at, len(lines)), "")
    return "".join(line + draft.line_end for line in lines)


def _line(draft: Draft, row: list[str]) -> str:
    if draft.blanks:
        return "  ".join(cell or "-" for cell in row)
    special = (draft.separator, '"', "\n", "\r")
    cells = [
        '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in special) else cell for cell in row
    ]
    return draft.separator.join(cells)


def _workbook(draft: Draft, rng: random.Random) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        table = draft.table()
        for at in sorted(draft.blank_lines, reverse=True):
            table.insert(min(at, len(table)), [])
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                if rng.random() < draft.typed and (value := _typed(cell)) is not None:
                    if isinstance(value, datetime):
                        sheet.write_datetime(number, column, value, day)
                    else:
                        sheet.write_number(number, column, value)
                elif cell:
                    sheet.write_string(number, column, cell[:32_000])
    return out.getvalue()


def _typed(cell: str) -> float | datetime | None:
    try:
        return float(cell) if len(cell) < 15 else None
    except ValueError:
        pass
    try:
        value = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return value.replace(tzinfo=None) if 1901 <= value.year <= 9998 else None


def _parquet(draft: Draft) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = draft.header if draft.header is not None else [f"c{at}" for at in range(draft.width)]
    rows = [[*row, *[""] * len(names)][: len(names)] for row in draft.rows]
    cells = [[_decodable(row[at]) for row in rows] for at in range(len(names))]
    table = pa.Table.from_arrays(
        [pa.array(column, pa.string()) for column in cells], [_decodable(n) for n in names]
    )
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    return bytes(out.getvalue())


def _decodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
