"""What `keguan doctor` says of one thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.core.errors import KeguanError
from keguan.core.text import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `good` is also said of what was wrong and is mended now."""

    what: Text
    good: bool
    mended: bool = False


def bad(error: KeguanError) -> Finding:
    """Something that is wrong and stays so."""
    return Finding(Text(error.paragraph("zh"), error.paragraph("en")), False)


def mended(what: Text) -> Finding:
    """Something that was wrong."""
    return Finding(Text(f"已修复: {what.zh}", f"Mended: {what.en}"), True, mended=True)


def mendable(what: Text) -> Finding:
    """Something that is wrong, and that doctor mends when it may."""
    return Finding(Text(f"{what.zh}(keguan doctor 可修复)", f"{what.en} (keguan doctor mends it)"), False)
