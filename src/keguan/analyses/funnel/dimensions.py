"""By what a unit can be told apart: device, source, the customer's segment, and properties with few values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from keguan.analysis import Inputs
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.schema.vocabulary import UNKNOWN

FEWEST, MOST = 2, 12  # values of a dimension
CELLS = 500  # combinations of values, at most
SAMPLE = 500  # texts of properties looked at for their names

PROPERTIES_SQL = """
SELECT properties FROM event_sessions WHERE properties IS NOT NULL ORDER BY first_moment, visitor_id, session_key LIMIT $sample
"""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A name, the SQL of its value over `event_sessions s` (and `g`, the segments), and the column that it is read from."""

    name: str
    sql: str
    column: str
    values: tuple[str, ...] = ()


def dimensions(
    inputs: Inputs, wanted: str, minutes: int, segments: str | None
) -> tuple[tuple[Dimension, ...], tuple[str, ...]]:
    """The dimensions used, and names of those left out because their values are too many to cross.

    UsageError for a wanted one that does not exist.
    """
    offered = _offered(inputs, minutes, segments)
    asked = [name.strip() for name in wanted.replace("，", ",").split(",") if name.strip()]
    if unknown := [name for name in asked if name not in {item.name for item in offered}]:
        raise _unknown(unknown[0], [item.name for item in offered])
    counted = _counted(
        inputs, [item for item in offered if not asked or item.name in asked], minutes, segments
    )
    used: list[Dimension] = []
    left: list[str] = []
    size = 1
    for item in counted:
        if not FEWEST <= len(item.values) <= MOST:
            if len(item.values) > MOST:
                left.append(item.name)
            continue
        if size * len(item.values) > CELLS:
            left.append(item.name)
            continue
        size *= len(item.values)
        used.append(item)
    return tuple(used), tuple(left)


def segment_join(segments: str | None) -> str:
    """The join that brings in the segments, where there are any."""
    return f"LEFT JOIN {segments} g ON g.account_no = s.account_no" if segments else ""


def _offered(inputs: Inputs, minutes: int, segments: str | None) -> list[Dimension]:
    found = [
        Dimension(name, f"coalesce(s.{name}, '{UNKNOWN}')", name)
        for name in ("device", "traffic_source")
        if inputs.has_values("events", name)
    ]
    if segments:
        found.append(Dimension("segment", f"coalesce(g.label, '{UNKNOWN}')", "account_no"))
    return found + [
        Dimension(key, property_sql(key), "properties") for key in _property_names(inputs, minutes)
    ]


def _property_names(inputs: Inputs, minutes: int) -> list[str]:
    """Names of properties that hold plain values, sorted."""
    rows = inputs.query(PROPERTIES_SQL, sample=SAMPLE, session_minutes=minutes).to_pylist()
    names: set[str] = set()
    for row in rows:
        try:
            found = json.loads(row["properties"])
        except ValueError:
            continue
        if isinstance(found, dict):
            names |= {key for key, value in found.items() if isinstance(value, (str, int, float, bool))}
    return sorted(name for name in names if name not in ("device", "traffic_source", "segment"))


def property_sql(key: str) -> str:
    """SQL of the value of a property, read from the JSON text of the session."""
    head = quoted(json.dumps(key, ensure_ascii=False) + ":")
    rest = f"split_part(replace(s.properties, '\": ', '\":'), {head}, 2)"
    value = (
        f"CASE WHEN starts_with({rest}, '\"') THEN split_part({rest}, '\"', 2) "
        f"ELSE split_part(split_part({rest}, ',', 1), '}}', 1) END"
    )
    return f"coalesce(nullif(trim({value}), ''), '{UNKNOWN}')"


def _counted(
    inputs: Inputs, offered: Sequence[Dimension], minutes: int, segments: str | None
) -> list[Dimension]:
    """Each with its values, sorted; those with more than MOST have MOST + 1 of them."""
    out = []
    for item in offered:
        sql = f"""
        SELECT DISTINCT {item.sql} AS value
        FROM (SELECT DISTINCT {item.column} FROM event_sessions) s
        {segment_join(segments) if item.column == "account_no" else ""}
        ORDER BY value LIMIT {MOST + 1}
        """
        rows = inputs.query(sql, session_minutes=minutes).to_pylist()
        out.append(Dimension(item.name, item.sql, item.column, tuple(row["value"] for row in rows)))
    return out


def _unknown(name: str, known: Sequence[str]) -> UsageError:
    listed = ", ".join(known) or "-"
    return UsageError(
        Text("没有这个维度", "There is no such dimension"),
        Where(setting="dimensions"),
        found=name,
        allowed=Text(listed, listed),
        do=Text("不给这个参数则自动选择", "leave it out to have them found"),
    )
