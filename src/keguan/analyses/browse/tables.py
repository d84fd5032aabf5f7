"""The tables: pages, products, ways, engagement, pages by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analyses.browse.columns import (
    CONTRAST_COLUMNS,
    ENGAGEMENT_COLUMNS,
    PAGE_COLUMNS,
    PAGE_GROUP_COLUMNS,
    PRODUCT_COLUMNS,
    WAY_COLUMNS,
)
from keguan.analyses.browse.contrasts import against, corrected_rows, rate_of
from keguan.analyses.browse.params import Params
from keguan.analyses.browse.queries import engagement_sql, page_groups_sql, pages_sql, products_sql, ways_sql
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.marts.event_goals import EventNames
from keguan.marts.step_names import BY_WORDS, normal
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

MOST_VALUES = 12  # of a dimension
MOST_PAGES = 10  # compared between groups
EVERYBODY = "全部"
WILSON = "evidence.statistics.wilson"


def dimensions_of(inputs: Inputs, segments: str | None) -> dict[str, str]:
    """Name of each dimension -> SQL of its value over `event_sessions s`."""
    found = {
        name: f"coalesce(s.{name}, '{UNKNOWN}')"
        for name in ("device", "traffic_source")
        if inputs.has_values("events", name)
    }
    return found | ({"segment": f"coalesce(g.label, '{UNKNOWN}')"} if segments else {})


def page_table(inputs: Inputs, names: EventNames, params: Params, sessions: int) -> Table:
    """The most seen pages."""
    sql, min_n = pages_sql(names.goal_mask), inputs.settings.min_n
    found = inputs.query(sql, top=params.top, session_minutes=params.session_minutes).to_pylist()
    rows = [
        {
            "page": row["page"], "views": row["views"], "sessions": row["sessions"],
            "share": row["sessions"] / sessions if sessions >= min_n else None,
            "dwell": row["dwell"] if row["timed"] >= min_n else None,
            "converted": row["converted"] if names.goal else None,
            **(rate_of(row["converted"], row["sessions"], min_n) if names.goal else dict.fromkeys(("rate", "low", "high"))),
        }
        for row in found
    ]  # fmt: skip
    return inputs.computed(
        "pages", Text("最多人看的页面", "Most seen pages"), PAGE_COLUMNS, ("page",), rows, method=WILSON, sql=sql,
        top=params.top, session_minutes=params.session_minutes,
    )  # fmt: skip


def product_table(inputs: Inputs, names: EventNames, params: Params, sessions: int) -> Table:
    """The most seen products, with carts and purchases of the same session."""
    sql, min_n = products_sql(names.of_kind("cart"), names.goal), inputs.settings.min_n
    found = inputs.query(sql, top=params.top, session_minutes=params.session_minutes).to_pylist()
    named = _names_products(inputs, names)
    rows = [
        {
            **row, "share": row["sessions"] / sessions if sessions >= min_n else None,
            **(rate_of(row["converted"], row["sessions"], min_n) if named else dict.fromkeys(("rate", "low", "high"))),
            "converted": row["converted"] if named else None,
        }
        for row in found
    ]  # fmt: skip
    return inputs.computed(
        "products", Text("最多人看的商品", "Most seen products"), PRODUCT_COLUMNS, ("product_id",), rows, method=WILSON,
        sql=sql, top=params.top, session_minutes=params.session_minutes,
        note=Text(
            "购买只算同一会话里带有该商品编号的转化事件", "purchases are conversions of the same session that name the product"
        ),
    )  # fmt: skip


def _names_products(inputs: Inputs, names: EventNames) -> bool:
    """Whether any conversion says which product it was of."""
    listed = ", ".join(quoted(name) for name in names.goal)
    if not listed:
        return False
    return (
        len(
            inputs.query(
                f"SELECT 1 AS one FROM events WHERE product_id IS NOT NULL AND name IN ({listed}) LIMIT 1"
            )
        )
        > 0
    )


def way_tables(inputs: Inputs, names: EventNames, params: Params) -> list[Table]:
    """Search against categories; nothing where the data tell neither apart."""
    found = names.of_kind("search")
    words = tuple(name for name in found if normal(name) in BY_WORDS)
    lists = tuple(name for name in found if name not in words)
    if not words or not lists or not names.goal:
        return []
    sql, min_n = ways_sql(names.mask(*words), names.mask(*lists), names.goal_mask), inputs.settings.min_n
    told = {row["way"]: row for row in inputs.query(sql, session_minutes=params.session_minutes).to_pylist()}
    total = sum(row["sessions"] for row in told.values())
    rows = [
        {
            "way": way, "sessions": row["sessions"], "share": row["sessions"] / total if total >= min_n else None,
            "converted": row["converted"], **rate_of(row["converted"], row["sessions"], min_n),
        }
        for way, row in ((way, told.get(way)) for way in ("search", "category", "both", "neither"))
        if row is not None
    ]  # fmt: skip
    listed = " | ".join(words), " | ".join(lists)
    ways = inputs.computed(
        "ways", Text("搜索与类目", "Search and categories"), WAY_COLUMNS, ("way",), rows, method=WILSON, sql=sql,
        session_minutes=params.session_minutes,
        note=Text(f"搜索：{listed[0]}；类目：{listed[1]}", f"search: {listed[0]}; categories: {listed[1]}"),
    )  # fmt: skip
    return [ways, _contrast(inputs, {row["way"]: row for row in rows}, min_n)]


def _contrast(inputs: Inputs, ways: Mapping[str, Mapping[str, Any]], min_n: int) -> Table:
    one, other = ways.get("search"), ways.get("category")
    rows = []
    if one and other and min(one["sessions"], other["sessions"]) >= min_n:
        compared = against(one["converted"], one["sessions"], other["converted"], other["sessions"], min_n)
        rows = [{"way": "search", "against": "category", "rate": one["rate"], **compared}]
    return inputs.computed(
        "way_difference", Text("只搜索与只看类目的转化率之差", "Conversion of search only less that of categories only"),
        CONTRAST_COLUMNS, ("way", "against"), rows, method="evidence.statistics.newcombe", inputs=("ways",),
    )  # fmt: skip


def engagement_table(inputs: Inputs, params: Params, segments: str | None) -> Table:
    """How much sessions do, for everybody and by group."""
    dimensions = {EVERYBODY: f"'{EVERYBODY}'"} | dimensions_of(inputs, segments)
    sql, min_n = engagement_sql(dimensions, segments), inputs.settings.min_n
    found = _largest(inputs.query(sql, session_minutes=params.session_minutes).to_pylist())
    sizes = Counter[str]()
    singles = Counter[str]()
    for row in found:
        sizes[row["dimension"]] += row["sessions"]
        singles[row["dimension"]] += row["single"]
    rows = []
    for row in found:
        size, single, whole = row["sessions"], row["single"], row["dimension"]
        rows.append(
            {
                "dimension": whole, "value": row["value"], "sessions": size, "single": single,
                "events": row["events"] / size if size >= min_n else None,
                "minutes": row["minutes"] if size >= min_n else None,
                "dwell": row["dwell"] if row["timed"] >= min_n else None,
                **rate_of(single, size, min_n),
                **against(single, size, singles[whole] - single, sizes[whole] - size, min_n),
            }
        )  # fmt: skip
    return inputs.computed(
        "engagement", Text("会话的投入程度", "How much sessions do"), ENGAGEMENT_COLUMNS, ("dimension", "value"),
        corrected_rows(rows), method="evidence.statistics.two_proportions", sql=sql,
        session_minutes=params.session_minutes,
    )  # fmt: skip


def _largest(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each dimension the values with the most sessions."""
    kept: list[dict[str, Any]] = []
    for name in dict.fromkeys(row["dimension"] for row in found):
        mine = [row for row in found if row["dimension"] == name]
        kept += sorted(mine, key=lambda row: (-row["sessions"], row["value"]))[:MOST_VALUES]
    return kept


