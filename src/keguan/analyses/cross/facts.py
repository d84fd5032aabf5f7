"""What can be known of a customer: the facts that may be crossed, each as SQL of (account_no, value).

Of `base` all, a customer without a value simply has none of them (no complaint, no contact); of `base` own, customers without
any value are not looked at (they were not asked, seen or sold to). Parameter: $since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keguan.analysis import Inputs
from keguan.marts.answers import WHOLE
from keguan.marts.product_sales import SEPARATOR
from keguan.schema.terms.commerce import CUSTOMER_FACT

YES = "是"


@dataclass(frozen=True, slots=True)
class Fact:
    """`single`: a customer has one value. `bought`: it follows from purchases, as do RFM, lifecycle and levels."""

    name: str
    sql: str
    single: bool
    base: str  # all | own
    bought: bool = False


def _of_orders(column: str) -> str:
    return (
        f"SELECT account_no, {column} AS value FROM orders "
        f"WHERE account_no IS NOT NULL AND {column} IS NOT NULL AND day >= $since"
    )


# max of 是 and 否: 是 (U+662F) comes after 否 (U+5426) in binary order, so that one line on promotion is enough.
_PROMOTED = f"""SELECT account_no, max(value) AS value FROM (
  SELECT l.account_no, CASE WHEN l.discount > 0 THEN '{YES}' ELSE '否' END AS value FROM order_lines l
  WHERE l.movement = 'purchase' AND l.account_no IS NOT NULL AND l.day >= $since
  UNION ALL
  SELECT o.account_no, CASE WHEN o.coupon IS NOT NULL OR o.campaign_id IS NOT NULL OR o.discount > 0 THEN '{YES}' ELSE '否' END
  FROM orders o WHERE o.account_no IS NOT NULL AND o.day >= $since) p GROUP BY account_no"""

_CATEGORY = f"""SELECT l.account_no, split_part(p.category, '{SEPARATOR}', 1) AS value
FROM order_lines l JOIN products p ON p.product_id = l.product_id
WHERE l.movement = 'purchase' AND l.account_no IS NOT NULL AND p.category IS NOT NULL AND l.day >= $since"""


def _of_customers(column: str) -> str:
    return (
        f"SELECT account_no, max({column}) AS value FROM customers "
        f"WHERE account_no IS NOT NULL AND {column} IS NOT NULL GROUP BY account_no"
    )


def _of_table(table: str, column: str) -> str:
    return (
        f"SELECT account_no, {column} AS value FROM {table} "
        f"WHERE account_no IS NOT NULL AND {column} IS NOT NULL AND (day IS NULL OR day >= $since)"
    )


_OPEN = (
    f"SELECT account_no, '{YES}' AS value FROM feedback WHERE kind = 'complaint' AND resolved_on IS NULL "
    "AND coalesce(status, 'open') <> 'solved' AND account_no IS NOT NULL"
)
_SATISFIED = f"""SELECT account_no, max(CASE WHEN score >= 4 THEN '{YES}' ELSE '否' END) AS value FROM {WHOLE} f
WHERE scale = 'csat5' AND account_no IS NOT NULL AND (day IS NULL OR day >= $since) GROUP BY account_no"""

# Facts in the order in which a sentence names them: who a customer is before what one does.
LABELS = CUSTOMER_FACT
NAMES = tuple(LABELS)
_TOLD: Sequence[tuple[Fact, str, str]] = (
    (Fact("kind", _of_customers("kind"), True, "own"), "customers", "kind"),
    (Fact("member_level", _of_customers("member_level"), True, "own", True), "customers", "member_level"),
    (Fact("industry", _of_customers("industry_code"), True, "own"), "customers", "industry_code"),
    (Fact("size", _of_customers("size_staff"), True, "own"), "customers", "size_staff"),
    (Fact("acquired", _of_customers("acquired_channel"), True, "own"), "customers", "acquired_channel"),
    (Fact("category", _CATEGORY, False, "own", True), "products", "category"),
    (Fact("channel", _of_orders("channel"), False, "own", True), "orders", "channel"),
    (Fact("device", _of_orders("device"), False, "own", True), "orders", "device"),
    (Fact("page", _of_table("events", "page"), False, "own"), "events", "page"),
    (Fact("event", _of_table("events", "name"), False, "own"), "events", "account_no"),
    (Fact("feedback", _of_table("feedback", "kind"), False, "all"), "feedback", "account_no"),
    (Fact("complaint_open", _OPEN, False, "all"), "feedback", "account_no"),
    (Fact("satisfied", _SATISFIED, True, "own"), "feedback", "score"),
    (Fact("contact", _of_table("contacts", "channel"), False, "all"), "contacts", "channel"),
)
PROMOTED = (
    ("orders", "coupon"),
    ("orders", "campaign_id"),
    ("orders", "discount"),
    ("order_lines", "discount"),
)


def available(inputs: Inputs, segment: Callable[[str], str]) -> list[Fact]:
    """The facts that the tables hold, in the order of NAMES. `segment` gives the view of a segmentation."""
    found = [
        Fact("rfm", f"SELECT account_no, label AS value FROM {segment('rfm')}", True, "own", True),
        Fact(
            "lifecycle", f"SELECT account_no, label AS value FROM {segment('lifecycle')}", True, "own", True
        ),
    ]
    if inputs.has_values("order_lines", "region"):
        region = "SELECT account_no, first_region AS value FROM customer_facts WHERE first_region <> '待核实'"
        found.append(Fact("region", region, True, "own"))
    found += [fact for fact, table, column in _TOLD if inputs.has_values(table, column)]
    if any(inputs.has_values(table, column) for table, column in PROMOTED):
        found.append(Fact("promotion", _PROMOTED, True, "own", True))
    return sorted(found, key=lambda fact: NAMES.index(fact.name))


def counts_sql(facts: Sequence[Fact], most: int) -> str:
    """Customers with each pair of values of different facts. '*' stands for all who belong to the base of a fact."""
    parts = " UNION ALL ".join(
        f"SELECT {NAMES.index(fact.name)} AS fact, account_no, CAST(value AS VARCHAR) AS value FROM ({fact.sql}) f{number}"
        for number, fact in enumerate(facts)
    )
    own = ", ".join(str(NAMES.index(fact.name)) for fact in facts if fact.base == "own")
    whole = f"SELECT DISTINCT fact, account_no FROM told WHERE fact IN ({own or -1})" + "".join(
        f" UNION ALL SELECT {NAMES.index(fact.name)} AS fact, account_no FROM everyone"
        for fact in facts
        if fact.base == "all"
    )
    # Joined by numbers: a thousand times the fact, and the place of the value in it; 0 for the base.
    return f"""
