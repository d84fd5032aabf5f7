"""overview, RFM, ABC and cohorts as one would write them by hand over the order lines.

python bench/plain_sql.py LINES.parquet
"""

import sys

import duckdb

con = duckdb.connect()
con.execute(
    "CREATE TEMP VIEW l AS SELECT order_id, customer_id, CAST(ordered_at AS TIMESTAMP) AS t, quantity AS q, "
    f"quantity * unit_price AS amount FROM '{sys.argv[1]}' WHERE customer_id IS NOT NULL"
)
last = "(SELECT max(t) FROM l)"
queries = (
    "SELECT count(DISTINCT customer_id), count(DISTINCT order_id) FILTER (q > 0), "
    "sum(amount) FILTER (q > 0), -sum(amount) FILTER (q < 0) FROM l",
    "SELECT date_trunc('month', t) AS m, count(DISTINCT order_id), count(DISTINCT customer_id), sum(amount) "
    "FROM l GROUP BY m ORDER BY m",
    f"""
    WITH f AS (
      SELECT customer_id, max(t) FILTER (q > 0) AS r,
             count(DISTINCT order_id) FILTER (q > 0 AND t >= {last} - INTERVAL 12 MONTH) AS n,
             sum(amount) FILTER (t >= {last} - INTERVAL 12 MONTH) AS m
      FROM l GROUP BY customer_id HAVING n > 0
    ), c AS (SELECT median(r) AS r, median(n) AS n, median(m) AS m FROM f)
    SELECT f.r >= c.r AS hr, f.n >= c.n AS hn, f.m >= c.m AS hm, count(*), sum(f.m) FROM f, c GROUP BY ALL ORDER BY ALL
    """,
    f"""
    WITH f AS (
      SELECT customer_id, sum(amount) AS m FROM l WHERE t >= {last} - INTERVAL 12 MONTH GROUP BY 1
    ), s AS (
      SELECT m, (sum(m) OVER (ORDER BY m DESC) - m) / sum(m) OVER () AS before FROM f WHERE m > 0
    )
    SELECT CASE WHEN before < .7 THEN 'A' WHEN before < .9 THEN 'B' ELSE 'C' END AS k, count(*), sum(m)
    FROM s GROUP BY k ORDER BY k
    """,
    """
    WITH a AS (
      SELECT DISTINCT customer_id, date_trunc('month', t) AS m FROM l WHERE q > 0
    ), f AS (SELECT customer_id, min(m) AS c FROM a GROUP BY 1)
    SELECT c, date_diff('month', c, m) AS k, count(*) FROM a JOIN f USING (customer_id) GROUP BY ALL ORDER BY ALL
    """,
)
for query in queries:
    print(len(con.execute(query).fetchall()))
