"""One form for the same text: full-width, traditional, capitals and invisible marks read alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from keguan.language.traditional import simplified

LONGEST = 5_000  # characters of one text that are read; what is longer is cut and counted as such
RECENT = 250  # texts read side by side: each way of reading asks for their one form again

# Marks that are never seen: zero width, direction, byte order, variation selectors, control characters, and halves of
# a pair that arrived alone, which nothing can encode.
INVISIBLE = re.compile(
    "[\ud800-\udfff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
BLANKS = re.compile(r"\s+")
RUNS = re.compile(r"(.)\1{3,}", re.DOTALL)  # 好好好好好好 and !!!!!!!! say no more than three of them


def visible(text: str) -> str:
    """The text without marks that cannot be seen, as written otherwise; at most `LONGEST` characters."""
    return INVISIBLE.sub("", text[:LONGEST])


@lru_cache(maxsize=2 * RECENT)
def normalise(text: str) -> str:
    """Lower case, half-width, simplified, blanks single, runs of one character cut to three."""
    shown = unicodedata.normalize("NFKC", visible(text))[:LONGEST]
    folded = simplified(shown.lower()).replace("’", "'").replace("‘", "'")
    return RUNS.sub(r"\1\1\1", BLANKS.sub(" ", folded)).strip()
