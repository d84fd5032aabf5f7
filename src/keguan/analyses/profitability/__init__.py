"""What is left of each customer's revenue after goods, returns, serving and contacts, and who is served at a loss?

Method: activity-based customer profit. Profit = net revenue (after discounts and returns) whose cost is known -
cost of goods - costs booked to the customer - cost of contacts - a share of the costs booked to nobody, shared
out by orders, revenue or lines. Costs of acquisition are left out (see acquisition_cost). The whale curve adds
up profit from the most profitable customer down. All of it are sums, no estimates; what is shared out follows a
chosen key and is shown as such.

Source: Kaplan and Cooper (1998), Cost and Effect; Kaplan and Narayanan (2001) for the whale curve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from keguan.analyses.profitability.claims import TEXT, claims, notes
from keguan.analyses.profitability.columns import (
    ACCOUNT_COLUMNS,
    KIND_COLUMNS,
    LARGE_COLUMNS,
    SEGMENT_COLUMNS,
    STEP_COLUMNS,
    SUMMARY_COLUMNS,
    TENTHS,
    WHALE_COLUMNS,
    accounts_sql,
    cells_sql,
    kinds_sql,
    large_sql,
    segments_sql,
)
from keguan.analyses.profitability.params import Params
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.marts.customer_profit import profit_ctes
from keguan.result import Figure, Note, Relation, Result, Table

# Step of the calculation -> the sum it shows, and its sign. Discounts are in the amounts already.
STEPS = (
    ("net", "net", 1), ("unknown_net", "unknown_net", -1), ("net_known", None, 1),
    ("cost_of_goods", "cost_of_goods", -1), ("margin", "margin", 1), ("direct_costs", "direct_costs", -1),
    ("contact_costs", "contact_costs", -1), ("allocated", "allocated", -1), ("profit", "profit", 1),
    ("discounts_in_price", "discounts", 1), ("returns_in_net", "returns", 1),
)  # fmt: skip


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: steps, summary, whale, kinds, segments, large, unprofitable_a, lowest; relation of profit by customer."""
    since = window_start(inputs.as_of, params.window_months)
    key, left_out = params.allocate_by, params.kinds_left_out
    sql = cells_sql(key, left_out)
    cells = inputs.query(sql, from_day=since).to_pylist()
    known = sum((cell["net"] - cell["unknown_net"] for cell in cells), Decimal(0))
    if not cells or not (
        inputs.has_values("order_lines", "cost") or inputs.has_values("products", "unit_cost")
    ):
        return _nothing(bool(cells))
    abc = inputs.segment("abc_class")
    made: dict[str, Any] = {"method": "profitability.run", "sql": sql, "from_day": since}
    bound: dict[str, Any] = {"from_day": since, "listed": params.listed}
    tables: tuple[Table, ...] = (
        inputs.computed("steps", Text("从净销售额到利润", "From net revenue to profit"), STEP_COLUMNS, ("step",),
                        _steps(cells, known), **made),
        inputs.computed("summary", Text("亏损客户", "Customers at a loss"), SUMMARY_COLUMNS, ("window_months",),
                        _summary(cells, params.window_months, inputs.settings.min_n), **made),
        inputs.computed("whale", Text("利润从高到低累计", "Profit added up from the top"), WHALE_COLUMNS,
                        ("customers_share",), _whale(cells, inputs.settings.min_n), **made),
        inputs.table("kinds", Text("成本类别", "Costs by kind"), KIND_COLUMNS, ("kind",), kinds_sql(left_out),
                     from_day=since),
        inputs.table("segments", Text("各分层的客户利润", "Customer profit by segment"), SEGMENT_COLUMNS,
                     ("dimension", "segment"), segments_sql(key, left_out, abc), from_day=since,
                     min_n=inputs.settings.min_n),
        inputs.table("large", Text("亏损的 A 类客户", "Class A customers at a loss"), LARGE_COLUMNS, ("abc",),
                     large_sql(key, left_out, abc), from_day=since),
        inputs.table("unprofitable_a", Text("亏损的 A 类客户（逐户）", "Class A customers at a loss, one by one"),
                     ACCOUNT_COLUMNS, ("place",),
                     accounts_sql(key, left_out, abc, "p.profit < 0 AND a.label = 'A'"), **bound),
        inputs.table("lowest", Text("利润最低的客户", "Customers with the lowest profit"), ACCOUNT_COLUMNS,
                     ("place",), accounts_sql(key, left_out, abc, "1 = 1"), **bound),
    )  # fmt: skip
    tables = tuple(replace(t, appendix=t.id not in ("steps", "unprofitable_a")) for t in tables)
    result = Result("profitability", tables=tables)
    costs = inputs.has("costs") or inputs.has_values("contacts", "cost")
    return replace(
        result,
        figures=_figures(result),
        claims=tuple(claims(result, params.window_months, key)),
        relations=_relations(key, left_out, since),
        notes=tuple(notes(result, inputs.settings.min_n, costs)),
    )


