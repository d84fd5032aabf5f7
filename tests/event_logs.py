"""Published event logs as rows of `events`, for development and tests only."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import datetime
from pathlib import Path

from shop import Shop


def retentioneering(folder: Path) -> Shop:
    """The simulated shop with planted incidents; times as they are, without a zone."""
    shop = Shop()
    with gzip.open(folder / "retentioneering_ecom" / "ecom.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            shop.add(
                "events", visitor_id=row["user_id"], session_id=row["session_id"], name=row["event"],
                occurred_at=datetime.fromisoformat(row["timestamp"]), device=row["platform"],
                traffic_source=row["acquisition_channel"],
                properties=json.dumps({"user_cohort": row["user_cohort"], "user_lifecycle": row["user_lifecycle"]}),
            )  # fmt: skip
    return shop


def rees46(folder: Path) -> Shop:
    """The first hours of a large log."""
    shop = Shop()
    with gzip.open(
        folder / "rees46_events" / "2019-Oct-head.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        for row in csv.DictReader(file):
            shop.add(
                "events", visitor_id=row["user_id"], session_id=row["user_session"] or None, name=row["event_type"],
                occurred_at=datetime.fromisoformat(row["event_time"].removesuffix(" UTC")),
                product_id=row["product_id"],
                properties=json.dumps({"brand": row["brand"] or None, "price": row["price"]}),
            )  # fmt: skip
    return shop
