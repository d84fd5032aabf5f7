"""`keguan demo`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import Lang, language_of
from keguan.cli.progress import shown


@app.command("demo", help="生成示例商店、导入并写出报告 | Make a demo shop, import it, write its report")
def demo(
    folder: Annotated[Path, typer.Argument(help="目录 | Folder")] = Path("keguan-demo"),
    lang: Lang = None,
) -> None:
    """Writes a shop's files, imports them like any user's files, and writes the report in both languages."""
    from keguan.app.demonstrating import demonstrate

    language = choose(language_of(lang))
    with shown() as progress:
        made = demonstrate(folder, language, progress, lambda text: typer.echo(say(text)), _command())
    typer.echo(say(made))


def _command() -> str:
    """How this program is called here: by its name if that is found, else by the path it was called with."""
    return "keguan" if shutil.which("keguan") else sys.argv[0]
