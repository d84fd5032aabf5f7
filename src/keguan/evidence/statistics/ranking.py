"""How good is a list of k things against those that were really taken? Recall and nDCG.

recall@k = hits among the first k / things taken. DCG = sum over hits of 1 / log2(place + 1); nDCG divides it by the DCG
of a list with every hit first (Järvelin and Kekäläinen 2002). `hit_gain_sql` is the twin of `gain`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log2

MILLION = 1_000_000


def gain(place: int) -> float:
    """What a hit at this place (from 1) is worth."""
    return 1 / log2(place + 1)


def ideal(taken: int, k: int) -> float:
    """DCG of the best list of k where so many things were taken."""
    return sum(gain(place) for place in range(1, min(taken, k) + 1))


def recall_at(listed: Sequence[str], taken: Collection[str], k: int) -> float | None:
    """Share of the things taken that stand among the first k; None when nothing was taken."""
    return sum(item in taken for item in listed[:k]) / len(taken) if taken else None


def ndcg_at(listed: Sequence[str], taken: Collection[str], k: int) -> float | None:
    """nDCG of the first k, 0 to 1; None when nothing was taken."""
    if not taken:
        return None
    found = sum(gain(place) for place, item in enumerate(listed[:k], 1) if item in taken)
    return found / ideal(len(taken), k)


def hit_gain_sql(place: str, k: int) -> str:
    """SQL: `gain` of the column `place` in millionths, a whole number; 0 beyond k."""
    cases = " ".join(f"WHEN {at} THEN {round(MILLION * gain(at))}" for at in range(1, k + 1))
    return f"CASE {place} {cases} ELSE 0 END"


def ideal_sql(taken: str, k: int) -> str:
    """SQL: `ideal` of the column `taken` in millionths."""
    cases = " ".join(f"WHEN {taken} = {at} THEN {round(MILLION * ideal(at, k))}" for at in range(1, k))
    whole = f"{round(MILLION * ideal(k, k))}"
    return f"CASE {cases} ELSE {whole} END" if k > 1 else whole
