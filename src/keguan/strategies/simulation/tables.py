"""Tables: the three best, what would settle the open ones, offers, and in the appendix all scenarios, groups and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import LANGUAGES, Text
from keguan.marts.contactable import ANY
from keguan.result import Column, Table
from keguan.schema.vocabulary import IN_BOTH, both, shown
from keguan.strategies.simulation.params import Params
from keguan.strategies.simulation.responses import Belief, Group, Offer
from keguan.strategies.simulation.scenarios import SOURCES, Natural, Range, Scenario, Today
from keguan.strategies.simulation.settling import Rules, Test, settled_by

METHOD = "evidence.statistics.two_level_pooling"
SEGMENTATION = Column(
    "segment_method", Text("分群方法", "Segmentation"), "label", role="key", vocabulary="segmentation"
)
SEGMENT = Column("segment", Text("分群", "Segment"), "label", role="key", vocabulary="segment_label")
WINDOW = Column("window", Text("时机", "Window"), "label", role="key", vocabulary="simulation_window")
OFFER = Column("offer", Text("方案", "Offer"), "label", role="key", vocabulary="strategy")
CHANNEL = Column("channel", Text("渠道", "Channel"), "label", role="key", vocabulary="unknown")
PLACE = (SEGMENTATION, SEGMENT, WINDOW, OFFER, CHANNEL)
KEY = tuple(column.name for column in PLACE)
REACHABLE = Column("reachable", Text("可接触的客户", "Customers who may be contacted"), "count",
                   note=Text("除去拒绝联系的；地址与频次由 keguan audience 再查",
                             "without those who refuse; addresses and caps are looked at by keguan audience"))  # fmt: skip
SOURCE = Column("source", Text("效果的来源", "Source of the effect"), "label", vocabulary="simulation_source")
SIZES = (
    Column("treated", Text("做过的人数", "Treated"), "count"),
    Column("control", Text("对照人数", "Control"), "count"),
)
BUYERS = (
    Column("buyers_low", Text("多下单客户下限", "Extra buyers from"), "number", 1, role="low"),
    Column("buyers", Text("多下单的客户", "Extra buyers"), "number", 1),
    Column("buyers_high", Text("多下单客户上限", "Extra buyers to"), "number", 1, role="high"),
)
MONEY = (
    Column("money_low", Text("多带来金额下限", "Extra money from"), "money", role="low"),
    Column("money", Text("多带来的金额", "Extra money"), "money"),
    Column("money_high", Text("多带来金额上限", "Extra money to"), "money", role="high"),
)
COST = Column("cost", Text("费用", "Cost"), "money")
NET = (
    Column("net_low", Text("净得下限", "Net from"), "money", role="low"),
    Column("net", Text("净得", "Net"), "money"),
    Column("net_high", Text("净得上限", "Net to"), "money", role="high"),
)
CHANCE = Column("chance", Text("收回费用的概率", "Chance to cover the cost"), "share")
VERDICT = Column("verdict", Text("结论", "Verdict"), "label", vocabulary="simulation_verdict")
HEAD_COST = Column("head_cost", Text("每位费用", "Cost per customer"), "money", 2)
SCENARIOS = (
    *PLACE, Column("customers", Text("客户数量", "Customers"), "count"), REACHABLE, SOURCE, *SIZES, *BUYERS, *MONEY, COST, *NET,
    CHANCE, VERDICT,
)  # fmt: skip
BEST = (
    Column("rank", Text("名次", "Rank"), "count", role="key"),
    Column("scenario", Text("情景", "Scenario"), "label", vocabulary=IN_BOTH),
    *(replace(column, role="measure") for column in PLACE[1:]), REACHABLE, SOURCE, *SIZES,
    Column("own_effect", Text("该组自己的每位增量", "Increment per head of the group itself"), "money", 2,
           note=Text("收缩之前；同类中最大的常是运气最好的", "before pooling; the largest of its like is the luckiest")),
    Column("effect", Text("收缩后的每位增量", "Increment per head after pooling"), "money", 2),
    HEAD_COST, BUYERS[1], MONEY[1], COST, *NET, CHANCE, VERDICT,
)  # fmt: skip
SETTLE = (
    *PLACE, REACHABLE, SOURCE,
    Column("goal", Text("测试要检出什么", "What the test finds"), "label", vocabulary="simulation_goal"),
    Column("per_arm", Text("每组人数", "Customers an arm"), "count",
           note=Text("两组一样多，5% 水平，把握 80%", "two arms of one size, 5% level, power 80%")),
    Column("finds_money", Text("能检出的每位增量", "Increment per head it finds"), "money", 2),
    Column("finds_points", Text("折合下单占比之差", "As a difference of the share who order"), "points", 2),
    Column("rounds", Text("需要几轮", "Rounds"), "count",
           note=Text("每轮用上现有可接触的全部客户", "each with all customers of today who may be contacted")),
    Column("weeks", Text("需要几周", "Weeks"), "number", 1),
    Column("worth", Text("事先知道答案值多少", "Worth of knowing"), "money",
           note=Text("先知道真实效果再决定，比现在决定平均多得的金额", "what is won on average by knowing the true effect before "
                     "deciding")),
)  # fmt: skip
OFFERS = (
    OFFER, CHANNEL,
    Column("runs", Text("活动数", "Campaigns"), "count"),
    Column("tested", Text("有可用对照的", "With a usable control"), "count"),
    *SIZES,
    Column("points_low", Text("下单占比之差下限", "Difference of the share who ordered from"), "points", 1, role="low"),
    Column("points", Text("下单占比之差", "Difference of the share who ordered"), "points", 1,
           note=Text("各组客户的平均，收缩后", "the mean over groups of customers, after pooling")),
    Column("points_high", Text("下单占比之差上限", "Difference of the share who ordered to"), "points", 1, role="high"),
    HEAD_COST,
    Column("net_low", Text("每位净得下限", "Net per customer from"), "money", 2, role="low"),
    Column("net", Text("每位净得", "Net per customer"), "money", 2),
    Column("net_high", Text("每位净得上限", "Net per customer to"), "money", 2, role="high"),
    CHANCE,
)  # fmt: skip
GROUPS = (
    SEGMENTATION, SEGMENT, WINDOW,
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("reachable", Text("可接触的客户（不论渠道）", "May be contacted, over any channel"), "count"),
    Column("natural_n", Text("期初客户", "Customers at the start"), "count"),
    Column("natural_rate", Text("自然下单占比", "Share who order by themselves"), "share"),
    Column("per_buyer", Text("每位下单客户的金额", "Money of one who ordered"), "money", 2),
    Column("deviation", Text("每位客户金额的标准差", "Standard deviation of money per customer"), "money", 2),
)  # fmt: skip
COUNTED = (
    replace(SOURCE, role="key"),
    Column("scenarios", Text("情景数", "Scenarios"), "count"),
    Column("pays", Text("收回费用", "Pays"), "count"),
    Column("loses", Text("收不回费用", "Does not pay"), "count"),
    Column("open", Text("未定", "Not settled"), "count"),
    Column("hopeful", Text("预期净得为正", "Expected net above zero"), "count"),
)


@dataclass(frozen=True)
class Simulated:
    """All that tables and sentences are made of. `sql`: of members of campaigns, of customers now, of what they did before."""

    scenarios: Sequence[Scenario]
    best: Sequence[Scenario]
    offers: Sequence[Offer]
    groups: Mapping[Group, Today]
    pooled: Natural
    base: str
    sql: Mapping[str, str]


def tables_of(inputs: Inputs, found: Simulated, params: Params) -> tuple[Table, ...]:
    """Tables best, settle, offers; appendix: scenarios, groups, sources."""
    method, min_n = params.segmentation, inputs.settings.min_n
    on = Text("毛利", "gross margin") if found.base == "margin" else Text("净销售额", "net revenue")
    said = Text(
        f"金额为{on.zh}，对照之外多出的部分；区间 95%",
        f"money is {on.en}, beyond that of the control; intervals are 95%",
    )

    def computed(id: str, title: Text, columns: Sequence[Column], key: Sequence[str], rows: Sequence[Mapping[str, Any]],
                 sql: str, note: Text | None = None, appendix: bool = False) -> Table:  # fmt: skip
        table = inputs.computed(
            id,
            title,
            columns,
            key,
            rows,
            method=METHOD,
            sql=found.sql.get(sql) or found.sql["now"],
            note=note,
        )
        return replace(table, appendix=appendix)

    ranked = sorted(found.scenarios, key=_sorted)
    return (
        computed("best", Text("最好的三个情景", "The three best scenarios"), BEST, ("rank",),
                 [best_row(place, item) for place, item in enumerate(found.best, 1)], "members", said),
        computed("settle", Text("什么数据能定下来", "What data would settle it"), SETTLE, KEY,
                 settle_rows(found, params, min_n, method), "past"),
        computed("offers", Text("各方案每位客户的结果", "Offers, per customer"), OFFERS, ("offer", "channel"),
                 sorted(map(offer_row, found.offers), key=_offer_order), "members", said),
        computed("scenarios", Text("全部情景", "All scenarios"), SCENARIOS, KEY,
                 [scenario_row(item, method) for item in ranked], "members", said, True),
        computed("groups", Text("现在的各组客户", "Groups of customers now"), GROUPS, KEY[:3],
                 [_group_row(group, today, method, min_n) for group, today in sorted(found.groups.items())], "now",
                 Text(f"自然下单看最近 {params.natural_days} 天；含当时做过的活动",
                      f"orders by themselves are those of the last {params.natural_days} days; what was done then is in them"),
                 True),
        computed("sources", Text("情景的来源与结论", "Scenarios by source and verdict"), COUNTED, ("source",),
                 source_rows(found.scenarios), "members", None, True),
    )  # fmt: skip


def _sorted(item: Scenario) -> tuple[int, float, Group, tuple[str, str]]:
    net = item.net.mid if item.net else 0.0
    return SOURCES.index(item.source), -net, item.group, item.offer.key


def _ends(name: str, found: Range | None) -> dict[str, float | None]:
    return {
        f"{name}_low": found.low if found else None,
        name: found.mid if found else None,
        f"{name}_high": found.high if found else None,
    }


def key_of(item: Scenario, method: str) -> dict[str, str]:
    """The key of the scenario's row."""
    return dict(zip(KEY, (method, *item.group, *item.offer.key), strict=True))


