"""Who pays and who uses, scene, style, attitudes: which of these dimensions the data tell of, and for how many."""

from __future__ import annotations

import re
from collections.abc import Mapping

from keguan.analyses.profile.columns import DIMENSIONS
from keguan.analyses.profile.traits import Key, Sums
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.profile_traits import MASTER_FAMILIES
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

# What the name of an attribute tells of, in either language.
NAMES: Mapping[str, re.Pattern[str]] = {
    "user": re.compile(
        "使用者|使用人|为谁|购买对象|送给|recipient|end.?user|bought.?for|for.?whom", re.IGNORECASE
    ),
    "scene": re.compile("场景|场合|用途|scene|scenario|occasion|purpose", re.IGNORECASE),
    "style": re.compile("风格|款式|style|taste", re.IGNORECASE),
    "psychographic": re.compile(
        "生活方式|价值观|态度|动机|个性|性格|兴趣|理念|lifestyle|attitude|motiv|personality|interest|values",
        re.IGNORECASE,
    ),
}
OF_FAMILY = {"contact": "user", "order": "user"}


def dimension_of(family: str, trait: str) -> str:
    """Which dimension a trait belongs to: contact roles and deliveries elsewhere tell of users."""
    if family in OF_FAMILY:
        return OF_FAMILY[family]
    return next((name for name, pattern in NAMES.items() if pattern.search(trait)), "other")


def dimensions_table(inputs: Inputs, found: Mapping[Key, Mapping[str, Sums]]) -> Table:
    """One row per trait that stands outside the customer file."""
    rows = []
    for (family, trait), values in found.items():
        if family in MASTER_FAMILIES:
            continue
        known = {value: sums.customers for value, sums in values.items() if value != UNKNOWN}
        largest = min(known, key=lambda value: (-known[value], value))
        customers, told = sum(sums.customers for sums in values.values()), sum(known.values())
        rows.append(
            {
                "dimension": dimension_of(family, trait), "family": family, "trait": trait, "customers": customers,
                "known": told, "share": told / customers if customers >= inputs.settings.min_n else None,
                "choices": len(known), "largest": largest,
                "largest_share": known[largest] / told if told >= inputs.settings.min_n else None,
            }
        )  # fmt: skip
    order = [*NAMES, "other"]
    rows.sort(key=lambda row: (order.index(str(row["dimension"])), row["family"], row["trait"]))
    return inputs.computed(
        "dimensions", Text("购买者与使用者、场景、风格", "Buyer and user, scene, style"), DIMENSIONS,
        ("dimension", "family", "trait"), rows, method="profile.dimensions", inputs=("traits",),
    )  # fmt: skip
