"""The yardstick of an import: DuckDB merely converts the CSV to Parquet.   python bench/convert.py CSV PARQUET"""

import sys

import duckdb

duckdb.sql(
    f"COPY (SELECT * FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)"
)
