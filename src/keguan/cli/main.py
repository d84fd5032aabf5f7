"""`keguan`: commands, and how errors end them (0 done, 1 not proved, 2 usage, 3 a question, 4 nothing landed)."""

from __future__ import annotations

import gc
import io
import os
import sys

from keguan.core.errors import KeguanError, UsageError
from keguan.core.process import own_process
from keguan.core.text import Text

INTERRUPTED = 130  # as shells say of a program that Ctrl-C ended


def _speak_unicode() -> None:
    """Names and sentences reach every file and pipe as UTF-8; a terminal that lacks a character shows '?'."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        elif "PYTHONIOENCODING" not in os.environ:
            stream.reconfigure(encoding="utf-8")


def _calculate_on_one_thread() -> None:
    """Before numpy is loaded. Its matrices here are small: more threads only wait for each other, up to seconds on a
    busy machine, and would add up in another order on a machine with other cores."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _collect_seldom() -> None:
    """Cycles of objects are looked for after 50,000 new ones and not after 700: a report makes millions that live to its
    end, and looking through them again and again took a tenth of its CPU."""
    gc.set_threshold(50_000, 10, 10)


def run() -> None:
    """Runs the command line; every error is one paragraph in the user's language."""
    _speak_unicode()
    _calculate_on_one_thread()
    _collect_seldom()
    own_process()
    from keguan.cli import commands  # registers the commands
    from keguan.cli.app import app

    _ = commands
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:  # what Typer makes of an interruption
            _interrupted()
        sys.exit(code if isinstance(code, int) else 0)
    except KeguanError as error:
        _end(error)
    except (KeyboardInterrupt, EOFError):
        _interrupted()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        _unexpected(error)


def _interrupted() -> None:
    print("已中断, 工作区保持原样 | interrupted; the workspace is as it was", file=sys.stderr)
    sys.exit(INTERRUPTED)


def _end(error: KeguanError) -> None:
    from keguan.cli.language import user_language

    print(error.paragraph(user_language()), file=sys.stderr)
    sys.exit(error.exit_code)


def _unexpected(error: Exception) -> None:
    """Typer's own errors become ours; what is unforeseen is written down, never shown as a traceback."""
    kind = type(error).__name__
    if kind == "Abort":  # at a question
        _interrupted()
    message = getattr(error, "format_message", None)
    if kind == "NoArgsIsHelpError" and message is not None:
        print(message())
        sys.exit(2)
    if message is not None and getattr(error, "exit_code", None) == 2:
        _end(
            UsageError(
                Text("命令或选项有误", "The command or an option is wrong"),
                found=message(),
                do=Text(
                    "运行 keguan --help 或 keguan 命令 --help 查看用法",
                    "run keguan --help, or keguan COMMAND --help",
                ),
            )
        )
    from keguan.cli.unforeseen import explain

    print(explain(error), file=sys.stderr)
    sys.exit(1)
