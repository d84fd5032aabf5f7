"""Where a table starts: lines of title above it, a header or none, and the names of its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from keguan.core.text import Text
from keguan.sources.shape import Setting

Form = Literal["empty", "number", "date", "code", "text"]
Rows = Sequence[Sequence[str]]

NUMBER = re.compile(r"[+-]?[¥￥$€£]?\s?[+-]?\d[\d,.'\s]*(e[+-]?\d+)?\s?[%元]?", re.IGNORECASE)
DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?([ T].*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([ T].*)?"
    r"|\d{1,2}:\d{2}(:\d{2})?"
)
TITLES = 30
ROW_COLUMN = "source_row"  # the name that loading gives to the row number


@dataclass(frozen=True, slots=True)
class Heading:
    """skip_rows: rows above the header. received: the header's texts, () without header."""

    skip_rows: int
    header: bool
    columns: tuple[str, ...]
    received: tuple[str, ...]
    reason: Text
    sure: bool

    def settings(self) -> tuple[Setting, ...]:
        """As settings shown to a person; rows above the header only where there are any."""
        header = Setting(
            "header", "true" if self.header else "false", self.reason, self.sure, "--header/--no-header"
        )
        if not self.skip_rows:
            return (header,)
        above = Text("表头之前的标题行或空行不是数据", "rows of title or blanks above the table are no data")
        return header, Setting("skip_rows", str(self.skip_rows), above, True, "--header/--no-header")


def read_heading(rows: Rows, header: bool | None, least_width: int = 0) -> Heading:
    """The heading of a table whose first rows are `rows`; `header` where the user says so.

    least_width: columns that are known to exist, whatever the first rows fill.
    """
    skip = _titles(rows)
    table = [cells for cells in rows[skip:] if cells]
    first = list(table[0]) if table else []
    width = max(len(first), _usual_width(table), least_width)
    if header is None:
        has, reason, sure = _judge(first, table[1:])
    else:
        has, reason, sure = header, Text("由你指定", "set by you"), True
    if not has:  # then only a lone cell unlike its column is a title: the first rows may be short, and are no less data
        skip = next((at for at, cells in enumerate(rows[:skip]) if _is_data(cells, table)), skip)
    received = (*first, *[""] * (width - len(first))) if has else ()
    return Heading(skip, has, names(received or [""] * width), tuple(received), reason, sure)


def _titles(rows: Rows) -> int:
    """Rows above the first one that is about as full as the table is wide."""
    width = _filled_width([cells for cells in rows if cells])
    for at, cells in enumerate(rows[: TITLES + 1]):
        filled = sum(map(_filled, cells))
        if filled and filled * 2 > width:
            return at
    return next((at for at, cells in enumerate(rows) if cells), 0)


def _is_data(cells: Sequence[str], below: Rows) -> bool:
    """Whether a row above the first full one is a row like those below: several cells, or one written as its column's."""
    filled = [at for at, cell in enumerate(cells) if _filled(cell)]
    if len(filled) != 1:
        return bool(filled)
    (at,) = filled
    return any(_mask(row[at]) == _mask(cells[at]) for row in below if at < len(row))


def _mask(cell: str) -> str:
    """What a cell is written like: A0125 and B7 alike."""
    return re.sub("[A-Za-z]+", "a", re.sub(r"\d+", "0", cell.strip()))


def _filled(cell: str) -> bool:
    return bool(cell.strip())


def _filled_width(table: Rows) -> int:
    """The usual width; of few rows that all reach to different columns, none of which is usual, the middle one.

    A sheet is as wide as its widest row: one stray row of many cells must not make titles of all others.
    """
    reach = sorted(
        max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0) for cells in table
    )
    if len(set(reach)) < len(reach) or not reach:
        return _usual_width(table)
    return reach[len(reach) // 2]


def _usual_width(table: Rows) -> int:
    """The most frequent number of cells; the larger of two that are equally frequent."""
    counts = Counter(len(cells) for cells in table)
    return max(counts, key=lambda width: (counts[width], width)) if counts else 0


def form(cell: str) -> Form:
    """What a cell looks like: only to tell a header from data, no meaning."""
    text = cell.strip()
    if not text:
        return "empty"
    if DATE.fullmatch(text):
        return "date"
    if NUMBER.fullmatch(text):
        return "number"
    return "code" if any(character.isdigit() for character in text) else "text"


def _judge(first: Sequence[str], following: Rows) -> tuple[bool, Text, bool]:
    """Header or not, by comparing the first row with those below, column by column."""
    forms = [form(cell) for cell in first]
    if not following:
        has = not {"number", "date"} & set(forms)
        return has, Text("只有一行，按内容判断", "there is only one row, judged by its content"), False
    unlike, alike = 0, 0
    for column, own in enumerate(forms):
        usual = _usual_form(column, following)
        if own == "text" and usual in ("number", "date", "code"):
            unlike += 1
        elif own in ("number", "date") and own == usual:
            alike += 1
    if unlike or alike:
        return _by_forms(unlike, alike, "text" in forms)
    return _by_repetition(first, following)


def _usual_form(column: int, rows: Rows) -> Form:
    """The form of most filled cells of a column; 'text' when they are mixed."""
    forms = Counter(form(cells[column]) for cells in rows[:300] if column < len(cells))
    del forms["empty"]
    if not forms:
        return "empty"
    usual, times = forms.most_common(1)[0]
    return usual if times >= 0.6 * forms.total() else "text"


def _by_forms(unlike: int, alike: int, words: bool) -> tuple[bool, Text, bool]:
    if unlike >= alike:
        reason = Text(
            f"第一行是文字，下面的行有 {unlike} 列是数字、日期或编号",
            f"the first row is text where {unlike} columns below hold numbers, dates or codes",
        )
        return True, reason, alike == 0
    reason = Text(
        f"第一行与下面的行一样，有 {alike} 列是数字或日期",
        f"the first row is like those below: {alike} columns hold numbers or dates",
    )
    return False, reason, unlike == 0 and not words


def _by_repetition(first: Sequence[str], following: Rows) -> tuple[bool, Text, bool]:
    """All is text: a header's words do not come again below it."""
    again = sum(
        bool(cell.strip()) and any(column < len(cells) and cells[column] == cell for cells in following)
        for column, cell in enumerate(first)
    )
    if again:
        reason = Text("第一行的内容在下面重复出现", "what the first row holds comes again below")
        return False, reason, False
    return (
        True,
        Text("第一行的内容在下面没有出现", "what the first row holds does not come again below"),
        False,
    )


def names(received: Sequence[str]) -> tuple[str, ...]:
    """Clean names: no marks or line breaks, empty ones column_3, repeated ones with a suffix.

    Unique without regard to case, because column names of the engine are.
    """
    taken = {ROW_COLUMN}
    result = []
    for number, text in enumerate(received, start=1):
        name = base = clean(text) or f"column_{number}"
        suffix = 2
        while name.casefold() in taken:
            name, suffix = f"{base}_{suffix}", suffix + 1
        taken.add(name.casefold())
        result.append(name)
    return tuple(result)


def clean(text: str) -> str:
    """A header without marks, surrounding blanks and line breaks."""
    text = re.sub("[\ufeff\u200b\u0000]", "", text)
    text = re.sub(r"(?<=[A-Za-z0-9])\s*[\r\n]+\s*(?=[A-Za-z0-9])", " ", text)
    return re.sub(r"\s*[\r\n]+\s*", "", text).strip()
