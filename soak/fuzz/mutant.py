"""One mutant: a file made from a sample by the seed and its number, the same bytes every time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from soak.fuzz import damage
from soak.fuzz.draft import Draft
from soak.fuzz.mutations import mutate
from soak.fuzz.samples import Sample

BLANK = " \t\r\n\f\x1a\x00\ufeff\u3000"  # what a blank line may hold


@dataclass(frozen=True, slots=True)
class Mutant:
    """`rows`: the fewest and the most data rows that it holds, where that is beyond doubt."""

    file_name: str
    content: bytes
    unpacked: bytes | None  # of text files whose container is whole: what is inside
    rows: tuple[int, int] | None
    story: str


def make(samples: Sequence[Sample], seed: int, number: int) -> Mutant:
    """The mutant of that number."""
    rng = random.Random(f"{seed}:{number}")
    sample = rng.choices(samples, [item.weight for item in samples])[0]
    draft = _draft(sample, rng)
    if not sample.raw:
        mutate(draft, rng)
    inner = draft.content(rng)
    if (sample.raw or rng.random() < 0.4) and draft.form != "parquet":
        inner = _damaged(draft, inner, rng)
    content = draft.packed(inner) if draft.form in ("text", "xlsx") else inner
    whole = True
    if (draft.form == "parquet" or draft.container != "plain") and rng.random() < 0.25:
        change = rng.choice(damage.ANY)
        content, whole = change(content, rng), False
        draft.done.append(f"packed:{change.__name__}")
    exact = draft.exact and whole
    return Mutant(
        draft.file_name(),
        content,
        inner if draft.form == "text" and whole else None,
        _rows(draft) if exact else None,
        f"{sample.name}: {', '.join(draft.done)}",
    )


def _draft(sample: Sample, rng: random.Random) -> Draft:
    if sample.raw:
        return Draft("mutant", None, [], form="raw", raw=sample.raw, exact=False)
    size = rng.choice((20, 30, 40, 60, 60, 90, 300))
    start = rng.randrange(max(1, len(sample.rows) - size))
    rows = [list(row) for row in sample.rows[start : start + size]]
    header = None if sample.header is None else list(sample.header)
    name = sample.file_name if rng.random() < 0.7 else "mutant"
    return Draft(name, header, rows, blanks=sample.blanks)


def _damaged(draft: Draft, content: bytes, rng: random.Random) -> bytes:
    changes = damage.TEXT if draft.form == "text" else damage.ANY
    for change in rng.choices(changes, k=rng.choice((1, 1, 2))):
        content = change(content, rng)
        draft.done.append(change.__name__)
    draft.exact = False
    return content


def _rows(draft: Draft) -> tuple[int, int] | None:
    """All rows, and without those that may be taken for blank lines. None where the header is doubtful too."""
    if draft.header is not None and sum(bool(cell.strip(BLANK)) for cell in draft.header) * 2 <= draft.width:
        return None
    if (
        draft.blanks
        and draft.form == "text"
        and any("\n" in cell or "\r" in cell for row in draft.rows for cell in row)
    ):
        return None
    blank = sum(not "".join(row).strip(BLANK) for row in draft.rows)
    return len(draft.rows) - blank, len(draft.rows)
