"""How much of the revenue rests on few customers, and on whom?

Method: net spend per customer in the window. Lorenz curve, Gini coefficient and shares of the top customers
over those with positive net spend; 95 % intervals from the customer bootstrap (random groups). The largest
accounts are listed with their change against the window before, their silence and their own rhythm.

Source: Lorenz (1905); Gini (1912); bootstrap: Efron and Tibshirani (1993).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.engine.arrays import records
from keguan.evidence.statistics.bootstrap import BUCKET, BUCKETS, percentile_interval, resample_weights
from keguan.evidence.statistics.interval import Interval
from keguan.marts.metrics import NET_REVENUE
from keguan.result import Cell, Claim, Column, Figure, Note, Result, Table

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

TOPS = (0.01, 0.05, 0.1, 0.2, 0.5)


@dataclass(frozen=True)
class Params:
    """Window, and how many accounts are listed."""

    window_months: int = param(12, "净消费窗口(月)", "window of net spend, months")
    accounts: int = param(20, "列出的大客户数", "how many of the largest accounts are listed")


BASE = Text("所选月份内净消费为正的客户", "customers with positive net spend in the months looked at")
TEXT: Mapping[str, Text] = {
    "top": Text(
        "近 {months} 个月净消费最高的 {top} 客户（{customers} 位）贡献净消费的 {share}"
        "（自助法 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The top {top} of customers by net spend of the last {months} months ({customers}) bring {share} of it "
        "(bootstrap 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "half": Text(
        "净消费的一半来自 {half} 位客户；基尼系数 {gini}（0 为人人相同，1 为全部来自一位；自助法 95% 区间 {low} 至 "
        "{high}；n={n}，{base}）。",
        "Half of net spend comes from {half} customers; the Gini coefficient is {gini} (0: all the same, 1: all from "
        "one; bootstrap 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "first": Text(
        "净消费最高的客户（账户 {account}）近 {months} 个月净消费 {spend}，占 {share}，最近一次购买在 {last}"
        "（n={n}，{base}）。",
        "The largest customer (account {account}) spent {spend} net in the last {months} months, {share} of the total, "
        "and last bought on {last} (n={n}, {base}).",
    ),
    "overdue": Text(
        "净消费前 {listed} 位客户中，{customers} 位没有购买的天数已超过自己平常间隔（中位数）的 3 倍，"
        "他们近 {months} 个月的净消费为 {money}（n={n}，{base}）。",
        "Of the {listed} largest customers {customers} have been silent for over 3 times their own usual (median) gap; "
        "they spent {money} net in the last {months} months (n={n}, {base}).",
    ),
}

SPEND = f"""
spend AS (
  SELECT account_no, {NET_REVENUE.sql} AS spend
  FROM purchases
  WHERE account_no IS NOT NULL AND day >= $from_day
  GROUP BY account_no
), positive AS (
  SELECT account_no, spend,
         row_number() OVER (ORDER BY spend, account_no) AS place,
         count(*) OVER () AS customers,
         sum(spend) OVER () AS total
  FROM spend WHERE spend > 0
)"""
GINI_SQL = f"""
WITH {SPEND}, upper_half AS (
  SELECT place, customers, spend, total,
         sum(spend) OVER (ORDER BY place DESC ROWS UNBOUNDED PRECEDING) - spend AS above
  FROM positive
)
SELECT count(*) AS customers,
       CAST(coalesce(sum(spend), 0) AS DECIMAL(18, 4)) AS net_revenue,
       2 * CAST(sum(place * spend) AS DOUBLE)
         / nullif(count(*) * CAST(sum(spend) AS DOUBLE), 0) - (count(*) + 1) / nullif(CAST(count(*) AS DOUBLE), 0)
         AS gini,
       sum(CASE WHEN above * 2 < total THEN 1 ELSE 0 END) AS half
FROM upper_half
"""
TOP_SQL = f"""
WITH {SPEND}, tops AS (
  SELECT CAST(top AS DOUBLE) AS top
  FROM (VALUES {", ".join(f"({top})" for top in TOPS)}) AS t(top)
)
SELECT t.top,
       count(*) AS customers,
       CAST(sum(p.spend) AS DECIMAL(18, 4)) AS net_revenue,
       CAST(sum(p.spend) AS DOUBLE) / CAST(max(p.total) AS DOUBLE) AS share
