"""English words that are forms of one word: charge, charges, charged, charging."""

from __future__ import annotations

from functools import lru_cache

_KEEP_WORDS = """
his this was has is us as its yes less unless across always news series species bus gas business address access
process express loss boss miss pass press guess class glass mess stress plus thus during nothing something anything
everything morning evening thing king ring spring string bring sing wing need speed feed seed red bed shed indeed
proceed succeed exceed hundred sacred
"""
_KEEP = frozenset(_KEEP_WORDS.split())


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word without plural s, -ed and -ing; words too short to tell stay as they are. Light on purpose."""
    word = word.removesuffix("'s")
    if word in _KEEP or len(word) < 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return _without_e(word[:-1])
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= 3
            and set(word[: -len(ending)]) & set("aeiouy")
        ):
            return _without_e(_single(word[: -len(ending)]))
    return _without_e(word)


def _without_e(word: str) -> str:
    """`charge` and `charg` (of charging) meet at the shorter form."""
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _single(word: str) -> str:
    """`cancell` of cancelled is `cancel`."""
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sz" else word
