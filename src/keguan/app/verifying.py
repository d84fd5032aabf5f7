"""The use case 'verify': a document is held against what its workspace computes again.

Nothing inside the document is run. The manifest names analyses, parameters and table versions; the
installed analyses are run on these versions, the document is composed again, and what the file shows is
compared with that, element by element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from keguan import registry
from keguan.analysis import Analysis
from keguan.app import kept_reports
from keguan.app.analyse import Session
from keguan.app.comparing import parameters
from keguan.app.kept_reports import Writing
from keguan.app.recipes import checked, chosen
from keguan.app.reporting import Given, composed, run_all
from keguan.app.verdict import ClaimVerdict, Verdict
from keguan.core.errors import InputError, KeguanError, ProofError, Where
from keguan.core.text import LANGUAGES, Language, Text, same
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import Form, read_file
from keguan.render.marks import Difference, Marked, differences
from keguan.report.changes import with_changes
from keguan.report.document import Comment, Document
from keguan.report.earlier import OWN, Previous
from keguan.report.recipe import recipes
from keguan.report.stranger import held
from keguan.schema.tables import ENTITIES
from keguan.store.refusal import gone
from keguan.store.workspace import Store

Progress = Callable[[Text, float], None]
_ID = re.compile(r"\b[0-9a-f]{10}\b")  # of a claim


def verify_file(store: Store, path: Path, *, now: bool = False, progress: Progress) -> Verdict:
    """The verdict on a report file of any form. InputError when the file is no report of this workspace."""
    form, marked = read_file(path)
    inside, kept = _manifests(store, marked, path.name)
    issued = kept or inside
    writing = _writing(form, inside, kept)
    written = str(writing.get("generated", ""))
    try:
        if not kept:
            _same_earlier(store, issued)
        document = _recomputed(store, {**issued, "generated": written}, progress)
    except KeguanError as error:
        return _not_provable(issued, error)
    today = _today(store, issued, progress) if now else None
    fresh = form.write(document, Pictures(document)).content
    ids = _ids(document.manifest, issued)
    if marked.again:
        marked = _with_ids(marked.again(fresh), ids)
    expected = _expected(form.read(fresh, form.name), ids, writing)
    claims = _claims(issued, document.manifest, differences(marked, expected), today)
    found = tuple(item for item in differences(marked, expected) if item.kind not in ("claim", "value"))
    return Verdict(
        claims,
        tuple(item for item in found if item.kind != "other"),
        other_changed=any(item.kind == "other" for item in found),
        manifest_changed=bool(inside) and not kept_reports.agree(inside, issued),
        compared_with_now=now,
        notes=_remarks(inside, kept),
        rewritable=marked.other is None,
    )


def _manifests(store: Store, marked: Marked, file: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The manifest inside the file and the workspace's own copy; either may be empty, not both."""
    inside = held(marked.manifest, file) if marked.manifest else {}
    kept = kept_reports.issued(store, inside, marked.document, file)
    if not inside and not kept:
        raise InputError(
            Text(
                "文件里的清单丢失了，工作区也没有留存",
                "The manifest inside the file is lost, and the workspace keeps none",
            ),
            Where(file=file),
            found=marked.document or "–",
            do=Text(
                "用 -w 指明写出它的工作区，或给出原文件",
                "name the workspace that wrote it with -w, or give the original file",
            ),
        )
    return inside, kept


def _remarks(inside: Mapping[str, Any], kept: Mapping[str, Any]) -> tuple[Text, ...]:
    notes = []
    if not kept:
        notes.append(
            Text(
                "工作区没有留存这份报告的清单: 其余文字与重新排版的文件比对",
                "The workspace keeps no manifest of this report: its other parts are held against the file made again",
            )
        )
    if not inside:
        notes.append(
            Text(
                "文件里的清单丢失了 (可能由别的程序另存): 用工作区留存的一份核对",
                "The manifest inside the file is lost (perhaps saved by another program): the workspace's copy is used",
            )
        )
    return tuple(notes)


