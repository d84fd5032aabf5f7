"""The tables: steps, groups, weeks, incidents and for whom they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import isqrt
from typing import Any

from keguan.analyses.funnel.cells import EPOCH, Cells
from keguan.analyses.funnel.columns import (
    GROUP_COLUMNS,
    INCIDENT_COLUMNS,
    STEP_COLUMNS,
    WEEK_COLUMNS,
    WHOM_COLUMNS,
)
from keguan.analyses.funnel.incidents import Incident, Search
from keguan.analyses.funnel.steps import Step
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Table

EVERYBODY = "全部"
MOST_WEEK_ROWS = 5000
SAMPLE = 50_000  # units from which on median times come from a part of them


@dataclass(frozen=True)
class Source:
    """What the tables are made of: the steps, the aggregate with its query, and the widening of each step's scatter."""

    inputs: Inputs
    steps: tuple[Step, ...]
    cells: Cells
    sql: str
    inflation: tuple[float, ...]
    minutes: int

    def table(
        self, id: str, title: Text, columns: Any, key: Sequence[str], rows: Any, method: str, note: Text
    ) -> Table:
        """A table computed from the aggregate."""
        return self.inputs.computed(
            id,
            title,
            columns,
            key,
            rows,
            method=method,
            sql=self.sql,
            note=note,
            session_minutes=self.minutes,
        )


def logged_sql(units: str, steps: Sequence[Step], plain: bool) -> str:
    """Units that logged each step itself: one row. `plain`: each session is a unit."""
    counts = ", ".join(
        f"CAST(sum(CASE WHEN (seen & {step.mask}) <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS n{step.no}"
        for step in steps
    )
    if plain:
        return f"SELECT {counts} FROM event_sessions"
    return f"""
WITH {units}, together AS (
  SELECT m.unit, bit_or(s.seen) AS seen
  FROM members m
  JOIN event_sessions s ON s.session_no = m.session_no
  GROUP BY m.unit
)
SELECT {counts} FROM together
"""


def times_sql(units: str, steps: Sequence[Step], part: int, plain: bool) -> str:
    """Of each step after the first: units that logged it, and the median minutes from their first event to it.

    Of many sessions every `part`-th is looked at. `plain`: each session is a unit.
    """
    listed = ", ".join(str(number) for step in steps[1:] for number in step.numbers)
    step_of = " ".join(
        f"WHEN n.name_no IN ({', '.join(map(str, step.numbers))}) THEN {step.no}" for step in steps[1:]
    )
    begun = f"""chosen AS (
  SELECT session_no, session_no AS unit, CAST(0 AS BIGINT) AS before
  FROM event_sessions
  WHERE first_moment % {part} = 0
)"""
    if not plain:
        begun = f"""{units}, chosen AS (
  SELECT m.session_no, m.unit, (s.first_moment >> 6) - (o.first_moment >> 6) AS before
  FROM members m
  JOIN event_sessions s ON s.session_no = m.session_no
  JOIN event_sessions o ON o.session_no = m.unit
  WHERE o.first_moment % {part} = 0
)"""
    return f"""
WITH {begun}, waits AS (
  SELECT c.unit, CASE {step_of} ELSE 0 END AS step, min(c.before + n.waited) AS waited
  FROM session_names n
  JOIN chosen c ON c.session_no = n.session_no
  WHERE n.name_no IN ({listed})
  GROUP BY c.unit, CASE {step_of} ELSE 0 END
)
SELECT step, count(*) AS timed, median(CAST(waited AS DOUBLE)) / 60000000 AS minutes
FROM waits
GROUP BY step
ORDER BY step
"""


def every(wanted: int) -> int:
    """Which part of the units to look at: 1, or the next prime, which moments of whole seconds have no factor of."""
    if wanted <= 1:
        return 1
    number = max(3, wanted)
    while number == 5 or any(number % divisor == 0 for divisor in range(2, isqrt(number) + 1)):
        number += 1
    return number


