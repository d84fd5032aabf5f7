"""Which element a cell of a table is, and which part of a sentence is which of its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from keguan.render.docx.names import ROW
from keguan.render.docx.styles import W
from keguan.render.docx.wml import told
from keguan.report.manifest import cell_element, normal, value_element

_BOOKMARK = re.compile(rf"{ROW}(\d+)_(\d+)")


class Rows:
    """Names the rows of one table by their bookmarks.

    A row whose bookmark was lost, as happens when its first cell is typed anew, is the one that is missing
    between its neighbours, if as many rows are missing there as have no name.
    """

    def __init__(self, table: Any, listed: Sequence[Mapping[str, Any]]) -> None:
        self._listed = listed
        rows = list(table.iter(f"{W}tr"))
        marks = [_mark(row) for row in rows]
        self._marks = dict(zip(rows, _filled(marks, listed), strict=True))

    def elements(self, row: Any, cells: int) -> list[str | None]:
        """Element ids of a row's cells, None for a cell that is none."""
        mark = self._marks.get(row)
        if mark is None:
            return []
        entry = self._listed[mark[0]]
        key = str(entry["rows"][mark[1]])
        if "claim" in entry:
            made = value_element(str(entry["claim"]), "cells", key)
            return [made if name else None for name in entry["columns"]]
        ref, place = str(entry["ref"]), str(entry["place"])
        named = [
            cell_element(ref, key, str(name), place) if name is not None else None
            for name in entry["columns"]
        ]
        more = range(len(named), cells)
        return [*named, *(cell_element(ref, key, f"?{place + 1}", entry["place"]) for place in more)]


def _mark(row: Any) -> tuple[int, int] | None:
    for item in row.iter(f"{W}bookmarkStart"):
        found = _BOOKMARK.fullmatch(str(item.get(f"{W}name")))
        if found:
            return int(found[1]), int(found[2])
    return None


def _filled(
    marks: list[tuple[int, int] | None], listed: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int] | None]:
    marks = [mark if mark is not None and _is_listed(mark, listed) else None for mark in marks]
    known = [(place, mark) for place, mark in enumerate(marks) if mark is not None]
    if not known:
        return marks
    out = list(marks)
    first, (table, row) = known[0][0], known[0][1]
    for step in range(1, min(row, first) + 1):  # rows above the first that is known; the rest are the head
        out[first - step] = (table, row - step)
    for (place, mark), (next_place, next_mark) in pairwise(known):
        if mark[0] == next_mark[0] and next_mark[1] - mark[1] == next_place - place:
            for step in range(1, next_place - place):
                out[place + step] = (mark[0], mark[1] + step)
    last, (table, row) = known[-1]
    left = len(listed[table]["rows"]) - 1 - row
    if left == len(marks) - 1 - last:
        for step in range(1, left + 1):
            out[last + step] = (table, row + step)
    return out


def _is_listed(mark: tuple[int, int], listed: Sequence[Mapping[str, Any]]) -> bool:
    return mark[0] < len(listed) and mark[1] < len(listed[mark[0]]["rows"])


Parts = Sequence[Sequence[str | None]]


def values_of(tag: str, parts: Parts, text: str) -> Iterator[tuple[str, str]]:
    """Element ids and texts of a sentence's figures: what stands between its fixed words.

    Where the fixed words were changed too no figure can be told; the sentence is named then.
    """
    claim, _, place = tag.removeprefix("claim:").partition("@")
    for name, shown in _figures(parts, text) or ():
        yield value_element(claim, place, name), shown


def line_of(parts: Parts, text: str) -> Iterator[tuple[str, str]]:
    """Element ids and texts of the elements in a line; the whole line where its fixed words were changed."""
    found = _figures(parts, text)
    yield from found if found is not None else ((str(id), text) for _, id in parts if id)


def _figures(parts: Parts, text: str) -> list[tuple[str, str]] | None:
    pieces = [(normal(told(str(part))), str(name) if name else None) for part, name in parts]
    if text == normal("".join(told(str(part)) for part, _ in parts)):
        return [(name, shown) for shown, name in pieces if name]
    return _between(pieces, text)


def _between(pieces: Sequence[tuple[str, str | None]], text: str) -> list[tuple[str, str]] | None:
    """What stands between fixed words, found one after the other; None where they were changed."""
    out: list[tuple[str, str]] = []
    waiting, at = "", 0
    for words, name in pieces:
        if name:
            if waiting:
                return None  # two figures beside each other cannot be told apart
            waiting = name
            continue
        if not words:
            continue
        start = text.find(words, at)
        if start < 0 or (not waiting and text[at:start].strip()):
            return None
        if waiting:
            out.append((waiting, normal(text[at:start])))
        waiting, at = "", start + len(words)
    rest = normal(text[at:])
    if waiting:
        return [*out, (waiting, rest)]
    return None if rest else out
