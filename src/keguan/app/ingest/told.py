"""What order rows tell of products and customers, for those that no file of their own describes."""

from __future__ import annotations

import duckdb

from keguan.app.ingest.batch import CUSTOMER_ATTRIBUTES, Batch, registered
from keguan.quality import line_kinds


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
                 TRY_CAST(avg(CAST(cost AS DOUBLE) / nullif(CAST(quantity AS DOUBLE), 0))
                      FILTER (quantity > 0) AS DECIMAL(18, 4)) AS unit_cost,
                 min(load_id) AS load_id, min(source_row) AS source_row
          FROM kept WHERE product_id IS NOT NULL GROUP BY product_id
        )
        SELECT f.product_id, u.name, f.category, f.brand, CAST(NULL AS DATE) AS launched_on,
               f.unit_cost, f.list_price, f.load_id, f.source_row
        FROM facts f JOIN usual u ON u.product_id = f.product_id AND u.place = 1
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
    rows = "kept"
    if batch.has("registered_at"):
        picked += ", arg_max(registered_on, {'at': ordered_at, 'value': registered_at}) "
        picked += "FILTER (registered_at IS NOT NULL) AS registered_on"
        rows = f"(SELECT * EXCLUDE (registered_at), {registered(batch.settings.timezone)} FROM kept)"
    batch.connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE batch_customers AS
        SELECT t.customer_key AS customer_id, a.account_no, t.* EXCLUDE (customer_key), o.told_at
        FROM (SELECT customer_key, min(load_id) AS load_id, min(source_row) AS source_row{picked}
              FROM {rows} WHERE customer_key IS NOT NULL GROUP BY customer_key) t
        JOIN accounts a ON a.key_value = t.customer_key
        LEFT JOIN (SELECT account_no, max(ordered_at) AS told_at FROM batch_orders GROUP BY account_no) o
          ON o.account_no = a.account_no
        """
    )
