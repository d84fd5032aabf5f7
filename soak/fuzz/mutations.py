"""What is done to a table before it is a file: cells, columns, rows, the header, and the form it will have."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from soak.fuzz.cells import HEADERS, JUNK, NUMBERS, poison
from soak.fuzz.draft import Draft

Mutation = Callable[[Draft, random.Random], None]


def _column(draft: Draft, rng: random.Random) -> int:
    return rng.randrange(draft.width) if draft.width else 0


def _put(draft: Draft, row: int, column: int, cell: str) -> None:
    cells = draft.rows[row]
    if column < len(cells):
        cells[column] = cell


def some_cells(draft: Draft, rng: random.Random) -> None:
    """A few cells anywhere."""
    for _ in range(rng.choice((1, 3, 10, 40))):
        if draft.rows:
            _put(draft, rng.randrange(len(draft.rows)), _column(draft, rng), poison(rng))


def whole_column(draft: Draft, rng: random.Random) -> None:
    """One column of junk, all the same or all different."""
    column, same = _column(draft, rng), rng.random() < 0.5
    cell = poison(rng)
    for row in range(len(draft.rows)):
        _put(draft, row, column, cell if same else poison(rng))


def mixed_types(draft: Draft, rng: random.Random) -> None:
    """A share of one column's cells are of another type."""
    column, share, pool = _column(draft, rng), rng.choice((0.02, 0.3, 0.7)), rng.choice((JUNK, NUMBERS))
    for row in range(len(draft.rows)):
        if rng.random() < share:
            _put(draft, row, column, rng.choice(pool))


DATE_FORMS = (
    "%Y-%m-%d", "%Y/%m/%d %H:%M", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%m/%d/%y", "%Y%m%d", "%Y年%m月%d日", "%d %b %Y",
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S+08:00", "%b %d, %Y", "epoch", "epoch_ms", "excel", "%Y-%m-%d %H", "%I:%M %p",
)  # fmt: skip


def other_dates(draft: Draft, rng: random.Random) -> None:
    """A column written as dates of one form, or of two."""
    column, start = _column(draft, rng), datetime(2023, 1, 1) + timedelta(days=rng.randrange(-9000, 9000))
    forms = rng.sample(DATE_FORMS, rng.choice((1, 1, 2)))
    for row in range(len(draft.rows)):
        when = start + timedelta(minutes=rng.randrange(600_000))
        _put(draft, row, column, _written(when, rng.choice(forms)))


def _written(when: datetime, form: str) -> str:
    seconds = int((when - datetime(1970, 1, 1)).total_seconds())
    if form == "epoch":
        return str(seconds)
    if form == "epoch_ms":
        return str(seconds * 1000)
    if form == "excel":
        return str((when - datetime(1899, 12, 30)).days)
    return when.strftime(form)


def columns_moved(draft: Draft, rng: random.Random) -> None:
    """Columns shuffled, with their headers."""
    order = list(range(draft.width))
    rng.shuffle(order)
    for cells in [*draft.rows, *([draft.header] if draft.header else [])]:
        cells[:] = [cells[at] for at in order if at < len(cells)]


def headers_moved(draft: Draft, rng: random.Random) -> None:
    """Headers shuffled over the same cells."""
    if draft.header:
        rng.shuffle(draft.header)


def column_dropped(draft: Draft, rng: random.Random) -> None:
    """A column less."""
    if draft.width > 1:
        column = _column(draft, rng)
        for cells in [*draft.rows, *([draft.header] if draft.header else [])]:
            del cells[column : column + 1]


def column_doubled(draft: Draft, rng: random.Random) -> None:
    """A column twice."""
    column = _column(draft, rng)
    for cells in [*draft.rows, *([draft.header] if draft.header else [])]:
        cells.append(cells[column] if column < len(cells) else "")


def header_renamed(draft: Draft, rng: random.Random) -> None:
    """Headers replaced: strange ones, repeated ones, blank ones."""
    if draft.header:
        for _ in range(rng.choice((1, 2, 5))):
            other = rng.choice(draft.header) if rng.random() < 0.3 else rng.choice(HEADERS)
            draft.header[_column(draft, rng)] = other


def header_removed(draft: Draft, rng: random.Random) -> None:
    """No header."""
    draft.exact = draft.exact and "header_doubled" not in draft.done
    draft.header = None


def header_doubled(draft: Draft, rng: random.Random) -> None:
    """The header once more among the rows."""
    if draft.header:
        draft.rows.insert(rng.choice((0, rng.randrange(len(draft.rows) + 1))), list(draft.header))


def titles_above(draft: Draft, rng: random.Random) -> None:
    """Title lines and blank ones above the header."""
    titles = ("订单导出", "2024 年 3 月", "制表: 张三", "", "Sales report", "a,b", "2024-03-08", "x" * 300)
    draft.above = [[rng.choice(titles)] for _ in range(rng.choice((1, 2, 3, 8)))]
    draft.exact = draft.exact and draft.header is not None


