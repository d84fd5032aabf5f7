"""`keguan models`: kept runs of models, their back-tests, and how their predictions fared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.commands.analyses import FORMATS
from keguan.cli.language import choose
from keguan.cli.options import Engine, Folder, Lang, check_format, language_of
from keguan.cli.progress import shown


@app.command("models", help="列出留存的模型运行与成绩 | List kept runs of models and how they fared")
def models(
    workspace: Folder = Path(),
    format: Annotated[str, typer.Option("--format", help="table | json | csv")] = "table",
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Prints one row for each kept run, the latest first."""
    language = choose(language_of(lang), workspace)
    check_format(format, FORMATS)
    from keguan.app import engines
    from keguan.app.model_listing import LISTING, shortened
    from keguan.app.model_listing import models as listed
    from keguan.cli import output
    from keguan.cli.recovered import say_recovered
    from keguan.store.workspace import Store

    store = engines.on(Store(workspace), engine)
    with shown() as progress:
        progress(LISTING.title, 0.2)
        result, currency = listed(store)
    say_recovered(store.recovered, aside=True)
    if format == "json":
        typer.echo(output.as_json(result, LISTING, language))
    elif format == "csv":
        typer.echo(output.as_csv(result))
    else:
        output.print_tables(shortened(result), LISTING, language, currency)
