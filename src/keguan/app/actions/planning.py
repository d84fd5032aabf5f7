"""New cards: one that a person writes, and drafts from the strategies of the segments; undone ones are carried forward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from keguan import registry
from keguan.app import segments
from keguan.app.actions.cards import Card, due_after, needed, one_owner, words
from keguan.app.actions.keeping import current, keep, named, now, number_of, one_owner_a_segment
from keguan.app.analyse import Session
from keguan.core.errors import InputError, UsageError, Where
from keguan.core.period import add_months, month_end
from keguan.core.text import Language, Text, same
from keguan.marts.natural_return import ordered_sql
from keguan.marts.owners import OWNERS
from keguan.result import Relation
from keguan.schema.vocabulary import IN_BOTH, UNKNOWN, VOCABULARIES, shown
from keguan.store.workspace import Store

PERIODS = ("week", "month", "quarter")
TARGET = Decimal("0.30")  # a win-back target where none is given
ABOVE = Decimal("0.03")  # and at least so much above who comes back unasked
OWNER_SQL = """
WITH {owners}
SELECT o.owner, count(*) AS customers
FROM {segments} s JOIN owners o ON o.account_no = s.account_no
WHERE s.label = $label AND o.owner NOT IN ('{unknown}', '归属不一')
GROUP BY o.owner ORDER BY customers DESC, o.owner LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person says of a new card."""

    segment: str  # SEGMENTATION/LABEL
    action: str
    due: date
    pain: str | None = None
    resources: str | None = None
    owner: str | None = None
    metric: str | None = None
    target: Decimal | None = None
    campaign: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of `plan`: how many segments, until when, which target and owner for all."""

    segmentation: str = "rfm"
    top: int = 5
    period: str = "month"
    due: date | None = None
    target: Decimal | None = None
    owner: str | None = None
    by: str | None = None
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Planned:
    """Drafted cards, cards carried forward, and segments that have an open card already."""

    fresh: tuple[Card, ...]
    carried: tuple[Card, ...]
    kept: tuple[Card, ...]


def add(store: Store, session: Session, draft: Draft) -> Card:
    """Keeps a new card as of the session's day. UsageError for an unknown segment, a past due date, two owners."""
    segmentation, label = _segment(session, draft.segment)
    start = session.as_of
    card = Card(
        "", 1, start, now(), words(draft.by, "--by"), "made", start, segmentation, label,
        needed(draft.action, "--action"), due_after(draft.due, start), pain=words(draft.pain, "--pain"),
        resources=words(draft.resources, "--resources"), owner=one_owner(draft.owner), metric=draft.metric,
        target_value=draft.target, campaign_id=words(draft.campaign, "--campaign"),
    )  # fmt: skip

    def change(cards: Sequence[Card]) -> list[Card]:
        one_owner_a_segment(cards, card)
        return [replace(card, action_id=named(number_of(cards) + 1))]

    return keep(store, change)[0]


def _segment(session: Session, given: str) -> tuple[str, str]:
    """'rfm/重要挽留' as segmentation and stored label. UsageError lists what there is."""
    name, slash, label = (part.strip() for part in given.partition("/"))
    if not slash or not label:
        raise UsageError(
            Text("目标客群写法有误", "The segment is not well formed"),
            Where(setting="SEGMENT"),
            found=given,
            allowed=same("rfm/重要挽留"),
            do=Text("写成 分群/标签", "write SEGMENTATION/LABEL"),
        )
    relation = relation_named(session, name)
    stored = next(
        (value for value, text in VOCABULARIES.get(relation.vocabulary or "", {}).items()
         if label in (value, text.zh, text.en)), label,
    )  # fmt: skip
    counted = session.inputs.query(
        f"SELECT label, count(*) AS n FROM ({relation.sql}) r GROUP BY label ORDER BY label", **dict(relation.params)
    ).to_pylist()  # fmt: skip
    counts = {row["label"]: row["n"] for row in counted}
    if stored not in counts:
        raise segments.no_label(label, counts, relation.vocabulary)
    return relation.id, stored


def relation_named(session: Session, name: str) -> Relation:
    """A segmentation by its name; one of the company's own by the name that its file gives it."""
    for id in (name, f"custom_segments_{name}"):
        try:
            relation = session.inputs.relation(id)
        except UsageError:
            continue
        if relation is not None:
            return relation
    return segments.relation_of(session.run(registry.owner(name)), name)


def plan(store: Store, session: Session, wanted: Wanted) -> Planned:
    """Drafts a card for each of the first segments by money at stake, and carries undone past ones forward.

    A segment with an open card that is not past due gets no second one. InputError where nobody is in a segment.
    """
    start = session.as_of
    due = due_after(wanted.due or period_end(start, wanted.period), start)
    if wanted.top < 1:
        raise UsageError(
            Text("至少要一个分群", "At least one segment is needed"), Where(setting="--top"), found=str(wanted.top)
        )  # fmt: skip
    rows = _matched(session, wanted)
    drafts = [_drafted(session, wanted, row, due) for row in rows]
    made: dict[str, list[Card]] = {"carried": [], "fresh": [], "kept": []}

    def change(cards: Sequence[Card]) -> Iterable[Card]:
        number = number_of(cards)
        stand = current(cards)
        late = [card for card in stand if card.state == "open" and card.due_on <= start and card.day <= start]
        for card in late:
            number += 1
            made["carried"].append(_carried(card, named(number), start, due, wanted.by))
        closed = [_closed(card, start, wanted.by) for card in late]
        busy = {(card.segmentation, card.segment): card for card in stand if card.state == "open"}
        for draft in drafts:
            at = (draft.segmentation, draft.segment)
            if at in busy:
                made["kept"].append(busy[at])
                continue
            number += 1
            made["fresh"].append(replace(draft, action_id=named(number)))
        return [*closed, *made["carried"], *made["fresh"]]

    keep(store, change)
    late_segments = {(card.segmentation, card.segment) for card in made["carried"]}
    kept = [card for card in made["kept"] if (card.segmentation, card.segment) not in late_segments]
    return Planned(tuple(made["fresh"]), tuple(made["carried"]), tuple(kept))


