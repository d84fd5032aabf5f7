"""The rows of one batch of order files, judged, their accounts numbered, their repeats found.

Each step is one temporary table in the import's private database; its name is what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from keguan.engine.literals import quoted
from keguan.identity import accounts
from keguan.mapping.flat_columns import UTC
from keguan.quality import judge
from keguan.quality.normalised import replaced_sql
from keguan.schema.tables import SQL_TYPES, Entity

CUSTOMER_ATTRIBUTES = (
    "kind", "name", "gender", "birth_date", "occupation", "income", "education", "industry_code",
    "size_staff", "size_revenue", "founded_on", "country", "province", "city", "acquired_channel",
    "registered_at", "registered_on", "owner", "branch", "credit_grade", "settlement_cycle_days", "member_level", "points",
)  # fmt: skip


HELD_IN_MEMORY = 3_000_000  # rows; a table of more is slower to spill than a file is to read
DEFAULT_SOURCE = "files"  # all files without --source are one source

# Columns of a flat row that are kept whether or not the file has them.
ALWAYS = (
    "source_row", "order_number", "customer_key", "ordered_at", "is_utc", "has_time", "product_id",
    "product_name", "quantity", "unit_price", "amount", "failed", "failed_found", "missing_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FlatFile:
    """One file of the batch in canonical columns: its flat SELECT, the columns that the file really has,
    and how its orders are told apart. `questions`: flat rows a received row of a questionnaire has."""

    file_no: int
    load_id: int
    sql: str
    order_key: str
    given: frozenset[str]
    rows: int
    questions: int = 0


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What the batch needs to know of the workspace."""

    source: str
    timezone: str
    repeated_lines: str
    next_account: int
    knows_payment: bool = False  # earlier orders of the source told paid from unpaid


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of a batch in the import's private database, and which flat columns they have."""

    connection: duckdb.DuckDBPyConnection
    settings: BatchSettings
    files: int
    given: frozenset[str]
    any_utc: bool  # some row's time is an instant in UTC rather than local time
    judged: str  # SQL that makes the view `judged` of the relation {0}

    def has(self, column: str) -> bool:
        """Whether any file of the batch has the column."""
        return column in self.given

    def filled(self, table: str) -> bool:
        """Whether a table of the import's database has rows."""
        return bool(self.connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())

    def any_row(self, condition: str) -> bool:
        """Whether the SQL condition holds for some row that stays."""
        return self.filled(f"kept WHERE {condition}")


def prepare(
    connection: duckdb.DuckDBPyConnection, files: Sequence[FlatFile], settings: BatchSettings, scratch: Path
) -> Batch:
    """Makes `judged` (all rows, with order_id and rule) and the view `good` (rows that can be used).

    Only columns that some file has are held; the others are NULLs of the view, so that a narrow file
    costs what a narrow file should. Many rows are held in a file in `scratch`.
    """
    for file in files:
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW flat_{file.file_no} AS "
            f"SELECT {file.file_no} AS file_no, {file.load_id} AS load_id, "
            f"{file.file_no} * 1099511627776 + source_row AS rid, "
            "CAST(NULL AS DECIMAL(18, 4)) AS price_imputed, "
            f"f.* REPLACE ({', '.join(_in_one_form(file))}) FROM ({file.sql}) f"
        )
    shape = connection.execute(f"DESCRIBE SELECT * FROM ({files[0].sql}) f").fetchall()
    given = frozenset(ALWAYS).union(*(file.given for file in files))
    if "province" in given:  # an address in it tells the city too
        given |= {"city"}
    held = ["file_no", "load_id", "rid", "price_imputed", *(row[0] for row in shape if row[0] in given)]
    # Two sources may give the same number to two orders: a named source is part of its orders' identity.
    of_source = "" if settings.source == DEFAULT_SOURCE else f"{quoted(settings.source + ':')} || "
    ids = f"{of_source}order_id AS order_id, {of_source}original_order_id AS original_order_id"
    parts = [
        f"SELECT {', '.join(held)}, {ids}, rule FROM "
        f"({judge.judged_sql(file.order_key, f'flat_{file.file_no}')})"
        for file in files
    ]
    rows = " UNION ALL ".join(parts)
    if sum(file.rows for file in files) > HELD_IN_MEMORY:
        held_in = quoted(str(scratch / "judged.parquet"))
        connection.execute(f"COPY ({rows}) TO {held_in} (FORMAT parquet, COMPRESSION lz4)")
        rows = f"SELECT * FROM read_parquet([{held_in}], hive_partitioning = false)"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW judged_rows AS {rows}")
    else:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE judged_rows AS {rows}")
    any_utc = connection.execute("SELECT coalesce(bool_or(is_utc), FALSE) FROM judged_rows").fetchall()[0][0]
    absent = "".join(f", CAST(NULL AS {row[1]}) AS {row[0]}" for row in shape if row[0] not in given)
    utc = "" if any_utc else " REPLACE (FALSE AS is_utc)"
    judged = f"CREATE OR REPLACE TEMP VIEW judged AS SELECT *{utc}{absent} FROM {{0}}"
    connection.execute(judged.format("judged_rows"))
    connection.execute("CREATE OR REPLACE TEMP VIEW good AS SELECT * FROM judged WHERE rule IS NULL")
    return Batch(connection, settings, len(files), given, bool(any_utc), judged)


