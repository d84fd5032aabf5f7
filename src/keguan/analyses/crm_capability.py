"""How capable is the company of identifying its customers, interacting with them and knowing them, by its own data?

Method: a scored sheet. Each item is a share read from the tables; its score follows one rule for all: 5 points from
95 %, 4 from 80 %, 3 from 60 %, 2 from 40 %, 1 from 20 %, else 0. Where there is nothing to measure the item has 0
points and says so: what is not recorded is not shown to be there. Totals are the sums of the items shown.

Source: dimensions of customer knowledge and interaction capability after Jayachandran et al. (2005) and Wang and Feng
(2012); items and cuts are our own convention, stated here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.result import Cell, Claim, Column, Figure, Note, Result

CUTS = ((0.95, 5), (0.8, 4), (0.6, 3), (0.4, 2), (0.2, 1))
BEST = 5
AREAS = ("identification", "interaction", "knowledge")


@dataclass(frozen=True)
class Params:
    """The months in which interaction is looked at."""

    window_months: int = param(12, "互动与反馈看近几个月", "months in which interaction is looked at")


_BUYERS = """
  SELECT account_no FROM purchases WHERE account_no IS NOT NULL AND day >= $from_day
  GROUP BY account_no HAVING sum(orders) > 0"""


def _reached(table: str, only: str = "1 = 1") -> str:
    """Of the customers with an order in the window, those with a row of a table in it."""
    return f"""
SELECT count(*) AS base, coalesce(sum(CASE WHEN r.account_no IS NULL THEN 0 ELSE 1 END), 0) AS hit
FROM ({_BUYERS}) b
LEFT JOIN (SELECT account_no FROM {table} WHERE account_no IS NOT NULL AND {only} GROUP BY account_no) r
  ON r.account_no = b.account_no"""


def _rows(table: str, hit: str, only: str = "1 = 1") -> str:
    """Of the rows of a table those for which something holds."""
    return f"SELECT count(*) AS base, coalesce(sum(CASE WHEN {hit} THEN 1 ELSE 0 END), 0) AS hit FROM {table} WHERE {only}"


_DATED = "day >= $from_day"
_TO_SOLVE = "kind IN ('complaint', 'enquiry', 'suggestion') AND day >= $from_day"
# Area, item, SQL of (base, hit). Wordings are terms of the vocabulary crm_item.
ITEMS = (
    ("identification", "orders_identified", _rows("orders", "account_no IS NOT NULL", _DATED)),
    ("identification", "buyers_on_file", _reached("customers")),
    ("identification", "records_named", _rows("customers", "name IS NOT NULL")),
    ("identification", "records_placed", _rows("customers", "province IS NOT NULL OR city IS NOT NULL OR country IS NOT NULL")),
    ("identification", "records_owned", _rows("customers", "owner IS NOT NULL")),
    ("identification", "events_identified", _rows("events", "account_no IS NOT NULL", _DATED)),
    ("interaction", "buyers_contacted", _reached("contacts", _DATED)),
    ("interaction", "contacts_answered", _rows("contacts", "outcome IS NOT NULL", _DATED)),
    ("interaction", "issues_solved", _rows("feedback", "resolved_on IS NOT NULL OR status = 'solved'", _TO_SOLVE)),
    ("interaction", "issues_handled", _rows("feedback", "unit IS NOT NULL OR representative IS NOT NULL", _TO_SOLVE)),
    ("interaction", "buyers_consented", _reached("consents")),
    ("knowledge", "buyers_heard", _reached("feedback", _DATED)),
    ("knowledge", "costs_known", _rows("order_lines", "cost IS NOT NULL", f"movement = 'purchase' AND {_DATED}")),
    ("knowledge", "products_filed", _rows("products", "category IS NOT NULL")),
    ("knowledge", "origin_known", _rows("customers", "acquired_channel IS NOT NULL")),
    ("knowledge", "losses_explained", _rows("leads", "lost_reason IS NOT NULL", "stage IN ('lost', '输单', '丢单', '失败')")),
    ("knowledge", "campaigns_controlled", """
