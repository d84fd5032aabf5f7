"""`traits`: who the customers are, one row per customer, trait and value. SQL text only.

A customer is whoever stands in the customer file or has an order; a customer without an order counts with no
purchase. What is not known is 待核实 (to be verified) and has its own rows; values beyond the largest
$max_values of a trait are 其他 (other). Master data have no history: traits are those known now, except that age
is the age at the as-of date and that a customer registered later is not there.

Parameters: $from_day (first day of the window of money), $today (as-of date as 20250620), $registered_before
(first moment after it, UTC), $home (the country not spelled out), $max_values, $max_attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from keguan.core.text import Scalar
from keguan.marts.age_bands import OUTSIDE, Band, age_sql, band_sql
from keguan.schema.provinces import PROVINCE
from keguan.schema.vocabulary import UNKNOWN

OTHER = OUTSIDE
INDUSTRY_PREFIX = "GB/T "  # 'C' alone could be a grade

# Trait -> of whom it is asked. A company has no gender, a person no industry; what both have is compared among
# persons and among companies, as companies spend in another order of size.
EVERYBODY, EACH, PERSON, COMPANY = "all", "each", "person", "company"
MASTER_TRAITS = {
    "kind": EVERYBODY, "age": PERSON, "gender": PERSON, "place": EACH, "occupation": PERSON, "income": PERSON,
    "education": PERSON, "industry": COMPANY, "size_staff": COMPANY, "size_revenue": COMPANY,
    "company_age": COMPANY, "acquired_channel": EACH, "member_level": EACH,
}  # fmt: skip
FAMILIES = ("all", "person", "company", "attribute", "contact", "order")
MASTER_FAMILIES = ("all", "person", "company")
SET_BY_SPEND = ("member_level",)  # levels are given for spend: no finding about spenders

# The country that goes without saying is the most frequent one.
HOME_SQL = """
SELECT country FROM customers WHERE country IS NOT NULL
GROUP BY country ORDER BY count(*) DESC, country LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Sources:
    """Which tables beside the customer file tell of traits."""

    attributes: bool = False
    roles: bool = False
    deliveries: bool = False


def trait_params(
    as_of: date, zone: str, home: str, max_values: int, max_attributes: int
) -> dict[str, Scalar]:
    """The parameters beside $from_day."""
    midnight = datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(zone))
    return {
        "today": as_of.year * 10000 + as_of.month * 100 + as_of.day,
        "registered_before": midnight.astimezone(UTC).replace(tzinfo=None),
        "home": home,
        "max_values": max_values,
        "max_attributes": max_attributes,
    }


# What is taken of the customer file. Where it holds a customer twice, gaps fill up and the larger value counts.
FILED = (
    "kind", "country", "province", "birth_date", "founded_on", "industry_code", "size_staff", "size_revenue", "gender",
    "occupation", "income", "education", "acquired_channel", "member_level",
)  # fmt: skip


def known_sql(bands: Sequence[Band]) -> str:
    """CTEs up to `known`: one row per customer with every trait of the customer file, and the money."""
    company_age = age_sql("c.founded_on")
    filed = ", ".join(f"max({name}) AS {name}" for name in FILED)
    texts = ", ".join(
        f"coalesce(c.{name}, '{UNKNOWN}') AS {name}"
        for name in (
            "gender", "occupation", "income", "education", "size_staff", "size_revenue", "acquired_channel", "member_level",
        )
    )  # fmt: skip
    return f"""
filed AS (
  SELECT account_no, min(registered_at) AS registered_at, {filed}
  FROM customers WHERE account_no IS NOT NULL
  GROUP BY account_no
), everybody AS (
  SELECT account_no FROM filed
  WHERE registered_at IS NULL OR registered_at < $registered_before
  UNION
  SELECT account_no FROM window_facts
), aged AS (
  SELECT e.account_no,
         CASE WHEN c.kind IN ('person', 'company') THEN c.kind
              WHEN c.industry_code IS NOT NULL OR c.size_staff IS NOT NULL OR c.size_revenue IS NOT NULL THEN 'company'
              WHEN c.gender IS NOT NULL OR c.birth_date IS NOT NULL THEN 'person'
              ELSE '{UNKNOWN}' END AS kind,
         CASE WHEN c.country <> $home THEN c.country
              ELSE coalesce(c.province, nullif(o.region, '{UNKNOWN}'), c.country, '{UNKNOWN}') END AS place,
         c.province,
         {age_sql("c.birth_date")} AS years,
         {texts},
         coalesce('{INDUSTRY_PREFIX}' || left(c.industry_code, 1), '{UNKNOWN}') AS industry,
         CASE WHEN c.founded_on IS NULL OR {company_age} < 0 THEN '{UNKNOWN}'
              WHEN {company_age} < 3 THEN '0-2' WHEN {company_age} < 6 THEN '3-5'
              WHEN {company_age} < 11 THEN '6-10' ELSE '11+' END AS company_age,
         CASE WHEN f.orders_placed > 0 THEN 1 ELSE 0 END AS has_ordered,
         CASE WHEN f.window_purchases > 0 THEN 1 ELSE 0 END AS is_buyer,
         coalesce(f.window_net, CAST(0 AS DECIMAL(18, 4))) AS net
  FROM everybody e
  LEFT JOIN filed c ON c.account_no = e.account_no
  LEFT JOIN window_facts f ON f.account_no = e.account_no
  LEFT JOIN (SELECT account_no, first_region AS region FROM customer_facts) o ON o.account_no = e.account_no
), known AS (
  SELECT a.*, {band_sql("a.years", tuple(bands))} AS age FROM aged a
)"""


