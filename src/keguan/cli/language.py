"""Which language the user reads: --lang, KEGUAN_LANGUAGE, the workspace, the locale; else Chinese."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from keguan.core.text import LANGUAGES, Language, Text

_chosen: list[Language] = []


def choose(language: Language | None, workspace: Path | None = None) -> Language:
    """Settles the language of this process."""
    _chosen[:] = [language or _from_surroundings(workspace)]
    return _chosen[0]


def user_language() -> Language:
    """The settled language, or what the surroundings say."""
    return _chosen[0] if _chosen else _from_surroundings(None)


def say(text: Text) -> str:
    """A text in the user's language."""
    return text.in_(user_language())


def _from_surroundings(workspace: Path | None) -> Language:
    for candidate in (os.environ.get("KEGUAN_LANGUAGE"), _of_workspace(workspace)):
        for language in LANGUAGES:
            if candidate == language:
                return language
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "zh"


def _of_workspace(workspace: Path | None) -> str | None:
    path = (workspace or Path(os.environ.get("KEGUAN_WORKSPACE", "."))) / "keguan.toml"
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("language")
    except (OSError, ValueError):
        return None
    return found if isinstance(found, str) else None