FROM tops t
JOIN positive p ON p.customers - p.place < ceil(t.top * p.customers - 0.000001)
GROUP BY t.top
ORDER BY t.top
"""
# The curve at each full per cent of customers, from the smallest spender up.
LORENZ_SQL = f"""
WITH {SPEND}, steps AS (
  SELECT CAST(ceil(CAST(place * 100 AS DOUBLE) / customers) AS INTEGER) AS percent, spend, total
  FROM positive
  WHERE customers >= $min_n
), summed AS (
  SELECT percent, sum(spend) AS spend, max(total) AS total FROM steps GROUP BY percent
  UNION ALL
  SELECT 0 AS percent, 0 AS spend, max(total) AS total FROM steps HAVING count(*) > 0
)
SELECT percent / 100.0 AS customers_share,
       CAST(sum(spend) OVER (ORDER BY percent ROWS UNBOUNDED PRECEDING) AS DOUBLE)
         / CAST(total AS DOUBLE) AS revenue_share,
       percent / 100.0 AS equal_share
FROM summed
ORDER BY customers_share
"""
# Spend by random group and rank: per mille of customers in the top 5 %, half per cent below.
CELLS_SQL = f"""
WITH {SPEND}, ranked AS (
  SELECT account_no, spend, CAST(floor(CAST((customers - place) * 1000 AS DOUBLE) / customers) AS INTEGER) AS mille
  FROM positive
)
SELECT CASE WHEN mille < 50 THEN mille ELSE 50 + CAST(floor((mille - 50) / 5.0) AS INTEGER) END AS rank_group,
       {BUCKET} AS bucket,
       count(*) AS customers,
       CAST(sum(spend) AS DOUBLE) AS spend
FROM ranked
GROUP BY CASE WHEN mille < 50 THEN mille ELSE 50 + CAST(floor((mille - 50) / 5.0) AS INTEGER) END, {BUCKET}
"""
ACCOUNTS_SQL = f"""
WITH {SPEND}, before AS (
  SELECT account_no, {NET_REVENUE.sql} AS spend
  FROM purchases
  WHERE account_no IS NOT NULL AND day >= $from_before AND day < $from_day
  GROUP BY account_no
), largest AS (
  SELECT account_no, spend, total, customers - place + 1 AS place
  FROM positive WHERE customers - place < $accounts
), days AS (
  SELECT p.account_no, p.order_day
  FROM purchases p JOIN largest l ON l.account_no = p.account_no
  GROUP BY p.account_no, p.order_day
  HAVING sum(p.orders) - sum(p.cancelled) > 0
), gaps AS (
  SELECT account_no, order_day,
         date_diff('day', lag(order_day) OVER (PARTITION BY account_no ORDER BY order_day), order_day) AS gap
  FROM days
), rhythm AS (
  SELECT account_no, max(order_day) AS last_purchase_on, median(CAST(gap AS DOUBLE)) AS own_gap
  FROM gaps GROUP BY account_no
)
SELECT l.place,
       CAST(l.account_no AS VARCHAR) AS account,
       l.spend AS net_revenue,
       CAST(l.spend AS DOUBLE) / CAST(l.total AS DOUBLE) AS share,
       coalesce(b.spend, 0) AS before,
       l.spend - coalesce(b.spend, 0) AS change,
       r.last_purchase_on,
       date_diff('day', r.last_purchase_on, $as_of) AS silent_days,
       r.own_gap,
       coalesce(date_diff('day', r.last_purchase_on, $as_of) > 3 * r.own_gap, false) AS overdue
