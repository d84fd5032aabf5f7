"""Cards are kept as a table of changes: written whole in one commit, under the lock of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from keguan.app.actions.cards import LONGEST, LONGEST_NAME, Card, needed, one_owner, words
from keguan.app.saved_models import ARROW
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text, same
from keguan.schema.planned import ACTIONS
from keguan.store.delta import NewFile
from keguan.store.workspace import Change, Store

LOCK_SECONDS = 60.0
MOST_CHANGES = 20_000
SCHEMA = pa.schema([(item.name, ARROW[item.type]) for item in ACTIONS.fields])
NAMES = tuple(item.name for item in fields(Card))
Changed = Callable[[Sequence[Card]], Iterable[Card]]


def history(store: Store) -> list[Card]:
    """Every change of every card, in the order in which they were made."""
    rows = [
        row for file in store.files(ACTIONS.name) for row in pq.read_table(file, schema=SCHEMA).to_pylist()
    ]
    cards = [Card(**{name: row[name] for name in NAMES}) for row in rows]
    return sorted(cards, key=lambda card: (card.changed_at, card.action_id, card.change_no))


def current(cards: Iterable[Card], as_of: date | None = None) -> list[Card]:
    """Each card as it stands, or stood on a day: its last change until then. The next due come first."""
    last: dict[str, Card] = {}
    for card in sorted(cards, key=lambda card: card.change_no):
        if as_of is None or card.day <= as_of:
            last[card.action_id] = card
    return sorted(last.values(), key=lambda card: (card.due_on, card.action_id))


def number_of(cards: Iterable[Card]) -> int:
    """The highest number given so far."""
    return max((int(card.action_id[1:]) for card in cards), default=0)


def named(number: int) -> str:
    """A0001 and so on."""
    return f"A{number:04d}"


def now() -> datetime:
    """The moment of a change, in UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def keep(store: Store, changed: Changed) -> list[Card]:
    """Adds the changes that `changed` makes of the history; gives them. WorkspaceError while an import is running."""
    with store.writing(LOCK_SECONDS):
        before = history(store)
        fresh = list(changed(before))
        if not fresh:
            return []
        if len(before) + len(fresh) > MOST_CHANGES:
            raise UsageError(
                Text("行动的改动太多", "There are too many changes of actions"),
                found=f"{len(before) + len(fresh):,}",
                allowed=Text(f"至多 {MOST_CHANGES:,} 条", f"at most {MOST_CHANGES:,}"),
            )
        old = tuple(Path(file).name for file in store.files(ACTIONS.name))
        path = store.new_file(ACTIONS.name)
        rows = [card.row() for card in (*before, *fresh)]
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), path, compression="zstd")
        store.commit([Change(ACTIONS.name, (NewFile(path, len(rows)),), old)])
    return fresh


def found(cards: Sequence[Card], id: str) -> Card:
    """The card of this id as it stands. UsageError lists those that are open."""
    wanted = id.strip().upper()
    for card in current(cards):
        if card.action_id == wanted:
            return card
    listed = ", ".join(card.action_id for card in current(cards) if card.state == "open")
    raise UsageError(
        Text("没有这项行动", "There is no such action"),
        Where(setting="ID"),
        found=id,
        allowed=same(listed or "-"),
        do=Text("运行 keguan actions list 查看编号", "run keguan actions list to see their ids"),
    )


def one_owner_a_segment(cards: Sequence[Card], card: Card) -> None:
    """UsageError where another open card of the same customers has another owner: no customer has two."""
    for other in current(cards):
        same_segment = (other.segmentation, other.segment) == (card.segmentation, card.segment)
        if other.action_id == card.action_id or other.state != "open" or not same_segment:
            continue
        if card.owner and other.owner and other.owner != card.owner:
            raise UsageError(
                Text("这些客户已有另一位责任人", "These customers have another owner"),
                Where(setting="--owner"),
                found=card.owner,
                allowed=same(f"{other.owner} ({other.action_id})"),
                do=Text("一群客户一位责任人：写同一位，或先用 keguan actions owner 改另一项",
                        "one owner for one segment: name the same, or change the other with keguan actions owner"),
            )  # fmt: skip


def _next(card: Card, change: str, on: date, by: str | None) -> Card:
    if on < card.day:
        raise UsageError(
            Text("日期早于这项行动上一次改动", "The day is before the last change of the action"),
            Where(setting="--on"),
            found=on.isoformat(),
            allowed=same(f">= {card.day.isoformat()}"),
            do=Text("写一个更晚的日期", "give a later day"),
        )
    return replace(
        card, change_no=card.change_no + 1, change=change, day=on, changed_at=now(),
        changed_by=words(by, "--by", LONGEST_NAME), remark=None,
    )  # fmt: skip


def _open(card: Card) -> Card:
    if card.state != "open":
        raise UsageError(
            Text("这项行动已了结", "The action is closed"),
            Where(setting="ID"),
            found=f"{card.action_id}: {card.state}",
            allowed=same("open"),
            do=Text("另建一项行动", "add another action"),
        )
    return card


def done(store: Store, id: str, on: date, by: str | None, remark: str | None = None) -> Card:
    """The action was done on this day."""

    def change(cards: Sequence[Card]) -> list[Card]:
        card = _next(_open(found(cards, id)), "done", on, by)
        return [replace(card, state="done", done_on=on, remark=words(remark, "--remark"))]

    return keep(store, change)[0]


def drop(store: Store, id: str, on: date, by: str | None, remark: str | None = None) -> Card:
    """The action will not be done; it stays in the history."""

    def change(cards: Sequence[Card]) -> list[Card]:
        card = _next(_open(found(cards, id)), "dropped", on, by)
        return [replace(card, state="dropped", remark=words(remark, "--remark"))]

    return keep(store, change)[0]


def owned(store: Store, id: str, owner: str, on: date | None, by: str | None) -> Card:
    """The action has another owner from this day on; default: from the day it counts."""

    def change(cards: Sequence[Card]) -> list[Card]:
        card = _open(found(cards, id))
        fresh = replace(
            _next(card, "owner", on or card.day, by), owner=one_owner(needed(owner, "OWNER"), "OWNER")
        )
        one_owner_a_segment(cards, fresh)
        return [fresh]

    return keep(store, change)[0]


def linked(store: Store, id: str, campaign: str, on: date | None, by: str | None) -> Card:
    """The action is carried out by this campaign: its control group tells the effect."""

    def change(cards: Sequence[Card]) -> list[Card]:
        card = found(cards, id)
        fresh = _next(card, "linked", on or card.day, by)
        return [replace(fresh, campaign_id=needed(campaign, "CAMPAIGN", LONGEST))]

    return keep(store, change)[0]
