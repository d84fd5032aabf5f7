"""Each group against all other customers, fact by fact, and what it is therefore called."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.sample_mean import SampleMean, mean_difference
from keguan.models.clusters.facts import FACTS

UNITS = {"money": "money", "pieces": "number", "purchases": "number", "silent_days": "days", "share": "share"}
STANDS_OUT = 0.5  # standard deviations
NO_CATEGORY = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of the scored view, and what it says."""

    column: str
    name: str
    category: str = NO_CATEGORY


def facts_of(categories: Sequence[str]) -> tuple[Fact, ...]:
    """Shares of the categories, then the other facts."""
    shares = tuple(Fact(f"share_{n}", "share", name) for n, name in enumerate(categories, start=1))
    return (*shares, *(Fact(f"log_{name}", name) for name in FACTS))


def sums_sql(view: str, facts: Sequence[Fact]) -> str:
    """By group: customers, net, and sum and squares of each fact, as decimals so that they add up alike anywhere."""
    sums = "".join(
        f""",
       CAST(sum(CAST({fact.column} AS DECIMAL(18, 6))) AS DOUBLE) AS {fact.column},
       CAST(sum(CAST({fact.column} * {fact.column} AS DECIMAL(18, 6))) AS DOUBLE) AS {fact.column}_squares"""
        for fact in facts
    )
    return f"""
SELECT label, count(*) AS customers,
       CAST(sum(CAST(net AS DECIMAL(18, 4))) AS DECIMAL(18, 4)) AS net_revenue{sums}
FROM {view} GROUP BY label ORDER BY label
"""


def contrast_rows(
    found: Sequence[Mapping[str, Any]], facts: Sequence[Fact], defining: Sequence[str], min_n: int
) -> list[dict[str, Any]]:
    """One row per group and fact; a group or rest under `min_n` has no averages."""
    rows, tests = [], []
    for fact in facts:
        all_of = SampleMean(
            sum(_sums(row, fact).n for row in found),
            sum(_sums(row, fact).total for row in found),
            sum(_sums(row, fact).squares for row in found),
        )
        spread = math.sqrt(all_of.error_squared * all_of.n)
        for group in found:
            own = _sums(group, fact)
            rest = all_of.minus(own)
            row: dict[str, Any] = {
                "label": group["label"], "fact": fact.name, "category": fact.category, "customers": own.n,
                "unit": UNITS[fact.name], "verdict": "untested",
                "defining": fact.name == "share" or fact.name in defining,
            }  # fmt: skip
            if min(own.n, rest.n) >= min_n:
                away = (own.mean - rest.mean) / spread if spread > 1e-9 else 0.0
                row |= {"inside": _printed(own, fact), "rest": _printed(rest, fact), "distance": away}
                tests.append((row, mean_difference(own, rest)[1]))
            rows.append(row)
    for (row, _), q in zip(tests, benjamini_hochberg([p for _, p in tests]), strict=True):
        side = "above" if row["distance"] > 0 else "below"
        row |= {"q": q, "verdict": side if q <= FALSE_DISCOVERY else "plain"}
    return sorted(rows, key=lambda row: _place(row["label"]))


def _sums(row: Mapping[str, Any], fact: Fact) -> SampleMean:
    return SampleMean(int(row["customers"]), float(row[fact.column]), float(row[f"{fact.column}_squares"]))


def _printed(of: SampleMean, fact: Fact) -> float:
    """A mean of logarithms as a geometric mean; a mean share as it is."""
    if fact.name == "share":
        return round(of.mean, 6)
    return round(math.expm1(of.mean) if fact.name == "silent_days" else math.exp(of.mean), 4)


def _place(label: str) -> int:
    return int(label.rpartition("_")[2])


def traits(rows: Sequence[Mapping[str, Any]], label: str) -> Iterator[tuple[str, str]]:
    """What the group stands out by, the most unlike first: (trait, category). Too little of a category is no trait."""
    own = [
        row
        for row in rows
        if row["label"] == label
        and row["defining"]
        and row["verdict"] in ("above", "below")
        and abs(row["distance"]) >= STANDS_OUT
        and (row["fact"] != "share" or row["distance"] > 0)
    ]
    for row in sorted(own, key=lambda row: (-round(abs(row["distance"]), 4), row["fact"], row["category"])):
        if row["fact"] == "share":
            yield "category", row["category"]
        else:
            name = "silent" if row["fact"] == "silent_days" else row["fact"]
            yield f"{name}_{'high' if row['distance'] > 0 else 'low'}", NO_CATEGORY
