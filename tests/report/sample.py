"""A made-up month of a shop: Results of several analyses with large, negative and missing figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from keguan.analysis import Analysis, param
from keguan.core.text import Text
from keguan.engine.translate import Lineage
from keguan.marts.strategy_matrix import shipped
from keguan.report.context import ReportContext
from keguan.report.document import Comment
from keguan.result import Cell, Claim, Column, Computed, Figure, Note, Result, Table, Test

AS_OF = date(2026, 10, 12)
VERSIONS = {"order_lines": 7, "orders": 7, "purchases": 7}
BASE = Text("有客户编号的客户", "customers with an id")
SQL = """
WITH kept AS (
  SELECT account_no, sum(gross) - sum(returns) AS net
  FROM purchases
  WHERE day <= $as_of AND account_no IS NOT NULL
  GROUP BY account_no
)
SELECT count(*) AS customers, sum(net) AS net_revenue
FROM kept
"""


@dataclass(frozen=True)
class Params:
    window_months: int = param(12, "统计窗口（月）", "window in months")
    cut: str = param("median", "分界方法", "how the cut is made")


def table(
    id: str,
    title: Text,
    columns: Sequence[Column],
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    note: Text | None = None,
) -> Table:
    """A table from rows; its SQL and lineage look like those of a real one."""
    names = [column.name for column in columns]
    arrays = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
    lineage = Lineage({"purchases": ("account_no", "day", "gross", "returns")})
    return Table(
        id, title, tuple(columns), arrays, tuple(key), SQL, {"as_of": AS_OF}, lineage=lineage, note=note
    )


def money(text: str) -> Decimal:
    return Decimal(text)


KPI_ROWS = [
    ("lines_received", "1067370", "count"),
    ("lines_clean", "1044847", "count"),
    ("lines_quarantined", "0", "count"),
    ("lines_superseded", "22523", "count"),
    ("lines_repeated", "34335", "count"),
    ("customers", "5878", "count"),
    ("buyers", "5852", "count"),
    ("orders", "36969", "count"),
    ("purchases", "36213", "count"),
    ("gross_revenue", "17431533.18", "money"),
    ("returns", "1087882.14", "money"),
    ("net_revenue", "16343651.04", "money"),
    ("guest_revenue", "3147620.77", "money"),
    ("guest_share", "0.152953", "share"),
    ("first_order_on", "2024-10-01", "date"),
    ("last_order_on", "2026-10-12", "date"),
]


def months() -> list[dict[str, Any]]:
    out = []
    for place in range(25):
        year, month = divmod(2024 * 12 + 9 + place, 12)
        wave = 1 + 0.22 * math.sin(place / 12 * 2 * math.pi) + 0.012 * place
        wave += 0.55 if month + 1 in {6, 11} else 0
        whole = 0.38 if place == 24 else 1.0
        gross = Decimal(round(572_000 * wave * whole, 2)).quantize(Decimal("0.01"))
        out.append(
            {
                "month": f"{year}-{month + 1:02d}",
                "gross_revenue": gross,
                "returns": (gross * Decimal("0.064")).quantize(Decimal("0.01")),
                "net_revenue": (gross * Decimal("0.936")).quantize(Decimal("0.01")),
                "orders": round(1480 * wave * whole),
                "customers": round(960 * wave * whole),
                "unfinished": place == 24,
            }
        )
    return out


def overview() -> Result:
    kpis = table(
        "kpis",
        Text("关键指标", "Key figures"),
        (
            Column("metric", Text("指标", "Metric"), "label", role="key", vocabulary="metric"),
            Column("value", Text("值", "Value"), "number", unit_column="unit"),
            Column("unit", Text("单位", "Unit"), "text", role="note"),
        ),
        ("metric",),
        [{"metric": name, "value": value, "unit": unit} for name, value, unit in KPI_ROWS],
    )
    series = table(
        "months",
        Text("月度走势", "Month by month"),
        (
            Column("month", Text("月份", "Month"), "month", role="key"),
            Column("gross_revenue", Text("销售额", "Gross revenue"), "money"),
            Column(
                "returns",
                Text("退货额", "Returns"),
                "money",
                note=Text("计入退货当日所在月", "counted in the month of the return"),
            ),
            Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
            Column("orders", Text("订单数", "Orders"), "count"),
            Column("customers", Text("下单客户", "Customers"), "count"),
            Column("unfinished", Text("未结束", "Unfinished"), "text", role="note"),
        ),
        ("month",),
        months(),
    )
    compared = table(
        "comparisons",
        Text("同口径比较", "Like for like"),
        (
            Column("comparison", Text("比较", "Comparison"), "label", role="key", vocabulary="comparison"),
            Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
            Column("base_net_revenue", Text("对比期净销售额", "Compared with"), "money"),
            Column("change", Text("变化额", "Change"), "money"),
            Column("low", Text("区间下限", "Low"), "money", role="low"),
            Column("high", Text("区间上限", "High"), "money", role="high"),
            Column("change_rate", Text("变化率", "Change, relative"), "share"),
        ),
        ("comparison",),
        [
            {
                "comparison": "month_previous",
                "net_revenue": money("231406.12"),
                "base_net_revenue": money("252830.55"),
                "change": money("-21424.43"),
                "low": money("-48020.10"),
                "high": money("5171.24"),
                "change_rate": -0.084738,
            },
            {
                "comparison": "month_last_year",
                "net_revenue": money("231406.12"),
                "base_net_revenue": None,
                "change": None,
                "low": None,
                "high": None,
                "change_rate": None,
            },
            {
                "comparison": "year_previous",
                "net_revenue": money("9120447.90"),
                "base_net_revenue": money("7223203.14"),
                "change": money("1897244.76"),
                "low": money("1604119.02"),
                "high": money("2190370.50"),
                "change_rate": 0.262660,
            },
        ],
        note=Text("未结束的月份只与相同天数比较。", "An unfinished month is compared with the same days."),
    )

    def kpi(name: str) -> Cell:
        return Cell("kpis", {"metric": name}, "value")

    def year(column: str) -> Cell:
        return Cell("comparisons", {"comparison": "year_previous"}, column)

    claims = (
        Claim(
            "totals",
            "overview/totals",
            {
                "customers": kpi("customers"),
                "orders": kpi("orders"),
                "gross": kpi("gross_revenue"),
                "net": kpi("net_revenue"),
            },
            5878,
            BASE,
            money=0.0,
            topic="totals",
        ),
        Claim(
            "up",
            "overview/year_previous",
            {
                "net": year("net_revenue"),
                "base_net": year("base_net_revenue"),
                "rate": Computed("change", year("net_revenue"), year("base_net_revenue"), "share"),
                "low": year("low"),
                "high": year("high"),
            },
            5878,
            BASE,
            strength="tested",
            test=Test("Poisson bootstrap over customers, XmR limits", True, 0.0004, 1604119.02, 2190370.5),
            money=1897244.76,
            topic="revenue_change",
            figure="monthly_revenue",
        ),
        Claim(
            "guests",
            "overview/guests",
            {"revenue": kpi("guest_revenue"), "share": kpi("guest_share")},
            36969,
            Text("全部订单", "all orders"),
            money=3147620.77,
            certainty=0.4,
            topic="guests",
        ),
    )
    figures = (
        Figure(
            "monthly_revenue",
            "bar",
            Text("每月销售额与净销售额", "Gross and net revenue by month"),
            "months",
            "month",
            ("gross_revenue", "net_revenue"),
            hatch="unfinished",
            line_y=("net_revenue",),
        ),
        Figure(
            "monthly_customers",
            "line",
            Text("每月下单客户与订单", "Customers and orders by month"),
            "months",
            "month",
            ("customers", "orders"),
            hatch="unfinished",
        ),
    )
    notes = (
        Note(
            Text(
                "95% 的退货在购买后 29 天内发生：2026-09-13 之后的净销售额「退货未到齐」。",
                "95% of returns come within 29 days: returns still arrive for net revenue after 2026-09-13.",
            )
        ),
    )
    return Result("overview", (kpis, series, compared), figures, claims, notes=notes)


def revenue_bridge() -> Result:
    rows = [
        ("previous", money("7223203.14"), 4312),
        ("new", money("2618004.40"), 1566),
        ("reactivated", money("402118.07"), 388),
        ("retained_up", money("1390220.55"), 1120),
        ("retained_down", money("-981644.21"), 904),
        ("lost", money("-1531454.05"), 2288),
        ("current", money("9120447.90"), 3978),
    ]
    bridge = table(
        "bridge",
        Text("收入变化分解", "Revenue bridge"),
        (
            Column("part", Text("部分", "Part"), "label", role="key", vocabulary="bridge_part"),
            Column("amount", Text("金额", "Amount"), "money"),
            Column("customers", Text("客户数", "Customers"), "count"),
        ),
        ("part",),
        [{"part": part, "amount": amount, "customers": size} for part, amount, size in rows],
    )
    claims = tuple(
        Claim(
            part,
            f"revenue_bridge/part/{part}",
            {
                "amount": Cell("bridge", {"part": part}, "amount"),
                "customers": Cell("bridge", {"part": part}, "customers"),
            },
            6600,
            BASE,
            money=abs(float(amount)),
            topic=f"bridge/{part}",
            figure="bridge",
        )
        for part, amount, _ in rows
        if part in {"new", "lost"}
    )
    figure = Figure(
        "bridge",
        "waterfall",
        Text("近 12 个月收入变化", "Why revenue changed over twelve months"),
        "bridge",
        "part",
        ("amount",),
    )
    return Result("revenue_bridge", (bridge,), (figure,), claims)


RFM = [
    ("重要价值", 884, 0.150391, "7420118.30", 0.4540, 402.18, 9.1),
    ("重要发展", 312, 0.053079, "911204.90", 0.0558, 1214.20, 1.8),
    ("重要保持", 640, 0.108880, "2811040.02", 0.1720, 388.40, 6.4),
    ("重要挽留", 201, 0.034195, "640221.77", 0.0392, 1404.11, 1.6),
    ("一般价值", 402, 0.068391, "402210.10", 0.0246, 140.02, 4.9),
    ("一般发展", 1123, 0.191051, "610048.42", 0.0373, 288.10, 1.2),
    ("一般保持", 377, 0.064137, "301116.81", 0.0184, 131.77, 4.1),
    ("一般挽留", 1044, 0.177611, "399441.08", 0.0244, 190.44, None),
    ("窗口内无订单", 895, 0.152263, "0", 0.0, None, None),
]


def rfm() -> Result:
    classes = table(
        "classes",
        Text("八类客户", "The eight classes"),
        (
            Column("label", Text("客户类型", "Class"), "label", role="key", vocabulary="rfm_class"),
            Column("customers", Text("客户数量", "Customers"), "count"),
            Column("share", Text("占比", "Share"), "share"),
            Column("low", Text("下限", "Low"), "share", role="low"),
            Column("high", Text("上限", "High"), "share", role="high"),
            Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
            Column("revenue_share", Text("收入占比", "Revenue share"), "share"),
            Column(
                "avg_order_value",
                Text("平均客单价", "Average order value"),
                "money",
                note=Text("净销售额 / 未全退的购买次数", "net revenue / purchases not fully returned"),
            ),
            Column("avg_orders", Text("平均消费频次", "Average orders"), "number", 1),
        ),
        ("label",),
        [
            {
                "label": label,
                "customers": size,
                "share": share,
                "low": max(0.0, share - 0.011),
                "high": share + 0.011,
                "net_revenue": money(net),
                "revenue_share": revenue_share,
                "avg_order_value": value,
                "avg_orders": orders,
            }
            for label, size, share, net, revenue_share, value, orders in RFM
        ],
    )

    def cell(label: str, column: str) -> Cell:
        return Cell("classes", {"label": label}, column)

    claims = (
        Claim(
            "keep",
            "rfm/keep/重要保持",
            {
                "customers": cell("重要保持", "customers"),
                "net": cell("重要保持", "net_revenue"),
                "share": cell("重要保持", "share"),
            },
            5878,
            BASE,
            labels={"class": ("重要保持", "rfm_class")},
            money=2811040.02,
            certainty=0.8,
            topic="rfm/keep",
            figure="shares",
        ),
        Claim(
            "value",
            "rfm/value/重要价值",
            {
                "customers": cell("重要价值", "customers"),
                "share": cell("重要价值", "revenue_share"),
            },
            5878,
            BASE,
            labels={"class": ("重要价值", "rfm_class")},
            money=7420118.30,
            topic="rfm/value",
            summary=False,
        ),
        Claim(
            "advice",
            "rfm/advice/重要保持",
            {"customers": cell("重要保持", "customers")},
            640,
            BASE,
            labels={"class": ("重要保持", "rfm_class")},
            strength="recommendation",
            money=2811040.02,
            topic="rfm/advice",
        ),
    )
    figures = (
        Figure(
            "shares",
            "bar",
            Text("各类客户占比与 95% 区间", "Share of each class, 95% interval"),
            "classes",
            "label",
            ("share",),
            low="low",
            high="high",
        ),
        Figure(
            "revenue",
            "bar",
            Text("各类客户净销售额", "Net revenue by class"),
            "classes",
            "label",
            ("net_revenue",),
        ),
    )
    notes = (
        Note(
            Text(
                "F 的中位数等于最小值，分界移到 2 次；占比两侧均在 5% 以上。",
                "The median of F equals its smallest value: the cut moved to 2 orders.",
            ),
            "warning",
        ),
    )
    return Result("rfm", (classes,), figures, claims, notes=notes)


def concentration() -> Result:
    points = [
        {"customers": round(place / 20, 4), "revenue": round((place / 20) ** 0.32, 6)} for place in range(21)
    ]
    lorenz = table(
        "lorenz",
        Text("累计收入", "Cumulative revenue"),
        (
            Column("customers", Text("客户占比（从大到小）", "Share of customers"), "share", role="key"),
            Column("revenue", Text("收入占比", "Share of revenue"), "share"),
        ),
        ("customers",),
        points,
    )
    top = Cell("lorenz", {"customers": 0.1}, "revenue")
    claim = Claim("top", "concentration/top", {"share": top}, 5852, BASE, money=7_000_000.0, summary=False)
    figure = Figure(
        "lorenz",
        "area",
        Text("收入集中度曲线", "Concentration of revenue"),
        "lorenz",
        "customers",
        ("revenue",),
    )
    return Result("concentration", (lorenz,), (figure,), (claim,))


def lifecycle() -> Result:
    rows = [
        {"depth": depth, "state": state, "customers": size}
        for depth, sizes in (
            ("新客", (310, 88, 41, 0)),
            ("一次客", (120, 402, 611, 488)),
            ("二次客", (388, 240, 199, 301)),
            ("多次客", (1644, 402, 288, 356)),
        )
        for state, size in zip(("活跃", "沉默", "有流失风险", "流失"), sizes, strict=True)
    ]
    states = table(
        "states",
        Text("生命周期两轴", "Two axes of the lifecycle"),
        (
            Column("depth", Text("购买深度", "Depth"), "label", role="key", vocabulary="lifecycle_depth"),
            Column("state", Text("状态", "State"), "label", role="key", vocabulary="lifecycle_state"),
            Column("customers", Text("客户数", "Customers"), "count"),
        ),
        ("depth", "state"),
        rows,
    )
    figure = Figure(
        "states",
        "stacked_bar",
        Text("购买深度与状态", "Depth and state"),
        "states",
        "depth",
        ("customers",),
        series="state",
    )
    return Result("lifecycle", (states,), (figure,))


def repurchase() -> Result:
    rows = []
    for day in range(0, 361, 15):
        rate = 0.62 * (1 - math.exp(-day / 110))
        rows.append({"day": day, "rate": rate, "low": max(0.0, rate - 0.014), "high": rate + 0.014})
    curve = table(
        "curve",
        Text("首购后再次购买", "From first to second purchase"),
        (
            Column("day", Text("首购后天数", "Days since the first purchase"), "count", role="key"),
            Column("rate", Text("已复购占比", "Share with a second purchase"), "share"),
            Column("low", Text("下限", "Low"), "share", role="low"),
            Column("high", Text("上限", "High"), "share", role="high"),
        ),
        ("day",),
        rows,
    )
    at = Cell("curve", {"day": 90}, "rate")
    low, high = Cell("curve", {"day": 90}, "low"), Cell("curve", {"day": 90}, "high")
    claim = Claim(
        "ninety",
        "repurchase/ninety",
        {"rate": at, "low": low, "high": high},
        4210,
        Text("满 90 天的首购客户", "first-time buyers observed for 90 days"),
        strength="estimate",
        certainty=0.9,
        money=880_000.0,
        topic="repurchase",
        figure="curve",
    )
    figure = Figure(
        "curve",
        "band",
        Text("首购到复购", "First to second purchase"),
        "curve",
        "day",
        ("rate",),
        low="low",
        high="high",
    )
    return Result("repurchase", (curve,), (figure,), (claim,))


def cohort() -> Result:
    rows = []
    for start in range(13):
        year, month = divmod(2025 * 12 + 9 + start, 12)
        size = 955 - 37 * start
        for index in range(13 - start):
            rate = 1.0 if index == 0 else round(0.36 - 0.016 * index + 0.03 * math.sin(start + index), 6)
            rows.append(
                {
                    "cohort": f"{year}-{month + 1:02d}",
                    "month_index": index,
                    "customers": size,
                    "active": round(size * rate),
                    "rate": rate,
                }
            )
    retention = table(
        "retention",
        Text("留存", "Retention"),
        (
            Column("cohort", Text("首购月份", "Cohort"), "month", role="key"),
            Column("month_index", Text("第几个月", "Month"), "count", role="key"),
            Column("customers", Text("客户数", "Customers"), "count"),
            Column("active", Text("活跃客户", "Active"), "count"),
            Column("rate", Text("留存率", "Retention"), "share"),
        ),
        ("cohort", "month_index"),
        rows,
    )
    figure = Figure(
        "retention",
        "heatmap",
        Text("按首购月份的留存率", "Retention by month of first purchase"),
        "retention",
        "month_index",
        ("rate",),
        series="cohort",
    )
    return Result("cohort", (retention,), (figure,))


CATEGORIES = (
    "家居与厨房", "礼品与节庆用品", "文具与办公", "女装", "母婴与儿童用品", "数码配件", "食品与饮料", "户外与运动",
    "个护与美妆", "宠物用品", "灯饰", "未分类",
)  # fmt: skip


def product_mix() -> Result:
    rows = [
        {
            "category": name,
            "net_revenue": Decimal(3_400_000 - 271_344 * place).quantize(Decimal("0.01")),
            "refund_rate": None if place == 11 else round(0.03 + 0.011 * (place % 5), 6),
        }
        for place, name in enumerate(CATEGORIES)
    ]
    rows[-1]["net_revenue"] = money("-20410.66")
    categories = table(
        "categories",
        Text("品类", "Categories"),
        (
            Column("category", Text("品类", "Category"), "text", role="key"),
            Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
            Column("refund_rate", Text("退货率", "Return rate"), "share"),
        ),
        ("category",),
        rows,
    )
    figure = Figure(
        "categories",
        "bar",
        Text("各品类净销售额", "Net revenue by category"),
        "categories",
        "category",
        ("net_revenue",),
    )
    return Result("product_mix", (categories,), (figure,))


def purchase_time() -> Result:
    rows = [
        {
            "weekday": str(day),
            "hour": hour,
            "orders": round(600 * math.exp(-(((hour - 12) / 4.5) ** 2)) * (0.5 if day == 6 else 1)),
        }
        for day in range(1, 8)
        for hour in range(24)
    ]
    hours = table(
        "hours",
        Text("下单时间", "When orders are placed"),
        (
            Column("weekday", Text("星期", "Weekday"), "label", role="key", vocabulary="weekday"),
            Column("hour", Text("小时", "Hour"), "count", role="key"),
            Column("orders", Text("订单数", "Orders"), "count"),
        ),
        ("weekday", "hour"),
        rows,
    )
    figure = Figure(
        "hours",
        "heatmap",
        Text("星期与小时", "Weekday and hour"),
        "hours",
        "hour",
        ("orders",),
        series="weekday",
    )
    return Result("purchase_time", (hours,), (figure,))


TEXTS: Mapping[str, Mapping[str, Text]] = {
    "overview": {
        "totals": Text(
            "共有 {customers} 位客户下单 {orders} 次，销售额 {gross}，净销售额 {net}（n={n}，{base}）。",
            "{customers} customers placed {orders} orders: gross revenue {gross}, net revenue {net} "
            "(n={n}, {base}).",
        ),
        "up": Text(
            "近 12 个月净销售额 {net}，比上一个 12 个月的 {base_net} 显著增加 {rate}"
            "（增加额的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
            "Net revenue of the last 12 months is {net}, a significant increase of {rate} on {base_net} of the 12 "
            "months before (95% interval {low} to {high}; n={n}, {base}).",
        ),
        "guests": Text(
            "散客销售额 {revenue}，占全部销售额的 {share}；计入收入，不计入客户数（n={n}，{base}）。",
            "Guests bring {revenue}, {share} of all gross revenue; counted as revenue, not as customers "
            "(n={n}, {base}).",
        ),
    },
    "revenue_bridge": {
        "new": Text(
            "新客户 {customers} 位，带来净销售额 {amount}（n={n}，{base}）。",
            "{customers} new customers brought net revenue of {amount} (n={n}, {base}).",
        ),
        "lost": Text(
            "{customers} 位上期客户本期未再购买，对应上期净销售额 {amount}（n={n}，{base}）。",
            "{customers} customers of the period before did not buy again: {amount} of net revenue (n={n}, {base}).",
        ),
    },
    "rfm": {
        "keep": Text(
            "「{class}」客户 {customers} 位，占 {share}，近 12 个月净销售额 {net}，最近购买已超过分界（n={n}，{base}）。",
            "'{class}': {customers} customers, {share} of all, net revenue {net} in 12 months; their last purchase "
            "is beyond the cut (n={n}, {base}).",
        ),
        "value": Text(
            "「{class}」客户 {customers} 位，带来 {share} 的净销售额（n={n}，{base}）。",
            "'{class}': {customers} customers bring {share} of net revenue (n={n}, {base}).",
        ),
        "advice": Text(
            "对「{class}」的 {customers} 位客户安排一对一回访，先从金额最大的 50 位开始。",
            "Visit the {customers} customers of '{class}' one by one, beginning with the 50 largest.",
        ),
    },
    "concentration": {
        "top": Text(
            "购买最多的 10% 客户带来 {share} 的净销售额（n={n}，{base}）。",
            "The top 10% of customers bring {share} of net revenue (n={n}, {base}).",
        )
    },
    "repurchase": {
        "ninety": Text(
            "首购后 90 天内，{rate} 的客户再次购买（95% 区间 {low} 至 {high}；n={n}，{base}）。",
            "Within 90 days of the first purchase {rate} of customers buy again (95% interval {low} to {high}; "
            "n={n}, {base}).",
        )
    },
}

TITLES = {
    "overview": Text("经营概况", "Overview"),
    "revenue_bridge": Text("收入变化分解", "Revenue bridge"),
    "rfm": Text("RFM 客户分层", "RFM classes"),
    "concentration": Text("收入集中度", "Concentration"),
    "lifecycle": Text("客户生命周期", "Customer lifecycle"),
    "repurchase": Text("复购", "Repurchase"),
    "cohort": Text("同期群留存", "Cohorts"),
    "product_mix": Text("商品结构", "Product mix"),
    "purchase_time": Text("购买时间", "Time of purchase"),
    "satisfaction": Text("满意度", "Satisfaction"),
}
QUESTIONS = {
    "overview": Text(
        "经营得怎么样？与上期和去年相比如何？", "How is business, against last period and last year?"
    ),
    "revenue_bridge": Text("收入为什么变化？由哪些客户带来？", "Why did revenue change, and through whom?"),
    "rfm": Text(
        "哪些客户最有价值，哪些正在远离？", "Which customers are worth most, which are drifting away?"
    ),
}
RUNS = (
    overview, revenue_bridge, rfm, concentration, lifecycle, repurchase, cohort, product_mix, purchase_time,
)  # fmt: skip


def _never(inputs: Any, params: Any) -> Result:
    raise AssertionError("the sample is not run")


def analyses() -> dict[str, Analysis]:
    """Installed analyses by name; 'satisfaction' has no result."""
    return {
        name: Analysis(
            name,
            title,
            QUESTIONS.get(name, title),
            "structure",
            Params,
            _never,
            TEXTS.get(name, {}),
            needs=("feedback",) if name == "satisfaction" else ("orders",),
        )
        for name, title in TITLES.items()
    }


def results() -> dict[str, Result]:
    """All results, pinned as the application does."""
    made = [run() for run in RUNS]
    return {
        result.analysis: result.pinned(
            as_of=AS_OF,
            params={"window_months": 12, "cut": "median"},
            versions=VERSIONS,
            code="3f9a1c02be77",
        )
        for result in made
    }


def context(company: str = "示例百货", currency: str = "CNY") -> ReportContext:
    """A context with comments and pinned files."""
    return ReportContext(
        as_of=AS_OF,
        company=company,
        currency=currency,
        timezone="Asia/Shanghai",
        workspace_id="w-5d1f",
        keguan="0.1.0",
        period=(date(2024, 10, 1), AS_OF),
        sources=("orders_2025.csv", "orders_2026.csv", "customers.xlsx"),
        versions=VERSIONS,
        files={"orders": ("a.parquet", "b.parquet"), "order_lines": ("c.parquet",)},
        kind="repeat_purchase",
        advice=shipped().advice(),
        framework=shipped().table(),
        comments=(
            Comment(
                "王经理",
                "APP 渠道九月改过结算页，复购变慢也许与此有关，建议先看埋点。<b>待查</b>",
                date(2026, 10, 13),
            ),
        ),
    )
