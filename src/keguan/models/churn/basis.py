"""A base of customers with its probabilities: contracts, or customers with an order in the horizon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from keguan.core.text import Text
from keguan.models.churn.scorer import Scorer
from keguan.result import Relation

Kind = Literal["orders", "contracts"]


@dataclass(frozen=True)
class Scores:
    """`view`: account_no, item, money, probability, label of each. `sql` with `bound`: the features of the same rows,
    where `segment` is an expression over them (alias f) and `joined` what it needs; `names`: columns that stand for
    attributes."""

    kind: Kind
    view: str
    sql: str
    bound: Mapping[str, Any]
    scorer: Scorer
    segment: str
    segment_terms: str
    joined: str
    names: Mapping[str, str]
    defining: tuple[str, ...]  # features that make the segment: what they raise there is no finding

    @property
    def relation(self) -> Relation:
        """Rows of the base, to be put together with those of the other one."""
        kind = 1 if self.kind == "contracts" else 2
        sql = f"SELECT account_no, item, label, probability, {kind} AS kind FROM {self.view}"
        return Relation(f"churn_{self.kind}", Text("流失风险", "Risk of churn"), sql)

    @property
    def prefix(self) -> str:
        """What ids of tables start with."""
        return "contract_" if self.kind == "contracts" else ""