def _sizes(item: Scenario) -> dict[str, int | None]:
    """Of the group itself, else of the offer."""
    if item.own is not None:
        return {"treated": item.own.treated, "control": item.own.control}
    told = item.source == "borrowed"
    return {
        "treated": item.offer.treated if told else None,
        "control": item.offer.control if told else None,
    }


def scenario_row(item: Scenario, method: str) -> dict[str, Any]:
    """The row of `scenarios`."""
    return {
        **key_of(item, method), "customers": item.today.customers, "reachable": item.reachable, "source": item.source,
        **_sizes(item), **_ends("buyers", item.buyers), **_ends("money", item.money), "cost": item.cost,
        **_ends("net", item.net), "chance": item.chance, "verdict": item.verdict,
    }  # fmt: skip


def best_row(rank: int, item: Scenario) -> dict[str, Any]:
    """The row of `best`."""
    assert item.money is not None  # the best have a net result
    assert item.cost is not None
    own = item.own.money if item.own else None
    return {
        "rank": rank, "scenario": both(_named(rank, item)), "segment": item.group[0], "window": item.group[1],
        "offer": item.offer.name, "channel": item.offer.channel, "reachable": item.reachable, "source": item.source,
        **_sizes(item), "own_effect": own.value if own else None, "effect": item.money.mid / item.reachable,
        "head_cost": item.cost / item.reachable, "buyers": item.buyers.mid if item.buyers else None,
        "money": item.money.mid, "cost": item.cost, **_ends("net", item.net), "chance": item.chance,
        "verdict": item.verdict,
    }  # fmt: skip


