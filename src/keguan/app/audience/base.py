"""How a segment did in the past: whoever was in it a window ago, and what they did since.

Of many customers a sample tells it as well: the base value only sizes the holdout, and its error with 100,000 customers
is a fraction of any difference that could be planned for. The sample is of whole customers, by the lot of their key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from keguan.app import engines
from keguan.app.analyse import Session
from keguan.app.as_of import stored_name
from keguan.app.audience.segment import Segment, keep_members, rule_of
from keguan.app.inputs import PinnedInputs
from keguan.engine.protocol import Engine
from keguan.marts.audiences import SAMPLED, base_sql, sample_sql
from keguan.schema.tables import ENTITIES

MOST_WHOLE = 200_000  # customers; of more a sixteenth is looked at
VIEW = "audience_members_before"


def since(session: Session, segment: Segment, day: date) -> Mapping[str, Any]:
    """n, buyers, spend and squares of the customers who were in the segment on `day`, in the days since."""
    customers = session.inputs.query("SELECT count(*) AS n FROM all_customer_facts").to_pylist()[0]["n"]
    if int(customers) <= MOST_WHOLE:
        return _counted(session.inputs, session.inputs.at(day), segment, day, session.as_of)
    engine = _sampled(session)
    try:
        inputs = PinnedInputs(engine, session.as_of, session.inputs.settings, parameters=session.parameters)
        return _counted(inputs, inputs.at(day), segment, day, session.as_of)
    finally:
        engine.close()


def _counted(
    now: PinnedInputs, then: PinnedInputs, segment: Segment, day: date, last: date
) -> Mapping[str, Any]:
    relation = rule_of(then, segment.segmentation)
    if relation is None:
        return {"n": 0}
    keep_members(then, relation, segment.label, VIEW)
    return dict(now.query(base_sql(VIEW, day, last)).to_pylist()[0])


def _sampled(session: Session) -> Engine:
    """An engine on the same tables with a part of the customers."""
    engine = engines.opened(session.store)
    for entity in ENTITIES.values():
        name, files = stored_name(entity.name), session.files.get(entity.name, ())
        sampled = entity.name in SAMPLED and bool(files)
        engine.register(entity, files, name=f"whole_{entity.name}" if sampled else name)
    engine.materialise("sampled_accounts", sample_sql())
    for table in SAMPLED:
        if session.files.get(table):
            engine.view(
                stored_name(table),
                f"SELECT * FROM whole_{table} WHERE account_no IN (SELECT account_no FROM sampled_accounts)",
            )
    return engine
