"""What has changed since an earlier report, and is it new business or a correction of what was said then?

Method: a key figure as the earlier report printed it (before), the same figure of the same day computed from
today's data (restated), and the figure now. Now - before = (restated - before) + (now - restated): the first part is
what later files corrected, added or replaced in days that the earlier report covered, the second what the
days since then brought. The parts add up to the change, figure by figure. No test: these are sums, not samples.

Source: the bridge from restated figures, as accounts restate a prior period (IAS 8).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text
from keguan.marts.key_figures import KPIS_SQL
from keguan.result import Cell, Claim, Column, Note, Result, Table

# Figures of sales. Those of the import's books are of today whatever the day, and have no earlier state.
COMPARED = (
    "net_revenue", "gross_revenue", "returns", "orders", "purchases", "customers", "buyers", "avg_order_value",
    "guest_revenue", "guest_share",
)  # fmt: skip
PRINTED = {
    "changed": ("before", "now", "change", "moved", "restated"),
    "corrected": ("before", "restated_value", "restated"),
}
SAID = ("net_revenue", "orders", "customers", "returns")


@dataclass(frozen=True)
class Params:
    """The earlier report: its as-of date and what it printed. `keguan report --compare` fills both in."""

    since: str = param("", "上期报告的截至日", "as-of date of the earlier report")
    figures: str = param(
        "",
        "上期报告的关键指标，JSON：指标 → 值",
        "key figures of the earlier report, JSON: metric -> value",
    )


TEXT: Mapping[str, Text] = {
    "changed": Text(
        "自上期报告（截至 {since}）以来，{metric}由 {before} 变为 {now}，相差 {change}：之后的日期带来 {moved}，"
        "对以前日期的更正带来 {restated}（n={n}，{base}）。",
        "Since the last report (as of {since}) {metric} went from {before} to {now}, a difference of {change}: {moved} from "
        "the days since, {restated} from corrections of earlier days (n={n}, {base}).",
    ),
    "corrected": Text(
        "上期报告所载的{metric}是 {before}；按今天的数据，同一天应为 {restated_value}，相差 {restated}（n={n}，{base}）。",
        "The last report gave {metric} as {before}; by today's data it was {restated_value} on the same day, a difference of "
        "{restated} (n={n}, {base}).",
    ),
}
COLUMNS = (
    Column("metric", Text("指标", "Metric"), "label", role="key", vocabulary="metric"),
    Column("before", Text("上期报告所载", "As the last report said"), "number", unit_column="unit"),
    Column(
        "restated_value",
        Text("上期截至日，按今天的数据", "That day, by today's data"),
        "number",
        unit_column="unit",
    ),
    Column("now", Text("本期", "Now"), "number", unit_column="unit"),
    Column("change", Text("变化", "Change"), "number", unit_column="unit"),
    Column(
        "restated",
        Text("其中：以前日期的更正", "of it: corrections of earlier days"),
        "number",
        unit_column="unit",
        note=Text(
            "上期之后导入的文件改变、补充或替换了上期已经统计的日期",
            "files imported since then changed, added to or replaced days that the last report covered",
        ),
    ),
    Column("moved", Text("其中：之后的日期", "of it: the days since"), "number", unit_column="unit"),
    Column("unit", Text("单位", "Unit"), "text", role="note"),
)
SPAN_COLUMNS = (
    Column("name", Text("报告", "Report"), "label", role="key", vocabulary="compared_report"),
    Column("as_of", Text("截至日", "As of"), "date"),
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables figures and reports; a note when no earlier report is given."""
    if not params.since:
        note = Note(
            Text(
                "没有给出所比的上期报告",
                "No earlier report is given to compare with",
            ),
            "missing",
        )
        return Result("changes", notes=(note,))
    since, before = _since(params), _figures(params)
    if since > inputs.as_of:
        raise _wrong("since", params.since, f"<= {inputs.as_of}")
    least = inputs.settings.min_n
    now = inputs.query(KPIS_SQL, min_n=least).to_pylist()
    then = {row["metric"]: row["value"] for row in inputs.at(since).query(KPIS_SQL, min_n=least).to_pylist()}
    rows = [row for row in (_row(item, before, then) for item in now) if row]
    figures = inputs.computed(
        "figures", Text("与上期报告相比", "Against the last report"), COLUMNS, ("metric",), rows,
        method="changes.figures: now - before = corrections of earlier days + the days since", sql=KPIS_SQL, min_n=least,
        since=params.since,
    )  # fmt: skip
    reports = inputs.computed(
        "reports", Text("所比的两期", "The two reports"), SPAN_COLUMNS, ("name",),
        [{"name": "last", "as_of": since}, {"name": "this", "as_of": inputs.as_of}],
        method="changes.reports: the as-of dates",
    )  # fmt: skip
    return Result("changes", tables=(figures, reports), claims=tuple(_claims(figures)))


