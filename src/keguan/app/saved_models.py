"""What models say of days to come is kept, so that a later report can tell how it fared.

A run is kept once; what was said first of the same days stays, later runs stand beside it. The customers that a
forecast is about are streamed from the engine, never collected.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from keguan.app.analyse import Session
from keguan.app.segments import run_id
from keguan.core.errors import WorkspaceError
from keguan.engine.literals import quoted
from keguan.marts.model_inputs import BINNED, places, since
from keguan.result import Forecast, Foresight, Result
from keguan.schema.tables import ENTITIES
from keguan.store.delta import NewFile
from keguan.store.workspace import Change, Store

ARROW = {
    "text": pa.string(), "integer": pa.int32(), "bigint": pa.int64(), "decimal": pa.decimal128(18, 4),
    "date": pa.date32(), "timestamp": pa.timestamp("us"), "boolean": pa.bool_(),
}  # fmt: skip
LOCK_SECONDS = 60.0
MOST = Decimal("99999999999999")  # of a decimal column
FOUR = Decimal("0.0001")
KEPT_RUNS, KEPT_CUSTOMERS = "kept_model_runs", "kept_predicted_customers"  # as they are today, not pinned


@dataclass(frozen=True, slots=True)
class Run:
    """A run to be kept: its number and what the workspace knew when it was made."""

    id: str
    number: int
    result: Result
    said: Foresight
    base_day: date
    made_at: datetime
    known_until: date


def save(store: Store, session: Session, results: Sequence[Result], made_at: datetime | None = None) -> int:
    """Keeps what these results say of days to come, in one commit; gives the runs kept.

    A run with the same model, parameters, data, code and as-of date is kept already.
    """
    asked = [item for item in results if item.foresight and item.foresight.forecasts and item.as_of]
    if not asked:
        return 0
    at = (made_at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    with store.writing(LOCK_SECONDS):
        last, known = _known(session, store)
        fresh = [item for item in asked if run_id(item) not in known]
        runs = [_run(item, last + place, at, session) for place, item in enumerate(fresh, start=1)]
        if runs:
            _write(store, session, runs)
    return len(runs)


def save_quietly(store: Store, session: Session, results: Sequence[Result]) -> WorkspaceError | None:
    """The same where nothing depends on it: what stands in its way is given, not raised."""
    try:
        save(store, session, results)
    except WorkspaceError as error:
        return error
    return None


def _known(session: Session, store: Store) -> tuple[int, set[str]]:
    session.engine.register(ENTITIES["model_runs"], store.files("model_runs"), name=KEPT_RUNS)
    rows = session.engine.query(f"SELECT run_id, run_no FROM {KEPT_RUNS}").to_pylist()
    return max((row["run_no"] for row in rows), default=0), {row["run_id"] for row in rows}


def _run(result: Result, number: int, at: datetime, session: Session) -> Run:
    assert result.foresight is not None
    assert result.as_of is not None
    until = max(session.period[1], result.as_of) if session.period else result.as_of
    return Run(run_id(result), number, result, result.foresight, result.as_of, at, until)


def _write(store: Store, session: Session, runs: Sequence[Run]) -> None:
    """The rows of all runs, committed together."""
    rows = {
        "model_runs": [_run_row(run) for run in runs],
        "predictions": [_prediction(run, item) for run in runs for item in run.said.forecasts],
        "model_inputs": [row for run in runs for row in _inputs(session, run)],
    }
    changes = [Change(table, _file(store, table, listed)) for table, listed in rows.items() if listed]
    if kept := _customers(store, session, runs):
        changes.append(Change("predicted_customers", (kept,)))
    store.commit(changes)


def _file(store: Store, table: str, rows: Sequence[dict[str, Any]]) -> tuple[NewFile, ...]:
    schema = _schema(table)
    path = store.new_file(table)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path, compression="zstd")
    return (NewFile(path, len(rows)),)


def _schema(table: str) -> pa.Schema:
    return pa.schema([(item.name, ARROW[item.type]) for item in ENTITIES[table].fields])


def _run_row(run: Run) -> dict[str, Any]:
    result, said, back = run.result, run.said, run.said.backtest
    return {
        "run_id": run.id, "run_no": run.number, "model": result.analysis, "base_day": run.base_day,
        "made_at": run.made_at, "known_until": run.known_until,
        "parameters": _json({name: str(value) for name, value in result.params.items()}),
        "data_versions": _json(dict(result.versions)), "code_version": result.code, "learner": said.method,
        "modelled": said.modelled, "measure": back.measure if back else None,
        "measured": _decimal(back.model) if back else None, "naive": _decimal(back.baseline) if back else None,
        "beats_naive": back.better if back else None, "inputs_within": said.inputs_within,
    }  # fmt: skip


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _prediction(run: Run, item: Forecast) -> dict[str, Any]:
    return {
        "run_id": run.id, "run_no": run.number, "model": run.result.analysis, "base_day": run.base_day,
        "quantity_name": item.quantity, "part": item.group, "from_day": item.from_day, "due_day": item.due_day,
        "predicted": _decimal(item.predicted), "interval_low": _decimal(item.low),
        "interval_high": _decimal(item.high), "coverage": _decimal(item.coverage),
        "variance": _decimal(item.variance), "baseline_said": _decimal(item.baseline), "about": item.customers,
        "afterwards": afterwards(item, run.known_until),
    }  # fmt: skip


def afterwards(item: Forecast, known_until: date) -> bool:
    """Whether the data told of half the days or more when it was said: no forecast that could have failed."""
    days = (item.due_day - item.from_day).days + 1
    return 2 * ((known_until - item.from_day).days + 1) >= days


def _decimal(value: float | None) -> Decimal | None:
    """A number as a decimal column keeps it; None for what is none or does not fit."""
    if value is None:
        return None
    number = Decimal(str(value))
    return number.quantize(FOUR) if number.is_finite() and abs(number) < MOST else None


def _inputs(session: Session, run: Run) -> list[dict[str, Any]]:
    """The distribution of the model's inputs, in deciles of today."""
    within, kept = run.said.inputs_within, places(run.said.modelled or 0)
    if within is None:
        return []
    asked: dict[str, Any] = {"day": run.base_day, "since": since(run.base_day, within), "places": kept}
    shared = {
        "run_id": run.id, "run_no": run.number, "model": run.result.analysis, "base_day": run.base_day,
        "inputs_within": within, "places": kept,
    }  # fmt: skip
    return [shared | row for row in session.inputs.query(BINNED, **asked).to_pylist()]


