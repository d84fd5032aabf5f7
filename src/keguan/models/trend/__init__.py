"""What will revenue, orders and customers be in the next periods, and how far may that be trusted?

Method: whole months (weeks where there are fewer than 13), the unfinished last one dropped. Candidates: seasonal
naive as the baseline, last year times recent growth, exponential smoothing, the theta method, and ARIMA with the days
of 春节, 618 and 双11 in each period. Each is tried at up to 12 rolling origins; the baseline stays unless another's
mean absolute error is 5 % smaller over at least 6 origins. 80 % intervals from the errors of the back-test, their
coverage counted on origins that they were not made from. Categories and regions add up to the total.

Source: Hyndman and Koehler (2006); Hyndman et al. (2002); Assimakopoulos and Nikolopoulos (2000); Box and Tiao (1975).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from statistics import median
from typing import Any

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.wilson import wilson
from keguan.models.trend.backtest import LEAST_ORIGINS, Forecast, forecast
from keguan.models.trend.claims import TEXT, forecast_claims
from keguan.models.trend.columns import (
    BACKTEST_COLUMNS,
    COVERAGE_COLUMNS,
    FORECAST_COLUMNS,
    METHOD_COLUMNS,
    PART_COLUMNS,
    PATH_COLUMNS,
)
from keguan.models.trend.foresight import foresight
from keguan.models.trend.methods import METHODS, NAIVE, WITHOUT_LIBRARY
from keguan.models.trend.params import Params
from keguan.models.trend.parts import part_rows, parts_of
from keguan.models.trend.periods import (
    FESTIVALS,
    Calendar,
    calendar_of,
    parts_sql,
    series_of,
    totals_sql,
)
from keguan.result import Figure, Note, Result, Table

SERIES = {"revenue": "money", "orders": "count", "customers": "count", "new_customers": "count"}
DIMENSIONS = ("category", "region")
Rows = list[dict[str, Any]]


def run(inputs: Inputs, params: Params) -> Result:
    """Tables forecast, path, methods, coverage, backtest, parts."""
    calendar = calendar_of(inputs, params.period)
    if calendar is None:
        return Result("trend", notes=(SHORT,))
    sql = totals_sql(calendar.kind)
    found = inputs.query(sql).to_pylist()
    values = {name: series_of(found, name, calendar) for name in SERIES}
    methods, notes = _allowed(values["orders"], inputs.settings.min_n)
    days = [
        calendar.festivals(number) for number in range(calendar.first, calendar.last + 1 + params.horizon)
    ]

    def foresee(series: Sequence[float], tried: Sequence[str]) -> Forecast:
        origins = max(params.origins, LEAST_ORIGINS)
        return forecast(series, days, calendar.season, params.horizon, origins, params.better_by, tried)

    made = {name: foresee(series, methods) for name, series in values.items()}
    # Parts are scaled to the total afterwards: beside the simple rules only what serves the total is worth its time.
    tried = tuple(name for name in methods if name in (*WITHOUT_LIBRARY, made["revenue"].used))
    parts, part_made = _parts(
        inputs, params, calendar, made["revenue"], lambda series: foresee(series, tried)
    )
    result = Result("trend", tables=(
        *_outlook_tables(inputs, calendar, values, made, sql),
        *_backtest_tables(inputs, calendar, made, part_made, sql),
        parts,
    ))  # fmt: skip
    return replace(
        result,
        figures=_figures(),
        claims=tuple(forecast_claims(result, calendar.kind, len(calendar))),
        foresight=foresight(calendar, values, made),
        notes=(*notes, *_about(calendar, made)),
    )


def _allowed(orders: Sequence[float], min_n: int) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """The methods that are tried: with few orders a period chance is larger than any pattern."""
    if median(orders) < min_n:
        says = Text(
            f"每期订单不足 {min_n} 笔（中位数），波动以偶然为主，只用基线",
            f"Fewer than {min_n} orders a period (median): chance is larger than any pattern, and only the baseline is used",
        )
        return (NAIVE,), (Note(says, "withheld"),)
    if find_spec("statsforecast") is None:
        return WITHOUT_LIBRARY, (MISSING,)
    return tuple(METHODS), ()


def _outlook_tables(
    inputs: Inputs,
    calendar: Calendar,
    values: Mapping[str, Sequence[float]],
    made: Mapping[str, Forecast],
    sql: str,
) -> tuple[Table, Table]:
    ahead: Rows = []
    path: Rows = []
    for name, unit in SERIES.items():
        series = values[name]
        path += [
            {"series": name, "period": calendar.name(calendar.first + place), "actual": value, "unit": unit}
            for place, value in enumerate(series)
        ]
        for item in made[name].outlook:
            number = calendar.last + item.ahead
            back = number - calendar.season - calendar.first
            ends = {"forecast": item.forecast, "low": _least(item.low, unit), "high": item.high}
            path.append({"series": name, "period": calendar.name(number), **ends, "unit": unit})
            held = [
                festival for festival, days in zip(FESTIVALS, calendar.festivals(number), strict=True) if days
            ]
            ahead.append(
                {
                    "series": name, "period": calendar.name(number), **ends,
                    "year_ago": series[back] if 0 <= back < len(series) else None, "unit": unit,
                    "method": made[name].used, "festivals": "、".join(held) or None,
                }
            )  # fmt: skip
    table = inputs.computed(
        "forecast", Text("预测", "Forecast"), FORECAST_COLUMNS, ("series", "period"), ahead,
        method="trend.backtest.forecast", sql=sql,
    )  # fmt: skip
    drawn = inputs.computed(
        "path", Text("实际与预测", "Actual and forecast"), PATH_COLUMNS, ("series", "period"), path,
        method="trend.backtest.forecast", sql=sql,
    )  # fmt: skip
    return table, replace(drawn, appendix=True)


def _least(value: float | None, unit: str) -> float | None:
    return max(value, 0.0) if value is not None and unit == "count" else value


def _backtest_tables(
    inputs: Inputs,
    calendar: Calendar,
    made: Mapping[str, Forecast],
    part_made: Mapping[tuple[str, str], Forecast],
    sql: str,
) -> tuple[Table, Table, Table]:
    rows: Rows = []
    for (series, part), item in {**{(name, ""): item for name, item in made.items()}, **part_made}.items():
        rows += [
            {
                "series": series, "part": part, "method": judged.method, "origins": judged.origins,
                "forecasts": len(judged.said), "mase": judged.mase, "ratio": judged.ratio,
                "used": judged.method == item.used,
            }
            for judged in item.judged
        ]  # fmt: skip
    methods = inputs.computed(
        "methods", Text("各方法的回测误差", "Errors of the methods in the back-test"), METHOD_COLUMNS,
        ("series", "part", "method"), rows, method="trend.backtest", sql=sql,
    )  # fmt: skip
    coverage = inputs.computed(
        "coverage", Text("预测区间的覆盖率", "Coverage of the intervals"), COVERAGE_COLUMNS, ("series",),
        _covered(made, inputs.settings.min_n),
        method="trend.backtest: intervals of earlier origins alone", sql=sql,
    )  # fmt: skip
    said = [row for name, item in made.items() for row in _said(name, item, calendar)]
    backtest = inputs.computed(
        "backtest", Text("回测：当时的预测与实际", "Back-test: what was forecast and what came"), BACKTEST_COLUMNS,
        ("series", "origin", "period"), said, method="trend.backtest", sql=sql,
    )  # fmt: skip
    return (
        replace(methods, appendix=True),
        replace(coverage, appendix=True),
        replace(backtest, appendix=True),
    )


def _covered(made: Mapping[str, Forecast], min_n: int) -> Rows:
    """Counts of each series, and of all together the share; under `min_n` checks it is withheld."""
    counted = [
        (name, item.used, len(item.checks), sum(c.held for c in item.checks)) for name, item in made.items()
    ]
    rows: Rows = [
        {"series": name, "method": used, "checked": checked, "held": held}
        for name, used, checked, held in counted
    ]
    checked, held = sum(row["checked"] for row in rows), sum(row["held"] for row in rows)
    ends = wilson(held, checked) if checked >= min_n else None
    every: dict[str, Any] = {"series": "all", "checked": checked, "held": held}
    if ends:
        every |= {"share": held / checked, "low": ends.low, "high": ends.high}
    return [*rows, every]


def _said(name: str, item: Forecast, calendar: Calendar) -> Rows:
    base = {(said.known, said.ahead): said.forecast for said in item.of(NAIVE).said}
    ends = {(check.said.known, check.said.ahead): check for check in item.checks}
    rows = []
    for said in item.of(item.used).said:
        check = ends.get((said.known, said.ahead))
        origin = calendar.first + said.known - 1
        rows.append(
            {
                "series": name, "origin": calendar.name(origin), "period": calendar.name(origin + said.ahead),
                "actual": said.actual, "forecast": said.forecast, "low": check.low if check else None,
                "high": check.high if check else None, "baseline": base.get((said.known, said.ahead)),
                "unit": SERIES[name],
            }
        )  # fmt: skip
    return rows


def _parts(
    inputs: Inputs, params: Params, calendar: Calendar, total: Forecast, foresee: Any
) -> tuple[Table, dict[tuple[str, str], Forecast]]:
    rows: Rows = []
    made: dict[tuple[str, str], Forecast] = {}
    for dimension in DIMENSIONS:
        found = inputs.query(parts_sql(calendar.kind, dimension)).to_pylist()
        series = parts_of(found, calendar, params.parts)
        if series and total.outlook:
            own, forecasts = part_rows(dimension, series, total, calendar, foresee)
            rows += own
            made |= {(dimension, part): item for part, item in forecasts.items()}
    table = inputs.computed(
        "parts", Text("类目与地区的预测", "Forecast by category and region"), PART_COLUMNS,
        ("dimension", "part", "period"), rows, method="trend.parts: forecast proportions of the total",
        sql=parts_sql(calendar.kind, DIMENSIONS[0]),
    )  # fmt: skip
    return table, made


def _figures() -> tuple[Figure, ...]:
    counted = {
        "orders": Text("笔", "orders"),
        "customers": Text("位", "customers"),
        "new_customers": Text("位", "customers"),
    }
    titles = {
        "revenue": Text("净销售额：实际与预测（80% 区间）", "Net revenue: actual and forecast (80% interval)"),
        "orders": Text("订单数：实际与预测（80% 区间）", "Orders: actual and forecast (80% interval)"),
        "customers": Text("下单客户：实际与预测（80% 区间）", "Customers with an order: actual and forecast (80% interval)"),
        "new_customers": Text("新客户：实际与预测（80% 区间）", "New customers: actual and forecast (80% interval)"),
    }  # fmt: skip
    return tuple(
        Figure(
            name, "band", title, "path", "period", ("forecast", "actual"), low="low", high="high",
            where={"series": name}, counted=counted.get(name),
        )
        for name, title in titles.items()
    )  # fmt: skip


SHORT = Note(
    Text(
        "历史不足 13 个整月，也不足 20 个整周，不作预测；数据更长之后再看",
        "There are neither 13 whole months nor 20 whole weeks of orders: no forecast is made until there is more",
    ),
    "withheld",
)
MISSING = Note(
    Text(
        '指数平滑、Theta 法与 ARIMA 需要可选组件 statsforecast，请先安装：pip install "keguan[ml]"；此前只用基线与去年同期乘增幅',
        'Exponential smoothing, theta and ARIMA need the optional statsforecast; install it: pip install "keguan[ml]". '
        "Until then only the baseline and last year times growth are used",
    ),
    "missing",
)


def _about(calendar: Calendar, made: Mapping[str, Forecast]) -> tuple[Note, ...]:
    notes = []
    if calendar.kind == "week":
        says = Text(
            "按周预测：不足 13 个整月，看不出年内季节，基线为上一周",
            "Forecast by weeks: without 13 whole months no season of the year can be seen, and the baseline is the last week",
        )
        notes.append(Note(says, "warning"))
    elif len(calendar) < 2 * calendar.season:
        says = Text(
            "不足 24 个整月：每个月份只见过一次，季节与偶然分不开，预测区间因此较宽",
            "Fewer than 24 whole months: each month of the year was seen once, so that season and chance cannot be told apart",
        )
        notes.append(Note(says, "warning"))
    if any(item.unseen and len(item.judged) > 1 for item in made.values()):
        says = Text(
            "预测期含回测中没有出现过的节日，不看季节的方法（指数平滑、Theta 法）误差再小也不采用",
            "The periods ahead hold a festival that the back-test did not: smoothing and theta, which see no season yet, are "
            "not used there, however small their error",
        )
        notes.append(Note(says))
    if all(item.of(NAIVE).origins < LEAST_ORIGINS for item in made.values()):
        says = Text(
            f"回测起点少于 {LEAST_ORIGINS} 个，不比较方法，采用基线",
            f"Fewer than {LEAST_ORIGINS} origins: methods are not compared and the baseline is used",
        )
        notes.append(Note(says, "warning"))
    return tuple(notes)


ANALYSIS = Analysis(
    name="trend",
    title=Text("趋势与预测", "Trend and forecast"),
    question=Text(
        "接下来几期的销售额、订单和客户会是多少，可信到什么程度？",
        "What will revenue, orders and customers be in the next periods, and how far may that be trusted?",
    ),
    section="trend",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "order_lines", "products"),
    order=90,
)
