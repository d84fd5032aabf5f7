"""An audience is the same on Spark as on DuckDB: every arm, every reason, the file that is handed out.

covers: J4
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audience_shop import AT, arms, made, shop
from keguan.app.audience.handing import hand_out
from keguan.app.mart.writing import export_mart
from keguan.app.workspace import Workspace
from keguan.store.workspace import Store
from on_spark import need_spark, small_engine

pytestmark = pytest.mark.spark
ASKED = {
    "stratify": ("province", "member_level"),
    "universal": "10%",
    "consent": "refusal",
    "holdout": "auto",
    "mde": "30%",
}


def test_an_audience_is_the_same_on_both_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_spark()
    here = shop(tmp_path)
    shutil.copytree(tmp_path / "w", tmp_path / "there")
    there = Workspace(tmp_path / "there")
    one = made(here, **ASKED)
    hand_out(Store(tmp_path / "w"), str(one.row["audience_id"]), tmp_path / "one.csv", "zh", at=AT)
    export_mart(Store(tmp_path / "w"), tmp_path / "mart_one", "csv")
    with monkeypatch.context() as patched:
        patched.setattr("keguan.app.engines.opened", lambda _store, _files=None: small_engine())
        other = made(there, **ASKED)
        hand_out(Store(tmp_path / "there"), str(one.row["audience_id"]), tmp_path / "other.csv", "zh", at=AT)
        export_mart(Store(tmp_path / "there"), tmp_path / "mart_other", "csv")
    assert one.row == other.row
    assert arms(here) == arms(there)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()
    for path in (tmp_path / "mart_one").glob("*.csv"):
        if path.name != "audiences.csv":
            assert path.read_bytes() == (tmp_path / "mart_other" / path.name).read_bytes(), path.name
