"""Which claims say the same, and which disagree."""

from __future__ import annotations

from collections.abc import Iterator

from keguan.report.summary.rank import Candidate
from keguan.result import Cell


def says_the_same(one: Candidate, other: Candidate) -> bool:
    """Whether `other` adds nothing to `one`: its topic, its subject moving the same way, or its money is in it."""
    if one.topic == other.topic:
        return True
    a, b = one.claim.change, other.claim.change
    if a is not None and b is not None and (a.subject, a.way) == (b.subject, b.way):
        return True
    return contains(one, other)


def disagree(one: Candidate, other: Candidate) -> bool:
    """Whether both speak of one subject and it moves two ways."""
    a, b = one.claim.change, other.claim.change
    return a is not None and b is not None and a.subject == b.subject and a.way != b.way


def contains(one: Candidate, other: Candidate) -> bool:
    """Whether every money figure of `other` stands in `one` already: a part of a sum that is told whole."""
    if one.result.analysis != other.result.analysis:
        return False
    told, again = set(_money_cells(one)), set(_money_cells(other))
    return bool(again) and again <= told


def _money_cells(candidate: Candidate) -> Iterator[tuple[str, str, str]]:
    for value in candidate.claim.values.values():
        for cell in (value,) if isinstance(value, Cell) else (value.a, value.b):
            if candidate.result.unit(cell)[0] == "money":
                yield cell.table, str(sorted(cell.key.items())), cell.column
