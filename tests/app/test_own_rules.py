"""Rules kept in the workspace: read for every run, named by the result, exported by their name, proved later."""

from __future__ import annotations

from pathlib import Path

import pytest

from keguan.app.analyse import Session
from keguan.app.kept_texts import kept
from keguan.app.reporting import ReportOrder, write_report
from keguan.app.verifying import verify_file
from keguan.app.workspace import Workspace
from keguan.core.errors import InputError
from keguan.core.text import Text
from received import HEADER, loaded, write

RULES = 'name = "big"\nrest = "其余"\n[[rows]]\nlabel = "大客户"\nwhen = "net_revenue >= 100"\n'
RECIPE = """
title = { zh = "自定义", en = "Own" }
summary_claims = 3
rows = 12

[[sections]]
id = "structure"
title = { zh = "客户结构", en = "Structure" }
analyses = ["custom_segments"]
"""


def silent(what: Text, share: float) -> None:
    pass


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    lines = [
        (f"N{n}", f"C{n}", f"2025-01-{n % 28 + 1:02d} 09:00:00", "P1", "茶", n, "10.00") for n in range(1, 41)
    ]
    made = loaded(tmp_path / "w", [write(tmp_path / "orders.csv", HEADER, *lines)])
    (tmp_path / "w" / "segments").mkdir()
    (tmp_path / "w" / "segments" / "big.toml").write_text(RULES, "utf-8")
    return made


def test_the_result_names_the_rules_it_was_made_with(workspace: Workspace) -> None:
    """covers: D6"""
    result = workspace.run("custom_segments")
    assert result.params["rules"] == f"# ==== big.toml ====\n{RULES}"
    rows = {row["label"]: row["customers"] for row in result.table("groups_big")}
    assert rows == {"大客户": 31, "其余": 9}


def test_segments_of_own_rules_at_an_earlier_day(workspace: Workspace) -> None:
    """Other analyses see them as of a day, with the rules of the workspace."""
    result = workspace.run("segment_trend", params={"segmentation": "custom_segments_big", "ends": 3})
    assert {row["label"] for row in result.table("shares")} <= {"大客户", "其余"}
    assert sum(row["customers"] for row in result.table("shares") if row["label"] == "大客户") == 31


def test_a_report_is_proved_after_the_rules_changed(workspace: Workspace, tmp_path: Path) -> None:
    """covers: L4"""
    recipe = tmp_path / "own.toml"
    recipe.write_text(RECIPE, "utf-8")
    written = write_report(workspace.store, ReportOrder(tmp_path / "out", "zh", recipe=str(recipe)), silent)
    assert written.claims > 0
    rules = workspace.store.folder / "segments" / "big.toml"
    rules.write_text(RULES.replace("100", "200"), "utf-8")
    verdict = verify_file(workspace.store, written.file, progress=silent)
    assert verdict.proved, verdict.lines("en")


def test_a_link_out_of_the_workspace_is_not_followed(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("secret", "utf-8")
    (workspace.store.folder / "segments" / "z.toml").symlink_to(tmp_path / "secret.toml")
    assert "secret" not in kept(workspace.store.folder, "segments")


def test_a_file_that_cannot_be_read_is_named(workspace: Workspace) -> None:
    (workspace.store.folder / "segments" / "z.toml").write_bytes(b"name = \xff")
    with pytest.raises(InputError, match=r"z\.toml"), Session(workspace.store) as session:
        session.run("custom_segments")
