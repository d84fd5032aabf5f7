"""The workspace's own copies of its reports' manifests, reports/ID.json: what was issued, whatever a file says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from keguan.render.forms import FORMS
from keguan.render.markup import shown
from keguan.report.document import Json
from keguan.report.stranger import held, is_document_id
from keguan.store.workspace import Store

MOST_WRITINGS = 20  # of one document in one form

# `generated`: when; `other`: hash of what is not marked; `template`: texts of the company's template.
Writing = Mapping[str, Any]

# What one writing of a document adds: its time, its forms, the elements of its charts.
OF_ONE_WRITING = frozenset({"generated", "forms", "items", "other"})


def place(store: Store, document: str) -> Path:
    """Where the workspace keeps the manifest of a document."""
    return store.folder / "reports" / f"{document}.json"


def manifest_of(store: Store, document: str) -> Json | None:
    """The workspace's own copy; None when it keeps none that can be read."""
    if not is_document_id(document):
        return None
    try:
        return dict(json.loads(place(store, document).read_text("utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def with_earlier(store: Store, manifest: Json) -> Json:
    """The manifest with the earlier writings of the same document: its id tells content, not form, so that one
    document may be written as a page today and into a company's template tomorrow."""
    before = manifest_of(store, str(manifest["document_id"])) or {}
    forms = {name: (*writings(before, name), *writings(manifest, name))[-MOST_WRITINGS:] for name in FORMS}
    return {**manifest, "forms": {name: list(listed) for name, listed in forms.items() if listed}}


def writings(manifest: Mapping[str, Any], form: str) -> tuple[Writing, ...]:
    """What was kept of each writing of a document in one form, the last one last; what is none is left out."""
    forms = manifest.get("forms")
    listed = forms.get(form) if isinstance(forms, Mapping) else None
    return tuple(filter(_is_writing, listed)) if isinstance(listed, list) else ()


def _is_writing(item: Any) -> bool:
    if not isinstance(item, Mapping) or not isinstance(item.get("template", []), list):
        return False
    texts = (item.get("generated", ""), item.get("other", ""), *item.get("template", ()))
    return all(isinstance(text, str) for text in texts)


def issued(store: Store, inside: Mapping[str, Any], document: str, file: str) -> Mapping[str, Any]:
    """The workspace's copy of a manifest found in a file; empty when it keeps none.

    InputError when the report comes from another workspace or the copy is none.
    """
    name = str(inside.get("document_id") or document)
    kept = manifest_of(store, name)
    found = held(kept, f"reports/{name}.json") if kept is not None else {}
    for manifest in (inside, found):
        if manifest and manifest.get("workspace") != store.catalog.workspace:
            raise _foreign(store, manifest, file)
    return found


def agree(inside: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """Whether the manifest in a file says what was issued; a form adds elements, a second writing its time."""
    names = {*inside, *kept} - OF_ONE_WRITING
    # A page keeps what it shows: characters that would drive it stand there as escapes.
    return all(inside.get(name) == kept.get(name) for name in names) and all(
        inside["items"].get(name) in (text, shown(text)) for name, text in kept["items"].items()
    )


def _foreign(store: Store, manifest: Mapping[str, Any], file: str) -> InputError:
    return InputError(
        Text("这份报告出自另一个工作区", "This report comes from another workspace"),
        Where(file=file),
        found=str(manifest.get("workspace")),
        allowed=Text(store.catalog.workspace, store.catalog.workspace),
        do=Text("用 -w 指明写出它的工作区", "name the workspace that wrote it with -w"),
    )
