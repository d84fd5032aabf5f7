"""Customer and product master data: files that describe, and what order rows tell of customers.

A customer file wins over what orders tell; orders only fill what is empty.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from keguan.app.ingest.batch import CUSTOMER_ATTRIBUTES, FlatFile, registered
from keguan.app.ingest.bookkeeping import Books
from keguan.app.ingest.write import append, replace_all, scan
from keguan.identity import accounts
from keguan.quality.normalised import replaced_sql
from keguan.store.workspace import Change, Store

PRODUCT_ATTRIBUTES = ("name", "category", "brand", "launched_on", "unit_cost", "list_price")
KEY_TYPES = ("phone", "email", "wechat", "tax_no")


def judge_customers(
    connection: duckdb.DuckDBPyConnection, files: Sequence[FlatFile], books: Books, zone: str
) -> None:
    """Makes `master_customers` (usable rows of customer files) and adds their keys to `master`."""
    parts = [
        f"SELECT {file.file_no} AS file_no, {file.load_id} AS load_id, "
        f"-1099511627776 + {file.file_no} * 4294967296 + source_row AS rid, {_in_one_form(file)} FROM ({file.sql}) f"
        for file in files
    ]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE all_master_customers AS {' UNION ALL BY NAME '.join(parts)}"
    )
    connection.execute(
        "INSERT INTO master_judged SELECT file_no, load_id, source_row, 'customers', "
        "CASE WHEN customer_id IS NULL THEN 'no_customer_id' END, failed, failed_found, customer_id, "
        "missing_reason FROM all_master_customers"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE master_customers AS SELECT * EXCLUDE (registered_at), {registered(zone)} "
        "FROM all_master_customers "
        "WHERE customer_id IS NOT NULL"
    )
    connection.execute("INSERT INTO master SELECT rid, customer_id, load_id FROM master_customers")


def _in_one_form(file: FlatFile) -> str:
    """All columns of a file's rows, regions, industries and phones in one form (B5)."""
    items = replaced_sql(file.given)
    return f"f.* REPLACE ({', '.join(items)})" if items else "f.*"


def changes(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    source: str,
    *,
    customers: bool,
    orders: bool,
    records: bool,
    products: Sequence[FlatFile],
    books: Books,
) -> list[Change]:
    """Changes of customers, customer_keys and products after accounts are numbered."""
    made: list[Change] = []
    if customers or orders or records:
        made.append(_customers(connection, store, source, customers=customers, orders=orders))
        made.append(_keys(connection, store, source, customers=customers, orders=orders))
    if products:
        _judge_products(connection, products)
    if products or orders:
        made.append(_products(connection, store, source, files=bool(products), orders=orders))
    books.master_findings()
    return made


def _customers(
    connection: duckdb.DuckDBPyConnection, store: Store, source: str, *, customers: bool, orders: bool
) -> Change:
    old = scan(store.files("customers"), "customers")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE known_customers AS SELECT * FROM ({old})")
    nobody = "(SELECT *, CAST(NULL AS BOOLEAN) AS is_newer FROM known_customers WHERE FALSE)"
    told = _told(connection, store) if orders else nobody
    filed = _latest_master(connection) if customers else nobody
    told_columns = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {told}").fetchall()}
    picked = []
    for name in CUSTOMER_ATTRIBUTES:
        value = f"coalesce(f.{name}, k.{name})"
        if name in told_columns:
            value = (
                f"CASE WHEN t.is_newer THEN coalesce(f.{name}, t.{name}, k.{name}) "
                f"ELSE coalesce(f.{name}, k.{name}, t.{name}) END"
            )
        picked.append(f"{value} AS {name}")
    # Who only visited has an account and is no customer yet.
    ours = ["SELECT customer_key FROM record_customers"]
    ours += ["SELECT customer_id FROM batch_customers"] if orders else []
    ours += ["SELECT customer_id FROM filed_customers"] if customers else []
    # The same id in another source is another account: files of this source never touch it.
    sql = f"""
    SELECT a.key_value AS customer_id, a.account_no, {", ".join(picked)},
           coalesce(k.source, '{source.replace("'", "''")}') AS source,
           coalesce(f.load_id, k.load_id, t.load_id) AS load_id,
           coalesce(f.source_row, k.source_row, t.source_row) AS source_row
    FROM (SELECT key_value, account_no, key_value AS our_key FROM accounts
          WHERE account_no IN (SELECT account_no FROM known_customers) OR key_value IN ({" UNION ".join(ours)})
          UNION ALL SELECT customer_id, account_no, NULL FROM known_customers
          WHERE account_no NOT IN (SELECT account_no FROM accounts)) a
    LEFT JOIN known_customers k ON k.account_no = a.account_no
    LEFT JOIN {filed} f ON f.customer_id = a.our_key
    LEFT JOIN {told} t ON t.customer_id = a.our_key
    """
    return replace_all(connection, store, "customers", sql)


