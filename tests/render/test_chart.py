"""Every kind of figure becomes an option without functions, and a picture that is not empty."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from keguan.core.text import LANGUAGES, Language, Text
from keguan.render.charts.draw import DRAW, draw
from keguan.render.charts.plot import Plot
from keguan.render.charts.scale import scale
from keguan.render.charts.svg import svg
from keguan.report.document import FigureBlock
from keguan.report.wording import TableView, table_block
from keguan.result import Column, Figure
from report import sample

LABEL = Column("name", Text("名称", "Name"), "text", role="key")
GROUP = Column("part", Text("部分", "Part"), "text", role="key")
MONTH = Column("name", Text("月份", "Month"), "month", role="key")
SHARE = Column("name", Text("客户占比", "Share of customers"), "share", role="key")
MONEY = Column("money", Text("净销售额", "Net revenue"), "money")
RATE = Column("rate", Text("留存率", "Retention"), "share")
LOW = Column("low", Text("下限", "Low"), "share", role="low")
HIGH = Column("high", Text("上限", "High"), "share", role="high")
OPEN = Column("open", Text("未结束", "Unfinished"), "text")


def block(
    figure: Mapping[str, Any],
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    language: Language = "zh",
) -> FigureBlock:
    key = [column.name for column in columns if column.role == "key"]
    table = sample.table("t", Text("表", "Table"), columns, key, rows)
    made = Figure("f", title=Text("图", "Chart"), table="t", x="name", **figure)
    return FigureBlock("a.f", made, "图", table_block("a", table, TableView(language, "CNY")))


MONTHS = [
    {"name": f"2026-0{n}", "money": Decimal(n * 100_000), "rate": n / 20, "low": n / 22, "high": n / 18,
     "open": n == 6, "part": "甲"}
    for n in range(1, 7)
]  # fmt: skip
NAMES = [{"name": f"名{n}", "money": Decimal(10 - n), "rate": n / 20, "low": n / 30, "high": n / 15, "part": f"组{n % 2}"}
         for n in range(12)]  # fmt: skip
KINDS = {
    "bar": ({"kind": "bar", "y": ("money",), "hatch": "open"}, [MONTH, MONEY, OPEN], MONTHS),
    "bar with line": ({"kind": "bar", "y": ("money", "rate"), "line_y": ("rate",)}, [MONTH, MONEY, RATE], MONTHS),
    "bar with interval": ({"kind": "bar", "y": ("rate",), "low": "low", "high": "high"}, [LABEL, RATE, LOW, HIGH], NAMES),
    "bar with negative": ({"kind": "bar", "y": ("money",)}, [LABEL, MONEY], [*NAMES, {"name": "退", "money": Decimal(-9)}]),
    "bar, series": ({"kind": "bar", "y": ("money",), "series": "part"}, [LABEL, GROUP, MONEY], NAMES),
    "stacked_bar": ({"kind": "stacked_bar", "y": ("money",), "series": "part"}, [LABEL, GROUP, MONEY], NAMES),
    "line": ({"kind": "line", "y": ("money",), "hatch": "open"}, [MONTH, MONEY, OPEN], MONTHS),
    "line over shares": ({"kind": "line", "y": ("rate",)}, [SHARE, RATE], [{"name": n / 9, "rate": n / 9} for n in range(10)]),
    "band": ({"kind": "band", "y": ("rate",), "low": "low", "high": "high"}, [MONTH, RATE, LOW, HIGH], MONTHS),
    "area": ({"kind": "area", "y": ("money", "rate")}, [MONTH, MONEY, RATE], MONTHS),
    "scatter": ({"kind": "scatter", "y": ("money",), "series": "part"}, [SHARE, GROUP, MONEY],
                [{"name": n / 9, "part": "甲", "money": Decimal(n)} for n in range(10)]),
    "heatmap": ({"kind": "heatmap", "y": ("rate",), "series": "part"}, [LABEL, GROUP, RATE], NAMES),
    "funnel": ({"kind": "funnel", "y": ("money",)}, [LABEL, MONEY], NAMES[:4]),
    "treemap": ({"kind": "treemap", "y": ("money",), "series": "part"}, [LABEL, GROUP, MONEY], NAMES[:8]),
    "flow": ({"kind": "flow", "y": ("money",), "series": "part"}, [LABEL, GROUP, MONEY], NAMES[:8]),
    "waterfall": ({"kind": "waterfall", "y": ("money",)}, [LABEL, MONEY],
                  [{"name": n, "money": Decimal(v)} for n, v in (("前", 50), ("增", 20), ("减", -90), ("后", -20))]),
}  # fmt: skip


def test_every_drawn_kind_is_tried() -> None:
    assert {figure["kind"] for figure, _, _ in KINDS.values()} == set(DRAW)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_with_data_and_no_styles(name: str, language: Language) -> None:
    drawing = draw(block(*KINDS[name], language), language, "CNY")
    assert json.loads(json.dumps(drawing.option)) == drawing.option
    picture = svg(drawing, "标题 <1>", "f9")
    assert 'aria-label="标题 &lt;1&gt;"' in picture
    assert "<style" not in picture
    assert " style=" not in picture
    assert " class=" not in picture
    assert "NaN" not in picture
    assert len(re.findall("<(path|poly)", picture)) > 2
    assert picture == svg(drawing, "标题 <1>", "f9")


@pytest.mark.parametrize("name", KINDS)
def test_one_row_and_missing_values_are_drawn(name: str) -> None:
    figure, columns, rows = KINDS[name]
    svg(draw(block(figure, columns, rows[:1]), "zh", "CNY"), "一行", "f1")
    gap = {**rows[1], "money": None, "rate": None, "low": None, "high": None}
    svg(draw(block(figure, columns, [rows[0], gap]), "zh", "CNY"), "缺值", "f1")


def test_names_cannot_break_out_of_a_picture() -> None:
    figure, columns, rows = KINDS["bar with negative"]
    nasty = [{**rows[0], "name": "<script>alert(1)</script>"}, rows[1]]
    picture = svg(draw(block(figure, columns, nasty), "zh", "CNY"), "图", "f1")
    assert "<script" not in picture


@pytest.mark.parametrize(
    ("said", "stands"), [("2026-W{:02}", True), ("2026-{:02}", True), ("第 {:02} 门店", False)]
)
def test_periods_told_as_texts_stand_and_many_names_lie(said: str, stands: bool) -> None:
    rows = [{"name": said.format(number), "money": Decimal(number)} for number in range(1, 13)]
    option = draw(block({"kind": "bar", "y": ("money",)}, [LABEL, MONEY], rows), "zh", "CNY").option
    assert (option["xAxis"]["type"] == "category") is stands


def test_each_datum_names_its_cell_and_what_is_told() -> None:
    option = draw(block(*KINDS["bar"]), "zh", "CNY").option
    first = option["series"][0]["data"][0]
    assert first.items() >= {"value": 10.0, "shown": "100,000.00", "cell": "a.t[2026-01].money"}.items()
    assert first["label"]["formatter"] == "10.0万"
    last = option["series"][0]["data"][-1]
    assert "decal" in last["itemStyle"]


def test_an_unfinished_period_of_a_line_is_dashed() -> None:
    series = draw(block(*KINDS["line"]), "zh", "CNY").option["series"]
    assert [item["lineStyle"].get("type") for item in series] == [None, "dashed"]
    assert series[0]["data"][-1] == {"value": None}
    assert series[1]["data"][-1]["cell"] == "a.t[2026-06].money"


def test_a_waterfall_ends_where_it_says() -> None:
    series = {
        n: item["data"]
        for n, item in enumerate(draw(block(*KINDS["waterfall"]), "zh", "CNY").option["series"])
    }
    assert [datum["value"] for datum in series[0]] == [0, 50, 0, 0]
    assert [datum["value"] for datum in series[1]] == [50, 20, 70, 0]
    assert [datum["value"] for datum in series[2]] == [0, 0, -20, -20]


@pytest.mark.parametrize(
    ("value", "language", "name", "drawn"),
    [
        (99_999, "zh", "元", 99_999),
        (100_000, "zh", "万元", 10),
        (100_000_000, "zh", "亿元", 1),
        (250_000, "en", "thousand CNY", 250),
        (2_500_000, "en", "million CNY", 2.5),
    ],
)
def test_axes_are_scaled_by_a_named_unit(value: int, language: Language, name: str, drawn: float) -> None:
    found = scale([value, None], "money", language, "CNY")
    assert (found.name, found.of(value), found.of(None)) == (name, drawn, None)


def test_a_chart_of_very_many_rows_shows_the_latest_and_says_so() -> None:
    days = [{"name": f"{2015 + n // 366}-{n % 366:03d}", "money": Decimal(n)} for n in range(3000)]
    figure = block({"kind": "line", "y": ("money",)}, [MONTH, MONEY], days)
    drawing = draw(figure, "zh", "CNY")
    assert drawing.cut
    assert drawing.option["series"][0]["data"][-1]["shown"] == "2,999.00"
    names = [{"name": f"客户{n}", "money": Decimal(n)} for n in range(90)]
    many = draw(block({"kind": "bar", "y": ("money",)}, [LABEL, MONEY], names), "zh", "CNY")
    assert many.cut
    assert len(many.option["series"][0]["data"]) == 40
    assert not draw(block(*KINDS["bar"]), "zh", "CNY").cut


def test_number_and_table_are_no_charts() -> None:
    figure, columns, rows = KINDS["bar"]
    with pytest.raises(ValueError, match="table"):
        draw(block({**figure, "kind": "table"}, columns, rows), "zh", "CNY")


def test_a_chart_costs_little() -> None:
    figure = draw(block(*KINDS["bar"]), "zh", "CNY")
    svg(figure, "暖机", "f0")
    start = time.process_time()
    for _ in range(5):
        svg(figure, "图", "f1")
    assert (time.process_time() - start) / 5 < 0.3


def test_letters_of_a_drawn_name_are_no_id() -> None:
    """ECharts numbers its ids 'zr0-…'; a product may be called that too."""
    from keguan.render.charts import svg

    raw = '<svg id="zr0-a"><g clip-path="url(#zr0-c1)"><use href="#zr0-b"/><text>zr7-cable\x07 \u202e12.5%</text></g></svg>'
    out = svg._clean(raw, "t", "f3")
    assert 'id="f3-a"' in out
    assert "url(#f3-c1)" in out
    assert 'href="#f3-b"' in out
    assert r">zr7-cable\x07 \u202e12.5%<" in out


def test_an_interval_below_zero_is_drawn_whole() -> None:
    """A figure far smaller than its usual range stands inside it, and its label at the end of the line."""
    rows = [{"name": f"名{n}", "rate": 0.02, "low": -0.5, "high": 0.9} for n in range(4)]
    made = block(
        {"kind": "bar", "y": ("rate",), "low": "low", "high": "high"}, [LABEL, RATE, LOW, HIGH], rows
    )
    drawing = draw(made, "zh", "CNY")
    picture = svg(drawing, "图", "f1")
    assert ">-60%<" in picture
    from keguan.render.charts import palette

    lines = re.findall(rf'<path d="M([\d.]+) ([\d.]+)L\1 ([\d.]+)"(?=[^>]*{palette.WHISKER})|'
                       rf'<g [^>]*{palette.WHISKER}[^>]*>(.*?)</g>', picture)  # fmt: skip
    assert lines


@pytest.mark.parametrize(
    ("count", "at", "position"), [(4, (0, -90), "bottom"), (9, (0, 0), "right")], ids=["standing", "lying"]
)
def test_the_figure_of_a_bar_below_zero_stands_beyond_its_whisker(
    count: int, at: tuple[int, int], position: str
) -> None:
    """-50 %, from -90 % to -20 %: under the end of the line, or beside a lying bar, never upon either."""
    rows = [{"name": f"名{n}", "rate": -0.5, "low": -0.9, "high": -0.2} for n in range(count)]
    made = block(
        {"kind": "bar", "y": ("rate",), "low": "low", "high": "high"}, [LABEL, RATE, LOW, HIGH], rows
    )
    bars, ends = draw(made, "zh", "CNY").option["series"]
    assert not any("label" in datum for datum in bars["data"])
    (first, *_) = [end for end in ends["data"] if "label" in end]
    assert tuple(first["value"]) == at
    assert first["label"]["position"] == position
    assert first["label"]["formatter"] == "-50.0%"


def test_a_band_over_a_continuous_axis_lies_around_its_line_and_the_axis_is_round() -> None:
    days = Column("name", Text("天数", "Days"), "days", role="key")
    rows = [{"name": n, "rate": 0.2 + n / 1000, "low": 0.1, "high": 0.4} for n in (7, 14, 60, 243)]
    made = block(
        {"kind": "band", "y": ("rate",), "low": "low", "high": "high"}, [days, RATE, LOW, HIGH], rows
    )
    option = draw(made, "zh", "CNY").option
    assert [option["xAxis"][end] for end in ("min", "max", "interval")] == [0, 250, 50]
    low, wide, line = (series["data"] for series in option["series"])
    assert [datum["value"] for datum in low] == [[n, 10] for n in (7, 14, 60, 243)]
    assert [datum["value"] for datum in wide] == [[n, 30] for n in (7, 14, 60, 243)]
    assert [datum["value"][0] for datum in line] == [7, 14, 60, 243]


@pytest.mark.parametrize(
    ("drawn", "ends"),
    [
        ([0.5768, 12.3], [0, 12.5, 2.5]),
        ([93.2, 107.9], [90, 110, 5]),
        ([-3.0, 4.0], [-4, 4, 2]),
        ([1e-9, 2e-9], [1e-9, 2e-9, 2e-10]),
    ],
)
def test_ends_of_an_axis_are_round(drawn: list[float], ends: list[float]) -> None:
    from keguan.render.charts.lines import _ends

    found = _ends(drawn)
    assert [found[name] for name in ("min", "max", "interval")] == pytest.approx(ends)
    assert _ends([5.0, 5.0]) == {}


@pytest.mark.parametrize(("language", "printed"), [("en", "2.50"), ("zh", "250.0万")])
def test_a_label_is_in_the_unit_that_the_caption_names(language: Language, printed: str) -> None:
    """A caption of 'million' beside a bar with 2,500,000 would read as millions of millions."""
    value = Decimal(2_500_000)
    plot: Any = SimpleNamespace(language=language, unit=lambda name: "money")
    row: Any = SimpleNamespace(values={"money": value})
    assert Plot.short(plot, row, "money", scale([value], "money", language, "CNY")) == printed
