"""The tables as of a day: rows dated later are not there, and what was not yet known is not known.

A row without a date is timeless. Where a row tells of several moments (raised and resolved, due and paid), it
is there from the first on, and the later ones appear when their day has come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from keguan.marts.customer_facts import day_literal
from keguan.schema.tables import CARE, ENTITIES, MARTS, PLANNED


@dataclass(frozen=True, slots=True)
class Cut:
    """`dated_by`: the column of the day on which a row counts. `later`: the column of a later day -> what is
    unknown before it, and how that reads (SQL). `named_in`: a dated table and its column that tell of a row before its
    own day: what is planned is known once somebody is on its list."""

    dated_by: str = "day"
    later: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    every_row_dated: bool = False
    named_in: tuple[str, str] | None = None
    before: bool = False  # the day itself is not seen: what a run of that day says is no past of its own


CUTS: Mapping[str, Cut] = {
    "orders": Cut(every_row_dated=True),
    "order_lines": Cut(every_row_dated=True),
    "purchases": Cut(every_row_dated=True),
    "events": Cut(),
    "contacts": Cut(),
    "costs": Cut(),
    "spend": Cut(),
    "social_metrics": Cut(),
    "external_labels": Cut(),
    "consents": Cut(),
    "feedback": Cut(
        later={
            "resolved_on": {
                "resolved_at": "NULL", "resolved_on": "NULL", "status": "'open'", "reason": "NULL", "timely": "NULL",
            }
        }
    ),
    "leads": Cut(
        later={"stage_on": {"stage": "NULL", "stage_at": "NULL", "stage_on": "NULL", "lost_reason": "NULL"}}
    ),
    "payments": Cut(later={"paid_on": {"paid_on": "NULL"}}),
    "campaigns": Cut(
        "starts_on", {"starts_on": {"cost": "NULL"}}, named_in=("campaign_members", "campaign_id")
    ),
    "campaign_members": Cut(
        later={
            f"{step}_on": {f"{step}_at": "NULL", f"{step}_on": "NULL"}
            for step in ("exposed", "sent", "delivered", "opened", "clicked")
        }
    ),
    "subscriptions": Cut("started_on", {"ended_on": {"ended_on": "NULL", "churned": "FALSE"}}),
    "benchmarks": Cut("published_on"),
    "audiences": Cut("as_of", every_row_dated=True),
    "audience_exports": Cut(every_row_dated=True),
    "universal_control": Cut(every_row_dated=True),
    **{entity.name: Cut(every_row_dated=True) for entity in PLANNED},
    **{entity.name: Cut("base_day", every_row_dated=True, before=True) for entity in CARE},
}  # fmt: skip


def stored_name(table: str) -> str:
    """The name under which a stored table is registered, where analyses see it through a view of its own name."""
    return f"all_{table}" if table in CUTS or table in {entity.name for entity in MARTS} else table


def cut_sql(table: str, as_of: date) -> str:
    """SQL of the table as of a day, over the stored one."""
    cut, day = CUTS[table], day_literal(as_of)
    unknown = {
        name: f"CASE WHEN {later} > {day} THEN {value} ELSE {name} END AS {name}"
        for later, names in cut.later.items()
        for name, value in names.items()
    }
    columns = ", ".join(unknown.get(name, name) for name in ENTITIES[table].names) if unknown else "*"
    timeless = "" if cut.every_row_dated else f" OR {cut.dated_by} IS NULL"
    until = "<" if cut.before else "<="
    seen = f"SELECT {columns} FROM {stored_name(table)} WHERE"
    known = f"{seen} {cut.dated_by} {until} {day}{timeless}"
    if cut.named_in is None:
        return known
    # a row on its own day or one that is named: two queries, for Spark has no IN beside OR that tells NULL from FALSE
    other, column = cut.named_in
    told = f"{CUTS[other].dated_by} <= {day} OR {CUTS[other].dated_by} IS NULL"
    named = f"{column} IN (SELECT {column} FROM {stored_name(other)} WHERE {told})"
    return f"{known} UNION ALL {seen} {cut.dated_by} > {day} AND {named}"
