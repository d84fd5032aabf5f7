"""`keguan experiment`: a flat table of a test is judged, or a test is designed; no workspace is needed."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from keguan.cli.app import app
from keguan.cli.language import choose
from keguan.cli.options import (
    Decimal,
    Encoding,
    Lang,
    OptionalCount,
    OptionalNumber,
    OptionalText,
    Separator,
    Sheet,
    check_format,
    language_of,
)

FORMATS = ("table", "json", "csv")


class _FileIsDefault(TyperGroup):
    """`keguan experiment FILE ...` is `keguan experiment file FILE ...`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = ["file", *args]
        return super().parse_args(ctx, args)


experiment = typer.Typer(
    cls=_FileIsDefault, no_args_is_help=True, rich_markup_mode=None,
    help="实验（A/B）的结果与设计: keguan experiment 文件 ... | Results and design of experiments: keguan experiment FILE ...",
)  # fmt: skip
app.add_typer(experiment, name="experiment")


@experiment.command(
    "file",
    help="检验一张带组别列的表, file 可不写 | Judge a table with a column of arms; 'file' may be left out",
)
def file(
    file: Annotated[str, typer.Argument(help="CSV、Excel、Parquet 文件 | A CSV, Excel or Parquet file")],
    arm: Annotated[str, typer.Option("--arm", help="组别列 | Column of the arm")],
    control: Annotated[str, typer.Option("--control", help="对照组的取值 | Value of the control")],
    metric: Annotated[
        list[str], typer.Option("--metric", help="指标列, 第一个为主要指标 | Columns; the first is primary")
    ],
    denominator: Annotated[
        OptionalText, typer.Option("--denominator", help="比率的分母列 | Denominator of a ratio")
    ] = None,
    covariate: Annotated[
        OptionalText, typer.Option("--covariate", help="事前数值列(CUPED) | Figure of before")
    ] = None,
    cluster: Annotated[
        OptionalText, typer.Option("--cluster", help="整群分组的群列 | Column of assigned clusters")
    ] = None,
    unit: Annotated[
        OptionalText, typer.Option("--unit", help="客户编号列, 查重 | Column of the unit, to check")
    ] = None,
    segment: Annotated[OptionalText, typer.Option("--segment", help="分段列 | Column of segments")] = None,
    expected_split: Annotated[
        OptionalText, typer.Option("--expected-split", help="组=权重,... | arm=weight,...")
    ] = None,
    alpha: Annotated[float, typer.Option("--alpha", help="显著性水平 | Significance level")] = 0.05,
    sequential: Annotated[
        OptionalNumber,
        typer.Option(
            "--sequential", help="随时查看: 最看重的样本数 | Look at any time: units that matter most"
        ),
    ] = None,
    encoding: Encoding = None,
    separator: Separator = None,
    decimal: Decimal = None,
    sheet: Sheet = None,
    format: Annotated[str, typer.Option("--format", help="table | json | csv")] = "table",
    lang: Lang = None,
) -> None:
    """Effects of each arm on each metric against the control, and whether the arms have the planned sizes."""
    language = choose(language_of(lang))
    check_format(format, FORMATS)
    from keguan.app.experiment.request import Request
    from keguan.app.experiment.run import EXPERIMENT, judge
    from keguan.cli import output
    from keguan.marts.experiments.arms import planned_split
    from keguan.sources import ReadOptions

    reading = ReadOptions(encoding=encoding, separator=separator, decimal=decimal, sheet=sheet)
    split = planned_split(expected_split, "--expected-split")
    request = Request(
        file, arm, control, tuple(metric), denominator, covariate, cluster, unit, segment, split, alpha, sequential, reading
    )  # fmt: skip
    result = judge(request)
    output.show(result, EXPERIMENT, language, "", format)


@experiment.command("design", help="要多少样本、多少天 | How many units and days a test needs")
def design(
    rate: Annotated[
        OptionalNumber, typer.Option("--rate", help="对照组的比率, 如 0.1 | The control's rate")
    ] = None,
    deviation: Annotated[
        OptionalNumber, typer.Option("--deviation", help="均值指标的标准差 | Deviation of a mean")
    ] = None,
    difference: Annotated[
        OptionalNumber,
        typer.Option("--difference", help="最小有意义的差异, 绝对值 | Smallest that matters, absolute"),
    ] = None,
    units: Annotated[OptionalCount, typer.Option("--units", help="现有总人数 | All units there are")] = None,
    ratio: Annotated[
        float, typer.Option("--ratio", help="每个实验组是对照组的几倍 | Units of an arm per unit of control")
    ] = 1.0,
    arms: Annotated[int, typer.Option("--arms", help="几个实验组 | Arms beside the control")] = 1,
    daily: Annotated[OptionalNumber, typer.Option("--daily", help="每天进入多少 | Units a day")] = None,
    cluster_size: Annotated[
        float, typer.Option("--cluster-size", help="每群多少 | Units of a cluster")
    ] = 1.0,
    icc: Annotated[float, typer.Option("--icc", help="群内相关 | Correlation within clusters")] = 0.0,
    alpha: Annotated[float, typer.Option("--alpha", help="显著性水平 | Significance level")] = 0.05,
    power: Annotated[float, typer.Option("--power", help="功效 | Power")] = 0.8,
    format: Annotated[str, typer.Option("--format", help="table | json | csv")] = "table",
    lang: Lang = None,
) -> None:
    """Units for the smallest difference that matters, or the smallest difference that the units show."""
    language = choose(language_of(lang))
    check_format(format, FORMATS)
    from keguan.app.experiment.design import DESIGN, Design, plan
    from keguan.cli import output

    result = plan(
        Design(rate, deviation, difference, units, ratio, arms, daily, cluster_size, icc, alpha, power)
    )
    output.show(result, DESIGN, language, "", format)
