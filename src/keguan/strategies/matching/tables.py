"""Tables: the framework, what is matched, on which facts, one strategy each, conflicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.marts.owners import OWNERS
from keguan.marts.strategy_matrix import CONDITIONS, NO_STRATEGY, Matrix, Rule
from keguan.result import Column, Table
from keguan.schema.vocabulary import IN_BOTH, UNKNOWN, both
from keguan.strategies.matching.assigned import candidates_sql
from keguan.strategies.matching.expected import Effect, holdout
from keguan.strategies.matching.pains import SEGMENT, SEGMENTATION
from keguan.strategies.matching.params import Params
from keguan.strategies.matching.segments import Segment, first_measure, price_of
from keguan.strategies.matching.worth import Worth

KEY = ("segment_method", "segment")
FRAMEWORK = (
    Column("customers", Text("客户类型", "Kind of customers"), "label", role="key", vocabulary=IN_BOTH),
    Column("need", Text("核心需求痛点", "Core need or pain"), "label", vocabulary=IN_BOTH),
    Column("direction", Text("营销策略方向", "Direction of the strategy"), "label", vocabulary=IN_BOTH),
    Column("focus", Text("资源倾斜重点", "Focus of resources"), "label", vocabulary=IN_BOTH),
)
STRATEGY = Column("strategy", Text("策略", "Strategy"), "label", vocabulary="strategy")
MATCHED = (
    SEGMENTATION, SEGMENT,
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("money", Text("涉及金额", "Money at stake"), "money",
           note=Text("窗口内净销售额；风险金额未证实可挽回", "net revenue of the window; not proven that it can be saved")),
    Column("pain", Text("痛点", "Pain found"), "label", vocabulary="pain"),
    Column("pain_value", Text("痛点内容", "What"), "label", vocabulary="pain_value"),
    STRATEGY,
    Column("direction", Text("营销策略方向", "Direction of the strategy"), "label", vocabulary=IN_BOTH),
    Column("resources", Text("资源倾斜重点", "Focus of resources"), "label", vocabulary=IN_BOTH),
    Column("measure", Text("首先", "First"), "label", vocabulary="first_measure"),
    Column("expected_low", Text("预期效果下限", "Expected, low"), "points", 1, role="low"),
    Column("expected_high", Text("预期效果上限", "Expected, high"), "points", 1, role="high"),
    Column("effect_source", Text("预期的来源", "Source of the expectation"), "label", vocabulary="effect_source"),
    Column("priority", Text("优先次序", "Priority"), "count",
           note=Text("按涉及金额", "by money at stake")),
)  # fmt: skip
FACTS = (
    SEGMENTATION, SEGMENT,
    Column("need", Text("矩阵所列需求痛点", "Need as the matrix has it"), "label", vocabulary=IN_BOTH),
    Column("chosen", Text("策略的来由", "How the strategy was chosen"), "label", vocabulary="strategy_chosen"),
    Column("pain_n", Text("痛点基数", "Base of the pain"), "count"),
    Column("pain_share", Text("痛点占比", "Share with the pain"), "share"),
    Column("pain_rest", Text("其余客户的占比", "Share of the others"), "share"),
    Column("pain_q", Text("校正后 p", "Corrected p"), "number", 4),
    Column("channel", Text("常用购买渠道", "Usual channel of purchase"), "label", vocabulary="unknown"),
    Column("channel_share", Text("该渠道占订单", "Share of orders there"), "share"),
    Column("orders", Text("订单数", "Orders placed"), "count"),
    Column("price_share", Text("价格敏感占比", "Share price sensitive"), "share"),
    Column("price_rest", Text("其余客户价格敏感占比", "Share price sensitive of the others"), "share"),
    Column("natural_n", Text("期初客户", "Customers at the start"), "count"),
    Column("natural_rate", Text("自然下单占比", "Share who order by themselves"), "share",
           note=Text("期初属于该分群、期内下过单的客户占比；已含当时做过的活动",
                     "of the segment's customers at the start of the days those who ordered; what was done then is in it")),
    Column("holdout", Text("应留出的对照人数", "Customers to hold out"), "count"),
    Column("finds", Text("能检出的差", "Difference it finds"), "points", 1),
    Column("basis", Text("依据", "Basis"), "text"),
    Column("clv_12", Text("未来 12 个月的预期价值", "Expected value in 12 months"), "money",
           note=Text("客户价值模型的预测，只给 RFM 八类", "forecast of the model of lifetime value, for the RFM classes only")),
    Column("clv_basis", Text("预期价值的口径", "What the expected value counts"), "label", vocabulary="clv_basis"),
    Column("clv_bias", Text("预测的回测总量偏差", "Bias of the forecast's back-test"), "share", 1),
)  # fmt: skip
OWN = (
    SEGMENTATION, SEGMENT,
    Column("place", Text("次序", "Order"), "count", role="key"),
    STRATEGY,
    Column("condition", Text("条件", "Condition"), "label", vocabulary=IN_BOTH),
    Column("common", Text("共性策略", "Common strategy"), "label", vocabulary=IN_BOTH),
    Column("manner", Text("个性策略", "The segment's own"), "label", vocabulary=IN_BOTH),
)  # fmt: skip
ASSIGNED = (
    replace(STRATEGY, role="key"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("share", Text("客户占比", "Share of customers"), "share"),
    Column("money", Text("涉及金额", "Money at stake"), "money"),
    Column("owners", Text("责任人数", "Owners"), "count"),
    Column("two_owners", Text("归属不一的客户", "Customers with two owners"), "count"),
    Column("no_owner", Text("没有责任人的客户", "Customers without an owner"), "count"),
)
CONFLICTS = (
    replace(STRATEGY, role="key", label=Text("采用的策略", "Strategy taken")),
    Column("other", Text("另一策略", "The other"), "label", role="key", vocabulary="strategy"),
    Column(
        "by", Text("另一策略来自", "The other is given by"), "label", role="key", vocabulary="segmentation"
    ),
    Column("customers", Text("客户数量", "Customers"), "count"),
)
COVERAGE = (
    Column("scope", Text("范围", "Scope"), "label", role="key", vocabulary="unknown"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("matched", Text("有策略", "With a strategy"), "count"),
    Column("conflicting", Text("分群给出不同策略", "Segments give different strategies"), "count"),
    Column("two_owners", Text("归属不一的客户", "Customers with two owners"), "count"),
)


def framework_table(inputs: Inputs, matrix: Matrix) -> Table:
    """The table of the four columns, as the matrix has it."""
    rows = [
        dict(zip(("customers", "need", "direction", "focus"), map(both, row), strict=True))
        for row in matrix.table()
    ]
    return inputs.computed(
        "framework", Text("策略制定框架", "Strategy framework"), FRAMEWORK, ("customers",), rows,
        method="marts.strategy_matrix",
        note=Text("来自策略矩阵：建议的出发点，不是证据", "from the strategy matrix: where advice begins, no evidence"),
    )  # fmt: skip


def own_table(inputs: Inputs, matrix: Matrix) -> Table:
    """Which segment has which strategy, common and its own."""
    rows, places = [], dict[tuple[str, str], int]()
    for rule in matrix.rules:
        at = (rule.segmentation, rule.label)
        places[at] = places.get(at, 0) + 1
        rows.append({
            "segment_method": rule.segmentation, "segment": rule.label, "place": places[at], "strategy": rule.id,
            "condition": both(CONDITIONS[rule.when]) if rule.when else None,
            "common": both(rule.row.direction) if rule.row else None,
            "manner": both(rule.manner) if rule.manner else None,
        })  # fmt: skip
    return inputs.computed(
        "rules", Text("各分群的共性与个性策略", "Common and own strategies of segments"), OWN, (*KEY, "place"), rows,
        method="marts.strategy_matrix",
    )  # fmt: skip


@dataclass(frozen=True)
class Matched:
    """One segment with all that was found of it."""

    segment: Segment
    rule: Rule | None
    chosen: str
    pain: Mapping[str, Any] | None
    pains: Sequence[Mapping[str, Any]]
    natural: tuple[int, int] | None
    effect: Effect
    priority: int
    worth: Worth | None = None


def matched_row(item: Matched) -> dict[str, Any]:
    """The row of `matched`."""
    rule, pain = item.rule, item.pain
    focus = rule.row.focus if rule and rule.row else None
    return {
        "segment_method": item.segment.segmentation, "segment": item.segment.label, "customers": item.segment.customers,
        "money": item.segment.money, "pain": pain["pain"] if pain else None,
        "pain_value": pain["value"] if pain else None, "strategy": rule.id if rule else NO_STRATEGY,
        "direction": both(rule.direction) if rule else None, "resources": both(focus) if focus else None,
        "measure": first_measure(pain), "expected_low": item.effect.low, "expected_high": item.effect.high,
        "effect_source": item.effect.source, "priority": item.priority,
    }  # fmt: skip


def fact_row(item: Matched, params: Params, min_n: int) -> dict[str, Any]:
    """The row of `facts`."""
    channel, price = item.segment.channel(min_n), price_of(item.pains)
    pain = item.pain or {}
    n, ordered = item.natural or (0, 0)
    rate = ordered / n if n >= min_n else None
    held = holdout(item.segment.customers, rate, params.detect_points / 100)
    worth = item.worth
    return {
        "segment_method": item.segment.segmentation, "segment": item.segment.label,
        "need": both(item.rule.row.need) if item.rule and item.rule.row else None, "chosen": item.chosen,
        "pain_n": pain.get("n"), "pain_share": pain.get("share"), "pain_rest": pain.get("rest"), "pain_q": pain.get("q"),
        "channel": channel[0] if channel else None, "channel_share": channel[1] if channel else None,
        "orders": channel[2] if channel else None, "price_share": price.get("share") if price else None,
        "price_rest": price.get("rest") if price else None, "natural_n": n or None, "natural_rate": rate,
        "holdout": held.size if held and item.effect.source != "experiment" else None,
        "finds": held.finds if held and item.effect.source != "experiment" else None, "basis": item.effect.basis,
        "clv_12": worth.money if worth else None, "clv_basis": worth.basis if worth else None,
        "clv_bias": worth.bias if worth else None,
    }  # fmt: skip


def matched_tables(
    inputs: Inputs, items: Sequence[Matched], params: Params, sql: str, bound: Mapping[str, Any]
) -> tuple[Table, Table]:
    """What is matched, and on which facts."""
    min_n = inputs.settings.min_n
    matched = inputs.computed(
        "matched", Text("各分群的策略", "The strategy of each segment"), MATCHED, KEY,
        [matched_row(item) for item in items], method="matching.tables", sql=sql, from_day=bound["since"],
        note=Text(
            f"金额为近 {params.window_months} 个月；预期效果为下单客户占比之差（百分点）；查询为第一个分群方法的",
            f"money of the last {params.window_months} months; the expected effect is a difference of the share who order "
            "(points); the query is that of the first segmentation",
        ),
    )  # fmt: skip
    facts = inputs.computed(
        "facts", Text("策略所依据的事实", "Facts behind the strategies"), FACTS, KEY,
        [fact_row(item, params, min_n) for item in items], method="matching.tables", sql=sql, from_day=bound["since"],
        note=Text(
            f"自然下单占比看最近 {params.natural_days} 天；对照人数按检出 {params.detect_points:g} 个百分点、把握 80% 计算，"
            "至多一半",
            f"the share who order by themselves is that of the last {params.natural_days} days; the holdout finds "
            f"{params.detect_points:g} points with a power of 80%, and is half at most",
        ),
    )  # fmt: skip
    return matched, replace(facts, appendix=True)


def assigned_sql(candidates: str) -> str:
    """Customers, money and owners of each strategy. Parameter $from_day."""
    return f"""
