"""What does a new customer cost, by channel and campaign, when is it earned back, and what does keeping one cost?

Method: cost of acquisition = spend + costs of kind acquisition, of the window; per new customer = divided by the
customers whose first order is in the window, by the channel (or campaign) they came through. It is a blended
cost: those who would have come anyway are in the count. Payback: margin per new customer by thirty days since the
first order, of those observed that long, with bootstrap interval, against the cost per new customer. Keeping:
contact costs and costs of keeping of customers who had ordered before the window, per such customer who ordered
in it.

Source: Farris et al., Marketing Metrics (2010); bootstrap: Efron and Tibshirani (1993).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from keguan.analyses.acquisition_cost.payback import payback_table
from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.result import Cell, Claim, Column, Figure, Note, Result
from keguan.schema.vocabulary import UNKNOWN

COMMON = "未分渠道"


@dataclass(frozen=True)
class Params:
    """Window, kinds of cost that win or keep customers, and a margin rate where costs of goods are unknown."""

    window_months: int = param(12, "窗口（月）", "window, months")
    acquisition: str = param(
        "acquisition,获客,获客成本,拉新",
        "属于获客的成本类别，逗号分隔",
        "kinds of cost that win customers, separated by commas",
    )
    keeping: str = param(
        "retention,保持,维系,会员,关怀",
        "属于维系的成本类别，逗号分隔",
        "kinds of cost that keep customers, separated by commas",
    )
    margin_rate: float = param(
        0.0,
        "没有商品成本时假定的毛利率，0 为不假定",
        "assumed margin rate where there is no cost of goods; 0: none",
    )


OLD = Text("窗口之前已下过单、窗口内仍下单的客户", "earlier customers with an order in the window")
NEW = Text("窗口内首次下单的客户", "customers whose first order is in the window")
TEXT: Mapping[str, Text] = {
    "blended": Text(
        "近 {months} 个月获客投入 {cost}，新客户 {customers} 位，平均每位 {per_customer}"
        "（含自然到来的客户，不是增量成本；n={n}，{base}）。",
        "{cost} was spent on acquisition in the last {months} months for {customers} new customers: {per_customer} each "
        "(those who would have come anyway included, not an incremental cost; n={n}, {base}).",
    ),
    "channel": Text(
        "渠道「{channel}」投入 {cost}，新客户 {customers} 位，平均每位 {per_customer}（n={n}，{base}）。",
        "Channel '{channel}': {cost} spent, {customers} new customers, {per_customer} each (n={n}, {base}).",
    ),
    "paid_back": Text(
        "新客户首单后 {days} 天内的累计毛利每位 {margin}（自助法 95% 区间 {low} 至 {high}），"
        "区间已超过每位获客成本 {cost}（n={n}，{base}）。",
        "Within {days} days of the first order a new customer has brought {margin} of margin (bootstrap 95% interval {low} to "
        "{high}): the interval lies over the cost of {cost} (n={n}, {base}).",
    ),
    "not_paid_back": Text(
        "到首单后 {days} 天，新客户的累计毛利每位 {margin}（自助法 95% 区间 {low} 至 {high}），"
        "区间尚未超过每位获客成本 {cost}（n={n}，{base}）。",
        "By {days} days after the first order a new customer has brought {margin} of margin (bootstrap 95% interval {low} to "
        "{high}): the interval is not yet over the cost of {cost} (n={n}, {base}).",
    ),
    "keeping": Text(
        "维系一位老客户近 {months} 个月平均花费 {keep}，获取一位新客户平均花费 {win}（n={n}，{base}）。",
        "In the last {months} months keeping a customer cost {keep}, winning one {win} (n={n}, {base}).",
    ),
}  # fmt: skip

_BY_CHANNEL = Text(
    "按获客渠道，没有时按首单渠道", "by the channel acquired through, else that of the first order"
)
_BY_CAMPAIGN = Text("首单当日订单注明的活动", "campaign named by the orders of the first day")
_WITHHELD = Text("新客户少于最小样本时不给出", "withheld for few new customers")
CHANNEL_COLUMNS = (
    Column("channel", Text("渠道", "Channel"), "label", role="key", vocabulary="cost_channel"),
    Column("cost", Text("投入", "Spent"), "money"),
    Column("customers", Text("新客户数", "New customers"), "count", note=_BY_CHANNEL),
    Column("per_customer", Text("每位新客户成本", "Cost per new customer"), "money", note=_WITHHELD),
)  # fmt: skip
TOTAL_COLUMNS = (
    Column("what", Text("项目", "Item"), "label", role="key", vocabulary="acquisition_item"),
    Column("cost", Text("投入", "Spent"), "money"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("per_customer", Text("每位客户", "Per customer"), "money"),
)
CAMPAIGN_COLUMNS = (
    Column("campaign", Text("活动", "Campaign"), "text", role="key"),
    Column("cost", Text("投放金额", "Amount spent"), "money"),
    Column("customers", Text("新客户数", "New customers"), "count", note=_BY_CAMPAIGN),
    Column("per_customer", Text("每位新客户成本", "Cost per new customer"), "money"),
)  # fmt: skip

CHANNELS_SQL = f"""
WITH came AS (
  SELECT account_no, max(acquired_channel) AS channel FROM customers WHERE account_no IS NOT NULL GROUP BY account_no
), items AS (
  SELECT coalesce(c.channel, f.first_channel, '{UNKNOWN}') AS channel, CAST(0 AS DECIMAL(18, 4)) AS cost, 1 AS customers
  FROM customer_facts f LEFT JOIN came c ON c.account_no = f.account_no
  WHERE f.first_order_on >= $from_day
  UNION ALL
  SELECT coalesce(channel, '{COMMON}'), amount, 0 FROM spend WHERE day >= $from_day
  UNION ALL
  SELECT '{COMMON}', amount, 0 FROM costs WHERE day >= $from_day AND {{acquiring}}
)
SELECT channel, sum(cost) AS cost, CAST(sum(customers) AS BIGINT) AS customers,
       CASE WHEN sum(customers) >= $min_n AND sum(cost) > 0
            THEN CAST(CAST(sum(cost) AS DOUBLE) / sum(customers) AS DECIMAL(18, 4)) END AS per_customer