def _in_one_form(file: FlatFile) -> tuple[str, ...]:
    """Columns of a flat row that are not taken as received (B5); a shop that knows its products by name only."""
    return ("coalesce(product_id, trim(product_name)) AS product_id", *replaced_sql(file.given))


def impute_prices(batch: Batch) -> int:
    """Fills unit prices missing in under 5 % of the rows; gives the rows filled (B1, B2)."""
    connection = batch.connection
    missing, rows = connection.execute(
        "SELECT count(*) FILTER (rule = 'no_amount' AND quantity IS NOT NULL "
        "AND product_id IS NOT NULL), "
        "count(*) FROM judged"
    ).fetchall()[0]
    if not missing or missing * 20 >= rows:
        return 0
    connection.execute("CREATE OR REPLACE TEMP VIEW flat_rows AS SELECT * FROM judged")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE imputed_prices AS {judge.IMPUTED_PRICES}")
    paid = "quantity * p.price" + (" - coalesce(discount, 0)" if batch.has("discount") else "")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE imputed_rows AS
        SELECT j.rid, p.price, CAST({paid} AS DECIMAL(18, 4)) AS amount
        FROM judged_rows j JOIN imputed_prices p ON p.product_id = j.product_id
        WHERE j.rule = 'no_amount' AND j.quantity IS NOT NULL
          AND abs(CAST(j.quantity AS DOUBLE) * CAST(p.price AS DOUBLE)) < 100000000000
        """
    )
    filled = """(
      SELECT j.* REPLACE (i.price AS price_imputed, coalesce(i.amount, j.amount) AS amount,
                          CASE WHEN i.rid IS NULL THEN j.rule END AS rule)
      FROM judged_rows j LEFT JOIN imputed_rows i ON i.rid = j.rid)"""
    connection.execute(batch.judged.format(filled))
    return int(connection.execute("SELECT count(*) FROM imputed_rows").fetchall()[0][0])


def number_accounts(connection: duckdb.DuckDBPyConnection, settings: BatchSettings) -> int:
    """Makes `new_accounts` and `accounts`; `known_keys` must exist. Gives the number of new accounts."""
    sql = accounts.NEW_ACCOUNTS.replace("$next_account", str(int(settings.next_account)))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE new_accounts AS {sql}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE accounts AS {accounts.ACCOUNTS}")
    return int(connection.execute("SELECT count(*) FROM new_accounts").fetchall()[0][0])


def mark_repeats(batch: Batch) -> None:
    """Makes `repeats`, `twice` (rows of overlapping files), `bulk` and the view `kept` of rows that stay."""
    run = batch.connection.execute
    columns = tuple(name for name in judge.REPEAT_COLUMNS if name == "order_id" or batch.has(name))
    run(f"CREATE OR REPLACE TEMP TABLE suspects AS {judge.suspects_sql(columns)}")
    run(f"CREATE OR REPLACE TEMP TABLE repeats AS {judge.repeats_sql(columns)}")
    twice = judge.twice_in_batch_sql(columns) if batch.files > 1 else "SELECT rid FROM good WHERE FALSE"
    run(f"CREATE OR REPLACE TEMP TABLE twice AS {twice}")
    run(f"CREATE OR REPLACE TEMP TABLE bulk AS {judge.BULK}")
    left_out = ["SELECT rid FROM twice"]
    if batch.settings.repeated_lines == "drop":
        left_out.append("SELECT rid FROM repeats")
    run(f"CREATE OR REPLACE TEMP TABLE left_out AS {' UNION '.join(left_out)}")
    some = run("SELECT count(*) FROM left_out").fetchall()[0][0]
    where = " WHERE rid NOT IN (SELECT rid FROM left_out)" if some else ""
    run(f"CREATE OR REPLACE TEMP VIEW kept AS SELECT * FROM good{where}")


def registered(zone: str) -> str:
    """SQL of two columns: registered_at in UTC and registered_on, the day in the workspace's zone."""
    place = quoted(zone)
    local = f"timezone({place}, timezone('UTC', registered_at))"
    utc = f"timezone('UTC', timezone({place}, registered_at))"
    told = f"registered_at{UTC}"
    return (
        f"CASE WHEN {told} THEN registered_at ELSE {utc} END AS registered_at, "
        f"CAST(CASE WHEN {told} THEN {local} ELSE registered_at END AS DATE) AS registered_on"
    )


def stored(entity: Entity, relation: str, given: Sequence[str]) -> str:
    """SQL: the relation in the entity's stored columns and types; columns it lacks are NULL."""
    columns = ", ".join(
        f"CAST({item.name if item.name in given else 'NULL'} AS {SQL_TYPES[item.type]}) AS {item.name}"
        for item in entity.fields
    )
    return f"SELECT {columns} FROM {relation}"
