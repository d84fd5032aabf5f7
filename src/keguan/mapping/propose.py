"""A suggested mapping for a file, from the profiles of its columns and what the user said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keguan.core.text import Text
from keguan.mapping.aliases import RECORD_KINDS, EntityKind
from keguan.mapping.assign import Assignment, Choice, assign
from keguan.mapping.date_order import DateOrders, date_orders
from keguan.mapping.fingerprint import fingerprint
from keguan.mapping.flat_columns import target_of, targets
from keguan.mapping.ids import CustomerKey, customer_key, rival_questions
from keguan.mapping.infer import headerless, infer_orders
from keguan.mapping.kinds import CUSTOMER_CHAIN, kind_of, order_gaps, surely_orders
from keguan.mapping.leftover import ignored, unfit_doubts
from keguan.mapping.likeness import Likeness
from keguan.mapping.model import (
    ColumnRule,
    Doubt,
    Hints,
    Mapping,
    Mark,
    OrderKey,
    Proposal,
    Question,
    Refusal,
)
from keguan.mapping.profile import ColumnProfile
from keguan.mapping.record_kinds import best_record
from keguan.mapping.record_rules import further, infer_events, record_draft
from keguan.mapping.rules import date_rule, discount_rule, plain_rule, reason_of
from keguan.mapping.terms import currency_of

_COSTS = (("cost", "line"), ("unit_cost", "unit"), ("profit", "profit"), ("margin_rate", "margin_rate"))
_LEVELS = ("category", "category_2", "category_3")
# Concepts that one of the functions below turns into a rule.
_COMPOSED = {
    "customer_key", "nickname", "customer_name", "first_name", "surname", "discount", "time_of_day",
    "cost", "unit_cost", "profit", "margin_rate", "ordered_at", "amount", "order_amount", *_LEVELS,
}  # fmt: skip


_UNNAMED = Doubt(
    None,
    Text(
        "没有表头：时间、事件名和编号由取值认出，第一个编号列作为访客，第二个作为商品；不对时用 --map 指明",
        "No header: time, event and ids are known by their cells; the first id stands for the visitor, the second for "
        "the product. Where that is wrong, name the columns with --map",
    ),
)


@dataclass(frozen=True)
class _Draft:
    """What the parts of a proposal share."""

    assignment: Assignment
    orders: DateOrders
    key: CustomerKey | None

    @property
    def entity(self) -> EntityKind:
        return self.assignment.entity

    def get(self, concept: str) -> Choice | None:
        return self.assignment.chosen.get(concept)


def propose(
    profiles: Sequence[ColumnProfile],
    *,
    file_name: str,
    decimal: Mark | None = None,
    hints: Hints | None = None,
) -> Proposal:
    """The mapping that the headers and cells suggest, with doubts, open questions or a refusal.

    `decimal`: the decimal mark when it is known; else the columns decide. Whether one order number
    covers several customers, and what money columns mean, is settled on the rows (see `fit`).
    Raises UsageError when a hint names a column that does not exist.
    """
    given = hints or Hints()
    orders = assign(profiles, "orders", given)
    if headerless(profiles):
        orders = infer_orders(profiles, orders)
    customers, products = assign(profiles, "customers", given), assign(profiles, "products", given)
    record = _record(profiles, orders, given, file_name)
    kind = kind_of(profiles, orders, customers, products, given, record)
    if isinstance(kind, Refusal):
        return Proposal(None, refused=kind, file_name=file_name)
    known = {"orders": orders, "customers": customers, "products": products}
    chosen = known[kind] if kind in known else record.assignment if record else assign(profiles, kind, given)
    return _proposal(profiles, chosen, file_name, decimal, given)


def _record(
    profiles: Sequence[ColumnProfile], orders: Assignment, hints: Hints, file_name: str
) -> Likeness | None:
    """The columns as the kind of record that the user named or that they tell best."""
    if hints.entity in RECORD_KINDS:
        named = assign(profiles, hints.entity, hints)
        inferred = headerless(profiles) and hints.entity == "events"
        return Likeness(infer_events(profiles, named) if inferred else named, 0)
    if hints.entity is not None or surely_orders(orders):
        return None
    if headerless(profiles):
        events = infer_events(profiles, assign(profiles, "events", hints))
        return Likeness(events, 0) if events.has("name") and not _counts_money(orders) else None
    return best_record(profiles, hints, file_name)


def _counts_money(orders: Assignment) -> bool:
    """Whether columns without headers hold amounts: fractions, or quantity times price."""
    amount = orders.column("amount")
    money = amount is not None and (amount.whole < 0.99 or bool(amount.related("product")))
    return money and not order_gaps(orders)


def _proposal(
    profiles: Sequence[ColumnProfile],
    assignment: Assignment,
    file_name: str,
    decimal: Mark | None,
    hints: Hints,
) -> Proposal:
    used = [choice.column for choice in assignment.chosen.values()]
    dates = date_orders(used, hints.date_order)
    key = customer_key(assignment, profiles) if assignment.entity != "products" else None
    constants: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    if assignment.entity in RECORD_KINDS:
        record = record_draft(profiles, assignment, dates, key, file_name)
        rules, doubts, constants = record.rules, record.doubts, record.constants
        answers = record.answers
        if headerless(profiles):
            doubts = (*doubts, _UNNAMED)
    else:
        rules, doubts = _rules(_Draft(assignment, dates, key))
    if assignment.entity == "customers" and (more := further(profiles, "customers", rules)) is not None:
        rules = (*rules, more)
    mark = decimal or _mark(used)
    mapping = Mapping(
        name=file_name.rsplit("/", 1)[-1].split(".")[0] or file_name,
        entity=assignment.entity,
        fingerprint=fingerprint(profiles),
        columns=rules,
        order_key=_order_key(rules, hints) if assignment.entity == "orders" else None,
        decimal=mark,
        currency=hints.currency or _currency(assignment),
        ignored=ignored(profiles, assignment, rules, [name for name, _ in answers]),
        constants=constants,
        answers=answers,
    )
    questions: tuple[Question, ...] = (*rival_questions(assignment, key), *dates.questions)
    found = (
        *(key.doubts if key else ()),
        *doubts,
        *dates.doubts,
        *unfit_doubts(assignment),
        *_marks(used, mark),
    )
    return Proposal(mapping, found, questions, file_name=file_name)


def _rules(draft: _Draft) -> tuple[tuple[ColumnRule, ...], tuple[Doubt, ...]]:
    """Rules in the order of the flat row."""
    rules: dict[str, ColumnRule] = {}
    doubts: list[Doubt] = []
    for concept, choice in draft.assignment.chosen.items():
        target = target_of(draft.entity, concept)
        if concept in CUSTOMER_CHAIN and "masked" in choice.column.flags:
            continue
        if concept not in _COMPOSED and target is not None:
            rules[target] = plain_rule(choice, target, draft.entity, draft.orders)
    for rule in (*_names(draft), _category(draft), _discount(draft), _cost(draft)):
        if rule is not None and rule.target in targets(draft.entity):
            rules[rule.target] = rule
    if draft.key is not None:
        rules |= {rule.target: rule for rule in draft.key.rules}
    if draft.entity == "orders":
        composed, doubts = _orders_only(draft)
        rules |= {rule.target: rule for rule in composed}
    if "product_id" not in rules and draft.entity != "customers" and (name := draft.get("product_name")):
        rules["product_id"] = ColumnRule(
            "product_id",
            (name.column.name,),
            Text("没有商品编号，以名称代替", "no product id: the name stands for it"),
        )
        doubts.append(
            Doubt(
                name.column.name,
                Text("以商品名称区分商品，同名商品会合并", "Products are told apart by name only"),
            )
        )
    return tuple(rules[name] for name in targets(draft.entity) if name in rules), tuple(doubts)


def _names(draft: _Draft) -> list[ColumnRule]:
    target = "name" if draft.entity == "customers" else "customer_name"
    if draft.entity == "products":
        return []
    if (whole := draft.get("customer_name")) is not None:
        return [ColumnRule(target, (whole.column.name,), reason_of(whole))]
    first, last = draft.get("first_name"), draft.get("surname")
    parts = [choice for choice in (first, last) if choice is not None]
    if not parts:
        return []
    chinese = any(word[:1] >= "一" for choice in parts for word in choice.column.examples)
    ordered = list(reversed(parts)) if chinese else parts
    names = tuple(choice.column.name for choice in ordered)
    return [
        ColumnRule(
            target,
            names,
            Text("姓和名合成姓名", "name put together from its parts"),
            join="" if chinese else " ",
        )
    ]


def _category(draft: _Draft) -> ColumnRule | None:
    levels = [choice for name in _LEVELS if (choice := draft.get(name)) is not None]
    if not levels:
        return None
    names = tuple(choice.column.name for choice in levels)
    if len(names) == 1:
        return ColumnRule("category", names, reason_of(levels[0]))
    return ColumnRule(
        "category", names, Text("各级类目连成一条路径", "the levels are joined to one path"), join=" / "
    )


def _discount(draft: _Draft) -> ColumnRule | None:
    choice = draft.get("discount")
    return discount_rule(choice) if choice is not None else None


def _cost(draft: _Draft) -> ColumnRule | None:
    target = "unit_cost" if draft.entity == "products" else "cost"
    for concept, meaning in _COSTS:
        choice = draft.get(concept)
        if choice is None or (target == "unit_cost" and meaning in ("profit", "margin_rate")):
            continue
        reason = reason_of(choice)
        if meaning == "profit":
            reason = Text("成本 = 金额 - 利润", "cost = amount - profit")
        if meaning == "margin_rate":
            reason = Text("成本 = 金额 x (1 - 利润率)", "cost = amount x (1 - margin)")
        kept = meaning if target == "cost" else ""
        return ColumnRule(target, (choice.column.name,), reason, factor=choice.header.factor, meaning=kept)
    return None


def _orders_only(draft: _Draft) -> tuple[list[ColumnRule], list[Doubt]]:
    rules: list[ColumnRule] = []
    doubts: list[Doubt] = []
    time = draft.get("ordered_at")
    if time is None and (time := draft.get("paid_at") or draft.get("shipped_at")) is not None:
        text = Text("没有下单时间，用这一列代替", "No order time: this column stands for it")
        doubts.append(Doubt(time.column.name, text))
    if time is not None:
        rules.append(_ordered_at(draft, time))
    money = draft.get("amount")
    order_total = draft.get("order_amount")
    if order_total is not None:
        rules.append(plain_rule(order_total, "order_amount", "orders", draft.orders))
    if money is None and order_total is not None and not draft.assignment.has("quantity", "unit_price"):
        money = order_total
    if money is not None:
        rule = plain_rule(money, "amount", "orders", draft.orders)
        rules.append(ColumnRule(rule.target, rule.sources, rule.reason, factor=rule.factor, meaning="paid"))
    return rules, doubts


def _ordered_at(draft: _Draft, time: Choice) -> ColumnRule:
    rule = date_rule(time, "ordered_at", draft.orders)
    clock = draft.get("time_of_day")
    if clock is None or time.column.clock > 0:
        return rule
    reason = Text("日期和时刻合成时间", "date and time of day put together")
    forms = [form for form in rule.forms if form not in ("timed", "some_timed")]
    if "yyyymmdd" in forms:
        forms.append("yyyymmdd_time")
    return ColumnRule("ordered_at", (*rule.sources, clock.column.name), reason, (*forms, "timed"), join=" ")


def _order_key(rules: Sequence[ColumnRule], hints: Hints) -> OrderKey:
    if hints.order_key is not None:
        return hints.order_key
    return "number" if any(rule.target == "order_number" for rule in rules) else "customer+time"


def _mark(columns: Sequence[ColumnProfile]) -> Mark:
    marks = [column.mark for column in columns if column.number >= 0.5 and column.mark]
    return "," if marks.count(",") > marks.count(".") else "."


def _marks(columns: Sequence[ColumnProfile], mark: Mark) -> list[Doubt]:
    """Numeric columns whose decimal mark is not that of the file."""
    text = Text("小数点写法与文件其他列不同", "The decimal mark differs from the other columns of the file")
    return [
        Doubt(column.name, text)
        for column in columns
        if column.number >= 0.5 and column.mark not in (None, mark)
    ]


def _currency(assignment: Assignment) -> str | None:
    """The currency that headers or cells of money columns name; None when a column or nothing says it."""
    if assignment.has("currency"):
        return None
    for concept in ("amount", "order_amount", "unit_price", "refund_amount", "discount", "cost"):
        choice = assignment.chosen.get(concept)
        if choice is None:
            continue
        if choice.header.currency:
            return choice.header.currency
        if choice.column.currency and (found := currency_of(choice.column.currency)):
            return found
    return None
