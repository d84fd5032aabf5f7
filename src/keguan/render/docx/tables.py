"""Tables as Word's own: a head that repeats on each page, rows that do not break, rows that can be named."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.render import theme
from keguan.render.docx.names import row_bookmark
from keguan.render.docx.widths import Part, parts
from keguan.render.docx.wml import escaped, run
from keguan.render.docx.word import Word
from keguan.report.document import ClaimEvidence, Row, TableBlock, TableColumn

SIZES = (theme.PRINT["table"], 7.5)
_TOGETHER = 8  # a table of so few rows stays on one page
_ALONE = 3  # no fewer rows stand before or after the end of a page
_POINT = 20  # twips


def table(word: Word, block: TableBlock, place: str, *, small: bool = False) -> str:
    """The printed rows; a table that is too wide stands in parts below each other, each with its key."""
    points = word.width / 25.4 * 72
    sizes = (SIZES[1], SIZES[1]) if small else SIZES
    gap = word.p("Keguan Gap", "")
    return gap.join(
        _part(word, block, place, part, small or part.small) for part in parts(block, points, sizes)
    )


def _part(word: Word, block: TableBlock, place: str, part: Part, small: bool) -> str:
    shown = [block.columns[index] for index in part.columns]
    names = [None if index < part.again else column.name for index, column in enumerate(shown)]
    number = word.names.table(block, place, names)
    widths = [round(width * _POINT) for width in part.widths]
    styles = [_styles(word, column, small) for column in shown]
    count = len(block.page)
    # In the text the last row stays with the line of sources below it.
    free = range(count if count <= _TOGETHER else _ALONE - 1, count - _ALONE)
    head = _head(shown, widths, [style[1] for style in styles])
    rows = "".join(
        _row(
            word,
            row,
            part.columns,
            widths,
            [style[0] for style in styles],
            row_bookmark(number, index),
            keep=index not in free and (place == "body" or index + 1 < count),
        )
        for index, row in enumerate(block.page)
    )
    return framed(word, "Keguan Table", widths, head + rows, block.title, head=True)


def framed(
    word: Word, style: str, widths: Sequence[int], rows: str, title: str = "", *, head: bool = False
) -> str:
    """A table around rows, of which the first is a head or not."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    told = f'<w:tblCaption w:val="{escaped(title)}"/>' if title else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{word.style(style)}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{"0620" if head else "0600"}"'
        f' w:firstRow="{int(head)}" w:lastRow="0" w:firstColumn="0"'
        f' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{told}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _styles(word: Word, column: TableColumn, small: bool) -> tuple[str, str]:
    """Ids of the styles of a column's cells and of its head."""
    size, side = "Small" if small else "Table", " Figure" if column.numeric else ""
    cell = word.style(f"Keguan {size}{side or ' Text'}")
    return cell, word.style(f"Keguan {size} Head{side}")


def _head(columns: Sequence[TableColumn], widths: Sequence[int], styles: Sequence[str]) -> str:
    cells = "".join(
        cell(width, f'<w:pPr><w:pStyle w:val="{style}"/><w:keepNext/></w:pPr>{run(_label(column))}', "bottom")
        for column, width, style in zip(columns, widths, styles, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _label(column: TableColumn) -> str:
    return f"{column.label} ({column.unit_word})" if column.unit_word else column.label


def _row(
    word: Word,
    row: Row,
    places: Sequence[int],
    widths: Sequence[int],
    styles: Sequence[str],
    name: str,
    *,
    keep: bool,
) -> str:
    stay = "<w:keepNext/>" if keep else ""
    cells = []
    for index, (place, width, style) in enumerate(zip(places, widths, styles, strict=True)):
        text = row.shown[place]
        ink = word.style("Keguan Seal") if text.startswith("-") and "Figure" in style else ""
        mark = word.bookmark(name) if index == 0 else ""
        look = f'<w:pPr><w:pStyle w:val="{style}"/>{stay}</w:pPr>'
        cells.append(cell(width, look + mark + run(text, ink)))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def cell(width: int, inside: str, align: str = "", shade: str = "") -> str:
    """A cell with one paragraph, whose properties and runs are given."""
    return boxed(width, f"<w:p>{inside}</w:p>", align, shade)


def boxed(width: int, blocks: str, align: str = "", shade: str = "") -> str:
    """A cell around blocks."""
    look = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    look += f'<w:vAlign w:val="{align}"/>' if align else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{look}</w:tcPr>{blocks}</w:tc>'


def values(word: Word, item: ClaimEvidence) -> str:
    """The figures of a sentence with the cells that they stand in."""
    number = word.names.values(item.claim.id, [value.name for value in item.values])
    widths = [round(word.width / 25.4 * 1440 * share) for share in (0.2, 0.18, 0.62)]
    text, figure = word.style("Keguan Small Text"), word.style("Keguan Small Figure")
    rows = []
    for index, value in enumerate(item.values):
        stay = "<w:keepNext/>" if index + 1 < len(item.values) else ""
        where = run(value.reference)
        if len(value.tables) == 1:
            where = word.link(f"evidence-{value.tables[0]}", value.reference)
        else:
            where += "".join(run("  ") + word.link(f"evidence-{ref}", ref) for ref in value.tables)
        rows.append(
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + cell(
                widths[0],
                f'<w:pPr><w:pStyle w:val="{text}"/>{stay}</w:pPr>'
                + word.bookmark(row_bookmark(number, index))
                + run(value.name),
            )
            + cell(widths[1], f'<w:pPr><w:pStyle w:val="{figure}"/></w:pPr>{run(value.shown)}')
            + cell(widths[2], f'<w:pPr><w:pStyle w:val="{text}"/></w:pPr>{where}')
            + "</w:tr>"
        )
    return framed(word, "Keguan Table", widths, "".join(rows), word.word("reference"))