FROM largest l
LEFT JOIN before b ON b.account_no = l.account_no
LEFT JOIN rhythm r ON r.account_no = l.account_no
ORDER BY l.place
"""

BOOTSTRAP_NOTE = Text(
    f"自助法 (bootstrap) 95% 区间：客户随机分为 {BUCKETS} 组，有放回地抽组 1,000 次，固定种子",
    f"bootstrap 95% interval: customers in {BUCKETS} random groups, drawn with replacement 1,000 times, fixed seed",
)
SUMMARY_COLUMNS = (
    Column("window_months", Text("窗口(月)", "Window (months)"), "count", role="key"),
    Column("customers", Text("净消费为正的客户", "Customers with positive net spend"), "count"),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
    Column(
        "gini", Text("基尼系数", "Gini coefficient"), "number", 3,
        note=Text("0 为每位相同，1 为全部来自一位", "0: all the same, 1: all from one customer"),
    ),
    Column("low", Text("区间下限", "Interval from"), "number", 3, role="low", note=BOOTSTRAP_NOTE),
    Column("high", Text("区间上限", "Interval to"), "number", 3, role="high"),
    Column("half", Text("贡献一半净消费的客户数", "Customers who bring half"), "count"),
)  # fmt: skip
TOP_COLUMNS = (
    Column("top", Text("净消费最高的客户", "Top customers"), "share", 0, role="key"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
    Column("share", Text("净消费占比", "Share of net spend"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=BOOTSTRAP_NOTE),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)
LORENZ_COLUMNS = (
    Column("customers_share", Text("客户累计占比", "Cumulative share of customers"), "share", 0, role="key"),
    Column("revenue_share", Text("净消费累计占比", "Cumulative share of net spend"), "share"),
    Column("equal_share", Text("完全平均", "All equal"), "share"),
)
ACCOUNT_COLUMNS = (
    Column("place", Text("名次", "Place"), "count", role="key"),
    Column(
        "account", Text("账户", "Account"), "text",
        note=Text(
            "工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data"
        ),
    ),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
    Column("share", Text("净消费占比", "Share of net spend"), "share"),
    Column("before", Text("此前净消费", "Net spend before"), "money"),
    Column("change", Text("变化", "Change"), "money"),
    Column("last_purchase_on", Text("最近购买", "Last purchase"), "date"),
    Column("silent_days", Text("距今(天)", "Days since"), "days"),
    Column("own_gap", Text("自身间隔中位数(天)", "Own median gap (days)"), "days", 1),
    Column(
        "overdue", Text("超过自身间隔 3 倍", "Over 3 own gaps"), "text",
        note=Text("距今天数 > 3 x 自身间隔中位数", "days since the last purchase > 3 x own median gap"),
    ),
)  # fmt: skip
OVERDUE_COLUMNS = (
    Column("listed", Text("列出的客户", "Listed"), "count", role="key"),
    Column("customers", Text("其中超过自身间隔 3 倍", "Over 3 own gaps"), "count"),
    Column("net_revenue", Text("净消费", "Net spend"), "money"),
)


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: summary, top_shares, lorenz, accounts, overdue."""
    since = window_start(inputs.as_of, params.window_months)
    row = inputs.query(GINI_SQL, from_day=since).to_pylist()[0]
    enough = int(row["customers"]) >= inputs.settings.min_n
    bootstrap = _bootstrap(inputs.query(CELLS_SQL, from_day=since)) if enough else None
    accounts = inputs.table(
        "accounts", Text("净消费最高的客户", "Largest customers"), ACCOUNT_COLUMNS, ("place",), ACCOUNTS_SQL,
        from_day=since, from_before=window_start(since - timedelta(days=1), params.window_months),
        accounts=params.accounts,
    )  # fmt: skip
    tables: tuple[Table, ...] = (
        _summary(inputs, params, row, bootstrap),
        _tops(inputs, params, bootstrap),
        inputs.table(
            "lorenz", Text("洛伦兹曲线", "Lorenz curve"), LORENZ_COLUMNS, ("customers_share",), LORENZ_SQL,
            from_day=since, min_n=inputs.settings.min_n,
        ),
        accounts,
        _overdue(inputs, accounts),
    )  # fmt: skip
    tables = tuple(replace(table, appendix=table.id != "accounts") for table in tables)
    result = Result("concentration", tables=tables)
    return Result(
        "concentration",
        tables=tables,
        figures=_figures(enough),
        claims=_claims(result, enough, params.window_months),
        notes=_notes(inputs, int(row["customers"])),
    )


