"""`keguan init` and `keguan doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import Folder, Lang, language_of
from keguan.core.text import Text


@app.command("init", help="新建工作区 | Make a workspace")
def init(
    folder: Annotated[Path, typer.Argument(help="目录 | Folder")] = Path(),
    name: Annotated[str, typer.Option(help="公司名称(封面) | Company name for the cover")] = "",
    currency: Annotated[str, typer.Option(help="币种, 如 CNY | Currency, e.g. CNY")] = "",
    timezone: Annotated[str, typer.Option(help="时区 | Time zone")] = "",
    lang: Lang = None,
) -> None:
    """Makes the folder with an explained keguan.toml; an existing workspace stays as it is."""
    from keguan.app.starting import start

    language = choose(language_of(lang), folder)
    store, existed = start(folder, language, name=name, currency=currency.upper(), timezone=timezone)
    place = store.folder
    typer.echo(
        say(Text(f"工作区已存在, 保持不变: {place}", f"The workspace exists and stays as it is: {place}"))
        if existed
        else say(
            Text(
                f"已建立工作区: {place}\n接下来: keguan import 订单文件 -w {folder}",
                f"Workspace made: {place}\nNext: keguan import ORDERS -w {folder}",
            )
        )
    )


@app.command("doctor", help="检查并修复 | Check and mend the installation and the workspace")
def doctor(
    workspace: Folder = Path(),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只查看 | Only look, mend nothing")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="读每个文件的每个字节 | Read every byte of every file")
    ] = False,
    vacuum: Annotated[
        bool,
        typer.Option("--vacuum", help="清除没有报告需要的旧文件 | Remove old files that no report needs"),
    ] = False,
    lang: Lang = None,
) -> None:
    """Says what is installed and whether the workspace is whole, and mends what can be mended safely.

    Exit code 4 when something is wrong and not mended.
    """
    from keguan.app.doctor import examine

    language = choose(language_of(lang), workspace)
    good = True
    for finding in examine(workspace, mend=not dry_run, deep=deep, vacuum=vacuum):
        mark = "✓" if finding.good else "✗"
        typer.echo(f"{mark} {finding.what.in_(language)}")
        good = good and finding.good
    if not good:
        raise typer.Exit(4)
