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


@app.command("doctor", help="检查安装与工作区 | Check the installation and the workspace")
def doctor(workspace: Folder = Path(), lang: Lang = None) -> None:
    """Says what is installed and whether the workspace opens; exit code 4 when something is wrong."""
    from keguan.app.doctor import examine

    language = choose(language_of(lang), workspace)
    findings = examine(workspace)
    for finding in findings:
        mark = "✓" if finding.good else "✗"
        typer.echo(f"{mark} {finding.what.in_(language)}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(4)
