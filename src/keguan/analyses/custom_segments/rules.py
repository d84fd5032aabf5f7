"""Segment rules as TOML, checked: each file is one segmentation, its rows are asked in order, the first that holds wins.

name = "key_regions"
title = { zh = "重点地区客户", en = "Customers of key regions" }
rest = "其余客户"

[[rows]]
label = "重点地区大客户"
when = 'province in ("四川", "广东") and window_net >= 5万'
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keguan.analyses.custom_segments.compiled import checked
from keguan.analyses.custom_segments.language import Condition, ConditionError, parse
from keguan.core.errors import InputError, Where
from keguan.core.text import Text, same

FILE = re.compile(r"^# ==== (?P<file>[^\n]{1,200}) ====$", re.MULTILINE)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_ROWS, MOST_CHARACTERS, LONGEST_LABEL = 50, 100_000, 40
KEYS = ("name", "title", "rest", "window_months", "rows")
ROW_KEYS = ("label", "when", "stated")
STATED = ("avg_order_value", "avg_purchases")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label, its condition, and averages that somebody stated for it."""

    label: str
    when: str
    condition: Condition
    stated: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The rules of one file."""

    name: str
    title: Text
    rest: str
    window_months: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _File:
    """A file being read: where its errors are."""

    name: str
    text: str

    def wrong(self, what: Text, key: str, found: Any, allowed: Text, row: int | None = None) -> InputError:
        """An error with the line of the row of rules (or of the key), what was found, what may stand there."""
        return InputError(what, Where(file=self.name, row=self._line(key, row), setting=self._named(key, row)),
                          found=str(found), allowed=allowed,
                          do=Text("改正规则文件后重试", "correct the file of rules and try again"))  # fmt: skip

    @staticmethod
    def _named(key: str, row: int | None) -> str:
        return key if row is None else f"rows[{row + 1}].{key}"

    def _line(self, key: str, row: int | None) -> int | None:
        lines = self.text.split("\n")
        begin = 0
        if row is not None:
            heads = [n for n, line in enumerate(lines) if re.match(r"\s*\[\[\s*rows\s*\]\]", line)]
            if row >= len(heads):
                return None
            begin = heads[row]
        for number in range(begin, len(lines)):
            if re.match(rf"\s*{re.escape(key)}\b\s*=", lines[number]):
                return number + 1
        return begin + 1 if row is not None else None


def parse_rules(text: str) -> tuple[Segmentation, ...]:
    """The segmentations of one or more files; InputError says what is wrong in which file and line."""
    files = _files(text)
    found = [_segmentation(file) for file in files]
    for number, (file, item) in enumerate(zip(files, found, strict=True)):
        if item.name in [other.name for other in found[:number]]:
            raise file.wrong(Text("两个文件用了同一个名字", "Two files have one name"), "name", item.name,
                             Text("各文件不同的名字", "another name for each file"))  # fmt: skip
    return tuple(found)


def _files(text: str) -> list[_File]:
    if not text.strip():
        return []
    if len(text) > MOST_CHARACTERS:
        raise InputError(Text("规则太长", "The rules are too long"), found=str(len(text)),
                         allowed=Text(f"最多 {MOST_CHARACTERS} 个字符", f"at most {MOST_CHARACTERS} characters"))  # fmt: skip
    heads = list(FILE.finditer(text))
    if not heads:
        return [_File("rules", text)]
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        _File(head.group("file"), text[head.end() + 1 : end]) for head, end in zip(heads, ends, strict=True)
    ]


def _segmentation(file: _File) -> Segmentation:
    try:
        table = tomllib.loads(file.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise InputError(
            Text("规则文件不是有效的 TOML", "The file of rules is no valid TOML"),
            Where(file=file.name, row=int(line.group(1)) if line else None), found=str(error)[:200],
            allowed=same('name = "..."  [[rows]]  label = "..."  when = "..."'),
            do=Text("文字要带引号，条件可写在单引号里", "texts stand in quotes; conditions may stand in single quotes"),
        ) from None  # fmt: skip
    _known_keys(file, table, KEYS, None)
    name = table.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise file.wrong(Text("分群的名字有误", "The name of the segmentation is wrong"), "name", name,
                         Text("小写字母开头，字母、数字、下划线，最多 40 个",
                              "lower-case letters, digits and _, a letter first, at most 40"))  # fmt: skip
    months = table.get("window_months", 12)
    if type(months) is not int or not 1 <= months <= 120:
        raise file.wrong(Text("窗口有误", "The window is wrong"), "window_months", months,
                         Text("1 到 120 的整数", "a whole number from 1 to 120"))  # fmt: skip
    rest = _label(file, table.get("rest", "其余"), "rest", None)
    rows = _rows(file, table.get("rows"))
    labels = [row.label for row in rows]
    for number, label in enumerate(labels):
        if label in (*labels[:number], rest):
            raise file.wrong(Text("标签重复", "A label stands twice"), "label", label,
                             Text("各行不同的标签", "another label for each row"), number)  # fmt: skip
    return Segmentation(name, _title(file, table.get("title", name)), rest, months, rows)


def _known_keys(file: _File, table: Mapping[str, Any], known: tuple[str, ...], row: int | None) -> None:
    if unknown := [key for key in table if key not in known]:
        raise file.wrong(
            Text("没有这个键", "There is no such key"), unknown[0], unknown[0], same(" ".join(known)), row
        )


def _title(file: _File, value: Any) -> Text:
    if isinstance(value, str) and value.strip():
        return same(value)
    both = (
        isinstance(value, Mapping)
        and set(value) == {"zh", "en"}
        and all(isinstance(v, str) and v for v in value.values())
    )
    if not both:
        raise file.wrong(Text("标题有误", "The title is wrong"), "title", value,
                         same('"..."  { zh = "...", en = "..." }'))  # fmt: skip
    return Text(value["zh"], value["en"])


def _label(file: _File, value: Any, key: str, row: int | None) -> str:
    good = (
        isinstance(value, str)
        and value.strip() == value != ""
        and len(value) <= LONGEST_LABEL
        and value.isprintable()
    )
    if not good:
        raise file.wrong(
            Text("标签有误", "The label is wrong"),
            key,
            value,
            Text(
                f"1 到 {LONGEST_LABEL} 个字符，前后没有空格",
                f"1 to {LONGEST_LABEL} characters without blanks around",
            ),
            row,
        )
    return str(value)


def _rows(file: _File, value: Any) -> tuple[Row, ...]:
    good = (
        isinstance(value, list)
        and 1 <= len(value) <= MOST_ROWS
        and all(isinstance(item, dict) for item in value)
    )
    if not good:
        raise file.wrong(Text("没有行，或行太多", "There are no rows, or too many"), "rows",
                         len(value) if isinstance(value, list) else value,
                         Text(f"1 到 {MOST_ROWS} 个 [[rows]]", f"1 to {MOST_ROWS} times [[rows]]"))  # fmt: skip
    return tuple(_row(file, item, number) for number, item in enumerate(value))


def _row(file: _File, item: Mapping[str, Any], number: int) -> Row:
    _known_keys(file, item, ROW_KEYS, number)
    label, when = _label(file, item.get("label"), "label", number), item.get("when")
    if not isinstance(when, str) or not when.strip():
        raise file.wrong(Text("缺少条件", "The condition is missing"), "when", when,
                         Text("如 'purchases >= 3'", "such as 'purchases >= 3'"), number)  # fmt: skip
    try:
        condition = parse(when)
        checked(condition)
    except ConditionError as error:
        what = Text(
            f"{error.what.zh}（条件的第 {error.place + 1} 个字符）",
            f"{error.what.en} (character {error.place + 1} of the condition)",
        )
        raise file.wrong(what, "when", error.found, error.allowed, number) from None
    return Row(label, " ".join(when.split()), condition, _stated(file, item.get("stated", {}), number))


def _stated(file: _File, value: Any, number: int) -> dict[str, Decimal]:
    good = isinstance(value, Mapping) and set(value) in (set(), set(STATED)) and all(
        type(v) in (int, float) for v in value.values()
    )  # fmt: skip
    if not good:
        raise file.wrong(Text("所述平均值有误", "The stated averages are wrong"), "stated", value,
                         same("{ avg_order_value = 100, avg_purchases = 2 }"), number)  # fmt: skip
    return {name: Decimal(str(v)) for name, v in value.items()}
