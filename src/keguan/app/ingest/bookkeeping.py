"""Keeps the books of an import: received = clean + quarantined + superseded + dropped, always."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from keguan.app.ingest.report import FileReport
from keguan.core.text import Scalar, Text
from keguan.engine.literals import literal
from keguan.mapping.aliases import RECORD_KINDS
from keguan.schema.tables import FINDINGS, LOADS, QUARANTINE

KEY_COLUMNS = (
    "customer_key", "product_id", "quantity", "unit_price", "amount", "cost", "channel", "region",
    "province", "city", "status",
)  # fmt: skip


# Orders that came back with fewer lines or less money.
_SHRUNK = """
INSERT INTO batch_findings
WITH before AS (
  SELECT order_id, count(*) AS lines, sum(amount) AS amount FROM replaced_lines GROUP BY order_id
), after AS (
  SELECT order_id, min(load_id) AS load_id, count(*) AS lines, sum(amount) AS amount
  FROM batch_lines GROUP BY order_id
)
SELECT min(a.load_id), 'order_shrunk', NULL, NULL, count(*), NULL,
       CAST(sum(b.amount - a.amount) AS DECIMAL(18, 4))
FROM before b JOIN after a USING (order_id)
WHERE a.lines < b.lines OR a.amount < b.amount
HAVING count(*) > 0
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the batch as the books need it."""

    load_id: int
    file_no: int
    entity: str
    label: str
    sha256: str
    bytes: int
    mapping: str
    form: str
    table: str
    rows: int
    rejected: int
    rejected_table: str
    doubts: tuple[Text, ...]


class Books:
    """Collects counts while the import runs and closes them into loads, quarantine and findings."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, batch: int, source: str) -> None:
        self._run = connection.execute
        self._batch = batch
        self._source = source
        self._has_orders = False
        self._given: frozenset[str] = frozenset()
        self._run(f"CREATE OR REPLACE TEMP TABLE batch_findings ({FINDINGS.ddl()})")
        self._run(f"CREATE OR REPLACE TEMP TABLE batch_quarantine ({QUARANTINE.ddl()})")
        self._run(f"CREATE OR REPLACE TEMP TABLE batch_loads ({LOADS.ddl()})")
        self._run("CREATE OR REPLACE TEMP TABLE replaced_rows (load_id INTEGER, rows BIGINT)")
        self._run(
            "CREATE OR REPLACE TEMP TABLE master_judged "
            "(file_no INTEGER, load_id INTEGER, source_row BIGINT, entity VARCHAR, rule VARCHAR, "
            "failed VARCHAR, failed_found VARCHAR, row_key VARCHAR, missing_reason VARCHAR)"
        )

    def count(self, rule: str, rows: int) -> None:
        """A finding of the whole batch that is only a number of rows."""
        if rows:
            self._run(
                f"INSERT INTO batch_findings SELECT min(load_id), {literal(rule)}, NULL, NULL, {int(rows)}, count(*), NULL "
                "FROM judged"
            )

    def _add(self, table: str, *values: Scalar) -> None:
        """One row; as literals, for the reason that engine.literals gives."""
        self._run(f"INSERT INTO {table} VALUES ({', '.join(map(literal, values))})")

    def orders_have(self, given: frozenset[str]) -> None:
        """Tells which flat columns the order files have; missing cells are counted in these only."""
        self._given = given

    def replaced_orders(self) -> int:
        """Books rows of earlier loads whose orders came again; gives the number of orders replaced.

        Orders that came back with fewer lines or less money are findings with the money.
        """
        self._has_orders = True
        self._run(
            "INSERT INTO replaced_rows SELECT load_id, count(DISTINCT source_row) FROM replaced_lines GROUP BY load_id"
        )
        replaced = int(self._run("SELECT count(*) FROM replaced_orders").fetchall()[0][0])
        if replaced:
            self._run(_SHRUNK)
        return replaced

    def close(self, entries: Sequence[Entry], now: datetime) -> tuple[FileReport, ...]:
        """Fills batch_loads, batch_quarantine and batch_findings."""
        if self._has_orders:
            self._order_findings()
        return tuple(self._close_one(entry, now) for entry in entries)

    def loads_sql(self, old_loads: str) -> str:
        """Earlier loads with the rows that were replaced now moved from clean to superseded, and the new."""
        return f"""
        SELECT o.* REPLACE (o.clean - coalesce(r.rows, 0) AS clean,
                            o.superseded + coalesce(r.rows, 0) AS superseded)
        FROM ({old_loads}) o LEFT JOIN replaced_rows r ON r.load_id = o.load_id
        UNION ALL SELECT * FROM batch_loads
        """

    def _close_one(self, entry: Entry, now: datetime) -> FileReport:
        judged = (
            "judged"
            if entry.entity == "orders"
            else f"(SELECT * FROM master_judged WHERE entity = '{entry.entity}')"
        )
        quarantined, first, last = self._quarantine(entry, judged)
        superseded, dropped = self._left_out(entry)
        received = entry.rows + entry.rejected
        clean = received - quarantined - superseded - dropped
        self._add(
            "batch_loads",
            entry.load_id, self._batch, self._source, entry.label, entry.sha256, entry.bytes, entry.entity,
            entry.mapping, entry.form, received, clean, quarantined, superseded, dropped, first, last, now,
        )  # fmt: skip
        for doubt in entry.doubts:
            what = f"{doubt.zh}\n{doubt.en}"
            self._add("batch_findings", entry.load_id, "doubt", None, what, None, None, None)
        return FileReport(
            entry.label,
            entry.entity,
            entry.mapping,
            received,
            clean,
            quarantined,
            superseded,
            dropped,
            entry.form,
        )

    def _quarantine(self, entry: Entry, judged: str) -> tuple[int, date | None, date | None]:
        is_orders = entry.entity == "orders"
        money = (
            "coalesce(j.amount, TRY_CAST(CAST(j.quantity AS DECIMAL(22, 4)) * j.unit_price AS DECIMAL(18, 4)))"
            if is_orders
            else "NULL"
        )
        key = "j.order_id" if is_orders else "j.row_key"
        # Of a record every rule names its column.
        told = "TRUE" if entry.entity in RECORD_KINDS else "j.rule = 'unreadable'"
        self._run(
            f"""
            INSERT INTO batch_quarantine
            SELECT {entry.load_id}, j.source_row, '{entry.entity}', j.rule,
                   CASE WHEN {told} THEN j.failed END,
                   CASE WHEN {told} THEN j.failed_found END,
                   {key}, {money}, CAST(to_json(r) AS VARCHAR)
            FROM {judged} j JOIN {entry.table} r ON r.source_row = j.source_row
            WHERE j.load_id = {entry.load_id} AND j.rule IS NOT NULL
            """
        )
        if entry.rejected:
            self._run(
                f"""
                INSERT INTO batch_quarantine
                SELECT {entry.load_id}, source_row, '{entry.entity}', 'columns', NULL, NULL, NULL, NULL, raw
                FROM {entry.rejected_table}
                """
            )
        count = self._run(
            f"SELECT count(*) FROM batch_quarantine WHERE load_id = {entry.load_id}"
        ).fetchall()[0][0]
        self._run(
            f"""
            INSERT INTO batch_findings
            SELECT load_id, 'quarantine_' || rule, column_name, NULL, count(*), {entry.rows + entry.rejected}, sum(amount)
            FROM batch_quarantine WHERE load_id = {entry.load_id} GROUP BY load_id, rule, column_name
            """
        )
        if entry.entity in RECORD_KINDS:
            found = self._run(
                f"SELECT min(first_day), max(last_day) FROM record_days WHERE load_id = {entry.load_id}"
            ).fetchall()[0]
            return int(count), found[0], found[1]
        if not is_orders:
            return int(count), None, None
        days = self._run(
            f"SELECT min(day), max(day) FROM batch_lines WHERE load_id = {entry.load_id}"
        ).fetchall()[0]
        return int(count), days[0], days[1]

    def _left_out(self, entry: Entry) -> tuple[int, int]:
        if entry.entity in RECORD_KINDS:
            superseded, dropped = self._run(
                "SELECT coalesce(sum(superseded), 0), coalesce(sum(dropped), 0) FROM record_rows "
                f"WHERE load_id = {entry.load_id}"
            ).fetchall()[0]
            return int(superseded), int(dropped)
        if entry.entity != "orders":
            return 0, 0
        if not self._run("SELECT 1 FROM left_out LIMIT 1").fetchall():
            return 0, 0
        superseded, dropped = self._run(
            f"""
            SELECT count(*) FILTER (rid IN (SELECT rid FROM twice)),
                   count(*) FILTER (rid NOT IN (SELECT rid FROM twice) AND rid NOT IN (SELECT rid FROM kept))
            FROM good WHERE load_id = {entry.load_id}
            """
        ).fetchall()[0]
        return int(superseded), int(dropped)

    def _order_findings(self) -> None:
        self._run(
            """
            INSERT INTO batch_findings
            SELECT load_id, 'repeated_lines', NULL, NULL, count(*), NULL, sum(amount)
            FROM batch_lines WHERE is_repeated GROUP BY load_id
            UNION ALL
            SELECT load_id, 'no_customer', 'customer_id', NULL, count(*), NULL, sum(amount)
            FROM batch_lines WHERE account_no IS NULL AND movement = 'purchase' GROUP BY load_id
            UNION ALL
            SELECT load_id, 'movement_' || movement, NULL, NULL, count(*), NULL, sum(amount)
            FROM batch_lines WHERE movement <> 'purchase' GROUP BY load_id, movement
            UNION ALL
            SELECT load_id, 'kind_' || line_kind, NULL, NULL, count(*), NULL, sum(amount)
            FROM batch_lines WHERE line_kind <> 'product' GROUP BY load_id, line_kind
            UNION ALL
            SELECT load_id, 'bulk', 'quantity', NULL, count(*), NULL, sum(amount)
            FROM batch_lines WHERE is_bulk GROUP BY load_id
            UNION ALL
            SELECT load_id, 'imputed', imputed, NULL, count(*), NULL, sum(amount)
            FROM batch_lines WHERE imputed IS NOT NULL GROUP BY load_id, imputed
            UNION ALL
            SELECT load_id, 'unreadable_attribute', failed, NULL, count(*), NULL, NULL
            FROM judged WHERE rule IS NULL AND failed IS NOT NULL GROUP BY load_id, failed
            """
        )
        self._missing_reasons("judged")
        self._missing_shares()
        self._amounts_and_currencies()

    def _missing_reasons(self, table: str) -> None:
        """Cells that hold a reason instead of a value (B3): counted by column and reason."""
        self._run(
            f"""
            INSERT INTO batch_findings
            WITH pairs AS (
              SELECT load_id, unnest(string_split(missing_reason, ';')) AS pair FROM {table}
              WHERE missing_reason IS NOT NULL
            )
            SELECT load_id, 'missing_reason', split_part(pair, '=', 1), split_part(pair, '=', 2),
                   count(*), NULL, NULL
            FROM pairs GROUP BY load_id, split_part(pair, '=', 1), split_part(pair, '=', 2)
            """
        )

    def _missing_shares(self) -> None:
        """Missing cells of key columns that the files have: under 5 %, or 5 % and more (to be verified)."""
        columns = [column for column in KEY_COLUMNS if column in self._given]
        counts = ", ".join(f"count({column})" for column in columns)
        for load_id, rows, *filled in self._run(
            f"SELECT load_id, count(*), {counts} FROM judged GROUP BY load_id"
        ).fetchall():
            for column, count in zip(columns, filled, strict=True):
                missing = rows - count
                if count and missing:
                    rule = "missing_to_verify" if missing * 20 >= rows else "missing_few"
                    self._add("batch_findings", load_id, rule, column, None, missing, rows, None)

    def _amounts_and_currencies(self) -> None:
        """Orders whose own amount is not that of their lines (with or without postage); several currencies."""
        if "order_amount" in self._given:
            self._run(
                """
                INSERT INTO batch_findings
                SELECT load_id, 'amount_mismatch', 'order_amount', NULL, count(*), NULL,
                       CAST(sum(amount) AS DECIMAL(18, 4))
                FROM mismatched_orders GROUP BY load_id
                """
            )
        self._run(
            """
            INSERT INTO batch_findings
            SELECT load_id, 'several_currencies', 'currency', currency, count(*), NULL,
                   CAST(sum(amount) AS DECIMAL(18, 4))
            FROM batch_orders
            WHERE currency IS NOT NULL AND (SELECT count(DISTINCT currency) FROM batch_orders) > 1
            GROUP BY load_id, currency
            """
        )

    def currency(self) -> str | None:
        """The one currency that the batch's orders name; None when they name none or several."""
        if not self._has_orders:
            return None
        found = self._run(
            "SELECT DISTINCT currency FROM batch_orders WHERE currency IS NOT NULL LIMIT 2"
        ).fetchall()
        return str(found[0][0]) if len(found) == 1 else None

    def master_findings(self) -> None:
        """Reasons for missing cells and unreadable attributes of customer and product files."""
        self._missing_reasons("master_judged")
        self._run(
            "INSERT INTO batch_findings SELECT load_id, 'unreadable_attribute', failed, NULL, count(*), NULL, NULL "
            "FROM master_judged WHERE rule IS NULL AND failed IS NOT NULL GROUP BY load_id, failed"
        )