SELECT count(*) AS base, coalesce(sum(control), 0) AS hit FROM (
  SELECT campaign_id, max(CASE WHEN lower(arm) IN ('control', '对照', '对照组') THEN 1 ELSE 0 END) AS control
  FROM campaign_members GROUP BY campaign_id) m"""),
)  # fmt: skip

_RULE = Text(
    "95% 起 5 分，80% 4 分，60% 3 分，40% 2 分，20% 1 分",
    "5 from 95%, 4 from 80%, 3 from 60%, 2 from 40%, 1 from 20%",
)
ITEM_COLUMNS = (
    Column("area", Text("能力", "Capability"), "label", role="key", vocabulary="crm_area"),
    Column("item", Text("项目", "Item"), "label", role="key", vocabulary="crm_item"),
    Column("hit", Text("符合", "Met by"), "count"),
    Column("base", Text("总数", "Of"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("score", Text("得分", "Score"), "count", note=_RULE),
    Column("best", Text("满分", "Best"), "count"),
    Column("evidence", Text("依据", "Evidence"), "label", vocabulary="crm_evidence"),
)  # fmt: skip
AREA_COLUMNS = (
    Column("area", Text("能力", "Capability"), "label", role="key", vocabulary="crm_area"),
    Column("items", Text("项目数", "Items"), "count"),
    Column("score", Text("得分", "Score"), "count", note=Text("所列项目得分之和", "sum of the items shown")),
    Column("best", Text("满分", "Best"), "count"),
    Column("unmeasured", Text("没有数据的项目", "Items without data"), "count"),
)
BASE = Text("评分项目", "items of the sheet")
TEXT: Mapping[str, Text] = {
    "total": Text(
        "按本企业的数据，客户管理能力得 {score} 分，满分 {best}：识别 {identification}、互动 {interaction}、知识 {knowledge}；"
        "{unmeasured} 项没有数据，计 0 分（n={n}，{base}）。",
        "By its data the company scores {score} of {best}: identification {identification}, interaction {interaction}, "
        "knowledge {knowledge}; {unmeasured} items have no data and count 0 (n={n}, {base}).",
    ),
}  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: items (evidence and score of each), areas (sums)."""
    sql = "\nUNION ALL\n".join(
        f"SELECT {place} AS place, '{area}' AS area, '{item}' AS item, base, hit FROM ({text.strip()}) i{place}"
        for place, (area, item, text) in enumerate(ITEMS)
    )
    sql = f"SELECT place, area, item, base, hit FROM (\n{sql}\n) items ORDER BY place"
    since = window_start(inputs.as_of, params.window_months)
    rows = [_scored(row) for row in inputs.query(sql, from_day=since).to_pylist()]
    if not any(row["base"] for row in rows):
        return Result(
            "crm_capability", notes=(Note(Text("没有任何数据可评", "There are no data to score"), "missing"),)
        )
    items = inputs.computed("items", Text("能力评分表", "Scored sheet"), ITEM_COLUMNS, ("area", "item"), rows,
                            method="crm_capability.run", sql=sql, from_day=since)  # fmt: skip
    areas = inputs.computed("areas", Text("各项能力合计", "Totals"), AREA_COLUMNS, ("area",), _areas(rows),
                            method="crm_capability.run", inputs=("items",))  # fmt: skip
    result = Result("crm_capability", tables=(areas, items))
    figure = Figure(
        "areas", "bar", Text("三项能力的得分", "Score by capability"), "areas", "area", ("score", "best")
    )
    return replace(result, figures=(figure,), claims=tuple(_claims(result, len(rows))), notes=(_CONVENTION,))


def score(hit: int, base: int) -> int:
    """Points of a share by the stated cuts; nothing to measure is 0."""
    return next((points for cut, points in CUTS if base and hit / base >= cut), 0)


def _scored(row: Mapping[str, Any]) -> dict[str, Any]:
    base, hit = int(row["base"]), int(row["hit"])
    return {
        "area": row["area"], "item": row["item"], "hit": hit, "base": base, "share": hit / base if base else None,
        "score": score(hit, base), "best": BEST, "evidence": "measured" if base else "no_data",
    }  # fmt: skip


def _areas(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    parts = [(area, [row for row in rows if row["area"] == area]) for area in AREAS]
    return [
        {
            "area": area, "items": len(own), "score": sum(row["score"] for row in own), "best": BEST * len(own),
            "unmeasured": sum(not row["base"] for row in own),
        }
        for area, own in (*parts, ("*", list(rows)))
    ]  # fmt: skip


def _claims(result: Result, items: int) -> Iterator[Claim]:
    whole = {"area": "*"}
    yield Claim(
        "total", "crm_capability/total",
        {
            **{name: Cell("areas", whole, name) for name in ("score", "best", "unmeasured")},
            **{area: Cell("areas", {"area": area}, "score") for area in AREAS},
        },
        items, BASE, topic="crm_capability", summary=False, figure="areas",
    )  # fmt: skip


_CONVENTION = Note(
    Text(
        "项目与分档是本产品的约定，用于同一企业前后对比；没有数据的项目计 0 分，因为无法证明",
        "Items and cuts are a convention, for comparing one company over time; an item without data counts 0, as nothing "
        "shows it",
    )
)

ANALYSIS = Analysis(
    name="crm_capability",
    title=Text("客户管理能力", "CRM capability"),
    question=Text(
        "从数据看，企业识别客户、与客户互动、了解客户的能力各有几分？",
        "By its data, how well does the company identify, interact with and know its customers?",
    ),
    section="appendix",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "orders", "order_lines", "purchases", "customers", "events", "contacts", "feedback", "consents", "products",
        "leads", "campaign_members",
    ),
    needs=(),
    order=70,
)  # fmt: skip
