"""`keguan export`: lists of customers, quarantined rows, a mart for BI tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from keguan.cli.app import app
from keguan.cli.language import choose, say
from keguan.cli.options import AsOf, Engine, Folder, Lang, day_of, language_of
from keguan.core.text import Text

export = typer.Typer(help="导出 | Export", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(export, name="export")


Owner = Annotated[
    Optional[str],  # noqa: UP045  # Typer reads it at run time
    typer.Option("--owner", help="只要这位责任人的 | Of this owner only"),
]
Branch = Annotated[
    Optional[str],  # noqa: UP045  # Typer reads it at run time
    typer.Option("--branch", help="只要这个分支机构的 | Of this branch only"),
]
Purpose = Annotated[
    Optional[str],  # noqa: UP045  # Typer reads it at run time
    typer.Option(
        "--purpose", help="用途, 如 sms, 拒绝的客户不列出 | What for, e.g. sms; who refused is left out"
    ),
]


@export.command("segment", help="导出一个分群的客户名单 | Export the customers of a segment")
def segment(
    segmentation: Annotated[str, typer.Argument(help="分群方法, 如 rfm | Segmentation, e.g. rfm")],
    output: Annotated[Path, typer.Option("-o", "--output", help=".csv | .xlsx")],
    workspace: Folder = Path(),
    label: Annotated[str | None, typer.Option("--label", help="标签, 默认全部 | Label, default all")] = None,
    owner: Owner = None,
    branch: Branch = None,
    purpose: Purpose = None,
    as_of: AsOf = None,
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Writes a list with one row per customer; cells that a spreadsheet would run as formulas are made safe."""
    from keguan.app import engines
    from keguan.app.customer_lists import Choice
    from keguan.app.exporting import export_segment
    from keguan.cli.recovered import say_recovered
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    store = engines.on(Store(workspace), engine)
    choice = Choice(label, owner, branch, purpose)
    done = export_segment(store, segmentation, choice, day_of(as_of), output, language)
    say_recovered(store.recovered, aside=True)
    _tell(done.customers, done.refused, output)


@export.command(
    "customers", help="导出客户基础信息与标签表 | Export customers with their information and tags"
)
def customers(
    output: Annotated[Path, typer.Option("-o", "--output", help=".csv | .xlsx")],
    workspace: Folder = Path(),
    owner: Owner = None,
    branch: Branch = None,
    purpose: Purpose = None,
    as_of: AsOf = None,
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Writes one row per customer: information, spend of six months, RFM segment, tags, owner."""
    from keguan.app import engines
    from keguan.app.customer_lists import Choice
    from keguan.app.exporting import export_customers
    from keguan.cli.recovered import say_recovered
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    store = engines.on(Store(workspace), engine)
    choice = Choice(owner=owner, branch=branch, purpose=purpose)
    done = export_customers(store, choice, day_of(as_of), output, language)
    say_recovered(store.recovered, aside=True)
    _tell(done.customers, done.refused, output)


def _tell(customers: int, refused: int, output: Path) -> None:
    typer.echo(
        say(Text(f"已导出 {customers:,} 位客户: {output}", f"{customers:,} customers exported: {output}"))
    )
    if refused:
        typer.echo(
            say(
                Text(
                    f"另有 {refused:,} 位客户未授权, 没有列出",
                    f"{refused:,} more customers refused their consent and are left out",
                )
            )
        )


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


@export.command("mart", help="导出数据集市, 供 BI 与 PostgreSQL | Export a mart for BI tools and PostgreSQL")
def mart(
    folder: Annotated[Path, typer.Argument(help="目录, 新的或空的 | Folder, new or empty")],
    workspace: Folder = Path(),
    form: Annotated[str, typer.Option("--form", help="csv | parquet")] = "csv",
    show_personal: Annotated[
        bool, typer.Option("--show-personal", help="含个人信息的列 | With personal columns")
    ] = False,
    as_of: AsOf = None,
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Writes customers, segments, purchases by month, campaigns and members, a dictionary and schema.sql."""
    from keguan.app import engines
    from keguan.app.mart.writing import export_mart
    from keguan.cli.recovered import say_recovered
    from keguan.store.workspace import Store

    choose(language_of(lang), workspace)
    store = engines.on(Store(workspace), engine)
    done = export_mart(store, folder, form, personal=show_personal, as_of=day_of(as_of))
    say_recovered(store.recovered, aside=True)
    for name, rows in done.rows.items():
        typer.echo(say(Text(f"{name}: {rows:,} 行", f"{name}: {rows:,} rows")))
    typer.echo(
        say(
            Text(
                f"截至 {done.as_of}: {folder}。装入 PostgreSQL: 在该目录运行 psql -f schema.sql",
                f"As of {done.as_of}: {folder}. Into PostgreSQL: psql -f schema.sql in that folder",
            )
        )
    )


@export.command("result", help="导出一项分析的表格 | Export the tables of an analysis")
def result(
    analysis: Annotated[str, typer.Argument(help="分析, 如 rfm | Analysis, e.g. rfm")],
    output: Annotated[Path, typer.Option("-o", "--output", help=".csv | .xlsx | .parquet")],
    workspace: Folder = Path(),
    table: Annotated[
        str | None, typer.Option("--table", help="哪一张表; .xlsx 默认全部 | Which table; .xlsx: all")
    ] = None,
    param: Annotated[list[str] | None, typer.Option("--param", help="参数=值 | parameter=value")] = None,
    as_of: AsOf = None,
    engine: Engine = None,
    lang: Lang = None,
) -> None:
    """Writes what `keguan run` prints: one table as CSV or Parquet, all of them as sheets of a workbook."""
    from keguan.app import engines
    from keguan.app.result_files import export_result
    from keguan.cli.options import pairs_of
    from keguan.cli.recovered import say_recovered
    from keguan.store.workspace import Store

    language = choose(language_of(lang), workspace)
    store = engines.on(Store(workspace), engine)
    done = export_result(store, analysis, pairs_of(param, "--param"), table, day_of(as_of), output, language)
    say_recovered(store.recovered, aside=True)
    for name, rows in done.items():
        typer.echo(say(Text(f"{name}: {rows:,} 行", f"{name}: {rows:,} rows")))
