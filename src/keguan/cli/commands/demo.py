"""`keguan demo`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import Lang, OptionalNumber, language_of
from keguan.cli.progress import shown
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text


@app.command("demo", help="生成示例商店、导入并写出报告 | Make a demo shop, import it, write its report")
def demo(
    folder: Annotated[Path, typer.Argument(help="目录 | Folder")] = Path("keguan-demo"),
    scale: Annotated[
        OptionalNumber,
        typer.Option("--scale", help="规模, 1 约 2 万客户 | Size, 1 is about 20,000 customers"),
    ] = None,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="写报告, 中英各一份 | Write its reports")
    ] = True,
    next_month: Annotated[
        bool,
        typer.Option(
            "--next-month", help="写出示例商店下一个月的文件 | Write the shop's files of the next month"
        ),
    ] = False,
    lang: Lang = None,
) -> None:
    """Writes a shop's files, imports them like any user's files, and writes the report in both languages.

    With `--next-month` a shop made before lives on for a month: its new files are written, not imported.
    """
    from keguan.app.demonstrating import demonstrate, live_on

    language = choose(language_of(lang))
    if next_month:
        if scale is not None:
            raise UsageError(
                Text("--scale 只用于新的示例商店", "--scale is for a new demo shop only"),
                Where(setting="--scale"),
                found=str(scale),
                do=Text("去掉其中一个选项", "leave one of the two out"),
            )
        typer.echo(say(live_on(folder, _command())))
        return
    size = 1.0 if scale is None else scale
    with shown() as progress:
        made = demonstrate(
            folder,
            language,
            progress,
            lambda text: typer.echo(say(text)),
            _command(),
            scale=size,
            reported=report,
        )
    typer.echo(say(made))


def _command() -> str:
    """How this program is called here: by its name if that is found, else by the path it was called with."""
    return "keguan" if shutil.which("keguan") else sys.argv[0]
