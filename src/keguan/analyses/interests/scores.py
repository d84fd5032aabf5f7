"""Scores per customer: shrunk shares with a level, how they are spread, and what they are in each segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING, Any

from keguan.analyses.interests.columns import BY_SEGMENT, LEVELS, SCORES
from keguan.analyses.interests.trials import Told, trials_sql
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.engine.arrays import records
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.beta_binomial import Shrinkage, shrinkage
from keguan.evidence.statistics.bootstrap import BUCKET, BUCKETS
from keguan.evidence.statistics.part_means import part_means
from keguan.result import Column, Relation, Table
from keguan.schema.vocabulary import UNKNOWN, VOCABULARIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW = "次数不足"
ORDER = tuple(VOCABULARIES["interest_score"])
LABELS = ("高", "中", "低", FEW)


def sums_sql(told: Told, view: str) -> str:
    """Sums by score, segment and random group, with what the shrinkage is found from."""
    return f"""
WITH {trials_sql(told, told.scores)}, labelled AS (
  SELECT t.account_no, t.score, t.x, t.n, t.adjusted, coalesce(s.label, '{UNKNOWN}') AS segment
  FROM trials t LEFT JOIN {view} s ON s.account_no = t.account_no
)
SELECT score, segment, CAST({BUCKET} AS INTEGER) AS bucket,
       count(*) AS customers, CAST(sum(x) AS BIGINT) AS x, CAST(sum(n) AS BIGINT) AS n,
       CAST(sum(adjusted) AS DOUBLE) AS adjusted,
       CAST(sum(CAST(CAST(adjusted AS DOUBLE) * CAST(adjusted AS DOUBLE) AS DECIMAL(18, 6))) AS DOUBLE) AS squared,
       CAST(sum(CAST(coalesce(CAST(x * x AS DOUBLE) / nullif(CAST(adjusted AS DOUBLE), 0), 0) AS DECIMAL(18, 6)))
            AS DOUBLE) AS own
FROM labelled
GROUP BY score, segment, {BUCKET}
"""


@dataclass
class Sums:
    """What one score adds up to in a segment."""

    customers: int = 0
    x: int = 0
    n: int = 0
    adjusted: float = 0.0
    squared: float = 0.0
    own: float = 0.0
    hits: list[float] = field(default_factory=lambda: [0.0] * BUCKETS)
    tries: list[float] = field(default_factory=lambda: [0.0] * BUCKETS)


Found = Mapping[str, Mapping[str, Sums]]  # score -> segment -> sums


def score_sums(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> Found:
    """The answer by score and segment."""
    found: dict[str, dict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
    rows = sorted(
        records(inputs.query(sql, **bound)), key=lambda row: (row["score"], row["segment"], row["bucket"])
    )
    for row in rows:
        sums = found[row["score"]][row["segment"]]
        sums.customers += int(row["customers"])
        sums.x += int(row["x"])
        sums.n += int(row["n"])
        sums.adjusted += row["adjusted"]
        sums.squared += row["squared"]
        sums.own += row["own"]
        sums.hits[row["bucket"]] += row["x"]
        sums.tries[row["bucket"]] += row["adjusted"]
    return {score: dict(segments) for score, segments in found.items()}


def bases(found: Found, min_n: int) -> dict[str, Shrinkage]:
    """Share and strength of the base of each score, of at least `min_n` customers."""
    out = {}
    for score in (name for name in ORDER if name in found):
        values = list(found[score].values())
        customers = sum(s.customers for s in values)
        made = shrinkage(
            customers, sum(s.x for s in values), fsum(s.adjusted for s in values), fsum(s.squared for s in values),
            fsum(s.own for s in values),
        )  # fmt: skip
        if made is not None and customers >= min_n:
            out[score] = Shrinkage(round(made.share, 6), round(made.strength, 3), made.differs)
    return out


def scored_sql(told: Told, base: Mapping[str, Shrinkage]) -> str:
    """CTEs up to `scored`: account_no, score, value (shrunk share), label."""
    values = ", ".join(
        f"('{score}', CAST('{made.share!r}' AS DOUBLE), CAST('{made.strength!r}' AS DOUBLE))"
        for score, made in base.items()
    )
    return f"""
{trials_sql(told, tuple(base))}, shrunk AS (
  SELECT t.account_no, t.score, t.n, b.p,
         CAST(least((t.x + b.m * b.p) / (CAST(t.adjusted AS DOUBLE) + b.m), 1) AS DECIMAL(18, 6)) AS value
  FROM trials t JOIN (VALUES {values}) AS b(score, p, m) ON b.score = t.score
), scored AS (
  SELECT account_no, score, value,
         CASE WHEN n < $least THEN '{FEW}'
              WHEN CAST(value AS DOUBLE) * (1 - p) >= $odds * p * (1 - CAST(value AS DOUBLE)) THEN '高'
              WHEN CAST(value AS DOUBLE) * (1 - p) * $odds <= p * (1 - CAST(value AS DOUBLE)) THEN '低'
              ELSE '中' END AS label
  FROM shrunk
)"""


def score_relations(
    told: Told, base: Mapping[str, Shrinkage], bound: Mapping[str, Any]
) -> tuple[Relation, ...]:
    """One relation a score: every customer with at least one trial, level as label, shrunk share as score."""
    return tuple(
        Relation(
            f"interests_{score}", VOCABULARIES["interest_score"][score],
            f"WITH {scored_sql(told, {score: made})}\n"
            "SELECT account_no, label, CAST(value AS VARCHAR) AS score FROM scored",
            dict(bound), kind="scores", vocabulary="score_level",
        )
        for score, made in base.items()
    )  # fmt: skip


def levels_table(
    inputs: Inputs, told: Told, base: Mapping[str, Shrinkage], bound: Mapping[str, Any]
) -> Table:
    """Customers by score and level, few trials apart."""
    title = Text("各项偏好的高低", "Levels of the scores")
    if not base:
        return inputs.computed("levels", title, LEVELS, ("score", "label"), [], method="interests.scores")
    wanted = " UNION ALL ".join(
        f"SELECT '{score}' AS score, '{label}' AS label, {i * 10 + j} AS place"
        for i, score in enumerate(base)
        for j, label in enumerate(LABELS)
    )
    sql = f"""
