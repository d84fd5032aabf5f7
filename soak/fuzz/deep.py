"""Every analysis on what a mutant brought in, the report in both languages, and its verification."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from keguan.core.text import Language

LATE = date(2199, 1, 1)
FORBIDDEN = ("<script>alert", "<img src=x")


class UnfitError(Exception):
    """The analyses or the report cannot stand what was imported."""


def _no_number(text: str) -> None:
    raise UnfitError(f"{text} in JSON")


def check_analyses(store: Any, folder: Path, language: Language) -> None:
    """All analyses run; the report is proved; nothing of the data is markup in it."""
    from keguan import registry
    from keguan.app.analyse import Session
    from keguan.app.exporting import export_quarantine
    from keguan.app.reporting import ReportOrder, write_report
    from keguan.app.verifying import verify_file
    from keguan.cli.output import as_json

    with Session(store, LATE if not store.files("orders") else None) as session:
        for name in registry.names():
            analysis = registry.get(name)
            if all(session.inputs.has(table) for table in analysis.needs):
                json.loads(as_json(session.run(name), analysis, "en"), parse_constant=_no_number)
    if not store.files("orders"):
        return
    written = write_report(store, ReportOrder(folder / "report", language), lambda *_: None)
    page = written.file.read_text("utf-8")
    if found := [mark for mark in FORBIDDEN if mark in page]:
        raise UnfitError(f"markup of the data is in the page: {found}")
    verdict = verify_file(store, written.file, progress=lambda *_: None)
    if not verdict.proved:
        raise UnfitError("\n".join(verdict.lines("en"))[:2000])
    for ending in ("csv", "xlsx"):
        export_quarantine(store, folder / f"quarantine.{ending}", "zh")
