"""What kind of file this is: orders, customers, products, or something recognised but not imported."""

from __future__ import annotations

from collections.abc import Sequence

from keguan.core.text import Text
from keguan.mapping.aliases import EntityKind
from keguan.mapping.assign import Assignment
from keguan.mapping.flat_columns import target_of
from keguan.mapping.headers import comparable, read_header
from keguan.mapping.likeness import Likeness
from keguan.mapping.model import Hints, Refusal
from keguan.mapping.profile import ColumnProfile
from keguan.mapping.terms import signature_words

# Concepts that can name a customer, best first, with the key type they give.
CUSTOMER_CHAIN = {
    "customer_key": "account",
    "nickname": "nickname",
    "wechat": "wechat",
    "phone": "phone",
    "email": "email",
    "tax_no": "tax_no",
    "customer_name": "name",
}
_SEVERAL = 2  # columns of a record beyond what is enough
_CLEAR = 90  # tier of a header that says it
_TIMES = ("ordered_at", "paid_at", "shipped_at")

KINDS: dict[str, Text] = {
    "pairs": Text(
        "成对比对的标注表（两份记录是否同一人）", "a table of labelled pairs (are two records one person?)"
    ),
    "ab_test": Text(
        "A/B 测试结果表（没有客户编号和日期）", "results of an A/B test (no customer id, no dates)"
    ),
    "spend": Text("按日或按周汇总的投放与收入", "spend and revenue totals by day or week"),
    "orders": Text("订单文件", "an order file"),
    "unknown": Text("无法识别的表", "a table that is not recognised"),
}


def order_gaps(assignment: Assignment) -> tuple[str, ...]:
    """What an order file still lacks: 'order_id', 'ordered_at', 'amount'; empty when nothing."""
    gaps = []
    if not (assignment.has("order_number") or customer_concept(assignment)):
        gaps.append("order_id")
    if not any(assignment.has(name) for name in _TIMES):
        gaps.append("ordered_at")
    money = any(assignment.has(name) for name in ("amount", "order_amount"))
    if not (money or assignment.has("quantity", "unit_price")):
        gaps.append("amount")
    return tuple(gaps)


def customer_concept(assignment: Assignment) -> str | None:
    """The concept whose column names the customer; masked and empty columns cannot."""
    for concept in CUSTOMER_CHAIN:
        column = assignment.column(concept)
        if column is not None and column.filled > 0 and "masked" not in column.flags:
            return concept
    return None


def kind_of(
    profiles: Sequence[ColumnProfile],
    orders: Assignment,
    customers: Assignment,
    products: Assignment,
    hints: Hints,
    record: Likeness | None = None,
) -> EntityKind | Refusal:
    """The kind of file, or a refusal that says what it looks like and what is missing.

    `record`: the columns as the kind of record that they tell best, where they tell one.
    """
    if hints.entity is not None:
        return hints.entity
    guided = any(column for _, column in hints.map)
    looks = None if guided else _unsupported(profiles, orders)
    if looks == "pairs":
        return refusal(looks, order_gaps(orders))
    if _clearly_orders(orders, record):
        return "orders"
    if record is not None:
        return record.assignment.entity
    if not order_gaps(orders) and not _one_row_per_customer(orders):
        return "orders"
    if _is_customers(customers):
        return "customers"
    if _is_products(products):
        return "products"
    if looks is not None:
        return refusal(looks, order_gaps(orders))
    order_like = len(order_gaps(orders)) == 1 and bool(
        {"order_number", "quantity", "amount"} & set(orders.chosen)
    )
    return refusal("orders" if order_like else "unknown", order_gaps(orders))


def surely_orders(orders: Assignment) -> bool:
    """Numbered, with a time of order and money: further columns (a rating, a campaign) make it nothing else."""
    return _numbered(orders) and orders.chosen["ordered_at"].tier >= _CLEAR


def _clearly_orders(orders: Assignment, record: Likeness | None) -> bool:
    """As orders, with a time that any file could have ('date'), unless several columns tell a record."""
    return surely_orders(orders) or (_numbered(orders) and (record is None or record.beyond < _SEVERAL))


def _numbered(orders: Assignment) -> bool:
    return orders.has("order_number", "ordered_at") and not order_gaps(orders)


def refusal(looks_like: str, missing: Sequence[str]) -> Refusal:
    """A refusal of a file that `looks_like` one of KINDS and lacks `missing` to be an order file."""
    kind = KINDS[looks_like]
    maps = " ".join(f"--map {name}=COLUMN" for name in missing) or "--map order_id=COLUMN"
    listed_zh, listed_en = "、".join(missing) or "–", ", ".join(missing) or "–"
    return Refusal(
        looks_like,
        Text(
            f"这个文件看起来是{kind.zh}，目前不能导入；作为订单文件它缺少 {listed_zh}"
            if looks_like != "orders"
            else f"这个文件像订单文件，但缺少 {listed_zh}",
            f"The file looks like {kind.en} and cannot be imported yet; as an order file it lacks {listed_en}"
            if looks_like != "orders"
            else f"The file looks like an order file but lacks {listed_en}",
        ),
        tuple(missing),
        Text(
            f"导入订单、客户或商品文件；如果所需的列就在文件里，用 {maps} 指明",
            f"Import orders, customers or products; if a column does hold it, name it with {maps}",
        ),
    )


def _unsupported(profiles: Sequence[ColumnProfile], orders: Assignment) -> str | None:
    keys = {key for column in profiles for key in read_header(column.name).keys}

    def hits(name: str) -> int:
        return len(keys & {comparable(word) for word in signature_words(name)})

    identified = orders.has("order_number") or customer_concept(orders) is not None
    timed = any(orders.has(name) for name in _TIMES) or any(column.date >= 0.9 for column in profiles)
    if _is_pairs(profiles):
        return "pairs"
    if hits("arm") and hits("outcome") and not identified:
        return "ab_test"
    measures = sum(1 for column in profiles if column.number >= 0.9)
    if timed and not identified and (measures >= 3 or hits("spend") >= 2):
        return "spend"
    return None


def _is_pairs(profiles: Sequence[ColumnProfile]) -> bool:
    names = {column.name.casefold() for column in profiles}
    return sum(1 for name in names if name.endswith("_l") and f"{name[:-2]}_r" in names) >= 2


def _one_row_per_customer(orders: Assignment) -> bool:
    """A list of customers with a date and a total is no order file."""
    concept = customer_concept(orders)
    column = orders.column(concept) if concept else None
    return not orders.has("order_number") and column is not None and column.is_unique and column.rows > 20


def _is_customers(customers: Assignment) -> bool:
    concept = customer_concept(customers)
    column = customers.column(concept) if concept else None
    if concept is None or column is None or column.distinct < 0.5 * column.examined:
        return False
    attributes = [
        name
        for name, choice in customers.chosen.items()
        if name != concept and choice.column.filled > 0 and _says_something(name, customers)
    ]
    return bool(attributes)


def _says_something(concept: str, assignment: Assignment) -> bool:
    return concept in ("first_name", "surname") or target_of(assignment.entity, concept) is not None


def _is_products(products: Assignment) -> bool:
    choice = products.chosen.get("product_id") or products.chosen.get("product_name")
    if choice is None or choice.column.distinct < 0.9 * choice.column.examined:
        return False
    names = {"product_name", "category", "brand", "unit_cost", "cost", "list_price", "launched_on"}
    described = names & set(products.chosen) - {choice.concept}
    return bool(described)
