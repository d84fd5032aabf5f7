"""SQL of the units of a funnel: one row per session or visitor with its day, dimensions and deepest step."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.analyses.funnel.dimensions import Dimension, segment_join
from keguan.analyses.funnel.params import Params
from keguan.analyses.funnel.steps import Step

DAY = 24 * 60 * 60 * 1_000_000 * 64  # of moments


def units_sql(steps: Sequence[Step], params: Params, used: Sequence[Dimension], segments: str | None) -> str:
    """CTEs ending with `units` (visitor_no, unit, day, level, d0, d1 ...): only units that entered the funnel.

    `members` (session_no, unit) says which sessions belong to a unit.
    """
    values = "".join(f", {item.sql} AS d{i}" for i, item in enumerate(used))
    level = _in_order(steps, params) if params.count == "in_order" else _deepest(steps, params)
    return f"""{_members(steps, params)}, {level}, units AS (
  SELECT s.visitor_no, s.session_no AS unit, s.day, l.level{values}
  FROM levels l
  JOIN event_sessions s ON s.session_no = l.unit
  {segment_join(segments)}
  WHERE l.level >= 1
)"""


def plain_units_sql(steps: Sequence[Step], used: Sequence[Dimension], segments: str | None) -> str:
    """`units` where a session is the unit and its deepest step counts: no grouping is needed."""
    values = "".join(f", {item.sql} AS d{i}" for i, item in enumerate(used))
    return f"""
members AS (
  SELECT session_no, session_no AS unit FROM event_sessions WHERE {_entered(steps)}
), units AS (
  SELECT s.visitor_no, s.session_no AS unit, s.day, {_level(steps)} AS level{values}
  FROM event_sessions s
  {segment_join(segments)}
  WHERE {_entered(steps, "s.")}
)"""


def plain(params: Params) -> bool:
    """Whether each session with a step is a unit of its own, known by its deepest step."""
    return params.unit == "session" and params.count == "deepest"


def all_units_sql(
    steps: Sequence[Step], params: Params, used: Sequence[Dimension], segments: str | None
) -> str:
    """The CTEs for these parameters."""
    if plain(params):
        return plain_units_sql(steps, used, segments)
    return units_sql(steps, params, used, segments)


def _entered(steps: Sequence[Step], prefix: str = "") -> str:
    """A session with an event of any step."""
    return f"({prefix}seen & {sum(step.mask for step in steps)}) <> 0"


def _level(steps: Sequence[Step]) -> str:
    """The deepest step of a session."""
    whens = " ".join(f"WHEN (seen & {step.mask}) <> 0 THEN {step.no}" for step in reversed(steps))
    return f"CASE {whens} ELSE 0 END"


def _members(steps: Sequence[Step], params: Params) -> str:
    """Sessions of a unit: itself, or those of the visitor from the first with a step until the window ends. A
    unit is named by its first session."""
    entered = _entered(steps if params.count == "deepest" else steps[:1])
    if params.unit == "session":
        return f"members AS (SELECT session_no, session_no AS unit FROM event_sessions WHERE {entered})"
    return f"""
entries AS (
  SELECT visitor_no, min(first_moment) AS entry FROM event_sessions WHERE {entered} GROUP BY visitor_no
), inside AS (
  SELECT s.visitor_no, s.session_no,
         row_number() OVER (PARTITION BY s.visitor_no ORDER BY s.session_no) AS place
  FROM event_sessions s
  JOIN entries e ON e.visitor_no = s.visitor_no
  WHERE s.first_moment BETWEEN e.entry AND e.entry + {params.window_days * DAY}
), openers AS (
  SELECT visitor_no, session_no AS unit FROM inside WHERE place = 1
), members AS (
  SELECT i.session_no, o.unit FROM inside i JOIN openers o ON o.visitor_no = i.visitor_no
)"""


def _deepest(steps: Sequence[Step], params: Params) -> str:
    return f"""levels AS (
  SELECT m.unit, max({_level(steps)}) AS level
  FROM members m
  JOIN event_sessions s ON s.session_no = m.session_no
  GROUP BY m.unit
)"""


def _in_order(steps: Sequence[Step], params: Params) -> str:
    """Each step is the first of its kind that is no earlier than the step before it."""
    step_of = " ".join(
        f"WHEN (t.moment & 63) IN ({', '.join(map(str, step.numbers))}) THEN {step.no}" for step in steps
    )
    parts = [
        f"""taken AS (
  SELECT m.unit, t.moment >> 6 AS happened, CASE {step_of} ELSE 0 END AS step
  FROM session_steps t
  JOIN members m ON m.session_no = t.session_no
), reached_1 AS (
  SELECT unit, min(happened) AS happened FROM taken WHERE step = 1 GROUP BY unit
)"""
    ]
    for step in steps[1:]:
        parts.append(
            f"""reached_{step.no} AS (
  SELECT r.unit, min(t.happened) AS happened
  FROM reached_{step.no - 1} r
  JOIN taken t ON t.unit = r.unit AND t.step = {step.no} AND t.happened >= r.happened
  GROUP BY r.unit
)"""
        )
    every = " UNION ALL ".join(f"SELECT unit, {step.no} AS level FROM reached_{step.no}" for step in steps)
    parts.append(f"levels AS (SELECT unit, max(level) AS level FROM ({every}) r GROUP BY unit)")
    return ", ".join(parts)
