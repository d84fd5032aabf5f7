"""Workspaces of older formats are brought up to date by ordered steps, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from keguan.core.errors import WorkspaceError
from keguan.core.text import same
from keguan.store import catalog, migrations
from keguan.store.migrations import Step, migrate
from keguan.store.workspace import Change, Store
from store.test_workspace import labels, put, segment


def one_more(store: Store) -> Sequence[Change]:
    """A step as a real one: it writes rows."""
    number = store.catalog.format
    return [Change("segments", (put(store, "segments", segment(number, f"step {number}"), 1),))]


STEPS: Mapping[int, Step] = {1: Step(same("first"), one_more), 2: Step(same("second"), one_more)}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.init(tmp_path)
    with made.writing():
        made.commit([Change("segments", (put(made, "segments", segment(9, "before"), 1),))])
    return made


def test_the_steps_run_in_order_and_each_is_a_commit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "FORMAT", 3)
    pinned = store.catalog.versions["segments"]
    assert [what.en for what in migrate(store, STEPS, to=3)] == ["first", "second"]
    assert (store.catalog.format, store.catalog.batch) == (3, 3)
    again = Store(store.folder)
    assert labels(again.files("segments")) == ["before", "step 1", "step 2"]
    assert labels(again.files("segments", pinned)) == ["before"]  # reports of the old format still prove
    assert migrate(again, STEPS, to=3) == ()


def test_opening_an_older_workspace_migrates_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "FORMAT", 2)
    monkeypatch.setattr(migrations, "STEPS", STEPS)
    assert Store(store.folder).catalog.format == 2
    assert labels(Store(store.folder).files("segments")) == ["before", "step 1"]


def test_a_step_that_fails_leaves_the_old_format(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_store: Store) -> Sequence[Change]:
        put(_store, "segments", segment(1, "half"), 1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(catalog, "FORMAT", 3)
    with pytest.raises(WorkspaceError, match="The disk is full"):
        migrate(store, {1: STEPS[1], 2: Step(same("fails"), fails)}, to=3)
    told = json.loads((store.folder / catalog.FILE).read_text("utf-8"))
    assert told["format"] == 2  # the first step counts, the second never was
    assert [what.en for what in migrate(store, STEPS, to=3)] == ["second"]


def test_a_format_without_a_way_says_what_to_do(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "FORMAT", 2)
    with pytest.raises(WorkspaceError) as caught:
        Store(store.folder)
    assert "import the files in raw" in caught.value.paragraph("en")
    assert "重新导入" in caught.value.paragraph("zh")


def test_a_newer_format_is_refused(store: Store) -> None:
    path = store.folder / catalog.FILE
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**told, "format": catalog.FORMAT + 1}), "utf-8")
    with pytest.raises(WorkspaceError, match="a newer Keguan") as caught:
        Store(store.folder)
    assert "pip install --upgrade keguan" in caught.value.paragraph("zh")