WITH {candidates}, {OWNERS.strip()}, whose AS (
  SELECT a.label, coalesce(o.owner, '{UNKNOWN}') AS owner, w.window_net
  FROM assigned a LEFT JOIN owners o ON o.account_no = a.account_no
  LEFT JOIN window_facts w ON w.account_no = a.account_no
)
SELECT label AS strategy, count(*) AS customers,
       CAST(count(*) AS DOUBLE) / nullif(CAST(sum(count(*)) OVER () AS DOUBLE), 0) AS share,
       CAST(coalesce(sum(window_net), 0) AS DECIMAL(18, 4)) AS money,
       count(DISTINCT CASE WHEN owner NOT IN ('{UNKNOWN}', '归属不一') THEN owner END) AS owners,
       CAST(sum(CASE WHEN owner = '归属不一' THEN 1 ELSE 0 END) AS BIGINT) AS two_owners,
       CAST(sum(CASE WHEN owner = '{UNKNOWN}' THEN 1 ELSE 0 END) AS BIGINT) AS no_owner
FROM whose GROUP BY label
ORDER BY money DESC, strategy
"""


def conflicts_sql(candidates: str, matrix: Matrix) -> str:
    """Customers whom another segmentation would give another strategy than the one they have."""
    parts = "\n  UNION ALL\n".join(
        f"  SELECT account_no, label, by_{place} AS other, '{name}' AS given_by FROM assigned WHERE by_{place} <> label"
        for place, name in enumerate(matrix.priority, 1)
    )
    return f"""
