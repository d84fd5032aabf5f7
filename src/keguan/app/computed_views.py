"""Views that are computed when a query first names them: customer facts, a window of them, sessions of visitors,
segments at a day.

Their definitions travel with the evidence of the tables that were made from them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from keguan.app.as_of import CUTS, cut_sql
from keguan.app.journey_views import JOURNEYS, JourneyViews, journey_parameters, journeys_named
from keguan.core.text import Scalar
from keguan.engine.literals import bound
from keguan.engine.protocol import Engine
from keguan.marts.customer_facts import COLUMNS as FACT_COLUMNS
from keguan.marts.customer_facts import day_literal, facts_then_sql, facts_today_sql
from keguan.marts.window_facts import COLUMNS as WINDOW_COLUMNS
from keguan.marts.window_facts import WINDOW_FACTS
from keguan.schema.tables import ENTITIES, SQL_TYPES

if TYPE_CHECKING:
    import pyarrow as pa

SEGMENT_COLUMNS = {"account_no": "INTEGER", "label": "VARCHAR", "score": "VARCHAR"}
SEGMENT = re.compile(r"\bsegment_([a-z][a-z0-9_]*?)_(\d{8})\b")
SCORED = re.compile(r"\bscored_[a-z][a-z0-9_]*?_\d{8}_[0-9a-f]{8}\b")
WINDOW = re.compile(r"\bwindow_facts\b")
FACTS = re.compile(r"\bcustomer_facts\b")
DATED = re.compile(rf"\b(?:{'|'.join(CUTS)})\b", re.IGNORECASE)


@cache
def schema_of_views() -> Mapping[str, Mapping[str, str]]:
    """Table -> column -> SQL type of all that analyses may read, segments apart."""
    schema = {
        entity.name: {item.name: SQL_TYPES[item.type] for item in entity.fields}
        for entity in ENTITIES.values()
    }
    made = {name: dict(columns) for name, (_, columns) in JOURNEYS.items()}
    made["event_sessions"] = schema["event_sessions"]  # the kept table has what other views read, too
    return schema | made | {"customer_facts": dict(FACT_COLUMNS), "window_facts": dict(WINDOW_COLUMNS)}


def view_parameters(sql: str) -> frozenset[str]:
    """Names of the parameters that the computed views of a query have."""
    found = journey_parameters(sql)
    return found | {"from_day"} if WINDOW.search(sql) else found


def segment_table(segmentation: str, day: date) -> str:
    """The name of the view that holds a segmentation as of a day."""
    return f"segment_{segmentation}_{day:%Y%m%d}"


def scored_table(id: str, day: date, made_of: str) -> str:
    """The name of the view that holds what a model made as of a day, one for each way to make it."""
    return f"scored_{id}_{day:%Y%m%d}_{hashlib.sha256(made_of.encode()).hexdigest()[:8]}"


def segments_named(sql: str) -> dict[str, tuple[str, date]]:
    """Views of segments in a query: name -> segmentation and day."""
    return {
        found.group(0): (found.group(1), date.fromisoformat(found.group(2)))
        for found in SEGMENT.finditer(sql)
    }


class ComputedViews:
    """The views of one engine. They stand at one day at a time, which `stand_at` moves; segments stay."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._day: date | None = None
        self._cut: dict[str, date] = {}  # dated table -> the day at which it is cut
        self._facts: tuple[date, str] | None = None  # day and SQL of customer_facts as it stands
        self._window: tuple[date, str] | None = None  # the same of window_facts
        self._journeys = JourneyViews(engine)
        self._segments: dict[str, dict[str, str]] = {}  # view -> its SQL and that of the views in it
        self._scored: dict[str, tuple[dict[str, str], dict[str, str]]] = {}  # view -> definitions, columns

    def stand_at(self, day: date) -> None:
        """Moves to a day. A table follows when a query names it: most queries name one or two."""
        if day != self._day:
            self._day = day
            self._journeys.forget()

    def cut(self, tables: Iterable[str]) -> None:
        """Cuts at the day those of the tables that are dated."""
        for table in map(str.lower, tables):
            if table in CUTS and self._day is not None and self._cut.get(table) != self._day:
                self.engine.view(table, cut_sql(table, self._day))
                self._cut[table] = self._day

    def prepare(self, sql: str, params: Mapping[str, Scalar]) -> None:
        """Cuts the dated tables, makes customer_facts, window_facts and views of events where the query names them."""
        self.cut(DATED.findall(sql))
        if journeys_named(sql):
            self.cut(("events",))
            self._journeys.prepare(sql, params)
        if WINDOW.search(sql):
            self._make_facts()
            self._make_window(bound(WINDOW_FACTS, {"from_day": params["from_day"]}))
        elif FACTS.search(sql):
            self._make_facts()

    def _make_window(self, wanted: str) -> None:
        if self._day is not None and self._window != (self._day, wanted):
            self.cut(DATED.findall(wanted))
            self.engine.materialise("window_facts", wanted)
            self._window = self._day, wanted

    def _make_facts(self) -> None:
        """Today's facts are stored; those of an earlier day are computed from what was known then."""
        if self._day is None or self._standing(self._facts) is not None:
            return
        later = f"SELECT 1 AS one FROM all_purchases WHERE day > {day_literal(self._day)} LIMIT 1"
        if len(self.engine.query(later)):
            made = facts_then_sql(self._day)
            self.cut(DATED.findall(made))
            self.engine.materialise("customer_facts", made)
        else:
            made = facts_today_sql(self._day)
            self.engine.view("customer_facts", made)
        self._facts = self._day, made

    def _standing(self, view: tuple[date, str] | None) -> str | None:
        """The SQL of a view, if it stands at the day."""
        return view[1] if view is not None and view[0] == self._day else None

    def keep_segments(self, name: str, sql: Callable[[], str]) -> None:
        """Computes a segmentation once, under the name of its view."""
        if name not in self._segments:
            made = sql()
            self.engine.materialise(name, made)
            inside = {f"{name}.{view}": text for view, text in self.definitions(made).items()}
            self._segments[name] = {name: made.strip(), **inside}

    def keep_scored(
        self,
        name: str,
        sql: str,
        score: Callable[[pa.RecordBatch], pa.RecordBatch],
        columns: Mapping[str, str],
        method: str,
    ) -> None:
        """Puts the rows of a query through a model once, under the name of the view."""
        if name not in self._scored:
            self.engine.map_batches(name, sql, score, columns)
            # views of models have their day and hash in their names; others stand as of the day of this one
            inside = {
                view if SCORED.fullmatch(view) else f"{name}.{view}": text
                for view, text in self.definitions(sql).items()
            }
            self._scored[name] = ({name: f"-- {method}\n{sql.strip()}", **inside}, dict(columns))

    def scored_columns(self, sql: str) -> dict[str, dict[str, str]]:
        """Columns of the views of models that a query names."""
        return {name: self._scored[name][1] for name in SCORED.findall(sql) if name in self._scored}

    def definitions(self, sql: str) -> dict[str, str]:
        """The SQL of every computed view that a query names, and of those that these name in turn.

        A view within a segment is named after both, since it stood at the segment's day.
        """
        found: dict[str, str] = {}
        for name in segments_named(sql):
            found |= self._segments.get(name, {})
        for name in SCORED.findall(sql):
            if name in self._scored:
                found |= self._scored[name][0]
        window = WINDOW.search(sql)
        if window and (made := self._standing(self._window)) is not None:
            found["window_facts"] = made.strip()
        if (window or FACTS.search(sql)) and (made := self._standing(self._facts)) is not None:
            found["customer_facts"] = made.strip()
        found |= self._journeys.definitions(sql)
        return dict(sorted(found.items()))
