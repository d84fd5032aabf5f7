"""What a workspace holds: one hash of all its rows, its books, and what a killed process left in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date
from pathlib import Path

from keguan.app.analyse import Session
from keguan.app.as_of import stored_name
from keguan.app.verifying import verify_file
from keguan.core.text import Text
from keguan.schema.tables import ENTITIES
from keguan.store.recovery import unfinished
from keguan.store.workspace import Store

LATE = date(2199, 1, 1)
OF_THE_CLOCK = {"loads": ("loaded_at",)}  # columns that tell when, not what

BOOKS = """
SELECT l.load_id, l.entity, l.received - l.clean - l.quarantined - l.superseded - l.dropped AS lost,
       l.quarantined - coalesce(q.n, 0) AS not_in_quarantine,
       CASE WHEN l.entity = 'orders' THEN l.clean - coalesce(k.n, 0) ELSE 0 END AS not_in_lines
FROM loads l
LEFT JOIN (SELECT load_id, count(*) AS n FROM quarantine GROUP BY load_id) q ON q.load_id = l.load_id
LEFT JOIN (SELECT load_id, count(DISTINCT source_row) AS n FROM all_order_lines GROUP BY load_id) k
  ON k.load_id = l.load_id
"""


def silent(_what: Text, _share: float) -> None:
    """No progress."""


def state(place: Path) -> str:
    """A hash of every committed row and of the counters, after checking the books and the mart."""
    store = Store(place)
    with Session(store, LATE) as session:
        for load in session.engine.query(BOOKS).to_pylist():
            if load["lost"] or load["not_in_quarantine"] or load["not_in_lines"]:
                raise AssertionError(f"the books are wrong: {load}")
        _mart_is_right(session)
        hashes = {name: _hash(session, name) for name in ENTITIES if name != "segments"}
    catalog = store.catalog
    told = [hashes, catalog.batch, catalog.next_load, catalog.next_account, catalog.currency]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _mart_is_right(session: Session) -> None:
    sums = (
        "SELECT coalesce(sum(amount), 0) AS net FROM all_order_lines WHERE movement IN ('purchase', 'return')"
    )
    mart = "SELECT coalesce(sum(gross - returns), 0) AS net FROM all_purchases"
    lines, purchases = (session.engine.query(sql).to_pylist()[0]["net"] for sql in (sums, mart))
    if lines != purchases:
        raise AssertionError(f"the mart is not that of the lines: {purchases} and {lines}")


def _hash(session: Session, table: str) -> str:
    columns = ", ".join(name for name in ENTITIES[table].names if name not in OF_THE_CLOCK.get(table, ()))
    sql = f"SELECT count(*) AS n, sum(CAST(hash({columns}) AS HUGEINT)) % 1000000007 AS h FROM {stored_name(table)}"
    row = session.engine.query(sql).to_pylist()[0]
    return f"{row['n']}:{row['h']}"


def remains(place: Path) -> tuple[int, int]:
    """(log entries, files) above the catalog: what the next writer must say that it took away."""
    left = unfinished(place, Store(place).catalog)
    return len(left.versions), len(left.files)


def outputs(place: Path, folder: Path) -> None:
    """Every file under its final name is whole: reports verify, lists are complete, mappings can be read."""
    for path in sorted(folder.glob("*")):
        if path.name.startswith("."):
            continue  # a temporary name
        if path.suffix == ".html":
            verdict = verify_file(Store(place), path, progress=silent)
            if not verdict.proved:
                raise AssertionError(f"{path.name} is not proved: {verdict.lines('en')[:3]}")
        elif path.suffix == ".json":
            json.loads(path.read_text("utf-8"))
        elif path.suffix == ".xlsx":
            if zipfile.ZipFile(path).testzip() is not None:
                raise AssertionError(f"{path.name} is damaged")
        elif path.suffix == ".csv" and not path.read_bytes().endswith(b"\n"):
            raise AssertionError(f"{path.name} is cut")
    for path in (place / "reports").glob("*.json"):
        json.loads(path.read_text("utf-8"))
