"""What is asked of a flat table, checked as far as that goes without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from keguan.app.flat_table import wrong
from keguan.core.text import Text
from keguan.models.budget.story import Wishes
from keguan.sources import ReadOptions


@dataclass(frozen=True, slots=True)
class Request:
    """Names are those of columns as the file has them. `total`, `least`, `most`: weekly."""

    file: str
    date: str
    revenue: str
    spend: tuple[str, ...]
    controls: tuple[str, ...] = ()
    total: float | None = None
    least: Mapping[str, float] = field(default_factory=dict)
    most: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    reading: ReadOptions = field(default_factory=ReadOptions)

    def __post_init__(self) -> None:
        if not self.spend:
            raise wrong("--spend", Text("没有给出投放列", "no column of spend was given"), "")
        named = [("--date", self.date), ("--revenue", self.revenue)]
        named += [("--spend", name) for name in self.spend] + [("--control", name) for name in self.controls]
        seen: set[str] = set()
        for option, name in named:
            if name in seen:
                raise wrong(option, Text("同一列用了两次", "a column is used twice"), name)
            seen.add(name)
        if self.total is not None and not (isfinite(self.total) and self.total > 0):
            raise wrong("--total", Text("总预算有误", "the total is wrong"), f"{self.total:g}",
                        Text("大于 0 的数，每周", "a number above 0, a week"))  # fmt: skip
        for option, limits in (("--min", self.least), ("--max", self.most)):
            for name in limits:
                if name not in self.spend:
                    raise wrong(
                        option,
                        Text("不是投放列", "no column of spend"),
                        name,
                        Text(", ".join(self.spend), ", ".join(self.spend)),
                    )
        for name, least in self.least.items():
            if least > self.most.get(name, least):
                raise wrong("--min", Text("下限高于上限", "the least is above the most"), name)
        if self.total is not None and sum(self.least.values()) > self.total:
            raise wrong(
                "--min",
                Text("下限之和超过总额", "the least together are above the total"),
                f"{sum(self.least.values()):g}",
            )
        if self.seed < 0:
            raise wrong(
                "--seed",
                Text("随机种子有误", "the seed is wrong"),
                str(self.seed),
                Text("0 或正整数", "0 or above"),
            )

    @property
    def wishes(self) -> Wishes:
        """Total and limits."""
        return Wishes(self.total, self.least, self.most, self.seed)


def limits(given: Sequence[str], option: str) -> dict[str, float]:
    """'tv=5000' as an amount by column. UsageError for anything else."""
    made: dict[str, float] = {}
    for item in given:
        name, sign, amount = item.rpartition("=")
        try:
            value = float(amount)
        except ValueError:
            value = -1.0
        if not sign or not name.strip() or not isfinite(value) or value < 0:
            raise wrong(
                option,
                Text("写法有误", "not well formed"),
                item,
                Text("列=每周金额，如 tv=5000", "column=weekly amount, such as tv=5000"),
            )
        made[name.strip()] = value
    return made
