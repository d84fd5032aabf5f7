"""`keguan analyses` and `keguan run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose
from keguan.cli.options import (
    AsOf,
    Engine,
    Folder,
    Lang,
    OptionalTexts,
    check_format,
    day_of,
    language_of,
    pairs_of,
)
from keguan.cli.progress import shown
from keguan.core.errors import WorkspaceError
from keguan.core.text import Language

FORMATS = ("table", "json", "csv")


@app.command("analyses", help="列出全部分析 | List all analyses")
def analyses(lang: Lang = None) -> None:
    """Name, title, question and parameters of every analysis."""
    from keguan import registry

    language = choose(language_of(lang))
    for analysis in registry.every():
        typer.echo(f"{analysis.name:<16} {analysis.title.in_(language)}: {analysis.question.in_(language)}")
        for item in analysis.fields():
            text = item.metadata["help"].in_(language) if "help" in item.metadata else ""
            typer.echo(f"{'':<18}--param {item.name}={item.default}  {text}")


@app.command("run", help="运行一个分析 | Run one analysis")
def run(
    analysis: Annotated[str, typer.Argument(help="分析名称 | Name of the analysis")],
    workspace: Folder = Path(),
    as_of: AsOf = None,
    param: Annotated[OptionalTexts, typer.Option("--param", help="名称=值 | name=value")] = None,
    format: Annotated[str, typer.Option("--format", help="table | json | csv")] = "table",
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Runs an analysis on the committed tables and prints its Result."""
    language = choose(language_of(lang), workspace)
    show_result(analysis, workspace, as_of, pairs_of(param, "--param"), format, language, engine)


def show_result(
    name: str,
    workspace: Path,
    as_of: str | None,
    params: dict[str, str],
    format: str,
    language: Language,
    engine: str | None = None,
) -> None:
    """Runs, keeps the segments, prints in the wanted form."""
    check_format(format, FORMATS)
    from keguan import registry
    from keguan.app import engines, saved_models, segments
    from keguan.app.analyse import Session
    from keguan.cli import output
    from keguan.cli.recovered import say_recovered
    from keguan.store.workspace import Store

    analysis = registry.get(name)
    store = engines.on(Store(workspace), engine)
    with shown() as progress, Session(store, day_of(as_of)) as session:
        progress(analysis.title, 0.2)
        result, currency = session.run(name, params), session.inputs.settings.currency
        try:
            segments.save(store, session, result)
            saved_models.save(store, session, [result])
        except WorkspaceError as error:  # a read-only workspace can still be read
            typer.echo(error.paragraph(language), err=True)
    say_recovered(store.recovered, aside=True)
    output.show(result, analysis, language, currency, format)
