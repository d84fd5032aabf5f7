"""What is asked of a flat table, checked as far as that goes without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from keguan.app.flat_table import wrong
from keguan.core.text import Text
from keguan.sources import ReadOptions


@dataclass(frozen=True, slots=True)
class Request:
    """Names are those of columns as the file has them. `metrics`: the first one is primary. `split`: weight by arm; none:
    equal. `tuning`: units at which a sequential test is narrowest; None: one look, at the end."""

    file: str
    arm: str
    control: str
    metrics: tuple[str, ...]
    denominator: str | None = None
    covariate: str | None = None
    cluster: str | None = None
    unit: str | None = None
    segment: str | None = None
    split: Mapping[str, float] = field(default_factory=dict)
    alpha: float = 0.05
    tuning: float | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)

    def __post_init__(self) -> None:
        if not self.metrics:
            raise wrong("--metric", Text("没有给出指标", "no metric was given"), "")
        if doubled := sorted({name for name in self.metrics if self.metrics.count(name) > 1}):
            raise wrong(
                "--metric", Text("同一指标给了两次", "the same metric was given twice"), ", ".join(doubled)
            )
        if not 0 < self.alpha <= 0.5:
            raise wrong(
                "--alpha", Text("显著性水平有误", "the significance level is wrong"), f"{self.alpha:g}",
                Text("大于 0、至多 0.5，常用 0.05", "above 0 and at most 0.5, commonly 0.05"),
            )  # fmt: skip
        if self.tuning is not None and not (isfinite(self.tuning) and self.tuning > 0):
            raise wrong("--sequential", Text("样本数有误", "the number of units is wrong"), f"{self.tuning:g}",
                        Text("大于 0 的数", "a number above 0"))  # fmt: skip
        if self.covariate and (self.denominator or self.cluster):
            raise wrong(
                "--covariate", Text("事前数据不能与分母或群组一起用",
                    "figures of before cannot be combined with a denominator or clusters"),
                self.covariate, Text("--covariate 与 --denominator、--cluster 只选其一",
                    "--covariate, or --denominator and --cluster"),
            )  # fmt: skip
        self._each_column_once()

    def _each_column_once(self) -> None:
        used = [
            ("--arm", self.arm), ("--denominator", self.denominator), ("--covariate", self.covariate),
            ("--segment", self.segment), ("--cluster", self.cluster), ("--unit", self.unit),
        ]  # fmt: skip
        for option, name in used:
            if name is not None and name in self.metrics:
                raise wrong(option, Text("这一列已是指标", "this column is a metric already"), name)
        if self.arm in (self.segment, self.cluster, self.unit):
            raise wrong("--arm", Text("这一列已有别的用途", "this column has another use already"), self.arm)
