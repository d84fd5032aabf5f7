"""What a Word report shows now: the text of every marked element, and the texts outside of them.

Read from the file as Word, LibreOffice or WPS saved it. Nothing in it is run or followed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from keguan.render.docx.inside import kept
from keguan.render.docx.package import tree, unpacked
from keguan.render.docx.walk import Walk
from keguan.render.forms import no_report
from keguan.render.marks import Marked

MAIN = "word/document.xml"
_BESIDE = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")
_ID = re.compile(r"\b[0-9a-f]{12}\b")


def read(content: bytes, name: str) -> Marked:
    """The marks of a report file. InputError when it is no report."""
    parts = unpacked(content, name)
    if MAIN not in parts:
        raise no_report(name, f"{MAIN}: –")
    manifest, names, id = kept(parts, name)
    try:
        walk = Walk(names, _pictures(parts, name))
        walk.story(tree(parts, MAIN, name))
        beside = _beside(parts, names, name)
    except (RecursionError, TypeError, LookupError, AttributeError) as error:
        raise no_report(name, f"{type(error).__name__}: {error}") from None
    document = str(manifest.get("document_id") or id or _told(beside))
    if not manifest and not document:
        raise no_report(name, "manifest: –")
    return Marked(walk.items, manifest, document, None, (*walk.loose, *beside))


def _pictures(parts: Mapping[str, bytes], name: str) -> dict[str, bytes]:
    """Pictures of the main text by the id of their relation."""
    relations = "word/_rels/document.xml.rels"
    if relations not in parts:
        return {}
    targets = {str(item.get("Id")): str(item.get("Target")) for item in tree(parts, relations, name)}
    found = {id: parts.get(f"word/{target}", parts.get(target.lstrip("/"))) for id, target in targets.items()}
    return {id: picture for id, picture in found.items() if picture is not None}


def _beside(parts: Mapping[str, bytes], names: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Texts of headers, footers and notes, each once: some programs write a header for each kind of page."""
    found: list[str] = []
    for part in sorted(parts):
        if _BESIDE.fullmatch(part):
            walk = Walk({}, {})
            walk.story(tree(parts, part, name))
            found += walk.loose
    return tuple(dict.fromkeys(found))


def _told(texts: tuple[str, ...]) -> str:
    """The document id as the footer prints it."""
    found = [match[0] for text in texts if (match := _ID.search(text))]
    return found[0] if found else ""
