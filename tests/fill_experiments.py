"""Campaigns in the full shop: with a control, without one, contaminated, in two arms, still running, without days."""

from __future__ import annotations

from datetime import date, datetime

from shop import Shop

CAMPAIGNS = {
    "X-春季": (date(2024, 9, 1), date(2024, 9, 20)),
    "X-无对照": (date(2024, 11, 1), None),
    "X-进行中": (date(2025, 6, 1), date(2025, 6, 30)),
    "X-以后": (date(2026, 1, 1), date(2026, 1, 31)),
}


def fill(shop: Shop, factor: int) -> None:
    """Eighty members a campaign, sixty of them with orders; the rows are the same for every factor."""
    del factor
    for campaign, (start, end) in CAMPAIGNS.items():
        shop.add(
            "campaigns", campaign_id=campaign, name=campaign[2:], starts_on=start, ends_on=end, channel="短信"
        )
    for account in range(1, 81):
        arm = "对照组" if account % 2 else "短信"
        reached = datetime(2024, 9, 3, 2) if account % 2 == 0 or account == 7 else None
        shop.add("campaign_members", campaign_id="X-春季", account_no=account, arm=arm,
                 assigned_at=datetime(2024, 8, 30), exposed_at=reached)  # fmt: skip
        shop.add(
            "campaign_members",
            campaign_id="X-无对照",
            account_no=account,
            arm="短信",
            assigned_at=datetime(2024, 11, 1),
        )
        shop.add("campaign_members", campaign_id="X-进行中", account_no=account, arm=("Holdout", "A", "B")[account % 3],
                 assigned_at=datetime(2025, 6, 1))  # fmt: skip
        shop.add(
            "campaign_members",
            campaign_id="X-以后",
            account_no=account,
            arm="A",
            assigned_at=datetime(2026, 1, 1),
        )
    shop.add(
        "campaign_members", campaign_id="X-春季", account_no=9, arm="短信", assigned_at=datetime(2024, 8, 30)
    )
    shop.add("campaign_members", campaign_id="X-没有日期", account_no=3, arm=None)
