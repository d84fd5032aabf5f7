"""Orders counted to channels and campaigns by five rules, side by side; none of them says what caused an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from keguan.analyses.campaign.params import Params
from keguan.analysis import Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.removal_effect import removal_effects
from keguan.marts.attribution import (
    CONVERTED,
    DAY,
    LOST,
    RULE_NOTE,
    START,
    steps_sql,
    total_sql,
)
from keguan.marts.stored_sessions import SESSION_MINUTES
from keguan.result import Column, Table
from keguan.schema.terms.campaigns import ATTRIBUTION_RULE

RULES = ("first", "last", "linear", "position", "markov")
MOST, OTHERS = 40, "其他"
EPOCH = date(1900, 1, 1)
SUMS = ("times", "before_orders", *(f"{rule}_{what}" for rule in RULES[:4] for what in ("orders", "money")))
METHOD = "evidence.statistics.removal_effect"

_KIND = Column("kind", Text("类别", "Kind"), "label", role="key", vocabulary="touch_kind")
_TOUCHES = Column("touches", Text("触点数", "Touches"), "count")
CHANNEL_COLUMNS = (
    _KIND,
    Column("touch", Text("渠道", "Channel"), "label", role="key", vocabulary="unknown"),
    _TOUCHES,
    Column("before_orders", Text("其中在下单之前", "Of these, before an order"), "count"),
    *(
        Column(f"{rule}_share", ATTRIBUTION_RULE[rule], "share", note=RULE_NOTE if rule == "first" else None)
        for rule in RULES
    ),
    *(
        Column(
            f"{rule}_orders",
            Text(f"{ATTRIBUTION_RULE[rule].zh}（订单）", f"{ATTRIBUTION_RULE[rule].en} (orders)"),
            "number",
            1,
        )
        for rule in RULES
    ),
)
CAMPAIGN_COLUMNS = (
    Column("campaign", Text("活动编号", "Campaign id"), "text", role="key"),
    Column("name", Text("活动", "Campaign"), "text"),
    _TOUCHES,
    *(
        Column(f"{rule}_money", ATTRIBUTION_RULE[rule], "money", note=RULE_NOTE if rule == "first" else None)
        for rule in RULES
    ),
)


Key = tuple[str, str]  # kind and name of what is counted to


@dataclass(frozen=True)
class Attribution:
    """Orders counted to each channel, and to each campaign beside the channels of other touches: key -> touches
    ('times'), those before an order, and orders and money by each rule."""

    channels: Mapping[Key, Mapping[str, Any]]
    campaigns: Mapping[Key, Mapping[str, Any]]
    sql: str
    params: Mapping[str, Any]

    def money(self, campaign: str, rule: str) -> float | None:
        """What a campaign is counted by a rule; None where no touch names it."""
        row = self.campaigns.get(("campaign", campaign))
        return float(row[f"{rule}_money"]) if row else None


def attributed(inputs: Inputs, params: Params) -> Attribution | None:
    """None without any touch."""
    visits = inputs.has("events") and inputs.has_values("events", "traffic_source")
    if not inputs.has("contacts") and not visits:
        return None
    bound, sql = _bound(inputs.as_of, params), steps_sql(visits)
    rows = inputs.query(sql, **bound).to_pylist()
    if not rows:
        return None

    def campaign(kind: str, touch: str, campaign: str) -> Key:
        return ("campaign", campaign) if campaign else (kind, touch)

    return Attribution(
        _counted(rows, lambda kind, touch, _: (kind, touch)), _counted(rows, campaign), sql, bound
    )


def _bound(as_of: date, params: Params) -> dict[str, Any]:
    first = window_start(as_of, params.attribution_months)
    lookback = params.lookback_days
    return {
        "from_day": first, "sold_from": first - timedelta(days=lookback), "from_moment": _moment(first),
        "lookback": lookback * DAY, "open_from": _moment(as_of - timedelta(days=lookback - 1)),
        "session_minutes": SESSION_MINUTES,
    }  # fmt: skip


def _moment(day: date) -> int:
    return (day - EPOCH).days * DAY


def _counted(
    rows: Sequence[Mapping[str, Any]], to: Callable[[str, str, str], Key]
) -> dict[Key, dict[str, Any]]:
    """Sums by what is counted to, the most frequent apart and the rest of a kind together; with the removal effect."""
    times: dict[Key, int] = {}
    for row in rows:
        key = to(row["kind"], row["touch"], row["campaign"])
        times[key] = times.get(key, 0) + row["times"]
    kept = set(sorted(times, key=lambda key: (-times[key], key))[:MOST])

    def named(key: Key) -> Key:
        return key if key in kept else (key[0], OTHERS)

    out: dict[Key, dict[str, Any]] = {}
    steps: dict[tuple[str, str], int] = {}
    for row in rows:
        key = named(to(row["kind"], row["touch"], row["campaign"]))
        sums = out.setdefault(key, dict.fromkeys(SUMS, 0))
        for name in SUMS:
            sums[name] += row["converts"] * row["times"] if name == "before_orders" else row[name]
        before = START
        if row["kind_before"] is not None:
            before = " ".join(named(to(row["kind_before"], row["touch_before"], row["campaign_before"])))
        moves = [(before, " ".join(key))]
        if row["ends"]:
            moves.append((" ".join(key), CONVERTED if row["converts"] else LOST))
        for move in moves:
            steps[move] = steps.get(move, 0) + row["times"]
    _add_markov(out, [(a, b, n) for (a, b), n in sorted(steps.items())])
    return out


def _add_markov(out: Mapping[Key, dict[str, Any]], steps: Sequence[tuple[str, str, int]]) -> None:
    """What the removal effect counts to each."""
    found = removal_effects(steps, START, CONVERTED, LOST)
    orders, money = (float(sum(row[name] for row in out.values())) for name in ("last_orders", "last_money"))
    for key, row in out.items():
        part = found.parts.get(" ".join(key), 0.0) if found else 0.0
        row |= {"markov_orders": orders * part, "markov_money": money * part}


def channel_table(inputs: Inputs, params: Params, found: Attribution | None) -> tuple[Table, ...]:
    """Orders by channel of the touches before them, under all rules; nothing without a touch before an order."""
    total = float(sum(row["last_orders"] for row in found.channels.values())) if found else 0.0
    if found is None or total == 0:
        return ()
    enough = total >= inputs.settings.min_n
    rows = [
        {
            "kind": kind, "touch": touch, "touches": row["times"], "before_orders": row["before_orders"],
            **{f"{rule}_orders": float(row[f"{rule}_orders"]) for rule in RULES},
            **{f"{rule}_share": float(row[f"{rule}_orders"]) / total if enough else None for rule in RULES},
        }
        for (kind, touch), row in found.channels.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["last_orders"], row["kind"], row["touch"]))
    everything = inputs.query(total_sql(), from_day=found.params["from_day"]).to_pylist()[0]["orders"]
    note = Text(
        f"近 {params.attribution_months} 个月有客户的 {everything:,} 单中，{total:,.0f} 单在 {params.lookback_days} 天内有触点；"
        "五种规则并列，都是计数规则，不是因果",
        f"of {everything:,} orders of customers in the last {params.attribution_months} months {total:,.0f} had a touch within "
        f"{params.lookback_days} days before; five rules side by side, all of them ways of counting, none a cause",
    )
    table = inputs.computed(
        "attribution", Text("订单按渠道计（五种规则，非因果）", "Orders by channel (five rules, not causal)"), CHANNEL_COLUMNS,
        ("kind", "touch"), rows, method=METHOD, sql=found.sql, note=note, **found.params,
    )  # fmt: skip
    return (table,)


def campaign_table(inputs: Inputs, found: Attribution | None, names: Mapping[str, str]) -> tuple[Table, ...]:
    """Money of the orders counted to each campaign, under all rules."""
    rows = [
        {
            "campaign": touch, "name": names[touch], "touches": row["times"],
            **{f"{rule}_money": float(row[f"{rule}_money"]) for rule in RULES},
        }
        for (kind, touch), row in (found.campaigns if found else {}).items()
        if kind == "campaign" and touch in names
    ]  # fmt: skip
    if found is None or not rows:
        return ()
    rows.sort(key=lambda row: (-row["last_money"], row["campaign"]))
    table = inputs.computed(
        "campaign_attribution", Text("销售额按活动计（五种规则，非因果）", "Sales by campaign (five rules, not causal)"),
        CAMPAIGN_COLUMNS, ("campaign",), rows, method=METHOD, sql=found.sql,
        note=Text("订单的成交金额，退货未扣；其余触点（别的渠道、来访）分走其余部分",
                  "amounts of orders before returns; other touches (channels, visits) are counted the rest"), **found.params,
    )  # fmt: skip
    return (table,)
