"""Data as a terminal may show them: what could drive it is shown as characters."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from keguan.core.errors import written_out

if TYPE_CHECKING:
    from rich.text import Text as Cell

LONGEST_CELL = 500


def visible(text: str) -> str:
    """The text with escape sequences, invisible marks and changes of direction written out; its lines stay lines."""
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(map(written_out, text.split("\n")))


def quoted(path: Path) -> str:
    """A path as a shell takes it back: one word, no option."""
    text = visible(str(path))
    if text.startswith("-"):
        text = f".{os.sep}{text}"
    if os.name == "nt":
        return f'"{text}"' if " " in text else text
    return shlex.quote(text)


def cell(text: str, style: str = "") -> Cell:
    """For Rich: the text itself, in which '[red]' and '[link=...]' are no markup; length bounded."""
    from rich.text import Text as Cell

    shown = visible(text)
    return Cell(shown if len(shown) <= LONGEST_CELL else f"{shown[:LONGEST_CELL]}…", style=style)
