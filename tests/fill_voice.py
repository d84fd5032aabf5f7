"""Feedback and contacts of the busy shop: surveys, reviews, complaints, enquiries, suggestions, and who was contacted."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from shop import Shop

QUESTIONS = (
    ("总体满意度", "csat5", 5), ("物流速度", "csat5", 5), ("您有多大可能推荐我们", "nps", 10), ("问题容易解决", "ces7", 7),
    ("是否信任本店", "binary", 1), ("是否愿意继续购买", "csat5", 5),
)  # fmt: skip
TOPICS, UNITS = ("物流", "质量", "售后"), ("客服部", "物流部", "门店")


def fill(shop: Shop, factor: int) -> None:
    """About 2,000 rows of feedback and 700 contacts over two years."""
    rng = random.Random(44)
    start = datetime(2023, 7, 3, 2)
    for number in range(360):
        account, unit = rng.randrange(1, 61), rng.choice(UNITS)
        invited = start + timedelta(days=number * 2 - rng.randrange(2), hours=rng.randrange(12))
        if rng.random() < 0.25:
            shop.add("feedback", feedback_id=f"I{number}", survey_id="S1", kind="survey", account_no=account,
                     invited_at=invited)  # fmt: skip
            continue
        happy = rng.random() - (0.35 if unit == "物流部" else 0.0)
        for place, (question, scale, top) in enumerate(QUESTIONS):
            score = max(
                0 if scale in ("nps", "binary") else 1,
                round(top * min(1.0, 0.6 + happy * 0.4 + rng.random() * 0.2)),
            )
            shop.add(
                "feedback", feedback_id=f"A{number}-{place}", survey_id="S1", response_id=f"R{number}",
                question=question, kind="survey", account_no=account, product_id=rng.choice(["P1001", "P1002"]),
                unit=unit, channel=rng.choice(["短信", "APP"]), region=rng.choice(["四川", "广东"]),
                topic=rng.choice(TOPICS), invited_at=invited, raised_at=invited + timedelta(hours=5), scale=scale,
                score=score, status=None,
            )  # fmt: skip
    for account in range(61, 261):  # respondents who never bought
        for month in (2, 5):
            shop.add(
                "feedback", feedback_id=f"N{account}-{month}", survey_id="S2", kind="survey", account_no=account,
                region="广东" if account < 110 else "四川", raised_at=datetime(2025, month, 3, 2), scale="nps",
                score=max(0, min(10, (account - 61) // 20 + (account + month) % 3)),
            )  # fmt: skip
    _tickets(shop, rng, start)
    for number in range(700):
        account = rng.randrange(1, 61)
        when = start + timedelta(days=rng.randrange(718), hours=rng.randrange(12))
        outcome = rng.choices(
            ["delivered", "opened", "clicked", "replied", "unsubscribed"], [50, 25, 12, 8, 5]
        )[0]
        shop.add("contacts", contact_id=f"T{number}", account_no=account, contacted_at=when,
                 unit=rng.choice(["市场部", "客服部", "销售部"]), channel=rng.choice(["短信", "邮件"]),
                 product_id=rng.choice(["P1001", None]), outcome=outcome, cost=factor)  # fmt: skip


def _tickets(shop: Shop, rng: random.Random, start: datetime) -> None:
    kinds = ["complaint"] * 5 + ["enquiry"] * 3 + ["suggestion", "opinion", "review"]
    for number in range(450):
        kind = rng.choice(kinds)
        raised = start + timedelta(days=rng.randrange(718), hours=rng.randrange(14))
        took = rng.randrange(1, 40)
        status = rng.choices(["solved", "unsolved", "open"], [6, 2, 2])[0]
        resolved = raised + timedelta(days=took) if status != "open" else None
        shop.add(
            "feedback", feedback_id=f"F{number}", kind=kind, account_no=rng.choice([None, rng.randrange(1, 61)]),
            product_id=rng.choice(["P1001", "P1002", "P1003", None]), topic=rng.choice(TOPICS), unit=rng.choice(UNITS),
            representative=rng.choice(["王芳", "李强", None]), region=rng.choice(["四川", "广东", None]),
            channel=rng.choice(["电话", "APP"]), raised_at=raised,
            resolved_at=None if kind == "review" else resolved,
            status=None if kind == "review" else status, timely=took < 20 if status == "solved" else None,
            reason=rng.choice(["缺货", "超出范围", None]) if status == "unsolved" else None,
            scale="csat5" if kind == "review" else None,
            score=rng.choice([1, 2, 3, 4, 5, 5]) if kind == "review" else None,
        )  # fmt: skip
