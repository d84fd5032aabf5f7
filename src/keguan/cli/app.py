"""The Typer application that commands join."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    name="keguan",
    help="Keguan 客观: 从客户数据到可核验的客户分析报告 | from customer data to a report that proves its sentences",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        from keguan import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 | Print the version")
    ] = False,
) -> None:
    """Keguan 客观."""
