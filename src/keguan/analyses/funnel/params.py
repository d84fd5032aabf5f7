"""What is counted as a step, by whom, and how."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Steps, unit, order, dimensions."""

    steps: str = param(
        "",
        "步骤：事件名用逗号分隔，同一步的多个名称用 | 分隔；空为由数据提出",
        "steps: event names parted by commas, names of one step by |; empty: proposed from the data",
    )
    unit: str = param("session", "统计单位", "what is counted", choices=("session", "visitor"))
    count: str = param(
        "deepest",
        "deepest：记录了后面的步骤即算到达前面的步骤；in_order：每一步都须依次有记录",
        "deepest: a later step that is logged counts for the earlier ones; in_order: each step must be logged in turn",
        choices=("deepest", "in_order"),
    )
    window_days: int = param(
        7, "以访客为单位时，从第一步起多少天内", "for visitors: days from the first step that count"
    )
    session_minutes: int = param(
        30, "没有会话编号时，停多少分钟后算新的会话", "minutes of inactivity after which a session ends"
    )
    dimensions: str = param(
        "",
        "维度：device、traffic_source、segment 或其他属性的名称，用逗号分隔；空为自动",
        "dimensions: device, traffic_source, segment or names of properties, parted by commas; empty: found",
    )
