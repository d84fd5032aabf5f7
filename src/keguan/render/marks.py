"""What a document shows now, element by element, and how that differs from what it should show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["claim", "value", "advice", "cell", "datum", "picture", "added", "other"]
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True)
class Marked:
    """What was read from a document file.

    `items`: text of every marked element by its id. `manifest`: the one inside, empty where another program
    dropped it. `document`: the id that the document bears, '' when none is found. `other`: a hash of all that
    is not marked, None for forms that an office program writes anew on saving. `loose`: for those forms the
    texts outside of marks (paragraphs, cells, slides' text boxes) in normal form. `again`: for a file that lost what
    says where its elements stand, reads it by the same report written now; until then it has no items.
    """

    items: Mapping[str, str]
    manifest: Mapping[str, Any]
    document: str = ""
    other: str | None = None
    loose: tuple[str, ...] = ()
    again: Callable[[bytes], Marked] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was edited. `name`: claim id, cell (`analysis.table[key].column`), datum or figure; for
    'added' the place of a text with figures that the document did not have."""

    kind: Kind
    name: str
    place: str
    expected: str | None
    found: str | None


def differences(marked: Marked, expected: Marked) -> tuple[Difference, ...]:
    """What a file shows against what it should show.

    A changed figure is reported with its sentence; 'added' for texts with figures that nothing proves;
    'other' when anything else changed.
    """
    wanted, found = expected.items, marked.items
    edited = [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]
    sentences = {name.removeprefix("claim:") for name in edited if name.startswith("claim:")}
    out = [
        _difference(name, wanted.get(name), found.get(name))
        for name in edited
        if not (name.startswith("value:") and name.removeprefix("value:").partition("#")[0] in sentences)
    ]
    added = [text for text in _more(marked.loose, expected.loose) if _FIGURE.search(text)]
    out += [Difference("added", "", "", None, text) for text in added]
    if marked.other != expected.other or _without(marked.loose, added) != Counter(expected.loose):
        out.append(Difference("other", "", "", None, None))
    return tuple(out)


def _more(texts: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """Texts that are not known, or stand more often than they should; in order."""
    left = Counter(known)
    out = []
    for text in texts:
        if left[text] > 0:
            left[text] -= 1
        else:
            out.append(text)
    return out


def _without(texts: tuple[str, ...], added: list[str]) -> Counter[str]:
    return Counter(texts) - Counter(added)


def _difference(element: str, expected: str | None, found: str | None) -> Difference:
    kind, _, rest = element.partition(":")
    name, _, place = rest.rpartition("@") if kind in {"claim", "value", "advice", "cell"} else (rest, "", "")
    return Difference(kind, name, place, expected, found)  # type: ignore[arg-type]  # element ids begin with a Kind
