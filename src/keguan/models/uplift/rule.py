"""The best rule on one variable: the baseline that a model has to beat to be worth its trouble.

A rule halves the customers; its gains are a triangle over the random line, of area p (1 - p) (u1 - u0) / 2 with p the
share inside and u the effects inside and outside. The rule with the largest area on the training rows is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from keguan.models.uplift.design import Columns, Feature, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_VALUES = 12  # of a number whose single values are tried; others are cut at their tenths
FEWEST = 30  # of each arm on each side
Relation = Literal["==", "!=", ">=", "<"]
OPPOSITE: dict[Relation, Relation] = {"==": "!=", "!=": "==", ">=": "<", "<": ">="}


@dataclass(frozen=True)
class Rule:
    """`feature relation value`; a number that is missing is outside of any rule."""

    feature: Feature
    relation: Relation
    value: str | float

    def __str__(self) -> str:
        shown = self.value if isinstance(self.value, str) else f"{self.value:.6g}"
        return f"{self.feature.name} {self.relation} {shown}"

    def inside(self, columns: Columns) -> NDArray[np.bool_]:
        """Which rows it names."""
        import numpy as np

        given = columns[self.feature.name]
        if self.feature.kind == "text":
            same: NDArray[np.bool_] = words(given) == self.value
            return same if self.relation == "==" else ~same
        values, border = np.asarray(given, dtype=np.float64), float(self.value)
        made = {
            "==": values == border, "!=": (values != border) & ~np.isnan(values),
            ">=": values >= border, "<": values < border,
        }  # fmt: skip
        found: NDArray[np.bool_] = made[self.relation]
        return found


def best_rule(
    features: Sequence[Feature],
    columns: Columns,
    treated: NDArray[np.bool_],
    outcome: NDArray[np.float64],
) -> Rule | None:
    """The rule with the largest area; None where no rule leaves thirty of each arm on both sides."""
    import numpy as np

    best: tuple[float, Rule] | None = None
    for rule in (rule for feature in features for rule in _tried(feature, columns)):
        inside = rule.inside(columns)
        cells = (inside & treated, inside & ~treated, ~inside & treated, ~inside & ~treated)
        if min(int(cell.sum()) for cell in cells) < FEWEST:
            continue
        one, two, three, four = (float(outcome[cell].mean()) for cell in cells)
        share = float(inside.mean())
        area = share * (1 - share) * ((one - two) - (three - four)) / 2
        better = rule if area >= 0 else Rule(rule.feature, OPPOSITE[rule.relation], rule.value)
        if best is None or abs(area) > best[0] + 1e-12:
            best = (abs(area), better)
    return _plainly(best[1], columns) if best and np.isfinite(best[0]) else None


def _tried(feature: Feature, columns: Columns) -> Iterator[Rule]:
    import numpy as np

    given = columns[feature.name]
    if feature.kind == "text":
        found, counts = np.unique(words(given), return_counts=True)
        yield from (
            Rule(feature, "==", str(w)) for w, n in zip(found, counts, strict=True) if n >= 2 * FEWEST
        )
        return
    values = np.unique(np.asarray(given, dtype=np.float64)[~np.isnan(np.asarray(given, dtype=np.float64))])
    if len(values) <= MOST_VALUES:
        yield from (Rule(feature, "==", float(value)) for value in values)
        cuts = values[1:]
    else:
        known = np.asarray(given, dtype=np.float64)
        cuts = np.unique(np.nanquantile(known, np.arange(1, 10) / 10))
    yield from (Rule(feature, ">=", float(value)) for value in cuts)


def _plainly(rule: Rule, columns: Columns) -> Rule:
    """Of two values, 'not 0' is '1'."""
    import numpy as np

    if rule.relation != "!=" or rule.feature.kind == "text":
        return rule
    values = np.asarray(columns[rule.feature.name], dtype=np.float64)
    others = [
        float(value) for value in np.unique(values) if not np.isnan(value) and float(value) != rule.value
    ]
    return Rule(rule.feature, "==", others[0]) if len(others) == 1 else rule
