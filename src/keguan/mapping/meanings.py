"""What the money columns of an order file mean, where only the rows can tell.

Is the amount that of the line or of the whole order, repeated? Before or after the discount? Is a cost that
of a piece or of the line? Each is decided by arithmetic that must hold on most rows, or left as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keguan.core.text import Text
from keguan.mapping.derived import LIST_VALUE
from keguan.mapping.flat import flat_sql
from keguan.mapping.model import ColumnRule, Doubt, Hints, Mapping, Question

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST = 0.8  # share of telling rows on which an equation must hold
_FEWEST = 20  # telling rows below which nothing is decided
_CONSTANT = 0.95
_EQUAL = "abs({a} - ({b})) <= 0.011 + 0.002 * abs({b})"


@dataclass(frozen=True)
class Settled:
    """The mapping with meanings decided by the rows, and what stays open."""

    mapping: Mapping
    doubts: tuple[Doubt, ...] = ()
    questions: tuple[Question, ...] = ()


def settle_meanings(
    connection: DuckDBPyConnection, mapping: Mapping, table: str, hints: Hints | None = None
) -> Settled:
    """`mapping` of an order file with the meanings that the rows of `table` (staged; a sample will do) show."""
    if mapping.entity != "orders":
        return Settled(mapping)
    read = flat_sql(_neutral(mapping), table)
    settled = Settled(mapping)
    for step in (_discount, _once_per_order, _order_total, _cost):
        settled = step(connection, settled, read, hints or Hints())
    return settled


def _neutral(mapping: Mapping) -> Mapping:
    """The mapping with every money column read as it stands."""
    for name, meaning in (("amount", "paid"), ("discount", "money"), ("cost", "line")):
        if (rule := mapping.rule(name)) is not None:
            mapping = mapping.with_rule(replace(rule, meaning=meaning))
    return mapping


def _counts(connection: DuckDBPyConnection, sql: str) -> tuple[float, ...]:
    row = connection.execute(sql).fetchone() or ()
    return tuple(float(value or 0) for value in row)


def _discount(connection: DuckDBPyConnection, settled: Settled, read: str, hints: Hints) -> Settled:
    mapping = settled.mapping
    rule, amount = mapping.rule("discount"), mapping.rule("amount")
    if rule is None or amount is None or not (mapping.rule("quantity") and mapping.rule("unit_price")):
        return settled
    rate = "(CASE WHEN d BETWEEN 0 AND 1 THEN d END)"
    equations = {"money": "p - d", "rate_off": f"p * (1 - {rate})", "rate_paid": f"p * {rate}", "none": "p"}
    tests = ", ".join(f"count(*) FILTER ({_EQUAL.format(a='a', b=right)})" for right in equations.values())
    rows, *holds = _counts(
        connection,
        f"SELECT count(*), {tests} FROM (SELECT CAST({LIST_VALUE} AS DOUBLE) AS p,"
        f" CAST(discount AS DOUBLE) AS d, CAST(amount AS DOUBLE) AS a FROM ({read}))"
        " WHERE p <> 0 AND a IS NOT NULL AND d NOT IN (0, 1)",
    )
    if rows < _FEWEST:
        return settled
    share = {name: count / rows for name, count in zip(equations, holds, strict=True)}
    best = max(("money", "rate_off", "rate_paid"), key=lambda name: share[name])
    if share[best] >= _MOST:
        why = Text(f"{share[best]:.0%} 的行按此相符", f"holds on {share[best]:.0%} of the rows")
        return replace(settled, mapping=mapping.with_rule(_meaning(rule, best, why)))
    if share["none"] >= _MOST:
        text = Text(
            "金额等于数量x单价，看不出优惠是否已扣除；按已扣除处理，如未扣除请把 amount 的 meaning 改为 before_discount",
            "The amount equals quantity x price, so whether the discount is taken off is not shown; it is read as"
            " taken off; if not, set meaning = 'before_discount' for amount",
        )
        return replace(settled, doubts=(*settled.doubts, Doubt(rule.sources[0], text)))
    return settled


def _meaning(rule: ColumnRule, meaning: str, why: Text) -> ColumnRule:
    reason = Text(f"{rule.reason.zh}；{why.zh}", f"{rule.reason.en}; {why.en}")
    return replace(rule, meaning=meaning, reason=reason)


def _once_per_order(connection: DuckDBPyConnection, settled: Settled, read: str, hints: Hints) -> Settled:
    """Is the amount only written on one line of each order, while every line has its price? It is the order's."""
    mapping = settled.mapping
    amount = mapping.rule("amount")
    needed = ("order_number", "quantity", "unit_price")
    if (
        amount is None
        or not all(mapping.rule(name) for name in needed)
        or ("amount", amount.sources[0]) in hints.map
    ):
        return settled
    neutral = f"amount IS NOT NULL AND CAST(amount AS DOUBLE) IS DISTINCT FROM CAST({LIST_VALUE} AS DOUBLE)"
    orders, once = _counts(
        connection,
        "SELECT count(*), count(*) FILTER (given = 1 AND priced = n) FROM ("
        f"SELECT count(*) AS n, count(*) FILTER ({neutral}) AS given, count({LIST_VALUE}) AS priced"
        f" FROM ({read}) GROUP BY order_number HAVING count(*) > 1)",
    )
    if orders < _FEWEST or once < _CONSTANT * orders:
        return settled
    total = mapping.rule("order_amount") or replace(amount, target="order_amount", meaning="")
    kept = tuple(rule for rule in mapping.with_rule(total).columns if rule.target != "amount")
    text = Text(
        "整单金额只写在订单的一行上；行金额取数量x单价",
        "The order's total stands on one of its lines; line amounts are quantity x price",
    )
    doubts = (*settled.doubts, Doubt(amount.sources[0], text))
    return replace(settled, mapping=replace(mapping, columns=kept), doubts=doubts)