FROM items GROUP BY channel ORDER BY cost DESC, channel
"""
CAMPAIGNS_SQL = """
WITH first_orders AS (
  SELECT o.campaign_id AS campaign, count(DISTINCT o.account_no) AS customers
  FROM orders o JOIN customer_facts f ON f.account_no = o.account_no AND f.first_order_on = o.day
  WHERE o.day >= $from_day AND o.campaign_id IS NOT NULL GROUP BY o.campaign_id
), spent AS (
  SELECT campaign_id AS campaign, sum(amount) AS cost FROM spend
  WHERE day >= $from_day AND campaign_id IS NOT NULL GROUP BY campaign_id
), names AS (
  SELECT campaign FROM first_orders UNION SELECT campaign FROM spent
)
SELECT n.campaign, coalesce(s.cost, 0) AS cost, coalesce(f.customers, 0) AS customers,
       CASE WHEN f.customers >= $min_n AND s.cost > 0
            THEN CAST(CAST(s.cost AS DOUBLE) / f.customers AS DECIMAL(18, 4)) END AS per_customer
FROM names n
LEFT JOIN first_orders f ON f.campaign = n.campaign
LEFT JOIN spent s ON s.campaign = n.campaign
ORDER BY cost DESC, n.campaign LIMIT 100
"""
KEEPING_SQL = """
WITH known AS (
  SELECT account_no FROM customer_facts WHERE first_order_on < $from_day
), active AS (
  SELECT p.account_no FROM purchases p JOIN known k ON k.account_no = p.account_no
  WHERE p.day >= $from_day GROUP BY p.account_no HAVING sum(p.orders) > 0
), paid AS (
  SELECT c.cost AS amount FROM contacts c JOIN known k ON k.account_no = c.account_no
  WHERE c.day >= $from_day AND c.cost IS NOT NULL
  UNION ALL
  SELECT c.amount FROM costs c JOIN known k ON k.account_no = c.account_no WHERE c.day >= $from_day AND {keeping}
  UNION ALL
  SELECT amount FROM costs WHERE account_no IS NULL AND day >= $from_day AND {keeping}
)
SELECT (SELECT coalesce(sum(amount), 0) FROM paid) AS cost, (SELECT count(*) FROM active) AS customers
"""


def among(kinds: str) -> str:
    """The condition that a cost is of one of the kinds."""
    listed = [kind.strip().casefold() for kind in kinds.replace("，", ",").split(",") if kind.strip()]
    return f"lower(kind) IN ({', '.join(quoted(kind) for kind in listed)})" if listed else "1 = 0"


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: totals (winning, keeping), channels, campaigns, payback."""
    since, min_n = window_start(inputs.as_of, params.window_months), inputs.settings.min_n
    sql = CHANNELS_SQL.replace("{acquiring}", among(params.acquisition))
    keeping_sql = KEEPING_SQL.replace("{keeping}", among(params.keeping))
    channels = inputs.table("channels", Text("各渠道的获客成本", "Cost of acquisition by channel"), CHANNEL_COLUMNS,
                            ("channel",), sql, from_day=since, min_n=min_n)  # fmt: skip
    cost = sum((row["cost"] for row in channels), Decimal(0))
    new = sum(row["customers"] for row in channels)
    if not cost:
        return Result("acquisition_cost", notes=(Note(_NO_COST, "missing"),))
    kept = inputs.query(keeping_sql, from_day=since).to_pylist()[0]
    totals = inputs.computed(
        "totals", Text("获取与维系", "Winning and keeping"), TOTAL_COLUMNS, ("what",),
        [_total("winning", cost, new, min_n), _total("keeping", kept["cost"], int(kept["customers"]), min_n)],
        method="acquisition_cost.run", inputs=("channels",), sql=keeping_sql, from_day=since,
    )  # fmt: skip
    campaigns = inputs.table("campaigns", Text("各活动的获客成本", "Cost of acquisition by campaign"), CAMPAIGN_COLUMNS,
                             ("campaign",), CAMPAIGNS_SQL, from_day=since, min_n=min_n)  # fmt: skip
    margins = (
        params.margin_rate > 0
        or inputs.has_values("order_lines", "cost")
        or inputs.has_values("products", "unit_cost")
    )
    per_customer = float(cost) / new if new >= min_n else None
    tables = [totals, channels, replace(campaigns, appendix=True)]
    if margins:
        tables.append(replace(payback_table(inputs, since, per_customer, params.margin_rate), appendix=True))
    result = Result("acquisition_cost", tables=tuple(tables))
    return replace(
        result, figures=_figures(result), claims=tuple(_claims(result, params.window_months)),
        notes=tuple(_notes(result, margins, new, min_n, params.margin_rate)),
    )  # fmt: skip


