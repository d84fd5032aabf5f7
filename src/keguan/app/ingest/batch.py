"""The SQL of one batch of order rows: from canonical flat rows to orders, lines, products, customers.

Each step is one temporary table in the import's private database; its name is what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from keguan.engine.duckdb_engine import quoted
from keguan.identity import accounts
from keguan.quality import judge, line_kinds
from keguan.quality.normalised import replaced_sql
from keguan.schema.tables import SQL_TYPES, Entity

CUSTOMER_ATTRIBUTES = (
    "kind", "name", "gender", "birth_date", "occupation", "income", "education", "industry_code",
    "size_staff", "size_revenue", "founded_on", "country", "province", "city", "acquired_channel",
    "registered_at", "owner", "branch", "credit_grade", "settlement_cycle_days", "member_level", "points",
)  # fmt: skip


DEFAULT_SOURCE = "files"  # all files without --source are one source

# Columns of a flat row that are kept whether or not the file has them.
ALWAYS = (
    "source_row", "order_number", "customer_key", "ordered_at", "is_utc", "has_time", "product_id",
    "product_name", "quantity", "unit_price", "amount", "failed", "failed_found", "missing_reason",
)  # fmt: skip

# What an order row takes from its lines: the same on every line, so the largest value is the value.
ORDER_ATTRIBUTES = (
    "channel", "store", "region", "province", "country", "device", "status", "status_at", "paid_at",
    "shipped_at", "delivered_at", "order_amount", "shipping_fee", "coupon", "campaign_id", "currency",
)  # fmt: skip


# Times of an order; in the zone of its `ordered_at`.
TIMES = ("ordered_at", "status_at", "paid_at", "shipped_at", "delivered_at")

# States that an order reaches only after payment: a file that knows them knows which orders are unpaid.
PAID_STATES = "'paid', 'shipped', 'completed', 'refunded'"


@dataclass(frozen=True, slots=True)
class FlatFile:
    """One file of the batch in canonical columns: its flat SELECT, the columns that the file really has,
    and how its orders are told apart."""

    file_no: int
    load_id: int
    sql: str
    order_key: str
    given: frozenset[str]


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

    def has(self, column: str) -> bool:
        """Whether any file of the batch has the column."""
        return column in self.given


def prepare(
    connection: duckdb.DuckDBPyConnection, files: Sequence[FlatFile], settings: BatchSettings
) -> Batch:
    """Makes `judged` (all rows, with order_id and rule) and the view `good` (rows that can be used).

    Only columns that some file has are held; the others are NULLs of the view, so that a narrow file
    costs what a narrow file should.
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
    connection.execute(f"CREATE OR REPLACE TEMP TABLE judged_rows AS {' UNION ALL '.join(parts)}")
    any_utc = connection.execute("SELECT coalesce(bool_or(is_utc), FALSE) FROM judged_rows").fetchall()[0][0]
    absent = "".join(f", CAST(NULL AS {row[1]}) AS {row[0]}" for row in shape if row[0] not in given)
    utc = "" if any_utc else " REPLACE (FALSE AS is_utc)"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW judged AS SELECT *{utc}{absent} FROM judged_rows")
    connection.execute("CREATE OR REPLACE TEMP VIEW good AS SELECT * FROM judged WHERE rule IS NULL")
    return Batch(connection, settings, len(files), given)


def _in_one_form(file: FlatFile) -> tuple[str, ...]:
    """Columns of a flat row that are not taken as received (B5); a shop that knows its products by name only."""
    return ("coalesce(product_id, trim(product_name)) AS product_id", *replaced_sql(file.given))


def impute_prices(connection: duckdb.DuckDBPyConnection) -> int:
    """Fills unit prices missing in under 5 % of the rows; gives the rows filled (B1, B2)."""
    missing, rows = connection.execute(
        "SELECT count(*) FILTER (rule = 'no_amount' AND quantity IS NOT NULL AND product_id IS NOT NULL), "
        "count(*) FROM judged"
    ).fetchall()[0]
    if not missing or missing * 20 >= rows:
        return 0
    connection.execute("CREATE OR REPLACE TEMP VIEW flat_rows AS SELECT * FROM judged")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE imputed_prices AS {judge.IMPUTED_PRICES}")
    filled = connection.execute(
        "UPDATE judged_rows SET price_imputed = p.price, rule = NULL FROM imputed_prices p "
        "WHERE judged_rows.product_id = p.product_id AND judged_rows.rule = 'no_amount' "
        "AND judged_rows.quantity IS NOT NULL"
    ).fetchall()
    return int(filled[0][0])


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


