"""The use case 'verify': a document is held against what its workspace computes again.

Nothing inside the document is run. The manifest names analyses, parameters and table versions; the
installed analyses are run on these versions, the document is composed again, and what the file shows is
compared with that, element by element.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, cast

from keguan import registry
from keguan.analysis import Analysis
from keguan.app.analyse import Session
from keguan.app.recipes import checked, chosen
from keguan.app.reporting import composed, manifest_of, run_all
from keguan.core.errors import InputError, KeguanError, ProofError, Where
from keguan.core.text import LANGUAGES, Language, Text, same
from keguan.render.html_read import Difference, Marked, differences, read
from keguan.render.to_html import page
from keguan.report.recipe import recipes
from keguan.report.stranger import held
from keguan.schema.tables import ENTITIES
from keguan.store.refusal import gone
from keguan.store.workspace import Store

Progress = Callable[[Text, float], None]
State = Literal["proved", "edited", "not provable"]

KINDS: Mapping[str, Text] = {
    "claim": Text("结论", "Claim"),
    "value": Text("句中数字", "Figure of a sentence"),
    "cell": Text("表格单元格", "Table cell"),
    "datum": Text("图表数据", "Chart datum"),
    "picture": Text("图表图形", "Chart picture"),
}


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """One claim of the document."""

    id: str
    key: str
    state: State
    text: str
    why: Text | None = None
    today: str | None = None  # with --now: what today's data say, where it differs


@dataclass(frozen=True)
class Verdict:
    """The whole document."""

    claims: tuple[ClaimVerdict, ...]
    edited: tuple[Difference, ...]  # cells, data and pictures that are not as computed
    other_changed: bool
    manifest_changed: bool
    compared_with_now: bool = False
    notes: tuple[Text, ...] = field(default_factory=tuple)

    @property
    def proved(self) -> bool:
        """Whether every claim is proved and nothing was edited."""
        return (
            all(claim.state == "proved" for claim in self.claims)
            and not self.edited
            and not self.other_changed
            and not self.manifest_changed
        )

    def lines(self, language: Language) -> list[str]:
        """What to print: each fault by name, then the sum."""
        out = [self._claim_line(claim, language) for claim in self.claims if claim.state != "proved"]
        out += [_edit_line(item, language) for item in self.edited]
        if self.manifest_changed:
            out.append(
                Text(
                    "✗ 文件内的清单与工作区留存的不同",
                    "✗ the manifest inside the file differs from the workspace's copy",
                ).in_(language)
            )
        if self.other_changed:
            out.append(Text("✗ 其他部分被修改", "✗ other parts were changed").in_(language))
        out += [f"  {note.in_(language)}" for note in self.notes]
        if self.compared_with_now:
            out += self._today_lines(language)
        count = sum(claim.state == "proved" for claim in self.claims)
        total = len(self.claims)
        mark = "✓" if self.proved else "✗"
        out.append(
            Text(
                f"{mark} {total} 条结论中 {count} 条已证实, {len(self.edited)} 处单元格或图表被修改",
                f"{mark} {count} of {total} claims proved, {len(self.edited)} cells or charts edited",
            ).in_(language)
        )
        return out

    def _claim_line(self, claim: ClaimVerdict, language: Language) -> str:
        state = {"edited": Text("已被修改", "edited"), "not provable": Text("无法证实", "not provable")}[
            claim.state
        ]
        why = f" ({claim.why.in_(language)})" if claim.why else ""
        return f"✗ {claim.id} {claim.key}: {state.in_(language)}{why}"

    def _today_lines(self, language: Language) -> list[str]:
        moved = [claim for claim in self.claims if claim.today is not None]
        if not moved:
            return [Text("  今天的数据说法相同", "  today's data say the same").in_(language)]
        said = Text("今天的数据", "today").in_(language)
        return [f"  {claim.key}: {claim.text} → {said}: {claim.today}" for claim in moved]


def _edit_line(item: Difference, language: Language) -> str:
    kind = KINDS.get(item.kind, Text("部分", "Part")).in_(language)
    found = Text(
        f"文件中为「{item.found}」, 应为「{item.expected}」",
        f"the file shows '{item.found}', computed '{item.expected}'",
    )
    shown = "" if item.kind == "picture" else f": {found.in_(language)}"
    return f"✗ {kind} {item.name}{shown}"


def verify_file(store: Store, path: Path, *, now: bool = False, progress: Progress) -> Verdict:
    """The verdict on a report file. InputError when the file is no report of this workspace."""
    marked = read(path)
    inside = held(marked.manifest, path.name)
    kept = manifest_of(store, inside["document_id"])
    if kept is not None:
        kept = dict(held(kept, f"reports/{inside['document_id']}.json"))
    issued = kept or inside
    if issued.get("workspace") != store.catalog.workspace:
        raise InputError(
            Text("这份报告出自另一个工作区", "This report comes from another workspace"),
            Where(file=path.name),
            found=str(issued.get("workspace")),
            allowed=Text(store.catalog.workspace, store.catalog.workspace),
            do=Text("用 -w 指明写出它的工作区", "name the workspace that wrote it with -w"),
        )
    notes: list[Text] = []
    try:
        fresh = _recomputed(store, issued, progress)
    except KeguanError as error:
        return _not_provable(issued, error)
    today = _today(store, issued, progress) if now else None
    if kept is None:
        notes.append(
            Text(
                "工作区没有留存这份报告的清单: 其余文字与重新排版的页面比对",
                "The workspace keeps no manifest of this report: its other parts are held against the page made again",
            )
        )
    # What the file says of itself proves nothing: the copy kept by the workspace does, or the page made again.
    unedited = (kept or fresh).get("other")
    return _compared(marked, {**issued, "other": unedited}, fresh, inside != issued, today, notes)


def _recomputed(store: Store, issued: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """The manifest that the installed analyses give at the pinned versions."""
    if unknown := sorted(set(issued["versions"]) - set(ENTITIES)):
        raise ProofError(
            Text("报告引用了不存在的数据表", "The report names tables that do not exist"),
            found=", ".join(unknown),
        )
    versions = {str(name): int(version) for name, version in issued["versions"].items()}
    with Session(store, date.fromisoformat(issued["as_of"]), versions) as session:
        _same_files(session, issued)
        return _manifest(session, issued, progress)


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
        return _manifest(session, issued, progress)


def _manifest(session: Session, issued: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
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
    results = run_all(session, recipe, progress, params)
    _, manifest = page(composed(session, results, recipe, _language(issued), {}, _written(issued)))
    return manifest


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


def _compared(
    marked: Marked,
    issued: Mapping[str, Any],
    fresh: Mapping[str, Any],
    manifest_changed: bool,
    today: Mapping[str, Any] | None,
    notes: list[Text],
) -> Verdict:
    expected = _renamed(fresh, issued)
    found = differences(marked, expected)
    edited_claims = {item.name for item in found if item.kind == "claim"}
    edited_claims |= {item.name for item in found if item.kind == "value"}
    now_by_key = {item["key"]: item["text"] for item in today["claims"]} if today else {}
    fresh_by_key = {item["key"]: item for item in fresh["claims"]}
    claims = [
        _claim_verdict(item, fresh_by_key.get(item["key"]), edited_claims, now_by_key)
        for item in issued["claims"]
    ]
    edited = tuple(item for item in found if item.kind not in ("claim", "value", "other"))
    other = marked.other != issued.get("other")
    return Verdict(tuple(claims), edited, other, manifest_changed, today is not None, tuple(notes))


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


def _renamed(fresh: Mapping[str, Any], issued: Mapping[str, Any]) -> dict[str, str]:
    """The computed elements under the ids of the document: an id changes with the code, a key does not."""
    old = {item["key"]: item["id"] for item in issued["claims"]}
    ids = {item["id"]: old[item["key"]] for item in fresh["claims"] if item["key"] in old}
    out: dict[str, str] = {}
    for name, text in fresh["items"].items():
        kind, _, rest = name.partition(":")
        id, sign, place = rest.partition("@")
        if kind in ("claim", "value") and id in ids:
            name = f"{kind}:{ids[id]}{sign}{place}"
        out[name] = text
    return out
