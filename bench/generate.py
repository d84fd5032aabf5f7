"""Makes order lines for the bench: skewed customers, 3.3 lines an order, three years. Same rows each time.

python bench/generate.py LINES FOLDER      writes FOLDER/lines_<LINES>.parquet (up to 1M lines .csv too)
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

# One row per line; customers follow a power law; every figure is arithmetic on the row number, so that the
# file is the same on every machine. 1 line in 50 is a return of an earlier purchase line.
LINES = """
WITH base AS (
  SELECT i,
         i * 10 // 33 AS order_no,
         CAST((((i * 10 // 33) * 2654435761) % 1000003) AS DOUBLE) / 1000003 AS u,
         ((i * 40503) % 65521) AS a,
         ((i * 7919) % 10007) AS b
  FROM range({lines}) t(i)
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


def main(lines: int, folder: Path) -> None:
    """Writes both files unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    sql = LINES.format(lines=lines, customers=min(max(1_000_000, lines // 10), 10 * lines))
    endings = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER"}
    for ending, options in endings.items():
        if ending == "csv" and lines > 1_000_000:
            continue  # text of 10 million lines and more is for nobody
        path = folder / f"lines_{lines}.{ending}"
        if not path.exists():
            duckdb.sql(f"COPY ({sql}) TO '{path}' ({options})")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