def make_products(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `batch_products` (usual name, category, brand) and `line_kinds` per product."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE product_names AS
        SELECT product_id, trim(product_name) AS name, count(*) AS n
        FROM kept WHERE coalesce(product_id, product_name) IS NOT NULL GROUP BY 1, 2
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE line_kinds AS
        SELECT product_id, {line_kinds.line_kind_sql()} AS line_kind FROM (
          SELECT product_id, name, row_number() OVER (
            PARTITION BY product_id ORDER BY CASE WHEN name IS NULL THEN 1 ELSE 0 END, n DESC, name) AS place
          FROM product_names WHERE product_id IS NOT NULL)
        WHERE place = 1
        """
    )
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE batch_products AS
        WITH usual AS (
          SELECT product_id, name, row_number() OVER (
            PARTITION BY product_id ORDER BY CASE WHEN name IS NULL THEN 1 ELSE 0 END, n DESC, name) AS place
          FROM product_names WHERE product_id IS NOT NULL
        ), facts AS (
          SELECT product_id, max(category) AS category, max(brand) AS brand,
                 CAST(max(list_price) AS DECIMAL(18, 4)) AS list_price,
                 CAST(avg(CAST(cost AS DOUBLE) / nullif(CAST(quantity AS DOUBLE), 0))
                      FILTER (quantity > 0) AS DECIMAL(18, 4)) AS unit_cost,
                 min(load_id) AS load_id, min(source_row) AS source_row
          FROM kept WHERE product_id IS NOT NULL GROUP BY product_id
        )
        SELECT f.product_id, u.name, f.category, f.brand, CAST(NULL AS DATE) AS launched_on,
               f.unit_cost, f.list_price, f.load_id, f.source_row
        FROM facts f JOIN usual u ON u.product_id = f.product_id AND u.place = 1
        """
    )


def make_lines(batch: Batch) -> None:
    """Makes `batch_lines`: order lines in stored columns, refunds given as columns turned into lines."""
    run, settings = batch.connection.execute, batch.settings
    knows_payment = settings.knows_payment or _knows_payment(batch)
    movement = judge.MOVEMENT.replace("batch_knows_payment", "TRUE" if knows_payment else "FALSE")
    run(
        f"""
        CREATE OR REPLACE TEMP VIEW moved AS
        SELECT k.* EXCLUDE (amount, region),
               coalesce(k.region, k.province, k.country) AS region,
               CAST({local_time(settings.timezone)} AS DATE) AS day,
               CAST({local_time(settings.timezone, "status_at")} AS DATE) AS status_day,
               {judge.LINE_AMOUNT} AS amount,
               {movement} AS movement
        FROM kept k
        """
    )
    refunds = _REFUNDS if batch.has("refund_amount") or batch.has("status") else ""
    by_name = line_kinds.line_kind_sql("CAST(NULL AS VARCHAR)", "n.product_name")
    run(
        f"""
        CREATE OR REPLACE TEMP TABLE batch_lines AS
        WITH all_lines AS (
          {_LINES}
          {refunds}
        ), numbered AS (
          SELECT l.*,
                 row_number() OVER per_order AS line_no,
                 sum(CASE WHEN movement = 'purchase' THEN 1 ELSE 0 END)
                   OVER (per_order ROWS UNBOUNDED PRECEDING) AS purchase_no
          FROM all_lines l
          WINDOW per_order AS (PARTITION BY order_id ORDER BY rid, made)
        )
        SELECT n.order_id, CAST(n.line_no AS INTEGER) AS line_no, a.account_no, n.day, n.product_id,
               n.quantity, n.unit_price, n.amount, n.discount, n.cost,
               coalesce(n.line_kind_text, k.line_kind, {by_name}) AS line_kind,
               n.movement,
               CASE WHEN n.movement = 'purchase' AND n.purchase_no = 1 THEN 1 ELSE 0 END AS opens_order,
               n.original_order_id, n.channel, n.region,
               b.rid IS NOT NULL AS is_bulk,
               r.rid IS NOT NULL AND n.made = 0 AS is_repeated,
               CASE WHEN n.price_imputed IS NOT NULL THEN 'unit_price' END AS imputed,
               {quoted(settings.source)} AS source, n.load_id, n.source_row
        FROM numbered n
        LEFT JOIN accounts a ON a.key_value = n.customer_key
        LEFT JOIN line_kinds k ON k.product_id = n.product_id
        LEFT JOIN bulk b ON b.rid = n.rid
        LEFT JOIN repeats r ON r.rid = n.rid
        """
    )


