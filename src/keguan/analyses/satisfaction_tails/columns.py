"""Columns of the tables about the most and the least satisfied."""

from __future__ import annotations

from typing import Any

from keguan.core.text import Text
from keguan.marts.change_columns import Q
from keguan.result import Column

TAIL_COLUMNS = (
    Column("scope", Text("范围", "Scope"), "label", role="key", vocabulary="tail_scope"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    Column("tail", Text("哪一端", "Tail"), "label", role="key", vocabulary="satisfaction_tail"),
    Column("respondents", Text("受访者", "Respondents"), "count"),
    Column("customers", Text("该端人数", "In the tail"), "count"),
    Column("share", Text("实占", "Real share"), "share",
           note=Text("得分相同的都算在内；超过 35% 的一端不给出均值", "ties are in; the mean of a tail over 35% is withheld")),
    Column("mean", Text("得分均值", "Mean score"), "number", 2,
           note=Text("每人的均值按回答次数向总体均值收缩", "means of persons shrunk by the number of answers")),
)  # fmt: skip


TRAIT_COLUMNS = (
    Column("trait", Text("特征", "Trait"), "label", role="key", vocabulary="tail_trait"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="tail_value"),
    Column("most_n", Text("最满意人数", "Most satisfied with it"), "count"),
    Column("most", Text("占最满意者", "Of the most satisfied"), "share",
           note=Text("只算该特征已知的受访者", "of those whose trait is known")),
    Column("least_n", Text("最不满意人数", "Least satisfied with it"), "count"),
    Column("least", Text("占最不满意者", "Of the least satisfied"), "share"),
    Column("difference", Text("相差", "Difference"), "points",
           note=Text("最不满意减最满意，Newcombe 95% 区间", "least minus most, Newcombe 95% interval")),
    Column("low", Text("区间下限", "Interval from"), "points", role="low"),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Q,
)  # fmt: skip


SPEND_NOTE = Text("以客户为单位的自助法 95% 区间", "customer bootstrap, 95%")


def spend_columns(unit: Any) -> tuple[Column, ...]:
    """Means of both tails in money or times."""
    return (
        Column("trait", Text("特征", "Trait"), "label", role="key", vocabulary="tail_trait"),
        Column("most", Text("最满意者均值", "Mean of the most satisfied"), unit, 2),
        Column("least", Text("最不满意者均值", "Mean of the least satisfied"), unit, 2),
        Column("difference", Text("相差", "Difference"), unit, 2),
        Column("low", Text("区间下限", "Interval from"), unit, 2, role="low", note=SPEND_NOTE),
        Column("high", Text("区间上限", "Interval to"), unit, 2, role="high"),
        Q,
    )


FACT_COLUMNS = (
    Column("scale", Text("指标", "Measure"), "label", role="key", vocabulary="answer_measure"),
    Column("kind", Text("类别", "Kind"), "label", vocabulary="feedback_kind"),
    Column("respondents", Text("受访者", "Respondents"), "count"),
    Column("answers", Text("回答数", "Answers"), "count"),
    Column("mean", Text("总体均值", "Mean of all"), "number", 2),
    Column("weight", Text("收缩权重（次）", "Weight of the mean, answers"), "number", 2,
           note=Text("个人内方差 / 个人间方差", "variance within persons / between them")),
    Column("compared", Text("比较的项数", "Traits compared"), "count"),
)  # fmt: skip
