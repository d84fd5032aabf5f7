"""PDFs of the sample report, written and then changed as an editor of PDFs would."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from keguan.core.text import Language
from keguan.render.charts.pictures import Pictures
from keguan.render.forms import FORMS, PLAIN, Options
from keguan.render.marks import Difference, Marked, differences
from keguan.report.compose import compose
from keguan.report.document import Document
from keguan.report.recipe import load_recipe
from report import sample

Change = Callable[[Any, Any], bool]  # page, its text page -> whether it was changed


@cache
def document(language: Language = "zh") -> Document:
    return compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())


def written(made: Document, *, archival: bool = False) -> bytes:
    return FORMS["pdf"].write(made, Pictures(made), Options({}, True) if archival else PLAIN).content


@cache
def original(language: Language = "zh") -> bytes:
    return written(document(language))


def shows(content: bytes) -> Marked:
    return FORMS["pdf"].read(content, "report.pdf")


def named(content: bytes) -> list[tuple[str, str, str | None]]:
    found: tuple[Difference, ...] = differences(shows(content), shows(original()))
    return [(item.kind, item.name, item.found) for item in found]


def texts(content: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_bounded() for page in opened]


def edited(content: bytes, change: Change) -> bytes:
    """The file after the first page that `change` takes was changed, saved by pdfium."""
    opened = pypdfium2.PdfDocument(content)
    for page in opened:
        if change(page, page.get_textpage()):
            pdfium.FPDFPage_GenerateContent(page)
            break
    else:
        raise AssertionError("nothing was changed")
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def stripped(content: bytes, *names: str) -> bytes:
    """The file without these attachments, saved by pdfium as a mail gateway or an editor would."""
    opened = pypdfium2.PdfDocument(content)
    for number in reversed(range(opened.count_attachments())):
        if opened.get_attachment(number).get_name() in names:
            assert pdfium.FPDFDoc_DeleteAttachment(opened.raw, number)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def retyped(old: str, new: str, nth: int = 0) -> Change:
    """Types `new` where the `nth` text object holds `old`."""
    left = [nth]

    def change(page: Any, text_page: Any) -> bool:
        for number in range(pdfium.FPDFPage_CountObjects(page)):
            thing = pdfium.FPDFPage_GetObject(page, number)
            if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            text = text_of(thing, text_page)
            if old not in text:
                continue
            if left[0]:
                left[0] -= 1
                continue
            typed = ctypes.create_string_buffer((text.replace(old, new) + "\0").encode("utf-16-le"))
            assert pdfium.FPDFText_SetText(thing, ctypes.cast(typed, ctypes.POINTER(ctypes.c_ushort)))
            return True
        return False

    return change


def text_of(thing: Any, text_page: Any) -> str:
    held = ctypes.create_string_buffer(8000)
    into = ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort))
    size = pdfium.FPDFTextObj_GetText(thing, text_page, into, 4000)
    return held.raw[: max(0, size - 2)].decode("utf-16-le").rstrip()