def _knows_payment(batch: Batch) -> bool:
    """Whether the rows tell paid orders from unpaid ones."""
    tests = [f"bool_or(status IN ({PAID_STATES}))"] if batch.has("status") else []
    tests += ["count(paid_at) > 0"] if batch.has("paid_at") else []
    if not tests:
        return False
    found = batch.connection.execute(f"SELECT {' OR '.join(tests)} FROM kept").fetchall()[0][0]
    return bool(found)


_LINES = """
SELECT rid, 0 AS made, load_id, source_row, order_id, customer_key, product_id,
       CASE WHEN product_id IS NULL THEN product_name END AS product_name,
       line_kind_text, channel, region, price_imputed, day,
       CASE WHEN movement = 'return' AND quantity > 0 THEN -quantity ELSE quantity END AS quantity,
       coalesce(unit_price, price_imputed) AS unit_price,
       CASE WHEN movement = 'return' THEN -abs(amount) ELSE amount END AS amount, discount,
       CASE WHEN movement = 'return' AND cost > 0 THEN -cost ELSE cost END AS cost,
       movement, original_order_id
FROM moved
"""

# An order refunded as a whole, or a refund amount beside the line, is a return line of its own.
_REFUNDS = """
UNION ALL
SELECT rid, 1, load_id, source_row, order_id, customer_key, product_id,
       CASE WHEN product_id IS NULL THEN product_name END,
       line_kind_text, channel, region, NULL, greatest(coalesce(status_day, day), day),
       CASE WHEN coalesce(nullif(refund_amount, 0), amount) >= amount THEN -quantity END,
       coalesce(unit_price, price_imputed), -coalesce(nullif(refund_amount, 0), amount), NULL,
       CASE WHEN coalesce(nullif(refund_amount, 0), amount) >= amount THEN -cost END, 'return', order_id
FROM moved
WHERE movement = 'purchase'
  AND (refund_amount > 0 OR status = 'refunded' OR (status = 'cancelled' AND paid_at IS NOT NULL))
"""


def make_orders(batch: Batch) -> None:
    """Makes `batch_orders`: one row per order; its time is the earliest of its lines."""
    run, settings = batch.connection.execute, batch.settings
    attributes = ", ".join(f"max({name}) AS {name}" for name in ORDER_ATTRIBUTES if batch.has(name))
    absent = "".join(f", NULL AS {name}" for name in ORDER_ATTRIBUTES if not batch.has(name))
    local = local_time(settings.timezone)
    utc = {name: f"{sql} AS {name}" for name, sql in _utc_times(batch).items()}
    times = ", ".join(utc.get(name, f"g.{name}") for name in TIMES)
    run(
        f"""
        CREATE OR REPLACE TEMP TABLE batch_orders AS
        WITH grouped AS (
          SELECT order_id, max(customer_key) AS customer_key,
                 min(ordered_at) AS ordered_at, bool_or(is_utc) AS is_utc, bool_or(has_time) AS has_time,
                 sum({judge.LINE_AMOUNT}) AS lines_amount, count(*) AS lines,
                 max(load_id) AS load_id, min(source_row) AS source_row
                 {", " + attributes if attributes else ""}
          FROM kept GROUP BY order_id
        ), complete AS (
          SELECT g.*{absent}, {local} AS local_at FROM grouped g
        )
        SELECT g.order_id, a.account_no, {times},
               CAST(local_at AS DATE) AS day, hour(local_at) AS hour, isodow(local_at) AS weekday,
               g.channel, g.store, coalesce(g.region, g.province, g.country) AS region, g.device, g.status,
               CAST(coalesce(g.order_amount, g.lines_amount) AS DECIMAL(18, 4)) AS amount,
               CAST(g.lines_amount AS DECIMAL(18, 4)) AS lines_amount,
               CAST(NULL AS DECIMAL(18, 4)) AS discount, g.shipping_fee, g.coupon, g.campaign_id,
               g.currency, g.lines, g.has_time, {quoted(settings.source)} AS source, g.load_id, g.source_row
        FROM complete g LEFT JOIN accounts a ON a.key_value = g.customer_key
        """
    )


