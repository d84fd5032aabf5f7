"""A shop of 40 customers, most of whom may be contacted, through the real import; and what is kept of its audiences."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from keguan.app.audience.drawing import Audience, make
from keguan.app.audience.order import Order
from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from keguan.store.workspace import Store
from received import HEADER, rows, write

AT = datetime(2025, 7, 1, 8, tzinfo=UTC)
SEGMENT = "everybody/买过"
RULE = """name = "everybody"
title = { zh = "全部", en = "Everybody" }
rest = "没有买过"

[[rows]]
label = "买过"
when = "purchases >= 1"
"""
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
# Who cannot be contacted, and why; C03 refused and agreed later, C09 was contacted four times but not of late.
LEFT_OUT = {
    "C01": "refused", "C02": "refused", "C04": "do_not_contact", "C05": "no_address", "C06": "unusable_address",
    "C08": "contacted_enough",
}  # fmt: skip
SHARED = ("C10", "C11")  # one telephone: one of them stays


def name(number: int) -> str:
    """The customer's id."""
    return f"C{number:02d}"


def files(folder: Path, shuffled: int | None = None) -> list[Path]:
    """Orders, customers, consents and contacts; in another order of rows with a seed."""
    numbers = list(range(1, 41))
    orders = [
        (1000 + n, name(n), f"2025-{month:02d}-{1 + n % 27:02d} 10:00:00", "P1", "茶", 1, "20.00")
        for month, step in ((2, 1), (3, 1), (4, 2), (6, 4))
        for n in numbers
        if n % step == 0
    ]
    orders = [(place, *row[1:]) for place, row in enumerate(orders, 1)]
    orders.append((9999, "C40", "2025-06-30 10:00:00", "P1", "茶", 1, "20.00"))
    customers = [
        (name(n), f"客户{n}", "四川" if n % 4 else "广东", _phone(n), f"c{n}@example.com") for n in numbers
    ]
    consents: list[tuple[Any, ...]] = [
        ("C01", "短信", "否", "2025-01-05 10:00:00"), ("C02", "短信", "是", "2025-01-05 10:00:00"),
        ("C02", "短信", "否", "2025-02-05 10:00:00"), ("C03", "短信", "否", "2025-01-05 10:00:00"),
        ("C03", "短信", "是", "2025-02-05 10:00:00"), ("C04", "免打扰", "是", "2025-01-05 10:00:00"),
    ]  # fmt: skip
    contacts = [(f"X{n}{day}", name(n), f"2025-{month}-{day:02d} 09:00:00", "短信") for n, month, days in (
        (8, "06", (5, 12, 19, 26)), (9, "06", (5, 12, 19)), (9, "04", (1,)), (12, "06", (20,)),
    ) for day in days]  # fmt: skip
    if shuffled is not None:
        for table in (orders, customers, consents, contacts):
            random.Random(shuffled).shuffle(table)
    return [
        write(folder / "orders.csv", HEADER, *orders),
        write(folder / "客户.csv", ("客户编号", "客户名称", "省份", "手机号", "邮箱"), *customers),
        write(folder / "授权.csv", ("客户编号", "用途", "是否同意", "授权时间"), *consents),
        write(folder / "触达记录.csv", ("触达编号", "客户编号", "触达时间", "渠道"), *contacts),
    ]


def _phone(n: int) -> str:
    if n == 5:
        return ""
    if n == 6:
        return DIGEST
    return "13900000010" if name(n) in SHARED else f"139000{n:05d}"


def shop(folder: Path, shuffled: int | None = None) -> Workspace:
    """The workspace, with the rule that everybody who bought is in one segment."""
    workspace = Workspace.init(folder / "w")
    workspace.load(*files(folder / "files", shuffled), options=ImportOptions(date_order="month"))
    (folder / "w" / "segments").mkdir(exist_ok=True)
    (folder / "w" / "segments" / "everybody.toml").write_text(RULE, "utf-8")
    return workspace


def made(workspace: Workspace, **asked: Any) -> Audience:
    """An audience of everybody by SMS with a quarter held out, unless asked otherwise."""
    order = {"segment": SEGMENT, "channel": "sms", "holdout": "25%"} | asked
    return make(Store(workspace.store.folder), Order(**order), AT)


def arms(workspace: Workspace) -> dict[str, str]:
    """Customer -> arm of the members of all campaigns."""
    found = rows(
        workspace,
        "SELECT k.key_value AS customer, m.arm FROM all_campaign_members m "
        "JOIN customer_keys k ON k.account_no = m.account_no AND k.key_type = 'account' ORDER BY customer",
    )
    return {str(row["customer"]): str(row["arm"]) for row in found}
