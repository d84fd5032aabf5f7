"""What a conversion is, how sessions are parted, how many pages are listed."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Goal, sessions, length of lists."""

    goal: str = param(
        "",
        "转化的事件名，多个用 | 分隔；空为按常见名称提出",
        "events that are a conversion, parted by |; empty: found by usual names",
    )
    session_minutes: int = param(
        30, "没有会话编号时，停多少分钟后算新的会话", "minutes of inactivity after which a session ends"
    )
    top: int = param(20, "列出几个页面、几个商品", "how many pages and products")