def _order_total(connection: DuckDBPyConnection, settled: Settled, read: str, hints: Hints) -> Settled:
    """Does each line of an order repeat the order's total? Then summing it would count it several times."""
    mapping = settled.mapping
    amount = mapping.rule("amount")
    if amount is None or mapping.rule("order_number") is None:
        return settled
    name = amount.sources[0]
    named = {column: canonical for canonical, column in hints.map}
    priced = mapping.rule("quantity") is not None and mapping.rule("unit_price") is not None
    listed = f"CAST({LIST_VALUE} AS DOUBLE)" if priced else "NULL"
    orders, constant, different, by_line, listed_total = _counts(
        connection,
        f"SELECT count(*), count(*) FILTER (low = high), count(DISTINCT low), count(*) FILTER (by_line = n),"
        f" count(*) FILTER ({_EQUAL.format(a='low', b='whole')})"
        f" FROM (SELECT min(amount) AS low, max(amount) AS high, count(*) AS n, sum({listed}) AS whole,"
        f" count(*) FILTER ({_EQUAL.format(a='amount', b=listed)}) AS by_line"
        f" FROM ({read}) WHERE amount <> 0 GROUP BY order_number, customer_key HAVING count(*) > 1)",
    )
    repeated = orders >= _FEWEST and constant >= _CONSTANT * orders and by_line < 0.5 * orders
    if named.get(name) in ("amount", "order_amount"):
        repeated = named[name] == "order_amount"
    if not repeated:
        return settled
    total = mapping.rule("order_amount") or replace(amount, target="order_amount", meaning="")
    changed = mapping.with_rule(total)
    why = Text("每行重复整单金额", "each line repeats the order's total")
    if priced and listed_total >= 0.9 * orders:
        kept = tuple(rule for rule in changed.columns if rule.target != "amount")
        text = Text(
            "每行重复整单金额；行金额取数量x单价",
            "Each line repeats the order's total; amount = quantity x price",
        )
        return replace(
            settled, mapping=replace(changed, columns=kept), doubts=(*settled.doubts, Doubt(name, text))
        )
    changed = changed.with_rule(_meaning(amount, "order_total", why))
    text = Text(
        "每行重复整单金额；按各行数量x单价（没有时平均）分摊到行",
        "Each line repeats the order's total; it is divided by quantity x price, or evenly where there is none",
    )
    doubts = (*settled.doubts, Doubt(name, text))
    if priced or different > 20 or named.get(name) == "order_amount":
        return replace(settled, mapping=changed, doubts=doubts)
    question = Question(
        "--map",
        (f'--map amount="{name}"', f'--map order_amount="{name}"'),
        Text(
            f"「{name}」在同一订单的各行都相同：是每行的金额（amount），还是整单金额（order_amount）？",
            f"'{name}' is the same on all lines of an order: money of the line (amount) or of the order (order_amount)?",
        ),
    )
    return replace(settled, mapping=changed, doubts=doubts, questions=(*settled.questions, question))


def _cost(connection: DuckDBPyConnection, settled: Settled, read: str, hints: Hints) -> Settled:
    """A cost per piece does not grow with the quantity, as a share of the amount it falls."""
    mapping = settled.mapping
    rule = mapping.rule("cost")
    if rule is None or rule.meaning != "line" or mapping.rule("quantity") is None:
        return settled
    one, few, pieces, n_one, n_few = _counts(
        connection,
        "SELECT median(c / a) FILTER (q = 1), median(c / a) FILTER (q >= 3), median(q) FILTER (q >= 3),"
        " count(*) FILTER (q = 1), count(*) FILTER (q >= 3)"
        " FROM (SELECT CAST(cost AS DOUBLE) AS c, CAST(amount AS DOUBLE) AS a, CAST(quantity AS DOUBLE) AS q"
        f" FROM ({read})) WHERE a > 0 AND c > 0 AND q > 0",
    )
    if min(n_one, n_few) < _FEWEST or one == 0:
        return settled
    ratio = few / one
    if ratio < 2 / (1 + pieces):  # nearer to 1/pieces than to 1
        why = Text(
            "数量越多占金额比例越低，是单件成本",
            "its share of the amount falls with the quantity: cost per piece",
        )
        return replace(settled, mapping=mapping.with_rule(_meaning(rule, "unit", why)))
    return settled
