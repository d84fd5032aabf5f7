"""The use case 'import': files go in, one commit comes out, or nothing at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from keguan import sources
from keguan.app.ingest import (
    attributes,
    batch,
    bookkeeping,
    chunks,
    earlier,
    event_marts,
    frozen,
    marts,
    master,
    members,
    reading,
    records,
    told,
)
from keguan.app.ingest.lines import lines_sql
from keguan.app.ingest.nothing import nothing_landed
from keguan.app.ingest.options import check
from keguan.app.ingest.orders import (
    MISMATCHED,
    PAID_STATES,
    knows_payment,
    make_moved,
    make_orders,
    utc_times,
)
from keguan.app.ingest.reading import ReadFile
from keguan.app.ingest.report import FileReport, ImportOptions, ImportReport
from keguan.app.ingest.totals import check_total
from keguan.app.ingest.workshop import Workshop, undone_on_failure
from keguan.app.ingest.write import append, replace_all, rest_of, scan, write
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.mapping.aliases import RECORD_KINDS
from keguan.mapping.model import ENTITY_KINDS
from keguan.store.delta import NewFile
from keguan.store.workspace import Change, Store

Progress = Callable[[Text, float], None]


def silent(_what: Text, _share: float) -> None:
    """Reports nothing."""


def ingest(
    store: Store,
    arguments: Sequence[str],
    options: ImportOptions | None = None,
    progress: Progress = silent,
) -> ImportReport:
    """Imports files, folders and globs as one batch.

    Raises InputError when nothing can be used, QuestionError when something essential is open; the
    workspace is then as before.
    """
    options = options or ImportOptions()
    check(options)
    paths = sources.find(arguments)
    with store.writing() as recovery, undone_on_failure(store), Workshop(store) as (connection, scratch):
        files = _read(store, connection, scratch, paths, options, progress)
        known = earlier.known_reports(store, connection, files, options)
        fresh = [file for file in files if (file.sha256, file.label) not in known]
        if not fresh:
            return ImportReport(tuple(known.values()), rolled_back=bool(recovery))
        progress(Text("清洗并合并", "Cleaning and merging"), 0.5)
        job = Job(store, connection, options, tuple(fresh), scratch)
        report = job.run(progress)
        return replace(report, files=(*known.values(), *report.files), rolled_back=bool(recovery))


def _read(
    store: Store,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    paths: Sequence[Path],
    options: ImportOptions,
    progress: Progress,
) -> list[ReadFile]:
    saved = reading.saved_mappings(store.folder / "mappings")
    source_key = earlier.source_key(store, connection, options.source)
    files: list[ReadFile] = []
    for number, path in enumerate(paths):
        progress(Text(f"读取 {path.name}", f"Reading {path.name}"), 0.5 * number / len(paths))
        sha256 = reading.digest(path)
        found = reading.read_file(
            connection, path, options, saved,
            scratch=scratch, number=number, sha256=sha256, source_key=source_key,
        )  # fmt: skip
        files += found
        saved = (*saved, *(file.mapping for file in found))
        source_key = source_key or next(
            (file.mapping.order_key for file in found if file.mapping.order_key), None
        )
    return files


@dataclass
class Job:
    """One import in its private database, from staged files to the commit."""

    store: Store
    connection: duckdb.DuckDBPyConnection
    options: ImportOptions
    files: tuple[ReadFile, ...]
    scratch: Path

    def __post_init__(self) -> None:
        first = self.store.catalog.next_load
        self.load_ids = {id(file): first + number for number, file in enumerate(self.files)}
        self.changes: list[Change] = []
        self.new_accounts = 0
        self.replaced = 0
        self.books = bookkeeping.Books(self.connection, self.store.catalog.batch + 1, self.options.source)

    def run(self, progress: Progress) -> ImportReport:
        """All steps; commits at the end."""
        orders = [file for file in self.files if file.mapping.entity == "orders"]
        customers = [file for file in self.files if file.mapping.entity == "customers"]
        products = [file for file in self.files if file.mapping.entity == "products"]
        self._open_keys()
        if customers:
            master.judge_customers(
                self.connection, self._flat(customers), self.books, self.store.config.timezone
            )
        described = self._records()
        if orders:
            self._orders(orders, progress)
        else:
            self._number_accounts_without_orders()
        self.changes += master.changes(
            self.connection, self.store, self.options.source,
            customers=bool(customers), orders=bool(orders), records=bool(described),
            products=self._flat(products) if products else [], books=self.books,
        )  # fmt: skip
        for kind in described:
            self.changes.append(kind.change(self.store))
            if kind.kind == "events":
                self.changes += event_marts.update(self.connection, self.store, self.changes[-1])
        self.changes += attributes.changes(self.connection, self.store, self.options.source)
        reports = self._keep_books()
        if not sum(report.clean + report.superseded + report.dropped for report in reports):
            raise nothing_landed(self.connection, reports)
        progress(Text("提交", "Committing"), 0.95)
        self._keep_raw()
        self._commit()
        return ImportReport(
            reports,
            new_accounts=self.new_accounts,
            replaced=self.replaced,
            doubts=(
                *(doubt.text for file in self.files for doubt in file.doubts),
                *frozen.told(self.connection),
                *members.told(self.connection),
            ),
            batch=self.store.catalog.batch,
        )

    def _records(self) -> list[records.Records]:
        """The record files of the batch by kind, judged, their customers told."""
        records.open_tables(self.connection, self.store, self.options.source)
        described = []
        for kind in RECORD_KINDS:
            files = [file for file in self.files if file.mapping.entity == kind]
            if files:
                types = {n: file.mapping.customer_key_type or "account" for n, file in enumerate(files)}
                described.append(
                    records.Records(
                        self.connection, kind, tuple(self._flat(files)), types,
                        self.store.config.timezone, self.options.source,
                    )
                )  # fmt: skip
        for made in described:
            made.judge()
            made.tell_customers()
        return described

    def _flat(self, files: Sequence[ReadFile]) -> list[batch.FlatFile]:
        return [
            batch.FlatFile(
                number,
                self.load_ids[id(file)],
                file.flat(),
                file.mapping.order_key or "number",
                file.given(),
                file.loaded.rows,
                len(file.mapping.answers),
            )
            for number, file in enumerate(files)
        ]

    def _open_keys(self) -> None:
        source = self.options.source.replace("'", "''")
        keys = scan(self.store.files("customer_keys"), "customer_keys")
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE known_keys AS SELECT key_value, min(account_no) AS account_no "
            f"FROM ({keys}) WHERE source = '{source}' AND key_type = 'account' GROUP BY key_value"
        )
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE master (rid BIGINT, customer_key VARCHAR, load_id INTEGER)"
        )

    def _number_accounts_without_orders(self) -> None:
        self.connection.execute("CREATE OR REPLACE TEMP VIEW keyed AS SELECT * FROM master")
        self.new_accounts = batch.number_accounts(self.connection, self._settings())

    def _settings(self) -> batch.BatchSettings:
        config = self.store.config
        return batch.BatchSettings(
            source=self.options.source,
            timezone=config.timezone,
            repeated_lines=self.options.repeated_lines or config.repeated_lines,
            next_account=self.store.catalog.next_account,
            knows_payment=self._knows_payment(),
        )

    def _knows_payment(self) -> bool:
        """Whether earlier orders of the source tell paid from unpaid: a batch of unpaid ones alone cannot."""
        orders = scan(self.store.files("orders"), "orders")
        found = self.connection.execute(
            f"SELECT 1 FROM ({orders}) WHERE source = {quoted(self.options.source)} "
            f"AND (paid_at IS NOT NULL OR status IN ({PAID_STATES})) LIMIT 1"
        ).fetchall()
        return bool(found)

    def _orders(self, files: Sequence[ReadFile], progress: Progress) -> None:
        rows = batch.prepare(self.connection, self._flat(files), self._settings(), self.scratch)
        self.books.count("imputed_price", batch.impute_prices(rows))
        self.connection.execute(
            "CREATE OR REPLACE TEMP VIEW keyed AS SELECT rid, customer_key, load_id FROM good "
            "UNION ALL SELECT * FROM master"
        )
        self.new_accounts = batch.number_accounts(self.connection, rows.settings)
        batch.mark_repeats(rows)
        progress(Text("整理订单", "Building orders"), 0.6)
        told.make_products(self.connection)
        new_lines, new_orders = self._write_orders(rows)
        check_total(self.connection, self.store, ", ".join(file.label for file in files[:5]))
        told.make_customers(rows)
        self.books.orders_have(rows.given)
        progress(Text("写入数据表", "Writing tables"), 0.75)
        lines, order_change = self._merge_orders(new_lines, new_orders)
        progress(Text("更新汇总", "Updating marts"), 0.85)
        self.changes += marts.update(self.connection, self.store, lines, order_change)

    def _write_orders(self, rows: batch.Batch) -> tuple[tuple[NewFile, ...], tuple[NewFile, ...]]:
        """The batch's lines and orders, written part by part as they are made.

        What else needs them reads `batch_lines` and `batch_orders` from their files.
        """
        lines: tuple[NewFile, ...] = ()
        orders: tuple[NewFile, ...] = ()
        told_apart, utc = knows_payment(rows), utc_times(rows)
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE mismatched_orders (load_id INTEGER, amount DECIMAL(18, 4))"
        )
        for part in chunks.ranges(rows):
            make_moved(rows, part, knows_payment=told_apart)
            make_orders(rows, utc)
            lines += write(self.connection, self.store, "order_lines", lines_sql(rows))
            orders += write(self.connection, self.store, "orders", "SELECT * FROM grouped_orders")
            self.connection.execute(f"INSERT INTO mismatched_orders {MISMATCHED}")
        for name, files in (("order_lines", lines), ("orders", orders)):
            written = scan([str(file.path) for file in files], name)
            view = name.replace("order_lines", "lines")
            self.connection.execute(f"CREATE OR REPLACE TEMP VIEW batch_{view} AS {written}")
        return lines, orders

    def _merge_orders(
        self, new_lines: tuple[NewFile, ...], new_orders: tuple[NewFile, ...]
    ) -> tuple[Change, Change]:
        """Orders that come again replace their earlier version whole."""
        old_orders = scan(self.store.files("orders"), "orders")
        source = self.options.source.replace("'", "''")
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE replaced_orders AS "
            f"SELECT o.order_id, o.amount FROM ({old_orders}) o "
            f"WHERE o.source = '{source}' AND o.order_id IN (SELECT order_id FROM batch_orders)"
        )
        gone = f"(t.source = '{source}' AND t.order_id IN (SELECT order_id FROM replaced_orders))"
        old_lines = scan(self.store.files("order_lines"), "order_lines")
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE replaced_lines AS SELECT t.* FROM ({old_lines}) t WHERE {gone}"
        )
        self.replaced = self.books.replaced_orders()
        lines, orders = Change("order_lines", new_lines), Change("orders", new_orders)
        if self.replaced:
            lines = rest_of(self.connection, self.store, lines, gone)
            orders = rest_of(self.connection, self.store, orders, gone)
        self.changes += [lines, orders]
        return lines, orders

    def _keep_books(self) -> tuple[FileReport, ...]:
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        entries = [
            bookkeeping.Entry(
                load_id=self.load_ids[id(file)],
                file_no=number,
                entity=file.mapping.entity,
                label=file.label,
                sha256=file.sha256,
                bytes=file.bytes,
                mapping=file.mapping.name,
                form=_form(file),
                table=file.loaded.table,
                rows=file.loaded.rows,
                rejected=file.loaded.rejected,
                rejected_table=file.loaded.rejected_table,
                doubts=tuple(doubt.text for doubt in file.doubts) + file.loaded.notes,
            )
            for kind in ENTITY_KINDS
            for number, file in enumerate(f for f in self.files if f.mapping.entity == kind)
        ]
        reports = self.books.close(entries, now)
        old_loads = scan(self.store.files("loads"), "loads")
        self.changes += [
            replace_all(self.connection, self.store, "loads", self.books.loads_sql(old_loads)),
            append(self.connection, self.store, "quarantine", "SELECT * FROM batch_quarantine"),
            append(self.connection, self.store, "findings", "SELECT * FROM batch_findings"),
        ]
        return reports

    def _keep_raw(self) -> None:
        """The files as received, never edited, under the number of the batch."""
        folder = self.store.folder / "raw" / f"b{self.store.catalog.batch + 1:06d}"
        folder.mkdir(parents=True, exist_ok=True)
        for number, path in enumerate(dict.fromkeys(file.path for file in self.files)):
            shutil.copyfile(path, folder / f"{number:03d}-{path.name}")

    def _commit(self) -> None:
        for file in self.files:
            if file.proposal is not None:
                reading.save_mapping(file.mapping, self.store.folder / "mappings")
        counters: dict[str, Any] = {
            "next_load": self.store.catalog.next_load + len(self.files),
            "next_account": self.store.catalog.next_account + self.new_accounts,
        }
        currencies = {file.mapping.currency for file in self.files if file.mapping.currency}
        if not currencies and (told := self.books.currency()):
            currencies = {told}
        if len(currencies) == 1 and not self.store.catalog.currency:
            counters["currency"] = currencies.pop()
        self.store.commit(self.changes, **counters)


def _form(file: ReadFile) -> str:
    settings = [f"{item.name}={item.value}" for item in file.shape.settings]
    if file.mapping.order_key:
        settings.append(f"order-key={file.mapping.order_key}")
    return f"{file.shape.kind}; {', '.join(settings)}"
