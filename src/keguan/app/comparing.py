"""The earlier report that a report is compared with: its manifest, from report.json or from a report of any form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keguan.core.errors import InputError, Where
from keguan.core.text import Text, same
from keguan.render.forms import MOST_BYTES, read_file
from keguan.report.stranger import held, is_document_id
from keguan.store.workspace import Store


def earlier(store: Store, path: Path) -> Mapping[str, Any]:
    """The manifest of an earlier report of this workspace. InputError when the file is none."""
    manifest = _listing(path) if path.suffix.lower() == ".json" else _inside(store, path)
    manifest = held(manifest, path.name)
    if manifest.get("workspace") != store.catalog.workspace:
        raise InputError(
            Text("上期报告出自另一个工作区", "The earlier report comes from another workspace"),
            Where(file=path.name),
            found=str(manifest.get("workspace")),
            allowed=same(store.catalog.workspace),
            do=Text("给出本工作区写出的报告", "give a report that this workspace wrote"),
        )
    return manifest


def parameters(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What the analysis 'changes' is told of the earlier report: its date and its key figures."""
    table = manifest["analyses"].get("overview", {}).get("tables", {}).get("kpis", {})
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table.get("rows", ())]
    figures = {row["metric"]: row["value"] for row in rows if isinstance(row["value"], int | float | str)}
    numbers = {name: value for name, value in figures.items() if _is_number(value)}
    return {"since": manifest["as_of"], "figures": json.dumps(numbers, sort_keys=True)}


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _inside(store: Store, path: Path) -> Any:
    _, marked = read_file(path)
    if marked.manifest or not is_document_id(marked.document):
        return marked.manifest
    return _listing(store.folder / "reports" / f"{marked.document}.json")


def _listing(path: Path) -> Any:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(f"> {MOST_BYTES >> 20} MB")
        return json.loads(content)
    except (OSError, ValueError, RecursionError) as error:
        found = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            Text("上期报告读不了", "The earlier report cannot be read"),
            Where(file=path.name),
            found=found or type(error).__name__,
            allowed=Text(
                "keguan report 写出的 report.json 或报告文件",
                "a report.json or a report that keguan report wrote",
            ),
            do=Text("给出上期的 report.json", "give the earlier report.json"),
        ) from None
