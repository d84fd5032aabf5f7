"""When does each customer buy next, what, and for how much?

When: the chance of a purchase within 7, 30 and 90 days (chances, when). What: products and categories ranked by own
purchases weighted by age, by what like baskets hold, by what sells now and by category (candidates, what). How much: the
own mean drawn to the mean of all (how_much). Each is judged on days that have passed, beside baselines, and the
baseline is used where it is not beaten.

Source: Cox (1958) and Le Cessie and van Houwelingen (1992) for the regression; Brier (1950); Deshpande and Karypis (2004)
for item neighbours; Järvelin and Kekäläinen (2002) for nDCG; Bühlmann (1967).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.marts.category_level import category_at
from keguan.marts.item_neighbours import PRODUCT
from keguan.models.next_purchase.chance_tables import (
    CHANCES,
    HORIZONS,
    LEVELS_OF,
    accuracy_table,
    bin_table,
    level_table,
    placed_sql,
    when_table,
)
from keguan.models.next_purchase.columns import LEAD_COLUMNS, WHAT_COLUMNS, WORTH_COLUMNS
from keguan.models.next_purchase.how_much import ERRORS_SQL, Worth, worth
from keguan.models.next_purchase.listed import list_table
from keguan.models.next_purchase.params import Params
from keguan.models.next_purchase.said import TEXT, claims, notes
from keguan.result import Figure, Relation, Result, Table

if TYPE_CHECKING:
    from keguan.models.next_purchase.what import Chosen
    from keguan.models.next_purchase.when import Judged

APPENDIX = ("accuracy", "calibration", "leads", "worth")
CATEGORY_K = 3


def run(inputs: Inputs, params: Params) -> Result:
    """Tables when, accuracy, calibration, levels, what, leads, worth, list; relation next_purchase (level, chance within 30
    days)."""
    from keguan.models.next_purchase.what import chosen
    from keguan.models.next_purchase.when import judged

    limits = {"high": params.high, "medium": params.medium, "low": 0.0}
    horizons = [judged(inputs, horizon, limits) for horizon in HORIZONS]
    view = _scored(inputs, horizons)
    products = inputs.has_values("order_lines", "product_id")
    categories = products and inputs.has_values("products", "category")
    kinds = {"product": (PRODUCT, params.k)} if products else {}
    if categories:
        kinds["category"] = (category_at(params.level), CATEGORY_K)
    rankings = {
        kind: chosen(inputs, thing, k, params.test_days, categories=categories and kind == "product")
        for kind, (thing, k) in kinds.items()
    }
    value = worth(inputs, params.test_days)
    tables = [
        when_table(inputs, horizons, view),
        accuracy_table(inputs, horizons),
        bin_table(inputs, horizons),
    ]
    leveled = view is not None and any(one.horizon == LEVELS_OF and one.used for one in horizons)
    if leveled and view is not None:
        tables.append(level_table(inputs, horizons, view, limits))
    tables += [
        _what_table(inputs, rankings, params),
        _lead_table(inputs, rankings),
        _worth_table(inputs, value),
    ]
    if leveled and view is not None and rankings:
        tables.append(list_table(inputs, params, view, value, rankings, kinds))
    tables = [replace(table, appendix=table.id in APPENDIX) for table in tables]
    result = Result("next_purchase", tables=tuple(tables))
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(claims(result)),
        relations=_relations(view, limits) if leveled and view is not None else (),
        notes=tuple(notes(inputs.settings, horizons, result, products=products, categories=categories)),
    )


def _scored(inputs: Inputs, horizons: Sequence[Judged]) -> str | None:
    """The view of each customer's chances; None where no horizon could be judged."""
    from keguan.models.next_purchase.chances import FIGURES_SQL, Scorer
    from keguan.models.next_purchase.when import bounds

    ways = tuple((f"p{one.horizon}", one.chance) for one in horizons)
    if not any(way for _, way in ways):
        return None
    sql = f"WITH {FIGURES_SQL} SELECT account_no, x, r, t, q FROM figures"
    bound = {
        name: value for name, value in bounds(inputs.as_of, 0).items() if name in ("then", "recent_from")
    }
    used = ", ".join(f"{one.horizon} days: {one.used}" for one in horizons)
    return inputs.scored(
        "next_purchase", sql, Scorer(ways), {"account_no": "INTEGER", **CHANCES},
        method=f"next_purchase.chances ({used})", **bound,
    )  # fmt: skip


