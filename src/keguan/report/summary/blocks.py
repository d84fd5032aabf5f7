"""The chosen sentences as blocks; under two that disagree, a note on how their comparisons differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from keguan.analysis import Analysis
from keguan.report.document import ClaimBlock, NoteBlock
from keguan.report.phrases import phrase
from keguan.report.sentences import Writer
from keguan.report.summary.rank import Candidate


def summary_blocks(
    chosen: Sequence[Candidate], analyses: Mapping[str, Analysis], writer: Writer
) -> Iterator[ClaimBlock | NoteBlock]:
    """Each sentence once, with its advice where the strategy matrix has one."""
    advised: set[str] = set()
    for item in chosen:
        block = writer.claim(item.result, analyses[item.result.analysis], item.claim, "summary")
        yield once(block, advised)
        if item.against is not None:
            first, second = (_comparison(side, analyses, writer) for side in (item.against, item))
            yield NoteBlock("info", phrase("contrast", writer.language, first=first, second=second))


def once(block: ClaimBlock, advised: set[str]) -> ClaimBlock:
    """The same advice is not given twice."""
    if block.so_what in advised:
        return replace(block, so_what="")
    if block.so_what:
        advised.add(block.so_what)
    return block


def _comparison(item: Candidate, analyses: Mapping[str, Analysis], writer: Writer) -> str:
    """Analysis, window, base and n of one side."""
    claim, zh = item.claim, writer.language == "zh"
    parts = [writer.text(analyses[item.result.analysis].title)]
    if claim.change is not None and claim.change.window is not None:
        parts.append(writer.text(claim.change.window))
    size = "" if claim.n is None else f"n = {claim.n:,}"
    base = ("，" if zh else ", ").join(part for part in (size, writer.text(claim.base)) if part)
    said = ("：" if zh else ": ").join(parts)
    return f"{said}（{base}）" if zh else f"{said} ({base})"
