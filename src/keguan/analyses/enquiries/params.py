"""Parameters of the analysis."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """What is looked at, and when an answer is soon."""

    window_months: int = param(12, "统计窗口（月）", "window, months")
    within_days: int = param(7, "按多少天内答复比较", "days within which an answer is counted")
    adopted_words: str = param(
        "采纳,采用,已改进,adopted,implemented", "处理结果含这些词时算采纳（逗号分隔）",
        "words of an outcome that mean adopted, comma-separated",
    )  # fmt: skip
    refused_words: str = param(
        "未采,不采,暂不,not adopted,rejected", "处理结果含这些词时不算采纳（逗号分隔）",
        "words of an outcome that mean not adopted, comma-separated",
    )  # fmt: skip
    top: int = param(12, "每个维度列出几个取值", "values listed for each dimension")
