"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Optional

import typer

from keguan.core.errors import UsageError, Where
from keguan.core.text import LANGUAGES, Language, Text, same

# Typer reads annotations at run time, where `str | None` is not one type on every Python that is supported.
OptionalText = Optional[str]  # noqa: UP045
OptionalNumber = Optional[float]  # noqa: UP045
OptionalCount = Optional[int]  # noqa: UP045
OptionalTexts = Optional[list[str]]  # noqa: UP045

Folder = Annotated[
    Path,
    typer.Option("-w", "--workspace", envvar="KEGUAN_WORKSPACE", help="工作区目录 | Workspace folder"),
]
Lang = Annotated[OptionalText, typer.Option("--lang", help="zh | en")]
AsOf = Annotated[
    OptionalText,
    typer.Option(
        "--as-of", help="截至日(含), 默认数据最后一天 | Last day counted, default: last day of the data"
    ),
]

Engine = Annotated[
    OptionalText,
    typer.Option("--engine", help="duckdb | spark, 默认见设置 | Default: as the settings say"),
]

# How a file of rows is read where detection is overruled.
Encoding = Annotated[OptionalText, typer.Option(help="utf-8 | gb18030 | big5 | …")]
Separator = Annotated[OptionalText, typer.Option(help=", ; | tab blank")]
Decimal = Annotated[OptionalText, typer.Option(help="小数点 . 或 , | Decimal mark")]
Sheet = Annotated[OptionalText, typer.Option(help="工作表 | Sheet")]


def language_of(text: str | None) -> Language | None:
    """'zh' or 'en' as given; UsageError otherwise."""
    for language in LANGUAGES:
        if text == language:
            return language
    if text is None:
        return None
    raise UsageError(
        Text("语言有误", "The language is wrong"),
        Where(setting="--lang"),
        found=text,
        allowed=Text("zh 或 en", "zh or en"),
        do=Text("改正选项后重试", "correct the option and try again"),
    )


def day_of(text: str | None, option: str = "--as-of") -> date | None:
    """A day as given, None when none is; UsageError when it is no day."""
    return day(text, option) if text else None


def day(text: str, option: str) -> date:
    """A day that must be given; UsageError when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            Text("日期有误", "The date is wrong"),
            Where(setting=option),
            found=text,
            allowed=Text("形如 2011-12-09 的真实日期", "a real date such as 2011-12-09"),
            do=Text("改正后重试", "correct it and try again"),
        ) from None


def pairs_of(items: list[str] | None, option: str) -> dict[str, str]:
    """`name=value` items as a dictionary."""
    found: dict[str, str] = {}
    for item in items or []:
        name, sign, value = item.partition("=")
        if not sign or not name.strip():
            raise UsageError(
                Text("选项写法有误", "The option is not well formed"),
                Where(setting=option),
                found=item,
                allowed=Text("名称=值", "name=value"),
                do=Text("改正后重试", "correct it and try again"),
            )
        found[name.strip()] = value.strip()
    return found


def check_format(text: str, formats: Sequence[str]) -> None:
    """UsageError for a form of output that the command does not know."""
    if text not in formats:
        raise UsageError(
            Text("输出格式有误", "The format is wrong"),
            Where(setting="--format"),
            found=text,
            allowed=same(" | ".join(formats)),
            do=Text("改正选项后重试", "correct the option and try again"),
        )
