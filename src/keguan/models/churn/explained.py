"""Why: what raises the probability of the customers on the list, of a segment, and of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.snapshot_features import PLACE, PLACES
from keguan.models.churn import columns as c
from keguan.models.churn.basis import Scores
from keguan.models.churn.scorer import arrays
from keguan.models.churn.tables import top_sql
from keguan.result import Table

MOST_ROWS = 20_000  # that are explained for segments and for all
REASONS = 3
Reasons = Mapping[tuple[int, int], tuple[tuple[str, str], ...]]


def reasons(inputs: Inputs, scores: Scores, listed: int) -> Reasons:
    """Of each customer on the list the features that raise the probability most, with their values."""
    sql = f"""
SELECT f.* FROM ({scores.sql}) f JOIN ({top_sql(scores)}) t ON t.account_no = f.account_no AND t.item = f.item
ORDER BY f.account_no, f.item"""
    columns = arrays(
        inputs.query(sql, **{**scores.bound, "places": PLACES, "listed": listed}), scores.scorer.numeric
    )
    names, added = scores.scorer.contributions(columns)
    made: dict[tuple[int, int], tuple[tuple[str, str], ...]] = {}
    for row in range(len(added)):
        order = sorted(range(len(names)), key=lambda place: (-round(added[row, place], 6), names[place]))
        raising = [place for place in order if added[row, place] > 1e-6][:REASONS]
        said = tuple((scores.names.get(names[p], names[p]), shown(columns[names[p]][row])) for p in raising)
        made[(int(columns["account_no"][row]), int(columns["item"][row]))] = said
    return made


def shown(value: Any) -> str:
    """A value of a feature as text; a missing one is a dash."""
    if value is None or value != value:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.2f}"


def driver_tables(inputs: Inputs, scores: Scores, count: int) -> tuple[Table, Table]:
    """What moves probabilities most among all, and what raises those of each segment."""
    sql = f"""
SELECT f.*, {scores.segment} AS segment FROM (SELECT * FROM ({scores.sql}) r WHERE {PLACE} < $looked) f {scores.joined}
JOIN {scores.view} w ON w.account_no = f.account_no AND w.item = f.item
ORDER BY f.account_no, f.item"""
    bound = {**scores.bound, "places": PLACES, "looked": -(-PLACES * MOST_ROWS // max(count, 1))}
    columns = arrays(inputs.query(sql, **bound), scores.scorer.numeric)
    names, added = scores.scorer.contributions(columns)
    probability = scores.scorer.probability(columns)
    drivers = inputs.computed(
        f"{scores.prefix}drivers", Text("什么推高流失概率", "What raises the probability of churn"), c.DRIVERS, ("driver",),
        _drivers(names, added, columns, scores.names), method="churn.explained.driver_tables", sql=sql, **bound,
    )  # fmt: skip
    title = Text("各客群中推高概率的因素", "What raises it in each segment")
    terms = [
        replace(item, vocabulary=scores.segment_terms) if item.name == "segment" else item
        for item in c.SEGMENTS
    ]
    segments = inputs.computed(
        f"{scores.prefix}segments", title, terms, ("segment", "place"),
        _segments(scores, names, added, columns["segment"], probability, inputs.settings.min_n),
        method="churn.explained.driver_tables", sql=sql, **bound,
    )  # fmt: skip
    return drivers, replace(segments, appendix=True)


def _drivers(
    names: tuple[str, ...], added: Any, columns: Mapping[str, Any], known: Mapping[str, str]
) -> list[Any]:
    import numpy as np

    weights = np.abs(added).mean(axis=0)
    total = float(weights.sum())
    order = sorted(range(len(names)), key=lambda place: (-round(float(weights[place]), 6), names[place]))
    rows = []
    for place in order if total > 0 else ():
        raises, contribution = _raising(columns[names[place]], added[:, place])
        rows.append(
            {
                "driver": known.get(names[place], names[place]), "weight": float(weights[place]) / total,
                "raises": raises, "contribution": contribution,
            }
        )  # fmt: skip
    return rows


def _raising(values: Any, added: Any) -> tuple[str | None, float | None]:
    """The level, or the end of the scale, whose rows a feature raises most, and by how much."""
    import numpy as np

    if values.dtype == object:
        words = np.array(["–" if value is None else str(value) for value in values])
        levels, place = np.unique(words, return_inverse=True)
        means = np.bincount(place, weights=added) / np.bincount(place)
        most = int(np.argmax(np.round(means, 6)))
        return str(levels[most]), float(means[most])
    known = ~np.isnan(values)
    if not known.any():
        return None, None
    middle = np.median(values[known])
    above, below = added[known & (values > middle)], added[known & (values <= middle)]
    if len(above) == 0:
        return None, None
    high, low = float(above.mean()), float(below.mean())
    return ("high", high) if high > low else ("low", low)


def _segments(
    scores: Scores, names: tuple[str, ...], added: Any, segment: Any, probability: Any, min_n: int
) -> list[Any]:
    rows = []
    overall = added.mean(axis=0) if len(added) else None
    for label in sorted({str(value) for value in segment if value is not None}):
        inside = segment == label
        if inside.sum() < min_n or overall is None:
            continue
        means = added[inside].mean(axis=0) - overall
        order = sorted(range(len(names)), key=lambda place: (-round(float(means[place]), 6), names[place]))
        telling = [p for p in order if means[p] > 1e-6 and names[p] not in scores.defining]
        for number, place in enumerate(telling[:REASONS], 1):
            rows.append(
                {
                    "segment": label, "place": number, "customers": int(inside.sum()),
                    "mean": float(probability[inside].mean()), "driver": scores.names.get(names[place], names[place]),
                    "contribution": float(means[place]),
                }
            )  # fmt: skip
    return rows
