"""Columns of the tables."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

MODEL = Column("model", Text("模型", "Model"), "label", vocabulary="renewal_model")
KM_NOTE = Text(
    "Kaplan-Meier，仍在续费者作截尾；区间为 Greenwood(log-log) 95%",
    "Kaplan-Meier, running customers censored; 95% interval by Greenwood, log-log",
)
FIT_COLUMNS = (
    Column("cycle", Text("续费周期（天）", "Cycle (days)"), "count", role="key"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("left", Text("已离开", "Left"), "count"),
    Column("running", Text("仍在续费", "Still renewing"), "count"),
    Column("leaving_rate", Text("每次续费的平均离开率", "Mean rate of leaving at a renewal"), "share"),
    Column("alpha", Text("α", "alpha"), "number", 4),
    Column("beta", Text("β", "beta"), "number", 4),
    Column("log_likelihood", Text("对数似然", "Log-likelihood"), "number", 2),
)
CURVE_COLUMNS = (
    Column("renewal", Text("第几次续费", "Renewal"), "count", role="key"),
    Column("at_risk", Text("到期客户", "Customers asked"), "count"),
    Column("rate", Text("续费率", "Share renewing"), "share"),
    Column("survival", Text("留存率", "Retention"), "share", note=KM_NOTE),
    Column("low", Text("区间下限", "Interval from"), "share", role="low"),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("fitted", Text("模型留存率", "Retention, fitted"), "share", note=Text("移位 beta-几何分布", "shifted beta-geometric")),
    Column("fitted_rate", Text("模型续费率", "Share renewing, fitted"), "share"),
)  # fmt: skip
OUTLOOK_COLUMNS = (
    Column("ahead", Text("今后第几个周期", "Cycles ahead"), "count", role="key"),
    Column("day", Text("日期", "Day"), "date"),
    Column("running", Text("目前续费客户", "Renewing now"), "count"),
    Column("expected", Text("预计仍续费", "Expected to renew still"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    MODEL,
)
BACKTEST_COLUMNS = (
    Column("model", Text("模型", "Model"), "label", role="key", vocabulary="renewal_model"),
    Column("day", Text("当时", "As of"), "date"),
    Column("running", Text("当时续费客户", "Renewing then"), "count"),
    Column("expected", Text("当时预计留下", "Expected then to stay"), "number", 1),
    Column("actual", Text("实际留下", "Stayed"), "count"),
    Column("miss", Text("预计减实际", "Expected minus actual"), "number", 1),
    Column("share", Text("实际留存率", "Share that stayed"), "share"),
)
