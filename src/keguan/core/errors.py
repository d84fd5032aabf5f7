"""Every error a user can meet. One base class, few kinds; each tells what, where, found, allowed, do.

KeguanError
├── UsageError            exit 2   the command or a parameter is wrong
├── QuestionError         exit 3   something essential cannot be told from the data; names the option to give
├── InputError            exit 4   a file or its content cannot be used
├── WorkspaceError        exit 4   the workspace is missing, locked, damaged or full
├── DependencyError       exit 4   an optional part is not installed; gives the install line
└── ProofError            exit 1   a document or a claim does not prove
"""

from __future__ import annotations

import copyreg
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from keguan.core.text import Language, Text

LONGEST_QUOTE = 500
UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, invisible marks, undecodable bytes, line breaks


def quotable(text: str) -> str:
    """Data as an error may quote it: control characters visible (they could drive a terminal), length bounded."""
    if len(text) > LONGEST_QUOTE:
        text = f"{text[:LONGEST_QUOTE]}…"
    return written_out(text)


def written_out(text: str) -> str:
    """The text with its control characters, invisible marks and changes of direction as escapes."""
    return "".join(repr(char)[1:-1] if unicodedata.category(char) in UNPRINTABLE else char for char in text)


def _closed(part: str, language: Language) -> str:
    part = part.rstrip().rstrip("。.")
    if part.endswith(("?", "!", "？", "！")):
        return part
    return part + ("。" if language == "zh" else ".")


@dataclass(frozen=True, slots=True)
class Where:
    """The place of an error; each part is printed only when known."""

    file: str | None = None
    row: int | None = None
    column: str | None = None
    setting: str | None = None
    variable: str | None = None  # of the environment

    def in_(self, language: Language) -> str:
        """The place in words; empty when nothing is known."""
        zh = language == "zh"
        file, column = quotable(self.file or ""), quotable(self.column or "")
        parts = [
            (f"文件 {file}" if zh else f"file {file}") if file else "",
            (f"第 {self.row} 行" if zh else f"row {self.row}") if self.row is not None else "",
            (f"「{column}」列" if zh else f"column '{column}'") if column else "",
            (f"环境变量 {self.variable}" if zh else f"environment variable {self.variable}")
            if self.variable
            else "",
            (f"设置 {quotable(self.setting)}" if zh else f"setting '{quotable(self.setting)}'")
            if self.setting
            else "",
        ]
        return ("，" if zh else ", ").join(part for part in parts if part)


@dataclass(eq=False)
class KeguanError(Exception):
    """Base of all errors shown to users: one paragraph in the user's language, never a traceback."""

    what: Text
    where: Where = field(default_factory=Where)
    found: str | None = None
    allowed: Text | None = None
    do: Text | None = None
    exit_code: int = field(default=4, init=False)

    def paragraph(self, language: Language) -> str:
        """what, where, found, allowed, what to do: one paragraph."""
        zh = language == "zh"
        parts = [self.what.in_(language)]
        if place := self.where.in_(language):
            parts.append(f"位置：{place}" if zh else f"Where: {place}")
        if self.found is not None:
            found = quotable(self.found) or ("（空）" if zh else "(nothing)")
            parts.append(f"读到：{found}" if zh else f"Found: {found}")
        if self.allowed is not None and (allowed := self.allowed.in_(language)):
            parts.append(f"可接受：{allowed}" if zh else f"Allowed: {allowed}")
        if self.do is not None and (advice := self.do.in_(language)):
            parts.append(f"请这样做：{advice}" if zh else f"What to do: {advice}")
        return written_out(("" if zh else " ").join(_closed(part, language) for part in parts))

    def __str__(self) -> str:
        return self.paragraph("en")

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is copied by what `__init__` was given by position; here any part may be given by name.
        return copyreg.__newobj__, (type(self),), self.__dict__  # type: ignore[attr-defined]  # a name of the pickle protocol


@dataclass(eq=False)
class UsageError(KeguanError):
    """The command, an option or a parameter is wrong."""

    exit_code: int = field(default=2, init=False)


@dataclass(eq=False)
class QuestionError(KeguanError):
    """Something essential cannot be told from the data. `options` are the answers, as exact options."""

    options: tuple[str, ...] = ()
    exit_code: int = field(default=3, init=False)


@dataclass(eq=False)
class InputError(KeguanError):
    """A file, or what it holds, cannot be used."""


@dataclass(eq=False)
class WorkspaceError(KeguanError):
    """The workspace is missing, locked, damaged or cannot be written."""


@dataclass(eq=False)
class DependencyError(KeguanError):
    """An optional part is not installed; `do` gives the install line."""


@dataclass(eq=False)
class ProofError(KeguanError):
    """A document or claim does not prove."""

    exit_code: int = field(default=1, init=False)
