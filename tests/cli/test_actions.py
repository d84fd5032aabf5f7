"""`keguan actions` and `keguan strategies`: one paragraph for each mistake, one line for each card."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from received import HEADER, loaded, write

Cli = Callable[..., Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("actions")
    rng = random.Random(3)
    lines = [
        (
            f"N{month}{n}",
            f"C{n}",
            f"2025-{month:02d}-{rng.randrange(1, 28):02d} 09:00:00",
            "P1",
            "茶",
            1,
            f"{rng.randrange(9, 99)}.00",
        )
        for month in (1, 2, 3)
        for n in range(1, 41)
        if n % month == 0
    ]
    loaded(folder / "w", [write(folder / "orders.csv", HEADER, *lines)])
    return folder / "w"


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "w"))


def test_a_plan_is_listed_owned_done_and_told(cli: Cli, workspace: Path) -> None:
    """covers: J2"""
    w = ("-w", workspace)
    assert "no actions" in cli("actions", "list", *w).out
    planned = cli("actions", "plan", "--top", "2", *w)
    assert planned.code == 0
    assert planned.out.count("A000") == 2
    assert "owner Unassigned" in planned.out
    assert cli("actions", "owner", "A0001", "Ann", "--by", "boss", *w).code == 0
    listed = cli("actions", "list", "--view", "quarter", "--owner", "Ann", *w)
    assert "owner Ann" in listed.out
    assert "2025-01-01 – 2025-03-31" in listed.out
    assert cli("actions", "link", "A0001", "AUD-7", *w).code == 0
    assert cli("actions", "done", "A0001", "--on", "2025-03-30", "--remark", "called", *w).code == 0
    assert "A0001" not in cli("actions", "list", *w).out
    cards = cli("actions", "list", "--state", "all", "--format", "json", *w).json()
    assert {card["action_id"]: card["state"] for card in cards} == {"A0001": "done", "A0002": "open"}
    told = cli("actions", "history", "A0001", *w).out
    assert [line.split()[1].rstrip(":") for line in told.splitlines()] == [
        "Made",
        "Owner",
        "Campaign",
        "Done",
    ]
    assert "(boss)" in told
    assert "called" in told
    assert cli("actions", "drop", "A0002", "--on", "2025-03-30", *w).code == 0
    assert cli("run", "action_plan", *w).code == 0


def test_a_card_is_added_for_a_segment(cli: Cli, workspace: Path) -> None:
    """The segment may be named in either language."""
    for segment in ("rfm/重要价值", "rfm/Key value"):
        done = cli("actions", "add", segment, "--action", "call", "--due", "2025-04-30", "--metric", "激活率",
                   "--target", "30%", "--owner", "Ann", "-w", workspace)  # fmt: skip
        assert done.code == 0, done.err
        assert "rfm/Key value · call · owner Ann · due 2025-04-30 · Activation rate 30.0%" in done.out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("list", "--view", "day"), "--view"),
        (("list", "--state", "late"), "--state"),
        (("list", "--format", "xml"), "--format"),
        (("plan", "--period", "year"), "--period"),
        (("plan", "--top", "0"), "--top"),
        (("plan", "--target", "300%"), "--target"),
        (("plan", "--segmentation", "nobody"), "nobody"),
        (("plan", "--owner", "Ann, Bob"), "Ann, Bob"),
        (("add", "rfm/x", "--action", "a", "--due", "soon"), "--due"),
        (("add", "rfm/x", "--action", "a", "--due", "2025-04-30", "--metric", "love"), "--metric"),
        (("add", "rfm/x", "--action", "a", "--due", "2025-04-30", "--target", "30%"), "--target"),
        (("add", "rfm/x", "--action", "a", "--due", "2025-04-30"), "no such label"),
        (("done", "A0009"), "A0009"),
        (("drop", "A0009", "--on", "x"), "--on"),
        (("history", "A0009"), "A0009"),
    ],
)
def test_a_mistake_ends_with_one_paragraph(
    arguments: tuple[str, ...], word: str, cli: Cli, workspace: Path
) -> None:
    done = cli("actions", *arguments, "-w", workspace)
    assert done.code in (2, 4)
    assert word in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert cli("actions", *arguments, "-w", workspace, language="zh").code == done.code


def test_the_matrix_is_written_checked_and_shown(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    """covers: J1"""
    w = ("-w", workspace)
    assert "the shipped matrix: 4 kinds" in cli("strategies", "check", *w).out
    assert cli("strategies", "init", *w).code == 0
    assert "own matrix: 4 kinds" in cli("strategies", "check", *w).out
    assert cli("strategies", "init", *w).code == 2
    shown = cli("strategies", "show", "--format", "json", *w).json()
    assert len(shown["framework"]) == 4
    assert shown["priority"][0] == "rfm"
    assert "High-value customers | " in cli("strategies", "show", *w).out
    own = workspace / "strategies.toml"
    own.write_text(own.read_text("utf-8").replace('row = "high_value"', 'row = "higher_value"', 1), "utf-8")
    done = cli("strategies", "check", *w)
    assert done.code == 2
    assert "higher_value" in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert cli("strategies", "check", tmp_path / "none.toml").code == 4
    assert cli("strategies", "show", own).code == 2
    assert cli("run", "matching", *w).code == 2
