"""How the numbers of events read in paths."""

from __future__ import annotations

from keguan.marts.event_goals import EventNames
from keguan.marts.sessions import OTHER_NAME

START, END, OTHER = "(开始)", "(结束)", "其他"


def name_of(names: EventNames, number: int) -> str:
    """The name of a number; names beyond the first ones are one."""
    return OTHER if number >= OTHER_NAME else names.by_number[number]


def path_of(names: EventNames, code: int, length: int, longer: bool) -> str:
    """A path from its packed numbers, six bits a step."""
    steps = [(code >> 6 * place) & 63 for place in range(length)]
    told = " → ".join(name_of(names, step) for step in steps if step)
    return f"{told} → …" if longer else told