WITH {scored_sql(told, base)}, counted AS (
  SELECT score, label, count(*) AS customers FROM scored GROUP BY score, label
)
SELECT w.score, w.label, coalesce(c.customers, 0) AS customers,
       CASE WHEN w.label <> '{FEW}' THEN
         CAST(coalesce(c.customers, 0) AS DOUBLE)
         / nullif(sum(CASE WHEN w.label <> '{FEW}' THEN c.customers END) OVER (PARTITION BY w.score), 0) END AS share
FROM ({wanted}) w
LEFT JOIN counted c ON c.score = w.score AND c.label = w.label
ORDER BY w.place
"""
    return inputs.table("levels", title, LEVELS, ("score", "label"), sql, **bound)


def scores_table(
    inputs: Inputs, found: Found, base: Mapping[str, Shrinkage], sql: str, bound: Mapping[str, Any]
) -> Table:
    """Each score over all customers: its share, and how many trials outweigh the base."""
    rows = []
    for score in (name for name in ORDER if name in found):
        segments, made = found[score], base.get(score)
        rows.append({"score": score, "customers": sum(s.customers for s in segments.values()),
                     "successes": sum(s.x for s in segments.values()), "trials": sum(s.n for s in segments.values()),
                     "share": made.share if made else None, "strength": made.strength if made else None})  # fmt: skip
    return inputs.computed(
        "scores", Text("偏好与敏感度", "Preferences and sensitivities"), SCORES, ("score",), rows,
        method="evidence.statistics.beta_binomial", sql=sql, **bound,
    )  # fmt: skip


def segment_table(
    inputs: Inputs, found: Found, column: Column, names: Sequence[str], sql: str, bound: Mapping[str, Any]
) -> Table:
    """Each score in each segment, all trials together, tested against the other customers."""
    import numpy as np

    min_n, rows = inputs.settings.min_n, []
    for score in (name for name in ORDER if name in found):
        present = [name for name in names if name in found[score]]

        def array(what: str, score: str = score, present: Sequence[str] = present) -> NDArray[np.float64]:
            return np.array([getattr(found[score][name], what) for name in present]).T

        everybody = sum(found[score][name].customers for name in present)
        for name, mean in zip(present, part_means(array("hits"), array("tries")), strict=True):
            sums = found[score][name]
            enough = mean is not None and sums.customers >= min_n
            testable = enough and everybody - sums.customers >= min_n and name != UNKNOWN
            rows.append(
                {"segment": name, "score": score, "customers": sums.customers, "trials": sums.n,
                 "share": mean.mean if mean and enough else None, "low": mean.low if mean and enough else None,
                 "high": mean.high if mean and enough else None, "rest": mean.rest if mean and testable else None,
                 "p": mean.p if mean and testable else None, "q": None, "verdict": "untested"}
            )  # fmt: skip
    corrected_verdicts(rows)
    return inputs.computed(
        "by_segment", Text("各分群的偏好与敏感度", "Preferences by segment"), (column, *BY_SEGMENT), ("segment", "score"),
        rows, method="evidence.statistics.part_means", sql=sql, **bound,
    )  # fmt: skip


def corrected_verdicts(rows: list[dict[str, Any]]) -> None:
    """Fills q and verdict of all rows with a p, corrected together."""
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
        row["verdict"] = (
            "none" if q > FALSE_DISCOVERY else "higher" if row["share"] > row["rest"] else "lower"
        )
