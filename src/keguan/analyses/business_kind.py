"""Which kind of business is this, and what should its report lead with?

Method: four measures of the order history against stated limits. Few accounts: fewer than 300 customers.
Automatic renewal: at least 60 % of the gaps between purchase days lie within 3 days of 7, 28, 30, 31, 90 or
365. Mostly one-time buyers: over 40 % of customers with one purchase. Fast goods: median gap under 14 days.
The first that holds, in this order, is the kind; else it is repeat purchase. Renewal stands before the other
two because rules about gaps and recency say nothing about customers who do not decide each time.

Source: practice of customer analysis; contractual and non-contractual settings after Fader and Hardie (2009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.result import Cell, Claim, Column, Note, Result, Table

KINDS = ("few_accounts", "automatic_renewal", "one_time_buyers", "fast_goods", "repeat_purchase")
RENEWAL_CYCLES = (7, 28, 30, 31, 90, 365)
CYCLE_WIDTH = 3


@dataclass(frozen=True)
class Params:
    """Limits of the rules, or the kind itself where the company knows better."""

    kind: str = param(
        "auto", "经营类型，auto 为按数据判断", "kind of business; auto: found from the data", ("auto", *KINDS)
    )
    few_accounts: int = param(300, "少于多少位客户为大客户型", "few accounts: fewer customers than this")
    one_time_share: float = param(
        0.4,
        "一次购买客户占比超过多少为一次购买为主",
        "mostly one-time: share of one-purchase customers above this",
    )
    fast_gap_days: int = param(
        14, "购买间隔中位数小于多少天为快消型", "fast goods: median gap in days below this"
    )
    renewal_share: float = param(
        0.6,
        "落在固定周期附近的间隔占比达到多少为疑似自动续费",
        "automatic renewal: share of gaps near a cycle at least",
    )


BASE = Text("有购买的客户", "customers with a purchase")
GAP_BASE = Text("同一客户相邻两个购买日的间隔", "gaps between purchase days of one customer")

TEXT: Mapping[str, Text] = {
    "few_accounts": Text(
        "有购买的客户共 {value} 位，少于 {threshold} 位，属「少数大客户型」：先逐户看客户（n={n}，{base}）。",
        "There are {value} customers with a purchase, fewer than {threshold}: the report leads with the view "
        "of single accounts (n={n}, {base}).",
    ),
    "automatic_renewal": Text(
        "{value} 的购买间隔落在 7、28、30、31、90 或 365 天前后 3 天内，达到 {threshold} 的标准，"
        "疑似自动续费；依据间隔与近度的规则不适用（n={n}，{base}）。",
        "{value} of gaps lie within 3 days of 7, 28, 30, 31, 90 or 365 days, at or over the limit of "
        "{threshold}: suspected automatic renewal, so that rules on gaps and recency do not apply "
        "(n={n}, {base}).",
    ),
    "one_time_buyers": Text(
        "{value} 的客户只购买过一次，超过 {threshold} 的界限，属「一次购买为主」：先看首购到复购和生命周期"
        "（n={n}，{base}）。",
        "{value} of customers bought once, over the limit of {threshold}: the report leads with the second "
        "purchase and the lifecycle (n={n}, {base}).",
    ),
    "fast_goods": Text(
        "两次购买之间的间隔，中位数为 {value} 天，短于 {threshold} 天，按「快消型」分析（n={n}，{base}）。",
        "The median gap between purchases is {value} days, under {threshold}: analysed as fast goods "
        "(n={n}, {base}).",
    ),
    "repeat_purchase": Text(
        "客户 {customers} 位，只购买过一次的占 {once}，两次购买之间的间隔中位数为 {gap} 天，"
        "按「重复购买型」分析（n={n}，{base}）。",
        "{customers} customers, {once} with one purchase, median gap between purchases {gap} days: analysed as a "
        "repeat purchase business (n={n}, {base}).",
    ),
}

CUSTOMERS_SQL = """
SELECT count(*) AS customers,
       sum(CASE WHEN purchases = 1 THEN 1 ELSE 0 END) AS once