WITH everyone AS (
  SELECT account_no FROM customer_facts WHERE orders_placed > 0
), told AS (
  SELECT DISTINCT t.fact, t.account_no, t.value
  FROM ({parts}) t JOIN everyone e ON e.account_no = t.account_no
  WHERE t.value IS NOT NULL AND t.value <> ''
), counted AS (
  SELECT fact, value, count(*) AS customers FROM told GROUP BY fact, value
), named AS (
  SELECT fact, value, fact * 1000 + place AS code FROM (
    SELECT fact, value, CAST(row_number() OVER (PARTITION BY fact ORDER BY customers DESC, value) AS INTEGER) AS place
    FROM counted) r
  WHERE place <= {int(most)}
), members AS (
  SELECT t.fact, t.account_no, n.code FROM told t JOIN named n ON n.fact = t.fact AND n.value = t.value
  UNION ALL
  SELECT fact, account_no, fact * 1000 AS code FROM ({whole}) w
), paired AS (
  SELECT a.fact AS fact_a, a.code AS code_a, b.fact AS fact_b, b.code AS code_b, count(*) AS customers
  FROM members a JOIN members b ON b.account_no = a.account_no AND b.fact > a.fact
  GROUP BY a.fact, a.code, b.fact, b.code
)
SELECT p.fact_a, coalesce(x.value, '*') AS a, p.fact_b, coalesce(y.value, '*') AS b, p.customers
FROM paired p LEFT JOIN named x ON x.code = p.code_a LEFT JOIN named y ON y.code = p.code_b
ORDER BY fact_a, a, fact_b, b
"""
