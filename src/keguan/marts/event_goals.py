"""Names of events by number, and those that are a conversion: given, or proposed from usual names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keguan.analysis import Inputs
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text
from keguan.marts.sessions import NAMED
from keguan.marts.step_names import KIND_OF, normal
from keguan.result import Note

NAMES_SQL = "SELECT name_no, name FROM event_names WHERE name_no <= $named ORDER BY name_no"


@dataclass(frozen=True)
class EventNames:
    """Number -> name, and the names of the goal."""

    by_number: Mapping[int, str]
    goal: tuple[str, ...]
    proposed: bool

    def mask(self, *wanted: str) -> int:
        """The bits of some names in `event_sessions.seen`."""
        return sum(1 << number for number, name in self.by_number.items() if name in wanted)

    @property
    def goal_mask(self) -> int:
        """The bits of the goal; 0 without a goal."""
        return self.mask(*self.goal)

    def of_kind(self, *kinds: str) -> tuple[str, ...]:
        """Names of usual kinds of steps."""
        return tuple(name for name in self.by_number.values() if KIND_OF.get(normal(name)) in kinds)


def event_names(inputs: Inputs, goal: str) -> EventNames:
    """The names in the data. UsageError for a goal (names parted by |) that is not among them."""
    rows = inputs.query(NAMES_SQL, named=NAMED).to_pylist()
    names = {int(row["name_no"]): str(row["name"]) for row in rows}
    given = tuple(part.strip() for part in goal.split("|") if part.strip())
    if unknown := [name for name in given if name not in names.values()]:
        listed = ", ".join(names.values())
        raise UsageError(
            Text("数据里没有这个事件名", "The data hold no event of this name"),
            Where(setting="goal"),
            found=unknown[0],
            allowed=Text(listed, listed),
            do=Text("例如 --param goal=purchase", "for example --param goal=purchase"),
        )
    known = EventNames(names, given, not given)
    return known if given else EventNames(names, known.of_kind("purchase"), True)


def goal_notes(names: EventNames) -> list[Note]:
    """Which events count as a conversion, or that none was recognised."""
    if not names.goal:
        return [
            Note(
                Text(
                    "事件名里没有认出购买等转化事件，与转化有关的表不给；可用 goal 参数指定",
                    "No event of a conversion was recognised by its name: tables about conversion are left out; give it "
                    "by the parameter goal",
                ),
                "missing",
            )
        ]
    if not names.proposed:
        return []
    listed = " | ".join(names.goal)
    return [
        Note(
            Text(
                f"转化事件由事件名提出，请确认：{listed}",
                f"Conversion proposed from the names of events, please confirm: {listed}",
            )
        )
    ]
