"""One trial: a mutant is imported, and what came of it is held against what must never happen."""

from __future__ import annotations

import random
import shlex
import shutil
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soak.fuzz.accounts import check_books, check_lines, check_received
from soak.fuzz.mutant import Mutant

if TYPE_CHECKING:
    from keguan.app.ingest import ImportOptions
    from keguan.core.errors import KeguanError, QuestionError

SETTINGS = 'threads = 1\nmemory_limit = "1GB"\n'
MOST_QUESTIONS = 6
LONGEST_PARAGRAPH = 4000


class TrialError(Exception):
    """Something that must not happen did."""


def run(
    mutant: Mutant,
    folder: Path,
    prepared: Path | None,
    rng: random.Random,
    analysing: Callable[[], None] | None,
) -> str:
    """Imports the mutant; gives how it ended. Raises TrialError, or whatever the import should not have raised.

    `prepared`: a workspace that holds orders already, copied for the trial. `analysing`: called before
    every analysis runs and the report is written on what was imported; None: they are left out.
    """
    from keguan.app.ingest import ImportOptions, ingest
    from keguan.core.errors import KeguanError, QuestionError
    from keguan.store.workspace import Store

    file = folder / mutant.file_name
    file.write_bytes(mutant.content)
    if prepared is not None:
        shutil.copytree(prepared, folder / "w")
    store = Store.init(folder / "w", SETTINGS)
    before = _state(folder)
    options, asked = ImportOptions(), list[str]()
    while True:
        try:
            report = ingest(store, [str(file)], options)
            break
        except QuestionError as question:
            _check_error(question, file)
            _check_unchanged(before, folder)
            if question.what.zh in asked or len(asked) > MOST_QUESTIONS:
                raise TrialError(f"asked again after it was answered: {question}") from None
            asked.append(question.what.zh)
            options = _answered(options, question, rng)
        except KeguanError as error:
            if asked and error.exit_code == 2:
                raise TrialError(f"an answer that was offered is refused: {error}") from None
            _check_error(error, file)
            _check_unchanged(before, folder)
            return type(error).__name__ + ("+asked" if asked else "")
    store = Store(store.folder)
    check_books(store, report)
    if mutant.rows is not None:
        check_received(report, mutant.rows)
    if mutant.unpacked is not None:
        check_lines(file, mutant.unpacked, report, folder)
    _check_strays(folder, file)
    if analysing is not None:
        analysing()
        from soak.fuzz.deep import check_analyses

        check_analyses(store, folder, rng.choice(("zh", "en")))
    return "imported" + ("+asked" if asked else "") + ("+analysed" if analysing else "")


def _answered(options: ImportOptions, question: QuestionError, rng: random.Random) -> ImportOptions:
    """One of the answers offered, typed into a shell as it is printed."""
    from keguan.cli.options import pairs_of

    if not question.options:
        raise TrialError(f"a question without answers: {question}")
    offered = rng.choice(question.options)
    name, value = shlex.split(offered)
    if name == "--map":
        return replace(options, columns={**options.columns, **pairs_of([value], "--map")})
    field: dict[str, Any] = {name.removeprefix("--").replace("-", "_"): value}
    return replace(options, **field)


def _check_error(error: KeguanError, file: Path) -> None:
    for text in (error.paragraph("zh"), error.paragraph("en")):
        if not text.strip() or len(text) > LONGEST_PARAGRAPH:
            raise TrialError(f"a paragraph of {len(text)} characters: {text[:200]!r}")
        if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
            raise TrialError(f"control characters in a message: {text[:300]!r}")
    if error.do is None:
        raise TrialError(f"an error that does not say what to do: {error}")
    if file.name not in error.paragraph("en"):
        raise TrialError(f"an error that does not name the file: {error}")


def _state(folder: Path) -> dict[str, bytes]:
    """Every file of the workspace but its lock; and nothing else is there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted((folder / "w").rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def _check_unchanged(before: dict[str, bytes], folder: Path) -> None:
    after = _state(folder)
    if after != before:
        changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        raise TrialError(f"after an error the workspace is not as before: {changed[:5]}")
    _check_temporary(folder)


def _check_strays(folder: Path, file: Path) -> None:
    raw = folder / "w" / "raw"
    if strays := [path.name for path in raw.iterdir() if not path.name.startswith("b0")]:
        raise TrialError(f"left behind: {strays}")
    kept = max(raw.glob("b0*"))
    if [path.read_bytes() for path in kept.iterdir()] != [file.read_bytes()]:
        raise TrialError("the file as received is not kept")
    _check_temporary(folder)


def _check_temporary(folder: Path) -> None:
    if strays := [path.name for path in Path(tempfile.gettempdir()).iterdir()]:
        raise TrialError(f"temporary files are left: {strays[:5]}")