def _total(what: str, cost: Decimal, customers: int, min_n: int) -> dict[str, Any]:
    enough = customers >= min_n and cost > 0
    return {
        "what": what,
        "cost": cost,
        "customers": customers,
        "per_customer": float(cost) / customers if enough else None,
    }


def _figures(result: Result) -> tuple[Figure, ...]:
    if not result.has("payback") or not any(
        row["per_customer"] is not None for row in result.table("payback")
    ):
        return ()
    title = Text("新客户累计毛利与获客成本", "Cumulative margin of a new customer against its cost")
    return (
        Figure("payback", "line", title, "payback", "days", ("per_customer", "cost"), low="low", high="high"),
    )


def _claims(result: Result, months: int) -> Iterator[Claim]:
    spoken = {"months": (str(months), None)}
    totals = {row["what"]: row for row in result.table("totals")}
    win = totals["winning"]
    if win["per_customer"] is None:
        return
    at = {"what": "winning"}
    yield Claim(
        "blended", "acquisition_cost/blended",
        {name: Cell("totals", at, name) for name in ("cost", "customers", "per_customer")},
        win["customers"], NEW, labels=spoken, topic="acquisition_cost", money=float(win["cost"]), certainty=0.8,
    )  # fmt: skip
    for row in [row for row in result.table("channels") if row["per_customer"] is not None][:3]:
        where = {"channel": row["channel"]}
        yield Claim(
            "channel", f"acquisition_cost/channel/{row['channel']}",
            {name: Cell("channels", where, name) for name in ("cost", "customers", "per_customer")},
            row["customers"], NEW, labels={"channel": (row["channel"], "cost_channel")}, summary=False,
        )  # fmt: skip
    yield from _payback(result)
    if totals["keeping"]["per_customer"] is not None:
        yield Claim(
            "keeping", "acquisition_cost/keeping",
            {"keep": Cell("totals", {"what": "keeping"}, "per_customer"), "win": Cell("totals", at, "per_customer")},
            totals["keeping"]["customers"], OLD,
            labels=spoken, topic="keeping_cost", summary=False,
        )  # fmt: skip


