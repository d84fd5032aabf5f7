"""Thresholds of the form of the absolute table, from the company's own quantiles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Any

from keguan.analyses.rfm.classes import ABSOLUTE, ABSOLUTE_LABELS, FACTS, Thresholds, classes_sql
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.result import Column, Table

UNMATCHED_LIMIT = 0.2

PROPOSED_COLUMNS = (
    Column("label", Text("客户类型", "Class"), "label", role="key", vocabulary="rfm_absolute"),
    Column("r_over_days", Text("R 超过（天）", "R over (days)"), "days"),
    Column("r_to_days", Text("R 不超过（天）", "R up to (days)"), "days"),
    Column("f_from", Text("F 不少于", "F at least"), "count"),
    Column("f_below", Text("F 少于", "F under"), "count"),
    Column("m_from", Text("M 不少于", "M at least"), "money"),
    Column("m_below", Text("M 少于", "M under"), "money"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("share", Text("占比", "Share"), "share"),
)


def unmatched_share(inputs: Inputs, bound: Mapping[str, Any]) -> float:
    sql = f"""
WITH {FACTS}
SELECT CAST(sum(CASE WHEN {ABSOLUTE} = '未匹配' THEN 1 ELSE 0 END) AS DOUBLE) / nullif(count(*), 0) AS share
FROM facts
"""
    return float(inputs.query(sql, **bound).to_pylist()[0]["share"] or 0)


def proposed_table(inputs: Inputs, facts: Mapping[str, Mapping[str, Any]], bound: Mapping[str, Any]) -> Table:
    """Thresholds of the same form from the company's own quantiles, and whom they would match."""
    days = [int(facts["R"][p]) for p in ("p25", "median", "p75")]
    low_f = max(2, ceil(facts["F"]["median"]))
    high_f = max(low_f + 1, ceil(facts["F"]["p80"]))
    low_m, high_m = round(facts["M"]["median"], 2), round(facts["M"]["p80"], 2)
    own = Thresholds(
        high_from=inputs.as_of - timedelta(days=days[1]),
        potential_from=inputs.as_of - timedelta(days=days[2]),
        new_from=inputs.as_of - timedelta(days=days[0]),
        high_f=high_f, potential_f=low_f, high_m=high_m, potential_m=low_m,
    )  # fmt: skip
    sql = classes_sql(ABSOLUTE, ABSOLUTE_LABELS)
    used = {**bound, **own.params()}
    counted = {
        row["label"]: row for row in inputs.query(sql, min_n=inputs.settings.min_n, **used).to_pylist()
    }
    rows: list[dict[str, Any]] = [
        {"label": "高价值", "r_to_days": days[1], "f_from": high_f, "m_from": high_m},
        {
            "label": "潜力", "r_over_days": days[1], "r_to_days": days[2], "f_from": low_f, "f_below": high_f,
            "m_from": low_m, "m_below": high_m,
        },
        {"label": "新客户", "r_to_days": days[0], "f_from": 1, "f_below": low_f, "m_below": low_m},
        {"label": "流失风险", "r_over_days": days[2], "f_from": 1, "f_below": low_f, "m_below": low_m},
        {"label": "未匹配"},
    ]  # fmt: skip
    for row in rows:
        row |= {name: counted[row["label"]][name] for name in ("customers", "share")}
    return inputs.computed(
        "proposed", Text("按本企业分位数的建议标准", "Thresholds proposed from own quantiles"), PROPOSED_COLUMNS,
        ("label",), rows, method="rfm.run", sql=sql, min_n=inputs.settings.min_n,
        note=Text(
            "R 取第 25、50、75 百分位，F 和 M 取第 50、80 百分位",
            "R at its 25th, 50th and 75th percentile, F and M at their 50th and 80th",
        ),
        **used,
    )  # fmt: skip
