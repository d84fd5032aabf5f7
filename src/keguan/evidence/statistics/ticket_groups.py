"""Groups of tickets: how many, solved or not, how fast, and which group differs from the others.

Times to solution are Kaplan-Meier estimates with tickets not solved censored, so that young open tickets do not
count as slow; a group is compared with all others by the log-rank test (times) and by the share closed without a
solution (Newcombe), each corrected for the number of groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keguan.evidence.statistics.against_rest import Contrast, Share, shares_against_rest
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.interval import Interval
from keguan.evidence.statistics.kaplan_meier import Step, kaplan_meier, survival_at, time_when
from keguan.evidence.statistics.log_rank import LogRank, log_rank
from keguan.evidence.statistics.wilson import wilson

UNTIMED = 0.05
STATES = ("solved", "unsolved", "open", "unknown")


@dataclass
class TicketGroup:
    """Counts of one group; `read_times`: (days, solved then, not solved and observed so long); `untimed`: solved,
    but nobody knows when."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    read_times: list[tuple[float, int, int]] = field(default_factory=list)
    untimed: int = 0
    judged: int = 0
    in_time: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """One row of state, ended, days, tickets, judged, in_time."""
        size = int(row["tickets"])
        self.counts[row["state"]] += size
        self.judged += int(row["judged"])
        self.in_time += int(row["in_time"])
        if row["days"] is not None:
            self.read_times.append(
                (float(row["days"]), size if row["ended"] else 0, 0 if row["ended"] else size)
            )
        elif row["state"] in ("solved", "unsolved"):
            self.untimed += size

    @property
    def n(self) -> int:
        """All tickets."""
        return sum(self.counts.values())

    @property
    def closed(self) -> Share:
        """Closed without a solution, of those closed."""
        return Share(self.counts["unsolved"], self.counts["unsolved"] + self.counts["solved"])

    @property
    def times(self) -> list[tuple[float, int, int]]:
        """The times, or none where more than 5 % of the solved have none: those left would be the slow ones."""
        return self.read_times if self.untimed <= UNTIMED * self.counts["solved"] else []

    @property
    def timed(self) -> int:
        """Tickets whose time is known."""
        return sum(events + censored for _, events, censored in self.times)

    def curve(self) -> tuple[Step, ...]:
        """Share not yet solved by days."""
        return kaplan_meier(self.times)


@dataclass(frozen=True, slots=True)
class Solved:
    """Share solved within some days with its interval, and the days by which half are; None where unknown."""

    within: float | None
    low: float | None
    high: float | None
    median: float | None


def solved_within(group: TicketGroup, days: int, min_n: int) -> Solved:
    """By Kaplan-Meier; all None with fewer than `min_n` timed tickets, the share None when nobody was observed
    that long."""
    if group.timed < min_n:
        return Solved(None, None, None, None)
    steps = group.curve()
    median = time_when(steps, 0.5)
    observed = steps[-1].time >= days or steps[-1].survival == 0
    if not observed:
        return Solved(None, None, None, median)
    held = survival_at(steps, days)
    if held is None:
        return Solved(0.0, 0.0, 0.0, median)
    return Solved(1 - held.survival, 1 - held.high, 1 - held.low, median)


def groups_of(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], TicketGroup]:
    """(dimension, value) -> its tickets."""
    found: dict[tuple[str, str], TicketGroup] = {}
    for row in rows:
        found.setdefault((row["dimension"], row["value"]), TicketGroup()).add(row)
    return found


def speeds(
    groups: Mapping[tuple[str, str], TicketGroup], min_n: int
) -> dict[tuple[str, str], tuple[LogRank, float]]:
    """Log-rank of each group against the others of its dimension, with q; only groups with `min_n` timed tickets
    on both sides."""
    tests: dict[tuple[str, str], LogRank] = {}
    for (dimension, value), group in groups.items():
        rest = [t for (d, v), g in groups.items() if d == dimension and v != value for t in g.times]
        if min(group.timed, sum(e + c for _, e, c in rest)) >= max(min_n, 1):
            test = log_rank(group.times, rest)
            if test is not None:
                tests[dimension, value] = test
    adjusted = benjamini_hochberg([test.p for test in tests.values()])
    return {key: (test, q) for (key, test), q in zip(tests.items(), adjusted, strict=True)}


def group_rows(
    groups: Mapping[tuple[str, str], TicketGroup], dimensions: Sequence[str], days: int, min_n: int
) -> list[dict[str, Any]]:
    """One row a group: by dimension in the order given, then by size and name. Dimensions that know nothing but
    待核实 are left out."""
    unsolved = shares_against_rest({key: group.closed for key, group in groups.items()}, min_n)
    speed = speeds(groups, min_n)
    rows = []
    for dimension in dimensions:
        own = {value: group for (d, value), group in groups.items() if d == dimension}
        if set(own) <= {"待核实"}:
            continue
        total = sum(group.n for group in own.values())
        for value, group in sorted(own.items(), key=lambda item: (-item[1].n, item[0])):
            key = (dimension, value)
            share = wilson(group.n, total) if total >= min_n else None
            rows.append(
                {
                    "dimension": dimension, "value": value, "tickets": group.n,
                    "share": group.n / total if share else None, **group.counts,
                    **_closed(group.closed, unsolved.get(key), min_n), **_speed(group, speed.get(key), days, min_n),
                    **_in_time(group, min_n),
                }
            )  # fmt: skip
    return rows


def _closed(closed: Share, contrast: Contrast | None, min_n: int) -> dict[str, Any]:
    ends: Interval | None = wilson(closed.hits, closed.trials) if closed.trials >= max(min_n, 1) else None
    return {
        "unsolved_share": closed.hits / closed.trials if ends else None,
        "unsolved_difference": contrast.difference if contrast else None,
        "unsolved_low": contrast.low if contrast else None,
        "unsolved_high": contrast.high if contrast else None,
        "unsolved_q": contrast.q if contrast else None,
    }


def _speed(group: TicketGroup, test: tuple[LogRank, float] | None, days: int, min_n: int) -> dict[str, Any]:
    solved = solved_within(group, days, min_n)
    return {
        "within": solved.within, "within_low": solved.low, "within_high": solved.high, "median": solved.median,
        "speed_z": test[0].z if test else None, "speed_q": test[1] if test else None,
    }  # fmt: skip


def _in_time(group: TicketGroup, min_n: int) -> dict[str, Any]:
    known = group.judged >= max(min_n, 1)
    return {"judged": group.judged, "in_time": group.in_time / group.judged if known else None}
