"""Churn and retention by period and by segment at the start of the period, with change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from keguan.analyses.retention.horizon import ORDER_DAYS
from keguan.analysis import Inputs
from keguan.core.period import add_months
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Column, Table
from keguan.schema.vocabulary import UNKNOWN

PERIODS = 8
WILSON = Text("Wilson 95% 区间", "Wilson 95% interval")
NEWCOMBE = Text("Newcombe 95% 区间", "Newcombe 95% interval")

# Orders and money by bin of one horizon, counted back from $until; an order in bin n and none in n - 1 is lost.
PERIODS_SQL = f"""
WITH {ORDER_DAYS}, bins AS (
  SELECT account_no, CAST(floor(CAST(date_diff('day', day, $until) AS DOUBLE) / $horizon) AS INTEGER) AS bin
  FROM order_days
  GROUP BY account_no, CAST(floor(CAST(date_diff('day', day, $until) AS DOUBLE) / $horizon) AS INTEGER)
), money AS (
  SELECT account_no, CAST(floor(CAST(date_diff('day', day, $until) AS DOUBLE) / $horizon) AS INTEGER) AS bin,
         sum(gross - returns) AS net
  FROM purchases WHERE account_no IS NOT NULL AND day <= $until
  GROUP BY account_no, CAST(floor(CAST(date_diff('day', day, $until) AS DOUBLE) / $horizon) AS INTEGER)
), steps AS (
  SELECT b.account_no, b.bin, m.net,
         lag(b.bin) OVER (PARTITION BY b.account_no ORDER BY b.bin) AS later
  FROM bins b LEFT JOIN money m ON m.account_no = b.account_no AND m.bin = b.bin
)
SELECT bin, count(*) AS base,
       sum(CASE WHEN later = bin - 1 THEN 0 ELSE 1 END) AS lost,
       sum(net) AS base_net,
       sum(CASE WHEN later = bin - 1 THEN 0 ELSE net END) AS lost_net
