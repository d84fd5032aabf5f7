"""Scores of customers and their sums by RFM class, with the mean interval of each group."""

from __future__ import annotations

from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.models.clv.candidates import made
from keguan.models.clv.cells import Clock
from keguan.models.clv.fitting import Today
from keguan.models.clv.margin import Margin
from keguan.models.clv.scorer import COLUMNS, DIRECTIONS, scorer
from keguan.models.clv.sql import features
from keguan.result import Column, Relation, Table

GROUPS = (
    Column("label", Text("RFM 类别", "RFM class"), "label", role="key", vocabulary="rfm_class"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column(
        "alive", Text("预计仍活跃", "Expected alive"), "number", 0,
        note=Text("P(活跃) 之和；不用 BG/NBD 计算", "sum of P(alive); never from BG/NBD"),
    ),
    Column("purchases", Text("12 个月预测购买", "Purchases in 12 months"), "number", 0),
    Column("history", Text("迄今价值", "Value to date"), "money"),
    Column("clv_12", Text("12 个月价值", "Value in 12 months"), "money"),
    Column(
        "low", Text("下限", "Low"), "money", role="low",
        note=Text("均值区间 95%：只含参数的误差", "mean interval, 95%: errors of the parameters alone"),
    ),
    Column("high", Text("上限", "High"), "money", role="high"),
    Column("clv_36", Text("36 个月价值", "Value in 36 months"), "money"),
    Column("low_36", Text("下限（36）", "Low (36)"), "money", role="low"),
    Column("high_36", Text("上限（36）", "High (36)"), "money", role="high"),
    Column("total", Text("迄今与 36 个月合计", "To date and 36 months"), "money"),
    Column("mean", Text("人均 12 个月价值", "12 months each"), "money"),
)  # fmt: skip
_SUMS = ", ".join(
    f"sum(CAST({name}{at} AS DECIMAL(18, 6))) AS {name}{at}"
    for name in ("a", "b")
    for at in range(1, DIRECTIONS + 1)
)


def scored_view(inputs: Inputs, now: Today, margin: Margin, time: Clock, discount: float) -> str:
    """The name of the view of scores."""
    histories, spending = now.cells.histories, now.spending
    alive = None if now.alive is None else made(now.alive, now.fits[now.alive].estimates)
    last = (histories.last * time.days).round()  # back to days, which two decimals of a unit tell apart
    score = scorer(
        (histories.repeats, last, now.cells.ages), now.model, now.moved, alive,
        spending.spend, spending.moved, time, discount,
    )  # fmt: skip
    numbers = [f"{key}={value:.10g}" for fit in now.fits.values() for key, value in fit.values.items()]
    spend = f"p={spending.spend.p:.10g}, q={spending.spend.q:.10g}, gamma={spending.spend.gamma:.10g}"
    method = f"clv.scorer: {now.name} ({', '.join(numbers)}), spend ({spend}), {discount:g} a year"
    return inputs.scored(
        "clv", features(margin.rate, margin.credit), score, COLUMNS, method=method, until=inputs.as_of
    )


def _money(name: str) -> str:
    return f"sum(CAST({name} AS DECIMAL(18, 4))) AS {name}"


def group_tables(inputs: Inputs, view: str) -> tuple[Table, Table]:
    """Sums by RFM class, and of all customers."""
    sql = f"""
WITH valued AS (
  SELECT coalesce(s.label, '未分类') AS label, v.*,
         CAST(CAST(f.net_revenue AS DOUBLE) * v.margin AS DECIMAL(18, 4)) AS history
  FROM {view} v
  LEFT JOIN {inputs.segment("rfm")} s ON s.account_no = v.account_no
  LEFT JOIN customer_facts f ON f.account_no = v.account_no
), stacked AS (
  SELECT * FROM valued UNION ALL SELECT '*' AS label, account_no, {", ".join(list(COLUMNS)[1:])}, history FROM valued
)
SELECT label, count(*) AS customers,
       sum(CAST(p_alive AS DECIMAL(18, 6))) AS alive,
       sum(CAST(expected AS DECIMAL(18, 6))) AS purchases,
       sum(history) AS history, {_money("clv_12")}, {_money("clv_36")},
       {_SUMS}
FROM stacked
GROUP BY label
ORDER BY label
"""
    rows = [_group(row, inputs.settings.min_n) for row in inputs.query(sql).to_pylist()]
    rows.sort(key=lambda row: (-row["clv_12"], row["label"]))
    titles = {
        "groups": Text("客户价值：迄今与未来", "Customer value: to date and ahead"),
        "total": Text("全部客户的价值", "Value of all customers"),
    }
    note = Text("未来价值按年率折现", "value ahead is discounted")
    groups, total = (
        inputs.computed(
            id, title, GROUPS, ("label",), [row for row in rows if (row["label"] == "*") is (id == "total")],
            method="clv.value.group_tables", sql=sql, note=note,
        )
        for id, title in titles.items()
    )  # fmt: skip
    return groups, total


TOP = (
    Column("account_no", Text("客户编号", "Customer"), "text", role="key"),
    Column("purchases", Text("12 个月预测购买", "Purchases in 12 months"), "number", 2),
    Column("p_alive", Text("P(活跃)", "P(alive)"), "share", 1),
    Column("spend", Text("预计每次金额", "Expected spend"), "money"),
    Column("clv_12", Text("12 个月价值", "Value in 12 months"), "money"),
    Column(
        "mean_low", Text("均值下限（95%）", "Mean, low (95%)"), "money", role="low",
        note=Text("均值区间：只含参数的误差", "mean interval: errors of the parameters alone"),
    ),
    Column("mean_high", Text("均值上限（95%）", "Mean, high (95%)"), "money", role="high"),
    Column(
        "low", Text("预测下限（80%）", "Prediction, low (80%)"), "money", role="low",
        note=Text("预测区间：该客户自己的购买与金额的变化", "prediction interval: what this customer may do"),
    ),
    Column("high", Text("预测上限（80%）", "Prediction, high (80%)"), "money", role="high"),
    Column("clv_36", Text("36 个月价值", "Value in 36 months"), "money"),
)  # fmt: skip
SHOWN = 20


def top_table(inputs: Inputs, view: str) -> Table:
    """The customers worth most, with both intervals."""
    money = ", ".join(
        f"CAST({name} AS DECIMAL(18, 2)) AS {name}"
        for name in ("spend", "clv_12", "mean_low", "mean_high", "low", "high", "clv_36")
    )
    sql = f"""
SELECT CAST(account_no AS VARCHAR) AS account_no,
       round(CAST(expected AS DOUBLE), 4) AS purchases,
       round(CAST(p_alive AS DOUBLE), 6) AS p_alive,
       {money}
FROM {view}
ORDER BY CAST(clv_12 AS DECIMAL(18, 2)) DESC, account_no
LIMIT {SHOWN}
"""
    return inputs.table(
        "top", Text("预测价值最大的 20 位客户", "The 20 customers worth most"), TOP, ("account_no",), sql
    )


def _group(row: dict[str, Any], least: int) -> dict[str, Any]:
    half, half_36 = (
        1.96 * sum(float(row[f"{name}{at}"] or 0) ** 2 for at in range(1, DIRECTIONS + 1)) ** 0.5
        for name in ("a", "b")
    )
    value, later, history = (float(row[name] or 0) for name in ("clv_12", "clv_36", "history"))
    known = half > 0
    return {
        "label": row["label"], "customers": row["customers"],
        "alive": None if row["alive"] is None else float(row["alive"]),
        "purchases": float(row["purchases"] or 0), "history": history, "clv_12": value,
        "low": value - half if known else None, "high": value + half if known else None,
        "clv_36": later, "low_36": later - half_36 if known else None, "high_36": later + half_36 if known else None,
        "total": history + later, "mean": value / row["customers"] if row["customers"] >= least else None,
    }  # fmt: skip


CLASSES = ("高CLV", "中CLV", "低CLV", "负CLV")


def relation(view: str) -> Relation:
    """The class of each customer by expected value: the top fifth, the next three tenths, the rest."""
    return Relation(
        "clv", Text("客户生命周期价值", "Customer lifetime value"),
        f"""
WITH ranked AS (
  SELECT account_no, CAST(clv_12 AS DECIMAL(18, 2)) AS value,
         rank() OVER (ORDER BY CAST(clv_12 AS DECIMAL(18, 2)) DESC) AS place,
         count(*) OVER () AS customers
  FROM {view}
)
SELECT account_no,
       CASE WHEN value < 0 THEN '负CLV'
            WHEN value = 0 THEN '低CLV'
            WHEN 5 * (place - 1) < customers THEN '高CLV'
            WHEN 2 * (place - 1) < customers THEN '中CLV'
            ELSE '低CLV' END AS label,
       CAST(value AS VARCHAR) AS score
FROM ranked""",
        vocabulary="clv_class",
    )  # fmt: skip
