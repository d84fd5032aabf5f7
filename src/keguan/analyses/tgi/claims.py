"""What is said about the traits of segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from keguan.analyses.tgi.params import Params
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.marts.profile_traits import OTHER, SET_BY_SPEND
from keguan.marts.segmentations import SEGMENTATIONS
from keguan.result import Cell, Claim, Result, Test

MOST, MOST_OF_SEGMENT = 8, 2

TEXT: Mapping[str, Text] = {
    "higher": Text(
        "「{segment}」的{whom}中，{trait}为「{value}」的占 {share}，全体为 {base_share}，显著高于其余客户，TGI {index}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of {whom} in '{segment}' {share} have {trait} '{value}', against {base_share} of all, significantly higher than "
        "the others: TGI {index} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "lower": Text(
        "「{segment}」的{whom}中，{trait}为「{value}」的占 {share}，全体为 {base_share}，显著低于其余客户，TGI {index}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of {whom} in '{segment}' {share} have {trait} '{value}', against {base_share} of all, significantly lower than "
        "the others: TGI {index} (95% interval {low} to {high}; n={n}, {base}).",
    ),
}


def tgi_claims(result: Result, params: Params) -> tuple[Claim, ...]:
    """The clearest differences, no more than two of a segment; of two values only the one that is more frequent."""
    rows = result.table("tgi").records()
    choices = Counter((row["segment"], row["family"], row["trait"]) for row in rows)
    # Where goods went, and a level given for spend, follow from what was bought.
    left_out = (*SET_BY_SPEND, "delivery") if SEGMENTATIONS[params.segmentation].by_purchases else ()
    found = [
        row for row in rows
        if row["verdict"] in ("higher", "lower") and abs(row["index"] - 100) >= params.min_difference
        and row["value"] != OTHER and row["trait"] not in left_out
        and (row["verdict"] == "higher" or choices[row["segment"], row["family"], row["trait"]] > 2)
    ]  # fmt: skip
    found.sort(key=lambda row: (row["q"], -abs(row["index"] - 100), *_key(row).values()))
    # Who is no company: persons, or, where no kind is known, simply customers.
    persons = "person" if any(row["trait"] == "kind" for row in rows) else "all"
    said: Counter[str] = Counter()
    claims: list[Claim] = []
    for row in found:
        if said[row["segment"]] < MOST_OF_SEGMENT and len(claims) < MOST:
            said[row["segment"]] += 1
            claims.append(_claim(row, SEGMENTATIONS[params.segmentation].vocabulary, persons))
    return tuple(claims)


def _key(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in ("segment", "family", "trait", "value")}


def _claim(row: Mapping[str, Any], vocabulary: str, persons: str) -> Claim:
    key = _key(row)
    whom = {"person": persons, "company": "company", "contact": "company"}.get(row["family"], "all")
    return Claim(
        says=row["verdict"],
        key="tgi/" + "/".join(key.values()),
        values={name: Cell("tgi", key, name) for name in ("share", "base_share", "index", "low", "high")},
        n=row["known"],
        base=Text("分群内已知该特征的客户", "customers of the segment of whom it is known"),
        strength="tested",
        test=Test("two proportions; Koopman interval", True, row["p"], row["low"], row["high"], corrected(row["q"])),
        labels={"segment": (row["segment"], vocabulary), "trait": (row["trait"], "trait"),
                "value": (row["value"], "trait_value"), "whom": (whom, "trait_whom")},
        certainty=1 - row["q"],
        topic=f"tgi/{row['segment']}/{row['trait']}",
    )  # fmt: skip