def step_table(source: Source, units: str, plain: bool) -> Table:
    """One row a step. `plain`: each session is a unit."""
    query, minutes = source.inputs.query, source.minutes
    part = every(int(source.cells.reached[:, 0].sum()) // SAMPLE)
    times = query(times_sql(units, source.steps, part, plain), session_minutes=minutes).to_pylist()
    found = {row["step"]: row for row in times}
    counts = query(logged_sql(units, source.steps, plain), session_minutes=minutes).to_pylist()[0]
    reached = [int(count) for count in source.cells.reached.sum(axis=0)]
    min_n, rows = source.inputs.settings.min_n, list[dict[str, Any]]()
    for step, count in zip(source.steps, reached, strict=True):
        before = reached[step.no - 2] if step.no > 1 else 0
        ends = wilson(count, before) if before >= min_n else None
        told = found.get(step.no, {})
        logged = int(counts[f"n{step.no}"])
        rows.append(
            {
                "no": step.no, "step": step.label, "units": count,
                "logged": logged if step.no > 1 else None,
                "share": count / reached[0] if reached[0] >= min_n else None,
                "rate": count / before if ends else None,
                "low": ends.low if ends else None, "high": ends.high if ends else None,
                "lost": before - count if step.no > 1 else None,
                "minutes": told.get("minutes") if told.get("timed", 0) >= min_n else None,
            }
        )  # fmt: skip
    return source.table(
        "steps", Text("漏斗各步", "Steps of the funnel"), STEP_COLUMNS, ("no",), rows, "evidence.statistics.wilson",
        Text(
            "记录了后面的步骤，即算到达前面的步骤：没有加购记录的购买也是购买",
            "who logged a later step has reached the earlier ones: a purchase without a logged cart is a purchase",
        ),
    )  # fmt: skip


def _rate_row(hits: int, trials: int, min_n: int) -> dict[str, Any]:
    ends = wilson(hits, trials) if trials >= min_n else None
    return {
        "units": trials, "went_on": hits, "rate": hits / trials if ends else None,
        "low": ends.low if ends else None, "high": ends.high if ends else None,
    }  # fmt: skip


def group_table(source: Source) -> Table:
    """Each step by value of each dimension, against all others, corrected over all of them."""
    cells, min_n = source.cells, source.inputs.settings.min_n
    rows: list[dict[str, Any]] = []
    for place, item in enumerate(cells.dimensions):
        for code, value in enumerate(item.values):
            inside = cells.codes[:, place] == code
            n, total = cells.reached[inside].sum(axis=0), cells.reached.sum(axis=0)
            for step, following in pairwise(source.steps):
                k = step.no
                hits, trials = int(n[k]), int(n[k - 1])
                row = {
                    "no": k, "step": step.label, "next_step": following.label, "dimension": item.name, "value": value,
                    **_rate_row(hits, trials, min_n),
                }  # fmt: skip
                rest = (int(total[k]) - hits, int(total[k - 1]) - trials)
                rows.append(row | _against(hits, trials, *rest, source.inflation[k - 1], min_n))
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
    return source.table(
        "groups", Text("各步转化率，按维度", "Conversion of each step by dimension"), GROUP_COLUMNS,
        ("no", "dimension", "value"), [{k: v for k, v in row.items() if k != "p"} for row in rows],
        "evidence.statistics.two_proportions",
        Text("与同一步其余各组合计相比", "against all other groups of the same step together"),
    )  # fmt: skip


def _against(x1: int, n1: int, x2: int, n2: int, width: float, min_n: int) -> dict[str, Any]:
    """The difference to the rest; sizes are divided by what repeated visitors widen."""
    if min(n1, n2) < min_n:
        return dict.fromkeys(("rest_rate", "difference", "difference_low", "difference_high", "q", "p"))
    small = [round(count / width) for count in (x1, n1, x2, n2)]
    ends = newcombe(*small)
    return {
        "rest_rate": x2 / n2, "difference": x1 / n1 - x2 / n2,
        "difference_low": ends.low if ends else None, "difference_high": ends.high if ends else None,
        "q": None, "p": two_proportions(*small),
    }  # fmt: skip


def week_table(source: Source) -> Table:
    """Each step by week and device."""
    import numpy as np

    cells, min_n = source.cells, source.inputs.settings.min_n
    weeks = cells.days - (cells.days + 3) % 7
    device = next((place for place, item in enumerate(cells.dimensions) if item.name == "device"), None)
    values = [EVERYBODY, *(cells.dimensions[device].values if device is not None else ())]
    rows: list[dict[str, Any]] = []
    for number, value in enumerate(values):
        mine = np.ones(len(weeks), dtype=bool) if number == 0 else cells.codes[:, device or 0] == number - 1
        for week in sorted(set(weeks[mine].tolist())):  # np.unique loads what nothing else needs
            n = cells.reached[mine & (weeks == week)].sum(axis=0)
            for step, following in pairwise(source.steps):
                rows.append(
                    {
                        "no": step.no, "step": step.label, "next_step": following.label, "value": value,
                        "week": EPOCH + timedelta(days=week),
                        **_rate_row(int(n[step.no]), int(n[step.no - 1]), min_n),
                    }
                )  # fmt: skip
    rows.sort(key=lambda row: (row["no"], values.index(row["value"]), row["week"]))
    return source.table(
        "weeks", Text("各步转化率，按周与设备", "Conversion of each step by week and device"), WEEK_COLUMNS,
        ("no", "value", "week"), rows[-MOST_WEEK_ROWS:], "evidence.statistics.wilson",
        Text("首末两周可能不完整", "the first and the last week may be incomplete"),
    )  # fmt: skip


def incident_table(source: Source, found: Search) -> Table:
    """The spells that hold, worse ones first, by size."""
    rows = [_incident_row(source, number, item) for number, item in enumerate(in_order(found), start=1)]
    days = {0: "-", 1: "1", 7: "7", 28: "28"}[found.period_days]
    return source.table(
        "incidents", Text("转化率异于平时的时段", "Spells in which a step went differently"), INCIDENT_COLUMNS,
        ("incident",), rows, "evidence.statistics.spell_scan",
        Text(
            f"在 {found.scans} 个步骤与人群的组合中搜索所有连续时段（每格 {days} 天，至多一半时间），置换检验后经 "
            "Benjamini-Hochberg 校正；已说明的时段去掉后再看其余",
            f"all contiguous spells (periods of {days} days, up to half the time) of {found.scans} combinations of step and "
            "group were searched; permutation test, Benjamini-Hochberg; what a spell explains is taken out before others "
            "are looked at",
        ),
    )  # fmt: skip


def in_order(found: Search) -> list[Incident]:
    """Worse before better, the larger shortfall first."""
    return sorted(
        found.incidents, key=lambda item: (not item.worse, -abs(_shortfall(item)), item.first, item.cell)
    )


def _shortfall(item: Incident) -> float:
    return item.trials_in * item.hits_out / item.trials_out - item.hits_in


def _incident_row(source: Source, number: int, item: Incident) -> dict[str, Any]:
    small = [
        round(c / item.inflation) for c in (item.hits_in, item.trials_in, item.hits_out, item.trials_out)
    ]
    ends = newcombe(*small)
    names = dict(enumerate(item.cell))
    return {
        "incident": number, "step": source.steps[item.step].label, "next_step": source.steps[item.step + 1].label,
        "dimension": names[0][0] if names else EVERYBODY, "value": names[0][1] if names else EVERYBODY,
        "dimension_2": names[1][0] if len(names) > 1 else None, "value_2": names[1][1] if len(names) > 1 else None,
        "first_day": item.first, "last_day": item.last, "units": item.trials_in, "went_on": item.hits_in,
        "rate": item.hits_in / item.trials_in, "usual_units": item.trials_out,
        "usual_rate": item.hits_out / item.trials_out,
        "difference": item.hits_in / item.trials_in - item.hits_out / item.trials_out,
        "low": ends.low if ends else None, "high": ends.high if ends else None,
        "shortfall": abs(round(_shortfall(item))), "change": "worse" if item.worse else "better",
        "strength": item.strength, "q": item.q,
    }  # fmt: skip


def whom_table(source: Source, found: Search) -> Table:
    """Each spell by value of each dimension: whether it was the same for all."""
    rows: list[dict[str, Any]] = []
    min_n = source.inputs.settings.min_n
    for number, item in enumerate(in_order(found), start=1):
        fixed = {name for name, _ in item.cell}
        for dimension in source.cells.dimensions:
            if dimension.name not in fixed:
                rows += [
                    _whom_row(source, number, item, dimension.name, value, min_n)
                    for value in dimension.values
                ]
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
    rows = [{name: value for name, value in row.items() if name != "p"} for row in rows]
    return source.table(
        "incident_groups", Text("异常时段内各人群的转化率", "Those spells by group"), WHOM_COLUMNS,
        ("incident", "dimension", "value"), rows, "evidence.statistics.two_proportions",
        Text("时段内与同组其余时间相比", "the spell against the same group's other days"),
    )  # fmt: skip


def _whom_row(
    source: Source, number: int, item: Incident, name: str, value: str, min_n: int
) -> dict[str, Any]:
    cells = source.cells
    rows = cells.where((*item.cell, (name, value)))
    inside = rows & (cells.days >= (item.first - EPOCH).days) & (cells.days <= (item.last - EPOCH).days)
    n, x = cells.reached[:, item.step], cells.reached[:, item.step + 1]
    trials, hits = int(n[inside].sum()), int(x[inside].sum())
    rest, others = int(n[rows & ~inside].sum()), int(x[rows & ~inside].sum())
    rate = hits / trials if trials >= min_n else None
    usual = others / rest if rest >= min_n else None
    known = rate is not None and usual is not None
    small = [round(count / item.inflation) for count in (hits, trials, others, rest)]
    return {
        "incident": number, "dimension": name, "value": value, "units": trials, "rate": rate, "usual_units": rest,
        "usual_rate": usual, "difference": rate - usual if rate is not None and usual is not None else None, "q": None,
        "p": two_proportions(*small) if known else None,
    }  # fmt: skip
