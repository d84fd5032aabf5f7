"""Tables in a page. Each row carries its key, so that every cell can be named when it was edited; the cells of
its key are its header, which a screen reader says before each figure."""

from __future__ import annotations

import re

from keguan.render.markup import esc, many, tag
from keguan.report.document import Row, TableBlock, TableColumn

# With more columns the type is smaller and headers break; on paper smaller still, then across a turned page.
WIDE, WIDER, TURNED = 6, 10, 15
LONG = 12  # letters of a text that needs room, lest its row grow tall
# A day or month, or two of them: never broken at a hyphen.
PERIOD = re.compile(r"\d{4}-\d\d(-\d\d)?( – (\d{4}-)?\d\d(-\d\d)?)?")


def table(block: TableBlock, place: str) -> str:
    """The printed rows of a table, in a frame that scrolls sideways on narrow screens."""
    head = tag("thead", tag("tr", many(_header(column) for column in block.columns)))
    body = tag("tbody", many(_row(row, block) for row in block.page))
    names = " ".join(column.name for column in block.columns)
    caption = tag("caption", esc(block.title), class_="unseen")
    marks = {"data_table": block.ref, "data_place": place, "data_columns": names}
    inside = tag("table", caption + head + body, **marks, class_=_kinds(block))
    return tag(
        "div", inside, class_=f"scroll{_width(block)}", tabindex="0", role="region", aria_label=block.title
    )


def _width(block: TableBlock) -> str:
    steps = {"wide": WIDE, "wider": WIDER, "turned": TURNED}
    return many(f" {name}" for name, most in steps.items() if len(block.columns) > most)


def _header(column: TableColumn) -> str:
    unit = tag("small", esc(column.unit_word)) if column.unit_word else ""
    return tag("th", esc(column.label) + unit, scope="col", title=column.note)


def _row(row: Row, block: TableBlock) -> str:
    cells = (_cell(column, shown, block) for column, shown in zip(block.columns, row.shown, strict=True))
    return tag("tr", many(cells), data_row=row.key)


def _cell(column: TableColumn, shown: str, block: TableBlock) -> str:
    negative = "neg" if shown.startswith("-") and _kind(column) else None
    if column.name in block.key:
        return tag("th", esc(shown), scope="row", class_=negative)
    return tag("td", esc(shown), class_=negative)


def _kind(column: TableColumn) -> str:
    if column.role in {"low", "high"}:
        return "e"
    if column.unit in {"date", "datetime", "month"}:
        return "w"
    return "n" if column.numeric else ""


def _kinds(block: TableBlock) -> str | None:
    """Kinds of columns with their places, such as `n2 e3`: said once, not in every cell."""
    kinds = (
        (_kind(column) or _kind_of_text([row.shown[place - 1] for row in block.page]), place)
        for place, column in enumerate(block.columns, 1)
    )
    return " ".join(f"{kind}{place}" for kind, place in kinds if kind) or None


def _kind_of_text(shown: list[str]) -> str:
    told = [text for text in shown if text]
    if told and all(PERIOD.fullmatch(text) for text in told):
        return "w"
    return "t" if any(len(text) > LONG for text in told) else ""


def rules(most: int) -> str:
    """The style of the kinds of columns, for tables of up to `most` columns; no stronger than one class."""

    def columns(kind: str, under: str = "") -> str:
        return ",".join(f":where(.{kind}{n}{under} tr)>:nth-child({n})" for n in range(1, most + 1))

    if not most:
        return ""
    figures = f"{columns('n')},{columns('e')}{{text-align:right;white-space:nowrap}}"
    dates = f"{columns('w')}{{white-space:nowrap}}"
    texts = f"{columns('t', ' tbody')}{{min-width:8em}}"
    return f"{figures}{dates}{texts}{columns('e', ' tbody')}{{color:var(--muted)}}"