@dataclass(frozen=True, slots=True)
class Resampled:
    """Point estimate of the binned curve, and its values in the resamples."""

    gini: tuple[float, NDArray[np.float64]]
    shares: Mapping[float, tuple[float, NDArray[np.float64]]]

    def interval(self, of: tuple[float, NDArray[np.float64]], exact: float) -> Interval | None:
        """The percentile interval, moved by what binning leaves out of the exact figure."""
        found = percentile_interval(of[1])
        shift = exact - of[0]
        return None if found is None else Interval(max(0.0, found.low + shift), min(1.0, found.high + shift))


def _bootstrap(cells: pa.Table) -> Resampled:
    """Curve of each resample from spend and customers by random group and rank group."""
    import numpy as np

    groups = sorted(set(cells.column("rank_group").to_pylist()))
    place = {group: i for i, group in enumerate(groups)}
    counts, spend = np.zeros((BUCKETS, len(groups))), np.zeros((BUCKETS, len(groups)))
    for cell in records(cells):
        at = int(cell["bucket"]), place[int(cell["rank_group"])]
        counts[at] += cell["customers"]
        spend[at] += cell["spend"]
    weights = np.vstack([np.ones((1, BUCKETS)), resample_weights()])
    share_of_customers = _cumulated(weights @ counts)
    share_of_spend = _cumulated(weights @ spend)
    gini = (np.diff(share_of_customers) * (share_of_spend[:, 1:] + share_of_spend[:, :-1])).sum(axis=1) - 1
    tops = {
        top: np.array([np.interp(top, x, y) for x, y in zip(share_of_customers, share_of_spend, strict=True)])
        for top in TOPS
    }
    return Resampled((float(gini[0]), gini[1:]), {top: (float(v[0]), v[1:]) for top, v in tops.items()})