def _named(rank: int, item: Scenario) -> Text:
    words = (
        (item.group[0], "segment_label"),
        (item.group[1], "simulation_window"),
        (item.offer.name, "strategy"),
    )
    zh, en = (" · ".join(shown(value, name, language) for value, name in words) for language in LANGUAGES)
    return Text(f"{rank} {zh}", f"{rank} {en}")


def settle_rows(found: Simulated, params: Params, min_n: int, method: str) -> list[dict[str, Any]]:
    """The rows of `settle`, in their order of worth."""
    rules = Rules(params.detect_points / 100, params.natural_days, min_n)
    return [
        _settle_row(item, test, params.natural_days, method)
        for item, test in settled_by(found.scenarios, found.pooled, rules)
    ]


def _settle_row(item: Scenario, test: Test, days: int, method: str) -> dict[str, Any]:
    return {
        **key_of(item, method), "reachable": item.reachable, "source": item.source, "goal": test.goal, "per_arm": test.per_arm,
        "finds_money": test.finds_money, "finds_points": test.finds_points, "rounds": test.rounds,
        "weeks": test.rounds * days / 7, "worth": item.worth,
    }  # fmt: skip


def offer_row(offer: Offer) -> dict[str, Any]:
    """The row of `offers`."""
    told: Belief | None = offer.average
    points = told.buyers.interval() if told else None
    row = {
        "offer": offer.name, "channel": offer.channel, "runs": len(offer.campaigns), "tested": len(offer.tested),
        "treated": offer.treated, "control": offer.control,
        "points_low": points.low if points else None, "points": told.buyers.mean if told else None,
        "points_high": points.high if points else None, "head_cost": offer.head_cost,
        "net_low": None, "net": None, "net_high": None, "chance": None,
    }  # fmt: skip
    if told is None or told.money is None or offer.head_cost is None:
        return row
    ends = told.money.interval()
    net = Range(ends.low, told.money.mean, ends.high).times(1.0, offer.head_cost)
    return {**row, **_ends("net", net), "chance": told.money.above(offer.head_cost)}


