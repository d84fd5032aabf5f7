"""A recipe from a file or from inside a report: held against the form of one before anything is made by it.

It may come from a stranger. It names analyses and tables and holds a few words; so it is short, its parts are of the
kinds they should be, and no name in it is opened as a path.
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from keguan import registry
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text, same
from keguan.report.recipe import FILLS, Recipe, load_recipe, parse_recipe

MOST_BYTES = 32 << 10  # names of many dotted parts take the square of their length to read
MOST_PARTS = 5_000  # values of all kinds
LONGEST = 2_000  # characters of a text
MOST_SECTIONS, MOST_LISTED, MOST_CARDS = 60, 100, 24
RANGES = {"summary_claims": (0, 100), "rows": (1, 1_000)}

Fault = tuple[str, Text]  # the part, and what it should be

A_TEXT = Text('{ zh = "…", en = "…" }', '{ zh = "…", en = "…" }')
WORDS = Text("带引号的文字", "a text in quotes")
NAMES = Text(f"至多 {MOST_LISTED} 个带引号的名称", f"a list of at most {MOST_LISTED} names in quotes")
CELL = Text(
    "table、column 为文字，key 为 { 列 = 值 }", "table and column as texts, key as { column = value }"
)


def chosen(name: str) -> Recipe:
    """The recipe that a user names: one of the product's, or a .toml file. UsageError says what is wrong with it."""
    if not name.endswith(".toml"):
        return load_recipe(name)
    return checked(_read(Path(name)), Path(name).stem)


def checked(text: str, name: str) -> Recipe:
    """The recipe that a text holds. UsageError where it is none."""
    file = f"{name}.toml"
    if len(text) > MOST_BYTES:
        raise _too_large(Where(file=file), len(text))
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits; a thousand brackets
        raise _wrong(file, None, Text("TOML", "TOML"), f"{type(error).__name__}: {error}") from None
    for part, allowed in _faults(raw):
        raise _wrong(file, part, allowed, None)
    _check_analyses(raw, file)
    return replace(parse_recipe(text, name), text=text)


def _read(path: Path) -> str:
    where = Where(file=str(path))
    if not os.path.exists(path):  # also False for a name that no disk holds
        raise UsageError(Text("找不到报告配方文件", "The recipe file does not exist"), where)
    if not path.is_file():  # a device or a pipe would be read for ever
        raise UsageError(Text("报告配方不是普通文件", "The recipe is no ordinary file"), where)
    try:
        size = path.stat().st_size
        if size <= MOST_BYTES:
            return path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(
            Text("报告配方无法读取", "The recipe cannot be read"), where, found=error.strerror or str(error)
        ) from None
    except UnicodeDecodeError:
        raise UsageError(
            Text("报告配方无法读取", "The recipe cannot be read"),
            where,
            allowed=Text("UTF-8 编码的 TOML 文件", "a TOML file in UTF-8"),
        ) from None
    raise _too_large(where, size)


def _too_large(where: Where, size: int) -> UsageError:
    return UsageError(
        Text("报告配方太大", "The recipe is too large"),
        where,
        found=f"{size:,} B",
        allowed=Text(f"至多 {MOST_BYTES:,} B", f"at most {MOST_BYTES:,} B"),
    )


def _wrong(file: str, part: str | None, allowed: Text, found: str | None) -> UsageError:
    return UsageError(
        Text("报告配方的写法不对", "The report recipe is not well formed"),
        Where(file=file, setting=part),
        found=found,
        allowed=allowed,
        do=Text(
            "对照说明书里 keguan report 一节的例子改正", "correct it along the example under keguan report"
        ),
    )


def _check_analyses(raw: Mapping[str, Any], file: str) -> None:
    """A name that is no analysis would leave its section empty without a word."""
    installed = registry.names()
    for section in ({"analyses": raw.get("considers", ())}, *raw["sections"]):
        for named in (
            *section.get("analyses", ()),
            *(t.partition(".")[0] for t in section.get("tables", ())),
        ):
            if named not in installed:
                near = get_close_matches(named, installed, n=1)
                raise UsageError(
                    Text("报告配方里有不存在的分析", "The recipe names an analysis that does not exist"),
                    Where(file=file, setting="sections"),
                    found=named,
                    allowed=same(", ".join(installed)),
                    do=Text(f"改为 {near[0]}", f"write {near[0]} instead") if near else None,
                )


