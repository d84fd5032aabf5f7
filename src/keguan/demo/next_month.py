"""The files of a later month of the demo shop: orders and refunds, new customers, contacts and costs of campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keguan.core.errors import UsageError, Where
from keguan.core.text import Text
from keguan.demo.answered import CONTACT, Contacted, cost_cents
from keguan.demo.deliveries import make_deliveries
from keguan.demo.dirt import spoil
from keguan.demo.files import write_customers, write_orders
from keguan.demo.later import MOST_MONTHS, Month, book_after, month
from keguan.demo.order_rows import OrderRows, make_order_rows
from keguan.demo.records.ledger import Ledger
from keguan.demo.records.sheets import Sheet, moments, numbers, write_sheet
from keguan.demo.refunds import Refunds
from keguan.demo.sampling import Ints, draw, words
from keguan.demo.season import DAYS
from keguan.demo.shop import SEED, writing

CHANNEL_WORDS = {"sms": "短信", "email": "邮件", "social": "企业微信"}
OUTCOMES = ("已送达", "已打开", "已点击", "发送失败")
OUTCOME_SHARES = (0.70, 0.18, 0.09, 0.03)


@dataclass(frozen=True, slots=True)
class MonthFiles:
    """What a month left."""

    name: str  # 2026-11
    paths: tuple[Path, ...]


def file_names(name: str) -> tuple[str, ...]:
    """Names of the files of a month: customers, orders, contacts, costs."""
    return (f"客户资料-{name}.xlsx", f"订单明细-{name}.csv", f"触达记录-{name}.csv", f"活动费用-{name}.csv")


def months_written(folder: Path) -> int:
    """How many later months a folder of files has, one after the other."""
    return next(
        (past for past in range(MOST_MONTHS) if not (folder / file_names(month(past + 1).name)[1]).exists()),
        MOST_MONTHS,
    )


def write_next_month(
    folder: Path, campaigns: Sequence[Contacted], *, seed: int = SEED, scale: float = 1.0
) -> MonthFiles:
    """Writes the files of the month after the last one in `folder`. `campaigns`: all that were carried out until then.

    UsageError after twelve months, WorkspaceError where the folder cannot be written.
    """
    past = months_written(folder)
    if past == MOST_MONTHS:
        raise UsageError(
            Text("示例商店不再往下走", "The demo shop goes no further"),
            Where(file=str(folder)),
            found=month(past).name,
            allowed=Text(f"最多 {MOST_MONTHS} 个月", f"at most {MOST_MONTHS} months"),
            do=Text("在新目录里重新开始", "begin again in a new folder"),
        )
    now = month(past + 1)
    under_way = [one for one in campaigns if one.first <= now.last]
    book = book_after(now.number, under_way, seed, scale)
    rng = np.random.Generator(np.random.PCG64([seed, now.number, 1]))
    customers, orders, contacts, costs = (folder / name for name in file_names(now.name))
    with writing(folder):
        write_customers(customers, book.profiles, _registered(book, now))
        write_orders(orders, spoil(rng, _rows(rng, book, now), scale * now.days / DAYS).cells)
        written = [customers, orders]
        current = [one for one in under_way if one.last >= now.first]
        for path, sheet in (
            (contacts, _contacts(rng, book, now, current, contacts.name)),
            (costs, _costs(book, now, current, costs.name)),
        ):
            if len(sheet):
                write_sheet(folder, sheet, rng, scale)
                written.append(path)
    return MonthFiles(now.name, tuple(written))


def _rows(rng: np.random.Generator, book: Ledger, now: Month) -> OrderRows:
    """Lines sold in the month and those that came back in it, whenever they were bought."""
    sold = book.lines.take(_within(book.orders.day[book.lines.order], now))
    back = _within(book.refunds.day, now)
    refunds = Refunds(book.refunds.lines.take(back), book.refunds.day[back], book.refunds.second[back])
    deliveries = make_deliveries(rng, book.orders, book.unpaid, now.last + 1)
    return make_order_rows(
        rng, book.shop, book.orders, sold, refunds, book.unpaid, deliveries, book.profiles.customer_id
    )


def _within(day: Ints, now: Month) -> Ints:
    return np.flatnonzero((day >= now.first) & (day <= now.last))


def _registered(book: Ledger, now: Month) -> Ints:
    """Customers whose first order falls into the month, by number."""
    new = _within(book.people.first_day, now)
    return new[np.argsort(book.profiles.customer_id[new], kind="stable")]


def _contacts(
    rng: np.random.Generator, book: Ledger, now: Month, campaigns: Sequence[Contacted], name: str
) -> Sheet:
    """One contact for each customer of a campaign that began in the month."""
    begun = [(one, one.places(book)) for one in campaigns if one.first >= now.first]
    of = np.repeat(np.arange(len(begun)), [len(places) for _, places in begun])
    second = np.array([one.first * 86_400 for one, _ in begun], dtype=np.int64)[of]
    second += 36_000 + rng.integers(0, 7_200, size=len(of))
    customer = np.concatenate([places for _, places in begun]) if begun else np.array([], dtype=np.int64)
    return Sheet(
        name,
        {
            "触达编号": numbers(f"CD{now.name.replace('-', '')[2:]}", len(of), 6),
            "客户编号": book.profiles.customer_id[customer],
            "触达时间": moments(second),
            "部门": words(["市场部"] * len(of)),
            "触达渠道": words([CHANNEL_WORDS[one.channel] for one, _ in begun])[of],
            "活动编号": words([one.campaign_id for one, _ in begun])[of],
            "触达结果": words(OUTCOMES)[draw(rng, OUTCOME_SHARES, len(of))],
            "触达成本": words([f"{CONTACT[one.channel] / 100:.2f}" for one, _ in begun])[of],
        },
        "gb18030",
    )


def _costs(book: Ledger, now: Month, campaigns: Sequence[Contacted], name: str) -> Sheet:
    """What each campaign of the month has cost so far."""
    return Sheet(
        name,
        {
            "活动编号": words([one.campaign_id for one in campaigns]),
            "活动名称": words([one.name for one in campaigns]),
            "渠道": words([CHANNEL_WORDS[one.channel] for one in campaigns]),
            "开始日期": words([str(one.starts) for one in campaigns]),
            "结束日期": words([str(one.ends) for one in campaigns]),
            "费用": words([f"{cost_cents(book, one, now.last) / 100:.2f}" for one in campaigns]),
        },
    )
