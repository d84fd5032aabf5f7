"""A mapping: which received column feeds which canonical column, how it is read, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, get_args

from keguan.core.errors import InputError, QuestionError, Where
from keguan.core.text import Text
from keguan.mapping.aliases import EntityKind

OrderKey = Literal["number", "number+customer", "number+customer+day", "customer+time"]
DateOrder = Literal["day", "month"]
Mark = Literal[".", ","]
ORDER_KEYS: tuple[OrderKey, ...] = get_args(OrderKey)
ENTITY_KINDS: tuple[EntityKind, ...] = get_args(EntityKind)
KEY_TYPES = ("account", "nickname", "wechat", "phone", "email", "tax_no", "name", "other")

# How cells that could be meant differently are meant; the first is the usual one.
MEANINGS: dict[str, tuple[str, ...]] = {
    "discount": ("money", "rate_off", "rate_paid"),
    "cost": ("line", "unit", "profit", "margin_rate"),
    "amount": ("paid", "before_discount", "order_total"),
}


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """One canonical column and where it comes from.

    `sources`: received columns, joined with `join` when there are several (category levels, date and
    time). `forms`: ways of writing found in the cells (dates, numbers, ids). `factor`: cells are
    multiplied by it (万元 -> 10000). `meaning`: see MEANINGS. `key_type`: for customer keys.
    """

    target: str
    sources: tuple[str, ...]
    reason: Text
    forms: tuple[str, ...] = ()
    join: str = ""
    factor: Decimal = Decimal(1)
    meaning: str = ""
    key_type: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A received column that is not used, with the reason."""

    column: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Mapping:
    """How files of one shape are read. `fingerprint` recognises the shape.

    `decimal`: the decimal mark. `currency`: ISO code where the file says one. `missing`: further words
    that mean a missing value in these files, beside the known ones.
    """

    name: str
    entity: EntityKind
    fingerprint: str
    columns: tuple[ColumnRule, ...]
    order_key: OrderKey | None = None
    decimal: Mark = "."
    currency: str | None = None
    missing: tuple[str, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()  # canonical column -> its value on every row
    answers: tuple[tuple[str, str], ...] = ()  # column of a questionnaire -> scale; each answer is a row

    def rule(self, target: str) -> ColumnRule | None:
        """The rule that feeds a canonical column; None when nothing does."""
        return next((rule for rule in self.columns if rule.target == target), None)

    def with_rule(self, rule: ColumnRule) -> Mapping:
        """The same mapping with one rule replaced or added."""
        kept = tuple(rule if item.target == rule.target else item for item in self.columns)
        return replace(self, columns=kept if self.rule(rule.target) else (*kept, rule))

    def constant(self, target: str) -> str | None:
        """The value that a canonical column has on every row; None when it has no such value."""
        return dict(self.constants).get(target)

    @property
    def sources(self) -> tuple[str, ...]:
        """All received columns that are used, each once."""
        return tuple(dict.fromkeys(name for rule in self.columns for name in rule.sources))

    @property
    def customer_key_type(self) -> str | None:
        """What the customer's id is: 'account', 'name', 'phone' ...; None without customers."""
        rule = self.rule("customer_id" if self.entity == "customers" else "customer_key")
        return (rule.key_type or "account") if rule else None


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user said: `--date-order`, `--map canonical=column`, `--order-key`, `--currency`.

    An empty column in `map` leaves that canonical column out.
    """

    date_order: DateOrder | None = None
    map: tuple[tuple[str, str], ...] = ()
    order_key: OrderKey | None = None
    currency: str | None = None
    entity: EntityKind | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the proposal assumes and a person should look at."""

    column: str | None
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """Something essential that the data do not tell. `choices` are exact options."""

    option: str
    choices: tuple[str, ...]
    text: Text

    def error(self, file: str | None = None) -> QuestionError:
        """The question as an error for scripts; a terminal asks it instead."""
        listed = " | ".join(self.choices)
        return QuestionError(
            self.text,
            Where(file=file),
            do=Text(f"加上以下选项之一：{listed}", f"Give one of: {listed}"),
            options=self.choices,
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that cannot be imported: what it looks like, what is missing, what to do."""

    looks_like: str
    what: Text
    missing: tuple[str, ...]
    do: Text
    found: str | None = None

    def error(self, file: str | None = None) -> InputError:
        """The refusal as an error."""
        return InputError(self.what, Where(file=file), found=self.found, do=self.do)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggested mapping with everything doubtful. `mapping` is None when the file is refused."""

    mapping: Mapping | None
    doubts: tuple[Doubt, ...] = ()
    questions: tuple[Question, ...] = ()
    refused: Refusal | None = None
    file_name: str | None = None

    def accepted(self) -> Mapping:
        """The mapping; raises InputError when refused, QuestionError when something must be answered."""
        if self.refused is not None:
            raise self.refused.error(self.file_name)
        if self.questions:
            raise self.questions[0].error(self.file_name)
        if self.mapping is None:
            raise ValueError("a proposal has a mapping or a refusal")
        return self.mapping