def _faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Parts that are of another kind or size than they may be."""
    yield from _sizes(raw)
    if not _is_text(raw.get("title")):
        yield "title", A_TEXT
    for name, (low, high) in RANGES.items():
        value = raw.get(name, low)
        if type(value) is not int or not low <= value <= high:
            yield name, Text(f"{low:,} 至 {high:,} 的整数", f"a whole number from {low:,} to {high:,}")
    leads = raw.get("leads", {})
    if not isinstance(leads, dict) or not all(map(_are_names, leads.values())):
        yield "leads", NAMES
    if not _are_names(raw.get("considers", [])):
        yield "considers", NAMES
    yield from _each(raw.get("cards", []), "cards", MOST_CARDS, _card_faults)
    if "sections" not in raw:
        yield "sections", Text("至少一节 [[sections]]", "at least one [[sections]]")
    yield from _each(raw.get("sections"), "sections", MOST_SECTIONS, _section_faults)
    ids = [section["id"] for section in raw["sections"]]
    if len(set(ids)) < len(ids):
        yield "sections.id", Text("每节一个自己的 id", "an id of its own for each section")


def _each(
    value: Any, name: str, most: int, faults: Callable[[Mapping[str, Any]], Iterable[Fault]]
) -> Iterator[Fault]:
    if not isinstance(value, list) or len(value) > most or not all(isinstance(item, dict) for item in value):
        yield name, Text(f"至多 {most} 个 [[{name}]]", f"at most {most} [[{name}]]")
        return
    for item in value:
        for part, allowed in faults(item):
            yield f"{name}.{part}", allowed


def _section_faults(section: Mapping[str, Any]) -> Iterator[Fault]:
    if not _is_word(section.get("id")):
        yield "id", WORDS
    for name in ("title", "lead", "answers", "data"):
        if (name == "title" or name in section) and not _is_text(section.get(name)):
            yield name, A_TEXT
    text = section.get("text", [])
    if not isinstance(text, list) or not all(map(_is_text, text)):
        yield "text", Text('[{ zh = "…", en = "…" }]', '[{ zh = "…", en = "…" }]')
    for name in ("analyses", "tables", "hide"):
        if not _are_names(section.get(name, [])):
            yield name, NAMES
    if section.get("fill", FILLS[0]) not in FILLS:
        yield "fill", same(" | ".join(FILLS))


def _card_faults(card: Mapping[str, Any]) -> Iterator[Fault]:
    if not _is_cell(card):
        yield "table", CELL
    if "change" in card and not _is_cell(card["change"]):
        yield "change", CELL
    for name in ("label", "against"):
        if name in card and not _is_text(card[name]):
            yield name, A_TEXT


def _sizes(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Whatever it is called: not too many values, none too long, no number beyond use. Not recursive, for it may be deep."""
    left: list[Any] = [raw]
    parts = 0
    while left:
        value = left.pop()
        parts += 1
        if parts > MOST_PARTS:
            yield "…", Text(f"至多 {MOST_PARTS:,} 个值", f"at most {MOST_PARTS:,} values")
            return
        if isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str) and len(value) > LONGEST:
            yield value[:20], Text(f"至多 {LONGEST:,} 个字符", f"at most {LONGEST:,} characters")
        elif isinstance(value, float) and not math.isfinite(value):
            yield str(value), Text("数", "a number")


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(language), str) for language in ("zh", "en"))


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_LISTED and all(map(_is_word, value))


def _is_cell(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_word(value.get("table"))
        and _is_word(value.get("column"))
        and isinstance(value.get("key"), dict)
        and not any(isinstance(part, dict | list) for part in value["key"].values())
    )
