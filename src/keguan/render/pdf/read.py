"""What a PDF report shows now: its manifest from the attachment, the text of every element, its pictures.

Nothing in the file is run or followed. Files made to exhaust the reader are refused.
"""

from __future__ import annotations

import json
from typing import Any

from keguan.render.forms import no_report
from keguan.render.marks import Marked
from keguan.render.pdf.bombs import defused
from keguan.render.pdf.elements import shown
from keguan.render.pdf.pages import MOST_PAGES, stream

MANIFEST = "manifest.json"
ELEMENTS = "elements.json"
MOST_ATTACHED = 64 << 20
MOST_FILES = 20


def read(content: bytes, name: str) -> Marked:
    """The marks of a report file. InputError when it is no report."""
    import pypdfium2

    try:
        defused(content)
        document = pypdfium2.PdfDocument(content)
    except (ValueError, pypdfium2.PdfiumError) as error:
        raise no_report(name, str(error)) from None
    try:
        return _marked(document)
    except (ValueError, RecursionError, pypdfium2.PdfiumError) as error:
        raise no_report(name, str(error)) from None
    finally:
        document.close()


def _marked(document: Any) -> Marked:
    if len(document) > MOST_PAGES:
        raise ValueError(f"> {MOST_PAGES:,} pages")
    attached = _attached(document)
    manifest, order = _json(attached, MANIFEST), _json(attached, ELEMENTS)
    if not isinstance(manifest, dict) or not manifest or not isinstance(order, dict):
        raise ValueError(f"{MANIFEST}, {ELEMENTS}: –")
    found = stream(document)
    items, free = shown(order.get("leaves"), found)
    items.update(_pictures(order.get("pictures"), found.pictures))
    found.rest.update(free.encode("utf-8", "surrogatepass"))
    found.rest.update("\n".join(sorted(attached)).encode("utf-8", "surrogatepass"))
    return Marked(items, manifest, str(manifest.get("document_id", "")), found.rest.hexdigest())


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