def rows_doubled(draft: Draft, rng: random.Random) -> None:
    """Some rows twice."""
    for _ in range(rng.choice((1, 5, 30))):
        if draft.rows:
            draft.rows.insert(rng.randrange(len(draft.rows) + 1), list(rng.choice(draft.rows)))


def rows_shuffled(draft: Draft, rng: random.Random) -> None:
    """Rows in another order."""
    rng.shuffle(draft.rows)


def few_rows(draft: Draft, rng: random.Random) -> None:
    """Nearly nothing left: 0 to 3 rows."""
    del draft.rows[rng.randrange(4) :]


def total_row(draft: Draft, rng: random.Random) -> None:
    """A total at the end, or in between."""
    cells = [""] * draft.width
    if cells:
        cells[rng.choice((0, 0, len(cells) // 2))] = rng.choice(
            ("合计", "总计", "Total", "小计:", "Grand Total")
        )
        cells[-1] = "12345.67"
        draft.rows.insert(rng.choice((len(draft.rows), rng.randrange(len(draft.rows) + 1))), cells)


def ragged(draft: Draft, rng: random.Random) -> None:
    """Rows with cells too many or too few."""
    for _ in range(rng.choice((1, 4, 30))):
        if draft.rows:
            cells = rng.choice(draft.rows)
            if rng.random() < 0.5:
                cells.extend(poison(rng) for _ in range(rng.choice((1, 2, 9))))
            else:
                del cells[rng.randrange(len(cells) + 1) :]


def blank_lines(draft: Draft, rng: random.Random) -> None:
    """Blank lines between the rows."""
    draft.blank_lines = [rng.randrange(len(draft.table()) + 2) for _ in range(rng.choice((1, 3, 20)))]


def one_customer(draft: Draft, rng: random.Random) -> None:
    """A column in which every cell is the same as in the first row."""
    if draft.rows:
        column = _column(draft, rng)
        cell = draft.rows[0][column] if column < len(draft.rows[0]) else ""
        for row in range(len(draft.rows)):
            _put(draft, row, column, cell)


def emptied_column(draft: Draft, rng: random.Random) -> None:
    """A column without a single value, or with guests alone."""
    column, cell = _column(draft, rng), rng.choice(("", "", "散客", "NULL", " "))
    for row in range(len(draft.rows)):
        _put(draft, row, column, cell)


def decorated_numbers(draft: Draft, rng: random.Random) -> None:
    """Numbers of a column with signs, separators, units or as floats."""
    column = _column(draft, rng)
    form = rng.choice(
        (
            "¥{}",
            "{}元",
            "{}.0",
            "${}",
            "({})",
            "{}万",
            "{}%",
            "-{}",
            "{}e3",
            '="{}"',
            "'{}",
            "{},00",
            "00{}",
            "{}-",
        )
    )
    for row in range(len(draft.rows)):
        if column < len(draft.rows[row]) and draft.rows[row][column]:
            _put(draft, row, column, form.format(draft.rows[row][column]))


def other_separator(draft: Draft, rng: random.Random) -> None:
    """Another separator or other line ends."""
    draft.separator = rng.choice((";", "\t", "|", ",", ":", "^", "~"))
    draft.line_end = rng.choice(("\n", "\r\n", "\r"))


def other_encoding(draft: Draft, rng: random.Random) -> None:
    """Another character set."""
    draft.encoding = rng.choice(
        (
            "gb18030",
            "utf-8-sig",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "big5",
            "latin-1",
            "cp1252",
            "shift_jis",
            "utf-32",
        )
    )
    draft.exact = draft.exact and draft.encoding in ("gb18030", "utf-8-sig", "utf-16")


def as_workbook(draft: Draft, rng: random.Random) -> None:
    """An Excel file, its cells as text, typed, or both."""
    draft.form, draft.typed = "xlsx", rng.choice((0.0, 0.5, 1.0))
    draft.line_end = "\n"


def as_parquet(draft: Draft, rng: random.Random) -> None:
    """A Parquet file."""
    draft.form, draft.container = "parquet", "plain"


def packed(draft: Draft, rng: random.Random) -> None:
    """In an archive."""
    draft.container = rng.choice(("gz", "zip"))


MUTATIONS: dict[Mutation, int] = {
    some_cells: 10, whole_column: 4, mixed_types: 5, other_dates: 5, columns_moved: 2, headers_moved: 2, column_dropped: 3,
    column_doubled: 2, header_renamed: 4, header_removed: 2, header_doubled: 2, titles_above: 2, rows_doubled: 2,
    rows_shuffled: 1, few_rows: 2, total_row: 2, ragged: 4, blank_lines: 2, one_customer: 2, emptied_column: 3,
    decorated_numbers: 4, other_separator: 3, other_encoding: 3, as_workbook: 4, as_parquet: 1, packed: 2,
}  # fmt: skip


def mutate(draft: Draft, rng: random.Random) -> None:
    """One to five mutations, one after the other."""
    for mutation in rng.choices(list(MUTATIONS), list(MUTATIONS.values()), k=rng.choice((1, 1, 2, 2, 3, 5))):
        mutation(draft, rng)
        draft.done.append(mutation.__name__)
