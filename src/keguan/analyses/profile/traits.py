"""Every trait by itself: how many customers, what they spend, and whether that differs from the other customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from keguan.analyses.profile.columns import GAPS, TRAITS
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.engine.arrays import records
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.bootstrap import BUCKET, BUCKETS
from keguan.evidence.statistics.part_means import PartMean, part_means
from keguan.marts.age_bands import Band
from keguan.marts.profile_traits import OTHER, trait_order
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


# The spend where the top 1 % of buyers begins, and where the top of $mille per thousand does.
CUTS_SQL = """
SELECT min(CASE WHEN place * 100 <= buyers + 99 THEN net END) AS cap,
       min(CASE WHEN place * 1000 <= buyers * $mille + 999 THEN net END) AS cut
FROM (
  SELECT window_net AS net, row_number() OVER (ORDER BY window_net DESC, account_no) AS place,
         count(*) OVER () AS buyers
  FROM window_facts WHERE window_net > 0
) ranked
"""


def counts_sql(traits: str) -> str:
    """Customers and money by trait, value and random group."""
    return f"""
WITH {traits}
SELECT family, trait, value, CAST({BUCKET} AS INTEGER) AS bucket,
       count(*) AS customers,
       CAST(sum(is_buyer) AS BIGINT) AS buyers,
       sum(net) AS net,
       sum(least(net, $cap)) AS capped
FROM traits
GROUP BY family, trait, value, {BUCKET}
"""


Key = tuple[str, str]


@dataclass
class Sums:
    """What the customers of one value add up to, and by random group."""

    customers: int = 0
    buyers: int = 0
    net: Decimal = Decimal(0)
    counts: list[float] = field(default_factory=lambda: [0.0] * BUCKETS)
    spend: list[float] = field(default_factory=lambda: [0.0] * BUCKETS)
    capped: list[float] = field(default_factory=lambda: [0.0] * BUCKETS)


def trait_sums(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> dict[Key, dict[str, Sums]]:
    """(family, trait) -> value -> sums; traits of which nothing is known are left out.

    Values are put in order: engines return groups in different ones, and the last digits of sums of doubles
    (the money of all other values, see `part_means`) depend on it, so that a mean that ends on a 5 behind the
    digits stored is rounded up or down.
    """
    found: dict[Key, dict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
    for row in records(inputs.query(sql, **bound)):
        sums, bucket = found[row["family"], row["trait"]][row["value"]], row["bucket"]
        sums.customers += row["customers"]
        sums.buyers += row["buyers"]
        sums.net += row["net"]
        sums.counts[bucket] = float(row["customers"])
        sums.spend[bucket] = float(row["net"])
        sums.capped[bucket] = float(row["capped"])
    return {
        key: dict(sorted(found[key].items()))
        for key in sorted(found, key=trait_order)
        if set(found[key]) != {UNKNOWN}
    }


def ordered(
    key: Key, values: Mapping[str, Any], bands: Sequence[Band], sizes: Mapping[str, int]
) -> list[str]:
    """Ages by age, others by number of customers; 'other' and the unknown come last."""
    ages = [band.label for band in bands] if key == ("person", "age") else []
    return sorted(
        values,
        key=lambda v: (v == UNKNOWN, v == OTHER, ages.index(v) if v in ages else len(ages), -sizes[v], v),
    )


def traits_table(
    inputs: Inputs,
    found: Mapping[Key, Mapping[str, Sums]],
    bands: Sequence[Band],
    sql: str,
    bound: Mapping[str, Any],
) -> Table:
    """One row per trait and value, unknown included; each known value tested against the other known ones."""
    min_n = inputs.settings.min_n
    rows = [row for key, values in found.items() for row in _rows(key, values, bands, min_n)]
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
        row["verdict"] = _verdict(row, q)
    return inputs.computed(
        "traits", Text("各项特征与消费", "Traits and spend"), TRAITS, ("family", "trait", "value"), rows,
        method="evidence.statistics.part_means", sql=sql, **bound,
    )  # fmt: skip


def _rows(
    key: Key, values: Mapping[str, Sums], bands: Sequence[Band], min_n: int
) -> Iterator[dict[str, Any]]:
    everybody = sum(sums.customers for sums in values.values())
    money = sum((sums.net for sums in values.values()), Decimal(0))
    means = _means({value: sums for value, sums in values.items() if value != UNKNOWN}, min_n)
    for value in ordered(key, values, bands, {v: s.customers for v, s in values.items()}):
        sums, (mean, capped) = values[value], means.get(value, (None, None))
        enough = sums.customers >= min_n
        testable = mean is not None and min(mean.customers, mean.rest_customers) >= min_n
        yield {
            "family": key[0], "trait": key[1], "value": value, "customers": sums.customers,
            "share": sums.customers / everybody if everybody >= min_n else None,
            "buyers": sums.buyers, "net_revenue": sums.net,
            "revenue_share": float(sums.net / money) if everybody >= min_n and money > 0 else None,
            "per_customer": sums.net / sums.customers if enough else None,
            "low": mean.low if mean and enough else None, "high": mean.high if mean and enough else None,
            "rest": mean.rest if mean and testable else None,
            "capped": capped.mean if capped and enough else None,
            "p": _both(mean, capped) if testable else None, "q": None, "verdict": "untested",
        }  # fmt: skip


def _means(values: Mapping[str, Sums], min_n: int) -> dict[str, tuple[PartMean | None, PartMean | None]]:
    """Mean spend of each value, plain and capped."""
    import numpy as np

    if sum(sums.customers for sums in values.values()) < min_n:
        return {}

    def array(name: str) -> NDArray[np.float64]:
        return np.array([getattr(sums, name) for sums in values.values()]).T

    counts = array("counts")
    plain, capped = part_means(array("spend"), counts), part_means(array("capped"), counts)
    return dict(zip(values, zip(plain, capped, strict=True), strict=True))


def _both(plain: PartMean | None, capped: PartMean | None) -> float | None:
    """The weaker of both tests where they agree: a difference that only a few large customers make is none."""
    if plain is None or capped is None or plain.p is None or capped.p is None:
        return None
    agree = (plain.mean > plain.rest) == (capped.mean > capped.rest)
    return max(plain.p, capped.p) if agree else 1.0


def _verdict(row: Mapping[str, Any], q: float) -> str:
    if q > FALSE_DISCOVERY:
        return "none"
    return "higher" if row["per_customer"] > row["rest"] else "lower"


def gaps_table(inputs: Inputs, found: Mapping[Key, Mapping[str, Sums]]) -> Table:
    """How many customers of each trait are to be verified."""
    rows = []
    for (family, trait), values in found.items():
        everybody = sum(sums.customers for sums in values.values())
        unknown = values[UNKNOWN].customers if UNKNOWN in values else 0
        rows.append({"family": family, "trait": trait, "customers": everybody, "unknown": unknown,
                     "share": unknown / everybody if everybody >= inputs.settings.min_n else None})  # fmt: skip
    return inputs.computed(
        "gaps", Text("待核实的特征", "Traits to be verified"), GAPS, ("family", "trait"), rows,
        method="profile.traits.gaps_table", inputs=("traits",),
    )  # fmt: skip
