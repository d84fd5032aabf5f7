"""What gives each customer of today an advice: fitted parameters only, so that it runs wherever the rows are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keguan.models.uplift.design import Feature
from keguan.models.uplift.held_out import BANDS, MODEL, HeldOut, Trial, final_model
from keguan.models.uplift.learners import Model
from keguan.models.uplift.rule import Rule
from keguan.models.uplift.tables import usual_rule

if TYPE_CHECKING:
    import pyarrow as pa

SCORED = {"account_no": "INTEGER", "label": "VARCHAR", "score": "DOUBLE"}
DIGITS = 6


@dataclass(frozen=True)
class Scorer:
    """`teacher` ranks a customer; `borders`: scores between the bands, from the best down; `advice` of each band."""

    teacher: Model | Rule
    borders: tuple[float, ...]
    advice: tuple[str, ...]
    features: tuple[Feature, ...]

    @property
    def method(self) -> str:
        """Its name in the evidence, with a digest of all that was fitted."""
        digest = hashlib.sha256(repr(self).encode()).hexdigest()[:12]
        return f"uplift.scorer.Scorer: {type(self.teacher).__name__.lower()} {digest}"

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import numpy as np
        import pyarrow as pa

        columns = columns_of(batch, self.features)
        scores = (
            self.teacher.inside(columns).astype(np.float64)
            if isinstance(self.teacher, Rule)
            else self.teacher.score(columns)
        )
        band = (scores[:, None] < np.array(self.borders)[None, :]).sum(axis=1)
        label = np.array(self.advice, dtype=object)[band]
        return pa.record_batch(
            {
                "account_no": batch.column("account_no"), "label": pa.array(label, pa.string()),
                "score": pa.array(np.round(scores, DIGITS), pa.float64()),
            }
        )  # fmt: skip


def scorer(trial: Trial, held: HeldOut, used: str, bands: Sequence[dict[str, Any]]) -> Scorer | None:
    """From the ranking in use and what its bands advise; None where the ranking cannot be learned from all."""
    import numpy as np

    advice = tuple(str(row["verdict"]) for row in bands if row["ranking"] == used)
    if used == MODEL:
        model = final_model(trial, held)
        if model is None:
            return None
        borders = np.quantile(model.score(trial.columns), 1 - np.arange(1, BANDS) / BANDS)
        return Scorer(model, tuple(borders.tolist()), advice, trial.features)
    rule = usual_rule(held)
    return Scorer(rule, (0.5,), advice, trial.features) if rule is not None and len(advice) == 2 else None


def columns_of(rows: pa.RecordBatch | pa.Table, features: Sequence[Feature]) -> dict[str, Any]:
    """Columns as learners take them: floats with NaN, texts as objects with None."""
    import numpy as np
    import pyarrow as pa

    made: dict[str, Any] = {}
    for feature in features:
        column = rows.column(feature.name)
        if feature.kind == "text":
            made[feature.name] = np.array(column.to_pylist(), dtype=object)
            continue
        floats = column.cast(pa.float64())
        made[feature.name] = (
            floats.to_numpy(zero_copy_only=False) if isinstance(floats, pa.Array) else floats.to_numpy()
        )
    return made
