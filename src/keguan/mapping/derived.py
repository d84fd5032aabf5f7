"""Money that follows from other columns of the row: amount, discount as money, cost of the line.

amount    as received, or quantity x price less the discount; where the file repeats the order's total
          on each line, the total is divided by the lines' quantity x price (or evenly)
discount  money already taken off; a rate becomes money
cost      of the line, from unit cost, profit or margin
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary

from keguan.mapping.model import Mapping
from keguan.mapping.numbers import NUMBER, WIDE

_NARROW = 1_000_000_000  # a product with eight places below this fits 18 digits

# Quantity x price, of any size.
LIST_VALUE = f"CAST(quantity AS {WIDE}) * unit_price"


def derived(mapping: Mapping) -> Dictionary[str, str]:
    """SQL for amount, discount and cost of a file of orders, over the columns as they were read."""
    values = {"amount": _amount(mapping), "discount": _discount(mapping)}
    cost = _cost(mapping, values["amount"])
    return values | ({"cost": cost} if cost else {})


def _has(mapping: Mapping, *names: str) -> bool:
    return all(mapping.rule(name) is not None for name in names)


def _meaning(mapping: Mapping, name: str) -> str:
    rule = mapping.rule(name)
    return rule.meaning if rule else ""


def _list_value(mapping: Mapping) -> str | None:
    """Quantity x price, before the discount."""
    if not _has(mapping, "quantity", "unit_price"):
        return None
    return _product("quantity", "unit_price")


def _product(one: str, other: str) -> str:
    """SQL of two numbers multiplied; NULL where the product is too large for a number.

    Wide decimals take fifty times as long as those of 18 digits, which suffice for all but odd lines.
    """
    return (
        f"CASE WHEN abs(CAST({one} AS DOUBLE) * CAST({other} AS DOUBLE)) < {_NARROW}"
        f" THEN CAST({one} * {other} AS {NUMBER}) ELSE TRY_CAST(CAST({one} AS {WIDE}) * {other} AS {NUMBER}) END"
    )


def _amount(mapping: Mapping) -> str:
    listed = _list_value(mapping)
    worked_out = _less_discount(listed, mapping) if listed else None
    if not _has(mapping, "amount"):
        return worked_out or "NULL"
    meaning = _meaning(mapping, "amount")
    given = "amount"
    if meaning == "before_discount":
        given = _less_discount("amount", mapping)
    if meaning == "order_total":
        given = _share_of_total(mapping, listed)
    return f"coalesce({given}, {worked_out})" if worked_out else given


def _share_of_total(mapping: Mapping, listed: str | None) -> str:
    """The order's total, less shipping, divided among its lines."""
    total = "amount - coalesce(shipping_fee, 0)" if _has(mapping, "shipping_fee") else "amount"
    keys = [name for name in ("order_number", "customer_key") if _has(mapping, name)]
    window = f"OVER (PARTITION BY {', '.join(keys)})"
    even = f"CAST({total} AS DOUBLE) / count(*) {window}"
    if listed is None:
        return f"TRY_CAST(round({even}, 4) AS {NUMBER})"
    weight = f"CAST({listed} AS DOUBLE)"
    weighted = f"CAST({total} AS DOUBLE) * {weight} / nullif(sum({weight}) {window}, 0)"
    return f"TRY_CAST(round(coalesce({weighted}, {even}), 4) AS {NUMBER})"


def _less_discount(value: str, mapping: Mapping) -> str:
    """`value` before the discount, after it."""
    if not _has(mapping, "discount"):
        return value
    return {
        "rate_off": f"TRY_CAST(round(CAST({value} AS {WIDE}) * (1 - coalesce(discount, 0)), 4) AS {NUMBER})",
        "rate_paid": f"TRY_CAST(round(CAST({value} AS {WIDE}) * coalesce(discount, 1), 4) AS {NUMBER})",
    }.get(_meaning(mapping, "discount"), f"{value} - coalesce(discount, 0)")


def _discount(mapping: Mapping) -> str:
    meaning = _meaning(mapping, "discount")
    if not _has(mapping, "discount"):
        return "NULL"
    if meaning not in ("rate_off", "rate_paid"):
        return "discount"
    rate = "CAST(discount AS DOUBLE)" if meaning == "rate_off" else "(1 - CAST(discount AS DOUBLE))"
    if _has(mapping, "amount") and _meaning(mapping, "amount") == "paid":
        # The share still paid is known, so the money taken off follows from it; nothing follows from 100 % off.
        off = f"CAST(amount AS DOUBLE) * {rate} / nullif(1 - {rate}, 0)"
    elif _has(mapping, "amount") and _meaning(mapping, "amount") == "before_discount":
        off = f"CAST(amount AS DOUBLE) * {rate}"
    else:
        off = f"CAST({_list_value(mapping) or 'NULL'} AS DOUBLE) * {rate}"
    return f"TRY_CAST(round(CASE WHEN discount BETWEEN 0 AND 1 THEN {off} END, 4) AS {NUMBER})"


def _cost(mapping: Mapping, amount: str) -> str | None:
    if not _has(mapping, "cost"):
        return None
    if _meaning(mapping, "cost") == "unit":
        return _product("cost", "quantity") if _has(mapping, "quantity") else "cost"
    return {
        "profit": f"{amount} - cost",
        "margin_rate": f"TRY_CAST(round(CAST({amount} AS {WIDE}) * (1 - cost), 4) AS {NUMBER})",
    }.get(_meaning(mapping, "cost"), "cost")
