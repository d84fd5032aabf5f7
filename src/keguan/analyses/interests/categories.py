"""Interest by category: shares of spend and of customers, in all and in each segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from keguan.analyses.interests.columns import CATEGORIES, CATEGORY_SEGMENTS
from keguan.analyses.interests.scores import corrected_verdicts
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.engine.arrays import records
from keguan.evidence.statistics.bootstrap import BUCKET, BUCKETS
from keguan.evidence.statistics.part_means import part_means
from keguan.marts.product_sales import NO_CATEGORY, SEPARATOR
from keguan.result import Column, Relation, Table
from keguan.schema.vocabulary import UNKNOWN

OTHER = "其他"

# What each customer bought of each top category in the window; product lines, before returns.
SPENT = f"""
spent AS (
  SELECT l.account_no, split_part(coalesce(p.category, '{NO_CATEGORY}'), '{SEPARATOR}', 1) AS category,
         CAST(sum(l.amount) AS DECIMAL(18, 4)) AS spend
  FROM order_lines l LEFT JOIN products p ON p.product_id = l.product_id
  WHERE l.movement = 'purchase' AND l.line_kind = 'product' AND l.account_no IS NOT NULL AND l.day >= $from_day
  GROUP BY l.account_no, split_part(coalesce(p.category, '{NO_CATEGORY}'), '{SEPARATOR}', 1)
), sizes AS (
  SELECT category, row_number() OVER (ORDER BY sum(spend) DESC, category) AS place FROM spent GROUP BY category
), listed AS (
  SELECT s.account_no, CASE WHEN z.place <= $categories THEN s.category ELSE '{OTHER}' END AS category,
         CAST(sum(s.spend) AS DECIMAL(18, 4)) AS spend
  FROM spent s JOIN sizes z ON z.category = s.category
  GROUP BY s.account_no, CASE WHEN z.place <= $categories THEN s.category ELSE '{OTHER}' END
)"""

CATEGORIES_SQL = f"""
WITH {SPENT}, customers AS (
  SELECT count(DISTINCT account_no) AS everybody, sum(spend) AS total FROM listed
)
SELECT l.category, count(*) AS customers, sum(l.spend) AS gross_revenue,
       CASE WHEN max(c.everybody) >= $min_n THEN CAST(count(*) AS DOUBLE) / max(c.everybody) END AS customer_share,
       CASE WHEN max(c.everybody) >= $min_n AND max(c.total) > 0
            THEN CAST(sum(l.spend) AS DOUBLE) / CAST(max(c.total) AS DOUBLE) END AS share
FROM listed l CROSS JOIN customers c
GROUP BY l.category
ORDER BY gross_revenue DESC, l.category
"""

# The category on which a customer spent the most, and its share of the customer's spend.
FAVOURITE_SQL = f"""
WITH {SPENT}, ranked AS (
  SELECT account_no, category, spend,
         row_number() OVER (PARTITION BY account_no ORDER BY spend DESC, category) AS place,
         sum(spend) OVER (PARTITION BY account_no) AS total
  FROM listed
)
SELECT account_no, category AS label,
       CAST(CAST(CAST(spend AS DOUBLE) / nullif(CAST(total AS DOUBLE), 0) AS DECIMAL(18, 6)) AS VARCHAR) AS score
FROM ranked WHERE place = 1
"""


def segments_sql(view: str) -> str:
    """Spend by category, segment and random group."""
    return f"""
WITH {SPENT}, labelled AS (
  SELECT l.account_no, l.category, l.spend, coalesce(s.label, '{UNKNOWN}') AS segment
  FROM listed l LEFT JOIN {view} s ON s.account_no = l.account_no
)
SELECT category, segment, CAST({BUCKET} AS INTEGER) AS bucket, count(*) AS buyers, sum(spend) AS spend
FROM labelled GROUP BY category, segment, {BUCKET}
UNION ALL
SELECT '*' AS category, segment, CAST({BUCKET} AS INTEGER) AS bucket, count(DISTINCT account_no) AS buyers, sum(spend) AS spend
FROM labelled GROUP BY segment, {BUCKET}
"""


def categories_table(inputs: Inputs, bound: Mapping[str, Any]) -> Table:
    """Shares of each category in spend and in customers."""
    title = Text("各类目的购买客户与销售额", "Customers and sales by category")
    return inputs.table("categories", title, CATEGORIES, ("category",), CATEGORIES_SQL, **bound)


def favourite(bound: Mapping[str, Any]) -> Relation:
    """Each customer's first category."""
    return Relation(
        "interests_category", Text("最感兴趣的类目", "First category of interest"), FAVOURITE_SQL, dict(bound),
        kind="scores", vocabulary="unknown",
    )  # fmt: skip


@dataclass
class Spend:
    """Spend of a segment, in a category or in all, by random group."""

    buyers: int = 0
    spend: Decimal = Decimal(0)
    groups: list[float] = field(default_factory=lambda: [0.0] * BUCKETS)


def category_segments_table(
    inputs: Inputs,
    categories: Table,
    column: Column,
    names: Sequence[str],
    sql: str,
    bound: Mapping[str, Any],
) -> Table:
    """Share of each category in a segment's spend, tested against the other customers."""
    import numpy as np

    found: dict[str, dict[str, Spend]] = defaultdict(lambda: defaultdict(Spend))
    for row in records(inputs.query(sql, **bound)):
        made = found[row["category"]][row["segment"]]
        made.buyers += int(row["buyers"])
        made.spend += row["spend"]
        made.groups[row["bucket"]] = float(row["spend"])
    whole, rows, min_n = found["*"], [], inputs.settings.min_n
    present = [name for name in names if name in whole]
    everybody = sum(whole[name].buyers for name in present)
    totals = np.array([whole[name].groups for name in present]).T
    for listed in categories.records() if present else []:
        category = found[listed["category"]]
        parts = np.array([category[name].groups for name in present]).T
        for name, mean in zip(present, part_means(parts, totals), strict=True):
            customers = whole[name].buyers
            enough = mean is not None and customers >= min_n
            testable = (
                enough and everybody - customers >= min_n and name != UNKNOWN and len(categories.rows) > 1
            )
            rows.append(
                {"segment": name, "category": listed["category"], "customers": customers,
                 "buyers": category[name].buyers, "gross_revenue": category[name].spend,
                 "share": mean.mean if mean and enough else None,
                 "index": 100 * mean.mean / listed["share"] if mean and enough and listed["share"] else None,
                 "low": mean.low if mean and enough else None, "high": mean.high if mean and enough else None,
                 "rest": mean.rest if mean and testable else None, "p": mean.p if mean and testable else None,
                 "q": None, "verdict": "untested"}
            )  # fmt: skip
    corrected_verdicts(rows)
    return inputs.computed(
        "category_segments", Text("各分群的类目兴趣", "Interest by segment and category"), (column, *CATEGORY_SEGMENTS),
        ("segment", "category"), rows, method="evidence.statistics.part_means", sql=sql, **bound,
    )  # fmt: skip