def make_customers(batch: Batch) -> None:
    """Makes `batch_customers`: what the order rows tell of a customer, the latest order first.

    `told_at` is the time of the latest order; two values of the same time go by their order.
    """
    told = {name: name for name in CUSTOMER_ATTRIBUTES if batch.has(name)}
    if batch.has("customer_name"):
        told["name"] = "customer_name"
    picked = "".join(
        f", arg_max({column}, {{'at': ordered_at, 'value': {column}}}) FILTER ({column} IS NOT NULL) AS {name}"
        for name, column in told.items()
    )
    batch.connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE batch_customers AS
        SELECT t.customer_key AS customer_id, a.account_no, t.* EXCLUDE (customer_key), o.told_at
        FROM (SELECT customer_key, min(load_id) AS load_id, min(source_row) AS source_row{picked}
              FROM kept WHERE customer_key IS NOT NULL GROUP BY customer_key) t
        JOIN accounts a ON a.key_value = t.customer_key
        LEFT JOIN (SELECT account_no, max(ordered_at) AS told_at FROM batch_orders GROUP BY account_no) o
          ON o.account_no = a.account_no
        """
    )


def local_time(timezone: str, column: str = "ordered_at") -> str:
    """SQL: the local wall-clock time; times that came as UTC instants are brought to the zone."""
    return f"CASE WHEN is_utc THEN timezone({quoted(timezone)}, timezone('UTC', {column})) ELSE {column} END"


def _utc_times(batch: Batch) -> dict[str, str]:
    """SQL: the naive UTC time of each time column of `complete`. A zone without change over the batch is one
    subtraction."""
    zone = batch.settings.timezone
    columns = [name for name in TIMES if batch.has(name)]
    first, last = batch.connection.execute(
        f"SELECT least({', '.join(f'min({name})' for name in columns)}), "
        f"greatest({', '.join(f'max({name})' for name in columns)}) FROM kept"
    ).fetchall()[0]
    seconds = constant_offset(zone, first, last) if first else 0
    utc = f"timezone('UTC', timezone({quoted(zone)}, {{0}}))"
    if seconds is not None:
        utc = f"{{0}} - INTERVAL ({seconds}) SECOND"
    return {name: f"CASE WHEN is_utc THEN {name} ELSE {utc.format(name)} END" for name in columns}


def constant_offset(zone: str, first: datetime, last: datetime) -> int | None:
    """Seconds by which the zone is ahead of UTC all through a span; None when it changes inside."""
    place = ZoneInfo(zone)
    offsets = set()
    moment = first.replace(tzinfo=None) - timedelta(days=1)
    while moment <= last.replace(tzinfo=None) + timedelta(days=2):
        offset = moment.replace(tzinfo=place).utcoffset()
        offsets.add(int(offset.total_seconds()) if offset is not None else 0)
        moment += timedelta(days=1)
    return offsets.pop() if len(offsets) == 1 else None


def stored(entity: Entity, relation: str, given: Sequence[str]) -> str:
    """SQL: the relation in the entity's stored columns and types; columns it lacks are NULL."""
    columns = ", ".join(
        f"CAST({item.name if item.name in given else 'NULL'} AS {SQL_TYPES[item.type]}) AS {item.name}"
        for item in entity.fields
    )
    return f"SELECT {columns} FROM {relation}"
