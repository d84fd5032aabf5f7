"""How well the columns of a file tell a kind of record."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.mapping.assign import Assignment


@dataclass(frozen=True, slots=True)
class Likeness:
    """The columns as one kind of record. `beyond`: columns that tell it beyond what is enough."""

    assignment: Assignment
    beyond: int