WITH {candidates}, pairs AS (
{parts}
)
SELECT label AS strategy, other, given_by AS "by", count(*) AS customers
FROM pairs GROUP BY label, other, given_by
ORDER BY customers DESC, strategy, other, given_by
"""


def coverage_sql(candidates: str, matrix: Matrix) -> str:
    """All known customers: with a strategy, with segments that disagree, with two owners."""
    differs = " OR ".join(f"by_{place} <> label" for place in range(1, len(matrix.priority) + 1)) or "FALSE"
    return f"""
WITH {candidates}, {OWNERS.strip()}
SELECT '全部' AS scope, count(*) AS customers,
       CAST(sum(CASE WHEN label <> '{NO_STRATEGY}' THEN 1 ELSE 0 END) AS BIGINT) AS matched,
       CAST(sum(CASE WHEN {differs} THEN 1 ELSE 0 END) AS BIGINT) AS conflicting,
       CAST(sum(CASE WHEN o.owner = '归属不一' THEN 1 ELSE 0 END) AS BIGINT) AS two_owners
FROM assigned a LEFT JOIN owners o ON o.account_no = a.account_no
HAVING count(*) > 0
"""


def relation_tables(inputs: Inputs, matrix: Matrix, since: Any) -> tuple[Table, ...]:
    """Tables of who has which strategy."""
    candidates = candidates_sql(inputs, matrix)
    made = [
        inputs.table(
            "assigned", Text("每个策略的客户", "Customers of each strategy"), ASSIGNED, ("strategy",),
            assigned_sql(candidates), from_day=since,
        ),
        inputs.table(
            "coverage", Text("策略的覆盖", "Coverage of strategies"), COVERAGE, ("scope",), coverage_sql(candidates, matrix)
        ),
    ]  # fmt: skip
    if matrix.priority:
        made.append(inputs.table(
            "conflicts", Text("不同分群给出的不同策略", "Segments that give different strategies"), CONFLICTS,
            ("strategy", "other", "by"), conflicts_sql(candidates, matrix),
            note=Text(f"一位客户只取一个策略，次序为 {' > '.join(matrix.priority)}",
                      f"one customer has one strategy, in the order {' > '.join(matrix.priority)}"),
        ))  # fmt: skip
    return tuple(replace(table, appendix=table.id != "assigned") for table in made)
