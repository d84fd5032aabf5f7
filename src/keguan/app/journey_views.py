"""Views of events: names, sessions, steps, ways and transitions, read from the kept tables where they fit and
computed from the events elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

from keguan.core.text import Scalar
from keguan.engine.literals import bound, named
from keguan.engine.protocol import Engine
from keguan.marts import sessions
from keguan.marts.stored_sessions import FITS, SESSION_MINUTES, STORED

# Each names those before it: name -> SQL that computes it, and columns.
JOURNEYS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "event_names": (sessions.EVENT_NAMES, sessions.EVENT_NAMES_COLUMNS),
    "event_sessions": (sessions.EVENT_SESSIONS, sessions.EVENT_SESSIONS_COLUMNS),
    "session_steps": (sessions.SESSION_STEPS, sessions.SESSION_STEPS_COLUMNS),
    "session_names": (sessions.SESSION_NAMES, sessions.SESSION_NAMES_COLUMNS),
    "session_ways": (sessions.SESSION_WAYS, sessions.SESSION_WAYS_COLUMNS),
    "event_transitions": (sessions.EVENT_TRANSITIONS, sessions.EVENT_TRANSITIONS_COLUMNS),
}
COMPUTED: Mapping[str, str] = {name: sql for name, (sql, _) in JOURNEYS.items()}
KEPT: Mapping[str, str] = {**COMPUTED, **STORED}


def journeys_named(sql: str, texts: Mapping[str, str] = COMPUTED) -> tuple[str, ...]:
    """Views of events that a query needs, in the order in which they are made."""
    wanted = {name for name in texts if re.search(rf"\b{name}\b", sql)}
    for name in reversed(tuple(texts)):
        if name in wanted:
            wanted |= {other for other in texts if re.search(rf"\b{other}\b", texts[name])}
    return tuple(name for name in texts if name in wanted)


def journey_parameters(sql: str) -> frozenset[str]:
    """Names of the parameters that the views of events of a query have."""
    return frozenset[str]().union(*(named(COMPUTED[name]) for name in journeys_named(sql)))


class JourneyViews:
    """The views of events of one engine as they stand."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._made: dict[str, str] = {}  # view -> its SQL
        self._made_from: dict[str, tuple[str, ...]] = {}  # view -> its SQL and that of the views it reads
        self._kept: bool | None = None  # whether the kept tables tell of the events as they are seen

    def forget(self) -> None:
        """The events that are seen have changed."""
        self._made, self._made_from, self._kept = {}, {}, None

    def prepare(self, sql: str, params: Mapping[str, Scalar]) -> None:
        """Makes the views that a query names."""
        if not journeys_named(sql):
            return
        texts = KEPT if self._fits(params) else COMPUTED
        for name in journeys_named(sql, texts):
            wanted = bound(texts[name], params)
            read = tuple(bound(texts[other], params) for other in journeys_named(name, texts))
            if read == self._made_from.get(name):
                continue
            if texts[name] is STORED.get(name):
                self._engine.view(name, wanted)
            else:
                self._engine.materialise(name, wanted)
            self._made[name], self._made_from[name] = wanted, read

    def _fits(self, params: Mapping[str, Scalar]) -> bool:
        if params.get("session_minutes", SESSION_MINUTES) != SESSION_MINUTES:
            return False
        if self._kept is None:
            self._kept = bool(self._engine.query(FITS).to_pylist()[0]["fits"])
        return self._kept

    def definitions(self, sql: str) -> dict[str, str]:
        """The SQL of the views that a query names, and of those that these name in turn."""
        made = {name: self._made[name] for name in JOURNEYS if name in self._made}
        return {name: made[name].strip() for name in journeys_named(sql, made)}
