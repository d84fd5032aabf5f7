"""`keguan strategies`: the company's own strategy matrix."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import Folder, Lang, check_format, language_of
from keguan.cli.visible import visible
from keguan.core.text import Language, Text

strategies = typer.Typer(help="策略矩阵 | The strategy matrix", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(strategies, name="strategies")

File = Annotated[
    Optional[Path],  # noqa: UP045  # Typer reads it at run time
    typer.Argument(help="矩阵文件(.toml), 默认工作区的 strategies.toml | A matrix, default: strategies.toml of the workspace"),
]  # fmt: skip


@strategies.command("init", help="把随附的矩阵写成 strategies.toml | Write the shipped matrix for editing")
def init(workspace: Folder = Path(), lang: Lang = None) -> None:
    """Writes strategies.toml into the workspace; one that is there stays."""
    from keguan.app import strategies as own
    from keguan.store.workspace import Store

    choose(language_of(lang), workspace)
    path = own.written(Store(workspace))
    said = Text(f"✓ {path}，修改后用 keguan strategies check 检查",
                f"✓ {path}; edit it, then run keguan strategies check")  # fmt: skip
    typer.echo(visible(say(said)))


@strategies.command("check", help="检查策略矩阵 | Check a strategy matrix")
def check(file: File = None, workspace: Folder = Path(), lang: Lang = None) -> None:
    """Says what the matrix holds, or what is wrong with it; reads no data."""
    from keguan.app import strategies as own

    choose(language_of(lang), workspace)
    matrix, is_own = (own.of_file(file), True) if file else own.of_workspace(workspace)
    whose = Text("自己的矩阵" if is_own else "随附的矩阵", "own matrix" if is_own else "the shipped matrix")
    rows, rules, order = len(matrix.rows), len(matrix.rules), " > ".join(matrix.priority) or "-"
    said = Text(
        f"✓ {whose.zh}：{rows} 类客户，{rules} 条分群规则，{len(matrix.strategies())} 个策略；次序 {order}",
        f"✓ {whose.en}: {rows} kinds of customers, {rules} rules of segments, {len(matrix.strategies())} strategies; "
        f"order {order}",
    )
    typer.echo(visible(say(said)))


@strategies.command("show", help="显示策略矩阵 | Show the strategy matrix")
def show(
    file: File = None,
    workspace: Folder = Path(),
    format: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    lang: Lang = None,
) -> None:
    """The framework, then the strategy of each segment."""
    check_format(format, ("table", "json"))
    from keguan.app import strategies as own
    from keguan.marts.strategy_matrix import Matrix

    language = choose(language_of(lang), workspace)
    matrix: Matrix = own.of_file(file) if file else own.of_workspace(workspace)[0]
    framework = [[text.in_(language) for text in row] for row in matrix.table()]
    rules = [
        [rule.segmentation, rule.label, rule.id, rule.strategy.in_(language), rule.when or ""]
        for rule in matrix.rules
    ]
    if format == "json":
        import json

        document = {"framework": framework, "segments": rules, "priority": list(matrix.priority)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    _printed(framework, rules, language)


def _printed(framework: list[list[str]], rules: list[list[str]], language: Language) -> None:
    for row in framework:
        typer.echo(visible(" | ".join(row)))
    typer.echo("")
    for segmentation, label, id, strategy, when in rules:
        named = f" ({when})" if when else ""
        colon = "：" if language == "zh" else ": "
        typer.echo(visible(f"{segmentation}/{label}{named} → {id}{colon}{strategy}"))
