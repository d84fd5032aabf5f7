"""What identifies an order: its number, or the number with the customer and the day."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keguan.core.errors import QuestionError, Where
from keguan.core.text import Text
from keguan.mapping.model import Mapping, OrderKey
from keguan.mapping.sql import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS_EXAMINED = 200_000  # of larger files, the orders with about so many rows are looked at, each whole
_ORDERS = "keguan_some_orders"
TOLERANCE = 0.005  # share of numbers that may cover several customers or days by mistake


def only_keys(mapping: Mapping) -> Mapping:
    """The mapping with no more than the order key needs, so that rows are read cheaply."""
    needed = ("order_number", "customer_key", "ordered_at", "quantity")
    return replace(mapping, columns=tuple(rule for rule in mapping.columns if rule.target in needed))


def some_orders(connection: DuckDBPyConnection, table: str, number: Sequence[str], rows: int) -> str:
    """A relation with all rows of some orders of the staged `table`, the same for the same table; the table
    itself where it is small. `number`: the received columns of the order number."""
    if rows <= 2 * ROWS_EXAMINED:
        return table
    listed = ", ".join(identifier(name) for name in number)
    share = max(1, round(1024 * ROWS_EXAMINED / rows))
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {_ORDERS} AS SELECT * FROM {identifier(table)} WHERE hash({listed}) % 1024 < {share}"
    )
    return _ORDERS


def choose_order_key(
    connection: DuckDBPyConnection, sql_flat: str
) -> tuple[OrderKey, Text, Dictionary[str, int]]:
    """The order key that the rows of a flat order file call for, the reason, and the counts behind it.

    Counts: 'numbers' (order numbers), 'several_customers', 'several_days' (of a number), 'pairs' (number
    and customer), 'pairs_several_days'. Lines with a negative quantity are left out of the days: a return
    may come later. Guests are no customers.
    """
    row = connection.execute(
        f"""
        WITH lines AS (
            SELECT order_number, customer_key,
                CASE WHEN coalesce(quantity, 0) >= 0 THEN CAST(ordered_at AS DATE) END AS day
            FROM ({sql_flat}) WHERE order_number IS NOT NULL),
        pairs AS (
            SELECT order_number, customer_key, min(day) AS first_day, max(day) AS last_day
            FROM lines GROUP BY order_number, customer_key),
        numbers AS (
            SELECT order_number, count(customer_key) AS customers, count(*) AS pairs,
                count(*) FILTER (first_day <> last_day) AS split_pairs,
                min(first_day) AS first_day, max(last_day) AS last_day
            FROM pairs GROUP BY order_number)
        SELECT count(*), count(*) FILTER (customers > 1), count(*) FILTER (first_day <> last_day),
            sum(pairs), sum(split_pairs)
        FROM numbers
        """
    ).fetchone()
    names = ("numbers", "several_customers", "several_days", "pairs", "pairs_several_days")
    counts = {name: int(value or 0) for name, value in zip(names, row or (0,) * 5, strict=True)}
    key = _key(counts)
    return key, _reason(key, counts), counts


def confirm_order_key(
    saved: OrderKey, found: OrderKey, counts: Dictionary[str, int], file: str | None = None
) -> None:
    """Raises QuestionError when later files show that the key chosen at the first load was too coarse."""
    fineness = ("number", "number+customer", "number+customer+day")
    if saved not in fineness or found not in fineness or fineness.index(found) <= fineness.index(saved):
        return
    choices = (f"--order-key {found}", f"--order-key {saved}")
    raise QuestionError(
        Text(
            f"已保存的映射以 {saved} 识别订单，但这批文件需要 {found}："
            f"{counts['several_customers']:,} 个订单号对应多个客户，{counts['several_days']:,} 个跨多天",
            f"The saved mapping tells orders apart by {saved}, but these files call for {found}:"
            f" {counts['several_customers']:,} numbers cover several customers, {counts['several_days']:,} several days",
        ),
        Where(file=file),
        do=Text(f"加上 {choices[0]} 或 {choices[1]}", f"Give {choices[0]} or {choices[1]}"),
        options=choices,
    )


def _key(counts: Dictionary[str, int]) -> OrderKey:
    if counts["numbers"] == 0:
        return "customer+time"
    customers = counts["several_customers"] > TOLERANCE * counts["numbers"]
    days = counts["several_days"] > TOLERANCE * counts["numbers"]
    if counts["pairs_several_days"] > TOLERANCE * counts["pairs"] and (customers or days):
        return "number+customer+day"
    return "number+customer" if customers else "number"


def _reason(key: OrderKey, counts: Dictionary[str, int]) -> Text:
    numbers, customers, days = counts["numbers"], counts["several_customers"], counts["several_days"]
    if key == "customer+time":
        return Text(
            "没有订单号：同一客户同一时间算一次购买",
            "No order number: one customer at one time is one purchase",
        )
    if key == "number":
        return Text(
            f"订单号能区分订单（查了 {numbers:,} 个）",
            f"The order number tells orders apart ({numbers:,} looked at)",
        )
    return Text(
        f"查了 {numbers:,} 个订单号，{customers:,} 个对应多个客户，{days:,} 个跨多天，不能单用订单号",
        f"Of {numbers:,} order numbers looked at {customers:,} cover several customers and {days:,} several days",
    )
