"""One frozen object of settings: keguan.toml of the workspace, then environment variables KEGUAN_*."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from keguan.core.errors import UsageError, Where
from keguan.core.text import Text

FILE = "keguan.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of a workspace; every field can stand in keguan.toml under the same name."""

    name: str = ""  # the company's name on the cover
    language: str = "zh"
    timezone: str = "Asia/Shanghai"
    currency: str = ""  # ISO code; empty: not stated by the data
    engine: str = "duckdb"
    memory_limit: str = ""  # e.g. '4GB'; empty: the engine's default
    threads: int = 0  # 0: all cores
    fiscal_year_start: int = 1
    repeated_lines: str = "keep"  # or 'drop'
    min_n: int = 30
    material_relative: float = 0.03
    material_share: float = 0.005


CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": ("zh", "en"),
    "engine": ("duckdb", "spark"),
    "repeated_lines": ("keep", "drop"),
}


def load(folder: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Settings of a workspace folder. Unknown names and wrong types are errors that name them."""
    path = folder / FILE
    try:
        given = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            Text("设置文件无法读取", "The settings file cannot be read"),
            Where(file=str(path)),
            found=str(error),
            allowed=Text("合法的 TOML 文件", "a valid TOML file"),
            do=Text("改正该行, 或删除文件恢复默认设置", "correct the line, or delete the file for defaults"),
        ) from None
    known = {item.name for item in fields(Config)}
    values: dict[str, Any] = {}
    for name, value in given.items():
        values[name] = _checked(name, value, known, str(path))
    for name in known:
        if (text := environment.get(f"KEGUAN_{name.upper()}")) is not None:
            values[name] = _checked(name, _parsed(name, text), known, f"KEGUAN_{name.upper()}")
    config = replace(Config(), **values)
    if config.timezone not in available_timezones():
        raise _wrong("timezone", config.timezone, "Asia/Shanghai, Europe/London, UTC …", str(path))
    ZoneInfo(config.timezone)
    return config


def _parsed(name: str, text: str) -> Any:
    default = getattr(Config(), name)
    if isinstance(default, (int, float)):
        try:
            return type(default)(text)
        except ValueError:
            return text
    return text


def _checked(name: str, value: Any, known: set[str], place: str) -> Any:
    if name not in known:
        raise _wrong(name, name, ", ".join(sorted(known)), place)
    default = getattr(Config(), name)
    if isinstance(default, float) and isinstance(value, int):
        value = float(value)
    if type(value) is not type(default):
        raise _wrong(name, repr(value), type(default).__name__, place)
    if name in CHOICES and value not in CHOICES[name]:
        raise _wrong(name, repr(value), " | ".join(CHOICES[name]), place)
    return value


def _wrong(name: str, found: str, allowed: str, place: str) -> UsageError:
    return UsageError(
        Text("设置有误", "A setting is wrong"),
        Where(file=place, column=name),
        found=found,
        allowed=Text(allowed, allowed),
        do=Text("改正后重试", "correct it and try again"),
    )
