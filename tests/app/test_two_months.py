"""The loop of docs/two-months.md, run as it is written: report, plan, audience with a holdout, results, next report.

covers: J2, J3, J4, J5
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docs.pages import DOCS, blocks
from docs.test_examples import holds, run_commands
from keguan.app.analyse import Session
from keguan.demo.answered import COMES_BACK
from keguan.store.workspace import Store

PAGE = DOCS / "two-months.md"
SHOP = Path("示例店/workspace")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the story has been told, each printed line as the page has it."""
    folder = tmp_path_factory.mktemp("story")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("KEGUAN_LANGUAGE", "KEGUAN_WORKSPACE", "LC_MESSAGES", "LANG"):
            patch.delenv(variable, raising=False)
        patch.setenv("LC_ALL", "C")
        patch.chdir(folder)
        printed = ""
        for block in blocks(PAGE):
            if block.info == "sh story":
                printed = run_commands(block, patch)
            elif block.info == "text story":
                flat = printed.replace("\n", "")  # long sentences are printed on several lines
                absent = [line for line in block.lines if line.strip() and not holds(flat, line)]
                assert not absent, f"{block.place}: not printed: {absent}\n{printed}"
    return folder


@pytest.mark.slow
def test_the_next_report_scores_the_plan(place: Path) -> None:
    """What was planned, what came of it, against control; what is undone is carried forward."""
    report = json.loads((place / "十二月" / "report.json").read_text("utf-8"))
    said = " ".join(claim["text"] for claim in report["claims"])
    assert "行动 A0003" in said
    assert "行动 A0005" in said


@pytest.mark.slow
def test_the_planted_effect_is_inside_the_interval_and_the_idle_coupon_shows_none(place: Path) -> None:
    with Session(Store(place / SHOP)) as session:
        result = session.run("experiments")
    ids = {row["name"]: row["campaign"] for row in result.table("campaigns").records()}
    by_id = {
        row["campaign"]: row for row in result.table("effects").records() if row["metric"] == "conversion"
    }
    won, idle = by_id[ids["老客唤回券"]], by_id[ids["会员月券"]]
    assert won["low"] <= COMES_BACK["sms"] <= won["high"]
    assert won["low"] > 0
    assert idle["low"] < 0 < idle["high"]


@pytest.mark.slow
def test_who_was_held_out_was_not_contacted(place: Path) -> None:
    with Session(Store(place / SHOP)) as session:
        rows = session.inputs.query(
            "SELECT count(*) AS n FROM contacts k JOIN campaign_members m "
            "ON m.campaign_id = k.campaign_id AND m.account_no = k.account_no "
            "WHERE m.arm = 'control' AND k.campaign_id LIKE 'A2026%'"
        ).to_pylist()
    assert rows == [{"n": 0}]


def test_the_files_of_a_month_are_the_same_each_time(tmp_path: Path) -> None:
    from keguan.demo import write_next_month

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_next_month(tmp_path / name, (), scale=0.01)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two")
    )
    assert one == two
