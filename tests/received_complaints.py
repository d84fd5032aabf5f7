"""The published sample of consumer complaints, read into `feedback` rows: no customer, no order, no time of solution."""

from __future__ import annotations

import csv
import gzip
from datetime import datetime
from pathlib import Path

from shop import Shop

STATES = {
    "Closed with monetary relief": "solved", "Closed with non-monetary relief": "solved", "Closed with relief": "solved",
    "Closed with explanation": "solved", "Closed": "unsolved", "Closed without relief": "unsolved",
    "Untimely response": "unsolved", "In progress": "open",
}  # fmt: skip


def received_complaints(path: Path) -> Shop:
    """One complaint a row of the file."""
    shop = Shop()
    with gzip.open(path, "rt", encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            outcome = row["Company response to consumer"]
            shop.add(
                "feedback", feedback_id=row["Complaint ID"], kind="complaint", product_id=row["Product"],
                topic=row["Issue"], unit=row["Company"], region=row["State"], channel=row["Submitted via"],
                raised_at=datetime.strptime(row["Date received"], "%Y/%m/%d"), status=STATES.get(outcome),
                reason=outcome or None, timely=row["Timely response?"] == "Yes",
            )  # fmt: skip
    return shop
