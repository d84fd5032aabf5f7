"""Makes an audience: whom it may hold, who is held out by lot, and one commit that freezes both.

The rows go into `campaigns` and `campaign_members` as an import would put them, so that every analysis of campaigns
sees them; how they came about goes into `audiences`. Customers are drawn and written by the engine: Python sees counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from keguan.app.analyse import Session
from keguan.app.audience import base, faults, freezing
from keguan.app.audience.order import Holdout, Order, checked, holdout_of, made_id, mde_of, period, share_of
from keguan.app.audience.segment import Segment, found, strata
from keguan.app.audience.sizing import Base, Size, base_of, quotas, sized, usual_mde
from keguan.app.ingest.workshop import undone_on_failure
from keguan.core.text import Text
from keguan.marts.audiences import (
    ALWAYS,
    CHANNELS,
    EVERYWHERE,
    FOUND,
    PEOPLE,
    REASONS,
    SHARED,
    WITH_ADDRESSES,
    Rules,
    assigned_sql,
    base_sql,
    found_sql,
    judged_sql,
    running_sql,
    universal_sql,
)
from keguan.store.workspace import Store

MOST_STRATA = 1000
AFTER_DAYS = 30  # days after a campaign that its analysis counts


@dataclass(frozen=True)
class Audience:
    """An audience as it is kept. `fresh`: made just now; else it was there, and nothing changed."""

    row: Mapping[str, Any]
    fresh: bool
    notes: tuple[Text, ...] = ()


@dataclass
class Draw:
    """One draw on the tables of a session, step by step."""

    session: Session
    order: Order
    made_at: datetime
    notes: list[Text] = field(default_factory=list)
    universal: bool = False  # whether the universal control group was drawn for this audience

    @property
    def as_of(self) -> date:
        """The last day that the audience knows of."""
        return self.session.as_of

    def run(self) -> freezing.Frozen | Audience:
        """What is to be committed, or the audience that is there already."""
        campaign = freezing.known_campaign(self.session, self.order.campaign)
        number = str(campaign["campaign_id"]) if campaign else made_id(self.order, self.as_of)
        if kept := freezing.kept(self.session, number):
            if kept["settings"] != self.order.settings():
                raise faults.taken(
                    number, Text("它已有一份设置不同的名单", "it has an audience with other settings")
                )
            return Audience(kept, fresh=False)
        if campaign and freezing.has_members(self.session, number):
            raise faults.taken(number, Text("它已有导入的名单", "it has members that were imported"))
        first, last = self._period(campaign)
        segment = found(self.session.inputs, self.order.segment)
        counted = self._people(first, last)
        size, given = self._size(counted, segment, first, last)
        self.session.inputs.keep("audience_arms", assigned_sql("audience_people", sorted(given.items())))
        return freezing.Frozen(
            self._row(number, segment, counted, size, given, first, last),
            new_campaign=campaign is None, universal=self.universal, order=self.order, notes=tuple(self.notes),
        )  # fmt: skip

    def _period(self, campaign: Mapping[str, Any] | None) -> tuple[date, date]:
        if campaign is None:
            return period(self.order, self.as_of)
        first = self.order.starts_on or campaign["starts_on"]
        last = self.order.ends_on or campaign["ends_on"]
        return period(replace(self.order, starts_on=first, ends_on=last), self.as_of)

    def _people(self, first: date, last: date) -> dict[tuple[str, str | None], int]:
        """Customers by stratum and reason; makes `audience_people`."""
        self._universal()
        config, order, inputs = self.session.store.config, self.order, self.session.inputs
        days = order.cap_days or config.contact_cap_days
        channel = CHANNELS[order.channel]
        rules = Rules(
            channel, (*ALWAYS, *EVERYWHERE, *channel.purposes),
            "consents" if order.as_of else "all_consents", order.consent == "granted",
            order.cap or config.contact_cap, self.as_of - timedelta(days=days - 1), self.as_of,
            order.seed,
        )  # fmt: skip
        stratum, joins = strata(inputs, order.stratify)
        inputs.keep(FOUND, found_sql(channel))
        inputs.keep("audience_running", running_sql(None if order.overlap else (first, last)))
        if len(inputs.query("SELECT 1 AS one FROM audience_running LIMIT 1")):
            inputs.keep("audience_running", WITH_ADDRESSES)
        inputs.keep("audience_judged", judged_sql("audience_members", stratum, joins, rules))
        inputs.keep("audience_shared", SHARED)
        inputs.keep("audience_people", PEOPLE)
        rows = inputs.query(
            "SELECT stratum, reason, count(*) AS n FROM audience_people GROUP BY stratum, reason"
        ).to_pylist()
        counted = {(str(row["stratum"]), row["reason"]): int(row["n"]) for row in rows}
        excluded = excluded_of(counted)
        if not sum(n for (_, reason), n in counted.items() if reason is None):
            addresses = excluded.get("no_address", 0) + excluded.get("unusable_address", 0)
            if 2 * addresses >= sum(excluded.values()) > 0:  # other reasons alone would have left some
                raise faults.no_address(channel, excluded)
            raise faults.nobody_left(excluded)
        if len({stratum for stratum, _ in counted}) > MOST_STRATA:
            raise faults.too_many_strata(len({stratum for stratum, _ in counted}), MOST_STRATA)
        return counted

    def _universal(self) -> None:
        """`audience_universal`: the group as it is kept, or drawn now when it is asked for and there is none."""
        inputs, share = self.session.inputs, share_of(self.order.universal, "--universal")
        inputs.keep("audience_universal", "SELECT DISTINCT account_no FROM all_universal_control")
        n = int(inputs.query("SELECT count(*) AS n FROM audience_universal").to_pylist()[0]["n"])
        if share is None:
            return
        if n:
            self.notes.append(faults.universal_stays(n))
            return
        customers = int(
            inputs.query("SELECT count(DISTINCT account_no) AS n FROM customers").to_pylist()[0]["n"]
        )
        wanted = round(customers * share)
        inputs.keep("audience_universal", universal_sql(self.order.seed, wanted))
        self.universal = wanted > 0
        self.notes.append(faults.universal_drawn(wanted))

    def _size(
        self, counted: Mapping[tuple[str, str | None], int], segment: Segment, first: date, last: date
    ) -> tuple[Size, dict[str, int]]:
        """The holdout, and how many of each stratum it takes."""
        by_stratum = {
            stratum: n for (stratum, reason), n in sorted(counted.items(), key=str) if reason is None
        }
        n, holdout = sum(by_stratum.values()), holdout_of(self.order.holdout)
        before = self._base(segment, (last - first).days + 1 + AFTER_DAYS)
        mde = mde_of(self.order.mde, self.order.metric)
        mde = usual_mde(before) if mde is None else mde
        if holdout.kind == "auto" and (not before.customers or mde is None):
            raise faults.no_base(self.order.metric)
        size = sized(n, holdout, before, mde)
        if holdout.kind != "none" and not 0 < size.held_out < n:
            raise faults.too_few(n, size.held_out)
        self._say_power(size, holdout)
        return size, quotas(by_stratum, size.held_out)

    def _base(self, segment: Segment, days: int) -> Base:
        """What the customers who were in the segment an equally long window ago did since; today's customers of the
        segment where there were none then."""
        day = self.as_of - timedelta(days=days)
        row: Mapping[str, Any] = {"n": 0}
        if self.session.period and self.session.period[0] <= day:
            row = base.since(self.session, segment, day)
        if not row["n"]:
            row = self.session.inputs.query(base_sql("audience_members", day, self.as_of)).to_pylist()[0]
        return base_of(self.order.metric, row)

    def _say_power(self, size: Size, holdout: Holdout) -> None:
        if holdout.kind == "none":
            self.notes.append(faults.NO_CONTROL)
        elif size.power is not None and not size.enough:
            self.notes.append(faults.TOO_SMALL)

    def _row(
        self, number: str, segment: Segment, counted: Mapping[tuple[str, str | None], int], size: Size,
        given: Mapping[str, int], first: date, last: date,
    ) -> dict[str, Any]:  # fmt: skip
        order, channel = self.order, CHANNELS[self.order.channel]
        name = order.campaign or f"{segment.shown('zh')} {order.channel} {first}"
        eligible = {stratum: n for (stratum, reason), n in counted.items() if reason is None}
        told = {stratum: [eligible[stratum] - given[stratum], given[stratum]] for stratum in sorted(given)}
        return {
            "audience_id": number, "campaign_id": number, "name": name, "segment": str(segment),
            "as_of": self.as_of, "made_at": self.made_at, "channel": order.channel,
            "purposes": ", ".join((*ALWAYS, *EVERYWHERE, *channel.purposes)), "starts_on": first, "ends_on": last,
            "segment_size": sum(counted.values()), "treated": size.n - size.held_out, "held_out": size.held_out,
            "excluded": _json(excluded_of(counted)), "holdout": str(holdout_of(order.holdout)), "seed": order.seed,
            "stratified_by": ", ".join(order.stratify) or None, "strata": _json(told) if order.stratify else None,
            "primary_metric": order.metric, "base_value": size.base.value, "base_customers": size.base.customers,
            "smallest_effect": size.mde, "detectable": size.detectable, "power": size.power,
            "settings": order.settings(), "data_versions": _json(dict(self.session.versions)),
        }  # fmt: skip


def make(store: Store, order: Order, made_at: datetime | None = None) -> Audience:
    """Makes an audience and freezes it, or shows the one that the same order made before.

    UsageError for an option, a segment or a campaign that cannot be used, InputError where nobody can be contacted;
    the workspace is then as before.
    """
    checked(order)
    at = (made_at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    with store.writing(), undone_on_failure(store), Session(store, order.as_of) as session:
        drawn = Draw(session, order, at).run()
        if isinstance(drawn, Audience):
            return drawn
        freezing.commit(store, session, drawn, assigned_at(session.as_of, store.config.timezone))
        return Audience(drawn.row, fresh=True, notes=drawn.notes)


def assigned_at(day: date, zone: str) -> datetime:
    """The last second of the day in the workspace's zone, in UTC: up to it the audience knew everything."""
    local = datetime.combine(day, time(23, 59, 59))
    try:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    except ZoneInfoNotFoundError:  # a system without time zones
        return local


def excluded_of(counted: Mapping[tuple[str, str | None], int]) -> dict[str, int]:
    """Reason -> customers, in the order of the reasons."""
    sums = {name: sum(n for (_, reason), n in counted.items() if reason == name) for name in REASONS}
    return {name: n for name, n in sums.items() if n}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
