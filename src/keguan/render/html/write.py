"""The HTML form: the page as bytes."""

from __future__ import annotations

from keguan.render.charts.pictures import Pictures
from keguan.render.forms import Options, Rendered
from keguan.render.html.page import page
from keguan.report.document import Document


def write(document: Document, pictures: Pictures, options: Options) -> Rendered:
    """One file that needs nothing else; it takes no template."""
    text, manifest = page(document, pictures)
    return Rendered(text.encode(), str(manifest["other"]))
