"""A mapping for a file of records: what its columns feed, what holds on every row, and what is kept beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from keguan.core.text import LANGUAGES, Text
from keguan.mapping import questionnaire
from keguan.mapping.aliases import EntityKind, matches
from keguan.mapping.assign import INFERRED, Assignment, Choice
from keguan.mapping.date_order import DateOrders
from keguan.mapping.flat_columns import ATTRIBUTES, target_of, targets
from keguan.mapping.headers import comparable, read_header
from keguan.mapping.ids import CustomerKey
from keguan.mapping.kinds import CUSTOMER_CHAIN
from keguan.mapping.model import ColumnRule, Doubt, Mapping
from keguan.mapping.profile import ColumnProfile
from keguan.mapping.reading import LEVELS
from keguan.mapping.rules import plain_rule
from keguan.mapping.score_scales import MIXED, told_scale
from keguan.schema.vocabulary import shown

MOST_VALUES = 200  # different cells of a column that describes; beyond, it is an id or a text
FEW_EVENTS = 60  # names of events of one site

# Words in headers and file names that tell of what kind all feedback in the file is.
_FEEDBACK_WORDS = (
    ("complaint", ("投诉", "客诉", "申诉", "complaint")),
    ("interview", ("访谈", "拜访", "interview", "salesnote")),
    ("enquiry", ("咨询", "enquiry", "inquiry", "enquiries", "inquiries")),
    ("suggestion", ("建议", "suggestion")),
    ("survey", ("问卷", "调查", "满意度", "nps", "csat", "survey", "答卷", "题目", "question")),
    ("review", ("评价", "评论", "点评", "review", "comment", "rating")),
    ("opinion", ("意见", "opinion")),
)


@dataclass(frozen=True)
class RecordDraft:
    """Rules, values that hold on every row, and doubts."""

    rules: tuple[ColumnRule, ...]
    constants: tuple[tuple[str, str], ...]
    doubts: tuple[Doubt, ...]
    answers: tuple[tuple[str, str], ...] = ()


def record_draft(
    profiles: Sequence[ColumnProfile],
    assignment: Assignment,
    orders: DateOrders,
    key: CustomerKey | None,
    file_name: str,
) -> RecordDraft:
    """What the columns of a record feed."""
    rules = _plain(assignment, orders)
    if key is not None:
        rules |= {rule.target: rule for rule in key.rules}
    doubts: list[Doubt] = []
    if assignment.entity == "events" and "visitor_id" not in rules and "customer_key" in rules:
        why = Text("以客户编号区分访客", "visitors are told apart by the customer's id")
        rules["visitor_id"] = replace(rules["customer_key"], target="visitor_id", reason=why, key_type="")
    constants: list[tuple[str, str]] = []
    answers: tuple[tuple[str, str], ...] = ()
    if assignment.entity == "feedback":
        constants, doubts = _feedback(assignment, file_name)
        answers, more_doubts = _questions(profiles, assignment, dict(constants), rules)
        if answers:
            constants = [item for item in constants if item[0] != "scale"]
            doubts = [doubt for doubt in doubts if doubt.column is None]
        doubts += more_doubts
    if (more := further(profiles, assignment.entity, list(rules.values()))) is not None:
        rules[more.target] = more
    ordered = tuple(rules[name] for name in targets(assignment.entity) if name in rules)
    return RecordDraft(ordered, tuple(constants), tuple(doubts), answers)


def _questions(
    profiles: Sequence[ColumnProfile],
    assignment: Assignment,
    constants: dict[str, str],
    rules: dict[str, ColumnRule],
) -> tuple[tuple[tuple[str, str], ...], list[Doubt]]:
    """The questions of a file with one column a question; `rules` then reads all its open answers."""
    found = questionnaire.questions_of(profiles, assignment)
    if found.answers and constants.get("kind") not in questionnaire.KINDS:
        score = assignment.chosen.get("score")
        read = score.column.name if score else ""
        rest = tuple(name for name, _ in found.answers if name != read)
        return (), questionnaire.told(replace(found, answers=(), unread=(*rest, *found.unread)))
    if not found.answers:
        return (), questionnaire.told(found)
    why = Text("一列一题的问卷", "a questionnaire of one column a question")
    first = found.answers[0][0]
    rules["score"] = ColumnRule("score", (first,), why, forms=(LEVELS,))
    if found.texts:
        rules["text"] = ColumnRule("text", found.texts, why, join="\n" if len(found.texts) > 1 else "")
    own = rules.get("feedback_id")
    if own is not None and questionnaire.plain_number(own.sources[0]):
        del rules["feedback_id"]
    return found.answers, [*questionnaire.told(found), *questionnaire.answer_scales(found)]


def _plain(assignment: Assignment, orders: DateOrders) -> dict[str, ColumnRule]:
    rules = {}
    for concept, choice in assignment.chosen.items():
        target = target_of(assignment.entity, concept)
        if target is None or concept in CUSTOMER_CHAIN:
            continue
        rule = plain_rule(choice, target, assignment.entity, orders)
        if target == "score" and choice.column.number < 0.5:
            rule = replace(rule, forms=(LEVELS,))
        rules[target] = rule
    return rules


def further(
    profiles: Sequence[ColumnProfile], entity: EntityKind, rules: Sequence[ColumnRule]
) -> ColumnRule | None:
    """All further columns that describe, kept under their headers; None when the kind of file keeps none.

    Ids, texts, constants and personal data are no descriptions.
    """
    target = next((name for name in ATTRIBUTES if name in targets(entity)), None)
    used = {name for rule in rules for name in rule.sources}
    kept = tuple(column.name for column in profiles if column.name not in used and _describes(column, entity))
    if target is None or not kept:
        return None
    return ColumnRule(target, kept, Text("作为属性保留", "kept as attributes"))


def _describes(column: ColumnProfile, entity: EntityKind) -> bool:
    if column.filled == 0 or column.flags & {"email", "phone", "masked", "long_text", "headerless"}:
        return False
    if any(match.concept == "private" for match in matches(read_header(column.name), entity)):
        return False
    if entity == "events":  # a brand, a price: whatever it is, it belongs to the event
        return not (column.is_unique and column.rows > MOST_VALUES)
    if column.distinct == 1 and column.rows > 1:
        return False
    return column.distinct <= MOST_VALUES and not (column.is_unique and column.rows > MOST_VALUES)


def _feedback(assignment: Assignment, file_name: str) -> tuple[list[tuple[str, str]], list[Doubt]]:
    """The kind of feedback and the scale of its scores, where no column says them."""
    said = [comparable(file_name.rsplit("/", 1)[-1].split(".")[0])]
    said += [comparable(choice.column.name) for choice in assignment.chosen.values()]
    constants, doubts = [], []
    if "kind" not in assignment.chosen:
        kind = _told_kind(assignment, said)
        constants.append(("kind", kind))
        doubts.append(
            Doubt(
                None,
                Text(
                    f"没有反馈类别列，每行都按「{shown(kind, 'feedback_kind', 'zh')}」读入；如不对，请在映射文件中改正",
                    f"No column says the kind of feedback, so every row is read as: "
                    f"{shown(kind, 'feedback_kind', 'en').lower()}. Where that is wrong, correct it in the mapping file",
                ),
            )
        )
    score = assignment.chosen.get("score")
    if score is not None and "scale" not in assignment.chosen and "question" not in assignment.chosen:
        scale = told_scale(score.column)
        constants.append(("scale", scale))
        name = score.column.name
        zh, en = (shown(scale, "score_scale", language) for language in LANGUAGES)
        by_values = Text(f"列「{name}」按取值读作{zh}", f"Column '{name}' is read as {en}, by its values")
        doubts.append(questionnaire.mixed_doubt(name) if scale == MIXED else Doubt(name, by_values))
    return constants, doubts


def _told_kind(assignment: Assignment, said: Sequence[str]) -> str:
    for kind, words in _FEEDBACK_WORDS:
        if any(word in text for word in words for text in said[:1]):
            return kind
    for kind, words in _FEEDBACK_WORDS:
        if any(word in text for word in words for text in said[1:]):
            return kind
    if assignment.has("resolved_at") or assignment.has("status"):
        return "complaint"
    return "survey" if assignment.has("score") and not assignment.has("text") else "review"


def as_named(mapping: Mapping, file_name: str) -> Mapping:
    """A saved mapping of feedback for a file whose name says another kind: complaints and enquiries often come in
    files of the same columns."""
    if mapping.entity != "feedback" or mapping.constant("kind") is None or mapping.answers:
        return mapping
    name = comparable(file_name.rsplit("/", 1)[-1].split(".")[0])
    told = next((kind for kind, words in _FEEDBACK_WORDS if any(word in name for word in words)), None)
    if told is None:
        return mapping
    return replace(mapping, constants=tuple({**dict(mapping.constants), "kind": told}.items()))


def infer_events(profiles: Sequence[ColumnProfile], given: Assignment) -> Assignment:
    """The columns of events without headers, by their cells: a moment, a name out of few, ids.

    The first id is the visitor, the second the product: the usual order of such logs, which is said as a doubt.
    """
    free = [column for column in profiles if column.filled > 0]
    moments = [column for column in free if column.date >= 0.95 or _is_epoch(column)]
    names = [
        column
        for column in free
        if column not in moments
        and 1 < column.distinct <= FEW_EVENTS
        and column.distinct < 0.2 * column.examined
        and (column.number < 0.5 or any(map(_is_epoch, moments)))  # coded behaviour
    ]
    names.sort(key=lambda column: (column.number >= 0.5, column.distinct))
    rest = [column for column in free if column not in moments and column not in names[:1]]
    ids = [column for column in rest if column.whole >= 0.99 or column.number < 0.5]
    if not (moments and names and ids):
        return given
    chosen = {
        "occurred_at": Choice("occurred_at", moments[0], INFERRED),
        "name": Choice("name", names[0], INFERRED),
        "visitor_id": Choice("visitor_id", ids[0], INFERRED),
    }
    if len(ids) > 1:
        chosen["product_id"] = Choice("product_id", ids[1], INFERRED)
    return replace(given, chosen=chosen)


def _is_epoch(column: ColumnProfile) -> bool:
    return any(form in ("epoch_s", "epoch_ms") and share >= 0.95 for form, share in column.dates)