def _steps(cells: Sequence[Mapping[str, Any]], known: Decimal) -> list[dict[str, Any]]:
    rows = []
    for step, name, sign in STEPS:
        parts = [(_known(c) if name is None else c[name]) * sign for c in cells]
        guests = sum((p for c, p in zip(cells, parts, strict=True) if c["tenth"] == 0), Decimal(0))
        total = sum(parts, Decimal(0))
        rows.append(
            {
                "step": step, "customers_amount": total - guests, "guests_amount": guests, "amount": total,
                "share": float(total / known) if known > 0 else None,
            }
        )  # fmt: skip
    return rows


def _known(cell: Mapping[str, Any]) -> Any:
    return cell["net"] - cell["unknown_net"]


def _summary(cells: Sequence[Mapping[str, Any]], months: int, min_n: int) -> list[dict[str, Any]]:
    own = [cell for cell in cells if cell["tenth"] > 0]
    customers = sum(cell["customers"] for cell in own)
    losing = sum(int(cell["unprofitable"]) for cell in own)
    if not customers:
        return []
    loss, buying_loss = (sum(cell[name] for cell in own) for name in ("loss", "buying_loss"))
    buying, buying_losing = (
        sum(int(cell[name]) for cell in own) for name in ("buying", "buying_loss_makers")
    )
    return [
        {
            "window_months": months, "customers": customers, "unprofitable": losing,
            "unprofitable_share": losing / customers if customers >= min_n else None,
            "loss": loss, "buying": buying, "buying_loss_makers": buying_losing,
            "buying_share": buying_losing / buying if buying >= max(min_n, 1) else None, "buying_loss": buying_loss,
            "costs_only": losing - buying_losing, "costs_only_loss": loss - buying_loss,
            "before_allocation": sum(int(c["early"]) for c in own),
            "allocated": sum(cell["allocated"] for cell in own),
        }
    ]  # fmt: skip


def _whale(cells: Sequence[Mapping[str, Any]], min_n: int) -> list[dict[str, Any]]:
    own = [cell for cell in cells if cell["tenth"] > 0]
    total = sum((cell["profit"] for cell in own), Decimal(0))
    if sum(cell["customers"] for cell in own) < min_n:
        return []
    rows, cumulated = [], Decimal(0)
    for cell in own:
        cumulated += cell["profit"]
        rows.append(
            {
                "customers_share": cell["tenth"] / TENTHS, "customers": cell["customers"], "profit": cell["profit"],
                "cumulated": cumulated, "profit_share": float(cumulated / total) if total > 0 else None,
            }
        )  # fmt: skip
    return rows


def _figures(result: Result) -> tuple[Figure, ...]:
    if not len(result.table("whale").rows):
        return ()
    return (
        Figure(
            "whale", "line", Text("累计利润：从利润最高的客户排起", "Profit added up, most profitable customers first"),
            "whale", "customers_share", ("cumulated",),
            note=Text("曲线从最高点往下走的一段是亏损客户", "where the curve falls customers are served at a loss"),
        ),
    )  # fmt: skip


def _relations(key: str, left_out: tuple[str, ...], since: Any) -> tuple[Relation, ...]:
    sql = f"""WITH {profit_ctes(key, left_out)}
SELECT account_no, CASE WHEN profit < 0 THEN '亏损' ELSE '盈利' END AS label, CAST(profit AS VARCHAR) AS score
FROM profit WHERE account_no IS NOT NULL"""
    return (
        Relation("profitability", Text("客户利润", "Customer profit"), sql, {"from_day": since}, vocabulary="profit_label"),
    )  # fmt: skip


def _nothing(sales: bool) -> Result:
    says = Text(
        "没有商品成本，不能计算利润：在订单明细里导入成本、利润或毛利率，或在商品表里导入单位成本",
        "There is no cost of goods, so no profit: import cost, profit or margin of order lines, or unit costs of products",
    )
    none = Text(
        "窗口内没有销售，不能计算客户利润：导入这段时间含成本的订单；已导入的费用保留不变",
        "There are no sales in the window, so no profit of customers: import orders of that time with their costs; costs "
        "that are imported stay as they are",
    )
    return Result("profitability", notes=(Note(says if sales else none, "missing"),))


ANALYSIS = Analysis(
    name="profitability",
    title=Text("客户利润", "Customer profitability"),
    question=Text(
        "扣除商品、退货、服务与触达成本后，每位客户还剩多少利润，哪些大客户在亏损？",
        "What is left of each customer after goods, returns, serving and contacts, and which large customers lose money?",
    ),
    section="value",
    params=Params,
    run=run,
    text=TEXT,
    reads=("order_lines", "products", "costs", "contacts", "customer_facts", "window_facts"),
    uses=("abc_class",),
    order=20,
)
