"""Columns of the tables about satisfaction."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.marts.change_columns import RATE_SHIFT, Q
from keguan.result import Column

VALUE_NOTE = Text(
    "CSAT 与是/否为百分比，NPS 为 -100 至 100，CES 为 1 至 7 的均值；不同量表不合并",
    "CSAT and yes/no in per cent, NPS from -100 to 100, CES the mean of 1 to 7; scales are never mixed",
)
INTERVAL_NOTE = Text(
    "95% 区间：CSAT 与是/否 Wilson，NPS 校正 Wald（Rocks 2016），CES 正态",
    "95% interval: Wilson for CSAT and yes/no, adjusted Wald for NPS (Rocks 2016), normal for CES",
)
KIND = Column("kind", Text("类别", "Kind"), "label", role="key", vocabulary="feedback_kind")
SCALE = Column("scale", Text("指标", "Measure"), "label", role="key", vocabulary="answer_measure")
DIMENSION = Column(
    "dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="feedback_dimension"
)
VALUE = Column("value", Text("取值", "Value"), "label", role="key", vocabulary="feedback_value")
ANSWERS = Column("answers", Text("回答数", "Answers"), "count",
                 note=Text("每位受访者每期一次", "one per respondent and wave"))  # fmt: skip
RATING = Column("rating", Text("得分", "Result"), "number", 1, note=VALUE_NOTE)
LOW = Column("low", Text("区间下限", "Interval from"), "number", 1, role="low", note=INTERVAL_NOTE)
HIGH = Column("high", Text("区间上限", "Interval to"), "number", 1, role="high")
DIFFERENCE = (
    Column("difference", Text("相差", "Difference"), "number", 1),
    Column("difference_low", Text("相差下限", "Difference, from"), "number", 1,
           note=Text("95% 区间：Newcombe，NPS 校正 Wald，CES Welch", "95%: Newcombe, adjusted Wald, Welch")),
    Column("difference_high", Text("相差上限", "Difference, to"), "number", 1),
)  # fmt: skip

MEASURE_COLUMNS = (
    KIND, SCALE, ANSWERS,
    Column("respondents", Text("受访者", "Respondents"), "count"),
    Column("months", Text("窗口（月）", "Window (months)"), "count"),
    RATING, LOW, HIGH,
    Column("positive", Text("正面", "Positive"), "count",
           note=Text("CSAT 4–5，NPS 9–10，CES 5–7", "CSAT 4-5, NPS 9-10, CES 5-7")),
    Column("negative", Text("负面", "Negative"), "count",
           note=Text("CSAT 1–2，NPS 0–6，CES 1–3", "CSAT 1-2, NPS 0-6, CES 1-3")),
)  # fmt: skip
GROUP_COLUMNS = (KIND, SCALE, DIMENSION, VALUE, ANSWERS, RATING, LOW, HIGH, *DIFFERENCE, Q)
QUESTION_COLUMNS = (
    KIND, SCALE, Column("question", Text("题目", "Question"), "label", role="key", vocabulary="unknown"),
    Column("overall", Text("总体评价", "About the whole"), "text"), ANSWERS, RATING, LOW, HIGH,
)  # fmt: skip
MONTH_COLUMNS = (
    KIND, SCALE, Column("month", Text("月份", "Month"), "month", role="key"), ANSWERS, RATING, LOW, HIGH,
    Column("unfinished", Text("月份不完整", "Month not whole"), "text", role="note"),
)  # fmt: skip
CHANGE_COLUMNS = (
    KIND, SCALE,
    Column("period", Text("最近三个完整月", "Last three whole months"), "text"),
    Column("answers", Text("回答数", "Answers"), "count"),
    RATING,
    Column("before_period", Text("对比期", "Compared with"), "text"),
    Column("before_answers", Text("对比期回答数", "Answers then"), "count"),
    Column("before", Text("对比期得分", "Result then"), "number", 1),
    *DIFFERENCE, Column("p", Text("p 值", "p"), "number", 4),
)  # fmt: skip
SHIFT_COLUMNS = (
    DIMENSION, VALUE,
    Column("since", Text("变化起始月", "Since"), "month"),
    Column("before_n", Text("之前回答", "Answers before"), "count"),
    Column("before", Text("之前正面占比", "Positive before"), "share"),
    Column("after_n", Text("之后回答", "Answers since"), "count"),
    Column("after", Text("之后正面占比", "Positive since"), "share"),
    *RATE_SHIFT,
)  # fmt: skip
DRIVER_COLUMNS = (
    Column("question", Text("题目", "Question"), "text", role="key"),
    SCALE,
    Column("outcome", Text("信任或继续意愿", "Trust or going on"), "text",
           note=Text("是结果，不是服务的环节，句中不提", "an outcome, no part of the service; not named in the sentence")),
    Column("pairs", Text("同时回答两题", "Answered both"), "count"),
    Column("r", Text("与总体评价的等级相关", "Rank correlation with the whole"), "number", 2,
           note=Text("Spearman，区间按 Bonett 与 Wright；关联，不是原因",
                     "Spearman, interval by Bonett and Wright; an association, not a cause")),
    Column("low", Text("区间下限", "Interval from"), "number", 2, role="low"),
    Column("high", Text("区间上限", "Interval to"), "number", 2, role="high"),
    Q,
)  # fmt: skip
RESPONSE_COLUMNS = (
    Column("survey", Text("问卷", "Survey"), "label", role="key", vocabulary="unknown"),
    Column("invited", Text("邀请", "Invitations"), "count"),
    Column("answered", Text("已答", "Answered"), "count"),
    Column("rate", Text("回收率", "Response rate"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low",
           note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
)  # fmt: skip
EXCLUDED_COLUMNS = (
    Column("why", Text("未计入的原因", "Why not counted"), "label", role="key", vocabulary="answer_excluded"),
    Column("answers", Text("回答数", "Answers"), "count"),
)
