"""Whether numbers are written 1,234.56 or 1.234,56, as far as the cells of a sample tell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keguan.core.errors import UsageError
from keguan.core.text import Text, same
from keguan.sources.shape import Setting

COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,(\d{1,2}|\d{4,}))")
POINT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\d*\.(\d{1,2}|\d{4,}))")
EITHER = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
MONEY = " \t\u00a0\u202f\u3000¥￥$€£元%"
SPOKEN = {".": ".", ",": ",", "point": ".", "comma": ","}
WORD = {".": Text("小数点", "point"), ",": Text("小数逗号", "comma")}


def decimal_setting(cells: Iterable[str], given: str | None) -> Setting:
    """The setting 'decimal' with its reason; UsageError for a given one that is neither."""
    if given is not None:
        return _given(given)
    commas, points, either = _counts(cells)
    mark = "," if commas > points else "."
    if commas or points:
        reason = Text(
            f"{max(commas, points)} 个数字只能按{WORD[mark].zh}读",
            f"{max(commas, points)} numbers can only be read with a decimal {WORD[mark].en}",
        )
        sure = min(commas, points) * 20 <= max(commas, points)
    elif either:
        reason = Text(
            f"{either} 个数字（如 1.234）两种读法都可能，按小数点读",
            f"{either} numbers (such as 1.234) can be read both ways; read with a point",
        )
        sure = False
    else:
        reason, sure = Text("没有带小数的文本数字", "there are no decimals"), True
    return Setting("decimal", mark, reason, sure, "--decimal")


def _given(given: str) -> Setting:
    mark = SPOKEN.get(given.strip().lower())
    if mark is None:
        raise UsageError(
            what=Text("小数符号只能是点或逗号", "the decimal mark is a point or a comma"),
            found=given,
            allowed=same(". ,"),
            do=Text(
                "改正 --decimal，或去掉它由程序判断",
                "correct --decimal, or leave it out and have it detected",
            ),
        )
    return Setting("decimal", mark, Text("由你指定", "set by you"), True, "--decimal")


def _counts(cells: Iterable[str]) -> tuple[int, int, int]:
    commas = points = either = 0
    for cell in cells:
        text = cell.strip(MONEY)
        if not text or not text[-1].isdigit():
            continue
        if COMMA.fullmatch(text):
            commas += 1
        elif POINT.fullmatch(text):
            points += 1
        elif EITHER.fullmatch(text):
            either += 1
    return commas, points, either
