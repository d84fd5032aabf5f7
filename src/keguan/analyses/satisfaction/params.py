"""Which answers are looked at, and which question is about the whole."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Which answers are looked at, and which question is about the whole."""

    window_months: int = param(12, "统计窗口（月）", "window, months")
    overall_words: str = param(
        "总体,整体,总的,推荐,容易解决,overall,recommend,easy",
        "题目含这些词之一时算总体评价（逗号分隔）",
        "words that mark a question about the whole, comma-separated",
    )
    outcome_words: str = param(
        "信任,信赖,放心,继续,续约,续费,再次购买,回购,还会,忠诚,trust,continue,renew,buy again,loyal",
        "题目含这些词之一时是结果，不是服务的环节（逗号分隔）",
        "words that mark a question about an outcome, no part of the service, comma-separated",
    )
    patience_days: int = param(
        14, "发出多少天后的邀请才计回收率", "days before an invitation counts as unanswered"
    )
    top: int = param(12, "每个维度列出几个取值", "values listed for each dimension")
