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
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, share: bar.update(task, description=say(what), completed=share)