def _offer_order(row: Mapping[str, Any]) -> tuple[bool, float, str, str]:
    return row["net"] is None, -(row["net"] or 0.0), row["offer"], row["channel"]


def _group_row(group: Group, today: Today, method: str, min_n: int) -> dict[str, Any]:
    natural = today.natural
    enough = natural.n >= min_n
    return {
        "segment_method": method, "segment": group[0], "window": group[1], "customers": today.customers,
        "reachable": today.reach[ANY], "natural_n": natural.n or None, "natural_rate": natural.rate if enough else None,
        "per_buyer": natural.per_buyer if natural.ordered >= min_n else None,
        "deviation": natural.deviation if enough else None,
    }  # fmt: skip


def source_rows(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """The rows of `sources`."""
    rows = []
    for source in SOURCES:
        own = [item for item in scenarios if item.source == source]
        if own:
            verdicts = Counter(item.verdict for item in own)
            hopeful = sum(item.hopeful for item in own)
            rows.append({"source": source, "scenarios": len(own), "pays": verdicts["pays"], "loses": verdicts["loses"],
                         "open": verdicts["open"], "hopeful": hopeful})  # fmt: skip
    return rows


def past_day(as_of: date, days: int) -> date:
    """The day so many days before, or the first day there is."""
    return date.fromordinal(max(as_of.toordinal() - days, 1))
