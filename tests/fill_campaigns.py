"""Costs, strategies, targets, steps and contacts of campaigns in the full shop: one more with a control and a goal, one
known from its contacts alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from shop import Shop

OUTCOMES = (None, "delivered", "opened", "clicked", "unsubscribed")


def fill(shop: Shop, factor: int) -> None:
    """One hundred and forty members; the earlier campaigns get a strategy, and one of them a cost."""
    for row in shop.records.get("campaigns", []):
        row["strategy"] = f"策略{row['campaign_id'][2:3]}"
        row["owner"] = "王芳"
        row["segment"] = "老客户"
    start = date(2025, 3, 3)
    shop.add("campaigns", campaign_id="Y-唤醒", name="唤醒", strategy="召回", segment="沉默客户", channel="邮件", owner="李强",
             starts_on=start, ends_on=start + timedelta(days=9), cost=300 * factor, target="唤醒率 10%")  # fmt: skip
    for account in range(1, 141):
        treated = account % 3 > 0
        sent = datetime(2025, 3, 3, 2) if treated or account == 9 else None
        shop.add("campaign_members", campaign_id="Y-唤醒", account_no=account, arm="treatment" if treated else "control",
                 assigned_at=datetime(2025, 3, 1), sent_at=sent,
                 delivered_at=sent if account % 7 else None, opened_at=sent if treated and account % 4 == 0 else None,
                 clicked_at=sent if treated and account % 8 == 0 else None)  # fmt: skip
        if treated and account % 2:
            shop.add("contacts", contact_id=f"Y{account}", account_no=account, campaign_id="Y-唤醒", channel="邮件",
                     contacted_at=datetime(2025, 3, 3, 2), unit="市场部", outcome=OUTCOMES[account % 5], cost=factor)  # fmt: skip
    for account in range(20, 58):
        shop.add("contacts", contact_id=f"Z{account}", account_no=account, campaign_id="Z-只有触达", channel="电话",
                 contacted_at=datetime(2025, 2, 3, 2) + timedelta(days=account % 3), unit="销售部",
                 outcome="replied" if account % 4 == 0 else "delivered", cost=factor)  # fmt: skip
    shop.add("spend", day=start, channel="邮件", campaign_id="Y-唤醒", amount=120 * factor)