def page_group_table(
    inputs: Inputs, params: Params, segments: str | None, pages: Sequence[str], engagement: Table
) -> Table | None:
    """Whether groups see the same pages; None where there are no groups or pages."""
    dimensions = dimensions_of(inputs, segments)
    sizes = {
        (row["dimension"], row["value"]): row["sessions"]
        for row in engagement
        if row["dimension"] != EVERYBODY
    }
    if not dimensions or not pages or not sizes:
        return None
    sql, min_n = page_groups_sql(pages[:MOST_PAGES], dimensions, segments), inputs.settings.min_n
    found = inputs.query(sql, session_minutes=params.session_minutes).to_pylist()
    seen = {(row["dimension"], row["value"], row["page"]): row["sessions"] for row in found}
    rows = []
    for page in pages[:MOST_PAGES]:
        for (dimension, value), size in sizes.items():
            part = seen.get((dimension, value, page), 0)
            rest = sum(n for (name, _), n in sizes.items() if name == dimension) - size
            others = sum(seen.get((dimension, v, page), 0) for (name, v) in sizes if name == dimension) - part
            rows.append(
                {
                    "page": page, "dimension": dimension, "value": value, "sessions": part, "of": size,
                    **rate_of(part, size, min_n), **against(part, size, others, rest, min_n),
                }
            )  # fmt: skip
    return inputs.computed(
        "page_groups", Text("各组看的页面", "Pages by group"), PAGE_GROUP_COLUMNS, ("page", "dimension", "value"),
        corrected_rows(rows), method="evidence.statistics.two_proportions", sql=sql,
        session_minutes=params.session_minutes,
    )  # fmt: skip
