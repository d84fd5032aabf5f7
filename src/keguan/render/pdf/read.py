"""What a PDF report shows now: its manifest from the attachment, the text of every element, its pictures.

Nothing in the file is run or followed. Files made to exhaust the reader are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from keguan.render.forms import no_report
from keguan.render.marks import Marked
from keguan.render.pdf.bombs import defused
from keguan.render.pdf.elements import shown
from keguan.render.pdf.pages import MOST_PAGES, stream

MANIFEST = "manifest.json"
ELEMENTS = "elements.json"
KEYWORD = "Keguan"  # beside the document id
_ID = re.compile(r"[0-9a-f]{12}")
MOST_ATTACHED = 64 << 20
MOST_FILES = 20


def read(content: bytes, name: str) -> Marked:
    """The marks of a report file. InputError when it is no report.

    Where another program dropped the attachments: the id that the file bears, and `again`, which reads the pages by
    the order of the texts of the same report written now.
    """
    return _read(content, name, None)


def _read(content: bytes, name: str, order: Mapping[str, Any] | None) -> Marked:
    import pypdfium2

    try:
        defused(content)
        document = pypdfium2.PdfDocument(content)
    except (ValueError, pypdfium2.PdfiumError) as error:
        raise no_report(name, str(error)) from None
    try:
        return _marked(document, order, lambda fresh: _read(content, name, _order(fresh, name)))
    except (ValueError, RecursionError, pypdfium2.PdfiumError) as error:
        raise no_report(name, str(error)) from None
    finally:
        document.close()


def _marked(document: Any, given: Mapping[str, Any] | None, again: Callable[[bytes], Marked]) -> Marked:
    if len(document) > MOST_PAGES:
        raise ValueError(f"> {MOST_PAGES:,} pages")
    attached = _attached(document)
    manifest, order = _json(attached, MANIFEST) or {}, given or _json(attached, ELEMENTS)
    borne = _borne(document)
    if not isinstance(manifest, dict) or not (borne or (manifest and order)):
        raise ValueError(f"{MANIFEST}, {ELEMENTS}: –")
    id = str(manifest.get("document_id") or borne)
    if not order:
        return Marked({}, manifest, id, "", again=again)
    if not isinstance(order, dict):
        raise ValueError(f"{ELEMENTS}: –")
    found = stream(document)
    items, free = shown(order.get("leaves"), found)
    items.update(_pictures(order.get("pictures"), found.pictures))
    found.rest.update(free.encode("utf-8", "surrogatepass"))
    names = sorted(
        {*attached, MANIFEST, ELEMENTS}
    )  # a file that lost its own is told in words, not as an edit
    found.rest.update("\n".join(names).encode("utf-8", "surrogatepass"))
    return Marked(items, manifest, id, found.rest.hexdigest())


def _order(fresh: bytes, name: str) -> Mapping[str, Any]:
    """The order of the texts of a file written now."""
    import pypdfium2

    document = pypdfium2.PdfDocument(fresh)
    try:
        order = _json(_attached(document), ELEMENTS)
    finally:
        document.close()
    if not isinstance(order, dict):
        raise no_report(name, f"{ELEMENTS}: –")
    return order


def _borne(document: Any) -> str:
    """The document id among the keywords of the file, '' when it is no report's."""
    words = re.split(r"[,;\s]+", document.get_metadata_value("Keywords"))
    found = [word for word in words if _ID.fullmatch(word)]
    return found[0] if found and KEYWORD in words else ""


def _attached(document: Any) -> dict[str, bytes]:
    count = document.count_attachments()
    if count > MOST_FILES:
        raise ValueError(f"> {MOST_FILES} attachments")
    out = {}
    for number in range(count):
        item = document.get_attachment(number)
        name = item.get_name()
        if name in (MANIFEST, ELEMENTS):
            out[name] = bytes(item.get_data())
        else:
            out[name] = b""
    return out


def _json(attached: dict[str, bytes], name: str) -> Any:
    data = attached.get(name, b"")
    if len(data) > MOST_ATTACHED:
        raise ValueError(f"{name}: > {MOST_ATTACHED >> 20} MB")
    return json.loads(data, parse_constant=_no_number) if data else None


def _pictures(names: Any, found: list[str]) -> dict[str, str]:
    """Hashes of each picture's pieces by its element id; pictures too many are seen in the hash of the rest."""
    if not isinstance(names, list) or not all(
        isinstance(name, str) and name.startswith("picture:") for name in names
    ):
        raise ValueError("elements: –")
    pieces: dict[str, list[str]] = {name: [] for name in names}
    for name, piece in zip(names, found, strict=False):
        pieces[name].append(piece)
    return {name: " ".join(listed) or "–" for name, listed in pieces.items()}


def _no_number(name: str) -> None:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(name)
