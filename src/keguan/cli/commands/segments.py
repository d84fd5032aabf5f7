"""`keguan segment`: the company's own rules for segments, checked and run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from keguan.cli.app import app
from keguan.cli.commands.analyses import show_result
from keguan.cli.language import choose, say
from keguan.cli.options import AsOf, Engine, Folder, Lang, language_of
from keguan.core.text import Text

segment = typer.Typer(help="自定义分群 | Own segments", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(segment, name="segment")

Files = Annotated[
    Optional[list[Path]],  # noqa: UP045  # Typer reads it at run time
    typer.Argument(help="规则文件(.toml), 默认工作区 segments/ | Files of rules (.toml), default: segments/"),
]


@segment.command("check", help="检查分群规则 | Check rules for segments")
def check(files: Files = None, workspace: Folder = Path(), lang: Lang = None) -> None:
    """Says what each file makes, or what is wrong with it; reads no data."""
    from keguan import registry
    from keguan.app.kept_texts import joined, kept

    choose(language_of(lang), workspace)
    text = joined(files) if files else kept(workspace, "segments")
    params = registry.get("custom_segments").params(rules=text)
    if not params.segmentations:
        typer.echo(say(Text("没有规则文件", "There are no files of rules")))
    for item in params.segmentations:
        rows = len(item.rows)
        typer.echo(
            say(
                Text(
                    f"✓ {item.name}: {rows} 行, 其余为「{item.rest}」",
                    f"✓ {item.name}: {rows} rows, the rest is '{item.rest}'",
                )
            )
        )


@segment.command("run", help="按规则分群 | Segment customers by rules")
def run(
    files: Files = None,
    workspace: Folder = Path(),
    as_of: AsOf = None,
    format: Annotated[str, typer.Option("--format", help="table | json | csv")] = "table",
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Runs the rules on the committed tables, prints the tables and keeps the segments."""
    from keguan.app.kept_texts import joined

    language = choose(language_of(lang), workspace)
    params = {"rules": joined(files)} if files else {}
    show_result("custom_segments", workspace, as_of, params, format, language, engine)
