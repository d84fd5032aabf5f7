"""The demo shop: two years of an invented shop, written as the files a real one would export.

Owns the order of the steps. What is planted for the report to find is in `story`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keguan.core.errors import UsageError, Where, WorkspaceError
from keguan.core.text import Text
from keguan.demo.baskets import GIFT, POSTAGE, Lines, make_lines
from keguan.demo.catalogue import make_catalogue
from keguan.demo.deliveries import make_deliveries
from keguan.demo.dirt import Damage, spoil
from keguan.demo.files import write_customers, write_orders
from keguan.demo.journeys import GUEST, Orders, make_orders
from keguan.demo.order_rows import make_order_rows
from keguan.demo.population import Population, make_population
from keguan.demo.profiles import Profiles, make_profiles
from keguan.demo.records import MAKERS, Ledger, RecordFile, write_records
from keguan.demo.refunds import make_refunds, unpaid_orders
from keguan.demo.sampling import Floats, Ints
from keguan.demo.season import DAYS
from keguan.demo.story import STORY

SEED = 618
LARGEST_SCALE = 50.0
ORDERS_FILE, CUSTOMERS_FILE = "订单明细.csv", "客户资料.xlsx"
STAGES: dict[str, Text] = {
    "people": Text("生成客户与商品", "Making customers and products"),
    "orders": Text("生成订单与退款", "Making orders and refunds"),
    "customers_file": Text("写入客户资料", "Writing the customer file"),
    "orders_file": Text("写入订单明细", "Writing the order file"),
    "records": Text("写入行为、反馈、触达等文件", "Writing events, feedback, contacts and more"),
}
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class ShopCounts:
    """How much was written, and how many faults were planted on purpose."""

    lines: int  # rows of the order file without its header, faults included
    customers: int
    orders: int  # of customers and guests, cancelled ones included, test orders not
    refunds: int
    gifts: int
    postage: int
    broken: int  # rows that cannot be used and belong in quarantine
    odd: int  # rows with a cell that is readable but written oddly
    repeated: int  # second copies of a line
    tests: int


@dataclass(frozen=True, slots=True)
class ShopFiles:
    """What `write_shop` left: the files, and what the report should find in them."""

    orders: Path
    customers: Path
    records: tuple[RecordFile, ...]
    story: tuple[Text, ...]
    counts: ShopCounts

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files, in the order in which they are imported."""
        return (self.customers, self.orders, *(record.path for record in self.records))


def write_shop(
    folder: Path, *, seed: int = SEED, scale: float = 1.0, on_progress: Progress | None = None
) -> ShopFiles:
    """Write the files of an invented shop into `folder`: orders (GB18030 CSV), customers (.xlsx), records of all kinds.

    `scale` 1 is about 20,000 customers and 150,000 order lines over 24 months; the same seed and scale
    give the same bytes. `on_progress` gets a key of `STAGES` and the share done, 0 to 1.
    Raises UsageError for a scale out of range, WorkspaceError where the folder cannot be written.
    """
    _check_scale(scale)
    tell = on_progress or (lambda stage, share: None)
    streams = streams_of(seed)
    book = make_book(streams, scale, on_progress=tell)
    deliveries = make_deliveries(streams[-1], book.orders, book.unpaid)
    rows = make_order_rows(
        streams[6], book.shop, book.orders, book.lines, book.refunds, book.unpaid, deliveries,
        book.profiles.customer_id,
    )  # fmt: skip
    damage = spoil(streams[6], rows, scale)
    with writing(folder):
        orders_path, customers_path = _write(folder, damage, book.profiles, tell)
        records = write_records(folder, book, streams[7:-1], lambda done: tell("records", 0.5 + done / 2))
    return ShopFiles(
        orders_path,
        customers_path,
        records,
        STORY,
        _counts(damage, book),
    )


def streams_of(seed: int) -> list[np.random.Generator]:
    """Random streams of the shop, one for each step."""
    return np.random.Generator(np.random.PCG64(seed)).spawn(8 + len(MAKERS))


def make_book(
    streams: list[np.random.Generator],
    scale: float,
    *,
    exported: int = DAYS,
    on_progress: Progress = lambda stage, share: None,
) -> Ledger:
    """The order book of the shop. `exported`: the day before which refunds are in it."""
    on_progress("people", 0.0)
    shop, people = make_catalogue(streams[0]), make_population(streams[1], scale)
    on_progress("orders", 0.1)
    orders = make_orders(streams[2], people)
    lines = make_lines(streams[3], shop, people, orders)
    unpaid = unpaid_orders(streams[4], orders)
    refunds = make_refunds(streams[4], shop, orders, lines, unpaid, exported)
    spent = _spent(people, orders, lines)
    profiles = make_profiles(streams[5], people, _first_seconds(people, orders), spent)
    return Ledger(shop, people, profiles, orders, lines, refunds, unpaid, scale)


def _check_scale(scale: float) -> None:
    if not 0 < scale <= LARGEST_SCALE:
        raise UsageError(
            what=Text("示例商店的规模不可用", "This size of the demo shop cannot be used"),
            found=f"{scale}",
            allowed=Text(f"大于 0、不超过 {LARGEST_SCALE:.0f}", f"above 0, at most {LARGEST_SCALE:.0f}"),
            do=Text("使用 1 得到约 2 万客户、15 万行订单", "use 1 for about 20,000 customers, 150,000 lines"),
        )


def _first_seconds(people: Population, orders: Orders) -> Ints:
    """Seconds from the opening to each customer's first order; -1 without one."""
    known = np.flatnonzero(orders.customer != GUEST)
    customer, place = np.unique(orders.customer[known], return_index=True)
    first = np.full(len(people), -1, dtype=np.int64)
    first[customer] = (orders.day * 86_400 + orders.second)[known[place]]
    return first


def _spent(people: Population, orders: Orders, lines: Lines) -> Floats:
    """Yuan paid by each customer over the whole period, before refunds."""
    customer = orders.customer[lines.order]
    known = customer != GUEST
    paid = lines.paid[known] / 100
    return np.bincount(customer[known], weights=paid, minlength=len(people)).astype(np.float64)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What goes wrong while files are written is said in words."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as problem:
        raise WorkspaceError(
            what=Text("示例商店的文件无法写入", "The files of the demo shop cannot be written"),
            where=Where(file=str(folder)),
            found=problem.strerror or str(problem),
            do=Text("换一个可写且空间足够的文件夹", "choose a folder you may write to, with enough space"),
        ) from problem


def _write(folder: Path, damage: Damage, profiles: Profiles, tell: Progress) -> tuple[Path, Path]:
    orders_path, customers_path = folder / ORDERS_FILE, folder / CUSTOMERS_FILE
    tell("customers_file", 0.2)
    write_customers(customers_path, profiles, np.argsort(profiles.customer_id, kind="stable"))
    tell("orders_file", 0.4)
    write_orders(orders_path, damage.cells)
    tell("orders_file", 0.5)
    return orders_path, customers_path


def _counts(damage: Damage, book: Ledger) -> ShopCounts:
    return ShopCounts(
        lines=len(damage.cells),
        customers=len(book.people),
        orders=len(book.orders),
        refunds=len(book.refunds.day),
        gifts=int((book.lines.product == GIFT).sum()),
        postage=int((book.lines.product == POSTAGE).sum()),
        broken=damage.broken,
        odd=damage.odd,
        repeated=damage.repeated,
        tests=damage.tests,
    )
