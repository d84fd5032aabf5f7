"""What are customers interested in, and who responds to promotions, prices and new products?

Method: each sensitivity is a share per customer over the last 12 months: orders with a discount or coupon; lines paid
below 95 % of the reference price; lines of the lowest third of prices of their category; lines of products new
within 60 days; spans of 30 days with an order or visit. A customer's share is shrunk to that of all by the
beta-binomial model (strength by moments), and is high or low when its odds are 1.5 times, or less than 1/1.5 of,
those of the base, with at least three trials. Segments are compared by their pooled shares, customers as the unit
drawn (bootstrap; log ratio over its standard error; Benjamini-Hochberg): not by shrunk scores, which lie nearer to
the base the less a customer bought. Interest is the share of a category in spend, compared in the same way.

Source: Kleinman (1973); Efron and Tibshirani (1993); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keguan.analyses.interests.categories import (
    categories_table,
    category_segments_table,
    favourite,
    segments_sql,
)
from keguan.analyses.interests.claims import TEXT, interest_claims
from keguan.analyses.interests.notes import interest_notes
from keguan.analyses.interests.params import Params
from keguan.analyses.interests.scores import (
    Found,
    bases,
    levels_table,
    score_relations,
    score_sums,
    scores_table,
    segment_table,
    sums_sql,
)
from keguan.analyses.interests.trials import Told
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.marts.metrics import FIRST_DAY_SQL
from keguan.marts.segmentations import OWNERS, SEGMENTATIONS
from keguan.result import Column, Figure, Result, Table
from keguan.schema.vocabulary import VOCABULARIES


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: categories, category_segments, scores, levels, by_segment; a relation for each score."""
    told = _told(inputs)
    bound = _bound(inputs, params)
    view = inputs.segment(params.segmentation)
    sums, shares = sums_sql(told, view), segments_sql(view)
    found = score_sums(inputs, sums, bound)
    base = bases(found, inputs.settings.min_n)
    column, names = _segments(params, found)
    categories = categories_table(inputs, bound)
    tables: tuple[Table, ...] = (
        categories,
        category_segments_table(inputs, categories, column, names, shares, bound),
        scores_table(inputs, found, base, sums, bound),
        levels_table(inputs, told, base, bound),
        segment_table(inputs, found, column, names, sums, bound),
    )
    tables = tuple(replace(t, appendix=t.id == "category_segments" or not len(t.rows)) for t in tables)
    result = Result("interests", tables=tables)
    return Result(
        "interests",
        tables=tables,
        figures=_figures(result),
        claims=interest_claims(result, params),
        relations=(
            *score_relations(told, base, bound),
            *((favourite(bound),) if told.categories and len(categories.rows) else ()),
        ),
        notes=interest_notes(inputs, told, found, base),
    )


def _told(inputs: Inputs) -> Told:
    return Told(
        products=inputs.has_values("order_lines", "product_id"),
        prices=inputs.has_values("order_lines", "quantity"),
        categories=inputs.has_values("products", "category"),
        line_discounts=inputs.has_values("order_lines", "discount"),
        order_discounts=inputs.has_values("orders", "discount") or inputs.has_values("orders", "coupon"),
        visits=inputs.has_values("events", "account_no"),
    )


def _bound(inputs: Inputs, params: Params) -> dict[str, Any]:
    first = inputs.query(FIRST_DAY_SQL).to_pylist()[0]["day"]
    return {
        "from_day": window_start(inputs.as_of, params.window_months),
        "data_start": first or inputs.as_of,
        "new_days": params.new_days,
        "below": params.below,
        "odds": params.odds,
        "least": params.least,
        "categories": params.categories,
        "min_n": inputs.settings.min_n,
    }


def _segments(params: Params, found: Found) -> tuple[Column, Sequence[str]]:
    """The column of segments, and those that occur in the order of their vocabulary."""
    vocabulary = SEGMENTATIONS[params.segmentation].vocabulary
    terms = list(VOCABULARIES[vocabulary])
    names = {name for segments in found.values() for name in segments}
    column = Column("segment", Text("分群", "Segment"), "label", role="key", vocabulary=vocabulary)
    return column, sorted(names, key=lambda name: (terms.index(name) if name in terms else len(terms), name))


def _figures(result: Result) -> tuple[Figure, ...]:
    figures = []
    if len(result.table("categories").rows) > 1:
        title = Text("各类目：占客户与占销售额", "Categories: share of customers and of sales")
        figures.append(
            Figure("categories", "bar", title, "categories", "category", ("customer_share", "share"))
        )
    if any(row["share"] is not None for row in result.table("by_segment")):
        title = Text("各分群的偏好与敏感度（占比）", "Preferences by segment (shares)")
        figures.append(
            Figure("by_segment", "heatmap", title, "by_segment", "score", ("share",), series="segment")
        )
    return tuple(figure for figure in figures if _drawable(result, figure))


def _drawable(result: Result, figure: Figure) -> bool:
    return any(row[figure.y[0]] is not None for row in result.table(figure.table))


ANALYSIS = Analysis(
    name="interests",
    title=Text("兴趣与敏感度", "Interests and sensitivities"),
    question=Text(
        "客户对哪些类目感兴趣，谁对优惠、价格和新品敏感？",
        "Which categories interest customers, and who responds to promotions, prices and new products?",
    ),
    section="profile",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "orders", "products", "events", "purchases", "customer_facts"),
    uses=OWNERS,
    order=30,
)
