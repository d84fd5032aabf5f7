"""A shop whose segment has a million customers with phone numbers, for the bench of audiences. Same rows each time.

python bench/generate_audience.py CUSTOMERS FOLDER   writes FOLDER/audience_customers.parquet, audience_orders.parquet
                                                     and the rule FOLDER/everybody.toml
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

CUSTOMERS = """
SELECT 'C' || lpad(CAST(i AS VARCHAR), 9, '0') AS customer_id, '1' || CAST(3800000000 + i AS VARCHAR) AS phone,
       ['四川', '广东', '上海', '北京'][1 + CAST(i % 4 AS INTEGER)] AS province
FROM range(0, {customers}) t(i)
"""
ORDERS = """
SELECT 'N' || lpad(CAST(i AS VARCHAR), 10, '0') AS order_id,
       strftime(DATE '2025-01-01' + CAST((i * 7919) % 730 AS INTEGER), '%Y-%m-%d') AS ordered_at,
       'C' || lpad(CAST((i * 2654435761) % {customers} AS VARCHAR), 9, '0') AS customer_id,
       'P' || CAST(i % 500 AS VARCHAR) AS product_id, 1 AS quantity, CAST(10 + i % 90 AS DECIMAL(9, 2)) AS unit_price
FROM range(0, 2 * {customers}) t(i)
"""
RULE = """name = "everybody"
title = { zh = "全部", en = "Everybody" }
rest = "没有买过"
window_months = 12

[[rows]]
label = "买过"
when = "purchases >= 0"
"""


def main(customers: int, folder: Path) -> None:
    """Writes the three files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, sql in (("customers", CUSTOMERS), ("orders", ORDERS)):
        path = folder / f"audience_{name}.parquet"
        duckdb.sql(f"COPY ({sql.format(customers=customers)}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    (folder / "everybody.toml").write_text(RULE, "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
