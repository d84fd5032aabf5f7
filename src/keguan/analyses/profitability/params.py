"""Window, how common costs are shared out, and which kinds of cost are none of serving."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param
from keguan.marts.customer_profit import ALLOCATION_KEYS


@dataclass(frozen=True)
class Params:
    """Window, how common costs are shared out, and which kinds of cost are none of serving."""

    window_months: int = param(12, "窗口（月）", "window, months")
    allocate_by: str = param(
        "orders",
        "未记到客户的成本按什么分摊：orders 订单数、revenue 销售额、lines 购买行数",
        "what costs without a customer are shared out by: orders, revenue, or lines bought",
        ALLOCATION_KEYS,
    )
    left_out: str = param(
        "acquisition,获客,获客成本",
        "不算服务成本的成本类别，逗号分隔",
        "kinds of cost that are no cost to serve, separated by commas",
    )
    listed: int = param(20, "列出多少位客户", "how many customers are listed")

    @property
    def kinds_left_out(self) -> tuple[str, ...]:
        """The kinds left out, one by one."""
        return tuple(kind.strip() for kind in self.left_out.replace("，", ",").split(",") if kind.strip())
