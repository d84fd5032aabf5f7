"""A mapping as a TOML file that a person can read and edit, and back.

Every reason is kept beside its column, so that loading what was saved gives the same mapping. A hand edit
that cannot be understood is an InputError that names the file, the key, what was found and what is allowed.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import Table

from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from keguan.mapping.dates import FORMS, MARKS
from keguan.mapping.flat_columns import SYNONYMS, targets, type_of
from keguan.mapping.model import ENTITY_KINDS, KEY_TYPES, MEANINGS, ORDER_KEYS, ColumnRule, Ignored, Mapping
from keguan.mapping.reading import LEVELS
from keguan.mapping.score_scales import MIXED
from keguan.schema.scales import SCALES

_HEAD = (
    "Column mapping of Keguan 客观的列映射",
    "可以手工修改：from 是文件中的列（类目等可写多列），reason 说明原因。",
    "Edit by hand where it is wrong: from = columns of the file, reason = why.",
    f"forms (dates): {', '.join(FORMS)}; beside them {', '.join(MARKS)}",
    *(f"meaning of {name}: {', '.join(meanings)}" for name, meanings in MEANINGS.items()),
)
_ID_FORMS = ("integral_float", "excel_text", LEVELS)
_TOP = (
    "name",
    "entity",
    "fingerprint",
    "order_key",
    "decimal",
    "currency",
    "missing",
    "constants",
    "answers",
    "columns",
    "ignored",
)
_RULE = ("from", "join", "forms", "factor", "meaning", "key_type", "reason")
_BY_HAND = Text("手工指定", "set by hand")


def save(mapping: Mapping, path: Path) -> None:
    """Writes the mapping; the file is complete or not there."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(dumps(mapping), encoding="utf-8")
    part.replace(path)