def period_end(start: date, period: str) -> date:
    """The last day of the next week (7 days), calendar month or quarter after a day."""
    if period == "week":
        return start + timedelta(days=7)
    following = start + timedelta(days=1)
    if period == "month":
        return month_end(following)
    return month_end(add_months(following.replace(day=1), 2 - (following.month - 1) % 3))


def _matched(session: Session, wanted: Wanted) -> list[Mapping[str, Any]]:
    result = session.run("matching")
    rows: list[Mapping[str, Any]] = []
    facts = result.table("facts") if result.has("facts") else None
    for row in result.table("matched") if result.has("matched") else ():
        if row["segment_method"] == wanted.segmentation and row["direction"] is not None:
            known = facts.find({name: row[name] for name in ("segment_method", "segment")}) if facts else None
            rows.append({**(known or {}), **row})
    if not rows:
        listed = result.table("matched").records() if result.has("matched") else []
        raise InputError(
            Text("这个分群方法没有可以计划的分群", "This segmentation has no segment to plan for"),
            Where(setting="--segmentation"),
            found=wanted.segmentation,
            allowed=same(", ".join(dict.fromkeys(row["segment_method"] for row in listed)) or "-"),
            do=Text("换一个分群方法，或先导入订单", "choose another, or import orders first"),
        )
    return rows[: wanted.top]


def _drafted(session: Session, wanted: Wanted, row: Mapping[str, Any], due: date) -> Card:
    language, start = wanted.language, session.as_of
    natural = natural_rate(session, row["segment_method"], row["segment"], (due - start).days)
    return Card(
        "", 1, start, now(), words(wanted.by, "--by"), "made", start, row["segment_method"], row["segment"],
        _clipped(_action(row, language)), due, pain=_clipped(_pain(row, language)),
        resources=_clipped(shown(row["resources"], IN_BOTH, language)) if row["resources"] else None,
        owner=one_owner(wanted.owner) or main_owner(session, row["segment_method"], row["segment"]),
        metric="activation_rate", target_value=wanted.target if wanted.target is not None else target_above(natural),
    )  # fmt: skip


def target_above(natural: Decimal | None) -> Decimal:
    """30 %, or three points above the share who come by themselves where that is more, in whole per cent."""
    if natural is None:
        return TARGET
    above = (natural + ABOVE).quantize(Decimal("0.01"), rounding=ROUND_CEILING)
    return min(max(TARGET, above), Decimal(1))


def natural_rate(session: Session, segmentation: str, label: str, days: int) -> Decimal | None:
    """The share of the segment's customers who ordered in as many days before; None of too few."""
    inputs, start = session.inputs, session.as_of - timedelta(days=days)
    sql = ordered_sql(inputs.segment(segmentation, start))
    for row in inputs.query(sql, first=start + timedelta(days=1), last=session.as_of).to_pylist():
        if row["label"] == label and row["customers"] >= max(inputs.settings.min_n, 1):
            return Decimal(int(row["ordered"])) / Decimal(int(row["customers"]))
    return None


def _action(row: Mapping[str, Any], language: Language) -> str:
    said = shown(row["direction"], IN_BOTH, language)
    if row["measure"] == "as_matrix":
        return said
    first = shown(row["measure"], "first_measure", language)
    return f"{first}；{said}" if language == "zh" else f"{first}; {said}"


def _pain(row: Mapping[str, Any], language: Language) -> str | None:
    if row["pain"] is None:
        return shown(row["need"], IN_BOTH, language) if row.get("need") else None
    kind, value = shown(row["pain"], "pain", language), row["pain_value"]
    return kind if value == "*" else f"{kind}：{value}" if language == "zh" else f"{kind}: {value}"


def _clipped(text: str | None) -> Any:
    return None if text is None else text if len(text) <= 500 else f"{text[:499]}…"


def main_owner(session: Session, segmentation: str, label: str) -> str | None:
    """Whom the customer files name for the largest number of a segment's customers; None where they name nobody."""
    if not session.inputs.has("customers"):
        return None
    sql = OWNER_SQL.format(
        owners=OWNERS.strip(), segments=session.inputs.segment(segmentation), unknown=UNKNOWN
    )
    rows = session.inputs.query(sql, label=label).to_pylist()
    return " ".join(str(rows[0]["owner"]).split())[:60] if rows else None


def _closed(card: Card, on: date, by: str | None) -> Card:
    return replace(
        card, change_no=card.change_no + 1, change="carried", state="carried", day=on, changed_at=now(),
        changed_by=words(by, "--by"), remark=None,
    )  # fmt: skip


def _carried(card: Card, id: str, on: date, due: date, by: str | None) -> Card:
    """The same action over the days to come: its customers are those of the segment now, its campaign is the same."""
    return replace(
        card, action_id=id, change_no=1, change="made", day=on, changed_at=now(), changed_by=words(by, "--by"),
        based_on=on, due_on=due, carried_from=card.action_id, times_carried=card.times_carried + 1, remark=None,
    )  # fmt: skip