def _cumulated(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cumulative shares of each row from the top group down, beginning with 0."""
    import numpy as np

    upto = np.cumsum(values, axis=1)
    with np.errstate(invalid="ignore"):  # a resample without a single customer has no curve
        return np.hstack([np.zeros((len(values), 1)), upto / upto[:, -1:]])


def _summary(inputs: Inputs, params: Params, row: Mapping[str, Any], bootstrap: Resampled | None) -> Table:
    ends = bootstrap.interval(bootstrap.gini, float(row["gini"])) if bootstrap else None
    rows = [
        {
            "window_months": params.window_months,
            "customers": int(row["customers"]),
            "net_revenue": row["net_revenue"],
            "gini": row["gini"] if bootstrap else None,
            "low": ends.low if ends else None,
            "high": ends.high if ends else None,
            "half": int(row["half"] or 0),
        }
    ]
    return inputs.computed(
        "summary", Text("集中度", "Concentration"), SUMMARY_COLUMNS, ("window_months",),
        rows if int(row["customers"]) else [], method="concentration.run", sql=GINI_SQL,
        from_day=window_start(inputs.as_of, params.window_months),
    )  # fmt: skip


def _tops(inputs: Inputs, params: Params, bootstrap: Resampled | None) -> Table:
    since = window_start(inputs.as_of, params.window_months)
    found = inputs.query(TOP_SQL, from_day=since).to_pylist() if bootstrap else []
    rows = []
    for row in found:
        ends = bootstrap.interval(bootstrap.shares[row["top"]], row["share"]) if bootstrap else None
        rows.append({**row, "low": ends.low if ends else None, "high": ends.high if ends else None})
    return inputs.computed(
        "top_shares", Text("头部客户的净消费占比", "Share of the top customers"), TOP_COLUMNS, ("top",), rows,
        method="evidence.statistics.bootstrap", sql=TOP_SQL, from_day=since,
    )  # fmt: skip


def _overdue(inputs: Inputs, accounts: Table) -> Table:
    late = [row for row in accounts if row["overdue"]]
    rows = [
        {
            "listed": len(accounts.rows),
            "customers": len(late),
            "net_revenue": sum(r["net_revenue"] for r in late),
        }
    ]
    return inputs.computed(
        "overdue", Text("久未购买的大客户", "Large customers gone silent"), OVERDUE_COLUMNS, ("listed",),
        rows if len(accounts.rows) else [], method="concentration.run", inputs=("accounts",),
    )  # fmt: skip


def _figures(enough: bool) -> tuple[Figure, ...]:
    if not enough:
        return ()
    title = Text(
        "客户从净消费最低的排起，累计贡献多少净消费（洛伦兹曲线）",
        "Share of net spend by share of customers, from the smallest up (Lorenz curve)",
    )
    note = Text(
        "横轴为客户累计占比；曲线离直线越远，收入越集中在少数客户",
        "Across: cumulative share of customers. The further the curve is from the line, the more rests on few",
    )
    y = ("revenue_share", "equal_share")
    return (Figure("lorenz", "line", title, "lorenz", "customers_share", y, note=note),)


def _claims(result: Result, enough: bool, months: int) -> tuple[Claim, ...]:
    summary = next(iter(result.table("summary")), None)
    if summary is None:
        return ()
    claims = [*(_curve_claims(result, summary) if enough else ()), *_account_claims(result)]
    spoken = {"months": (str(months), None)}
    return tuple(
        replace(claim, n=summary["customers"], labels=spoken, figure="lorenz" if enough else None)
        for claim in claims
    )


def _account_claims(result: Result) -> Iterator[Claim]:
    first = {"place": 1}
    yield Claim(
        says="first", key="concentration/first",
        values={
            "account": Cell("accounts", first, "account"), "spend": Cell("accounts", first, "net_revenue"),
            "share": Cell("accounts", first, "share"), "last": Cell("accounts", first, "last_purchase_on"),
        },
        n=None, base=BASE, topic="largest_account", summary=False,
    )  # fmt: skip
    late = next(iter(result.table("overdue")), None)
    if late is not None and late["customers"] > 0:
        key = {"listed": late["listed"]}
        yield Claim(
            says="overdue", key="concentration/overdue",
            values={
                "listed": Cell("overdue", key, "listed"), "customers": Cell("overdue", key, "customers"),
                "money": Cell("overdue", key, "net_revenue"),
            },
            n=None, base=BASE, money=float(late["net_revenue"]), topic="large_overdue",
        )  # fmt: skip


def _curve_claims(result: Result, summary: Mapping[str, Any]) -> Iterator[Claim]:
    """Shares of the top customers: what the ranking by spend says of spend, so never in the summary."""
    for top in (0.01, 0.1):
        key = {"top": top}
        if result.table("top_shares").find(key) is not None:
            names = ("top", "customers", "share", "low", "high")
            yield Claim(
                says="top", key=f"concentration/top/{top}",
                values={name: Cell("top_shares", key, name) for name in names},
                n=None, base=BASE, strength="estimate", topic="concentration", summary=False, certainty=0.9,
            )  # fmt: skip
    key = {"window_months": summary["window_months"]}
    yield Claim(
        says="half", key="concentration/half",
        values={name: Cell("summary", key, name) for name in ("half", "gini", "low", "high")},
        n=None, base=BASE, strength="estimate", topic="concentration", summary=False,
    )  # fmt: skip


def _notes(inputs: Inputs, customers: int) -> tuple[Note, ...]:
    min_n = inputs.settings.min_n
    if customers == 0:
        says = Text(
            "所选月份内没有净消费为正的客户", "No customer has positive net spend in the months looked at"
        )
        return (Note(says, "missing"),)
    if customers < min_n:
        says = Text(
            f"净消费为正的客户少于 {min_n} 位，基尼系数与头部占比不予给出，请看逐户列表",
            f"Fewer than {min_n} customers with positive net spend: Gini and top shares are withheld; see the "
            "list of accounts",
        )
        return (Note(says, "withheld"),)
    return ()


ANALYSIS = Analysis(
    name="concentration",
    title=Text("客户集中度", "Concentration"),
    question=Text(
        "收入有多少依赖少数客户，是哪些客户？", "How much of the revenue rests on few customers, and on whom?"
    ),
    section="structure",
    params=Params,
    run=run,
    text=TEXT,
    reads=("purchases",),
    order=30,
)
