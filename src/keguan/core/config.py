"""One frozen object of settings: keguan.toml of the workspace, then environment variables KEGUAN_*."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from keguan.core.errors import UsageError, Where
from keguan.core.text import Text, same

FILE = "keguan.toml"
MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of a workspace; every field can stand in keguan.toml under the same name."""

    name: str = ""  # the company's name on the cover
    language: str = "zh"
    timezone: str = "Asia/Shanghai"
    currency: str = ""  # ISO code; empty: not stated by the data
    engine: str = "duckdb"
    spark_master: str = "local[*]"  # empty: what Spark's own configuration says
    memory_limit: str = ""  # e.g. '4GB'; empty: the engine's default
    threads: int = 0  # 0: all cores
    fiscal_year_start: int = 1  # month
    repeated_lines: str = "keep"  # or 'drop'
    min_n: int = 30
    material_relative: float = 0.03
    material_share: float = 0.005
    contact_cap: int = 4  # a customer contacted so often in the days below joins no audience
    contact_cap_days: int = 30


CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": ("zh", "en"),
    "engine": ("duckdb", "spark"),
    "repeated_lines": ("keep", "drop"),
}
RANGES: Mapping[str, tuple[float, float]] = {
    "threads": (0, 1024),
    "fiscal_year_start": (1, 12),
    "min_n": (1, 1_000_000),
    "material_relative": (0, 1),
    "material_share": (0, 1),
    "contact_cap": (1, 1000),
    "contact_cap_days": (1, 366),
}
FORMS: Mapping[str, tuple[str, Text]] = {
    "currency": (
        r"([A-Z]{3})?",
        Text("ISO 4217 币种代码，如 CNY、USD", "an ISO 4217 code such as CNY or USD"),
    ),
    "spark_master": (
        r"(local(\[(\*|\d+)\])?|yarn|(spark|k8s)://\S+)?",
        Text(
            "local[*]、local[核数]、spark://主机:端口、yarn、k8s://地址，或空",
            "local[*], local[cores], spark://host:port, yarn, k8s://address, or nothing",
        ),
    ),
    "memory_limit": (
        r"((?=.*[1-9])\d{1,6}(\.\d{1,6})? ?[KMGT](i?B)?)?",
        Text("数字加单位，如 4GB、512MB", "a number with a unit, such as 4GB or 512MB"),
    ),
}
KINDS: Mapping[type, Text] = {
    str: Text("带引号的文字", "a text in quotes"),
    int: Text("整数", "a whole number"),
    float: Text("数", "a number"),
}
ZONES = Text(
    "IANA 时区名，如 Asia/Shanghai、Europe/London、UTC",
    "a name of the IANA zone list such as Asia/Shanghai, Europe/London or UTC",
)


def load(folder: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Settings of a workspace folder, the environment over the file; an empty variable counts as unset.

    UsageError names an unknown setting, a wrong type, a value out of range, and the place of each.
    """
    path = folder / FILE
    values: dict[str, Any] = {}
    for name, value in _given(path).items():
        values[name] = _checked(name, value, Where(file=str(path), setting=name))
        _stays_here(name, value, Where(file=str(path), setting=name))
    for item in fields(Config):
        variable = f"KEGUAN_{item.name.upper()}"
        if text := environment.get(variable):
            where = Where(variable=variable, setting=item.name)
            values[item.name] = _checked(item.name, _parsed(item.name, text), where)
    return replace(Config(), **values)


def _stays_here(name: str, value: Any, where: Where) -> None:
    """A folder may come from a stranger: what it says never makes data leave this machine."""
    if name == "spark_master" and value and not value.startswith("local"):
        raise UsageError(
            Text(
                "工作区的文件不能指定别处的 Spark，否则数据会离开这台机器",
                "A workspace's file may not name a Spark elsewhere: data would leave this machine",
            ),
            where,
            found=str(value),
            allowed=same("local[*]"),
            do=Text(
                f"改用环境变量 KEGUAN_SPARK_MASTER={value}",
                f"set the variable KEGUAN_SPARK_MASTER={value} instead",
            ),
        )


def _given(path: Path) -> dict[str, Any]:
    try:
        if path.exists() and path.stat().st_size > MOST_BYTES:
            raise UsageError(
                Text("设置文件太大", "The settings file is too large"),
                Where(file=str(path)),
                found=f"{path.stat().st_size:,} B",
                allowed=Text(f"至多 {MOST_BYTES:,} B", f"at most {MOST_BYTES:,} B"),
            )
        # utf-8-sig: editors on Windows write a byte-order mark
        return tomllib.loads(path.read_text("utf-8-sig")) if path.exists() else {}
    except OSError as error:
        raise UsageError(
            Text("设置文件无法读取", "The settings file cannot be read"),
            Where(file=str(path)),
            found=error.strerror or str(error),
            do=Text("确认它是可读取的普通文件", "see that it is an ordinary file that you may read"),
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            Text("设置文件无法读取", "The settings file cannot be read"),
            Where(file=str(path)),
            found=str(error),
            allowed=Text("UTF-8 编码的 TOML 文件", "a TOML file in UTF-8"),
            do=Text("改正该行, 或删除文件恢复默认设置", "correct the line, or delete the file for defaults"),
        ) from None


def _parsed(name: str, text: str) -> Any:
    default = getattr(Config(), name)
    if isinstance(default, (int, float)):
        try:
            return type(default)(text)
        except ValueError:
            return text
    return text


def _checked(name: str, value: Any, where: Where) -> Any:
    known = sorted(item.name for item in fields(Config))
    if name not in known:
        raise _unknown(name, known, where)
    kind = type(getattr(Config(), name))
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise _wrong(value, KINDS[kind], where)
    if name in CHOICES and value not in CHOICES[name]:
        raise _wrong(value, same(" | ".join(CHOICES[name])), where)
    if name in RANGES and not RANGES[name][0] <= value <= RANGES[name][1]:
        low, high = RANGES[name]
        raise _wrong(value, Text(f"{low:,} 至 {high:,}", f"{low:,} to {high:,}"), where)
    if name in FORMS and not re.fullmatch(FORMS[name][0], value, re.ASCII):
        raise _wrong(value, FORMS[name][1], where)
    if name == "timezone" and value not in available_timezones():
        raise _wrong(value, ZONES, where)
    return value


def _unknown(name: str, known: list[str], where: Where) -> UsageError:
    near = get_close_matches(name, known, n=1)
    return UsageError(
        Text("没有这个设置", "There is no such setting"),
        where,
        allowed=same(", ".join(known)),
        do=Text(f"改为 {near[0]}", f"write {near[0]} instead")
        if near
        else Text("删除该项或改正名称", "remove it or correct its name"),
    )


def _wrong(value: Any, allowed: Text, where: Where) -> UsageError:
    return UsageError(
        Text("设置有误", "A setting is wrong"),
        where,
        found=json.dumps(value, ensure_ascii=False, default=str),
        allowed=allowed,
        do=Text("改正后重试", "correct it and try again"),
    )
