"""The floor: a scan of the columns that funnel and path need.   python bench/event_scan.py EVENTS.parquet"""

import sys

import duckdb

print(
    duckdb.sql(
        "SELECT max(visitor_id), max(session_id), max(occurred_at), max(day), max(name), max(device), "
        f"max(traffic_source), max(properties) FROM '{sys.argv[1]}'"
    ).fetchall()
)