FROM customer_facts
WHERE purchases > 0
"""

# Days on which a customer has an order that was not fully returned; distinct gaps, counted. Of very many
# customers every so many is looked at: account numbers say nothing of how somebody buys.
ENOUGH = 200_000
GAPS_SQL = """
WITH purchase_days AS (
  SELECT account_no, order_day
  FROM purchases
  WHERE account_no % $every = 0
  GROUP BY account_no, order_day
  HAVING sum(orders) - sum(cancelled) > 0
), steps AS (
  SELECT order_day,
         lag(order_day) OVER (PARTITION BY account_no ORDER BY order_day) AS before
  FROM purchase_days
)
SELECT CAST(date_diff('day', before, order_day) AS BIGINT) AS gap, count(*) AS gaps
FROM steps
WHERE before IS NOT NULL
GROUP BY date_diff('day', before, order_day)
ORDER BY gap
"""

KIND_COLUMNS = (
    Column("kind", Text("经营类型", "Kind of business"), "label", role="key", vocabulary="business_kind"),
    Column("value", Text("数值", "Value"), "number", unit_column="unit"),
    Column("threshold", Text("界限", "Limit"), "number", unit_column="unit"),
    Column("unit", Text("单位", "Unit"), "text"),
    Column("n", Text("样本数", "n"), "count", note=Text("客户数，或间隔数", "customers, or gaps")),
    Column("met", Text("达到", "Met"), "text"),
    Column("decided", Text("采用", "Chosen"), "text"),
    Column(
        "reason",
        Text("理由", "Reason"),
        "label",
        vocabulary="business_kind_reason",
        note=Text(
            "依次判断，采用第一个达到的类型；人工指定时以指定为准",
            "judged in this order, the first that is met is chosen; a kind set by hand stands",
        ),
    ),
)
DECISION_COLUMNS = (
    Column("kind", Text("经营类型", "Kind of business"), "label", role="key", vocabulary="business_kind"),
    Column("automatic_renewal", Text("疑似自动续费", "Suspected automatic renewal"), "text"),
    Column("how", Text("来源", "How"), "label", vocabulary="business_kind_reason"),
)


@dataclass(frozen=True)
class Measure:
    """One rule: what was measured, of how many, against which limit."""

    kind: str
    value: float | int | None
    threshold: float | int | None
    unit: str
    n: int
    met: bool


def run(inputs: Inputs, params: Params) -> Result:
    """Tables `kind` (each rule) and `decision` (always one row: what other plug-ins and the report read)."""
    counted = inputs.query(CUSTOMERS_SQL).to_pylist()[0]
    every = max(1, int(counted["customers"]) // ENOUGH)
    found = inputs.query(GAPS_SQL, every=every).to_pylist()
    gaps = [(int(row["gap"]), int(row["gaps"])) for row in found]
    measures = measure(
        int(counted["customers"]), int(counted["once"] or 0), gaps, params, inputs.settings.min_n
    )
    chosen = params.kind if params.kind != "auto" else next(m.kind for m in measures if m.met)
    kind = _kind_table(inputs, measures, chosen, params, every)
    renewal = chosen == "automatic_renewal" or (
        params.kind == "auto" and any(m.met for m in measures if m.kind == "automatic_renewal")
    )
    decision = inputs.computed(
        "decision",
        Text("采用的经营类型", "Kind of business chosen"),
        DECISION_COLUMNS,
        ("kind",),
        [{"kind": chosen, "automatic_renewal": renewal, "how": "found" if params.kind == "auto" else "set"}],
        method="business_kind.measure",
        inputs=("kind",),
    )
    return Result(
        "business_kind",
        tables=(replace(kind, appendix=True), replace(decision, appendix=True)),
        claims=_claims(measures, chosen, int(counted["customers"]), inputs.settings.min_n, params),
        notes=_notes(int(counted["customers"]), inputs.settings.min_n, params),
    )


def measure(
    customers: int, once: int, gaps: Sequence[tuple[int, int]], params: Params, min_n: int
) -> tuple[Measure, ...]:
    """The rules in the order in which they are judged. Rates of fewer than `min_n` are not judged."""
    closed = sum(count for _, count in gaps)
    near = sum(count for gap, count in gaps if any(abs(gap - c) <= CYCLE_WIDTH for c in RENEWAL_CYCLES))
    once_share = once / customers if customers >= min_n else None
    near_share = near / closed if closed >= min_n else None
    middle = median_gap(gaps) if closed >= min_n else None
    few = 0 < customers < params.few_accounts
    return (
        Measure("few_accounts", customers, params.few_accounts, "count", customers, few),
        Measure(
            "automatic_renewal", near_share, params.renewal_share, "share", closed,
            near_share is not None and near_share >= params.renewal_share,
        ),
        Measure(
            "one_time_buyers", once_share, params.one_time_share, "share", customers,
            once_share is not None and once_share > params.one_time_share,
        ),
        Measure(
            "fast_goods", middle, params.fast_gap_days, "days", closed,
            middle is not None and middle < params.fast_gap_days,
        ),
        Measure("repeat_purchase", None, None, "count", customers, True),
    )  # fmt: skip


def median_gap(gaps: Sequence[tuple[int, int]]) -> float | None:
    """Median of counted values (ascending): the middle one, or the mean of the two in the middle."""
    total = sum(count for _, count in gaps)
    if total == 0:
        return None
    places, upto, found = {(total - 1) // 2, total // 2}, 0, []
    for value, count in gaps:
        found += [value for place in places if upto <= place < upto + count]
        upto += count
    return sum(found) / len(found)


def _kind_table(
    inputs: Inputs, measures: Sequence[Measure], chosen: str, params: Params, every: int
) -> Table:
    rows: list[dict[str, Any]] = []
    for item in measures:
        decided = item.kind == chosen
        rows.append(
            {
                "kind": item.kind,
                "value": None if item.value is None else round(item.value, 6),
                "threshold": item.threshold,
                "unit": item.unit,
                "n": item.n,
                "met": item.met,
                "decided": decided,
                "reason": _reason(item, decided, params),
            }
        )
    return inputs.computed(
        "kind",
        Text("经营类型判断", "How the kind of business was found"),
        KIND_COLUMNS,
        ("kind",),
        rows,
        method="business_kind.measure",
        sql=GAPS_SQL,
        note=GAPS_NOTE
        if every == 1
        else Text(
            f"{GAPS_NOTE.zh}；客户很多，间隔取自每 {every} 位客户中的 1 位",
            f"{GAPS_NOTE.en}; with so many customers, gaps are those of every {every}th",
        ),
        every=every,
    )


GAPS_NOTE = Text(
    "间隔按购买日计算，同一天的多笔购买算一次",
    "gaps are between purchase days; purchases on one day count once",
)


def _reason(item: Measure, decided: bool, params: Params) -> str:
    if decided:
        return "found" if params.kind == "auto" else "set"
    if item.kind != "repeat_purchase" and item.value is None:
        return "too_few"
    return "later" if item.met else "not_met"


def _claims(
    measures: Sequence[Measure], chosen: str, customers: int, min_n: int, params: Params
) -> tuple[Claim, ...]:
    by_kind = {item.kind: item for item in measures}
    item = by_kind[chosen]
    if params.kind != "auto" or customers == 0:
        return ()
    if chosen != "repeat_purchase":
        values = {name: Cell("kind", {"kind": chosen}, name) for name in ("value", "threshold")}
        base = GAP_BASE if chosen in ("automatic_renewal", "fast_goods") else BASE
    elif by_kind["one_time_buyers"].value is None or by_kind["fast_goods"].value is None:
        return ()
    else:
        values = {
            "customers": Cell("kind", {"kind": "few_accounts"}, "value"),
            "once": Cell("kind", {"kind": "one_time_buyers"}, "value"),
            "gap": Cell("kind", {"kind": "fast_goods"}, "value"),
        }
        base = BASE
    return (
        Claim(
            says=chosen, key=f"business_kind/{chosen}", values=values, n=item.n, base=base,
            topic="business_kind", summary=False,
        ),
    )  # fmt: skip


def _notes(customers: int, min_n: int, params: Params) -> tuple[Note, ...]:
    notes = []
    if customers == 0:
        notes.append(
            Note(
                Text(
                    "没有带客户编号的购买，无法判断经营类型，暂按重复购买型",
                    "There is no purchase with a customer id: the kind of business cannot be told and is "
                    "taken as repeat purchase",
                ),
                "missing",
            )
        )
    elif customers < min_n:
        notes.append(
            Note(
                Text(
                    f"客户少于 {min_n} 位，一次购买占比不予给出",
                    f"Fewer than {min_n} customers: the share of one-time buyers is withheld",
                ),
                "withheld",
            )
        )
    if params.kind != "auto":
        notes.append(Note(Text("经营类型由人工指定", "The kind of business was set by hand"), "info"))
    return tuple(notes)


ANALYSIS = Analysis(
    name="business_kind",
    title=Text("经营类型", "Kind of business"),
    question=Text(
        "这是哪一类生意，报告应先看什么？",
        "Which kind of business is this, and what should the report lead with?",
    ),
    section="data",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases", "customer_facts"),
    order=10,
)
