"""Records of a text file, one after the other, with their row numbers, whatever is broken between them.

The engine's own reader takes well-formed files; this one takes the others. A record that cannot be taken
is handed to `reject` with its row and what was received; reading goes on with the next line. Rows are
counted as a person with a spreadsheet counts them: a record with line breaks inside a cell is one row, a
blank line is a row too.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from keguan.core.text import Text
from keguan.sources.heading import form

Reject = Callable[[int, str, Text], None]
Row = tuple[int, list[str]]

NO_SEPARATOR = "\x1f"  # stands for 'one column': a control character that no text holds
BLANK = " \t\r\n\f\x1a\x00\ufeff\u3000"
LONGEST_CELL = 1 << 20  # an open quote must not swallow the rest of a large file
MOST_LINES = 50  # of one cell in a table of one column, where no width tells a stray quote
BROKEN = Text("引号不成对，无法分清单元格", "quotes are not closed, the cells cannot be told apart")


class LineFeed:
    """Lines for `csv.reader`, remembering those taken for the record under way so that they can go back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> LineFeed:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.taken.append(line)
        return line

    def give_back(self, lines: Sequence[str]) -> None:
        """Those lines are read again, first of all."""
        self._returned.extendleft(reversed(lines))


def delimited(
    lines: Iterable[str], separator: str, width: int | None, reject: Reject, *, above: int = 0
) -> Iterator[Row]:
    """Rows of `width` or fewer cells (any number when None); rows with more are rejected.

    The first `above` rows may have any number: what stands above the table is not as wide as it, and where the
    table starts was counted so.
    """
    csv.field_size_limit(LONGEST_CELL)
    feed = LineFeed(lines)
    reader = csv.reader(feed, delimiter=separator, strict=True)
    row = 0
    while True:
        feed.taken.clear()
        try:
            cells: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        row += 1
        wanted = width if row > above else None
        if cells is not None and len(feed.taken) == 1 and (len(cells) == wanted or wanted is None):
            yield row, cells
        else:
            yield from _doubtful(feed, cells, separator, wanted, row, reject)


def _doubtful(
    feed: LineFeed, cells: list[str] | None, separator: str, width: int | None, row: int, reject: Reject
) -> Iterator[Row]:
    """A record that broke, spans lines or has another number of cells."""
    raw = "".join(feed.taken)
    if not raw.strip(BLANK):
        yield row, []
    elif cells is not None and not _swallowed(feed.taken, cells, separator, width):
        yield from _fitted(row, cells, width, raw, reject)
    elif cells is None and _fits(repaired := _repaired(raw, separator), width):
        yield row, repaired or []
    elif cells is None and (pieces := _pieces(feed.taken[0], separator, width)):
        feed.give_back([*pieces[1:], *feed.taken[1:]])
        yield row, next(csv.reader([pieces[0]], delimiter=separator))
    else:
        feed.give_back(feed.taken[1:])
        repaired = _repaired(feed.taken[0], separator)
        if _fits(repaired, width):
            yield row, repaired or []
        else:
            reject(row, feed.taken[0].rstrip("\r\n"), BROKEN)


def _pieces(line: str, separator: str, width: int | None) -> list[str]:
    """The records of a line that carriage returns alone set apart, each as wide as the table; none otherwise."""
    pieces = [piece for piece in re.split("\r+\n?", line) if piece.strip(BLANK)]
    widths = {width_of(piece, separator) for piece in pieces}
    fitting = widths == {width} if width is not None else len(widths) == 1 and 0 not in widths
    return pieces if fitting else []


def _fits(cells: list[str] | None, width: int | None) -> bool:
    return cells is not None and (width is None or len(cells) == width)


