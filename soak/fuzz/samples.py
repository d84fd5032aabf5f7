"""The real files from which mutants are made: a few thousand rows of each, as cells, read independently."""

from __future__ import annotations

import csv
import gzip
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from soak.fuzz.record_samples import record_files

ROOT = Path(__file__).parents[2]
MOST_ROWS = 3000


@dataclass(frozen=True, slots=True)
class Sample:
    """A table of a real file. `header` is None where the file has none; `blanks`: columns set apart by blanks;
    `weight`: how often it is taken. `raw`: the file itself where it is a binary one that nobody can write."""

    name: str
    header: tuple[str, ...] | None
    rows: tuple[tuple[str, ...], ...]
    weight: int
    blanks: bool = False
    raw: bytes = b""
    file_name: str = "mutant"


# Files that can be imported are taken most often; those of other kinds must be refused, whatever happens to them.
CSV = {
    "online_retail/online_retail_2009_2010.csv.gz": 10,
    "online_retail/online_retail_2010_2011.csv.gz": 8,
    "superstore_cn/superstore_cn.csv.gz": 10,
    "splink_fake_1000/fake_1000.csv": 5,
    "hillstrom/hillstrom.csv.gz": 2,
    "rees46_events/2019-Oct-head.csv.gz": 2,
    "retentioneering_ecom/ecom.csv.gz": 2,
    "telco_churn/Telco-Customer-Churn.csv.gz": 2,
    "cfpb_complaints/complaints_sample.csv.gz": 2,
    "waimai_reviews_cn/waimai_10k.csv.gz": 1,
    "robyn_mmm/dt_simulated_weekly.csv": 1,
    "splink_fake_1000/fake_1000_labels.csv": 1,
}
BLANKS = {"cdnow/CDNOW_master.txt": (True, 5), "cdnow/CDNOW_sample.txt": (False, 4)}
WORKBOOK = "superstore_cn/superstore_cn.xls"


def data_folder() -> Path:
    """Where the published data sets are."""
    return Path(os.environ.get("KEGUAN_TEST_DATA") or ROOT.parent / "shared" / "data")


def samples() -> list[Sample]:
    """All samples: the published files that are there, the orders and customers of the demo shop, files of records."""
    return [*_published(data_folder()), *_demo(), *_records()]


def _records() -> Iterator[Sample]:
    """A file of every kind of record; its name tells the kind, so it is kept."""
    for kind, name, header, rows, weight in record_files():
        yield Sample(f"records/{kind}", header, rows, weight, file_name=name)


def _published(folder: Path) -> Iterator[Sample]:
    for name, weight in CSV.items():
        if (folder / name).is_file():
            header, *rows = islice(csv.reader(_lines(folder / name)), MOST_ROWS)
            yield Sample(name, tuple(header), tuple(map(tuple, rows)), weight)
    for name, (headed, weight) in BLANKS.items():
        if (folder / name).is_file():
            cells = [tuple(line.split()) for line in islice(_lines(folder / name), MOST_ROWS) if line.strip()]
            yield Sample(name, cells[0] if headed else None, tuple(cells[headed:]), weight, blanks=True)
    if (folder / WORKBOOK).is_file():
        yield Sample(WORKBOOK, None, (), 1, raw=(folder / WORKBOOK).read_bytes())


def _lines(path: Path) -> Iterator[str]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
            yield from text
    else:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield from text


def _demo() -> Iterator[Sample]:
    """Order exports with statuses, refunds, gifts and dirt, and the customer file beside them."""
    from keguan.demo import write_shop

    with tempfile.TemporaryDirectory() as folder:
        shop = write_shop(Path(folder), scale=0.05)
        orders = csv.reader(io.StringIO(shop.orders.read_bytes().decode("gb18030"), newline=""))
        header, *rows = islice(orders, MOST_ROWS)
        yield Sample("demo/orders", tuple(header), tuple(map(tuple, rows)), 14)
        header, *rows = islice(_sheet(shop.customers), MOST_ROWS)
        yield Sample("demo/customers", tuple(header), tuple(map(tuple, rows)), 5)


def _sheet(path: Path) -> Iterator[list[str]]:
    import fastexcel

    cells = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    for row in zip(*(column.to_pylist() for column in cells.columns), strict=True):
        yield [cell or "" for cell in row]
