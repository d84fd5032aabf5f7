"""Tables in a page. Each row carries its key, so that every cell can be named when it was edited; the cells of
its key are its header, which a screen reader says before each figure."""

from __future__ import annotations

from keguan.render.markup import esc, many, tag
from keguan.report.document import Row, TableBlock, TableColumn

# With more columns the type is smaller and headers break; on paper smaller still, then across a turned page.
WIDE, WIDER, TURNED = 6, 10, 15


def table(block: TableBlock, place: str) -> str:
    """The printed rows of a table, in a frame that scrolls sideways on narrow screens."""
    head = tag("thead", tag("tr", many(_header(column) for column in block.columns)))
    body = tag("tbody", many(_row(row, block) for row in block.page))
    names = " ".join(column.name for column in block.columns)
    caption = tag("caption", esc(block.title), class_="unseen")
    inside = tag("table", caption + head + body, data_table=block.ref, data_place=place, data_columns=names)
    return tag(
        "div", inside, class_=f"scroll{_width(block)}", tabindex="0", role="region", aria_label=block.title
    )


def _width(block: TableBlock) -> str:
    steps = {"wide": WIDE, "wider": WIDER, "turned": TURNED}
    return many(f" {name}" for name, most in steps.items() if len(block.columns) > most)


def _header(column: TableColumn) -> str:
    unit = tag("small", esc(column.unit_word)) if column.unit_word else ""
    return tag("th", esc(column.label) + unit, scope="col", class_=_class(column), title=column.note)


def _row(row: Row, block: TableBlock) -> str:
    cells = (_cell(column, shown, block) for column, shown in zip(block.columns, row.shown, strict=True))
    return tag("tr", many(cells), data_row=row.key)


def _cell(column: TableColumn, shown: str, block: TableBlock) -> str:
    if column.name in block.key:
        return tag("th", esc(shown), scope="row", class_=_cell_class(column, shown))
    return tag("td", esc(shown), class_=_cell_class(column, shown))


def _class(column: TableColumn) -> str | None:
    if column.role in {"low", "high"}:
        return "num end"
    if column.unit in {"date", "datetime", "month"}:
        return "when"
    return "num" if column.numeric else None


def _cell_class(column: TableColumn, shown: str) -> str | None:
    found = _class(column)
    if found and shown.startswith("-"):
        return f"{found} neg"
    return found
