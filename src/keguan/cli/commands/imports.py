"""`keguan import` and `keguan quality`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say, user_language
from keguan.cli.options import (
    Decimal,
    Encoding,
    Folder,
    Lang,
    OptionalText,
    Separator,
    Sheet,
    language_of,
    pairs_of,
)
from keguan.cli.progress import shown
from keguan.cli.recovered import say_recovered
from keguan.cli.visible import visible
from keguan.core.errors import QuestionError
from keguan.core.text import Text

if TYPE_CHECKING:
    from keguan.app.ingest import ImportOptions, ImportReport

# Options are read by Typer at run time, hence Optional.


@app.command(
    "import",
    help="导入订单、客户、行为、反馈等文件 | Import files of orders, customers, events, feedback and more",
)
def import_(
    files: Annotated[list[str], typer.Argument(help="文件、目录或通配符 | Files, folders, globs")],
    workspace: Folder = Path(),
    source: Annotated[str, typer.Option(help="来源名称 | Name of the source")] = "files",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只显示识别结果 | Only show how it is read")
    ] = False,
    encoding: Encoding = None,
    separator: Separator = None,
    header: Annotated[
        bool | None, typer.Option("--header/--no-header", help="首行是否表头 | First row is a header")
    ] = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
    date_order: Annotated[OptionalText, typer.Option("--date-order", help="day | month")] = None,
    order_key: Annotated[
        OptionalText,
        typer.Option("--order-key", help="number | number+customer | number+customer+day | customer+time"),
    ] = None,
    currency: Annotated[OptionalText, typer.Option(help="CNY …")] = None,
    table: Annotated[
        OptionalText, typer.Option(help="文件属于哪张表，如 feedback | The table that the files belong to")
    ] = None,
    repeated_lines: Annotated[OptionalText, typer.Option("--repeated-lines", help="keep | drop")] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="标准列=文件列 | canonical=column")
    ] = None,
    lang: Lang = None,
) -> None:
    """Imports files as one batch, or shows with --dry-run how they would be read."""
    from keguan.app.ingest import ImportOptions
    from keguan.store.workspace import Store

    choose(language_of(lang), workspace)
    options = ImportOptions(
        source=source, encoding=encoding, separator=separator, header=header, decimal=decimal, sheet=sheet,
        date_order=date_order, order_key=order_key, currency=currency, table=table, repeated_lines=repeated_lines,
        columns=pairs_of(columns, "--map"),
    )  # fmt: skip
    if dry_run:
        from keguan.cli.dry_run import show

        show(workspace, files, options)
        return
    store = Store(workspace)
    report = _answered(store, files, options)
    say_recovered(store.recovered)
    _print_report(report)


def _answered(store: Any, files: list[str], options: ImportOptions) -> ImportReport:
    """Runs the import; on a terminal, open questions are asked and the import is tried again."""
    from keguan.app.ingest import ingest

    while True:
        try:
            with shown() as progress:
                return ingest(store, files, options, progress)
        except QuestionError as question:
            if not sys.stdin.isatty() or not question.options:
                raise
            options = _with_answer(options, _asked(question))


def _asked(question: QuestionError) -> str:
    typer.echo(visible(question.what.in_(user_language())), err=True)
    for number, option in enumerate(question.options, 1):
        typer.echo(f"  {number}. {visible(option)}", err=True)
    prompt = say(Text("请选择", "Choose"))
    while True:
        answer = str(typer.prompt(prompt, err=True)).strip()
        if answer.isdigit() and 1 <= int(answer) <= len(question.options):
            return question.options[int(answer) - 1]


def _with_answer(options: ImportOptions, answer: str) -> ImportOptions:
    """`--date-order day` or `--map customer_key=买家` put into the options."""
    name, _, value = answer.partition(" ")
    value = value.strip().strip('"')
    if name == "--map":
        canonical, _, column = value.partition("=")
        return replace(options, columns={**options.columns, canonical: column.strip('"')})
    fields: dict[str, Any] = {name.lstrip("-").replace("-", "_"): value}
    return replace(options, **fields)


def _print_report(report: ImportReport) -> None:
    for file in report.files:
        name = visible(file.file)
        if file.known_before:
            typer.echo(
                say(
                    Text(
                        f"{name}: 以前导入过, 没有变化(要换一种读法, 请导入新的工作区)",
                        f"{name}: imported before, no change (to read it another way, import it into a "
                        "new workspace)",
                    )
                )
            )
            continue
        typer.echo(
            say(
                Text(
                    f"{name}: 收到 {file.received:,} 行, 可用 {file.clean:,}, 隔离 {file.quarantined:,}, "
                    f"被替换 {file.superseded:,}, 去掉 {file.dropped:,}",
                    f"{name}: {file.received:,} rows received, {file.clean:,} clean, "
                    f"{file.quarantined:,} quarantined, {file.superseded:,} superseded, {file.dropped:,} dropped",
                )
            )
        )
    if report.replaced:
        typer.echo(
            say(
                Text(
                    f"{report.replaced:,} 个订单再次出现, 已整单替换为新版本",
                    f"{report.replaced:,} orders came again and replaced their earlier version",
                )
            )
        )
    for doubt in report.doubts:
        typer.echo("  ? " + visible(say(doubt)))
    if report.batch is not None:
        typer.echo(
            say(
                Text(
                    "下一步: keguan quality, keguan report -o 报告.html",
                    "Next: keguan quality, keguan report -o report.html",
                )
            )
        )


@app.command("quality", help="数据质量报告 | Data-quality report")
def quality(
    workspace: Folder = Path(),
    format: Annotated[str, typer.Option("--format", help="table | json | csv")] = "table",
    lang: Lang = None,
) -> None:
    """What came in, what was cleaned, what was set aside, and the money at stake."""
    from keguan.cli.commands.analyses import show_result

    show_result("data_quality", workspace, None, {}, format, choose(language_of(lang), workspace))
