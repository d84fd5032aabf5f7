"""`keguan`: commands, and how errors end them (0 done, 1 not proved, 2 usage, 3 a question, 4 nothing landed)."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

from keguan.core.errors import KeguanError

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


def _speak_unicode() -> None:
    """Names and sentences reach every file and pipe as UTF-8; a terminal that lacks a character shows '?'."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        elif "PYTHONIOENCODING" not in os.environ:
            stream.reconfigure(encoding="utf-8")


def run() -> None:
    """Runs the command line; every error is one paragraph in the user's language."""
    _speak_unicode()
    from keguan.cli import commands  # registers the commands

    _ = commands
    try:
        app()
    except KeguanError as error:
        from keguan.cli.language import user_language

        print(error.paragraph(user_language()), file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("已中断, 工作区保持原样 | interrupted; the workspace is as it was", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except (
        Exception
    ) as error:  # the last door: what is unforeseen is written down, never shown as a traceback
        from keguan.cli.unforeseen import explain

        print(explain(error), file=sys.stderr)
        sys.exit(1)