def _writing(form: Form, inside: Mapping[str, Any], kept: Mapping[str, Any]) -> Writing:
    """What the workspace kept of the writing that a file comes from, told by its time; what the file says of itself
    counts for its time alone. Where that is lost the last writing, with the texts of every template used."""
    writings = kept_reports.writings(kept, form.name)
    if inside:
        written = inside.get("generated", "")
        known = next((item for item in writings if item.get("generated") == written), {})
        return {**known, "generated": written}
    texts = [text for item in writings for text in item.get("template", ())]
    return {"generated": kept.get("generated", ""), **(writings[-1] if writings else {}), "template": texts}


def _expected(again: Marked, ids: Mapping[str, str], writing: Writing) -> Marked:
    """What the file should show: what a file written now shows, under the ids of the document.

    Its other parts: as issued, when the same writing was kept, so that a new version of Keguan may look different.
    """
    return replace(
        _with_ids(again, ids),
        other=writing.get("other") or again.other,
        loose=tuple(_with_old_ids(text, ids) for text in again.loose) + tuple(writing.get("template", ())),
    )


def _with_ids(marked: Marked, ids: Mapping[str, str]) -> Marked:
    return replace(marked, items={_renamed(name, ids): text for name, text in marked.items.items()})


def _recomputed(store: Store, issued: Mapping[str, Any], progress: Progress) -> Document:
    """The document that the installed analyses give at the pinned versions."""
    if unknown := sorted(set(issued["versions"]) - set(ENTITIES)):
        raise ProofError(
            Text("报告引用了不存在的数据表", "The report names tables that do not exist"),
            found=", ".join(unknown),
        )
    versions = {str(name): int(version) for name, version in issued["versions"].items()}
    with Session(store, date.fromisoformat(issued["as_of"]), versions) as session:
        _same_files(session, issued)
        return _document(session, issued, progress)


def _same_earlier(store: Store, issued: Mapping[str, Any]) -> None:
    """Figures of an earlier report count only as the workspace keeps them: nothing computes them again."""
    given = issued["analyses"].get(OWN, {}).get("params", {})
    before = issued.get("previous")
    if not before and not given.get("since"):
        return
    kept = kept_reports.manifest_of(store, before["document_id"]) if before else None
    said = {name: given.get(name) for name in ("since", "figures")}
    if kept is None or (given and parameters(held(kept, "reports")) != said):
        raise ProofError(
            Text(
                "所比的上期报告与工作区留存的不同",
                "The earlier report that it is compared with is not as the workspace keeps it",
            ),
            found=before["document_id"] if before else None,
        )


def _same_files(session: Session, issued: Mapping[str, Any]) -> None:
    """The pinned versions must consist of the files that the document names: a damaged log may give others."""
    named = issued.get("files")
    if not isinstance(named, Mapping):
        return
    for table, files in session.files.items():
        if [Path(file).name for file in files] != named.get(table, []):
            raise gone(table, session.versions[table], f"{len(files)} files, not those of the report")