def _payback(result: Result) -> Iterator[Claim]:
    """The first time at which the whole interval lies over the cost, else the last time that is known."""
    rows = [row for row in result.table("payback") if row["low"] is not None] if result.has("payback") else []
    if not rows:
        return
    over = [row for row in rows if row["cost"] is not None and row["low"] > row["cost"]]
    row = over[0] if over else rows[-1]
    at = {"days": row["days"]}
    yield Claim(
        "paid_back" if over else "not_paid_back", "acquisition_cost/payback",
        {
            "days": Cell("payback", at, "days"), "margin": Cell("payback", at, "per_customer"),
            **{name: Cell("payback", at, name) for name in ("low", "high", "cost")},
        },
        row["customers"], NEW, strength="estimate", topic="payback", figure="payback", certainty=0.7,
        money=float(row["cost"]) * row["customers"],
    )  # fmt: skip


_NO_MARGIN = Text(
    "没有商品成本，不能计算回本；导入成本，或用 margin_rate 假定毛利率",
    "No cost of goods, so no payback; import costs or assume margin_rate",
)
_NO_COST = Text(
    "没有获客投入；导入投放费用（日期、渠道、金额），或成本表中类别为获客的行",
    "There is no cost of acquisition; import spend (day, channel, amount) or costs of kind acquisition",
)


def _notes(result: Result, margins: bool, new: int, min_n: int, rate: float) -> Iterator[Note]:
    if new < min_n:
        yield Note(
            Text(
                f"新客户少于 {min_n} 位，不给出每位成本",
                f"Fewer than {min_n} new customers: no cost per customer",
            ),
            "withheld",
        )
    if not margins:
        yield Note(
            _NO_MARGIN,
            "missing",
        )  # fmt: skip
    if rate > 0:
        yield Note(
            Text(f"毛利按假定的毛利率 {rate:.0%} 计算", f"Margins rest on an assumed rate of {rate:.0%}"),
            "warning",
        )
    if result.has("payback") and any(not row["finished"] for row in result.table("payback")):
        yield Note(
            Text(
                "较晚来的新客户还没有观察满，累计毛利逐期只算观察满的客户，各期客户不同",
                "Later customers are not observed so long yet: each point is of those who are, so points differ in customers",
            )
        )
    if any(row["channel"] == COMMON and row["cost"] for row in result.table("channels")):
        yield Note(
            Text(
                "未分渠道的投入只计入合计，不计入各渠道",
                "Money without a channel is in the total, in no channel",
            )
        )


ANALYSIS = Analysis(
    name="acquisition_cost",
    title=Text("获客成本与回本", "Cost of acquisition and payback"),
    question=Text(
        "获取一位新客户要花多少，多久回本，与维系老客户相比如何？",
        "What does a new customer cost, when is it earned back, and how does keeping one compare?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=(
        "spend",
        "costs",
        "contacts",
        "customer_facts",
        "customers",
        "orders",
        "order_lines",
        "products",
        "purchases",
    ),
    order=50,
)
