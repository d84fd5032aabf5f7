"""Columns of the tables."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

SERIES = Column("series", Text("指标", "Series"), "label", role="key", vocabulary="forecast_series")
METHOD = Column("method", Text("方法", "Method"), "label", vocabulary="forecast_method")
UNIT = Column("unit", Text("单位", "Unit"), "text")
INTERVAL_NOTE = Text(
    "80% 预测区间：回测中同样步长的误差有 80% 不超出（共形法）；负值表示净退货",
    "80% prediction interval: as far as 80% of back-test errors at the same distance (conformal); below 0 is net returns",
)


def _value(name: str, label: Text, role: str = "measure", note: Text | None = None) -> Column:
    return Column(name, label, "number", 0, role=role, unit_column="unit", note=note)  # type: ignore[arg-type]


FORECAST_COLUMNS = (
    SERIES,
    Column("period", Text("期间", "Period"), "text", role="key"),
    _value("forecast", Text("预测", "Forecast")),
    _value("low", Text("区间下限", "Interval from"), "low", INTERVAL_NOTE),
    _value("high", Text("区间上限", "Interval to"), "high"),
    _value("year_ago", Text("去年同期", "A year ago")),
    UNIT,
    METHOD,
    Column("festivals", Text("含节日（天）", "Festival days in it"), "text"),
)
PATH_COLUMNS = (
    SERIES,
    Column("period", Text("期间", "Period"), "text", role="key"),
    _value("actual", Text("实际", "Actual")),
    _value("forecast", Text("预测", "Forecast")),
    _value("low", Text("区间下限", "Interval from"), "low", INTERVAL_NOTE),
    _value("high", Text("区间上限", "Interval to"), "high"),
    UNIT,
)
METHOD_COLUMNS = (
    SERIES,
    Column("part", Text("部分", "Part"), "text", role="key"),
    Column("method", Text("方法", "Method"), "label", role="key", vocabulary="forecast_method"),
    Column("origins", Text("回测起点", "Origins"), "count"),
    Column("forecasts", Text("预测个数", "Forecasts"), "count"),
    Column(
        "mase", Text("MASE", "MASE"), "number", 3,
        note=Text(
            "平均绝对误差 / 首个起点之前各期变化的平均绝对值",
            "mean absolute error / mean absolute step before the first origin",
        ),
    ),
    Column(
        "ratio", Text("误差为基线的", "Error against the baseline"), "share",
        note=Text("基线为季节朴素", "baseline: seasonal naive"),
    ),
    Column("used", Text("采用", "Used"), "text"),
)  # fmt: skip
COVERAGE_COLUMNS = (
    SERIES,
    METHOD,
    Column("checked", Text("检验个数", "Forecasts checked"), "count"),
    Column("held", Text("落在区间内", "Within the interval"), "count"),
    Column(
        "share", Text("覆盖率", "Coverage"), "share",
        note=Text("目标 80%；少于 30 次不给比例", "80% intended; under 30 checks no share"),
    ),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95%")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip
BACKTEST_COLUMNS = (
    SERIES,
    Column("origin", Text("起点（最后已知期间）", "Origin (last period known)"), "text", role="key"),
    Column("period", Text("期间", "Period"), "text", role="key"),
    _value("actual", Text("实际", "Actual")),
    _value("forecast", Text("当时的预测", "Forecast then")),
    _value("low", Text("区间下限", "Interval from"), "low", INTERVAL_NOTE),
    _value("high", Text("区间上限", "Interval to"), "high"),
    _value("baseline", Text("基线", "Baseline")),
    UNIT,
)
PART_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="forecast_dimension"),
    Column("part", Text("部分", "Part"), "text", role="key"),
    Column("period", Text("期间", "Period"), "text", role="key"),
    Column(
        "forecast", Text("预测净销售额", "Forecast net revenue"), "money",
        note=Text("各部分之和等于总额的预测", "the parts add up to the forecast of the total"),
    ),
    Column("low", Text("区间下限", "Interval from"), "money", role="low", note=INTERVAL_NOTE),
    Column("high", Text("区间上限", "Interval to"), "money", role="high"),
    Column("share", Text("占比", "Share"), "share"),
    Column("year_ago", Text("去年同期", "A year ago"), "money"),
    METHOD,
)  # fmt: skip
