"""The forms that a report takes, and the seam that each of them fills.

A form is a package `keguan.render.<name>` with two functions: `write.write(document, pictures, options)` gives
the file as `Rendered`, `read.read(content, name)` what a file shows now. What a file should show is what is read from
a freshly written one: no form needs a list of its own elements.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from keguan.core.errors import InputError, UsageError, Where
from keguan.core.text import Text, same
from keguan.render.charts.pictures import Pictures
from keguan.render.marks import Marked
from keguan.report.document import Document

TAKE_TEMPLATES = ("docx", "pptx")
MOST_BYTES = 64 << 20  # of a file that is verified


@dataclass(frozen=True, slots=True)
class Options:
    """How a document is written: `template` is a company's .docx or .pptx, `archival` asks for PDF/A-3b."""

    templates: Mapping[str, Path]
    archival: bool = False


PLAIN = Options({})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A written document. `other`: hash of what is not marked, for forms that are not rewritten on saving;
    `template_texts`: texts in normal form that came from the company's template, not from the report."""

    content: bytes
    other: str | None = None
    template_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its name is its option and package, `suffixes` its file names' ends, the first one written."""

    name: str
    suffixes: tuple[str, ...]

    def write(self, document: Document, pictures: Pictures, options: Options = PLAIN) -> Rendered:
        """The whole file. InputError when a template cannot be used."""
        written: Rendered = importlib.import_module(f"keguan.render.{self.name}.write").write(
            document, pictures, options
        )
        return written

    def read(self, content: bytes, name: str) -> Marked:
        """What a file of this form shows; `name` is for messages. InputError when it is no such report."""
        marked: Marked = importlib.import_module(f"keguan.render.{self.name}.read").read(content, name)
        return marked


FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("html", (".html", ".htm")),
        Form("pdf", (".pdf",)),
        Form("docx", (".docx",)),
        Form("pptx", (".pptx",)),
        Form("xlsx", (".xlsx",)),
    )
}


def chosen(names: str) -> tuple[Form, ...]:
    """The forms of a comma-separated list, each once. UsageError for a name that is none."""
    asked = [name.strip().lower() for name in names.split(",") if name.strip()]
    unknown = [name for name in asked if name not in FORMS]
    if unknown or not asked:
        raise UsageError(
            Text("没有这种报告格式", "There is no such form of report"),
            found=", ".join(unknown) or names,
            allowed=same(", ".join(FORMS)),
            do=Text("用逗号分开写，例如 html,pdf", "name them separated by commas, such as html,pdf"),
        )
    return tuple(FORMS[name] for name in dict.fromkeys(asked))


def templates(files: Sequence[Path]) -> dict[str, Path]:
    """Templates by the form they are for, told by their names' ends. InputError for one that fits no form, UsageError
    for a second one of a form."""
    found: dict[str, Path] = {}
    for file in files:
        form = of_name(file)
        if form is None or form.name not in TAKE_TEMPLATES:
            raise InputError(
                Text("这个文件不能用作模板", "This file cannot be a template"),
                Where(file=file.name),
                found=file.suffix or "–",
                allowed=same(", ".join(FORMS[name].suffixes[0] for name in TAKE_TEMPLATES)),
                do=Text("给出 Word 或 PowerPoint 文件", "give a Word or PowerPoint file"),
            )
        if form.name in found:
            raise UsageError(
                Text("同一种格式给了两个模板", "There are two templates for one form"),
                Where(setting="--template"),
                found=f"{found[form.name].name}, {file.name}",
                allowed=Text("每种格式一个模板", "one template for each form"),
                do=Text("去掉其中一个", "leave one of them out"),
            )
        found[form.name] = file
    return found


def of_name(path: Path) -> Form | None:
    """The form that a file's name asks for."""
    return next((form for form in FORMS.values() if path.suffix.lower() in form.suffixes), None)


def read_file(path: Path) -> tuple[Form, Marked]:
    """What a report file shows, by its content and not by its name alone.

    InputError when it cannot be read, is too large or is no report.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            Text("报告文件打不开", "The report file cannot be opened"),
            Where(file=path.name),
            found=error.strerror or type(error).__name__,
            do=Text("检查文件名与权限后重试", "check its name and permissions and try again"),
        ) from error
    if len(content) > MOST_BYTES:
        raise no_report(path.name, f"> {MOST_BYTES >> 20} MB")
    form = _of_content(content, path)
    return form, form.read(content, path.name)


def _of_content(content: bytes, path: Path) -> Form:
    if content.startswith(b"%PDF-"):
        return FORMS["pdf"]
    if content.startswith(b"PK"):
        named = of_name(path)
        parts = {"docx": b"word/document.xml", "pptx": b"ppt/presentation.xml", "xlsx": b"xl/workbook.xml"}
        for name, part in parts.items():
            if part in content:
                return FORMS[name]
        if named is None or named.name in ("html", "pdf"):
            raise no_report(path.name, "zip")
        return named
    return FORMS["html"]


def no_report(name: str, found: str) -> InputError:
    """The refusal of a file that `keguan report` did not write."""
    return InputError(
        Text("这不是 Keguan 写出的报告", "This is not a report written by Keguan"),
        Where(file=name),
        found=found,
        allowed=Text("keguan report 写出的文件", "a file written by keguan report"),
        do=Text("给出 keguan report 写出的那个文件", "give the file that keguan report wrote"),
    )
