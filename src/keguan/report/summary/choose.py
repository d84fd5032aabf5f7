"""At most so many claims: no two that say the same, contradictions in pairs, places kept for findings without money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from keguan.report.summary.rank import LEAD, Candidate
from keguan.report.summary.repeats import disagree, says_the_same
from keguan.result import Result

MOST_OF_ONE = 2  # sentences of one analysis: a summary speaks of the whole report
UNPRICED = 2  # places for tested findings without money, a third of the summary at most
FEW = 3  # a level without money is no news: it enters only where there is hardly anything else


@dataclass(eq=False)  # the same point is the same object: comparing results would compare tables
class Point:
    """One sentence of the summary, and the one that disagrees with it."""

    said: Candidate
    contrast: Candidate | None = None

    @property
    def size(self) -> int:
        """How many sentences it takes."""
        return 1 if self.contrast is None else 2


def strongest(
    results: Iterable[Result], most: int = 7, known: frozenset[str] = frozenset()
) -> tuple[Candidate, ...]:
    """At most `most` claims for the summary, strongest first; never one about its own definition.

    A claim that disagrees with the one before it says so in `against`. `known`: keys of the claims of the
    previous report, when there is one.
    """
    candidates = [Candidate(result, claim) for result in results for claim in result.claims if claim.summary]
    points = _points(sorted(candidates, key=lambda item: item.rank(known)))
    chosen = sorted(_chosen(points, most), key=lambda point: _order(point.said, known))
    return tuple(sentence for point in chosen for sentence in _sentences(point))


def _order(candidate: Candidate, known: frozenset[str]) -> tuple[Any, ...]:
    """What has money by its money; then the findings without, the most urgent first; then the rest."""
    ranked = candidate.rank(known)
    return (
        ranked[0],
        not candidate.claim.money,
        not candidate.unpriced,
        candidate.urgency if candidate.unpriced else ranked,
    )


def _points(ranked: list[Candidate]) -> list[Point]:
    """Each thing once, by its strongest sentence; the strongest that disagrees stands with it."""
    points: list[Point] = []
    for candidate in ranked:
        other = next((point for point in points if disagree(point.said, candidate)), None)
        if other is not None:
            other.contrast = other.contrast or candidate
        elif not any(says_the_same(point.said, candidate) for point in points):
            points.append(Point(candidate))
    return points


def _chosen(points: list[Point], most: int) -> list[Point]:
    """First what revenue did, then the places kept for findings without money, then by rank."""
    urgent = sorted((point for point in points if point.said.unpriced), key=lambda point: point.said.urgency)
    lead = [point for point in points if point.said.topic == LEAD]
    news = [point for point in points if point.said.claim.money or point.said.unpriced]
    chosen: list[Point] = []
    _take(lead, chosen, most, MOST_OF_ONE)
    _take(urgent, chosen, min(most, _size(chosen) + min(UNPRICED, most // 3)), 1)
    _take(news, chosen, most, MOST_OF_ONE)
    _take(news, chosen, most, most)
    _take(points, chosen, min(most, FEW), most)
    return chosen


def _take(points: Iterable[Point], chosen: list[Point], most: int, of_one: int) -> None:
    """Adds what fits, at most `of_one` of an analysis. A sentence never enters without the one that disagrees."""
    for point in points:
        analysis = point.said.result.analysis
        already = sum(other.said.result.analysis == analysis for other in chosen)
        if point not in chosen and already < of_one and _size(chosen) + point.size <= most:
            chosen.append(point)


def _size(points: Iterable[Point]) -> int:
    return sum(point.size for point in points)


def _sentences(point: Point) -> tuple[Candidate, ...]:
    if point.contrast is None:
        return (point.said,)
    return point.said, replace(point.contrast, against=point.said)
