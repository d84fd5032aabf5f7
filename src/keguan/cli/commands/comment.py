"""`keguan comment`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import Folder, Lang, language_of
from keguan.cli.visible import visible
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text


@app.command("comment", help="给报告加意见 | Add a comment to the report")
def comment(
    text: Annotated[
        str | None, typer.Argument(help="意见，不给则列出 | The comment; none lists them")
    ] = None,
    author: Annotated[str | None, typer.Option("--author", help="作者 | Author")] = None,
    about: Annotated[
        str | None, typer.Option("--about", help="说的是哪项分析 | The analysis it is about")
    ] = None,
    remove: Annotated[
        int | None, typer.Option("--remove", help="去掉这个编号的意见 | Take this one away")
    ] = None,
    workspace: Folder = Path(),
    lang: Lang = None,
) -> None:
    """Keeps an opinion in the workspace; reports show it apart from evidence."""
    from datetime import date

    from keguan.app import comments
    from keguan.report.document import Comment
    from keguan.store.workspace import Store

    choose(language_of(lang), workspace)
    _one_thing(text, author, about, remove)
    store = Store(workspace)
    if remove is not None:
        left = comments.remove(store, remove)
    elif text is not None:
        said = Comment((author or "").strip(), text.strip(), date.today(), (about or "").strip() or None)
        left = comments.add(store, said)
    else:
        left = comments.kept(store)
    for number, item in enumerate(left, 1):
        about_what = f" ({item.about})" if item.about else ""
        typer.echo(visible(f"{number}. {item.author} {item.on or ''}{about_what}: {item.text}"))
    if not left:
        typer.echo(say(Text("没有意见", "There are no comments")))


def _one_thing(text: str | None, author: str | None, about: str | None, remove: int | None) -> None:
    """A comment is added, taken away, or all are listed: what was typed beside it would be lost without a word."""
    given = {"TEXT": text, "--author": author, "--about": about}
    beside = [name for name, value in given.items() if value is not None]
    if beside and (remove is not None or text is None):
        raise UsageError(
            Text("意见的几个选项不能一起用", "These options of a comment do not go together"),
            Where(setting=beside[0]),
            found=", ".join([*beside, *(["--remove"] if remove is not None else [])]),
            allowed=Text("TEXT --author [--about]，或 --remove", "TEXT --author [--about], or --remove"),
            do=Text(
                "把意见写在命令后面，或只给 --remove", "write the comment as well, or give --remove alone"
            ),
        )