def _today(store: Store, issued: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    with Session(store) as session:
        return _document(session, issued, progress).manifest


def _document(session: Session, issued: Mapping[str, Any], progress: Progress) -> Document:
    text, name = issued.get("recipe_text"), str(issued["recipe"])
    if not text and name not in recipes():
        raise ProofError(  # never a path: a document must not choose a file that is opened
            Text("报告用的配方没有随报告保存", "The recipe of the report is not kept with it"),
            found=name,
            allowed=same(", ".join(recipes())),
        )
    recipe = checked(str(text), name) if text else chosen(name)
    params = {name: entry["params"] for name, entry in issued["analyses"].items() if name in registry.names()}
    for analysis, given in params.items():
        _same_kinds(registry.get(analysis), given)
    recipe = with_changes(recipe) if "previous" in issued else recipe
    results = run_all(session, recipe, progress, params)
    return composed(session, results, recipe, _language(issued), _given(issued))


def _same_kinds(analysis: Analysis, given: Mapping[str, Any]) -> None:
    """Parameters are of their fields' kinds: a number where a number is meant."""
    kinds = {item.name: type(item.default) for item in analysis.fields() if item.default is not None}
    for name, value in given.items():
        kind = kinds.get(name)
        whole_for_fraction = kind is float and type(value) is int
        if kind is not None and value is not None and type(value) is not kind and not whole_for_fraction:
            raise ProofError(
                Text("报告内的参数类型不对", "A parameter in the report is of the wrong kind"),
                Where(column=f"{analysis.name}.{name}"),
                found=str(value),
                allowed=same(kind.__name__),
            )


def _given(issued: Mapping[str, Any]) -> Given:
    """What the document says that no data give; people's words are not proved, they are only as issued."""
    before = issued.get("previous")
    return Given(
        _written(issued),
        Previous.kept(before) if before else None,
        tuple(Comment.of(item) for item in issued.get("comments", ())),
        issued.get("strategies", ""),
    )


def _written(issued: Mapping[str, Any]) -> datetime | None:
    """The moment that the document says it was written, so that the page made again is the same page."""
    try:
        return datetime.fromisoformat(str(issued["generated"]))
    except (KeyError, ValueError):
        return None


def _language(issued: Mapping[str, Any]) -> Language:
    found = issued.get("language")
    return cast(Language, found) if found in LANGUAGES else "zh"


def _not_provable(issued: Mapping[str, Any], error: KeguanError) -> Verdict:
    why = Text(error.paragraph("zh"), error.paragraph("en"))
    claims = tuple(
        ClaimVerdict(item["id"], item["key"], "not provable", item["text"], why) for item in issued["claims"]
    )
    return Verdict(claims, (), other_changed=False, manifest_changed=False)


def _claims(
    issued: Mapping[str, Any],
    fresh: Mapping[str, Any],
    found: tuple[Difference, ...],
    today: Mapping[str, Any] | None,
) -> tuple[ClaimVerdict, ...]:
    edited = {item.name.partition("@")[0] for item in found if item.kind in ("claim", "value")}
    now_by_key = {item["key"]: item["text"] for item in today["claims"]} if today else {}
    fresh_by_key = {item["key"]: item for item in fresh["claims"]}
    return tuple(
        _claim_verdict(item, fresh_by_key.get(item["key"]), edited, now_by_key) for item in issued["claims"]
    )


def _claim_verdict(
    item: Mapping[str, Any],
    again: Mapping[str, Any] | None,
    edited: set[str],
    today: Mapping[str, str],
) -> ClaimVerdict:
    now = today.get(item["key"])
    moved = now if now is not None and now != item["text"] else None
    if again is None or again["text"] != item["text"]:
        why = (
            Text("安装的版本不再得出这一结论", "the installed version no longer draws this claim")
            if again is None
            else Text(f"重新计算得到: {again['text']}", f"computed again: {again['text']}")
        )
        return ClaimVerdict(item["id"], item["key"], "not provable", item["text"], why, moved)
    if item["id"] in edited:
        why = Text(f"应为: {again['text']}", f"computed: {again['text']}")
        return ClaimVerdict(item["id"], item["key"], "edited", item["text"], why, moved)
    return ClaimVerdict(item["id"], item["key"], "proved", item["text"], None, moved)


def _ids(fresh: Mapping[str, Any], issued: Mapping[str, Any]) -> dict[str, str]:
    """Claim ids computed now -> ids of the document: an id changes with the code, a key does not."""
    old = {item["key"]: item["id"] for item in issued["claims"]}
    return {item["id"]: old[item["key"]] for item in fresh["claims"] if item["key"] in old}


def _renamed(name: str, ids: Mapping[str, str]) -> str:
    kind, _, rest = name.partition(":")
    id, sign, place = rest.partition("@")
    return f"{kind}:{ids[id]}{sign}{place}" if kind in ("claim", "value", "advice") and id in ids else name


def _with_old_ids(text: str, ids: Mapping[str, str]) -> str:
    return _ID.sub(lambda found: ids.get(found[0], found[0]), text)
