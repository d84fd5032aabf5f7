"""A small workspace with one report, for attackers to change copies of."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from keguan.app.reporting import ReportOrder, write_report
from received import HEADER, loaded, usual, write


@dataclass(frozen=True)
class Issued:
    """A workspace folder and a report that it wrote."""

    workspace: Path
    html: Path


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    folder = tmp_path_factory.mktemp("issued")
    rows = [
        *usual(20),
        *usual(20, first=100, customer="C1"),
        *usual(20, first=200, customer="C2", day="2024-01-09"),
    ]
    workspace = loaded(folder / "w", [write(folder / "orders.csv", HEADER, *rows)])
    written = write_report(workspace.store, ReportOrder(folder / "r.html", "en"), lambda *_: None)
    return Issued(folder / "w", written.file)


@pytest.fixture
def issued(original: Issued, tmp_path: Path) -> Issued:
    """A copy of one's own to change."""
    shutil.copytree(original.workspace, tmp_path / "w")
    shutil.copyfile(original.html, tmp_path / "r.html")
    return Issued(tmp_path / "w", tmp_path / "r.html")
