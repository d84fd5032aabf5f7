"""Prints how files would be read: form, columns with reasons and examples, sample rows, doubts."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid

from keguan.app.ingest.preview import Preview, preview
from keguan.app.ingest.report import ImportOptions
from keguan.cli.language import say, user_language
from keguan.cli.visible import cell
from keguan.core.text import Text
from keguan.schema.tables import ENTITIES


def show(workspace: Path, files: list[str], options: ImportOptions) -> None:
    """The whole dry run on standard output."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    for item in preview(workspace / "mappings", files, options, user_language()):
        _print(console, item)
    console.print(
        say(
            Text(
                "以上没有写入任何内容。列的含义有误时: --map 标准列=文件列, 或导入后修改工作区 mappings 里的 TOML。",
                "Nothing was written. Where a column is wrong: --map canonical=column, or edit the TOML in the "
                "workspace's mappings folder after the import.",
            )
        )
    )


def _print(console: Console, item: Preview) -> None:
    language = user_language()
    title = f"{item.file} · {say(ENTITIES[item.entity].label)} · {item.rows:,}"
    if item.rejected:
        title += f" (+{item.rejected:,} {say(Text('行结构有误', 'rows of the wrong shape'))})"
    console.rule(cell(title), align="left")
    for setting in item.settings:
        sure = "" if setting.sure else " ?"
        console.print(
            cell(f"  {setting.name} = {setting.value}{sure}  ")
            + cell(f"{setting.reason.in_(language)} ({setting.option})", "dim")
        )
    if item.saved:
        console.print(say(Text("  使用已保存的映射", "  A mapping saved earlier is used")))
    if item.order_key:
        console.print(f"  order-key = {item.order_key}  [dim](--order-key)[/dim]")
    console.print(_columns(item))
    console.print(_sample(item))
    for doubt in item.doubts:
        console.print(cell(f"  ? {doubt}", "yellow"))


def _columns(item: Preview) -> Grid:
    grid = Grid(title=say(Text("列的含义", "Columns")), title_justify="left")
    for text in (Text("文件列", "Column"), Text("标准列", "Canonical"), Text("读法", "Read as"), Text("例", "Examples"),
                 Text("依据", "Reason"), Text("存疑", "Doubts")):  # fmt: skip
        grid.add_column(say(text), overflow="fold")
    for row in item.mapping:
        shown = (row.column, row.target or "–", row.reading, " | ".join(row.examples), row.reason)
        grid.add_row(*map(cell, (*shown, " ".join(row.doubts))))
    return grid


def _sample(item: Preview) -> Grid:
    grid = Grid(title=say(Text("样本行", "Sample rows")), title_justify="left")
    for name in item.sample_columns:
        grid.add_column(cell(name), overflow="fold")
    for row in item.sample:
        grid.add_row(*map(cell, row))
    return grid
