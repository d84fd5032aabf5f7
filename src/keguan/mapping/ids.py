"""Which column names the customer, which other ids are kept, and when the user must say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keguan.core.text import Text
from keguan.mapping.assign import HINTED, Assignment, Choice
from keguan.mapping.kinds import CUSTOMER_CHAIN, customer_concept
from keguan.mapping.model import ColumnRule, Doubt, Question
from keguan.mapping.profile import ColumnProfile
from keguan.mapping.rules import id_forms, reason_of

_MUCH_FULLER = 0.2  # difference in filled share that decides between two customer columns


@dataclass(frozen=True)
class CustomerKey:
    """The rules for customer_key and other_key, with doubts. `open`: columns that compete, undecided."""

    rules: tuple[ColumnRule, ...]
    doubts: tuple[Doubt, ...]
    open: tuple[ColumnProfile, ...] = ()


def customer_key(assignment: Assignment, profiles: Sequence[ColumnProfile]) -> CustomerKey | None:
    """The customer's id and at most one further id; None when nothing names the customer."""
    concept = customer_concept(assignment)
    doubts = _masked(assignment)
    if concept is None:
        return CustomerKey((), tuple(doubts)) if doubts else None
    choice, undecided = _settled(concept, assignment)
    target = "customer_id" if assignment.entity == "customers" else "customer_key"
    key_type = CUSTOMER_CHAIN[concept]
    rules = [_key_rule(choice, target, key_type)]
    if key_type == "name":
        doubts.append(
            Doubt(
                choice.column.name,
                Text(
                    "没有客户编号，以姓名区分客户，同名客户会合并",
                    "No customer id: customers are told apart by name only",
                ),
            )
        )
    elif key_type != "account":
        doubts.append(
            Doubt(
                choice.column.name,
                Text("没有客户编号，用这一列代替", "No customer id: this column stands for it"),
            )
        )
    if assignment.entity == "orders" and (other := _other(choice, assignment, profiles)) is not None:
        rules.append(other)
    return CustomerKey(tuple(rules), tuple(doubts), undecided)


def rival_questions(assignment: Assignment, key: CustomerKey | None) -> tuple[Question, ...]:
    """Questions for essential columns that several columns could equally be."""
    questions = []
    if key is not None and key.open:
        questions.append(_question("customer_id", key.open))
    essential = (("order_number", "order_id"), ("amount", "amount")) if assignment.entity == "orders" else ()
    for concept, option in essential:
        columns = _equal_rivals(concept, assignment)
        if columns:
            questions.append(_question(option, columns))
    return tuple(questions)


def _equal_rivals(concept: str, assignment: Assignment) -> tuple[ColumnProfile, ...]:
    """Columns no better than the chosen one. Money with a header is ranked by its name; ids are not."""
    choice = assignment.chosen.get(concept)
    if choice is None or choice.tier == HINTED:
        return ()
    rivals = [item for item in assignment.rivals.get(concept, ()) if not _same(choice.column, item.column)]
    rivals = [item for item in rivals if item.column.filled > choice.column.filled - _MUCH_FULLER]
    if concept == "amount":
        rivals = [item for item in rivals if "headerless" in item.column.flags]
    return (choice.column, *(item.column for item in rivals)) if rivals else ()


def _settled(concept: str, assignment: Assignment) -> tuple[Choice, tuple[ColumnProfile, ...]]:
    choice = assignment.chosen[concept]
    rivals = [item for item in assignment.rivals.get(concept, ()) if item.tier == choice.tier]
    if choice.tier == HINTED or not rivals:
        return choice, ()
    ranked = sorted(
        [choice, *rivals], key=lambda item: (-item.column.filled, item.rank, item.column.position)
    )
    best = ranked[0]
    close = [
        item
        for item in ranked[1:]
        if item.column.filled > best.column.filled - _MUCH_FULLER and not _same(best.column, item.column)
    ]
    if not close:
        same = [item for item in ranked if item is best or _same(best.column, item.column)]
        return min(same, key=lambda item: item.column.position), ()
    return best, (best.column, *(item.column for item in close))


def _same(a: ColumnProfile, b: ColumnProfile) -> bool:
    return any(item.others[0] == b.position for item in a.related("same"))


def _key_rule(choice: Choice, target: str, key_type: str) -> ColumnRule:
    forms = id_forms(choice.column, target)
    return ColumnRule(target, (choice.column.name,), reason_of(choice), forms=forms, key_type=key_type)


def _other(choice: Choice, assignment: Assignment, profiles: Sequence[ColumnProfile]) -> ColumnRule | None:
    """A second id: a nickname, another customer id, or a column one-to-one with the customer's."""
    if (hinted := assignment.chosen.get("other_key")) is not None:
        return _key_rule(hinted, "other_key", "other")
    nickname = assignment.chosen.get("nickname")
    if (
        nickname is not None
        and nickname.column is not choice.column
        and "masked" not in nickname.column.flags
    ):
        return _key_rule(nickname, "other_key", "nickname")
    used = {item.column.position for item in assignment.chosen.values()}
    for rival in (assignment.chosen.get("customer_key"), *assignment.rivals.get("customer_key", ())):
        if rival is not None and rival.column.position != choice.column.position and rival.column.filled > 0:
            return _key_rule(rival, "other_key", "other")
    for relation in choice.column.related("same"):
        partner = profiles[relation.others[0]]
        if partner.position not in used and partner.date < 0.5:
            reason = Text(
                "与客户编号一一对应，作为另一个标识保存",
                "one-to-one with the customer id: kept as another key",
            )
            forms = id_forms(partner, "other_key")
            return ColumnRule("other_key", (partner.name,), reason, forms=forms, key_type="other")
    return None


def _masked(assignment: Assignment) -> list[Doubt]:
    text = Text(
        "脱敏后的标识不能区分客户，不作客户编号",
        "Masked ids do not tell customers apart and are not used as ids",
    )
    return [
        Doubt(choice.column.name, text)
        for concept in CUSTOMER_CHAIN
        if (choice := assignment.chosen.get(concept)) is not None and "masked" in choice.column.flags
    ]


def _question(option: str, columns: Sequence[ColumnProfile]) -> Question:
    choices = tuple(f'--map {option}="{column.name}"' for column in columns)
    listed = "、".join(f"「{column.name}」" for column in columns)
    english = ", ".join(f"'{column.name}'" for column in columns)
    return Question(
        "--map",
        choices,
        Text(
            f"有几列都可能是 {option}，无法判断：{listed}",
            f"Several columns may be {option} and nothing decides: {english}",
        ),
    )
