"""Lineage: the source tables and columns of a query, found by parsing it."""

from __future__ import annotations

import pytest

from keguan.engine.reading import lineage
from keguan.engine.translate import Lineage

SCHEMA = {
    "purchases": {
        "account_no": "INTEGER", "day": "DATE", "orders": "INTEGER",
        "gross": "DECIMAL(18, 4)", "returns": "DECIMAL(18, 4)",
    },
    "customers": {"account_no": "INTEGER", "province": "VARCHAR", "name": "VARCHAR"},
    "orders": {"order_id": "VARCHAR", "account_no": "INTEGER", "amount": "DECIMAL(18, 4)"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        # no columns: only counted
        ("SELECT count(*) AS n FROM purchases", {"purchases": []}),
        ("SELECT 1 AS one", {}),
        ("SELECT x FROM (VALUES (1)) t(x)", {}),
        ("SELECT gross - returns AS net FROM purchases", {"purchases": ["gross", "returns"]}),
        # every clause counts
        ("SELECT sum(gross) AS g FROM purchases WHERE day <= $as_of", {"purchases": ["day", "gross"]}),
        ("SELECT account_no AS k FROM purchases ORDER BY returns", {"purchases": ["account_no", "returns"]}),
        ("SELECT day, count(*) AS n FROM purchases GROUP BY day HAVING sum(orders) > 1",
         {"purchases": ["day", "orders"]}),
        ("SELECT sum(gross) FILTER (WHERE orders > 0) AS g FROM purchases",
         {"purchases": ["gross", "orders"]}),
        ("SELECT CASE WHEN returns > 0 THEN gross END AS g FROM purchases",
         {"purchases": ["gross", "returns"]}),
        ("SELECT account_no, gross FROM purchases GROUP BY ALL", {"purchases": ["account_no", "gross"]}),
        # star
        ("SELECT * FROM customers", {"customers": ["account_no", "name", "province"]}),
        ("SELECT * EXCLUDE (name) FROM customers", {"customers": ["account_no", "province"]}),
        ("SELECT c.* FROM customers c JOIN purchases p USING (account_no)",
         {"customers": ["account_no", "name", "province"], "purchases": ["account_no"]}),
        # joins
        ("SELECT province, amount FROM customers c, orders o WHERE c.account_no = o.account_no",
         {"customers": ["account_no", "province"], "orders": ["account_no", "amount"]}),
        ("SELECT a.gross FROM purchases a JOIN purchases b ON a.account_no = b.account_no AND b.returns > 0",
         {"purchases": ["account_no", "gross", "returns"]}),
        ("SELECT l.net FROM purchases p, LATERAL (SELECT p.gross - p.returns AS net) l",
         {"purchases": ["gross", "returns"]}),
        # CTEs: followed to their source, whatever they are called
        ("""WITH facts AS (SELECT account_no, sum(gross) AS g FROM purchases GROUP BY account_no),
                 top AS (SELECT g FROM facts ORDER BY g DESC LIMIT 10)
            SELECT sum(g) AS g FROM top""", {"purchases": ["account_no", "gross"]}),
        ("WITH a AS (SELECT * FROM customers) SELECT name FROM a",
         {"customers": ["account_no", "name", "province"]}),
        ("WITH orders AS (SELECT account_no, gross AS amount FROM purchases) SELECT amount FROM orders",
         {"purchases": ["account_no", "gross"]}),  # a CTE that hides a table: orders is not read
        ("WITH purchases AS (SELECT gross FROM purchases WHERE day < $d) SELECT gross FROM purchases",
         {"purchases": ["day", "gross"]}),
        ("""WITH RECURSIVE months AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM months WHERE i < 12)
            SELECT i, count(p.account_no) AS n FROM months m LEFT JOIN purchases p ON p.orders = m.i
            GROUP BY i""", {"purchases": ["account_no", "orders"]}),
        # subqueries
        ("SELECT x.g FROM (SELECT sum(gross) AS g, account_no FROM purchases GROUP BY 2) x",
         {"purchases": ["account_no", "gross"]}),
        ("SELECT name FROM customers WHERE account_no IN (SELECT account_no FROM orders)",
         {"customers": ["account_no", "name"], "orders": ["account_no"]}),
        ("SELECT province FROM customers c WHERE EXISTS "
         "(SELECT 1 FROM purchases p WHERE p.account_no = c.account_no AND p.gross > 0)",
         {"customers": ["account_no", "province"], "purchases": ["account_no", "gross"]}),
        ("SELECT (SELECT max(amount) FROM orders o WHERE o.account_no = p.account_no) AS m FROM purchases p",
         {"orders": ["account_no", "amount"], "purchases": ["account_no"]}),
        # windows
        ("SELECT sum(gross) OVER (PARTITION BY account_no ORDER BY day) AS g FROM purchases",
         {"purchases": ["account_no", "day", "gross"]}),
        ("SELECT gross FROM purchases QUALIFY row_number() OVER (PARTITION BY account_no ORDER BY day) = 1",
         {"purchases": ["account_no", "day", "gross"]}),
        # sets, case
        ("SELECT account_no FROM purchases UNION ALL SELECT account_no FROM orders",
         {"orders": ["account_no"], "purchases": ["account_no"]}),
        ("SELECT GROSS FROM Purchases", {"purchases": ["gross"]}),
        # an alias of the SELECT list sorts, a column of a source does everything else
        ("SELECT orders AS gross FROM purchases ORDER BY gross", {"purchases": ["orders"]}),
        ("SELECT orders AS gross FROM purchases WHERE gross > 0", {"purchases": ["gross", "orders"]}),
        ("SELECT gross FROM purchases UNION ALL SELECT amount FROM orders ORDER BY gross",
         {"orders": ["amount"], "purchases": ["gross"]}),
        ("SELECT account_no, gross FROM purchases ORDER BY ALL LIMIT (SELECT max(amount) FROM orders)",
         {"orders": ["amount"], "purchases": ["account_no", "gross"]}),
        # columns that are called otherwise
        ("WITH sums(who, what) AS (SELECT account_no, gross FROM purchases) SELECT who FROM sums",
         {"purchases": ["account_no", "gross"]}),
        ("SELECT b FROM orders AS o(a, b, c)", {"orders": ["account_no"]}),
        ("SELECT * REPLACE (upper(name) AS name) FROM customers",
         {"customers": ["account_no", "name", "province"]}),
        ("SELECT day FROM customers NATURAL JOIN purchases",
         {"customers": ["account_no"], "purchases": ["account_no", "day"]}),
        # arguments of a lambda are no columns
        ("SELECT list_transform([1], gross -> gross + 1) AS n FROM purchases", {"purchases": []}),
        ("SELECT list_transform([1], x -> x + gross) AS n FROM purchases", {"purchases": ["gross"]}),
        ("SELECT name -> '$.a' AS n FROM customers", {"customers": ["name"]}),
        ("SELECT v FROM customers c, unnest([c.name]) u(v)", {"customers": ["name"]}),
        # tables outside the schema are no source
        ("SELECT x FROM elsewhere", {}),
        ("SELECT gross FROM purchases p JOIN elsewhere e ON e.k = p.account_no",
         {"purchases": ["account_no", "gross"]}),
    ],
)  # fmt: skip
def test_by_hand(sql: str, expected: dict[str, list[str]]) -> None:
    found = lineage(sql, SCHEMA)
    assert {name: list(columns) for name, columns in found.tables.items()} == expected
    assert list(found.tables) == sorted(found.tables)


@pytest.mark.parametrize("sql", ["DROP TABLE purchases", "SELECT gross FROM", "SELECT 1; SELECT 2"])
def test_only_a_select_is_read(sql: str) -> None:
    with pytest.raises(ValueError, match="one SELECT expected"):
        dict(lineage(sql, SCHEMA).tables)


def test_the_schema_stays_as_it_was() -> None:
    before = {name: dict(columns) for name, columns in SCHEMA.items()}
    lineage("SELECT * FROM customers", SCHEMA)
    assert before == SCHEMA


def test_two_lineages_together() -> None:
    one = Lineage({"purchases": ("gross",), "orders": ()})
    two = Lineage({"customers": ("name",), "purchases": ("day", "gross")})
    both = one | two
    assert both == Lineage({"customers": ("name",), "orders": (), "purchases": ("day", "gross")})
    assert list(both.tables) == ["customers", "orders", "purchases"]
    assert two | one == both
    assert one | one == Lineage({"orders": (), "purchases": ("gross",)})
    assert one | Lineage({}) == one
