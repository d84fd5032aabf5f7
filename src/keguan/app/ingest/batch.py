"""The SQL of one batch of order rows: from canonical flat rows to orders, lines, products, customers.

Each step is one temporary table in the import's private database; its name is what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from keguan.identity import accounts
from keguan.quality import judge, line_kinds
from keguan.schema.tables import (
    CUSTOMERS,
    ORDER_LINES,
    ORDERS,
    PRODUCTS,
    SQL_TYPES,
    Entity,
)

CUSTOMER_ATTRIBUTES = (
    "kind", "name", "gender", "birth_date", "occupation", "income", "education", "industry_code",
    "size_staff", "size_revenue", "founded_on", "country", "province", "city", "acquired_channel",
    "registered_at", "owner", "branch", "credit_grade", "settlement_cycle_days", "member_level", "points",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FlatFile:
    """One file of the batch in canonical columns: its flat SELECT and how its orders are told apart."""

    file_no: int
    load_id: int
    sql: str
    order_key: str


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What the batch needs to know of the workspace."""

    source: str
    timezone: str
    repeated_lines: str
    next_account: int


def prepare(connection: duckdb.DuckDBPyConnection, files: Sequence[FlatFile]) -> None:
    """Makes `judged` (all rows, with order_id and rule) and the view `good` (rows that can be used)."""
    for number, file in enumerate(files):
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW flat_{number} AS "
            f"SELECT {file.file_no} AS file_no, {file.load_id} AS load_id, "
            f"{file.file_no} * 1099511627776 + source_row AS rid, "
            "CAST(NULL AS DECIMAL(18, 4)) AS price_imputed, "
            # a shop that knows its products by name only
            f"f.* REPLACE (coalesce(product_id, trim(product_name)) AS product_id) FROM ({file.sql}) f"
        )
    parts = [
        judge.judged_sql(file.order_key).replace("FROM flat f", f"FROM flat_{number} f")
        for number, file in enumerate(files)
    ]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {' UNION ALL BY NAME '.join(parts)}")
    connection.execute("CREATE OR REPLACE TEMP VIEW good AS SELECT * FROM judged WHERE rule IS NULL")


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
        "UPDATE judged SET price_imputed = p.price, rule = NULL FROM imputed_prices p "
        "WHERE judged.product_id = p.product_id AND judged.rule = 'no_amount' AND judged.quantity IS NOT NULL"
    ).fetchall()
    return int(filled[0][0])


def number_accounts(connection: duckdb.DuckDBPyConnection, settings: BatchSettings) -> int:
    """Makes `new_accounts` and `accounts`; `known_keys` must exist. Gives the number of new accounts."""
    sql = accounts.NEW_ACCOUNTS.replace("$next_account", str(int(settings.next_account)))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE new_accounts AS {sql}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE accounts AS {accounts.ACCOUNTS}")
    return int(connection.execute("SELECT count(*) FROM new_accounts").fetchall()[0][0])


