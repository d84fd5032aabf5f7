"""`keguan budget FILE`: curves of return by channel and splits of a budget from weekly figures; no workspace is needed."""

from __future__ import annotations

from typing import Annotated

import typer

from keguan.cli.app import app
from keguan.cli.language import choose
from keguan.cli.options import (
    Decimal,
    Encoding,
    Lang,
    OptionalNumber,
    OptionalTexts,
    Separator,
    Sheet,
    check_format,
    language_of,
)

FORMATS = ("table", "json", "csv")


@app.command("budget", help="渠道的收益曲线与预算分配 | Curves of return by channel, and splits of a budget")
def budget(
    file: Annotated[str, typer.Argument(help="CSV、Excel、Parquet 文件 | A CSV, Excel or Parquet file")],
    date: Annotated[
        str, typer.Option("--date", help="日期列, 每周或每天一行 | Column of dates, weekly or daily")
    ],
    revenue: Annotated[str, typer.Option("--revenue", help="收入列 | Column of revenue")],
    spend: Annotated[
        list[str],
        typer.Option("--spend", help="一个渠道的投放列, 可多次 | Spend of a channel; several times"),
    ],
    control: Annotated[
        OptionalTexts,
        typer.Option("--control", help="控制变量列, 可多次 | Column of a control; several times"),
    ] = None,
    total: Annotated[OptionalNumber, typer.Option("--total", help="每周总预算 | Weekly total")] = None,
    least: Annotated[OptionalTexts, typer.Option("--min", help="列=每周至少 | column=least a week")] = None,
    most: Annotated[OptionalTexts, typer.Option("--max", help="列=每周至多 | column=most a week")] = None,
    seed: Annotated[int, typer.Option("--seed", help="随机种子 | Seed")] = 1,
    encoding: Encoding = None,
    separator: Separator = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
    format: Annotated[str, typer.Option("--format", help="table | json | csv")] = "table",
    lang: Lang = None,
) -> None:
    """What goes with each channel's spend, where the next unit of money would go, and whether another split is better."""
    language = choose(language_of(lang))
    check_format(format, FORMATS)
    from keguan.app.budget.request import Request, limits
    from keguan.app.budget.run import budget as learn
    from keguan.cli import output
    from keguan.models.budget import ANALYSIS
    from keguan.sources import ReadOptions

    reading = ReadOptions(encoding=encoding, separator=separator, decimal=decimal, sheet=sheet)
    request = Request(
        file, date, revenue, tuple(spend), tuple(control or ()), total, limits(least or (), "--min"),
        limits(most or (), "--max"), seed, reading,
    )  # fmt: skip
    result = learn(request)
    output.show(result, ANALYSIS, language, "", format)
