"""How much of the revenue rests on few customers, and on whom?

Method: net spend per customer in the window. Lorenz curve, Gini coefficient and shares of the top customers
over those with positive net spend; 95 % intervals from the customer bootstrap (random groups). The largest
accounts are listed with their change against the window before, their silence and their own rhythm.

Source: Lorenz (1905); Gini (1912); bootstrap: Efron and Tibshirani (1993).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from keguan.analyses.concentration.claims import TEXT, concentration_claims
from keguan.analyses.concentration.columns import (
    ACCOUNT_COLUMNS,
    LORENZ_COLUMNS,
    OVERDUE_COLUMNS,
    SUMMARY_COLUMNS,
    TOP_COLUMNS,
)
from keguan.analyses.concentration.params import Params
from keguan.analyses.concentration.resampling import Resampled, resample
from keguan.analyses.concentration.spend import ACCOUNTS_SQL, CELLS_SQL, GINI_SQL, LORENZ_SQL, TOP_SQL
from keguan.analysis import Analysis, Inputs
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.result import Figure, Note, Result, Table


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: summary, top_shares, lorenz, accounts, overdue."""
    since = window_start(inputs.as_of, params.window_months)
    row = inputs.query(GINI_SQL, from_day=since).to_pylist()[0]
    enough = int(row["customers"]) >= inputs.settings.min_n
    bootstrap = resample(inputs.query(CELLS_SQL, from_day=since)) if enough else None
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
        claims=concentration_claims(result, enough, params.window_months),
        notes=_notes(inputs, int(row["customers"])),
    )


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
    reads=("purchases", "customer_facts"),
    order=30,
)
