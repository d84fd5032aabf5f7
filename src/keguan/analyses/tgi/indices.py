"""The index of every trait value in every segment, and how much of each trait is to be verified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.target_index import target_index
from keguan.marts.age_bands import Band
from keguan.marts.profile_traits import trait_order
from keguan.result import Column, Table
from keguan.schema.vocabulary import UNKNOWN

Key = tuple[str, str]  # family, trait
Counts = Mapping[Key, Mapping[str, Mapping[str, int]]]  # -> value -> segment -> customers


def counts_sql(traits: str, segments: str) -> str:
    """Customers by segment, trait and value."""
    return f"""
WITH {traits}
SELECT s.label AS segment, t.family, t.trait, t.value, count(*) AS customers
FROM traits t
JOIN {segments} s ON s.account_no = t.account_no
GROUP BY s.label, t.family, t.trait, t.value
ORDER BY segment, t.family, t.trait, t.value
"""


@dataclass(frozen=True, slots=True)
class Segment:
    """The column of segments with its vocabulary, and the segments there are."""

    column: Column
    names: Sequence[str]


def counted(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> Counts:
    """The answer by trait, value and segment; traits of which nothing is known are left out."""
    found: dict[Key, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in inputs.query(sql, **bound).to_pylist():
        found[row["family"], row["trait"]][row["value"]][row["segment"]] = int(row["customers"])
    return {key: found[key] for key in sorted(found, key=trait_order) if set(found[key]) != {UNKNOWN}}


def index_table(
    inputs: Inputs, found: Counts, segment: Segment, bands: Sequence[Band], sql: str, bound: Mapping[str, Any]
) -> Table:
    """One row per segment, trait and known value; all tests corrected together."""
    rows = [
        row
        for key, values in found.items()
        for row in _rows(key, values, segment, bands, inputs.settings.min_n)
    ]
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
        row["verdict"] = "none" if q > FALSE_DISCOVERY else "higher" if row["index"] > 100 else "lower"
    return inputs.computed(
        "tgi", Text("各分群的 TGI", "TGI by segment"), (segment.column, *COLUMNS), ("segment", "family", "trait", "value"),
        rows, method="evidence.statistics.target_index", sql=sql, **bound,
    )  # fmt: skip


def _rows(
    key: Key, values: Mapping[str, Mapping[str, int]], segment: Segment, bands: Sequence[Band], min_n: int
) -> Iterator[dict[str, Any]]:
    known = {value: counts for value, counts in values.items() if value != UNKNOWN}
    totals = {name: sum(counts.get(name, 0) for counts in known.values()) for name in segment.names}
    base = sum(totals.values())
    ages = [band.label for band in bands] if key == ("person", "age") else []
    sizes = {value: sum(counts.values()) for value, counts in known.items()}
    order = sorted(known, key=lambda v: (ages.index(v) if v in ages else len(ages), -sizes[v], v))
    for name in segment.names:
        rest = base - totals[name]
        enough = min(totals[name], rest) >= min_n
        for value in order:
            inside = known[value].get(name, 0)
            index = target_index(inside, totals[name], sizes[value] - inside, rest) if enough else None
            yield {
                "segment": name, "family": key[0], "trait": key[1], "value": value, "customers": inside,
                "known": totals[name], "share": index.share if index else None,
                "base": sizes[value], "base_known": base, "base_share": index.base if index else None,
                "index": index.index if index else None, "low": index.low if index else None,
                "high": index.high if index else None,
                "p": index.p if index and len(known) > 1 else None, "q": None, "verdict": "untested",
            }  # fmt: skip


def unknown_table(inputs: Inputs, found: Counts, segment: Segment) -> Table:
    """Who is left out of the indices because the trait is to be verified, by segment."""
    rows = []
    for (family, trait), values in found.items():
        for name in segment.names:
            everybody = sum(counts.get(name, 0) for counts in values.values())
            missing = values.get(UNKNOWN, {}).get(name, 0)
            if everybody:
                share = missing / everybody if everybody >= inputs.settings.min_n else None
                rows.append({"segment": name, "family": family, "trait": trait, "customers": everybody,
                             "unknown": missing, "share": share})  # fmt: skip
    return inputs.computed(
        "unknown", Text("待核实、不计入 TGI 的客户", "Customers to be verified, left out of the TGI"),
        (segment.column, *UNKNOWNS), ("segment", "family", "trait"), rows, method="tgi.indices", inputs=("tgi",),
    )  # fmt: skip


FAMILY = Column(
    "family", Text("对象或来源", "Of whom, or told by"), "label", role="key", vocabulary="trait_family"
)
TRAIT = Column("trait", Text("特征", "Trait"), "label", role="key", vocabulary="trait")
COLUMNS = (
    FAMILY, TRAIT,
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="trait_value"),
    Column("customers", Text("分群内人数", "In the segment"), "count"),
    Column("known", Text("分群内已知", "Known in the segment"), "count"),
    Column("share", Text("占分群", "Share of the segment"), "share",
           note=Text("分母为已知该特征的客户", "of those of whom it is known")),
    Column("base", Text("全体人数", "In the base"), "count"),
    Column("base_known", Text("全体已知", "Known in the base"), "count"),
    Column("base_share", Text("占全体", "Share of the base"), "share"),
    Column("index", Text("TGI", "TGI"), "number", 0,
           note=Text("占分群 / 占全体 x 100；全体包含该分群", "share of the segment / share of the base x 100; the segment is "
                     "part of the base")),
    Column("low", Text("区间下限", "Interval from"), "number", 0, role="low",
           note=Text("95% 区间：由分群与其余客户之比的 Koopman 得分区间换算",
                     "95 % interval, from Koopman's score interval of the ratio of segment and others")),
    Column("high", Text("区间上限", "Interval to"), "number", 0, role="high"),
    Column("p", Text("p 值", "p"), "number", 4),
    Column("q", Text("校正后 q", "q, corrected"), "number", 4,
           note=Text("对全部分群与特征作 Benjamini-Hochberg 校正", "corrected over all rows (Benjamini-Hochberg)")),
    Column("verdict", Text("与其余客户比较", "Against the others"), "label", vocabulary="difference"),
)  # fmt: skip
UNKNOWNS = (
    FAMILY, TRAIT,
    Column("customers", Text("适用的客户", "Customers it applies to"), "count"),
    Column("unknown", Text("待核实", "To be verified"), "count"),
    Column("share", Text("待核实占比", "Share to be verified"), "share"),
)  # fmt: skip