def mark_repeats(connection: duckdb.DuckDBPyConnection, settings: BatchSettings, files: int) -> None:
    """Makes `repeats`, `twice` (rows of overlapping files), `bulk` and the view `kept` of rows that stay."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE repeats AS {judge.repeats_sql()}")
    twice = judge.twice_in_batch_sql() if files > 1 else "SELECT rid FROM good WHERE FALSE"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE twice AS {twice}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE bulk AS {judge.BULK}")
    drop = " AND rid NOT IN (SELECT rid FROM repeats)" if settings.repeated_lines == "drop" else ""
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW kept AS SELECT * FROM good "
        f"WHERE rid NOT IN (SELECT rid FROM twice){drop}"
    )


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


def make_lines(connection: duckdb.DuckDBPyConnection, settings: BatchSettings) -> None:
    """Makes `batch_lines`: order lines in stored columns, refunds given as columns turned into lines."""
    knows_payment = connection.execute("SELECT count(paid_at) > 0 FROM kept").fetchall()[0][0]
    movement = judge.MOVEMENT.replace("batch_knows_payment", "TRUE" if knows_payment else "FALSE")
    local = local_time(settings.timezone)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE judged_lines AS
        WITH named AS (
          SELECT k.rid, k.load_id, k.source_row, k.order_id, k.customer_key, k.product_id, k.product_name,
                 k.line_kind_text, k.quantity, k.unit_price, k.price_imputed, k.discount, k.cost, k.status,
                 k.paid_at, k.refund_amount, k.original_order_number, k.channel,
                 coalesce(k.region, k.province, k.country) AS region,
                 CAST({local} AS DATE) AS day,
                 CAST({local_time(settings.timezone, "status_at")} AS DATE) AS status_day,
                 {judge.CANCELS} AS cancels,
                 {judge.LINE_AMOUNT} AS amount
          FROM kept k
        )
        SELECT n.* EXCLUDE (cancels), {movement} AS movement
        FROM named n
        """
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE batch_lines AS
        WITH all_lines AS (
          SELECT rid, 0 AS made, load_id, source_row, order_id, customer_key, product_id, product_name,
                 line_kind_text, channel, region, price_imputed, day,
                 CASE WHEN movement = 'return' AND quantity > 0 THEN -quantity ELSE quantity END AS quantity,
                 unit_price, amount, discount,
                 CASE WHEN movement = 'return' AND amount < 0 AND cost > 0 THEN -cost ELSE cost END AS cost,
                 movement, original_order_number AS original_order_id
          FROM judged_lines
          UNION ALL
          -- an order refunded as a whole, or a refund amount beside the line, is a return line of its own
          SELECT rid, 1, load_id, source_row, order_id, customer_key, product_id, product_name,
                 line_kind_text, channel, region, NULL, greatest(coalesce(status_day, day), day),
                 CASE WHEN coalesce(refund_amount, amount) >= amount THEN -quantity END,
                 unit_price, -coalesce(nullif(refund_amount, 0), amount), NULL,
                 CASE WHEN coalesce(refund_amount, amount) >= amount THEN -cost END, 'return', order_id
          FROM judged_lines
          WHERE movement = 'purchase'
            AND (refund_amount > 0 OR status = 'refunded' OR (status = 'cancelled' AND paid_at IS NOT NULL))
        ), numbered AS (
          SELECT l.*,
                 row_number() OVER per_order AS line_no,
                 sum(CASE WHEN movement = 'purchase' THEN 1 ELSE 0 END)
                   OVER (per_order ROWS UNBOUNDED PRECEDING) AS purchase_no
          FROM all_lines l
          WINDOW per_order AS (PARTITION BY order_id ORDER BY rid, made)
        )
        SELECT n.order_id, n.line_no, a.account_no, n.day, n.product_id, n.quantity, n.unit_price,
               n.amount, n.discount, n.cost,
               coalesce(n.line_kind_text, k.line_kind,
                        {line_kinds.line_kind_sql("CAST(NULL AS VARCHAR)", "n.product_name")}) AS line_kind,
               n.movement,
               CASE WHEN n.movement = 'purchase' AND n.purchase_no = 1 THEN 1 ELSE 0 END AS opens_order,
               n.original_order_id, n.channel, n.region,
               b.rid IS NOT NULL AS is_bulk,
               r.rid IS NOT NULL AND n.made = 0 AS is_repeated,
               CASE WHEN n.price_imputed IS NOT NULL THEN 'unit_price' END AS imputed,
               '{settings.source.replace("'", "''")}' AS source, n.load_id, n.source_row
        FROM numbered n
        LEFT JOIN accounts a ON a.key_value = n.customer_key
        LEFT JOIN line_kinds k ON k.product_id = n.product_id
        LEFT JOIN bulk b ON b.rid = n.rid
        LEFT JOIN repeats r ON r.rid = n.rid
        """
    )


def make_orders(connection: duckdb.DuckDBPyConnection, settings: BatchSettings) -> None:
    """Makes `batch_orders`: one row per order; its time is the earliest of its lines."""
    local = local_time(settings.timezone)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE batch_orders AS
        WITH grouped AS (
          SELECT order_id, max(customer_key) AS customer_key,
                 min(ordered_at) AS ordered_at, bool_or(coalesce(is_utc, FALSE)) AS is_utc,
                 bool_or(has_time) AS has_time,
                 max(channel) AS channel, max(store) AS store,
                 coalesce(max(region), max(province), max(country)) AS region, max(device) AS device,
                 max(status) AS status, max(status_at) AS status_at, max(paid_at) AS paid_at,
                 max(shipped_at) AS shipped_at, max(delivered_at) AS delivered_at,
                 max(order_amount) AS order_amount, sum({judge.LINE_AMOUNT}) AS lines_amount,
                 max(shipping_fee) AS shipping_fee, max(coupon) AS coupon, max(campaign_id) AS campaign_id,
                 max(currency) AS currency, count(*) AS lines,
                 max(load_id) AS load_id, min(source_row) AS source_row
          FROM kept GROUP BY order_id
        )
        SELECT g.order_id, a.account_no,
               {utc_time(settings.timezone)} AS ordered_at,
               CAST({local} AS DATE) AS day, hour({local}) AS hour, isodow({local}) AS weekday,
               g.channel, g.store, g.region, g.device, g.status, g.status_at, g.paid_at, g.shipped_at,
               g.delivered_at, CAST(coalesce(g.order_amount, g.lines_amount) AS DECIMAL(18, 4)) AS amount,
               CAST(NULL AS DECIMAL(18, 4)) AS discount, g.shipping_fee, g.coupon, g.campaign_id,
               g.currency, g.lines, g.has_time,
               '{settings.source.replace("'", "''")}' AS source, g.load_id, g.source_row
        FROM grouped g LEFT JOIN accounts a ON a.key_value = g.customer_key
        """
    )