FROM steps
WHERE bin BETWEEN 1 AND $periods AND (bin + 1) * $horizon <= $days
GROUP BY bin ORDER BY bin DESC
"""
BASE = Text("期初前一个期限内有下单", "with an order in the horizon before")
BH = Text("Benjamini-Hochberg，与变化的检验一起校正", "Benjamini-Hochberg, together with the tests of change")
# The vocabulary of each segmentation's classes; channels and regions are words of the data.
SEGMENT_TERMS = {"abc_class": "abc_class", "rfm": "rfm_class", "lifecycle": "lifecycle_state"}
PERIOD_COLUMNS = (
    Column("snapshot", Text("期初", "Start"), "date", role="key"),
    Column("until", Text("期末", "End"), "date"),
    Column("base", Text("期初客户", "Customers at the start"), "count", note=BASE),
    Column("lost", Text("期内未再下单", "No order since"), "count"),
    Column("rate", Text("流失率", "Churn rate"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=WILSON),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("retention", Text("留存率", "Retention rate"), "share"),
    Column("base_net", Text("期初客户此前的净销售额", "Their net revenue before"), "money"),
    Column("lost_net", Text("其中未再下单者", "Of it those without an order since"), "money"),
)  # fmt: skip
CHANGE_COLUMNS = (
    Column("against", Text("对比", "Against"), "label", role="key", vocabulary="churn_against"),
    Column("rate", Text("本期流失率", "Churn rate"), "share"),
    Column("before", Text("对比期流失率", "Compared with"), "share"),
    Column("n", Text("本期客户", "Customers"), "count"),
    Column("before_n", Text("对比期客户", "Customers compared"), "count"),
    Column("difference", Text("变化", "Change"), "points"),
    Column("low", Text("区间下限", "Interval from"), "points", role="low", note=NEWCOMBE),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Column("q", Text("校正后的 p", "Corrected p"), "number", 4, note=Text("Benjamini-Hochberg", "Benjamini-Hochberg")),
)  # fmt: skip
SEGMENT_COLUMNS = (
    Column("dimension", Text("维度", "By"), "label", role="key", vocabulary="churn_dimension"),
    Column("segment", Text("期初的分层", "Segment at the start"), "label", role="key", vocabulary="unknown"),
    Column("base", Text("期初客户", "Customers at the start"), "count"),
    Column("lost", Text("期内未再下单", "No order since"), "count"),
    Column("rate", Text("流失率", "Churn rate"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=WILSON),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("rest", Text("其余客户", "The rest"), "share"),
    Column("difference", Text("与其余之差", "Difference"), "points"),
    Column("q", Text("校正后的 p", "Corrected p"), "number", 4, note=BH),
    Column("before_base", Text("上期客户", "Customers of the period before"), "count"),
    Column("before", Text("上期流失率", "Churn rate before"), "share"),
    Column("change", Text("变化", "Change"), "points"),
    Column("change_q", Text("变化：校正后的 p", "Change: corrected p"), "number", 4),
)  # fmt: skip


def period_table(inputs: Inputs, horizon: int, days: int) -> Table:
    """The last periods of one horizon each, oldest first."""
    bound: dict[str, Any] = {"until": inputs.as_of, "horizon": horizon, "days": days, "periods": PERIODS}
    rows = [_period(row, inputs, horizon) for row in inputs.query(PERIODS_SQL, **bound).to_pylist()]
    return inputs.computed(
        "periods", Text("各期的流失与留存", "Churn and retention by period"), PERIOD_COLUMNS, ("snapshot",), rows,
        method="retention.period_table", sql=PERIODS_SQL, **bound,
    )  # fmt: skip


def _period(row: Mapping[str, Any], inputs: Inputs, horizon: int) -> dict[str, Any]:
    snapshot = inputs.as_of - timedelta(days=int(row["bin"]) * horizon)
    return {
        "snapshot": snapshot, "until": snapshot + timedelta(days=horizon),
        "base_net": row["base_net"], "lost_net": row["lost_net"],
        **rated(int(row["lost"]), int(row["base"]), inputs.settings.min_n),
    }  # fmt: skip


def rated(lost: int, base: int, min_n: int) -> dict[str, Any]:
    """Counts, rate, Wilson interval and retention; rates withheld under the smallest n."""
    ends = wilson(lost, base) if base >= min_n else None
    return {
        "base": base, "lost": lost, "rate": lost / base if ends else None,
        "low": ends.low if ends else None, "high": ends.high if ends else None,
        "retention": 1 - lost / base if ends else None,
    }  # fmt: skip


def change_table(inputs: Inputs, periods: Table, horizon: int, days: int) -> Table:
    """The last period against the one before, and against the same days a year earlier where there are any."""
    min_n = inputs.settings.min_n
    found = [row for row in periods if row["rate"] is not None]
    now = found[-1] if found else None
    compared: list[tuple[str, int, int]] = []
    if now is not None and now["until"] == inputs.as_of:
        if len(found) > 1 and found[-2]["until"] == now["snapshot"]:
            compared.append(("previous", found[-2]["lost"], found[-2]["base"]))
        year_ago = add_months(inputs.as_of, -12)
        bound: dict[str, Any] = {
            "until": year_ago, "horizon": horizon, "days": days - (inputs.as_of - year_ago).days, "periods": 1,
        }  # fmt: skip
        for row in inputs.query(PERIODS_SQL, **bound).to_pylist():
            if int(row["base"]) >= min_n:
                compared.append(("last_year", int(row["lost"]), int(row["base"])))
    qs = benjamini_hochberg(
        [two_proportions(now["lost"], now["base"], x, n) for _, x, n in compared] if now else []
    )
    rows = []
    for (against, lost, base), q in zip(compared, qs, strict=True):
        assert now is not None
        ends = newcombe(now["lost"], now["base"], lost, base)
        rows.append(
            {
                "against": against, "rate": now["rate"], "before": lost / base, "n": now["base"], "before_n": base,
                "difference": now["rate"] - lost / base, "low": ends.low if ends else None,
                "high": ends.high if ends else None, "q": q,
            }
        )  # fmt: skip
    return inputs.computed(
        "changes", Text("流失率的变化", "Change of the churn rate"), CHANGE_COLUMNS, ("against",), rows,
        method="retention.change_table", inputs=("periods",),
    )  # fmt: skip


def segments_sql(segment: str) -> str:
    """Base and lost by the segment that each customer had at $snapshot, and by channel and region."""
    return f"""
