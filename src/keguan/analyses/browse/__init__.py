"""Which pages and products are looked at, does search or the category lead to more purchases, and how long do visits stay?

Method: sessions as given, or parted by inactivity; an event sent twice counts once. Pages and products by sessions that saw them;
conversion of sessions that only search against those that only use categories (Newcombe interval, test of two
proportions); dwell time as logged; share of sessions of one event, and pages seen, of each group against the
others, corrected by Benjamini-Hochberg. Who searches differs in what it wants: none of this says that search sells.

Source: Wilson (1927); Newcombe (1998); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from dataclasses import replace

from keguan.analyses.browse.claims import TEXT, browse_claims, browse_notes
from keguan.analyses.browse.params import Params
from keguan.analyses.browse.tables import (
    engagement_table,
    page_group_table,
    page_table,
    product_table,
    way_tables,
)
from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.marts.event_goals import event_names
from keguan.marts.visitor_segments import segments_then, span
from keguan.result import Figure, Note, Result, Table

COUNT_SQL = "SELECT count(*) AS sessions FROM event_sessions"
APPENDIX = ("page_groups", "way_difference")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: pages, products, ways, way_difference, engagement, page_groups, as far as the events tell them."""
    if not inputs.has("events") or (days := span(inputs)) is None:
        return Result("browse", notes=(MISSING,))
    names = event_names(inputs, params.goal)
    sessions = int(inputs.query(COUNT_SQL, session_minutes=params.session_minutes).to_pylist()[0]["sessions"])
    segments = segments_then(inputs, days[0])
    engagement = engagement_table(inputs, params, segments)
    tables = [*way_tables(inputs, names, params), engagement]
    if inputs.has_values("events", "page"):
        pages = page_table(inputs, names, params, sessions)
        listed = [row["page"] for row in pages]
        grouped = page_group_table(inputs, params, segments, listed, engagement)
        tables = [pages, *tables, *([grouped] if grouped else [])]
    if inputs.has_values("events", "product_id"):
        tables.append(product_table(inputs, names, params, sessions))
    ready = tuple(replace(table, appendix=table.id in APPENDIX) for table in tables)
    result = Result("browse", tables=ready, figures=_figures(ready))
    min_n = inputs.settings.min_n
    notes = browse_notes(result, names, (days[1] - days[0]).days + 1, sessions, min_n)
    return replace(result, claims=browse_claims(result, sessions, min_n), notes=tuple(notes))


def _figures(tables: tuple[Table, ...]) -> tuple[Figure, ...]:
    filled = {table.id for table in tables if len(table.rows)}
    figures = (
        Figure("pages", "bar", Text("最多人看的页面", "Most seen pages"), "pages", "page", ("sessions",)),
        Figure("products", "bar", Text("最多人看的商品", "Most seen products"), "products", "product_id", ("sessions",)),
        Figure(
            "ways", "bar", Text("会话转化率，按找商品的方式", "Conversion by way of finding products"), "ways", "way",
            ("rate",), low="low", high="high",
        ),
    )  # fmt: skip
    return tuple(figure for figure in figures if figure.table in filled)


MISSING = Note(
    Text(
        "没有行为事件数据。导入网站或应用的事件（访客、时间、事件名、页面）后才有浏览分析",
        "There are no events. Import events of site or app (visitor, time, name of event, page) to see what is looked at",
    ),
    "missing",
)

ANALYSIS = Analysis(
    name="browse",
    title=Text("浏览", "Browsing"),
    question=Text(
        "哪些页面和商品最多人看，搜索与类目哪个转化多，访问停留多久？",
        "Which pages and products are looked at, does search or the category convert more, and how long do visits stay?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("events", "products"),
    needs=("events",),
    uses=("rfm",),
    order=62,
)
