"""What gives each customer a probability: fitted parameters only, so that it runs wherever the rows are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keguan.models.churn.design import Columns
from keguan.models.churn.learners import Fitted, folds, taken

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

SCORED = {
    "account_no": "INTEGER", "item": "INTEGER", "money": "DECIMAL(18, 4)", "probability": "DOUBLE", "label": "VARCHAR",
}  # fmt: skip
DIGITS = 6  # of a stored probability
LEVELS = ("低", "中", "高")


@dataclass(frozen=True)
class Scorer:
    """Of one model, or of several of which each customer gets the one that has not seen it (`seed` of the folds)."""

    models: tuple[Fitted, ...]
    borders: tuple[float, float]
    numeric: tuple[str, ...] = ()  # text columns that are numbers
    seed: int = 0

    @property
    def method(self) -> str:
        """Its name in the evidence: the learner, and a digest of all that was fitted and set."""
        digest = hashlib.sha256(repr(self).encode()).hexdigest()[:12]
        return f"churn.scorer.Scorer: {self.models[0].name} {digest}"

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import numpy as np
        import pyarrow as pa

        columns = arrays(batch, self.numeric)
        probability = np.round(self.probability(columns), DIGITS)
        level = np.array(LEVELS, dtype=object)[np.digitize(probability, self.borders)]
        kept = {name: batch.column(name) for name in ("account_no", "item", "money")}
        return pa.record_batch(
            {
                **kept,
                "probability": pa.array(probability, pa.float64()),
                "label": pa.array(level, pa.string()),
            }
        )

    def probability(self, columns: Columns) -> NDArray[Any]:
        """Calibrated probabilities of rows."""
        import numpy as np

        if len(self.models) == 1:
            return self.models[0].probability(columns)
        made = np.zeros(len(columns["account_no"]))
        place = folds(columns["account_no"], self.seed)
        for number, model in enumerate(self.models):
            if (inside := place == number).any():
                made[inside] = model.probability(taken(columns, inside))
        return made

    def contributions(self, columns: Columns) -> tuple[tuple[str, ...], NDArray[Any]]:
        """Names of features, and what each adds to the log odds of each row."""
        import numpy as np

        names = tuple(dict.fromkeys(name for model in self.models for name in model.design.names))
        made = np.zeros((len(columns["account_no"]), len(names)))
        several = len(self.models) > 1
        place = folds(columns["account_no"], self.seed) if several else np.zeros(len(made), dtype=np.int64)
        for number, model in enumerate(self.models):
            if (inside := place == number).any():
                at = [names.index(name) for name in model.design.names]
                made[np.ix_(inside, at)] = model.contributions(taken(columns, inside))
        return names, made


def arrays(rows: pa.RecordBatch | pa.Table, numeric: tuple[str, ...] = ()) -> dict[str, Any]:
    """Columns as arrays: numbers as floats with NaN for what is missing, accounts whole, texts as objects."""
    import numpy as np
    import pyarrow as pa

    made: dict[str, Any] = {}
    for name in rows.schema.names:
        column = rows.column(name)
        if name in ("account_no", "item"):
            made[name] = np.asarray(column.to_numpy(zero_copy_only=False)).astype(np.int64) if isinstance(
                column, pa.Array) else column.to_numpy().astype(np.int64)  # fmt: skip
        elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            values = column.to_pylist()
            made[name] = (
                np.array([number(value) for value in values], dtype=np.float64)
                if name in numeric
                else np.array(values, dtype=object)
            )
        elif pa.types.is_date(column.type) or pa.types.is_null(column.type):
            made[name] = np.array(column.to_pylist(), dtype=object)
        else:
            floats = column.cast(pa.float64())
            made[name] = (
                floats.to_numpy(zero_copy_only=False) if isinstance(floats, pa.Array) else floats.to_numpy()
            )
    return made


def number(text: str | None) -> float:
    """A text as a number, NaN where it is none."""
    try:
        return float(text) if text is not None and text.strip() else float("nan")
    except ValueError:
        return float("nan")
