"""Rows of contracts: what is known of each, with whether it has churned, and which columns give the answer away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.engine.literals import quoted
from keguan.marts.contracts import CONTRACTS
from keguan.marts.snapshot_features import PLACE, PLACES
from keguan.models.churn.design import Feature, learned
from keguan.models.churn.scorer import arrays, number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_ROWS = 50_000  # of a training sample
MOST_ATTRIBUTES = 60
GIVEN_AWAY = 0.95  # a column that alone puts events before others so well is the outcome under another name
OWN = (
    Feature("tenure", sign=-1),
    Feature("monthly_amount", "money"),
    Feature("total_amount", "money"),
    Feature("plan", "category"),
)
ATTRIBUTES_SQL = f"""
SELECT attribute, count(DISTINCT account_no) AS accounts FROM customer_attributes
WHERE account_no IN (SELECT account_no FROM subscriptions WHERE account_no IS NOT NULL)
GROUP BY attribute ORDER BY accounts DESC, attribute LIMIT {MOST_ATTRIBUTES}
"""
COUNT_SQL = f"""
WITH {CONTRACTS}
SELECT count(*) AS contracts, coalesce(sum(gone), 0) AS gone FROM contracts
WHERE gone IS NOT NULL AND account_no IS NOT NULL
"""


def contracts_sql(attributes: tuple[str, ...]) -> str:
    """One row a contract with its attributes a0, a1, ...; item numbers the contracts of a customer."""
    pivoted = "".join(
        f", max(CASE WHEN attribute = {quoted(name)} THEN attribute_value END) AS a{place}"
        for place, name in enumerate(attributes)
    )
    listed = "".join(f", t.a{place}" for place in range(len(attributes)))
    return f"""
WITH {CONTRACTS}, numbered AS (
  SELECT account_no, CAST(row_number() OVER (PARTITION BY account_no ORDER BY plan, coalesce(tenure, -1),
           coalesce(monthly_amount, 0), coalesce(total_amount, 0), coalesce(gone, -1)) AS INTEGER) AS item,
         plan, tenure, monthly_amount, total_amount, gone,
         CAST(CASE WHEN monthly_amount > 0 THEN monthly_amount * $months ELSE 0 END AS DECIMAL(18, 4)) AS money
  FROM contracts WHERE account_no IS NOT NULL
), traits AS (
  SELECT account_no{pivoted} FROM customer_attributes WHERE account_no IS NOT NULL GROUP BY account_no
)
SELECT n.account_no, n.item, n.plan, n.tenure, n.monthly_amount, n.total_amount, n.money, n.gone{listed}
FROM numbered n LEFT JOIN traits t ON t.account_no = n.account_no
"""


@dataclass(frozen=True)
class ContractRows:
    """Training rows of contracts. `names`: column a0 ... -> what it is called; `numeric`: those that are numbers."""

    sql: str
    bound: Mapping[str, Any]
    attributes: tuple[str, ...]
    names: Mapping[str, str]
    numeric: tuple[str, ...]
    features: tuple[Feature, ...]
    columns: dict[str, Any]
    events: NDArray[np.bool_]
    given_away: tuple[str, ...]  # columns left out, because they are the outcome under another name


def contract_rows(inputs: Inputs, months: int, contracts: int) -> ContractRows:
    """At most MOST_ROWS contracts whose end is known or not, in the order of their keys."""
    attributes = tuple(row["attribute"] for row in inputs.query(ATTRIBUTES_SQL).to_pylist())
    sql = contracts_sql(attributes)
    bound = {"months": months, "places": -(-PLACES * MOST_ROWS // max(contracts, 1))}
    wanted = f"""
SELECT * FROM ({sql}) c WHERE gone IS NOT NULL AND {PLACE} < $places ORDER BY account_no, item"""
    rows = inputs.query(wanted, **bound)
    own = {item.name for item in OWN}  # an attribute of the same name is another thing
    names = {f"a{place}": f"{name} #" if name in own else name for place, name in enumerate(attributes)}
    plain = arrays(rows)
    numeric = tuple(column for column in names if _is_numeric(plain[column]))
    columns = {name: values if name not in numeric else _numbers(values) for name, values in plain.items()}
    kinds = [
        Feature(c, "number" if c in numeric else "category")
        for c in names
        if _is_group(columns[c], c in numeric)
    ]
    events = columns["gone"] == 1
    features, left_out = _screened((*OWN, *kinds), columns, events)
    return ContractRows(wanted, bound, attributes, names, numeric, features, columns, events, left_out)


def _is_numeric(values: Any) -> bool:
    """More different values than a category has, and all are numbers."""
    known = {value for value in values if value is not None}
    return len(known) > 12 and all(number(value) == number(value) for value in known)


def _numbers(values: Any) -> Any:
    import numpy as np

    return np.array([number(value) for value in values], dtype=np.float64)


def _is_group(values: Any, numeric: bool) -> bool:
    """Whether an attribute can tell groups: not one of nearly as many values as there are rows."""
    return numeric or len({value for value in values if value is not None}) <= max(12, len(values) // 20)


def _screened(
    features: tuple[Feature, ...], columns: Mapping[str, Any], events: Any
) -> tuple[tuple[Feature, ...], tuple[str, ...]]:
    """The features without those that alone tell the outcome."""
    shown = {item.name: alone(item, columns, events) for item in features}
    away = tuple(name for name, area in shown.items() if area >= GIVEN_AWAY)
    return tuple(item for item in features if item.name not in away), away


def alone(feature: Feature, columns: Mapping[str, Any], events: Any) -> float:
    """The area under the curve of one feature by itself, whichever way it points; a missing value is a value."""
    import numpy as np

    from keguan.evidence.statistics.delong import area_under_curve

    values = columns[feature.name]
    if feature.kind == "category":
        words = np.array(["" if value is None else f"={value}" for value in values])
        _, place, counts = np.unique(words, return_inverse=True, return_counts=True)
        hits = np.bincount(place, weights=events.astype(float))
        own = (hits[place] - events + events.mean()) / counts[place]  # without the row itself
        score = own
    else:
        numbers = np.asarray(values, dtype=np.float64)
        missing = area_under_curve(events, np.isnan(numbers).astype(float))
        by_missing = max(missing.value, 1 - missing.value) if missing else 0.0
        score = np.where(
            np.isnan(numbers), np.nanmin(numbers) - 1 if (~np.isnan(numbers)).any() else 0.0, numbers
        )
        found = area_under_curve(events, score)
        return max(by_missing, found.value, 1 - found.value) if found else 0.0
    found = area_under_curve(events, score)
    return max(found.value, 1 - found.value) if found else 0.0


def with_rule(rows: ContractRows) -> Feature | None:
    """The feature of the baseline: tenure, else the plan, else whichever there is."""
    known = {item.name: item for item in rows.features if learned((item,), rows.columns).coded}
    return known.get("tenure") or known.get("plan") or next(iter(known.values()), None)
