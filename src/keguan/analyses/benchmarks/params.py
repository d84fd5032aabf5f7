"""For which kind of company ranges are meant, and the months that own figures are taken from."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param


@dataclass(frozen=True)
class Params:
    """For which kind of company ranges are meant, and the months that own figures are taken from."""

    window_months: int = param(12, "本企业数字取近几个月", "own figures are of the last so many months")
    population: str = param(
        "auto",
        "企业类型或行业，对照区间的适用对象；auto 为按客户与经营类型判断",
        "kind of company or industry, held against the population of a range; auto: from customers and kind of business",
    )
