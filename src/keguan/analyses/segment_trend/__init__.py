"""How did the shares of the segments change over the last eight period ends?

Method: at each period end every customer's segment is computed anew from what was known that day, with the
customers, the net revenue of the window to that day, and the region of the first order. The last end is the as-of
date; where its period is not over it is marked and enters no test, nor does an end whose window begins before the
data. A share drifts when the mean of its changes from end to end is unlike zero given their variation (t test of the
changes: neighbouring ends share most customers, so that tests of independent samples do not hold), corrected over
all segments by Benjamini-Hochberg, and when it changed by a point or more.

Source: t test of a random walk's drift; Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analyses.segment_trend import columns
from keguan.analyses.segment_trend.claims import TEXT, trend_claims, trend_notes
from keguan.analyses.segment_trend.drifts import drift_rows
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import add_months, month_end, window_start
from keguan.core.text import Text
from keguan.result import Figure, Result, Table
from keguan.schema.terms.segmentation import GONE, SEGMENTATIONS

MONTHS = {"month": 1, "quarter": 3}
FIRST_DAY_SQL = "SELECT min(first_order_on) AS first_day FROM customer_facts"

# Customers of one period end, by segment and region of the first order; the rest of the regions together.
END_SQL = """
WITH sized AS (
  SELECT s.label, coalesce(c.first_region, '待核实') AS region, count(*) AS customers,
         CAST(coalesce(sum(f.window_net), 0) AS DECIMAL(18, 4)) AS net_revenue
  FROM {view} s
  LEFT JOIN customer_facts c ON c.account_no = s.account_no
  LEFT JOIN window_facts f ON f.account_no = s.account_no
  GROUP BY s.label, coalesce(c.first_region, '待核实')
)
SELECT label, region, customers, net_revenue FROM sized ORDER BY label, region
"""


@dataclass(frozen=True)
class Params:
    """Which segmentation, which period ends."""

    segmentation: str = param("rfm", "分群方法", "segmentation")
    period: str = param("month", "期间：month 或 quarter", "period: month or quarter", ("month", "quarter"))
    ends: int = param(8, "看几个期末", "how many period ends")
    window_months: int = param(12, "净销售额窗口（月）", "window of net revenue, months")
    regions: int = param(5, "列出几个地区", "how many regions are listed")


@dataclass(frozen=True, slots=True)
class End:
    """A period end: whether its period is over, and whether its window lies within the data."""

    day: date
    finished: bool
    whole: bool

    @property
    def tested(self) -> bool:
        """Whether it may be compared with others."""
        return self.finished and self.whole


def run(inputs: Inputs, params: Params) -> Result:
    """Tables shares (end x segment), regions (end x segment x region), trends."""
    first = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["first_day"]
    ends = [] if first is None else period_ends(inputs.as_of, first, params)
    found = [(end, _rows(inputs, end, params)) for end in ends]
    vocabulary = SEGMENTATIONS.get(params.segmentation)
    shares = _shares(inputs, found, params, vocabulary)
    regions = _regions(inputs, found, params, vocabulary)
    rows = drift_rows(shares.records(), regions.records(), inputs.settings.min_n)
    trends = inputs.computed(
        "trends", Text("占比的变化趋势", "Trends of shares"), columns.trends(vocabulary), ("label", "measure", "region"),
        rows, method="evidence.statistics.drift", inputs=("shares", "regions"),
        note=Text(
            "各期末之间的变化与其自身波动相比的 t 检验，Benjamini-Hochberg 校正；未结束的期间和窗口不完整的期末不参与",
            "t test of the changes between ends against their own variation, Benjamini-Hochberg; unfinished periods and "
            "ends without a whole window are left out",
        ),
    )  # fmt: skip
    result = Result(
        "segment_trend", tables=(shares, replace(trends, appendix=True), replace(regions, appendix=True))
    )
    return replace(
        result,
        figures=_figures(shares),
        claims=trend_claims(result, vocabulary),
        notes=trend_notes(ends, rows, inputs.settings.min_n),
    )


def period_ends(as_of: date, first: date, params: Params) -> list[End]:
    """The last ends, oldest first: the as-of date, and the ends of complete periods before it."""
    length = MONTHS[params.period]
    past = month_end(add_months(as_of.replace(day=1), -((as_of.month - 1) % length) - 1))
    last = month_end(add_months(past.replace(day=1), length))
    days = [as_of]
    while len(days) < params.ends and past >= first:
        days.append(past)
        past = month_end(add_months(past.replace(day=1), -length))
    return [
        End(
            day,
            day != as_of or as_of == last,
            window_start(day, params.window_months) + timedelta(days=1) >= first,
        )
        for day in reversed(days)
    ]


def _rows(inputs: Inputs, end: End, params: Params) -> list[dict[str, Any]]:
    view = inputs.segment(params.segmentation, end.day)
    from_day = window_start(end.day, params.window_months)
    rows: list[dict[str, Any]] = (
        inputs.at(end.day).query(END_SQL.format(view=view), from_day=from_day).to_pylist()
    )
    return rows


Found = Sequence[tuple[End, Sequence[Mapping[str, Any]]]]


def _shares(inputs: Inputs, found: Found, params: Params, vocabulary: str | None) -> Table:
    """Each segment at each end; one that nobody is in then is there with zero."""
    labels = sorted({row["label"] for _, rows in found for row in rows})
    min_n, out = inputs.settings.min_n, []
    for end, rows in found:
        size, money = _sum(rows, "customers"), _sum(rows, "net_revenue")
        buying = _sum([row for row in rows if row["label"] not in GONE], "customers")
        for label in labels:
            of = [row for row in rows if row["label"] == label]
            customers, net = _sum(of, "customers"), _sum(of, "net_revenue")
            out.append(
                {
                    "day": end.day, "label": label, "unfinished": not end.finished, "whole": end.whole,
                    "customers": customers, "of_customers": size, "net_revenue": net,
                    "share": customers / size if size >= min_n else None, "buying": buying,
                    "active_share": customers / buying if buying >= min_n and label not in GONE else None,
                    "revenue_share": float(net) / float(money) if size >= min_n and money > 0 else None,
                }
            )  # fmt: skip
    sql, last = _evidence(inputs, found, params)
    return inputs.computed(
        "shares", Text("各期末的分群", "Segments at period ends"), columns.shares(vocabulary), ("day", "label"), out,
        method="segment_trend.run", sql=sql, **last,
        note=Text(
            "每个期末按当日已知的数据重算；金额为到该日为止的窗口内净销售额",
            "each end computed anew from what was known that day; money is net revenue of the window to that day",
        ),
    )  # fmt: skip


def _regions(inputs: Inputs, found: Found, params: Params, vocabulary: str | None) -> Table:
    """Each segment's customers by region of the first order; the largest regions of the last end are listed."""
    sizes: dict[str, int] = {}
    for row in found[-1][1] if found else ():
        sizes[row["region"]] = sizes.get(row["region"], 0) + row["customers"]
    listed = sorted(sizes, key=lambda region: (-sizes[region], region))[: params.regions]
    out = []
    for end, rows in found:
        for label in sorted({row["label"] for row in rows}):
            of = [row for row in rows if row["label"] == label]
            size = _sum(of, "customers")
            for region in (*listed, columns.OTHER):
                there = [
                    row
                    for row in of
                    if (row["region"] if row["region"] in listed else columns.OTHER) == region
                ]
                customers = _sum(there, "customers")
                out.append(
                    {
                        "day": end.day, "label": label, "region": region, "unfinished": not end.finished,
                        "whole": end.whole, "customers": customers, "of_customers": size,
                        "net_revenue": _sum(there, "net_revenue"),
                        "share": customers / size if size >= inputs.settings.min_n else None,
                    }
                )  # fmt: skip
    sql, last = _evidence(inputs, found, params)
    return inputs.computed(
        "regions", Text("各期末各分群的地区构成", "Regions of the segments at period ends"), columns.regions(vocabulary),
        ("day", "label", "region"), out, method="segment_trend.run", sql=sql, **last,
        note=Text("首单地区；占该分群的客户", "region of the first order; share of the segment's customers"),
    )  # fmt: skip


def _evidence(inputs: Inputs, found: Found, params: Params) -> tuple[str | None, dict[str, Any]]:
    """The query of the last end; the others are the same at their days."""
    if not found:
        return None, {}
    view = inputs.segment(params.segmentation, inputs.as_of)
    return END_SQL.format(view=view), {"from_day": window_start(inputs.as_of, params.window_months)}


def _sum(rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    return sum((row[name] for row in rows), start=0)


def _figures(shares: Table) -> tuple[Figure, ...]:
    if not len(shares.rows):
        return ()
    title = Text("各期末各分群的客户占比", "Share of customers by segment at period ends")
    return (Figure("shares", "line", title, "shares", "day", ("share",), series="label", hatch="unfinished"),)


ANALYSIS = Analysis(
    name="segment_trend",
    title=Text("分群占比的变化", "Segments over time"),
    question=Text(
        "最近八个期末，各分群的人数、金额和地区占比怎样变化？",
        "How did the shares of the segments by customers, money and region change over the last eight period ends?",
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    uses=("business_kind", "rfm"),
    order=55,
)
