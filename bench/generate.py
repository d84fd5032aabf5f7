"""Makes order lines for the bench: skewed customers, 3.3 lines an order, three years. Same rows each time.

python bench/generate.py LINES FOLDER   writes FOLDER/lines_<LINES>.parquet, day_<LINES>.parquet (the day after)
                                        and, up to 1M lines, lines_<LINES>.csv
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

DAYS = 1095
# One row per line; customers follow a power law; every figure is arithmetic on the row number, so that the
# file is the same on every machine. 1 line in 50 is a return of an earlier purchase line.
LINES = """
WITH base AS (
  SELECT i,
         i * 10 // 33 AS order_no,
         CAST((((i * 10 // 33) * 2654435761) % 1000003) AS DOUBLE) / 1000003 AS u,
         ((i * 40503) % 65521) AS a,
         ((i * 7919) % 10007) AS b
  FROM range({first}, {last}) t(i)
)
SELECT 'N' || lpad(CAST(order_no AS VARCHAR), 10, '0') AS order_id,
       strftime(TIMESTAMP '2023-01-01' + INTERVAL 1 SECOND * CAST(order_no * (94608000.0 / ({lines} / 3.3)) AS BIGINT),
                '%Y-%m-%d %H:%M:%S') AS ordered_at,
       CASE WHEN order_no % 11 = 0 THEN NULL
            ELSE 'C' || lpad(CAST(CAST(floor(pow(u, 2.2) * {customers}) AS BIGINT) AS VARCHAR), 9, '0') END AS customer_id,
       'P' || lpad(CAST(a % 5000 AS VARCHAR), 5, '0') AS product_id,
       'product ' || CAST(a % 5000 AS VARCHAR) AS product_name,
       CASE WHEN b % 50 = 0 THEN -1 ELSE 1 + b % 6 END AS quantity,
       CAST(5 + (a % 5000) / 25.0 AS DECIMAL(9, 2)) AS unit_price,
       ['web', 'app', 'store', 'platform'][1 + CAST(order_no % 4 AS INTEGER)] AS channel
FROM base
"""
PARQUET, CSV = "FORMAT parquet, COMPRESSION zstd", "FORMAT csv, HEADER"


def main(lines: int, folder: Path) -> None:
    """Writes the files that are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    write(lines, 0, lines, folder / f"lines_{lines}.parquet", PARQUET)
    write(lines, lines, lines + lines // DAYS, folder / f"day_{lines}.parquet", PARQUET)
    if lines <= 1_000_000:  # nobody sends text of more lines
        write(lines, 0, lines, folder / f"lines_{lines}.csv", CSV)


def write(lines: int, first: int, last: int, path: Path, options: str) -> None:
    """Rows [first, last) of a shop that has `lines` lines in three years."""
    if path.exists():
        return
    customers = min(max(1_000_000, lines // 10), 10 * lines)
    sql = LINES.format(lines=lines, first=first, last=last, customers=customers)
    part = path.with_suffix(".part")
    duckdb.sql(f"COPY ({sql}) TO '{part}' ({options})")
    part.rename(path)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