WITH {ORDER_DAYS}, base AS (
  SELECT account_no, max(CASE WHEN day > $snapshot THEN 1 ELSE 0 END) AS stayed
  FROM order_days WHERE day > $from_day
  GROUP BY account_no
  HAVING min(day) <= $snapshot
), seen AS (
  SELECT b.account_no, 1 - b.stayed AS lost, coalesce(s.label, '{UNKNOWN}') AS label,
         coalesce(f.first_channel, '{UNKNOWN}') AS channel, coalesce(f.first_region, '{UNKNOWN}') AS region
  FROM base b
  LEFT JOIN {segment} s ON s.account_no = b.account_no
  LEFT JOIN customer_facts f ON f.account_no = b.account_no
), long AS (
  SELECT 'segment' AS dimension, label AS segment, lost FROM seen
  UNION ALL SELECT 'channel', channel, lost FROM seen
  UNION ALL SELECT 'region', region, lost FROM seen
)
SELECT dimension, segment, count(*) AS base, CAST(sum(lost) AS BIGINT) AS lost
FROM long GROUP BY dimension, segment ORDER BY dimension, segment
"""


def segment_table(inputs: Inputs, segmentation: str, horizon: int, days: int) -> Table:
    """Rates by segment at the start of the last period, against the rest and against the period before."""
    now = _segments(inputs, segmentation, inputs.as_of, horizon, days)
    before = _segments(inputs, segmentation, inputs.as_of - timedelta(days=horizon), horizon, days - horizon)
    min_n = inputs.settings.min_n
    rows: list[dict[str, Any]] = []
    tests: list[tuple[dict[str, Any], str, float]] = []
    for (dimension, segment), (lost, base) in sorted(now.items()):
        others = [pair for (d, s), pair in now.items() if d == dimension and s != segment]
        rest_lost, rest = sum(x for x, _ in others), sum(n for _, n in others)
        earlier_lost, earlier = before.get((dimension, segment), (0, 0))
        row: dict[str, Any] = dict.fromkeys(column.name for column in SEGMENT_COLUMNS)
        row |= {name: value for name, value in rated(lost, base, min_n).items() if name != "retention"}
        row |= {"dimension": dimension, "segment": segment, "before_base": earlier}
        if base >= min_n and rest >= min_n:
            row |= {"rest": rest_lost / rest, "difference": lost / base - rest_lost / rest}
            tests.append((row, "q", two_proportions(lost, base, rest_lost, rest)))
        if base >= min_n and earlier >= min_n:
            row |= {"before": earlier_lost / earlier, "change": lost / base - earlier_lost / earlier}
            tests.append((row, "change_q", two_proportions(lost, base, earlier_lost, earlier)))
        rows.append(row)
    for (row, name, _), q in zip(tests, benjamini_hochberg([p for _, _, p in tests]), strict=True):
        row[name] = q
    columns = [
        replace(column, vocabulary=SEGMENT_TERMS[segmentation]) if column.name == "segment" else column
        for column in SEGMENT_COLUMNS
    ]
    return inputs.computed(
        "segments", Text("各分层的流失率", "Churn rate by segment"), columns, ("dimension", "segment"), rows,
        method="retention.segment_table", sql=segments_sql(inputs.segment(segmentation, _start(inputs, horizon))),
        until=inputs.as_of, snapshot=_start(inputs, horizon), from_day=inputs.as_of - timedelta(days=2 * horizon),
    )  # fmt: skip


def _start(inputs: Inputs, horizon: int) -> date:
    return inputs.as_of - timedelta(days=horizon)


def _segments(
    inputs: Inputs, segmentation: str, until: date, horizon: int, days: int
) -> dict[tuple[str, str], tuple[int, int]]:
    """(dimension, segment) -> (lost, base) of the period that ends with `until`."""
    if days < 2 * horizon:
        return {}
    snapshot = until - timedelta(days=horizon)
    sql = segments_sql(inputs.segment(segmentation, snapshot))
    rows = inputs.query(sql, until=until, snapshot=snapshot, from_day=snapshot - timedelta(days=horizon))
    return {(r["dimension"], r["segment"]): (int(r["lost"]), int(r["base"])) for r in rows.to_pylist()}
