"""Tables on a sheet: header, all rows as typed cells, totals as formulas, and what stands below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from keguan.core.text import Scalar
from keguan.render.theme import PRINT
from keguan.render.xlsx.book import Place, cell_text
from keguan.render.xlsx.measure import column_width, height, lines
from keguan.render.xlsx.numbers import typed
from keguan.render.xlsx.page import FIRST, Page
from keguan.report.document import Row, TableBlock, TableColumn

LEAST_PX, MOST_PX = 62, 250
SIZE = PRINT["table"]
TOTALS = {"合计", "总计", "total"}
ADDED_UNITS = {"count", "money"}  # units whose figures may be added up
INDENT = 9  # pixels
SAMPLED = 400  # rows that a column's width is measured from


@dataclass(frozen=True, slots=True)
class Sum:
    """A total as a formula: the cells it adds, relative to the body of the table."""

    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """How the cells of one column are written: `room` are the pixels that a text has."""

    look: str
    numeric: bool
    room: float


def header(column: TableColumn, *, chinese: bool) -> str:
    """A column's name with its unit."""
    if not column.unit_word:
        return column.label
    return f"{column.label}\n（{column.unit_word}）" if chinese else f"{column.label}\n({column.unit_word})"


def column_widths(tables: Sequence[TableBlock], *, chinese: bool) -> list[float]:
    """Widths that suit all tables of a sheet."""
    count = max((len(table.columns) for table in tables), default=0)
    out = [0.0] * count
    for table in tables:
        for place, column in enumerate(table.columns):
            texts = (row.shown[place] for row in table.rows[:SAMPLED])
            found = column_width(texts, header(column, chinese=chinese), SIZE, LEAST_PX, MOST_PX)
            out[place] = max(out[place], found)
    return out


def sums(table: TableBlock) -> dict[tuple[int, int], Sum]:
    """Cells that are plain sums by their own words: of the rows above in a row, of columns in a column, that are
    called a total, where adding up gives exactly the figure."""
    found: dict[tuple[int, int], Sum] = {}
    last = len(table.rows) - 1
    if last >= 2 and _total_row(table):
        for place, column in enumerate(table.columns):
            values = [row.values[place] for row in table.rows]
            if column.unit in ADDED_UNITS and _adds_up(values[:-1], values[-1]):
                found[last, place] = Sum((0, place), (last - 1, place))
    return found


def _total_row(table: TableBlock) -> bool:
    last = table.rows[-1]
    return any(
        shown.strip().casefold() in TOTALS
        for shown, column in zip(last.shown, table.columns, strict=True)
        if column.name in table.key or column.unit in ("label", "text")
    )


def _adds_up(parts: Sequence[Scalar], total: Scalar) -> bool:
    known = [part for part in parts if part is not None]
    if len(known) < 2 or not all(_number(part) for part in [*known, total]):
        return False
    return sum(Decimal(str(part)) for part in known) == Decimal(str(total))


def _number(value: Scalar) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def write_table(page: Page, table: TableBlock, place: str, *, fold: bool) -> Place:
    """The table from the next row on, its body named; `fold` hides the rows that the page would not print.
    Returns the cell of its first header."""
    book, sheet = page.book, page.sheet
    chinese = book.document.language == "zh"
    at = page.place()
    heads = [header(column, chinese=chinese) for column in table.columns]
    for column, head in enumerate(heads):
        look = f"head{side(column, number=table.columns[column].numeric)}"
        book.text(sheet, page.row, FIRST + column, head, look)
    most = max(
        (lines(head, SIZE, page.widths[place], bold=True) for place, head in enumerate(heads)), default=1
    )
    page.tall(page.row, height(most, SIZE))
    page.row += 1
    totals = sums(table)
    first = page.place()
    cells = [
        Cell(
            f"cell{side(place, number=column.numeric)}",
            column.numeric,
            page.widths[place] - (INDENT if place else 0),
        )
        for place, column in enumerate(table.columns)
    ]
    for number in range(len(table.rows)):
        _row(page, cells, table.rows[number], number, totals, hidden=fold and number >= table.printed)
    if fold:
        page.unfolds = page.row
    if table.rows and table.columns:
        last = Place(page.name, page.row - 1, FIRST + len(table.columns) - 1)
        names = [column.name for column in table.columns]
        book.mark_table(first, last, table.ref, place, names, [row.key for row in table.rows])
        page.texts.append(f"{_a1(first)}:{_a1(last)}")
    return at


def side(column: int, *, number: bool) -> str:
    """How a column's cells are set: figures to the right, texts beside them with a gap."""
    return ".number" if number else ".after" if column else ""


def _a1(place: Place) -> str:
    return place.reference.rpartition("!")[2]


def _row(
    page: Page,
    cells: Sequence[Cell],
    row: Row,
    number: int,
    totals: dict[tuple[int, int], Sum],
    *,
    hidden: bool,
) -> None:
    total = ".total" if any(at == number for at, _ in totals) else ""
    most = 1
    for column, (cell, value, shown) in enumerate(zip(cells, row.values, row.shown, strict=True)):
        found = totals.get((number, column))
        if found is not None:
            _formula(page, number, column, value, shown, found)
        else:
            page.book.figure(page.sheet, page.row, FIRST + column, value, shown, cell.look + total)
        if not cell.numeric:
            most = max(most, lines(cell_text(shown), SIZE, cell.room))
    page.tall(page.row, height(most, SIZE), level=1 if hidden else 0, hidden=hidden)
    page.row += 1


def _formula(page: Page, number: int, column: int, value: Scalar, shown: str, found: Sum) -> None:
    """A total that adds up what stands in the sheet, written with its value."""
    from xlsxwriter.utility import xl_range

    cell, top = typed(value, shown), page.row - number
    look = "cell.number.total"
    if cell is None:
        page.book.text(page.sheet, page.row, FIRST + column, shown, look)
        return
    area = xl_range(top + found.first[0], FIRST + found.first[1], top + found.last[0], FIRST + found.last[1])
    form = page.book.styles.of(look, cell.format, negative=shown.startswith("-"))
    page.sheet.write_formula(page.row, FIRST + column, f"=SUM({area})", form, cell.value)


def below(page: Page, table: TableBlock, *, folded: bool) -> None:
    """Notes, definitions of columns, how many rows are folded, and the source."""
    book = page.book
    notes = [table.note] if table.note else []
    notes += [f"{column.label}{book.colon}{column.note}" for column in table.columns if column.note]
    for note in notes:
        page.text(note, "below")
    if folded:
        page.text(book.word("folded_rows", shown=f"{table.printed:,}", total=f"{len(table.rows):,}"), "below")
    source = f"{book.word('source')}{book.colon}{table.ref}"
    query = book.places.get(f"query:{table.ref}")
    if query is None:
        page.line(source, "source")
        return
    book.link(page.sheet, page.row, FIRST, query, source, "source")
    page.tall(page.row, SIZE * 1.7)
    page.row += 1
