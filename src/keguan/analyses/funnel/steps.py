"""The steps of the funnel: given by the user, or proposed from names that the data hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keguan.analyses.funnel.params import Params
from keguan.analysis import Inputs
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text
from keguan.marts.sessions import NAMED
from keguan.marts.step_names import KIND_OF, STEP_NAMES, normal

NAMES_SQL = "SELECT name_no, name, events FROM event_names WHERE name_no <= $named ORDER BY name_no"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its place (1..), the event names that make it, and their numbers."""

    no: int
    names: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def label(self) -> str:
        """How the step reads."""
        return " | ".join(self.names)

    @property
    def mask(self) -> int:
        """The bits of its names in `event_sessions.seen`."""
        return sum(1 << number for number in self.numbers)


@dataclass(frozen=True, slots=True)
class Name:
    """An event name with its number and how often it occurs."""

    number: int
    name: str
    events: int


def known_names(inputs: Inputs) -> list[Name]:
    """The event names that can be steps."""
    rows = inputs.query(NAMES_SQL, named=NAMED).to_pylist()
    return [Name(int(r["name_no"]), r["name"], int(r["events"])) for r in rows]


def funnel_steps(inputs: Inputs, params: Params) -> tuple[tuple[Step, ...], bool]:
    """The steps, and whether they were proposed. Fewer than two: there is no funnel in these names.

    UsageError for a name that is not in the data or stands twice.
    """
    names = known_names(inputs)
    if params.steps.strip():
        return _given(params.steps, names), False
    return _proposed(names), True


def _proposed(names: Sequence[Name]) -> tuple[Step, ...]:
    """One step for each usual kind that occurs: its names make the step together."""
    steps: list[Step] = []
    for kind in STEP_NAMES:
        found = [name for name in names if KIND_OF.get(normal(name.name)) == kind]
        if found:
            steps.append(Step(len(steps) + 1, tuple(n.name for n in found), tuple(n.number for n in found)))
    return tuple(steps)


def _given(text: str, names: Sequence[Name]) -> tuple[Step, ...]:
    numbers = {name.name: name.number for name in names}
    steps: list[Step] = []
    taken: set[str] = set()
    for no, part in enumerate((p for p in text.replace("，", ",").split(",") if p.strip()), start=1):
        wanted = tuple(item.strip() for item in part.split("|") if item.strip())
        for name in wanted:
            if name not in numbers or name in taken:
                raise _wrong(name, name in taken, list(numbers))
            taken.add(name)
        steps.append(Step(no, wanted, tuple(numbers[name] for name in wanted)))
    return tuple(steps)


def _wrong(name: str, twice: bool, known: Sequence[str]) -> UsageError:
    listed = ", ".join(known)
    return UsageError(
        Text("步骤中的事件名出现两次", "A step names an event twice")
        if twice
        else Text("数据里没有这个事件名", "The data hold no event of this name"),
        Where(setting="steps"),
        found=name,
        allowed=Text(listed, listed),
        do=Text('例如 --param steps="view,cart,purchase"', 'for example --param steps="view,cart,purchase"'),
    )
