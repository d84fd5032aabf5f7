"""What a run may be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Step, horizon, how much is back-tested, and how many parts are listed."""

    period: str = param(
        "auto", "期间：auto 为历史满 13 个整月用月，否则用周", "period; auto: months from 13 whole months on, else weeks",
        ("auto", "month", "week"),
    )  # fmt: skip
    horizon: int = param(3, "向前几期", "periods ahead")
    origins: int = param(12, "回测起点数（至少 6）", "origins of the back-test, at least 6")
    better_by: float = param(
        0.05, "误差须比基线小多少才采用", "how much smaller an error must be for the baseline to give way"
    )
    parts: int = param(6, "列出几个类目与地区", "how many categories and regions are listed")
