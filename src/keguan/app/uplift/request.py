"""What is asked of a flat table, checked as far as that goes without it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite

from keguan.app.flat_table import wrong
from keguan.core.text import Text
from keguan.models.uplift.held_out import Stakes
from keguan.sources import ReadOptions

POSITIVE = Text("大于 0 的数", "a number above 0")
SHARE = Text("大于 0、小于 1", "above 0 and below 1")


@dataclass(frozen=True, slots=True)
class Request:
    """Names are those of columns as the file has them. `features`: none means all columns that are neither arm nor metric.
    `probability`: planned share of the treated among both arms."""

    file: str
    arm: str
    treatment: str
    control: str
    metric: str
    features: tuple[str, ...] = ()
    margin: float | None = None
    contact_cost: float | None = None
    depth: float | None = None
    probability: float | None = None
    seed: int = 1
    reading: ReadOptions = field(default_factory=ReadOptions)

    def __post_init__(self) -> None:
        if self.treatment.strip() == self.control.strip():
            raise wrong(
                "--treatment",
                Text("实验组与对照组相同", "treatment and control are the same"),
                self.treatment,
            )
        if self.arm == self.metric:
            raise wrong(
                "--metric",
                Text("指标不能是组别列", "the metric cannot be the column of the arm"),
                self.metric,
            )
        for name in self.features:
            if name in (self.arm, self.metric):
                raise wrong(
                    "--feature", Text("组别列和指标不能作特征", "arm and metric are no features"), name
                )
            if self.features.count(name) > 1:
                raise wrong("--feature", Text("同一特征给了两次", "the same feature was given twice"), name)
        self._numbers()

    def _numbers(self) -> None:
        if self.contact_cost is not None and self.margin is None:
            raise wrong("--contact-cost", Text("有成本而没有单位收益，无法比较", "a cost without a margin cannot be compared"),
                        f"{self.contact_cost:g}", Text("同时给 --margin：结果每多 1 值多少",
                            "give --margin too: what an outcome of 1 more is worth"))  # fmt: skip
        if self.margin is not None and not (isfinite(self.margin) and self.margin > 0):
            raise wrong("--margin", Text("单位收益有误", "the margin is wrong"), f"{self.margin:g}", POSITIVE)
        if self.contact_cost is not None and not (isfinite(self.contact_cost) and self.contact_cost >= 0):
            raise wrong("--contact-cost", Text("接触成本有误", "the contact cost is wrong"), f"{self.contact_cost:g}",
                        Text("不小于 0 的数", "0 or a number above it"))  # fmt: skip
        if self.depth is not None and not 0 < self.depth <= 1:
            raise wrong("--depth", Text("接触比例有误", "the share to contact is wrong"), f"{self.depth:g}",
                        Text("大于 0、至多 1，如 0.3", "above 0 and at most 1, such as 0.3"))  # fmt: skip
        if self.probability is not None and not 0 < self.probability < 1:
            raise wrong("--probability", Text("分到实验组的概率有误", "the probability of being treated is wrong"),
                        f"{self.probability:g}", SHARE)  # fmt: skip
        if self.seed < 0:
            raise wrong(
                "--seed",
                Text("随机种子有误", "the seed is wrong"),
                str(self.seed),
                Text("0 或正整数", "0 or above"),
            )

    @property
    def stakes(self) -> Stakes:
        """What contacts cost and bring."""
        return Stakes(self.margin, self.contact_cost or 0.0, self.depth)