def _customers(store: Store, session: Session, runs: Sequence[Run]) -> NewFile | None:
    """Customers with label and score, of runs that are the first to speak of their days."""
    wanted = [run for run in runs if run.said.customers is not None and not _told(session, store, run)]
    if not wanted:
        return None
    schema, rows = _schema("predicted_customers"), 0
    path = store.new_file("predicted_customers")
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for run in wanted:
            relation = run.said.customers
            assert relation is not None
            for batch in session.inputs.stream(_customer_sql(run, relation.sql), **dict(relation.params)):
                writer.write_batch(batch.cast(schema))
                rows += len(batch)
    if not rows:
        with suppress(OSError):
            path.unlink()
        return None
    return NewFile(path, rows)


def _due(run: Run) -> date:
    """When all that a run says of its customers can be judged."""
    return max(item.due_day for item in run.said.forecasts)


def _told(session: Session, store: Store, run: Run) -> bool:
    name = "predicted_customers"
    session.engine.register(ENTITIES[name], store.files(name), name=KEPT_CUSTOMERS)
    sql = (
        f"SELECT 1 AS one FROM {KEPT_CUSTOMERS} WHERE model = {quoted(run.result.analysis)} "
        f"AND base_day = {_day(run.base_day)} AND due_day = {_day(_due(run))} LIMIT 1"
    )
    return len(session.engine.query(sql)) > 0


def _customer_sql(run: Run, sql: str) -> str:
    return (
        f"SELECT {quoted(run.id)} AS run_id, {quoted(run.result.analysis)} AS model, {_day(run.base_day)} AS base_day, "
        f"{_day(_due(run))} AS due_day, CAST(account_no AS INTEGER) AS account_no, "
        f"CAST(label AS VARCHAR) AS label, CAST(score AS VARCHAR) AS score FROM ({sql}) r"
    )


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