def _told(connection: duckdb.DuckDBPyConnection, store: Store) -> str:
    """What the batch's orders tell, and whether it is newer than what earlier orders told.

    What stands in a customer file is never overruled by an order.
    """
    orders, loads = scan(store.files("orders"), "orders"), scan(store.files("loads"), "loads")
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE told_customers AS
        SELECT t.*, t.told_at >= coalesce(o.last_at, t.told_at) AND c.load_id IS NULL AS is_newer
        FROM batch_customers t
        LEFT JOIN (SELECT account_no, max(ordered_at) AS last_at FROM ({orders}) GROUP BY account_no) o
          ON o.account_no = t.account_no
        LEFT JOIN known_customers k ON k.account_no = t.account_no
        LEFT JOIN (SELECT load_id FROM ({loads}) WHERE entity = 'customers') c ON c.load_id = k.load_id
        """
    )
    return "told_customers"


def _latest_master(connection: duckdb.DuckDBPyConnection) -> str:
    """One row per customer of the customer files: the last non-empty value of each attribute."""
    columns = {row[0] for row in connection.execute("DESCRIBE master_customers").fetchall()}
    picked = ", ".join(
        f"arg_max({name}, rid) FILTER ({name} IS NOT NULL) AS {name}"
        if name in columns
        else f"NULL AS {name}"
        for name in CUSTOMER_ATTRIBUTES
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE filed_customers AS SELECT customer_id, {picked}, "
        "max(load_id) AS load_id, max(source_row) AS source_row FROM master_customers GROUP BY customer_id"
    )
    return "filed_customers"


def _keys(
    connection: duckdb.DuckDBPyConnection, store: Store, source: str, *, customers: bool, orders: bool
) -> Change:
    name = source.replace("'", "''")
    parts = [
        "SELECT n.account_no, n.key_value AS customer_id, 'account' AS key_type, n.key_value, "
        "n.load_id, NULL AS source_row FROM new_accounts n"
    ]
    if orders:
        parts.append(
            f"SELECT account_no, customer_id, key_type, key_value, load_id, source_row FROM ({accounts.OTHER_KEYS})"
        )
    if customers:
        columns = {row[0] for row in connection.execute("DESCRIBE master_customers").fetchall()}
        parts += [
            f"SELECT a.account_no, m.customer_id, '{key}', CAST(m.{key} AS VARCHAR), m.load_id, m.source_row "
            f"FROM master_customers m JOIN accounts a ON a.key_value = m.customer_id WHERE m.{key} IS NOT NULL"
            for key in KEY_TYPES
            if key in columns
        ]
    old = scan(store.files("customer_keys"), "customer_keys")
    sql = f"""
    SELECT b.account_no, any_value(b.customer_id) AS customer_id, b.key_type, b.key_value,
           '{name}' AS source, min(b.load_id) AS load_id, min(b.source_row) AS source_row
    FROM ({" UNION ALL ".join(parts)}) b
    WHERE NOT EXISTS (SELECT 1 FROM ({old}) k WHERE k.source = '{name}' AND k.key_type = b.key_type
                      AND k.key_value = b.key_value AND k.account_no = b.account_no)
    GROUP BY b.account_no, b.key_type, b.key_value
    """
    return append(connection, store, "customer_keys", sql)


def _judge_products(connection: duckdb.DuckDBPyConnection, files: Sequence[FlatFile]) -> None:
    parts = [
        f"SELECT {file.file_no} AS file_no, {file.load_id} AS load_id, "
        f"{file.file_no} * 4294967296 + source_row AS rid, f.* FROM ({file.sql}) f"
        for file in files
    ]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE all_master_products AS {' UNION ALL BY NAME '.join(parts)}"
    )
    connection.execute(
        "INSERT INTO master_judged SELECT file_no, load_id, source_row, 'products', "
        "CASE WHEN product_id IS NULL THEN 'no_product_id' END, failed, failed_found, product_id, "
        "missing_reason FROM all_master_products"
    )


def _products(
    connection: duckdb.DuckDBPyConnection, store: Store, source: str, *, files: bool, orders: bool
) -> Change:
    old = scan(store.files("products"), "products")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE known_products AS SELECT * FROM ({old})")
    nothing = "(SELECT * FROM known_products WHERE FALSE)"
    told = "batch_products" if orders else nothing
    filed = nothing
    if files:
        picked = ", ".join(
            f"arg_max({name}, rid) FILTER ({name} IS NOT NULL) AS {name}" for name in PRODUCT_ATTRIBUTES
        )
        filed = (
            f"(SELECT product_id, {picked}, max(load_id) AS load_id, max(source_row) AS source_row "
            "FROM all_master_products WHERE product_id IS NOT NULL GROUP BY product_id)"
        )
    columns = ", ".join(f"coalesce(f.{name}, k.{name}, t.{name}) AS {name}" for name in PRODUCT_ATTRIBUTES)
    sql = f"""
    SELECT i.product_id, {columns}, coalesce(k.source, '{source.replace("'", "''")}') AS source,
           coalesce(f.load_id, k.load_id, t.load_id) AS load_id,
           coalesce(f.source_row, k.source_row, t.source_row) AS source_row
    FROM (SELECT product_id FROM known_products UNION SELECT product_id FROM {told}
          UNION SELECT product_id FROM {filed}) i
    LEFT JOIN known_products k ON k.product_id = i.product_id
    LEFT JOIN {filed} f ON f.product_id = i.product_id
    LEFT JOIN {told} t ON t.product_id = i.product_id
    """
    return replace_all(connection, store, "products", sql)
