"""The use case 'report': analyses run, a document is composed, rendered, and its manifest kept."""

from __future__ import annotations

import gc
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import keguan
from keguan import registry
from keguan.app import comments, kept_reports, saved_models, segments
from keguan.app.analyse import Session
from keguan.app.comparing import comparable, earlier, parameters
from keguan.app.recipes import chosen
from keguan.app.writing import write_together, write_whole
from keguan.core.errors import UsageError, Where, WorkspaceError
from keguan.core.process import Progress, apart
from keguan.core.text import Language, Text, same
from keguan.marts.strategy_matrix import OWN, matrix_of
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS, PLAIN, Form, Options, Rendered, of_name
from keguan.render.forms import chosen as asked
from keguan.report.changes import with_changes
from keguan.report.compose import compose
from keguan.report.context import ReportContext
from keguan.report.document import Comment, Document, Json
from keguan.report.earlier import Previous
from keguan.report.recipe import Recipe
from keguan.result import Result
from keguan.store.workspace import Store


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One form of a report on the disk."""

    form: str
    path: Path
    bytes: int


@dataclass(frozen=True, slots=True)
class Written:
    """Where a report is: its forms in the order asked for, and its manifest."""

    files: tuple[WrittenFile, ...]
    manifest: Path
    claims: int

    @property
    def file(self) -> Path:
        """The first form."""
        return self.files[0].path


@dataclass(frozen=True, slots=True)
class Given:
    """What a report holds that no data give: when it was written, what it is compared with, what people say."""

    generated: datetime | None = None
    previous: Previous | None = None
    comments: tuple[Comment, ...] = ()
    strategies: str = ""  # the text of the company's own strategy matrix


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """What is asked for. `output`: a folder, which gets report.html and so on, or a file whose end names the
    one form when `forms` is not given; `recipe`: a name or a .toml file."""

    output: Path
    language: Language
    as_of: date | None = None
    recipe: str = "monthly"
    forms: str | None = None
    options: Options = PLAIN
    compare: Path | None = None  # an earlier report of this workspace, or its report.json


def write_report(store: Store, order: ReportOrder, progress: Progress) -> Written:
    """Writes each form and report.json beside them; no file is left in halves.

    InputError for unknown forms and recipes, WorkspaceError where a file cannot be written.
    """
    places = _places(order)
    # What analyses need, libraries and all, would stay below the pages, which take most memory.
    document, store.recovered = apart(lambda tell: (_document(store, order, tell), store.recovered), progress)
    gc.collect()
    pictures = Pictures(document)
    made = []
    for number, (form, path) in enumerate(places.items()):
        progress(Text(f"写 {form.name}", f"Writing {form.name}"), 0.8 + 0.2 * number / len(places))
        made.append((form, path, form.write(document, pictures, order.options)))
    return _put_down(store, document, made, progress)


def _document(store: Store, order: ReportOrder, progress: Progress) -> Document:
    """The document that every form shows; results and connections are let go before the first is written."""
    recipe = chosen(order.recipe)
    before = earlier(store, order.compare) if order.compare else None
    previous = Previous.of(before, order.language) if before else None
    params = {"changes": parameters(before)} if before else {}
    recipe = with_changes(recipe) if before else recipe
    with Session(store, order.as_of) as session:
        strategies = session.text(OWN)
        matrix_of(strategies)  # a matrix that is not well formed is refused before anything runs
        if before:
            comparable(before, session.as_of, session.inputs.settings.currency)
        results = run_all(session, recipe, progress, params)
        _keep_segments(store, session, tuple(results.values()))
        saved_models.save_quietly(store, session, tuple(results.values()))
        progress(Text("排版", "Composing"), 0.8)
        given = Given(datetime.now().astimezone(), previous, comments.kept(store), strategies)
        return composed(session, results, recipe, order.language, given)


def _places(order: ReportOrder) -> dict[Form, Path]:
    """The forms with the files that they go to. UsageError for options that no form asked for would follow."""
    named = of_name(order.output)
    forms = asked(order.forms) if order.forms is not None else (named or FORMS["html"],)
    names = [form.name for form in forms]
    if named and named not in forms:
        raise _unused("-o", order.output.name, names)
    if order.options.archival and "pdf" not in names:
        raise _unused("--archival", "PDF/A-3b", names)
    for name, file in order.options.templates.items():
        if name not in names:
            raise _unused("--template", file.name, names)
    stem = order.output.with_suffix("") if named else order.output / "report"
    return {
        form: order.output if form is named else stem.with_name(stem.name + form.suffixes[0])
        for form in forms
    }


def _unused(option: str, found: str, forms: Sequence[str]) -> UsageError:
    return UsageError(
        Text("这个选项与要写的格式不符", "The option does not fit the forms to be written"),
        Where(setting=option),
        found=found,
        allowed=same(", ".join(forms)),
        do=Text(
            "在 --format 里写上它的格式，或去掉这个选项", "name its form in --format, or leave the option out"
        ),
    )


def _put_down(
    store: Store, document: Document, made: list[tuple[Form, Path, Rendered]], progress: Progress
) -> Written:
    at = str(document.manifest.get("generated", ""))
    forms = {form.name: [_writing(written, at)] for form, _, written in made}
    manifest = kept_reports.with_earlier(store, {**document.manifest, "forms": forms})
    listing = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    manifest_path = made[0][1].with_name("report.json")
    write_together([*((path, written.content) for _, path, written in made), (manifest_path, listing)])
    # In a workspace that can only be read the document carries its manifest alone.
    with suppress(WorkspaceError):
        write_whole(kept_reports.place(store, str(document.manifest["document_id"])), listing)
    progress(Text("完成", "Done"), 1.0)
    files = tuple(WrittenFile(form.name, path, len(written.content)) for form, path, written in made)
    return Written(files, manifest_path, len(document.manifest["claims"]))


def _writing(written: Rendered, at: str) -> Json:
    """What the manifest keeps of one writing of a form, for holding a file against it."""
    return {
        "generated": at,
        **({"other": written.other} if written.other else {}),
        **({"template": list(written.template_texts)} if written.template_texts else {}),
    }


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
    given: Given,
) -> Document:
    """The document of these results; the same results at the same versions give the same document."""
    installed = {name: registry.get(name) for name in registry.names()}
    return compose(results, installed, recipe, language, _context(session, results, given))


def _context(session: Session, results: Mapping[str, Result], given: Given) -> ReportContext:
    settings, matrix = session.inputs.settings, matrix_of(given.strategies)
    return ReportContext(
        as_of=session.as_of,
        company=session.store.config.name,
        currency=settings.currency,
        timezone=settings.timezone,
        workspace_id=session.store.catalog.workspace,
        keguan=keguan.__version__,
        period=session.period,
        generated=given.generated,
        previous=given.previous,
        comments=given.comments,
        sources=_sources(session),
        versions=session.versions,
        files={name: tuple(Path(file).name for file in files) for name, files in session.files.items()},
        kind=_kind(results),
        advice=matrix.advice(),
        framework=matrix.table(),
        strategies=given.strategies,
    )


def _sources(session: Session) -> tuple[str, ...]:
    rows = session.inputs.query(
        "SELECT file, min(load_id) AS load_id FROM loads GROUP BY file ORDER BY load_id"
    )
    return tuple(str(row["file"]) for row in rows.to_pylist())


def _kind(results: Mapping[str, Result]) -> str | None:
    result = results.get("business_kind")
    if result is None or not result.has("decision"):
        return None
    rows = result.table("decision").records()
    return str(rows[0]["kind"]) if rows and rows[0]["kind"] else None


def _keep_segments(store: Store, session: Session, results: Sequence[Result]) -> None:
    # A report needs no permission to write; `run` and `export` say it aloud.
    with suppress(WorkspaceError):
        segments.save(store, session, *results)
