"""The use case 'report': analyses run, a document is composed, rendered, and its manifest kept."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import keguan
from keguan import registry
from keguan.analysis import Analysis
from keguan.app import segments
from keguan.app.analyse import Session
from keguan.app.recipes import chosen
from keguan.core.errors import Where, WorkspaceError
from keguan.core.text import Language, Text
from keguan.render.to_html import page
from keguan.report.compose import compose
from keguan.report.context import ReportContext
from keguan.report.document import Document, Json
from keguan.report.recipe import Recipe
from keguan.result import Result
from keguan.store.workspace import Store

Progress = Callable[[Text, float], None]


@dataclass(frozen=True, slots=True)
class Written:
    """Where a report is, and how large it became."""

    html: Path
    manifest: Path
    claims: int
    bytes: int


def write_report(
    store: Store,
    output: Path,
    language: Language,
    as_of: date | None,
    recipe_name: str,
    progress: Progress,
) -> Written:
    """Writes `output` (an .html file, or a folder that gets report.html) and report.json beside it."""
    recipe = chosen(recipe_name)
    html = output if output.suffix.lower() in (".html", ".htm") else output / "report.html"
    with Session(store, as_of) as session:
        results = run_all(session, recipe, progress)
        for result in results.values():
            _keep_segments(store, session, result)
        progress(Text("排版", "Composing"), 0.8)
        document = composed(session, results, recipe, language, {}, datetime.now().astimezone())
    text, manifest = page(document)
    manifest_path = html.with_name("report.json")
    listing = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(html, text)
    write_whole(manifest_path, listing)
    # In a workspace that can only be read the document carries its manifest alone.
    with suppress(WorkspaceError):
        write_whole(store.folder / "reports" / f"{manifest['document_id']}.json", listing)
    progress(Text("完成", "Done"), 1.0)
    return Written(html, manifest_path, len(manifest["claims"]), len(text.encode()))


def run_all(
    session: Session,
    recipe: Recipe,
    progress: Progress,
    params: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Result]:
    """Results of the recipe's analyses whose data are there, by name."""
    available = [name for name in recipe.analyses if name in registry.names()]
    results: dict[str, Result] = {}
    for number, name in enumerate(available):
        analysis = registry.get(name)
        progress(analysis.title, 0.8 * number / len(available))
        if all(session.inputs.has(table) for table in analysis.needs):
            results[name] = session.run(name, (params or {}).get(name))
    return results


def composed(
    session: Session,
    results: Mapping[str, Result],
    recipe: Recipe,
    language: Language,
    analyses: Mapping[str, Analysis],
    generated: datetime | None,
) -> Document:
    """The document of these results; the same results at the same versions give the same document."""
    installed = analyses or {name: registry.get(name) for name in registry.names()}
    return compose(results, installed, recipe, language, _context(session, results, generated))


def _context(session: Session, results: Mapping[str, Result], generated: datetime | None) -> ReportContext:
    settings = session.inputs.settings
    return ReportContext(
        as_of=session.as_of,
        company=session.store.config.name,
        currency=settings.currency,
        timezone=settings.timezone,
        workspace_id=session.store.catalog.workspace,
        keguan=keguan.__version__,
        period=session.period,
        generated=generated,
        sources=_sources(session),
        versions=session.versions,
        files={name: tuple(Path(file).name for file in files) for name, files in session.files.items()},
        kind=_kind(results),
    )


def _sources(session: Session) -> tuple[str, ...]:
    rows = session.inputs.query(
        "SELECT file, min(load_id) AS load_id FROM loads GROUP BY file ORDER BY load_id"
    )
    names = [str(row["file"]) for row in rows.to_pylist()]
    return (*names[:4], f"… {len(names)}") if len(names) > 5 else tuple(names)


def _kind(results: Mapping[str, Result]) -> str | None:
    result = results.get("business_kind")
    if result is None or not result.has("decision"):
        return None
    rows = result.table("decision").records()
    return str(rows[0]["kind"]) if rows and rows[0]["kind"] else None


def _keep_segments(store: Store, session: Session, result: Result) -> None:
    # A report needs no permission to write; `run` and `export` say it aloud.
    with suppress(WorkspaceError):
        segments.save(store, session, result)


def write_whole(path: Path, text: str) -> None:
    """The file is there whole or as before."""
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="\n")
        os.replace(partial, path)
    except OSError as error:
        raise WorkspaceError(
            Text("文件无法写入", "The file cannot be written"),
            Where(file=str(path)),
            found=error.strerror or str(error),
            do=Text(
                "检查目录是否可写、是否有空间, 或换一个位置",
                "check the folder and its space, or choose another place",
            ),
        ) from None


def manifest_of(store: Store, document_id: str) -> Json | None:
    """The workspace's own copy of a report's manifest."""
    path = store.folder / "reports" / f"{document_id}.json"
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return None
