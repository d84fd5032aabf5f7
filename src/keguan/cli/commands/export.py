"""`keguan export segment`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import AsOf, Engine, Folder, Lang, day_of, language_of
from keguan.core.text import Text

export = typer.Typer(help="导出 | Export", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(export, name="export")


@export.command("segment", help="导出一个分群的客户名单 | Export the customers of a segment")
def segment(
    segmentation: Annotated[str, typer.Argument(help="分群方法, 如 rfm | Segmentation, e.g. rfm")],
    output: Annotated[Path, typer.Option("-o", "--output", help=".csv | .xlsx")],
    workspace: Folder = Path(),
    label: Annotated[str | None, typer.Option("--label", help="标签, 默认全部 | Label, default all")] = None,
    as_of: AsOf = None,
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Writes a list with one row per customer; cells that a spreadsheet would run as formulas are made safe."""
    from keguan.app import engines
    from keguan.app.exporting import export_segment
    from keguan.cli.recovered import say_recovered
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    store = engines.on(Store(workspace), engine)
    rows = export_segment(store, segmentation, label, day_of(as_of), output, language)
    say_recovered(store.recovered, aside=True)
    typer.echo(say(Text(f"已导出 {rows:,} 位客户: {output}", f"{rows:,} customers exported: {output}")))


@export.command("quarantine", help="导出隔离区的原始行与原因 | Export quarantined rows with their reasons")
def quarantine(
    output: Annotated[Path, typer.Option("-o", "--output", help=".csv | .xlsx")],
    workspace: Folder = Path(),
    lang: Lang = None,
) -> None:
    """Writes every row that could not be used, as received; put right, it can be imported again."""
    from keguan.app.exporting import export_quarantine
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    rows = export_quarantine(Store(workspace), output, language)
    typer.echo(say(Text(f"已导出 {rows:,} 行: {output}", f"{rows:,} rows exported: {output}")))
