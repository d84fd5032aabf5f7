"""The earlier report that a report is compared with: its manifest, from report.json or from a report of any form.

What a file says of itself is not believed: the figures are those that the workspace kept when it wrote the report.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from keguan.app import kept_reports
from keguan.core.errors import InputError, UsageError, Where
from keguan.core.text import Text, same
from keguan.render.forms import MOST_BYTES, read_file
from keguan.report.stranger import held, malformed
from keguan.store.workspace import Store

FIGURES = "analyses.overview.tables.kpis"


def earlier(store: Store, path: Path) -> Mapping[str, Any]:
    """The manifest of an earlier report of this workspace, as the workspace keeps it.

    InputError when the file is no report of it, or says something else than was issued.
    """
    inside, document = _given(path)
    kept = kept_reports.issued(store, inside, document, path.name)
    if not kept:
        raise InputError(
            Text(
                "工作区没有留存这份上期报告的清单", "The workspace keeps no manifest of this earlier report"
            ),
            Where(file=path.name),
            found=document or "–",
            allowed=Text(
                "工作区 reports/ 里留有清单的报告", "a report whose manifest is in the workspace's reports/"
            ),
            do=Text("给出本工作区写出的另一份报告", "give another report that this workspace wrote"),
        )
    if inside and not kept_reports.agree(inside, kept):
        raise InputError(
            Text("上期报告与工作区留存的不同", "The earlier report is not as the workspace issued it"),
            Where(file=path.name),
            found=document,
            do=Text(
                "给出原文件；keguan verify 会说明改了什么",
                "give the original file; keguan verify says what was changed",
            ),
        )
    return kept


def comparable(before: Mapping[str, Any], as_of: date, currency: str) -> None:
    """UsageError when a report as of this day, in this currency, cannot be held against the earlier one."""
    if as_of < date.fromisoformat(before["as_of"]):
        raise UsageError(
            Text("截至日早于上期报告", "The as-of date is before that of the earlier report"),
            Where(setting="--as-of"),
            found=as_of.isoformat(),
            allowed=same(f">= {before['as_of']}"),
            do=Text("改用更晚的截至日，或给出更早的报告", "choose a later date, or give an earlier report"),
        )
    was = str(before.get("currency") or "")
    if was and currency and was != currency:
        raise UsageError(
            Text("上期报告是另一种货币，不能相比", "The earlier report is in another currency"),
            Where(setting="--compare"),
            found=was,
            allowed=same(currency),
            do=Text("给出同一种货币的报告", "give a report in the same currency"),
        )


def parameters(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What the analysis 'changes' is told of the earlier report: its date and its key figures.

    InputError when the manifest's table of key figures is none.
    """
    figures = {name: value for name, value in _figures(manifest) if _is_number(value)}
    return {"since": manifest["as_of"], "figures": json.dumps(figures, sort_keys=True)}


def _figures(manifest: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Metric and value of each row of the key figures; none when the report did not hold them."""
    overview = manifest["analyses"].get("overview", {})
    tables = overview.get("tables", {})
    table = tables.get("kpis", {"columns": ["metric", "value"], "rows": []}) if _is_map(tables) else {}
    columns, rows = (table.get("columns"), table.get("rows")) if _is_map(table) else (None, None)
    if (
        not isinstance(columns, list)
        or not isinstance(rows, list)
        or not {"metric", "value"} <= _words(columns)
    ):
        raise malformed(f"{manifest['document_id']}.json", FIGURES, tables)
    metric, value = columns.index("metric"), columns.index("value")
    for row in rows:
        if not isinstance(row, list) or len(row) != len(columns) or not _is_figure(row[metric], row[value]):
            raise malformed(f"{manifest['document_id']}.json", FIGURES, row)
    return [(row[metric], row[value]) for row in rows]


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def _words(values: list[Any]) -> set[str]:
    return {value for value in values if isinstance(value, str)}


def _is_figure(metric: Any, value: Any) -> bool:
    """A name with a number, a text or nothing; NaN and Infinity are no figures."""
    if not isinstance(metric, str) or not (value is None or isinstance(value, int | float | str)):
        return False
    number = _number(value)
    return number is None or math.isfinite(number)


def _is_number(value: Any) -> bool:
    return _number(value) is not None


def _number(value: Any) -> float | None:
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except ValueError:
        return None
    except OverflowError:
        return math.inf


def _given(path: Path) -> tuple[Mapping[str, Any], str]:
    """The manifest that a file holds, empty when another program dropped it, and the id that the file bears."""
    if path.suffix.lower() == ".json":
        inside = held(_listing(path), path.name)
        return inside, str(inside["document_id"])
    _, marked = read_file(path)
    inside = held(marked.manifest, path.name) if marked.manifest else {}
    return inside, str(inside.get("document_id") or marked.document)


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
