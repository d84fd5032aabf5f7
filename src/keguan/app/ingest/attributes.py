"""What files say of customers beyond the canonical columns: one row per customer and attribute, the last said."""

from __future__ import annotations

import duckdb

from keguan.app.ingest.write import replace_where
from keguan.engine.literals import quoted
from keguan.store.workspace import Change, Store

# Tables of the import's database whose rows carry `attributes`: a JSON object, or NULL.
TOLD_IN = {"master_customers": "customer_id", "all_subscriptions": "customer_key"}


def changes(connection: duckdb.DuckDBPyConnection, store: Store, source: str) -> list[Change]:
    """The change of customer_attributes; none when no file of the batch says anything more."""
    run = connection.execute
    known = {row[0] for row in run("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
    parts = [
        f"SELECT {key} AS customer_key, attributes, rid, load_id, source_row FROM {table} WHERE attributes IS NOT NULL"
        + (" AND rule IS NULL" if table.startswith("all_") else "")
        for table, key in TOLD_IN.items()
        if table in known
    ]
    if not parts:
        return []
    run(
        f"""
        CREATE OR REPLACE TEMP TABLE told_attributes AS
        WITH rows AS ({" UNION ALL ".join(parts)}), pairs AS (
          SELECT customer_key, rid, load_id, source_row, attributes, unnest(json_keys(attributes)) AS attribute FROM rows
        )
        SELECT a.account_no, p.attribute,
               json_extract_string(p.attributes, '$."' || replace(p.attribute, '"', '\\"') || '"') AS attribute_value,
               {quoted(source)} AS source, p.load_id, p.source_row
        FROM pairs p JOIN accounts a ON a.key_value = p.customer_key
        QUALIFY row_number() OVER (PARTITION BY a.account_no, p.attribute ORDER BY p.rid DESC) = 1
        """
    )
    if not run("SELECT 1 FROM told_attributes LIMIT 1").fetchall():
        return []
    pair = "CAST({0}account_no AS VARCHAR) || chr(31) || {0}attribute"
    gone = f"({pair.format('t.')} IN (SELECT {pair.format('')} FROM told_attributes))"
    return [replace_where(connection, store, "customer_attributes", gone, "SELECT * FROM told_attributes")]
