"""How sessions are parted, what a conversion is, how far back a source counts."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Sessions, goal, length of paths."""

    goal: str = param(
        "",
        "转化的事件名，多个用 | 分隔；空为按常见名称提出",
        "events that are a conversion, parted by |; empty: found by usual names",
    )
    session_minutes: int = param(
        30, "没有会话编号时，停多少分钟后算新的会话", "minutes of inactivity after which a session ends"
    )
    length: int = param(6, "路径取前几步（2 至 10）", "steps of a path that are told apart (2 to 10)")
    top: int = param(20, "列出几条路径", "how many paths")
    lookback_days: int = param(
        30, "转化之前多少天内的来访算触点", "days before a conversion in which visits count"
    )
