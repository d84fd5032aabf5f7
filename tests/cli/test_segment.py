"""`keguan segment`: rules are checked without data, and run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from received import HEADER, loaded, write

Cli = Callable[..., Any]
RULES = 'name = "big"\nrest = "其余"\n[[rows]]\nlabel = "大客户"\nwhen = "net_revenue >= 100"\n'


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("segment")
    lines = [
        (f"N{n}", f"C{n}", f"2025-01-{n % 28 + 1:02d} 09:00:00", "P1", "茶", n, "10.00") for n in range(1, 41)
    ]
    loaded(folder / "w", [write(folder / "orders.csv", HEADER, *lines)])
    (folder / "w" / "segments").mkdir()
    (folder / "w" / "segments" / "big.toml").write_text(RULES, "utf-8")
    return folder / "w"


def test_good_rules_are_listed(cli: Cli, tmp_path: Path) -> None:
    """covers: D6"""
    file = tmp_path / "a.toml"
    file.write_text(RULES, "utf-8")
    done = cli("segment", "check", file)
    assert (done.code, done.out.strip()) == (0, "✓ big: 1 rows, the rest is '其余'")


def test_the_workspace_s_rules_without_files(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    assert "✓ big" in cli("segment", "check", "-w", workspace).out
    assert "no files" in cli("segment", "check", "-w", tmp_path).out


def test_bad_rules_end_with_one_paragraph(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(RULES.replace("net_revenue", "net revenue"), "utf-8")
    for language in ("zh", "en"):
        done = cli("segment", "check", file, language=language)
        assert done.code == 4
        assert "a.toml" in done.err
        assert len(done.err.strip().splitlines()) == 1
    assert cli("segment", "check", tmp_path / "none.toml").code == 4


def test_rules_are_run(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(RULES.replace("100", "300"), "utf-8")
    own = cli("segment", "run", "-w", workspace, "--format", "json").json()
    given = cli("segment", "run", file, "-w", workspace, "--format", "json").json()
    assert own["tables"]["groups_big"]["rows"][0][2] == 31
    assert given["tables"]["groups_big"]["rows"][0][2] == 11


def test_lists_by_the_name_of_the_rules(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    """covers: D6 D10"""
    out = ("-w", workspace, "-o", tmp_path / "list.csv")
    done = cli("export", "segment", "big", *out, "--label", "大客户")
    assert done.code == 0, done.err
    assert "31 customers" in done.out
    unknown = cli("export", "segment", "nothing", *out)
    assert unknown.code == 2
