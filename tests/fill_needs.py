"""Texts of feedback in the full shop: reviews, complaints, interviews in Chinese and English, some scored, some odd."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from shop import Shop

PRAISE = (
    "味道很好，分量足，包装也干净",
    "送货很快，快递员态度好，下次还来",
    "质量不错，客服耐心，物流很快",
    "Great quality and fast delivery, very happy",
    "性价比高，朋友都说好吃👍",
)
BLAME = (
    "送货太慢了，等了两个小时，客服不理人",
    "包装破了，汤洒了一袋子，很失望",
    "质量太差，用了两天就坏了，要求退款",
    "Terrible service, the delivery was late and the package was broken",
    "太贵了，不再买了，换到别家",
)
ODD = (
    "",
    "   ",
    "\u200b\u202e",
    "😀😀😀",
    "。。。",
    "مرحبا بالعالم",
    "12345678901",
    "张经理的电话是13812345678，邮箱a.b@example.com",
)


def fill(shop: Shop, factor: int) -> None:
    """Two hundred texts over fourteen months."""
    rng = random.Random(11)
    for number in range(200):
        blames = rng.random() < 0.45
        text = rng.choice(BLAME if blames else PRAISE) + rng.choice(
            ("", "。", "！", f"，第{number % 7}次购买")
        )
        shop.add(
            "feedback", feedback_id=f"N{number:04d}", kind=rng.choice(("review", "complaint", "interview", "survey")),
            account_no=rng.choice((None, *range(1, 61))), product_id=rng.choice((None, "P1001", "P1002")),
            region=rng.choice((None, "四川", "广东")), channel=rng.choice(("APP", "电话")),
            topic=rng.choice((None, "配送", "质量")), text=text,
            raised_at=datetime(2024, 4, 2, 9) + timedelta(days=rng.randrange(430)),
            scale="csat5" if number % 2 else None,
            score=(rng.choice((1, 2)) if blames else rng.choice((4, 5))) if number % 2 else None,
        )  # fmt: skip
    for number, text in enumerate(ODD):
        shop.add("feedback", feedback_id=f"NX{number}", kind="review", text=text)
    for number in range(4):
        shop.add(
            "feedback",
            feedback_id=f"NS{number}",
            kind="review",
            text="点击链接领取优惠券，名额有限先到先得，速来领取",
        )
