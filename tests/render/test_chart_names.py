"""Names and figures of a chart can all be read: none is left to be guessed, none stands upon another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from keguan.core.text import Text
from keguan.render.charts.draw import draw
from keguan.render.charts.plot import Drawing
from keguan.render.charts.scale import number_code
from keguan.render.font import em_width
from keguan.render.pptx.chartaxes import _each
from keguan.render.pptx.native import Native, native
from keguan.report.document import FigureBlock
from keguan.report.wording import TableView, table_block
from keguan.result import Column, Figure
from report import sample

LABEL = Column("name", Text("名称", "Name"), "text", role="key")
MONTH = Column("name", Text("月份", "Month"), "month", role="key")
GROUP = Column("part", Text("部分", "Part"), "text", role="key")
MONEY = Column("money", Text("净销售额", "Net revenue"), "money")
BEFORE = Column("before", Text("上期净销售额", "Net revenue before"), "money")
RATE = Column("rate", Text("占比", "Share"), "share")
LOW = Column("low", Text("下限", "Low"), "share", role="low")
HIGH = Column("high", Text("上限", "High"), "share", role="high")


def block(figure: dict[str, Any], columns: list[Column], rows: list[dict[str, Any]]) -> FigureBlock:
    key = [column.name for column in columns if column.role == "key"]
    table = sample.table("t", Text("表", "Table"), columns, key, rows)
    made = Figure("f", title=Text("图", "Chart"), table="t", x="name", **figure)
    return FigureBlock("a.f", made, "图", table_block("a", table, TableView("zh", "CNY")))


def slide(made: FigureBlock) -> Native:
    chart = native(made, draw(made, "zh", "CNY"), "zh")
    assert chart is not None
    return chart


def names_of(drawing: Drawing) -> list[str]:
    axes = drawing.option["xAxis"], drawing.option["yAxis"]
    return next(axis["data"] for axis in axes if axis["type"] == "category")


def test_a_name_without_any_value_takes_no_place() -> None:
    rows = [
        {"name": f"地区{n}", "rate": 0.1 * n if n < 4 else None, "low": 0.0, "high": 0.9}
        for n in range(1, 20)
    ]
    made = block(
        {"kind": "bar", "y": ("rate",), "low": "low", "high": "high"}, [LABEL, RATE, LOW, HIGH], rows
    )
    drawing = draw(made, "zh", "CNY")
    assert names_of(drawing) == ["地区1", "地区2", "地区3"]
    assert not drawing.cut
    assert slide(made).categories == ("地区1", "地区2", "地区3")


def test_a_name_with_one_of_its_values_keeps_its_place() -> None:
    rows = [{"name": f"地区{n}", "money": None, "before": Decimal(n) if n % 2 else None} for n in range(1, 5)]
    made = block({"kind": "bar", "y": ("money", "before")}, [LABEL, MONEY, BEFORE], rows)
    assert names_of(draw(made, "zh", "CNY")) == ["地区1", "地区3"]


def test_a_period_without_a_value_is_a_gap() -> None:
    rows = [{"name": f"2026-0{n}", "money": None if n == 3 else Decimal(n)} for n in range(1, 7)]
    made = block({"kind": "bar", "y": ("money",)}, [MONTH, MONEY], rows)
    assert names_of(draw(made, "zh", "CNY")) == [f"2026-0{n}" for n in range(1, 7)]


def two(count: int, kind: str = "bar") -> FigureBlock:
    rows = [
        {"name": f"地区{n}", "money": Decimal(90_000 - n), "before": Decimal(80_000 - n)}
        for n in range(count)
    ]
    return block({"kind": kind, "y": ("money", "before")}, [LABEL, MONEY, BEFORE], rows)


def test_two_lying_bars_each_bear_their_figure() -> None:
    """There is no axis with figures beside them."""
    drawing = draw(two(9), "zh", "CNY")
    first, second = drawing.option["series"]
    assert [datum["label"]["formatter"] for datum in first["data"]][:2] == ["90,000", "89,999"]
    assert [datum["label"]["formatter"] for datum in second["data"]][:2] == ["80,000", "79,999"]
    assert drawing.option["xAxis"]["axisLabel"]["show"] is False


def test_series_of_a_column_each_bear_their_own_figures() -> None:
    rows = [{"name": f"地区{n}", "part": part, "money": Decimal(n * 10 + place)} for n in range(9)
            for place, part in enumerate("甲乙") if (n, part) != (2, "乙")]  # fmt: skip
    made = block({"kind": "bar", "y": ("money",), "series": "part"}, [LABEL, GROUP, MONEY], rows)
    first, second = draw(made, "zh", "CNY").option["series"]
    assert [datum["label"]["formatter"] for datum in first["data"]][1:4] == ["10.00", "20.00", "30.00"]
    assert [datum.get("label", {}).get("formatter") for datum in second["data"]][1:4] == [
        "11.00",
        None,
        "31.00",
    ]


def test_lying_stacks_stand_over_an_axis_with_figures() -> None:
    made = two(9, "stacked_bar")
    drawing = draw(made, "zh", "CNY")
    assert not any("label" in datum for item in drawing.option["series"] for datum in item["data"])
    assert drawing.option["xAxis"]["axisLabel"].get("show", True)
    chart = slide(made)
    assert not chart.labelled
    assert chart.axes[0].seen


@pytest.mark.parametrize(("count", "shown"), [(9, 9), (13, 13), (20, 13), (40, 13)])
def test_lying_bars_of_a_slide_leave_room_for_their_figures(count: int, shown: int) -> None:
    chart = slide(two(count))
    assert chart.labelled
    assert len(chart.categories) == shown
    assert chart.cut == (shown < count)
    assert not chart.axes[0].seen


def test_whiskers_of_a_slide_that_reach_below_zero_are_seen_to_their_ends() -> None:
    """The bars alone would leave the axis at zero."""
    rows = [{"name": f"名{n}", "rate": 0.16, "low": -0.44, "high": 0.81} for n in range(4)]
    chart = slide(
        block({"kind": "bar", "y": ("rate",), "low": "low", "high": "high"}, [LABEL, RATE, LOW, HIGH], rows)
    )
    least, most = chart.axes[0].least, chart.axes[0].most
    assert least is not None
    assert most is not None
    assert least <= -44
    assert most >= 81


@pytest.mark.parametrize(
    ("least", "most", "unit", "code"),
    [(0, 1400, "万", "#,##0"), (0, 12, "", "#,##0"), (0, 0.8, "亿", "General"), (0, 3, "%", 'General"%"'),
     (0, 60, "%", '#,##0"%"'), (97, 98.5, "%", 'General"%"'), (-30, 90, "%", '#,##0"%"'), (0, 0, "", "General")],
)  # fmt: skip
def test_figures_of_an_axis_have_the_decimals_of_its_steps(
    least: float, most: float, unit: str, code: str
) -> None:
    """`#,##0.##` would print `200.`, and `#,##0` 1 % three times."""
    assert number_code(least, most, unit) == code


def heads(names: list[str]) -> dict[str, Any]:
    rows = [{"name": name, "part": part, "rate": 0.5} for name in names for part in ("甲", "乙")]
    made = block({"kind": "heatmap", "y": ("rate",), "series": "part"}, [LABEL, GROUP, RATE], rows)
    drawing = draw(made, "zh", "CNY")
    label: dict[str, Any] = drawing.option["xAxis"]["axisLabel"]
    return label | {"height": drawing.height}


def test_every_column_of_a_heat_map_is_named() -> None:
    short = heads(["重要价值", "一般价值"])
    broken = heads(["重要价值客户", "一般价值客户", "窗口内无订单", *(f"地区{n}" for n in range(7))])
    turned = heads(["United Kingdom", "Switzerland", *(f"Netherlands{n}" for n in range(10))])
    for label in (short, broken, turned):
        assert label["interval"] == 0
        assert label["hideOverlap"] is False
    assert "overflow" not in short
    assert broken["overflow"] == "break"
    assert broken["width"] < em_width("窗口内无订单") * 12
    assert broken["height"] == short["height"] + 15
    assert turned["rotate"] > 0
    assert turned["height"] > broken["height"]


def test_periods_over_a_heat_map_may_be_thinned() -> None:
    rows = [
        {"name": f"20{n // 12 + 20}-{n % 12 + 1:02}", "part": part, "rate": 0.5}
        for n in range(30)
        for part in "甲乙"
    ]
    made = block({"kind": "heatmap", "y": ("rate",), "series": "part"}, [MONTH, GROUP, RATE], rows)
    assert "interval" not in draw(made, "zh", "CNY").option["xAxis"]["axisLabel"]


def test_days_below_a_chart_of_a_slide_do_not_touch() -> None:
    """Some 74 points each: seven of them in 560 points. Months may be turned, and few names all stand."""
    assert _each([f"2026-{n // 28 + 1:02}-{n % 28 + 1:02}" for n in range(120)]) == 16
    assert _each([f"2026-{n + 1:02}" for n in range(24)]) == 0
    assert _each([f"2026-01-{n + 1:02}" for n in range(12)]) == 0


@pytest.mark.parametrize("count", [4, 9], ids=["standing", "lying"])
def test_an_interval_without_width_is_drawn_on_a_slide(count: int) -> None:
    rows = [{"name": f"名{n}", "rate": 0.5, "low": 0.5, "high": 0.5 + n / 10} for n in range(count)]
    chart = slide(
        block({"kind": "bar", "y": ("rate",), "low": "low", "high": "high"}, [LABEL, RATE, LOW, HIGH], rows)
    )
    down, up = chart.series[0].ends
    assert down == (0.0,) * count
    assert up == tuple(float(n * 10) for n in range(count))
