"""A manifest that came from outside: held against the shape of a manifest before any of it is used.

It is words and numbers: nothing in it is run, and no name in it may be a path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from keguan.core.errors import InputError, Where
from keguan.core.text import Text

MOST_CLAIMS = 10_000
LONGEST_PARAMETER = 200  # characters of a name
LONGEST_RULES = 100_000  # characters of a text given to an analysis: rules of segments are the longest
LARGEST_PARAMETER = 10**12  # size of a number given to an analysis
LATEST_VERSION = 10**9
LONGEST_RECIPE = 1 << 20
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_DOCUMENT = re.compile(r"[0-9a-f]{12}")


def held(manifest: Any, file: str) -> Mapping[str, Any]:
    """The manifest, when it has the shape of one. InputError names the part that has not."""
    fault = "manifest" if not isinstance(manifest, Mapping) else _fault(manifest)
    if fault is None:
        return dict(manifest)
    raise malformed(file, fault, manifest.get(fault) if isinstance(manifest, Mapping) else manifest)


def malformed(file: str, part: str, value: Any) -> InputError:
    """The refusal of a manifest for one part of it."""
    return InputError(
        Text("报告内的清单不合规格", "The manifest inside the report is not well formed"),
        Where(file=file, column=part),
        found=_shown(value),
        allowed=Text("keguan report 写出的清单", "a manifest as keguan report writes it"),
        do=Text("向写报告的人要原文件", "ask whoever wrote the report for the original file"),
    )


def _shown(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)[:100]
    except (ValueError, RecursionError):
        return "…"


def _fault(manifest: Mapping[str, Any]) -> str | None:
    """The first part that is not as it should be."""
    right = {
        "document_id": is_document_id(manifest.get("document_id")),
        "workspace": _is_text(manifest.get("workspace")),
        "recipe": _is_text(manifest.get("recipe")),
        "as_of": _is_day(manifest.get("as_of")),
        "versions": _are_versions(manifest.get("versions")),
        "analyses": _are_analyses(manifest.get("analyses")),
        "claims": _are_claims(manifest.get("claims")),
        "items": _all_texts(manifest.get("items")),
    }
    if wrong := [name for name, is_right in right.items() if not is_right]:
        return wrong[0]
    if not _are_comments(manifest.get("comments", [])):
        return "comments"
    if not _are_keys(manifest.get("keys", {})):
        return "keys"
    if "previous" in manifest and not _is_earlier(manifest["previous"]):
        return "previous"
    strategies = manifest.get("strategies", "")
    if not isinstance(strategies, str) or len(strategies) > LONGEST_RULES:
        return "strategies"
    recipe = manifest.get("recipe_text", "")
    return None if isinstance(recipe, str) and len(recipe) <= LONGEST_RECIPE else "recipe_text"


def is_document_id(value: Any) -> bool:
    """Whether a value has the form of a document's id, and so may name a file of the workspace."""
    return isinstance(value, str) and _DOCUMENT.fullmatch(value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_PARAMETER


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (ValueError, TypeError):
        return False
    return True


def _named(value: Any) -> bool:
    return isinstance(value, Mapping) and all(_NAME.fullmatch(name) for name in value)


def _are_versions(value: Any) -> bool:
    return _named(value) and all(
        type(number) is int and 0 <= number <= LATEST_VERSION for number in value.values()
    )


def _are_analyses(value: Any) -> bool:
    return _named(value) and all(
        isinstance(entry, Mapping)
        and _named(entry.get("params"))
        and all(map(_is_parameter, entry["params"].values()))
        for entry in value.values()
    )


def _is_parameter(value: Any) -> bool:
    if isinstance(value, int | float):
        return abs(value) <= LARGEST_PARAMETER
    return value is None or (isinstance(value, str) and len(value) <= LONGEST_RULES)


def _are_claims(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_CLAIMS
        and all(
            isinstance(claim, Mapping)
            and all(isinstance(claim.get(name), str) for name in ("id", "key", "text"))
            for claim in value
        )
        and len({claim["id"] for claim in value}) == len(value)
    )


def _are_keys(value: Any) -> bool:
    return (
        _named(value)
        and all(isinstance(keys, Mapping) for keys in value.values())
        and sum(map(len, value.values())) <= MOST_CLAIMS
        and all(type(weighty) is bool for keys in value.values() for weighty in keys.values())
    )


def _are_comments(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, Mapping)
        and all(isinstance(item.get(name), str) for name in ("author", "text"))
        and (item.get("on") is None or _is_day(item["on"]))
        and (item.get("about") is None or isinstance(item["about"], str))
        for item in value
    )


def _is_earlier(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and is_document_id(value.get("document_id"))
        and _is_day(value.get("as_of"))
        and isinstance(value.get("claims"), Mapping)
        and len(value["claims"]) <= MOST_CLAIMS
        and all(
            isinstance(said, list) and len(said) == 2 and all(isinstance(text, str) for text in said)
            for said in value["claims"].values()
        )
        and _are_keys(value.get("keys", {}))
        and isinstance(value.get("language", ""), str)
    )


def _all_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values())
