"""What is bought, where, and what changed? Categories, regions and products by period; refund rates.

Method: totals of product lines (postage, fees and the like are left out here and only here). Growth of a region
or category against last year's same days, compared with all others (ratio of totals, customers as units;
Cochran 1977) and Benjamini-Hochberg. Refund rate by category: the month since which it changed, by permutation
of months with Newcombe's interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from keguan.analyses.product_mix.categories import (
    category_month_table,
    category_table,
    category_tree,
    is_categorised,
)
from keguan.analyses.product_mix.claims import TEXT, product_claims, refund_claims
from keguan.analyses.product_mix.columns import PRODUCT_COLUMNS
from keguan.analyses.product_mix.growth import compared_periods, growth_tables
from keguan.analyses.product_mix.params import Params
from keguan.analyses.product_mix.refunds import refund_table
from keguan.analysis import Analysis, Inputs
from keguan.core.period import Span, span_ending
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.marts.product_sales import (
    CATEGORY_MONTHS_SQL,
    PRODUCTS_SQL,
)
from keguan.result import Figure, Note, Result, Table


def run(inputs: Inputs, params: Params) -> Result:
    """Tables categories, category_months, refunds, regions, categories_growth, category_region, products."""
    found = inputs.query(CATEGORY_MONTHS_SQL).to_pylist()
    if not found:
        note = Note(Text("没有商品行", "There are no product lines"), "missing")
        return Result("product_mix", notes=(note,))
    notes: list[Note] = []
    nodes = category_tree(found)
    refunds = refund_table(inputs, nodes)
    tables = [category_table(inputs, nodes), category_month_table(inputs, nodes), refunds]
    claims = list(refund_claims(refunds, nodes))
    periods = compared_periods(inputs, params, found)
    if periods is None:
        notes.append(
            Note(
                Text("数据不足 13 个月，不与去年比较", "Fewer than 13 months of data: no year on year"),
                "missing",
            )
        )
    else:
        grown, grown_claims = growth_tables(inputs, periods, nodes)
        tables += grown
        claims += grown_claims
    products = _products(inputs, params)
    claims += product_claims(products)
    notes += _notes(inputs, products)
    return Result(
        "product_mix",
        tables=(*(replace(table, appendix=True) for table in tables), products),  # figures draw three of them
        figures=_figures(tables, is_categorised(nodes), periods),
        claims=tuple(claims),
        notes=tuple(notes),
    )


def _products(inputs: Inputs, params: Params) -> Table:
    note = Text("近 12 个月；复购 = 在两个以上日期购买", "Last 12 months; bought again = on two or more days")
    return inputs.table(
        "products", Text("热销商品", "Leading products"), PRODUCT_COLUMNS, ("product_id",), PRODUCTS_SQL,
        note=note, since=span_ending(inputs.as_of, 12).first, top=params.top,
        min_n=inputs.settings.min_n,
    )  # fmt: skip


def _notes(inputs: Inputs, products: Table) -> Iterator[Note]:
    if not len(products.rows):
        yield Note(
            Text("近 12 个月没有带商品编号的销售", "No sales with a product id in the last 12 months"),
            "missing",
        )
    if not inputs.has_values("products", "category"):
        yield Note(
            Text(
                "没有商品类目：导入含类目的商品表后，可按类目分析",
                "No categories: import products with their category",
            ),
            "missing",
        )
    if not inputs.has_values("order_lines", "region"):
        yield Note(
            Text("没有地区：导入含省份的订单后，可按地区分析", "No regions: import orders with a region"),
            "missing",
        )


def _figures(
    tables: Sequence[Table], categorised: bool, periods: tuple[Span, Span] | None
) -> tuple[Figure, ...]:
    made = {table.id for table in tables}
    now, base = (span_name(span) for span in periods) if periods else ("", "")
    compared = Text(f"本期 {now}，去年同期 {base}", f"Now {now}, a year ago {base}")
    figures = []
    if categorised:
        title = Text("各类目每月净销售额", "Net revenue by category and month")
        figures.append(
            Figure("category_months", "stacked_bar", title, "category_months", "month", ("net_revenue",),
                   series="category", hatch="unfinished")
        )  # fmt: skip
    if "regions" in made:
        title = Text("各地区净销售额：本期与去年同期", "Net revenue by region, now and a year ago")
        y = ("net_revenue", "base_net_revenue")
        figures.append(Figure("regions", "bar", title, "regions", "part", y, note=compared))
    if "category_region" in made:
        title = (
            Text("各类目在各地区的净销售额（本期）", "Net revenue by category and region, now")
            if categorised
            else Text("热销商品在各地区的净销售额（本期）", "Net revenue of leading products by region, now")
        )
        apart = Text(f"{compared.zh}；「其他」只列在表中", f"{compared.en}; 'other' is in the table only")
        figures.append(
            Figure("category_region", "heatmap", title, "category_region", "region", ("net_revenue",),
                   series="category", where={"named": True}, note=apart)
        )  # fmt: skip
    return tuple(figures)


ANALYSIS = Analysis(
    name="product_mix",
    title=Text("商品、地区与类目", "Products, regions and categories"),
    question=Text("卖得好的是什么、卖到哪里、什么在变化？", "What is sold, where, and what is changing?"),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "products"),
    order=43,
)