def make_customers(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `batch_customers`: what the order rows tell of a customer, the latest order first."""
    columns = {row[0] for row in connection.execute("DESCRIBE kept").fetchall()}
    told = {name: name for name in CUSTOMER_ATTRIBUTES if name in columns}
    told["name"] = "customer_name"
    picked = ",\n".join(
        f"arg_max({column}, ordered_at) FILTER ({column} IS NOT NULL) AS {name}"
        for name, column in told.items()
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE batch_customers AS
        SELECT k.customer_key AS customer_id, a.account_no, t.* EXCLUDE (customer_key)
        FROM (SELECT customer_key, min(load_id) AS load_id, min(source_row) AS source_row, {picked}
              FROM kept WHERE customer_key IS NOT NULL GROUP BY customer_key) t
        JOIN accounts a ON a.key_value = t.customer_key
        JOIN (SELECT DISTINCT customer_key FROM kept) k ON k.customer_key = t.customer_key
        """
    )


def local_time(timezone: str, column: str = "ordered_at") -> str:
    """SQL: the local wall-clock time; times that came as UTC instants are brought to the zone."""
    zone = timezone.replace("'", "''")
    return (
        f"CASE WHEN coalesce(is_utc, FALSE) THEN timezone('{zone}', timezone('UTC', {column})) "
        f"ELSE {column} END"
    )


def utc_time(timezone: str, column: str = "ordered_at") -> str:
    """SQL: the naive UTC time of a local wall-clock time."""
    zone = timezone.replace("'", "''")
    return (
        f"CASE WHEN coalesce(is_utc, FALSE) THEN {column} "
        f"ELSE timezone('UTC', timezone('{zone}', {column})) END"
    )


def stored(entity: Entity, relation: str, given: Sequence[str]) -> str:
    """SQL: the relation in the entity's stored columns and types; columns it lacks are NULL."""
    columns = ", ".join(
        f"CAST({item.name if item.name in given else 'NULL'} AS {SQL_TYPES[item.type]}) AS {item.name}"
        for item in entity.fields
    )
    return f"SELECT {columns} FROM {relation}"


STORED: dict[str, Entity] = {
    "batch_lines": ORDER_LINES,
    "batch_orders": ORDERS,
    "batch_products": PRODUCTS,
    "batch_customers": CUSTOMERS,
}