def _what_table(inputs: Inputs, rankings: Mapping[str, Chosen], params: Params) -> Table:
    rows = []
    for kind, found in rankings.items():
        for way in ("model", "blend", "personal", "global"):
            one = found.tested.get(way)
            if one is None or found.used is None:
                continue
            rows.append(
                {
                    "kind": kind, "way": way, "then": found.then, "k": params.k if kind == "product" else CATEGORY_K,
                    "customers": one.customers, "hits": one.hits, "recall": one.recall, "ndcg": one.ndcg,
                    "used": "used" if way == found.used else "baseline",
                }
            )  # fmt: skip
    first = next(iter(rankings.values()), None)
    return inputs.computed(
        "what", Text("预测买什么，与基线相比", "Predicting what is bought, beside the baselines"), WHAT_COLUMNS,
        ("kind", "way"), rows, method="next_purchase.what", sql=first.sql if first else None,
        **(first.bound if first else {}),
    )  # fmt: skip


def _lead_table(inputs: Inputs, rankings: Mapping[str, Chosen]) -> Table:
    rows = [
        {
            "kind": kind, "way": way, "lead": one.ndcg - found.tested["blend"].ndcg, "low": one.ndcg_lead.low,
            "high": one.ndcg_lead.high, "recall_low": one.recall_lead.low, "recall_high": one.recall_lead.high,
        }
        for kind, found in rankings.items()
        for way in ("model", "personal", "global")
        if found.used is not None and (one := found.tested.get(way)) is not None
    ]  # fmt: skip
    first = next(iter(rankings.values()), None)
    return inputs.computed(
        "leads", Text("排序方法与基线之差", "Ways to rank against the baseline"), LEAD_COLUMNS, ("kind", "way"), rows,
        method="next_purchase.what", sql=first.sql if first else None, **(first.bound if first else {}),
    )  # fmt: skip


def _worth_table(inputs: Inputs, value: Worth) -> Table:
    rows = [
        {
            "way": way, "then": value.then, "customers": value.customers, "error": error,
            "weight": value.k if way == "model" else None, "used": "used" if way == value.used else "baseline",
        }
        for way, error in value.errors.items()
    ]  # fmt: skip
    return inputs.computed(
        "worth", Text("预计单笔金额的误差", "Error of the expected value of an order"), WORTH_COLUMNS, ("way",), rows,
        method="next_purchase.how_much", sql=ERRORS_SQL, **value.bound,
    )  # fmt: skip


def _figures(result: Result) -> tuple[Figure, ...]:
    if not len(result.table("calibration").rows):
        return ()
    return (
        Figure(
            "calibration", "line", Text("预测概率与实际占比（今后 30 天）", "Chances predicted and shares observed (30 days)"),
            "calibration", "bin", ("predicted", "observed"), where={"horizon": LEVELS_OF},
            note=Text("客户按预测概率由低到高分为十组", "customers in ten groups from low to high chance"),
        ),
    )  # fmt: skip


def _relations(view: str, limits: Mapping[str, float]) -> tuple[Relation, ...]:
    return (
        Relation(
            "next_purchase", Text("30 天内购买概率", "Chance of a purchase within 30 days"), placed_sql(view, limits).strip(),
            {"high": limits["high"], "medium": limits["medium"]}, vocabulary="chance_level",
        ),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="next_purchase",
    title=Text("下一次购买", "Next purchase"),
    question=Text(
        "每位客户何时会再买，买什么，买多少？",
        "When does each customer buy next, what, and for how much?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts", "order_lines", "products"),
    order=60,
)
