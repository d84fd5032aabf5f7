"""What a run may be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Window, and how many accounts are listed."""

    window_months: int = param(12, "净消费窗口（月）", "window of net spend, months")
    accounts: int = param(20, "列出的大客户数", "how many of the largest accounts are listed")
