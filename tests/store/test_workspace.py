"""A workspace: commits over several tables, pinned versions, recovery of what was never committed."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from keguan.core.errors import WorkspaceError
from keguan.store import catalog
from keguan.store.delta import NewFile
from keguan.store.workspace import Change, Store


def put(store: Store, table: str, rows: str, count: int) -> NewFile:
    path = store.new_file(table)
    duckdb.sql(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
    return NewFile(path, count)


def segment(account: int, label: str) -> str:
    return (
        f"SELECT CAST({account} AS INTEGER) AS account_no, 'rfm' AS segmentation, '{label}' AS label, "
        "CAST(NULL AS VARCHAR) AS score, DATE '2024-01-31' AS as_of, 'r1' AS run_id"
    )


def labels(files: list[str]) -> list[str]:
    if not files:
        return []
    rows = duckdb.sql(f"SELECT label FROM read_parquet({files!r}) ORDER BY label").fetchall()
    return [row[0] for row in rows]


def test_a_commit_adds_and_removes_files_and_old_versions_stay(tmp_path: Path) -> None:
    store = Store.init(tmp_path)
    with store.writing():
        first = put(store, "segments", segment(1, "A"), 1)
        store.commit([Change("segments", (first,))])
    pinned = store.catalog.versions["segments"]
    with store.writing():
        second = put(store, "segments", segment(1, "B"), 1)
        store.commit([Change("segments", (second,), (first.path.name,))])
    assert labels(store.files("segments")) == ["B"]
    assert labels(store.files("segments", pinned)) == ["A"]
    assert store.catalog.batch == 2


def test_what_was_not_in_the_catalog_is_rolled_back_on_the_next_write(tmp_path: Path) -> None:
    store = Store.init(tmp_path)
    with store.writing():
        store.commit([Change("segments", (put(store, "segments", segment(1, "A"), 1),))])
    before = (tmp_path / catalog.FILE).read_bytes()
    with store.writing():
        store.commit([Change("segments", (put(store, "segments", segment(2, "B"), 1),))])
    # As if the process had died between the table's commit and the catalog's.
    (tmp_path / catalog.FILE).write_bytes(before)
    again = Store(tmp_path)
    assert labels(again.files("segments")) == ["A"]
    with again.writing() as recovery:
        assert recovery.versions == 1
        assert recovery.files == 1
        again.commit([Change("segments", (put(again, "segments", segment(3, "C"), 1),))])
    assert labels(again.files("segments")) == ["A", "C"]


def test_a_half_written_log_entry_is_taken_away(tmp_path: Path) -> None:
    store = Store.init(tmp_path)
    with store.writing():
        store.commit([Change("segments", (put(store, "segments", segment(1, "A"), 1),))])
    log = tmp_path / "tables" / "segments" / "_delta_log"
    number = store.catalog.versions["segments"] + 1
    (log / f"{number:020d}.json").write_text('{"add":{"path":"b0000')
    with Store(tmp_path).writing() as recovery:
        assert recovery.versions == 1
    assert labels(Store(tmp_path).files("segments")) == ["A"]


def test_pins_that_are_gone_are_an_error_that_names_the_table(tmp_path: Path) -> None:
    store = Store.init(tmp_path)
    with store.writing():
        store.commit([Change("segments", (put(store, "segments", segment(1, "A"), 1),))])
    os.unlink(store.files("segments")[0])
    with pytest.raises(WorkspaceError, match="segments"):
        store.files_at(store.catalog.versions)
    with pytest.raises(WorkspaceError, match="Version 9 of table segments"):
        store.files_at({"segments": 9})


def test_a_folder_that_is_no_workspace_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as error:
        Store(tmp_path)
    assert "keguan init" in error.value.paragraph("zh")
    assert "keguan init" in error.value.paragraph("en")


def test_a_damaged_catalog_is_a_sentence(tmp_path: Path) -> None:
    Store.init(tmp_path)
    (tmp_path / catalog.FILE).write_text("{")
    with pytest.raises(WorkspaceError, match="damaged"):
        Store(tmp_path)


def test_the_catalog_is_readable_json(tmp_path: Path) -> None:
    Store.init(tmp_path)
    content = json.loads((tmp_path / catalog.FILE).read_text("utf-8"))
    assert content["batch"] == 0
    assert content["versions"] == {}


def test_only_one_writer_at_a_time(tmp_path: Path) -> None:
    first, second = Store.init(tmp_path), Store(tmp_path)
    with first.writing(), pytest.raises(WorkspaceError, match="Another import"), second.writing(seconds=0.1):
        raise AssertionError("two writers")


def test_timestamps_without_zone_survive_the_round_trip(tmp_path: Path) -> None:
    store = Store.init(tmp_path)
    names = [
        "load_id",
        "batch_id",
        "source",
        "file",
        "sha256",
        "bytes",
        "entity",
        "mapping",
        "form",
        "received",
        "clean",
        "quarantined",
        "superseded",
        "dropped",
        "first_day",
        "last_day",
        "loaded_at",
    ]
    values = {
        "load_id": "CAST(1 AS INTEGER)",
        "batch_id": "CAST(1 AS INTEGER)",
        "loaded_at": "TIMESTAMP '2024-01-02 03:04:05'",
        "first_day": "DATE '2024-01-01'",
        "last_day": "DATE '2024-01-01'",
    }
    text = {"source", "file", "sha256", "entity", "mapping", "form"}
    select = ", ".join(
        f"{values.get(n, repr('x') if n in text else 'CAST(1 AS BIGINT)')} AS {n}" for n in names
    )
    with store.writing():
        store.commit([Change("loads", (put(store, "loads", f"SELECT {select}", 1),))])
    files = store.files("loads")
    assert duckdb.sql(f"SELECT loaded_at FROM read_parquet({files!r})").fetchall()[0][0] == datetime(
        2024, 1, 2, 3, 4, 5
    )