def _swallowed(taken: Sequence[str], cells: Sequence[str], separator: str, width: int | None) -> bool:
    """Whether a stray quote joined what were records of their own."""
    if width is None:
        return False
    if width == 1:
        return len(taken) > 1 and (not cells[0].splitlines()[0].strip() or len(taken) > MOST_LINES)
    if len(taken) == 1:
        return len(cells) != width and '"' in taken[0] and _fits(_repaired(taken[0], separator), width)
    if len(cells) != width:
        return any(_like_a_record(line, cells[0], separator, width) for line in taken[1:])
    return records_inside(taken[1:-1], cells[0], separator, width)


def _like_a_record(line: str, key: str, separator: str, width: int) -> bool:
    """Whether a line has the table's width and, where keys have a form, a key of that form, else closes the quotes
    that it opens: the tail of a cell with a break in it may have as many cells by chance."""
    own = form(key)
    if width_of(line, separator) != width:
        return False
    if own in ("number", "code", "date"):
        return form(line.split(separator)[0]) == own
    return line.count('"') % 2 == 0


def records_inside(lines: Sequence[str], key: str, separator: str, width: int) -> bool:
    """Whether the lines inside a cell are records: all as wide as the table, each with a key like `key`.

    Valid by the letter, but two stray quotes some lines apart look just like that.
    """
    own = form(key)
    return (
        bool(lines)
        and width > 2
        and own in ("number", "code", "date")
        and all(_like_a_record(line, key, separator, width) for line in lines)
    )


def width_of(line: str, separator: str) -> int:
    """Cells of a line; 0 where its quotes are not closed."""
    try:
        return len(next(csv.reader([line], delimiter=separator, strict=True), []))
    except csv.Error:
        return 0


def _repaired(line: str, separator: str) -> list[str] | None:
    """The cells of a line with blanks around its quoted cells, which the standard does not allow."""
    mark = re.escape(separator)
    tidy = re.sub(rf'"[ \t]+(?={mark}|$)', '"', line.rstrip("\r\n"))
    tidy = re.sub(rf'(^|{mark})[ \t]+(?=")', r"\1", tidy)
    if tidy == line.rstrip("\r\n"):
        return None
    try:
        return next(csv.reader([tidy], delimiter=separator, strict=True), None)
    except csv.Error:
        return None


def _fitted(row: int, cells: list[str], width: int | None, raw: str, reject: Reject) -> Iterator[Row]:
    """The row if it has no more cells than columns; empty cells too many hold nothing and are left out."""
    if width is None or len(cells) <= width:
        yield row, cells
    elif not any(cells[width:]):
        yield row, cells[:width]
    else:
        reject(row, raw.rstrip("\r\n"), too_many(len(cells), width))


def too_many(found: int, width: int) -> Text:
    """Why a row with more cells than columns is not taken."""
    return Text(
        f"这一行有 {found} 个单元格，而表只有 {width} 列",
        f"the row has {found} cells, the table has {width} columns",
    )


def padded_note(rows: int) -> Text:
    """What is said of rows with fewer cells than columns."""
    return Text(
        f"{rows} 行的单元格少于列数，缺少的按空值处理",
        f"{rows} rows have fewer cells than columns; the rest is empty",
    )


def blank_separated(lines: Iterable[str], width: int | None, reject: Reject) -> Iterator[Row]:
    """Rows of text whose columns are set apart by runs of blanks."""
    for row, line in enumerate(lines, start=1):
        yield from _fitted(row, line.strip("\x1a").split(), width, line, reject)


def positioned(lines: Iterable[str], starts: Sequence[int]) -> Iterator[Row]:
    """Rows of fixed-width text; `starts` are display cells, in which a Chinese character takes two."""
    for row, line in enumerate(lines, start=1):
        body = line.rstrip("\r\n\x1a")
        yield row, _sliced(body, starts) if body.strip() else []


def _sliced(line: str, starts: Sequence[int]) -> list[str]:
    cells = [""] * len(starts)
    column, at = 0, 0
    for character in line:
        while column + 1 < len(starts) and at >= starts[column + 1]:
            column += 1
        cells[column] += character
        at += display_width(character)
    return [cell.strip() for cell in cells]


def display_width(character: str) -> int:
    """Display cells of a character: 2 for full-width ones, 1 for others."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
