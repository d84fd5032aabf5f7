"""The customers most worth attention now, with what each is expected to buy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.models.next_purchase.candidates import Way, ranked_sql
from keguan.models.next_purchase.columns import LIST_COLUMNS
from keguan.models.next_purchase.how_much import SPENT, Worth, expected_sql
from keguan.models.next_purchase.params import Params
from keguan.models.next_purchase.stages import kept, kept_candidates, staged
from keguan.result import Table

if TYPE_CHECKING:
    from keguan.models.next_purchase.what import Chosen

_TOP_SQL = """
WITH {spent}
SELECT account_no, p7, p30, p90, value, worth, place FROM (
  SELECT *, row_number() OVER (ORDER BY worth DESC, account_no) AS place FROM (
    SELECT s.account_no, s.p7, s.p30, s.p90, {expected} AS value,
           CAST(s.p30 * {expected} AS DECIMAL(18, 2)) AS worth
    FROM {view} s JOIN spent o ON o.account_no = s.account_no CROSS JOIN every e) v) r
WHERE place <= $listed
"""
_TOP_COLUMNS = {
    "account_no": "INTEGER", "p7": "DOUBLE", "p30": "DOUBLE", "p90": "DOUBLE", "value": "DOUBLE",
    "worth": "DECIMAL(18, 2)", "place": "BIGINT",
}  # fmt: skip


def list_table(
    inputs: Inputs, params: Params, view: str, value: Worth, rankings: Mapping[str, Chosen],
    kinds: Mapping[str, tuple[str, int]],
) -> Table:  # fmt: skip
    """The customers with the largest chance x value, and what each is expected to buy."""
    expected = expected_sql(str(value.weight))
    top = inputs.scored(
        "next_purchase_top", _TOP_SQL.format(spent=SPENT, expected=expected, view=view), kept, _TOP_COLUMNS,
        method="next_purchase.list", then=inputs.as_of, listed=params.listed,
    )  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {}
    texts: dict[str, str] = {}
    bound: dict[str, Any] = {"last": inputs.as_of, "places": 3}
    for kind, (thing, _) in kinds.items():
        categories = len(kinds) > 1 and kind == "product"
        stages = staged(inputs, thing, inputs.as_of, inputs.as_of, categories=categories)
        candidates = kept_candidates(inputs, stages, f"SELECT account_no FROM {top}", categories=categories)
        way = rankings[kind].ways[rankings[kind].used or "blend"]
        texts[kind] = _list_sql(top, stages.with_candidates(candidates), way)
        found[kind] = inputs.query(texts[kind], **bound).to_pylist()
    tops = {row["account"]: row["product1"] for row in found.get("category", ())}
    rows = [{**row, "category": tops.get(row["account"])} for row in found["product"]]
    return inputs.computed(
        "list", Text("近期最值得关注的客户", "Customers with the largest chance times value"), LIST_COLUMNS, ("place",), rows,
        method="next_purchase.list", sql=texts["product"], **bound,
    )  # fmt: skip


def _list_sql(top: str, candidates: str, way: Way) -> str:
    names = ", ".join(
        f"max(CASE WHEN r.place = {place} THEN r.name END) AS product{place}" for place in (1, 2, 3)
    )
    return f"""
WITH {candidates}, {ranked_sql([way])}, named AS (
  SELECT r.account_no, r.place, coalesce(p.name, t.thing) AS name
  FROM ranked r JOIN things t ON t.item = r.item LEFT JOIN products p ON p.product_id = t.thing
)
SELECT t.place, CAST(t.account_no AS VARCHAR) AS account, t.p7, t.p30, t.p90, t.value, t.worth, {names}
FROM {top} t LEFT JOIN named r ON r.account_no = t.account_no
GROUP BY t.place, t.account_no, t.p7, t.p30, t.p90, t.value, t.worth ORDER BY t.place
"""
