"""Numbers as people write them: what a cell's shape says, and the SQL that reads it exactly.

Reads 1,234.50  1.234,50 (decimal comma)  １２３  ￥1,200.00  (12.5)  12.5-  12.5%  1.2万  8折  1e3.
A thousands separator that does not stand between groups of three digits makes the cell unreadable
rather than a guess: '1,5' is no number where the decimal mark is a point.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keguan.engine.literals import literal
from keguan.mapping.model import Mark

# Numbers of a hundred billion and more cannot be read: they are no quantity, price or amount of a line, and a
# thousand of them would not add up in the eighteen digits of stored money.
NUMBER = "DECIMAL(15, 4)"
# The engine multiplies two decimals of up to 18 digits within 18 digits, and fails where these do not do: one
# of the factors is made wider.
WIDE = "DECIMAL(22, 4)"

_WIDE = "０１２３４５６７８９．，－＋（）％ 　\u00a0\u202f'’´−–"
_PLAIN = "0123456789.,-+()%_______--"
_SIGNS = "¥￥$£€₩₹元圆"  # deleted: they name a currency, not a size
_CODES = "(?i)^(rmb|cny|usd|us|gbp|eur|jpy|hkd|hk|nt)?_*([^a-z].*?)_*(rmb|cny|usd|gbp|eur|jpy|hkd|yuan)?$"

_CORE = re.compile(
    r"^(?P<open>\(_?)?(?P<sign>[-+]_?)?(?P<body>9[9.,_]*|[.,]9+)(?P<exponent>e[-+]?9+)?"
    r"(?P<suffix>_?[%千万亿折])?(?P<trail>_?-)?(?P<close>_?\))?$"
)
_GROUPED = re.compile(r"^9{1,3}([,_]999)+(\.9*)?$|^9+(\.9*)?$|^\.9+$")
_GROUPED_COMMA = re.compile(r"^9{1,3}([._]999)+(,9*)?$|^9+(,9*)?$|^,9+$")


@dataclass(frozen=True, slots=True)
class NumberShape:
    """What the shape of a cell (digits as 9) says when it is a number.

    `point`, `comma`: readable with that decimal mark. `plain`: a bare cast reads it. `whole`: no
    fraction is written. `currency`: the sign that was found.
    """

    point: bool
    comma: bool
    plain: bool
    whole: bool
    currency: str | None = None
    suffix: str | None = None


def number_shape(shape: str) -> NumberShape | None:
    """The reading of a shape such as '¥9,999.99'; None when it is no number."""
    text = shape.translate(str.maketrans(_WIDE, _PLAIN)).strip("_").casefold()
    found = re.sub(_CODES.replace("(?i)", ""), r"\2", "".join(char for char in text if char not in _SIGNS))
    core = _CORE.match(found.strip("_"))
    if core is None or bool(core["open"]) != bool(core["close"]):
        return None
    if sum(bool(core[part]) for part in ("open", "sign", "trail")) > 1:
        return None
    body = core["body"]
    point, comma = bool(_GROUPED.match(body)), bool(_GROUPED_COMMA.match(body))
    if not (point or comma):
        return None
    plain = bool(re.fullmatch(r"[-+]?(9+\.?9*|\.9+)(e[-+]?9+)?", shape.casefold()))
    sign = next((char for char in text if char in _SIGNS), None)
    code = re.match(r"(rmb|cny|usd|gbp|eur|jpy|hkd)|.*?(rmb|cny|usd|gbp|eur|jpy|hkd)$", text)
    currency = sign or ((code[1] or code[2]) if code else None)
    return NumberShape(
        point,
        comma,
        plain,
        bool(re.fullmatch(r"9+", body)),
        currency,
        (core["suffix"] or "").strip("_") or None,
    )


def decimal_mark(shapes: Mapping[str, int]) -> Mark | None:
    """The decimal mark that more cells need; None when every cell reads either way."""
    needs = {".": 0, ",": 0}
    for shape, count in shapes.items():
        found = number_shape(shape)
        if found is None or found.point == found.comma:
            continue
        needs["." if found.point else ","] += count
    if needs["."] == needs[","]:
        return None
    return "." if needs["."] > needs[","] else ","


def number_text_sql(cell: str, mark: Mark = ".") -> str:
    """SQL of VARCHAR: the tidied cell of a number that a bare cast cannot read; NULL for all others.

    Full-width characters, currency signs and codes are gone, brackets and a trailing minus are a leading
    minus, blanks inside are '_', the decimal mark is a point. Kept apart from `number_value_sql` so that
    the tidied text is computed once a cell, and only for the cells that need it.
    """
    wide, plain = _WIDE, _PLAIN
    if mark == ",":
        wide, plain = wide.replace("．", "").replace("，", "") + ".．,，", plain.replace(".,", "") + ",,.."
    text = f"translate({cell}, {literal(wide + _SIGNS)}, {literal(plain)})"
    text = f"regexp_replace({text}, {literal(_CODES)}, '\\2')"
    text = f"regexp_replace({text}, '^_*[(]_*([^-+()]*)[)]_*$|^_*([^-+()]+)-_*$', '-\\1\\2')"
    text = f"trim({text}, '_')"
    if mark == ",":
        return text
    return f"CASE WHEN TRY_CAST({cell} AS {NUMBER}) IS NULL THEN {text} END"


def number_value_sql(cell: str, text: str, mark: Mark = ".") -> str:
    """SQL of a number (see NUMBER) from a trimmed cell and its tidied text; NULL when it cannot be read."""
    pattern = "[-+]?_?([0-9]{1,3}([,_][0-9]{3})+([.][0-9]*)?|[0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?_?[%千万亿折]?"
    value = (
        f"TRY_CAST(CASE WHEN regexp_full_match({text}, '{pattern}')"
        f" THEN translate({text}, ',_%千万亿折', '') END AS DECIMAL(26, 8))"
    )
    scale = (
        f"CASE right({text}, 1) WHEN '%' THEN 0.01 WHEN '折' THEN 0.1 WHEN '千' THEN 1000.00"
        " WHEN '万' THEN 10000.00 WHEN '亿' THEN 100000000.00 ELSE 1.00 END"
    )
    exact = f"TRY_CAST(round({value} * {scale}, 4) AS {NUMBER})"
    return exact if mark == "," else f"coalesce(TRY_CAST({cell} AS {NUMBER}), {exact})"


def numbers_from(source: str, cells: Sequence[str], mark: Mark = ".") -> str:
    """A subquery of the numbers in text columns `cells` of `source`, under the same names."""
    texts = ", ".join(f"{cell}, {number_text_sql(cell, mark)} AS {cell}_text" for cell in cells)
    values = ", ".join(f"{number_value_sql(cell, f'{cell}_text', mark)} AS {cell}" for cell in cells)
    return f"(SELECT {values} FROM (SELECT {texts} FROM {source}))"