def load(path: Path) -> Mapping:
    """Reads a saved or edited mapping. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _error(path.name, None, str(error), "UTF-8 TOML") from error
    return loads(text, path.name)


def dumps(mapping: Mapping) -> str:
    """The mapping as TOML text with comments."""
    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(line))
    document.add("name", tomlkit.item(mapping.name))
    document.add("entity", tomlkit.item(mapping.entity))
    document.add("fingerprint", tomlkit.item(mapping.fingerprint))
    if mapping.order_key:
        item = tomlkit.item(mapping.order_key)
        document.add("order_key", item.comment(" | ".join(ORDER_KEYS)))
    document.add("decimal", tomlkit.item(mapping.decimal))
    if mapping.currency:
        document.add("currency", tomlkit.item(mapping.currency))
    document.add(
        "missing", tomlkit.item(list(mapping.missing)).comment("更多表示缺失的词 / further words for missing")
    )
    if mapping.constants:
        same = tomlkit.table()
        for target, value in mapping.constants:
            same.add(target, value)
        document.add("constants", same)
    if mapping.answers:
        asked = tomlkit.table()
        asked.comment("一列一题：列 = 量表 / one column a question: column = scale")
        for column, scale in mapping.answers:
            asked.add(column, scale)
        document.add("answers", asked)
    columns = tomlkit.table(is_super_table=True)
    for rule in mapping.columns:
        columns.add(rule.target, _rule_table(rule))
    document.add("columns", columns)
    unused = tomlkit.table(is_super_table=True)
    for item_ in mapping.ignored:
        table = tomlkit.table()
        table.add("reason", _text(item_.reason))
        unused.add(item_.column, table)
    if mapping.ignored:
        document.add("ignored", unused)
    return tomlkit.dumps(document)


def _rule_table(rule: ColumnRule) -> Table:
    table = tomlkit.table()
    table.add("from", list(rule.sources))
    if rule.join:
        table.add("join", rule.join)
    if rule.forms:
        table.add("forms", list(rule.forms))
    if rule.factor != 1:
        table.add("factor", str(rule.factor))
    if rule.meaning:
        table.add("meaning", rule.meaning)
    if rule.key_type:
        table.add("key_type", rule.key_type)
    table.add("reason", _text(rule.reason))
    return table


def _text(text: Text) -> Any:
    table = tomlkit.inline_table()
    table.update({"zh": text.zh, "en": text.en})
    return table


def loads(text: str, file: str = "mapping.toml") -> Mapping:
    """A mapping from TOML text; `file` names it in errors. Raises InputError."""
    try:
        found = tomlkit.parse(text).unwrap()
    except ParseError as error:
        raise InputError(
            Text("映射文件不是有效的 TOML", "The mapping file is not valid TOML"),
            Where(file, error.line),
            str(error),
        ) from error
    _known_keys(file, "", found, _TOP)
    entity = _one_of(file, "entity", found.get("entity"), ENTITY_KINDS)
    columns = _table(file, "columns", found.get("columns", {}))
    rules: dict[str, ColumnRule] = {}
    for name, table in columns.items():
        rule = _rule(file, entity, name, _table(file, f"columns.{name}", table))
        if rule.target in rules:
            raise _error(file, f"columns.{name}", name, f"{rule.target} 只能出现一次 / only once")
        rules[rule.target] = rule
    order_key = found.get("order_key")
    return Mapping(
        name=_string(file, "name", found.get("name", "")),
        entity=entity,
        fingerprint=_string(file, "fingerprint", found.get("fingerprint", "")),
        columns=tuple(rules.values()),
        order_key=_one_of(file, "order_key", order_key, ORDER_KEYS) if order_key is not None else None,
        decimal=_one_of(file, "decimal", found.get("decimal", "."), (".", ",")),
        currency=_string(file, "currency", found["currency"]) if "currency" in found else None,
        missing=_strings(file, "missing", found.get("missing", [])),
        constants=tuple(
            (
                _one_of(file, f"constants.{target}", target, targets(entity)),
                _string(file, f"constants.{target}", value),
            )
            for target, value in _table(file, "constants", found.get("constants", {})).items()
        ),
        answers=_answers(file, entity, _table(file, "answers", found.get("answers", {}))),
        ignored=tuple(
            Ignored(name, _reason(file, f"ignored.{name}", _table(file, f"ignored.{name}", table)))
            for name, table in _table(file, "ignored", found.get("ignored", {})).items()
        ),
    )


def _rule(file: str, entity: Any, name: str, table: dict[str, Any]) -> ColumnRule:
    key = f"columns.{name}"
    target = SYNONYMS[entity].get(name, name)
    if target not in targets(entity):
        raise _error(file, key, name, ", ".join(targets(entity)))
    _known_keys(file, key, table, _RULE)
    sources = _strings(file, f"{key}.from", table.get("from", []))
    if not sources:
        raise _error(file, f"{key}.from", str(table.get("from")), '["文件中的列 / column of the file"]')
    is_time = type_of(entity, target) in ("timestamp", "date")
    allowed = (*FORMS, *MARKS) if is_time else _ID_FORMS
    forms = _strings(file, f"{key}.forms", table.get("forms", []))
    for form in forms:
        _one_of(file, f"{key}.forms", form, allowed)
    if {"dmy", "mdy"} <= set(forms):
        raise _error(file, f"{key}.forms", "dmy, mdy", "dmy 或 mdy 其一 / one of dmy, mdy")
    meaning = table.get("meaning", "")
    if meaning:
        _one_of(file, f"{key}.meaning", meaning, MEANINGS.get(target, ()))
    key_type = table.get("key_type", "")
    if key_type:
        _one_of(file, f"{key}.key_type", key_type, KEY_TYPES)
    return ColumnRule(
        target,
        sources,
        _reason(file, key, table),
        forms,
        _string(file, f"{key}.join", table.get("join", "")),
        _factor(file, f"{key}.factor", table.get("factor", "1")),
        meaning,
        key_type,
    )


def _answers(file: str, entity: Any, table: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    if table and entity != "feedback":
        raise _error(file, "answers", entity, "feedback")
    scales = (*SCALES, MIXED)
    return tuple(
        (column, _one_of(file, f"answers.{column}", scale, scales)) for column, scale in table.items()
    )


def _factor(file: str, key: str, value: Any) -> Decimal:
    try:
        factor = Decimal(str(value))
    except InvalidOperation:
        factor = Decimal(0)
    if not factor.is_finite() or factor == 0:
        raise _error(file, key, str(value), "不为零的数，如 10000 / a number other than 0, e.g. 10000")
    return factor


def _reason(file: str, key: str, table: dict[str, Any]) -> Text:
    reason = table.get("reason")
    if reason is None:
        return _BY_HAND
    if isinstance(reason, str):
        return Text(reason, reason)
    pair = _table(file, f"{key}.reason", reason)
    return Text(str(pair.get("zh", pair.get("en", ""))), str(pair.get("en", pair.get("zh", ""))))


def _known_keys(file: str, key: str, table: dict[str, Any], known: tuple[str, ...]) -> None:
    for name in table:
        if name not in known:
            raise _error(file, f"{key}.{name}".lstrip("."), name, ", ".join(known))


def _table(file: str, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _error(file, key, str(value), f"[{key}]")
    return value


def _string(file: str, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _error(file, key, str(value), '"文本 / text"')
    return value


def _strings(file: str, key: str, value: Any) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise _error(file, key, str(value), '["文本 / text", ...]')
    return tuple(items)


def _one_of(file: str, key: str, value: Any, allowed: tuple[str, ...]) -> Any:
    if value not in allowed:
        raise _error(file, key, str(value), ", ".join(allowed) or "–")
    return value


def _error(file: str, key: str | None, found: str, allowed: str) -> InputError:
    return InputError(
        Text("映射文件里有无法理解的内容", "The mapping file holds something that cannot be understood"),
        Where(file=file, column=key),
        found=found,
        allowed=Text(allowed, allowed),
        do=Text("改正这一项，或删除该文件后重新导入", "Correct it, or delete the file and import again"),
    )
