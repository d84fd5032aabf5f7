"""What a run may be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """Number of groups, and how many customers are needed."""

    groups: int = param(
        0, "群数，0 为由数据确定（3 至 10）", "number of groups; 0: found from the data, 3 to 10"
    )
    least_customers: int = param(
        300, "少于多少位客户时不分群", "no groups are made of fewer customers than this"
    )
    taste: str = param(
        "auto",
        "是否按购买类目分群：auto 为有类目时使用",
        "whether categories bought count: auto means where they are known",
        ("auto", "yes", "no"),
    )
