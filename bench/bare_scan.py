"""The floor: a scan of the columns that the analyses need.   python bench/bare_scan.py LINES.parquet"""

import sys

import duckdb

print(
    duckdb.sql(
        "SELECT count(customer_id), count(order_id), min(ordered_at), sum(quantity * unit_price) "
        f"FROM '{sys.argv[1]}'"
    ).fetchall()
)
