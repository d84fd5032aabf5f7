"""Columns and sentences of seasonality."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

TEXT = {
    "no_season": Text(
        "{years} 年的完整月份未见显著的季节性（n={n}，{base}）。",
        "The complete months of {years} years show no significant season (n={n}, {base}).",
    ),
    "month_above": Text(
        "最突出的月份是 {place} 月：每日净销售额是全年水平的 {index} 倍（95% 区间 {low} 至 {high}），"
        "显著高于全年（n={n}，{base}）。",
        "The month that stands out most is month {place}: net revenue a day is {index} times the level of the "
        "year (95% interval {low} to "
        "{high}), significantly higher (n={n}, {base}).",
    ),
    "month_below": Text(
        "最突出的月份是 {place} 月：每日净销售额是全年水平的 {index} 倍（95% 区间 {low} 至 {high}），"
        "显著低于全年（n={n}，{base}）。",
        "The month that stands out most is month {place}: net revenue a day is {index} times the level of the "
        "year (95% interval {low} to "
        "{high}), significantly lower (n={n}, {base}).",
    ),
    "festival_above": Text(
        "{festival}（{first} 至 {last}）净销售额 {net_revenue}，每日是前后平日的 {index} 倍（95% 区间 {low} 至 "
        "{high}），显著高于平日（n={n}，{base}）。",
        "{festival} ({first} to {last}) brought {net_revenue}; a day is {index} times the ordinary days around "
        "it (95% interval {low} to {high}), "
        "significantly higher (n={n}, {base}).",
    ),
    "festival_below": Text(
        "{festival}（{first} 至 {last}）净销售额 {net_revenue}，每日是前后平日的 {index} 倍（95% 区间 {low} 至 "
        "{high}），显著低于平日（n={n}，{base}）。",
        "{festival} ({first} to {last}) brought {net_revenue}; a day is {index} times the ordinary days around "
        "it (95% interval {low} to {high}), "
        "significantly lower (n={n}, {base}).",
    ),
    "festival_above_year": Text(
        "{festival}（{first} 至 {last}）净销售额 {net_revenue}，较去年同一节日变化 {change}；每日是前后平日的 "
        "{index} 倍（95% 区间 {low} 至 {high}），"
        "显著高于平日（n={n}，{base}）。",
        "{festival} ({first} to {last}) brought {net_revenue}, {change} against the same festival a year ago; a "
        "day is {index} times the ordinary "
        "days around it (95% interval {low} to {high}), significantly higher (n={n}, {base}).",
    ),
    "festival_below_year": Text(
        "{festival}（{first} 至 {last}）净销售额 {net_revenue}，较去年同一节日变化 {change}；每日是前后平日的 "
        "{index} 倍（95% 区间 {low} 至 {high}），"
        "显著低于平日（n={n}，{base}）。",
        "{festival} ({first} to {last}) brought {net_revenue}, {change} against the same festival a year ago; a "
        "day is {index} times the ordinary "
        "days around it (95% interval {low} to {high}), significantly lower (n={n}, {base}).",
    ),
}
Q = Column(
    "q",
    Text("q 值", "q"),
    "number",
    4,
    note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg"),
)
VERDICT = Column("verdict", Text("结论", "Verdict"), "label", vocabulary="against_level")
_INDEX = (
    Column("index", Text("指数", "Index"), "ratio", 2, note=Text("每日净销售额 / 全年水平", "net revenue a day / "
                                                            "level of the year")),
    Column("low", Text("区间下限", "Interval from"), "ratio", 2, role="low",
           note=Text("年与月的加法模型（对数），t 95% 区间", "additive model of years and months (logarithms), "
                                              "95% interval of t")),
    Column("high", Text("区间上限", "Interval to"), "ratio", 2, role="high"),
    Q,
    VERDICT,
)  # fmt: skip
INDEX_COLUMNS = (Column("place", Text("月", "Month of the year"), "count", role="key"), *_INDEX)
WEEK_COLUMNS = (Column("place", Text("ISO 周", "ISO week"), "count", role="key"), *_INDEX)
TEST_COLUMNS = (
    Column("kind", Text("周期", "Period"), "label", role="key", vocabulary="season_kind"),
    Column("periods", Text("完整期数", "Complete periods"), "count"),
    Column("years", Text("整年数", "Whole years"), "count"),
    Column("p", Text("p 值", "p"), "number", 4, note=Text("Friedman 检验", "Friedman's test")),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="season_verdict"),
)
MONTH_COLUMNS = (
    Column("month", Text("月份", "Month"), "month", role="key"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("per_day", Text("每日净销售额", "Net revenue a day"), "money"),
    Column("year_ago", Text("去年同月", "A year ago"), "money"),
    Column("change", Text("变化率", "Change, relative"), "share"),
    Column("festivals", Text("含节日", "Festivals in it"), "text"),
)
FESTIVAL_COLUMNS = (
    Column("festival", Text("节日", "Festival"), "label", role="key", vocabulary="festival"),
    Column("year", Text("年", "Year"), "text", role="key"),
    Column("first", Text("起", "From"), "date"),
    Column("last", Text("止", "To"), "date"),
    Column("days", Text("天数", "Days"), "count"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
    Column("orders", Text("订单数", "Orders"), "count"),
    Column("index", Text("每日 / 平日", "A day / ordinary day"), "ratio", 2,
           note=Text("前后各 28 天中不是节日的日子", "days of the 28 on each side that are no festival")),
    Column("low", Text("区间下限", "Interval from"), "ratio", 2, role="low",
           note=Text("对数的 Welch 95% 区间", "Welch 95% interval of logarithms")),
    Column("high", Text("区间上限", "Interval to"), "ratio", 2, role="high"),
    Q,
    VERDICT,
    Column("year_ago", Text("去年同一节日", "Same festival a year ago"), "money"),
    Column("change", Text("变化率", "Change, relative"), "share"),
)  # fmt: skip
