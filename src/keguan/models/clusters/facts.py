"""What customers are grouped by: how much and how many pieces a purchase has, and of which categories it is.

Shares of categories are shrunk towards those of all customers by one line, so that who bought one line is not
taken for a pure taste. Recency and frequency have segmentations of their own (RFM, lifecycle) and count only where
no category is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.core.text import Scalar
from keguan.marts.product_sales import NO_CATEGORY, PRODUCT_JOIN, TOP_CATEGORY

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

MOST_CATEGORIES = 8
SAMPLE = 20_000
PRIOR_LINES = 1.0  # how many lines of an average basket are added to each customer's own
SHARES_WEIGH = 2.0  # all shares together weigh so many times what the other facts weigh
FEW, SMALL = 1e-9, 0.01  # spread of a constant; floor of money as part of the median

FACTS = ("money", "pieces", "purchases", "silent_days")

CATEGORIES_SQL = f"""
SELECT {TOP_CATEGORY} AS category, count(*) AS lines
FROM order_lines l{PRODUCT_JOIN}
WHERE l.movement = 'purchase' AND l.line_kind = 'product' AND l.account_no IS NOT NULL
GROUP BY {TOP_CATEGORY} ORDER BY count(*) DESC, category
"""


def facts_sql(categories: int) -> str:
    """One row per customer with a purchase: account_no, purchases, net, silent_days, lines, pieces, in_1 .. in_n.

    Parameters $category_1 .. $category_n name the categories.
    """
    shares = "".join(
        f",\n         CAST(sum(CASE WHEN category = $category_{n} THEN lines ELSE 0 END) AS BIGINT) AS in_{n}"
        for n in range(1, categories + 1)
    )
    names = "".join(f",\n       coalesce(b.in_{n}, 0) AS in_{n}" for n in range(1, categories + 1))
    return f"""
WITH bought AS (
  SELECT l.account_no, {TOP_CATEGORY} AS category, count(*) AS lines, sum(l.quantity) AS pieces
  FROM order_lines l{PRODUCT_JOIN}
  WHERE l.movement = 'purchase' AND l.line_kind = 'product' AND l.account_no IS NOT NULL
  GROUP BY l.account_no, {TOP_CATEGORY}
), baskets AS (
  SELECT account_no, CAST(sum(lines) AS BIGINT) AS lines, CAST(sum(pieces) AS DOUBLE) AS pieces{shares}
  FROM bought GROUP BY account_no
)
SELECT f.account_no, f.purchases, CAST(f.net_revenue AS DOUBLE) AS net, f.recency_days AS silent_days,
       coalesce(b.lines, 0) AS lines, coalesce(b.pieces, CAST(0 AS DOUBLE)) AS pieces{names}
FROM customer_facts f LEFT JOIN baskets b ON b.account_no = f.account_no
WHERE f.purchases > 0"""


def sample_sql(categories: int) -> str:
    """At most $sample of these rows, chosen by a hash of the account number."""
    return f"""
SELECT t.* FROM ({facts_sql(categories)}) t
ORDER BY md5(CAST(t.account_no AS VARCHAR)), t.account_no LIMIT {SAMPLE}
"""


def named_categories(inputs: Inputs, taste: str) -> tuple[str, ...]:
    """The largest categories by lines; none where they are not known or not asked for."""
    if taste == "no":
        return ()
    found = [row["category"] for row in inputs.query(CATEGORIES_SQL).to_pylist()]
    known = tuple(name for name in found if name != NO_CATEGORY)[:MOST_CATEGORIES]
    return known if len(known) > 1 else ()


def category_params(categories: Sequence[str]) -> dict[str, Scalar]:
    """The parameters of `facts_sql`."""
    return {f"category_{number}": name for number, name in enumerate(categories, start=1)}


@dataclass(frozen=True)
class Scale:
    """How a customer's facts become coordinates. Arrays as tuples: it travels to Spark's executors."""

    categories: int
    typical: tuple[float, ...]  # shares of the categories in all lines
    share_weight: float
    floor: float  # of money per purchase
    facts: tuple[str, ...]  # the other facts used
    means: tuple[float, ...]
    spreads: tuple[float, ...]

    def points(self, rows: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        """Coordinates, one row a customer."""
        import numpy as np

        own = own_facts(rows, self.floor)
        columns = [
            (own[name] - mean) / spread
            for name, mean, spread in zip(self.facts, self.means, self.spreads, strict=True)
        ]
        shares = shrunk_shares(rows, self.typical)
        return np.column_stack([shares * self.share_weight, *columns])


def own_facts(rows: Mapping[str, NDArray[Any]], floor: float) -> dict[str, NDArray[np.float64]]:
    """Logarithms of the facts that are no shares."""
    import numpy as np

    purchases = np.maximum(rows["purchases"].astype(float), 1.0)
    lines = np.maximum(rows["lines"].astype(float), 1.0)
    return {
        "money": np.log(np.maximum(rows["net"].astype(float) / purchases, floor)),
        "pieces": np.log(np.maximum(rows["pieces"].astype(float) / lines, 1e-3)),
        "purchases": np.log(purchases),
        "silent_days": np.log1p(np.maximum(rows["silent_days"].astype(float), 0.0)),
    }


def shrunk_shares(rows: Mapping[str, NDArray[Any]], typical: Sequence[float]) -> NDArray[np.float64]:
    """Share of each category in a customer's lines, shrunk to that in all lines."""
    import numpy as np

    if not typical:
        return np.zeros((len(rows["lines"]), 0))
    counts = np.column_stack([rows[f"in_{n}"].astype(float) for n in range(1, len(typical) + 1)])
    of = rows["lines"].astype(float)[:, None] + PRIOR_LINES
    shrunk: NDArray[np.float64] = (counts + PRIOR_LINES * np.asarray(typical)) / of
    return shrunk


def scale_of(rows: Mapping[str, NDArray[Any]], categories: int) -> Scale:
    """Centre and spread of the sample's facts; what is the same for everybody is left out."""
    import numpy as np

    per_purchase = rows["net"].astype(float) / np.maximum(rows["purchases"].astype(float), 1.0)
    positive = per_purchase[per_purchase > 0]
    floor = SMALL * float(np.median(positive)) if len(positive) else 1.0
    lines = max(float(rows["lines"].sum()), 1.0)
    typical = tuple(float(rows[f"in_{n}"].sum()) / lines for n in range(1, categories + 1))
    own = own_facts(rows, floor)
    names = FACTS[:2] if categories else FACTS
    used = tuple(name for name in names if float(own[name].std()) > FEW)
    spread = float(shrunk_shares(rows, typical).var(axis=0).sum()) if categories else 0.0
    weight = (SHARES_WEIGH * max(len(used), 1) / spread) ** 0.5 if spread > FEW else 0.0
    return Scale(
        categories=categories,
        typical=typical,
        share_weight=weight,
        floor=floor,
        facts=used,
        means=tuple(float(own[name].mean()) for name in used),
        spreads=tuple(float(own[name].std()) for name in used),
    )


def arrays_of(table: pa.Table | pa.RecordBatch) -> dict[str, NDArray[Any]]:
    """Columns as arrays."""
    return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.schema.names}


def weights_of(rows: Mapping[str, NDArray[Any]], categories: int) -> NDArray[np.float64]:
    """How much a customer tells of the groups: the lines bought, up to five, where categories count."""
    import numpy as np

    return np.clip(rows["lines"].astype(float), 1.0, 5.0) if categories else np.ones(len(rows["lines"]))
