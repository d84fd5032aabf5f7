"""Rows of a table, each a share of a group held against the share of all other groups: q and a verdict in words.

Shares with Wilson's interval, two proportions (pooled z), corrected over the rows tested (Benjamini-Hochberg).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson

UNTESTED = "untested"


def group_shares(found: Sequence[Mapping[str, Any]], hits: str, of: str, min_n: int) -> list[dict[str, Any]]:
    """The rows with share, low, high, rest, q and verdict: `hits` of `of` in each group against all others.

    A group below `min_n` has no share, and one whose others are below it is not tested.
    """
    rows: list[dict[str, Any]] = [{**row, "verdict": UNTESTED} for row in found]
    every, all_hits = sum(row[of] for row in found), sum(row[hits] for row in found)
    for row in rows:
        ends = wilson(row[hits], row[of]) if row[of] >= min_n else None
        if ends:
            row |= {"share": row[hits] / row[of], "low": ends.low, "high": ends.high}
    judge_against(rows, hits, of, (all_hits, every), min_n)
    return rows


def judge_against(
    rows: Iterable[dict[str, Any]],
    hits: str,
    of: str,
    whole: tuple[int, int],
    min_n: int,
    share: str = "share",
) -> None:
    """Sets rest, q and verdict of the rows that have a `share`. `whole`: hits and trials of all groups."""
    tested = []
    for row in rows:
        x, n = whole[0] - row[hits], whole[1] - row[of]
        if row.get(share) is not None and n >= min_n:
            row["rest"] = x / n
            tested.append((row, two_proportions(row[hits], row[of], x, n)))
    judge(tested, share)


def judge(tested: Sequence[tuple[dict[str, Any], float]], share: str = "share") -> None:
    """Sets q and verdict (above, below, plain) of rows with a share and a rest, from their p."""
    for (row, _), q in zip(tested, benjamini_hochberg([p for _, p in tested]), strict=True):
        side = "above" if row[share] > row["rest"] else "below"
        row |= {"q": q, "verdict": side if q <= FALSE_DISCOVERY else "plain"}
