"""`keguan uplift FILE`: whom to contact, learned from a flat table of a test; no workspace is needed."""

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


@app.command(
    "uplift", help="接触谁有用: 从一张有对照组的表学习 | Whom to contact, learned from a table with a control"
)
def uplift(
    file: Annotated[str, typer.Argument(help="CSV、Excel、Parquet 文件 | A CSV, Excel or Parquet file")],
    arm: Annotated[str, typer.Option("--arm", help="组别列 | Column of the arm")],
    treatment: Annotated[str, typer.Option("--treatment", help="实验组的取值 | Value of the treated")],
    control: Annotated[str, typer.Option("--control", help="对照组的取值 | Value of the control")],
    metric: Annotated[str, typer.Option("--metric", help="结果列 | Column of the outcome")],
    feature: Annotated[
        OptionalTexts,
        typer.Option("--feature", help="事前已知的列, 可多次 | Column known before; several times"),
    ] = None,
    margin: Annotated[
        OptionalNumber,
        typer.Option("--margin", help="结果每多 1 值多少 | What an outcome of 1 more is worth"),
    ] = None,
    contact_cost: Annotated[
        OptionalNumber, typer.Option("--contact-cost", help="接触一位的成本 | Cost of one contact")
    ] = None,
    depth: Annotated[
        OptionalNumber, typer.Option("--depth", help="接触比例, 如 0.3 | Share to contact, such as 0.3")
    ] = None,
    probability: Annotated[
        OptionalNumber,
        typer.Option("--probability", help="计划分到实验组的占比 | Planned share of the treated"),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="随机种子 | Seed")] = 1,
    encoding: Encoding = None,
    separator: Separator = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
    format: Annotated[str, typer.Option("--format", help="table | json | csv")] = "table",
    lang: Lang = None,
) -> None:
    """Which customers the treatment changes, on customers that no model has seen, against a rule on one variable."""
    language = choose(language_of(lang))
    check_format(format, FORMATS)
    from keguan.app.uplift.request import Request
    from keguan.app.uplift.run import uplift as learn
    from keguan.cli import output
    from keguan.models.uplift import ANALYSIS
    from keguan.sources import ReadOptions

    reading = ReadOptions(encoding=encoding, separator=separator, decimal=decimal, sheet=sheet)
    request = Request(
        file, arm, treatment, control, metric, tuple(feature or ()), margin, contact_cost, depth, probability, seed, reading
    )  # fmt: skip
    result = learn(request)
    output.show(result, ANALYSIS, language, "", format)
