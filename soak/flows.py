"""The flows that are killed: what a user runs, on a small shop."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keguan.app.customer_lists import Choice
from keguan.app.exporting import export_segment
from keguan.app.ingest import ingest
from keguan.app.reporting import ReportOrder, write_report
from keguan.app.workspace import Workspace
from keguan.store.workspace import Store
from soak.facts import silent

SETTINGS = 'threads = 1\nname = "试验"\n'
RECIPE = Path(__file__).with_name("brief.toml").read_text("utf-8")
ORDERS = ("订单号", "客户编号", "下单时间", "商品编号", "商品名称", "数量", "单价")


@dataclass(frozen=True, slots=True)
class World:
    """Folder of the files that the flows import: first.csv, next.csv, customers.csv, brief.toml."""

    folder: Path

    def file(self, name: str) -> Path:
        """One of them."""
        return self.folder / name

    def write(self) -> None:
        """Makes the files: 300 orders; 200 of them again, changed, with 200 new ones, returns and bad rows."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _csv(self.file("first.csv"), ORDERS, [_order(number, 1) for number in range(1000, 1300)])
        later: list[tuple[Any, ...]] = [_order(number, 2) for number in range(1100, 1500)]
        returns = [(f"R{n}", *_order(n, 1)[1:2], "2024-06-01 10:00", *_order(n, 1)[3:5], -1, _order(n, 1)[6])
                   for n in range(1000, 1020)]  # fmt: skip
        bad = [(number, "C1", "not a day", "P1", "茶", 1, "9.00") for number in range(1900, 1906)]
        _csv(self.file("next.csv"), ORDERS, [*later, *returns, *bad])
        people = [(f"C{n}", f"客户{n}", "浙江", "杭州") for n in range(40)]
        _csv(self.file("customers.csv"), ("客户编号", "客户名称", "省份", "城市"), people)
        self.file("brief.toml").write_text(RECIPE, "utf-8")


def _order(number: int, quantity: int) -> tuple[Any, ...]:
    day = f"2024-{1 + number % 5:02d}-{1 + number % 28:02d} 12:00"
    return (
        number,
        f"C{number % 40}",
        day,
        f"P{number % 7}",
        f"茶{number % 7}",
        quantity,
        f"{10 + number % 9}.00",
    )


def _csv(path: Path, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def import_first(world: World, place: Path) -> None:
    """The first import: orders and customers."""
    Workspace(place).load(world.file("first.csv"), world.file("customers.csv"))


def import_again(world: World, place: Path) -> None:
    """An import that replaces two thirds of the orders, with returns and rows for the quarantine."""
    Workspace(place).load(world.file("next.csv"))


def report(world: World, place: Path) -> None:
    """A report; its customer segments are kept in the workspace."""
    out = place.with_name("out")
    write_report(
        Store(place), ReportOrder(out / "brief.html", "zh", recipe=str(world.file("brief.toml"))), silent
    )


def segments(world: World, place: Path) -> None:
    """Customer lists of a segment, as CSV and as a workbook."""
    out = place.with_name("out")
    out.mkdir(exist_ok=True)
    export_segment(Store(place), "abc_class", Choice(), None, out / "list.csv", "zh")
    export_segment(Store(place), "abc_class", Choice(), None, out / "list.xlsx", "zh")


def demo(world: World, place: Path) -> None:
    """A workspace is made, files are imported, a report is written."""
    store = Store.init(place, SETTINGS)
    ingest(store, [str(world.file("first.csv")), str(world.file("customers.csv"))])
    report(world, place)


@dataclass(frozen=True, slots=True)
class Flow:
    """`start`: the prepared workspace that it begins on; None: an empty place. `weight`: its share of the rounds."""

    name: str
    run: Callable[[World, Path], None]
    start: str | None
    weight: int


FLOWS = (
    Flow("import", import_first, "empty", 3),
    Flow("merge", import_again, "base", 4),
    Flow("merge after a killed one", import_again, "torn", 3),
    Flow("report", report, "base", 2),
    Flow("segments", segments, "base", 2),
    Flow("demo", demo, None, 1),
)
