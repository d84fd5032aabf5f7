"""Two long texts laid side by side: which stretches of the one stand in the other.

Alike at both ends is taken off first; what is left is cut at stretches that stand once in each; only what lies
between them is compared letter by letter. The work grows with the length, not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

GRAM = 24  # letters of a stretch that is looked for
CLOSE = 600  # letters that are compared one by one
MOST_AT_ONCE = 60_000  # pairs of the same letter in two stretches that are compared
MOST_WORK = 2_000_000  # such pairs altogether: what is beyond counts as changed

Match = tuple[int, int, int]  # position in the first, position in the second, length
Inner = Callable[[int, int, int, int], Iterator[Match]]


def matches(first: str, second: str) -> list[Match]:
    """Stretches of `first` found in `second`, in order in both."""
    return list(_joined(_Pair(first, second).matches()))


@dataclass
class _Pair:
    """Two texts; a stretch is written as [a:b] of the first and [c:d] of the second."""

    first: str
    second: str
    work: int = MOST_WORK

    def matches(self) -> Iterator[Match]:
        return self._between(0, len(self.first), 0, len(self.second), self._apart)

    def _between(self, a: int, b: int, c: int, d: int, inner: Inner) -> Iterator[Match]:
        """What is alike at the ends, and between them what `inner` finds."""
        head = _alike(self.first, a, b, self.second, c, d)
        if head:
            yield a, c, head
            a, c = a + head, c + head
        tail = _alike_backwards(self.first, a, b, self.second, c, d)
        b, d = b - tail, d - tail
        if a < b and c < d:
            small = b - a <= CLOSE and d - c <= CLOSE
            yield from self._by_letter(a, b, c, d) if small else inner(a, b, c, d)
        if tail:
            yield b, d, tail

    def _apart(self, a: int, b: int, c: int, d: int) -> Iterator[Match]:
        """Cut at stretches that stand once in each text."""
        for at, there in _anchors(self.first, a, b, self.second, c, d):
            if at < a or there < c:
                continue
            yield from self._between(a, at, c, there, self._abreast)
            yield at, there, GRAM
            a, c = at + GRAM, there + GRAM
        yield from self._between(a, b, c, d, self._abreast)

    def _abreast(self, a: int, b: int, c: int, d: int) -> Iterator[Match]:
        """Long stretches without an anchor (columns of the same figures) are held against each other piece by
        piece where nothing was put in or taken out; else they count as changed."""
        if b - a != d - c:
            return
        for start in range(0, b - a, CLOSE):
            end = min(start + CLOSE, b - a)
            if self.first[a + start : a + end] == self.second[c + start : c + end]:
                yield a + start, c + start, end - start
            else:
                yield from self._by_letter(a + start, a + end, c + start, c + end)

    def _by_letter(self, a: int, b: int, c: int, d: int) -> Iterator[Match]:
        one, two = self.first[a:b], self.second[c:d]
        there = Counter(two)
        pairs = sum(count * there[letter] for letter, count in Counter(one).items())
        if pairs > min(MOST_AT_ONCE, self.work):
            return
        self.work -= pairs
        matcher = SequenceMatcher(None, one, two, autojunk=False)
        for found in matcher.get_matching_blocks():
            if found.size:
                yield a + found.a, c + found.b, found.size


def _anchors(first: str, a: int, b: int, second: str, c: int, d: int) -> list[tuple[int, int]]:
    """Stretches that stand once in each text, those in rising order (the longest such row)."""
    once: dict[str, int] = {}
    for at in range(a, b - GRAM + 1, GRAM // 2):
        gram = first[at : at + GRAM]
        once[gram] = -1 if gram in once else at
    pairs: dict[int, int] = {}
    for there in range(c, d - GRAM + 1):
        at = once.get(second[there : there + GRAM], -1)
        if at >= 0:
            pairs[at] = -1 if at in pairs else there
    rising = sorted((at, there) for at, there in pairs.items() if there >= 0)
    return _longest(rising)


def _longest(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs whose second numbers rise."""
    ends: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        place = bisect_left(ends, there)
        ends[place : place + 1] = [there]
        holders[place : place + 1] = [number]
        before.append(holders[place - 1] if place else -1)
    out = []
    at = holders[-1] if holders else -1
    while at >= 0:
        out.append(pairs[at])
        at = before[at]
    return out[::-1]


def _alike(first: str, a: int, b: int, second: str, c: int, d: int) -> int:
    """Length of the beginning that both have, found by halving."""
    low, high = 0, min(b - a, d - c)
    if first[a : a + high] == second[c : c + high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if first[a + low : a + middle] == second[c + low : c + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _alike_backwards(first: str, a: int, b: int, second: str, c: int, d: int) -> int:
    low, high = 0, min(b - a, d - c)
    while low < high:
        middle = (low + high + 1) // 2
        if first[b - middle : b - low] == second[d - middle : d - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _joined(found: Iterator[Match]) -> Iterator[Match]:
    """Neighbours made one."""
    held: Match | None = None
    for a, c, size in found:
        if held and held[0] + held[2] == a and held[1] + held[2] == c:
            held = (held[0], held[1], held[2] + size)
            continue
        if held:
            yield held
        held = (a, c, size)
    if held:
        yield held
