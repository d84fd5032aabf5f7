"""Small tables are read by one thread: more would only wait for each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from keguan import Workspace
from keguan.app import engines
from keguan.engine.duckdb_engine import DuckDBEngine
from keguan.store.workspace import Store


def given(folder: Path, settings: str = "") -> Store:
    made = Workspace.init(folder / "w")
    (made.store.folder / "keguan.toml").write_text(settings, "utf-8")
    return Store(made.store.folder)


def threads(store: Store, files: dict[str, list[str]] | None) -> int:
    engine = engines.opened(store, files)
    assert isinstance(engine, DuckDBEngine)
    held = engine.query("SELECT current_setting('threads') AS held").to_pylist()[0]["held"]
    engine.close()
    return int(held)


def test_small_tables_are_read_by_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = given(tmp_path)
    sizes = {"a": 600, "b": 600, "c": 100}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(bytes(size))
    a, b, c = (str(tmp_path / name) for name in sizes)
    every = threads(store, None)
    monkeypatch.setattr(engines, "FEW_BYTES", 1000)
    assert threads(store, {"orders": [a], "events": [b], "costs": []}) == 1
    assert threads(store, {"orders": [a, b], "costs": [c]}) == every  # one table is large
    assert (
        threads(store, {"orders": [str(tmp_path / "gone")]}) == every
    )  # the engine says what is wrong with it


def test_the_threads_that_are_set_are_kept(tmp_path: Path) -> None:
    assert threads(given(tmp_path, "threads = 3"), {}) == 3
