"""Reads texts in bounded amounts, in the fixed order of the md5 of their ids: a sample is the first of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keguan.analysis import Inputs
from keguan.language.normalise import LONGEST

BATCH = 2_000  # texts fetched at a time
FIRST_PART, LAST_PART = "000", "fff"

# Ids fall into 4,096 parts by the beginning of their md5.
PARTS_SQL = """
SELECT left(md5(feedback_id), 3) AS part,
       count(*) AS texts,
       sum(CASE WHEN score IS NOT NULL THEN 1 ELSE 0 END) AS scored
FROM feedback
WHERE text IS NOT NULL AND trim(text) <> ''
GROUP BY left(md5(feedback_id), 3)
ORDER BY part
"""

TEXTS_SQL = """
SELECT f.feedback_id,
       f.kind,
       coalesce(p.name, f.product_id) AS product,
       f.region,
       f.channel,
       f.topic,
       f.day,
       s.label AS segment,
       f.scale,
       CAST(f.score AS DOUBLE) AS score,
       f.reason,
       length(f.text) AS length,
       left(f.text, $longest) AS text
FROM feedback f
LEFT JOIN products p ON p.product_id = f.product_id
LEFT JOIN {segments} s ON s.account_no = f.account_no
WHERE f.text IS NOT NULL AND trim(f.text) <> ''
  AND left(md5(f.feedback_id), 3) BETWEEN $first_part AND $last_part
  AND (f.score IS NOT NULL OR $scored_only = 0)
ORDER BY md5(f.feedback_id), f.feedback_id
"""

NO_SEGMENTS = "(SELECT CAST(NULL AS INTEGER) AS account_no, CAST(NULL AS VARCHAR) AS label WHERE false)"


@dataclass(frozen=True)
class Plan:
    """What is read. `parts`: (first, last, texts) of each fetch. `scored_parts`: fetches of scored texts beyond
    the sample, to learn from. `sql` and `bound` fetch the texts of the sample."""

    total: int
    scored: int
    texts: int
    parts: tuple[tuple[str, str], ...]
    scored_parts: tuple[tuple[str, str], ...]
    sql: str

    @property
    def is_sample(self) -> bool:
        """Whether some texts are left out."""
        return self.texts < self.total

    @property
    def bound(self) -> dict[str, Any]:
        """The parameters that fetch all texts of the sample."""
        last = self.parts[-1][1] if self.parts else LAST_PART
        return {"longest": LONGEST, "first_part": FIRST_PART, "last_part": last, "scored_only": 0}


def plan(inputs: Inputs, most: int) -> Plan:
    """How the texts will be read; nothing is read but counts."""
    counted = [(r["part"], int(r["texts"]), int(r["scored"])) for r in inputs.query(PARTS_SQL).to_pylist()]
    total, scored = sum(texts for _, texts, _ in counted), sum(with_score for _, _, with_score in counted)
    inside: list[tuple[str, int]] = []
    read = 0
    for part, texts, _ in counted:
        if inside and read + texts > most:
            break
        inside.append((part, texts))
        read += texts
    beyond, learned = [], sum(with_score for _, _, with_score in counted[: len(inside)])
    for part, _, with_score in counted[len(inside) :]:
        if learned >= most // 2:
            break
        beyond.append((part, with_score))
        learned += with_score
    return Plan(
        total, scored, read, _batches(inside), _batches(beyond), TEXTS_SQL.format(segments=_segments(inputs))
    )


def _batches(parts: list[tuple[str, int]]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    size = 0
    for part, texts in parts:
        if found and size + texts <= BATCH:
            found[-1] = (found[-1][0], part)
            size += texts
        else:
            found.append((part, part))
            size = texts
    return tuple(found)


def _segments(inputs: Inputs) -> str:
    known = inputs.has("purchases") and inputs.has_values("feedback", "account_no")
    return inputs.segment("rfm") if known else NO_SEGMENTS


def fetched(inputs: Inputs, planned: Plan, *, scored_only: bool = False) -> Iterator[list[Mapping[str, Any]]]:
    """Rows group by group, in their order."""
    for first, last in planned.scored_parts if scored_only else planned.parts:
        yield inputs.query(
            planned.sql, longest=LONGEST, first_part=first, last_part=last, scored_only=int(scored_only)
        ).to_pylist()