def _since(params: Params) -> date:
    try:
        return date.fromisoformat(params.since)
    except ValueError:
        raise _wrong("since", params.since, "2026-10-31") from None


def _figures(params: Params) -> dict[str, Decimal]:
    try:
        given = json.loads(params.figures or "{}", parse_float=Decimal, parse_int=Decimal)
        return {str(name): Decimal(value) for name, value in given.items() if value is not None}
    except (ValueError, TypeError, AttributeError, InvalidOperation, RecursionError):
        raise _wrong("figures", params.figures[:60], '{"orders": 36969}') from None


def _wrong(name: str, found: str, allowed: str) -> UsageError:
    return UsageError(
        Text("上期报告的参数不对", "The parameter of the last report is wrong"),
        Where(setting=f"changes.{name}"),
        found=found,
        allowed=Text(allowed, allowed),
        do=Text(
            "用 keguan report --compare 给出上期的 report.json",
            "give the last report.json to keguan report --compare",
        ),
    )


def _row(
    item: Mapping[str, Any], before: Mapping[str, Decimal], then: Mapping[str, str | None]
) -> dict[str, Any] | None:
    """One figure with its two parts, as texts in its unit; None where one of the three is missing."""
    metric, unit = item["metric"], item["unit"]
    that_day = then.get(metric)
    if metric not in COMPARED or metric not in before or that_day is None or item["value"] is None:
        return None
    was, restated, now = before[metric], Decimal(that_day), Decimal(item["value"])
    parts = {"change": now - was, "restated": restated - was, "moved": now - restated}
    values = {"before": was, "restated_value": restated, "now": now, **parts}
    return {"metric": metric, "unit": unit, **{name: f"{value:f}" for name, value in values.items()}}


def _claims(figures: Table) -> Iterator[Claim]:
    rows = {row["metric"]: row for row in figures}
    for metric in SAID:
        row = rows.get(metric)
        if row is None or not (row["change"] or row["restated"]):
            continue
        orders = rows.get("orders", row)

        def cell(name: str, metric: str = metric) -> Cell:
            return Cell("figures", {"metric": metric}, name)

        says = "changed" if row["change"] else "corrected"
        names = PRINTED[says]
        yield Claim(
            says=says,
            key=f"changes/{says}/{metric}",
            values={
                **{name: cell(name) for name in names},
                **({"since": Cell("reports", {"name": "last"}, "as_of")} if says == "changed" else {}),
            },
            labels={"metric": (metric, "metric")},
            n=int(orders["now"]),
            base=Text("有客户编号的订单", "orders with a customer id"),
            money=float(abs(row["change"])) if row["unit"] == "money" else 0.0,
            topic=f"since_last/{metric}",
            summary=metric == "net_revenue",
        )


ANALYSIS = Analysis(
    name="changes",
    title=Text("与上期报告相比", "Against the last report"),
    question=Text(
        "与上期报告相比，什么变了，是新的业务还是对旧数据的更正？",
        "What changed since the last report: new business, or corrections of earlier data?",
    ),
    section="data",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "loads", "order_lines"),
    order=5,
)
