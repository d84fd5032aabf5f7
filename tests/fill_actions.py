"""Cards of actions in the full shop: reached, missed, running, late and carried, with and without a campaign."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shop import Shop


def card(shop: Shop, id: str, based_on: date, due_on: date, **given: Any) -> None:
    """One card as it was made, on the day that it rests on."""
    row = {
        "action_id": id, "change_no": 1, "day": based_on, "changed_at": datetime(2025, 6, 21), "change": "made",
        "based_on": based_on, "segmentation": "lifecycle", "segment": "流失", "action": "召回", "due_on": due_on,
        "metric": "activation_rate", "target_value": Decimal("0.3"), "state": "open", "times_carried": 0,
    }  # fmt: skip
    shop.add("actions", **{**row, **given})


def fill(shop: Shop, factor: int) -> None:
    """Seven cards; targets of money follow the factor."""
    spring, early, late = date(2025, 3, 31), date(2024, 8, 31), date(2025, 7, 31)
    card(shop, "A0001", spring, date(2025, 4, 30), owner="王敏", pain="价格")
    card(shop, "A0001", spring, date(2025, 4, 30), change_no=2, change="done", day=date(2025, 4, 20), state="done",
         done_on=date(2025, 4, 20), owner="王敏", pain="价格")  # fmt: skip
    card(shop, "A0002", spring, date(2025, 5, 31), segment="活跃", metric="net_revenue", owner="李强",
         target_value=Decimal(100 * factor))  # fmt: skip
    card(
        shop, "A0003", early, date(2024, 10, 20), segmentation="rfm", segment="一般挽留", campaign_id="X-春季"
    )
    card(shop, "A0004", date(2025, 5, 31), late, segmentation="abc_class", segment="A", metric="buyers",
         target_value=Decimal(5), owner="王敏")  # fmt: skip
    card(
        shop,
        "A0005",
        date(2025, 5, 31),
        late,
        metric=None,
        target_value=None,
        carried_from="A0002",
        times_carried=1,
    )
    card(
        shop,
        "A0006",
        date(2025, 5, 31),
        late,
        metric="complaint_rate",
        target_value=Decimal("0.1"),
        campaign_id="X-无对照",
    )
    card(shop, "A0007", date(2025, 6, 30), late, owner="将来")
