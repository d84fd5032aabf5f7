"""The language of conditions: `purchases >= 3 and (province in ("四川", "广东") or not email is known)`.

    condition := and-terms joined by `or`; terms joined by `and`; `not` term; ( condition ); test
    test      := field  = != < <= > >=  value
               | field [not] in (value, ...) | field between value and value
               | field is [not] known | field contains "text" | field has "tag"
               | field within N days|weeks|months|years | field older than N days|weeks|months|years
    field     := name | attribute.name | segment.name | tag.name
    value     := number (also 5万, 2亿) | "text" | 2026-01-31 | true | false

Owns the words and the tree; what a field is and how it becomes SQL stands in `fields` and `compiled`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keguan.core.text import Text, same

Constant = str | Decimal | date | bool
DEEPEST = 40
LONGEST = 2000
UNITS = {"day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month", "months": "month",
         "year": "year", "years": "year"}  # fmt: skip
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class ConditionError(Exception):
    """A condition that cannot be read: what is wrong, what stands there, what may, and at which character."""

    def __init__(self, what: Text, found: str, allowed: Text, place: int) -> None:
        super().__init__(what.en)
        self.what, self.found, self.allowed, self.place = what, found, allowed, place


@dataclass(frozen=True, slots=True)
class Name:
    """A field: `purchases`, or `rfm` of the kind `segment`. `place`: where it stands, for errors."""

    kind: str  # '', 'attribute', 'segment' or 'tag'
    name: str
    place: int


@dataclass(frozen=True, slots=True)
class Constants:
    """Values of a test with where the first stands."""

    values: tuple[Constant, ...]
    place: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test of one field. `op`: a comparison, 'in', 'between', 'known', 'contains', 'has', 'within', 'older'."""

    field: Name
    op: str
    constants: Constants
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    of: Condition


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions joined by 'and' or 'or'."""

    how: str
    parts: tuple[Condition, ...]


Condition = Comparison | Not | Joined

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')
          |(?P<date>\d{4}-\d{2}-\d{2})
          |(?P<number>-?\d+(?:\.\d+)?[万亿]?)
          |(?P<name>[^\W\d]\w*(?:\.(?:\w+|"[^"]*"))?)
          |(?P<sign><=|>=|!=|[=<>(),]))""",
    re.VERBOSE,
)
WORDS = Text(
    "字段名、数字、带引号的文字、日期、括号或 and or not",
    "a field, a number, a text in quotes, a date, brackets, and or not",
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def parse(text: str) -> Condition:
    """The tree of a condition; ConditionError says what is wrong with it."""
    if len(text) > LONGEST:
        raise ConditionError(Text("条件太长", "The condition is too long"), f"{len(text)}",
                             Text(f"最多 {LONGEST} 个字符", f"at most {LONGEST} characters"), 0)  # fmt: skip
    reader = _Reader(_tokens(text), len(text))
    tree = reader.either(0)
    reader.finished()
    return tree


def _tokens(text: str) -> list[_Token]:
    tokens, place = [], 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            raise ConditionError(Text("条件里有不认识的字符", "The condition holds a sign that means nothing"),
                                 text[start : start + 20], WORDS, start)  # fmt: skip
        kind = match.lastgroup or ""
        tokens.append(_Token(kind, match.group(kind), match.start(kind)))
        place = match.end()
    return tokens


class _Reader:
    """Recursive descent over the words."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens, self._next, self._length = tokens, 0, length

    def either(self, depth: int) -> Condition:
        """Terms joined by `or`."""
        if depth > DEEPEST:
            raise self._deep()
        return self._joined("or", lambda: self._joined("and", lambda: self._term(depth)))

    def _joined(self, how: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self._takes(how):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(how, tuple(parts))

    def _term(self, depth: int) -> Condition:
        if self._takes("not"):
            if depth > DEEPEST:
                raise self._deep()
            return Not(self._term(depth + 1))
        if self._takes("("):
            inside = self.either(depth + 1)
            self._expect(")")
            return inside
        return self._test()

    def _test(self) -> Condition:
        field = self._field()
        token = self._peek()
        if token is not None and token.text in COMPARISONS:
            self._next += 1
            return Comparison(field, token.text, self._value())
        if self._takes("not"):
            self._expect("in")
            return Not(self._listed(field))
        for word, read in (("in", self._listed), ("between", self._between), ("is", self._known)):
            if self._takes(word):
                return read(field)
        for word in ("contains", "has"):
            if self._takes(word):
                return Comparison(field, word, self._value())
        for word in ("within", "older"):
            if self._takes(word):
                if word == "older":
                    self._expect("than")
                return self._span(field, word)
        raise self._wrong(
            Text("字段后面缺少比较", "A comparison is missing after the field"),
            same("= != < <= > >= in between is known contains has within older than"),
        )

    def _listed(self, field: Name) -> Condition:
        self._expect("(")
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        self._expect(")")
        return Comparison(field, "in", Constants(tuple(v.values[0] for v in values), values[0].place))

    def _between(self, field: Name) -> Condition:
        low = self._value()
        self._expect("and")
        high = self._value()
        return Comparison(field, "between", Constants((low.values[0], high.values[0]), low.place))

    def _known(self, field: Name) -> Condition:
        negative = self._takes("not")
        self._expect("known")
        test = Comparison(field, "known", Constants((), field.place))
        return Not(test) if negative else test

    def _span(self, field: Name, op: str) -> Condition:
        amount = self._value()
        token = self._peek()
        if token is None or token.text not in UNITS:
            raise self._wrong(
                Text("缺少时间单位", "A unit of time is missing"), same("days weeks months years")
            )
        self._next += 1
        return Comparison(field, op, amount, UNITS[token.text])

    def _field(self) -> Name:
        token = self._peek()
        if (
            token is None
            or token.kind != "name"
            or token.text in ("and", "or", "in", "between", "true", "false")
        ):
            allowed = Text("字段名，如 purchases", "a field such as purchases")
            raise self._wrong(Text("这里应是字段名", "A field is meant here"), allowed)
        self._next += 1
        kind, sign, name = token.text.partition(".")
        return Name(kind if sign else "", name.strip('"') if sign else kind, token.place)

    def _value(self) -> Constants:
        token = self._peek()
        value = None if token is None else _constant(token)
        if token is None or value is None:
            raise self._wrong(
                Text("这里应是一个值", "A value is meant here"),
                Text(
                    '数字、"文字"、日期 2026-01-31、true、false',
                    'a number, "text", a date 2026-01-31, true, false',
                ),
            )
        self._next += 1
        return Constants((value,), token.place)

    def finished(self) -> None:
        """Nothing may follow."""
        if self._peek() is not None:
            allowed = Text("and 或 or", "and or or")
            raise self._wrong(Text("条件后面有多余的内容", "Something follows the condition"), allowed)

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _takes(self, word: str) -> bool:
        token = self._peek()
        if token is not None and token.kind in ("name", "sign") and token.text == word:
            self._next += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._takes(word):
            raise self._wrong(Text(f"这里应是 {word}", f"{word} is meant here"), same(word))

    def _deep(self) -> ConditionError:
        allowed = Text(f"最多 {DEEPEST} 层", f"at most {DEEPEST} levels")
        return self._wrong(Text("条件套得太深", "The condition is nested too deep"), allowed)

    def _wrong(self, what: Text, allowed: Text) -> ConditionError:
        token = self._peek()
        return ConditionError(
            what, token.text if token else "", allowed, token.place if token else self._length
        )


def _constant(token: _Token) -> Constant | None:
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "date":
        try:
            return date.fromisoformat(token.text)
        except ValueError:
            return None
    if token.kind == "number":
        factor = {"万": 10_000, "亿": 100_000_000}.get(token.text[-1], 1)
        return Decimal(token.text.rstrip("万亿")) * factor
    if token.text in ("true", "false"):
        return token.text == "true"
    return None
