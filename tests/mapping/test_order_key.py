from __future__ import annotations

import duckdb
import pytest

from keguan.core.errors import QuestionError
from keguan.mapping.order_key import choose_order_key, confirm_order_key

COUNTS = {"numbers": 100, "several_customers": 40, "several_days": 3}


def chosen(
    connection: duckdb.DuckDBPyConnection, lines: list[tuple[str | None, str | None, str, int]]
) -> str:
    connection.execute(
        "CREATE OR REPLACE TABLE f (order_number VARCHAR, customer_key VARCHAR, ordered_at TIMESTAMP, quantity INT)"
    )
    connection.executemany("INSERT INTO f VALUES (?, ?, ?, ?)", lines)
    return choose_order_key(connection, "SELECT * FROM f")[0]


def test_the_number_alone(connection: duckdb.DuckDBPyConnection) -> None:
    lines = [(str(i // 2), f"c{i // 2}", "2024-01-01", 1) for i in range(400)]
    assert chosen(connection, lines) == "number"
    later_returns = [(str(i), f"c{i}", "2024-02-01", -1) for i in range(100)]
    assert chosen(connection, lines + later_returns) == "number"
    one_mistake = [("7", "other", "2024-01-01", 1)]
    assert chosen(connection, lines + one_mistake) == "number"
    guests = [(str(i), None, "2024-01-01", 1) for i in range(100)]
    assert chosen(connection, lines + guests) == "number"


def test_number_and_customer_and_day(connection: duckdb.DuckDBPyConnection) -> None:
    shared = [(str(i // 2), f"c{i}", "2024-01-01", 1) for i in range(400)]
    assert chosen(connection, shared) == "number+customer"
    restarted = [(str(i // 2), f"c{i // 2}", f"2024-01-{i % 2 + 1:02d}", 1) for i in range(400)]
    assert chosen(connection, restarted) == "number+customer+day"


def test_no_number(connection: duckdb.DuckDBPyConnection) -> None:
    assert chosen(connection, [(None, "c", "2024-01-01", 1)]) == "customer+time"
    connection.execute("DELETE FROM f")
    assert choose_order_key(connection, "SELECT * FROM f")[0] == "customer+time"


def test_later_evidence_stops_the_import_with_the_option() -> None:
    confirm_order_key("number+customer", "number", COUNTS)
    with pytest.raises(QuestionError) as raised:
        confirm_order_key("number", "number+customer", COUNTS)
    assert raised.value.options == ("--order-key number+customer", "--order-key number")
