"""Progress on a terminal for anything over a second; silent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from keguan.cli.language import say
from keguan.core.text import Text

Report = Callable[[Text, float], None]


@contextmanager
def shown() -> Iterator[Report]:
    """Gives a function (what, share 0..1) that draws a bar on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=1.0)

    def draw(what: Text, share: float) -> None:
        bar.start()  # not before: its thread would forbid `core.process.apart`
        bar.update(task, description=say(what), completed=share)

    try:
        yield draw
    finally:
        bar.stop()
