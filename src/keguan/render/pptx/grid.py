"""A table on a slide: native, its first row a header, its cells named for verifying."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.render import theme
from keguan.render.pptx import base, fit
from keguan.render.pptx.bound import Bound
from keguan.render.pptx.canvas import Canvas
from keguan.render.pptx.fit import Part
from keguan.render.pptx.ink import EMU, fill
from keguan.render.pptx.measure import INCH, Para, Piece
from keguan.report.document import TableBlock, TableColumn

URI = "http://schemas.openxmlformats.org/drawingml/2006/table"


def draw(canvas: Canvas, part: Part, top: float) -> float:
    """Draws the table; returns where it ends, in inches of the report's own part."""
    table, wide, high = part.table, part.widths, part.heights
    columns = [table.columns[place] for place in part.columns]
    spot = (base.LEFT, top, sum(wide) / INCH, sum(high) / INCH)
    across, down = canvas.room.put((0, 0, 1, 1))[2:]
    inside = "".join(f'<a:gridCol w="{round(item / INCH * across * EMU)}"/>' for item in wide)
    rows = _row(canvas, part, high[0] * down, [(column, _head(column), True) for column in columns])
    for row, height in zip(part.rows, high[1:], strict=True):
        cells = [
            (column, row.shown[place], False) for column, place in zip(columns, part.columns, strict=True)
        ]
        rows += _row(canvas, part, height * down, cells)
    bound = Bound(tuple(column.name for column in columns), tuple(row.key for row in part.rows))
    xml = f'<a:tbl><a:tblPr firstRow="1"/><a:tblGrid>{inside}</a:tblGrid>{rows}</a:tbl>'
    canvas.graphic(f"table:{table.ref}@body", spot, URI, xml, (_told(table, part), bound))
    return top + spot[3]


def _told(table: TableBlock, part: Part) -> str:
    labels = ", ".join(table.columns[place].label for place in part.columns)
    return f"{table.title}: {labels}"


def _head(column: TableColumn) -> str:
    return f"{column.label} ({column.unit_word})" if column.unit_word else column.label


def _row(canvas: Canvas, part: Part, height: float, cells: Sequence[tuple[TableColumn, str, bool]]) -> str:
    inside = "".join(_cell(canvas, part, *cell) for cell in cells)
    return f'<a:tr h="{round(height / INCH * EMU)}">{inside}</a:tr>'


def _cell(canvas: Canvas, part: Part, column: TableColumn, text: str, head: bool) -> str:
    negative = column.numeric and text.startswith("-") and not head
    colour = theme.MUTED if head else theme.SEAL if negative else theme.TEXT
    size = part.size * canvas.room.scale
    para = Para((Piece(text, size, colour, head),), align="r" if column.numeric else "l")
    side = round(fit.CELL / 2 * EMU)
    rule = theme.RULE if head else theme.LINE
    none = "".join(f'<a:{edge} w="0"><a:noFill/></a:{edge}>' for edge in ("lnL", "lnR", "lnT"))
    width = 12700 if head else 9525
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{canvas.ink.paras([para])}</a:txBody>"
        f'<a:tcPr marL="{side}" marR="{side}" marT="31750" marB="31750" anchor="{"b" if head else "ctr"}">'
        f'{none}<a:lnB w="{width}">{fill(rule)}</a:lnB><a:noFill/></a:tcPr></a:tc>'
    )
