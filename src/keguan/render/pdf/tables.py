"""Tables as the page sets them: widths measured, small type for many columns, and side by side in bands when
even that is too wide; each band repeats the key columns."""

from __future__ import annotations

from typing import Any

from keguan.render import theme
from keguan.render.pdf.letters import CELL_WORD, breakable, printed
from keguan.render.pdf.letters import cell as cell_text
from keguan.render.pdf.measure import INSET, Column, column, fit, on_one_line
from keguan.render.pdf.sheet import Sheet
from keguan.report.document import TableBlock, TableColumn
from keguan.report.manifest import cell_element

Node = dict[str, Any]
POINTS = 72 / 25.4
ROOM = (theme.PAGE_MM[0] - theme.MARGINS_MM[1] - theme.MARGINS_MM[3]) * POINTS
SIZES = {"body": (theme.PRINT["table"], 8.0, 7.5, 7.0), "evidence": (7.5, 7.0, 6.5)}
BAND_SIZE = {"body": 8.0, "evidence": 7.0}
LOOSE = {"body": 0.42, "evidence": 0.26}  # em above and below a line
CAPITALS = 0.733  # em: the height of a line, from its base to the top of its capitals

FEW = 3  # columns of a table that does not stretch over the page
KEYS_SHARE = 0.6  # of the page's width for the key columns that each band repeats


def bands(block: TableBlock, place: str, sheet: Sheet) -> list[Node]:
    """The printed rows of a table as one or more bands of columns."""
    wishes = [_wish(number, block) for number in range(len(block.columns))]
    for size in SIZES[place]:
        widths = fit(wishes, _room(wishes, size), size)
        if widths is not None:
            return [_band(block, place, list(range(len(wishes))), 0, widths, size, sheet)]
    return _split(block, place, wishes, sheet)


def _room(wishes: list[Column], size: float) -> float:
    if len(wishes) > FEW:
        return ROOM
    return min(ROOM, max(ROOM / 2, 1.4 * sum(wish.best * size + 2 * INSET for wish in wishes)))


def _wish(number: int, block: TableBlock) -> Column:
    head = block.columns[number]
    cells = [cell_text(row.shown[number]) for row in block.page]
    return column(printed(head.label), printed(head.unit_word), cells, breaks=_breaks(head))


def _breaks(head: TableColumn) -> bool:
    return not head.numeric and head.unit not in {"date", "datetime", "month"}


def _split(block: TableBlock, place: str, wishes: list[Column], sheet: Sheet) -> list[Node]:
    size = BAND_SIZE[place]
    keys = [number for number, head in enumerate(block.columns) if head.name in block.key]
    if fit([wishes[number] for number in keys], ROOM * KEYS_SHARE, size) is None:
        keys = keys[:1]
    rest = [number for number in range(len(wishes)) if number not in keys]
    greedy = _groups(keys, rest, wishes, size, len(rest))
    even = _groups(keys, rest, wishes, size, -(-len(rest) // len(greedy)))
    out: list[Node] = []
    for group in even if len(even) == len(greedy) else greedy:
        chosen = keys + group
        widths = fit([wishes[one] for one in chosen], ROOM, size) or _even(chosen)
        out.append(_band(block, place, chosen, len(keys) if out else 0, widths, size, sheet))
    return out


def _groups(
    keys: list[int], rest: list[int], wishes: list[Column], size: float, most: int
) -> list[list[int]]:
    """Columns that fit beside the key columns, at most `most` together."""
    out: list[list[int]] = []
    for number in rest:
        group = [*out[-1], number] if out else [number]
        if out and len(group) <= most and fit([wishes[one] for one in keys + group], ROOM, size):
            out[-1] = group
        else:
            out.append([number])
    return out


def _even(chosen: list[int]) -> tuple[float, ...]:
    """Columns that fit nowhere share the page: their texts break where they must."""
    return tuple(round(ROOM / len(chosen), 2) for _ in chosen)


def _band(
    block: TableBlock,
    place: str,
    chosen: list[int],
    repeated: int,
    widths: tuple[float, ...],
    size: float,
    sheet: Sheet,
) -> Node:
    """One band: the first `repeated` of its columns stood in the band before. Rows whose height is known need not
    be set twice, which halves the work; those of several lines say 0."""
    heads = [block.columns[number] for number in chosen]
    head = [[sheet.plain(one.label), sheet.plain(one.unit_word) if one.unit_word else ""] for one in heads]
    rows: list[str] = []
    heights = []
    inset = round(size * LOOSE[place], 3)
    for row in block.page:
        texts = [cell_text(row.shown[number]) for number in chosen]
        flat = all(on_one_line(text, wide, size) for text, wide in zip(texts, widths, strict=True))
        heights.append(round(size * CAPITALS + 2 * inset, 2) if flat else 0)
        for at, (number, text) in enumerate(zip(chosen, texts, strict=True)):
            if at < repeated:
                rows.append(breakable(sheet.plain(text), CELL_WORD))
            else:
                element = cell_element(block.ref, row.key, block.columns[number].name, place)
                rows.append(breakable(sheet.marked(element, row.shown[number], text), CELL_WORD))
    return {
        "widths": widths,
        "size": size,
        "inset": inset,
        "rows": heights,
        "figures": [one.numeric for one in heads],
        "ends": [one.role in {"low", "high"} for one in heads],
        "head": head,
        "cells": rows,
    }
