"""Says that an import which was killed has been rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from keguan.cli.language import say
from keguan.core.text import Text

if TYPE_CHECKING:
    from keguan.store.recovery import Recovery


def say_recovered(recovery: Recovery, *, aside: bool = False) -> None:
    """One line when something was taken away, else nothing. `aside`: standard output belongs to a result."""
    if recovery:
        typer.echo(
            say(
                Text(
                    f"上次中断的导入已撤销: {recovery.versions} 个版本, {recovery.files} 个文件。",
                    f"An interrupted import was rolled back: {recovery.versions} versions, {recovery.files} files.",
                )
            ),
            err=aside,
        )
