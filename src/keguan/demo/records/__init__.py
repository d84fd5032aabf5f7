"""Everything the shop keeps beside orders and customers: visits, answers, tickets, contacts, campaigns, money."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from keguan.demo.records.assortment import make_assortment
from keguan.demo.records.companies import make_companies
from keguan.demo.records.enquiries import make_enquiries
from keguan.demo.records.events import make_events
from keguan.demo.records.interviews import make_interviews
from keguan.demo.records.ledger import Ledger
from keguan.demo.records.outreach import make_outreach
from keguan.demo.records.plans import make_plans
from keguan.demo.records.reviews import make_reviews
from keguan.demo.records.sheets import RecordFile, Sheet, write_sheet
from keguan.demo.records.spending import make_spending
from keguan.demo.records.surveys import make_survey
from keguan.demo.records.tickets import make_tickets

__all__ = ["MAKERS", "Ledger", "RecordFile", "write_records"]

Maker = Callable[[np.random.Generator, Ledger], Sheet | tuple[Sheet, ...]]
# In the order of their random streams: a new file goes to the end, so that the others keep their bytes.
MAKERS: tuple[Maker, ...] = (
    make_events,
    make_survey,
    make_reviews,
    make_tickets,
    make_enquiries,
    make_interviews,
    make_outreach,
    make_spending,
    make_companies,
    make_plans,
    make_assortment,
)


def write_records(
    folder: Path, book: Ledger, streams: list[np.random.Generator], tell: Callable[[float], None]
) -> tuple[RecordFile, ...]:
    """Write every record file, each with a random stream of its own; `tell` gets the share done."""
    written: list[RecordFile] = []
    for number, (make, stream) in enumerate(zip(MAKERS, streams, strict=True)):
        made = make(stream, book)
        sheets = made if isinstance(made, tuple) else (made,)
        written += [write_sheet(folder, sheet, stream, book.scale) for sheet in sheets]
        tell((number + 1) / len(MAKERS))
    return tuple(written)