def traits_sql(bands: Sequence[Band], sources: Sources) -> str:
    """CTEs up to `traits`: account_no, family, trait, value, has_ordered, is_buyer, net."""
    parts = [_master(), *_attributes(sources), *_roles(sources), *_deliveries(sources)]
    return f"""{known_sql(bands)}, listed AS (
  {"  UNION ALL".join(parts)}
), sized AS (
  SELECT family, trait, value,
         row_number() OVER (PARTITION BY family, trait ORDER BY count(*) DESC, value) AS place
  FROM listed WHERE value <> '{UNKNOWN}'
  GROUP BY family, trait, value
), traits AS (
  SELECT l.account_no, l.family, l.trait,
         CASE WHEN l.value = '{UNKNOWN}' OR s.place <= $max_values OR l.trait = 'age' THEN l.value
              ELSE '{OTHER}' END AS value,
         l.has_ordered, l.is_buyer, l.net
  FROM listed l
  LEFT JOIN sized s ON s.family = l.family AND s.trait = l.trait AND s.value = l.value
)"""


CARRIED = "k.has_ordered, k.is_buyer, k.net"


def _master() -> str:
    values = ", ".join(f"('{trait}', '{where}')" for trait, where in MASTER_TRAITS.items())
    cases = " ".join(f"WHEN '{trait}' THEN k.{trait}" for trait in MASTER_TRAITS)
    return f"""
  SELECT k.account_no,
         CASE WHEN t.applies = '{EVERYBODY}' THEN 'all' WHEN k.kind = 'company' THEN 'company' ELSE 'person' END AS family,
         t.trait, CASE t.trait {cases} END AS value, {CARRIED}
  FROM known k CROSS JOIN (VALUES {values}) AS t(trait, applies)
  WHERE t.applies <> CASE WHEN k.kind = 'company' THEN '{PERSON}' ELSE '{COMPANY}' END
"""


# Attributes with more values than can be shown (numbers, free text) are no traits; the most common ones are taken.
ATTRIBUTES_SQL = """
SELECT attribute, customers, choices,
       row_number() OVER (ORDER BY CASE WHEN choices <= $max_values THEN 0 ELSE 1 END, customers DESC, attribute) AS place
FROM (SELECT attribute, count(*) AS customers, count(DISTINCT attribute_value) AS choices
      FROM customer_attributes WHERE account_no IS NOT NULL AND attribute_value IS NOT NULL GROUP BY attribute) c
"""


def _attributes(sources: Sources) -> list[str]:
    if not sources.attributes:
        return []
    return [f"""
  SELECT k.account_no, 'attribute' AS family, n.attribute AS trait,
         coalesce(v.attribute_value, '{UNKNOWN}') AS value, {CARRIED}
  FROM known k
  CROSS JOIN (SELECT attribute FROM ({ATTRIBUTES_SQL}) a WHERE place <= $max_attributes AND choices <= $max_values) n
  LEFT JOIN customer_attributes v ON v.account_no = k.account_no AND v.attribute = n.attribute
"""]  # fmt: skip


def trait_order(key: tuple[str, str]) -> tuple[int, int, str]:
    """The place of a (family, trait) in lists."""
    family, trait = key
    names = list(MASTER_TRAITS)
    return FAMILIES.index(family), names.index(trait) if trait in names else len(names), trait


ROLES = ("decider", "influencer", "user")


def _roles(sources: Sources) -> list[str]:
    """Which roles are known at a company: a text such as 'decider+user', so that each company stands once."""
    if not sources.roles:
        return []
    flags = ",\n           ".join(
        f"max(CASE WHEN role = '{role}' THEN '+{role}' ELSE '' END) AS {role}" for role in ROLES
    )
    joined = " || ".join(f"r.{role}" for role in ROLES)
    return [f"""
  SELECT k.account_no, 'contact' AS family, 'decision_role' AS trait,
         CASE WHEN r.account_no IS NULL THEN '{UNKNOWN}' WHEN {joined} = '' THEN '{OTHER}'
              ELSE substr({joined}, 2) END AS value, {CARRIED}
  FROM known k
  LEFT JOIN (
    SELECT account_no, {flags}
    FROM contact_persons WHERE account_no IS NOT NULL AND role IS NOT NULL GROUP BY account_no
  ) r ON r.account_no = k.account_no
  WHERE k.kind = '{COMPANY}' OR r.account_no IS NOT NULL
"""]  # fmt: skip


def _deliveries(sources: Sources) -> list[str]:
    """Whether goods go to another province than the customer's own: bought for somebody else, or on the way."""
    if not sources.deliveries:
        return []
    listed = ", ".join(f"'{name}'" for name in PROVINCE)
    return [f"""
  SELECT k.account_no, 'order' AS family, 'delivery' AS trait,
         CASE d.elsewhere WHEN 1 THEN 'elsewhere' WHEN 0 THEN 'home' ELSE '{UNKNOWN}' END AS value, {CARRIED}
  FROM known k
  LEFT JOIN (
    SELECT o.account_no, max(CASE WHEN o.region <> c.province THEN 1 ELSE 0 END) AS elsewhere
    FROM orders o JOIN known c ON c.account_no = o.account_no
    WHERE o.region IN ({listed}) AND c.province IN ({listed}) AND o.day >= $from_day
    GROUP BY o.account_no
  ) d ON d.account_no = k.account_no
  WHERE k.has_ordered = 1
"""]  # fmt: skip
