"""The use case 'experiment design': how many units a test needs, how long it takes, which difference it finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

from keguan.analysis import Analysis
from keguan.app.flat_table import wrong
from keguan.app.result_rows import arrow
from keguan.core.text import Text
from keguan.evidence.statistics.sample_size import (
    ALPHA,
    POWER,
    cohens_h,
    design_effect,
    smallest_mean,
    smallest_share,
    units_for_mean,
    units_for_share,
)
from keguan.result import Cell, Claim, Column, Note, Result, Table

WEEK = 7
FACTORS = (0.5, 0.75, 1.0, 1.5, 2.0)  # differences beside the one asked for
MOST_UNITS = 10**11
LONGEST = 56  # days from which a test outlives cookies, seasons and patience


@dataclass(frozen=True, slots=True)
class Design:
    """`rate`: the control's share, or `deviation`: the standard deviation of a mean. `difference`: the smallest that
    matters, absolute; or `units`: all units there are, for the smallest difference that they show. `ratio`: units of each
    arm per unit of control; `arms`: those beside the control; `daily`: units a day."""

    rate: float | None = None
    deviation: float | None = None
    difference: float | None = None
    units: int | None = None
    ratio: float = 1.0
    arms: int = 1
    daily: float | None = None
    cluster_size: float = 1.0
    icc: float = 0.0
    alpha: float = ALPHA
    power: float = POWER

    def __post_init__(self) -> None:
        one_of = Text("两者给一个", "give one of the two")
        if (self.rate is None) == (self.deviation is None):
            raise wrong("--rate, --deviation", Text("占比给对照组的比率，均值给标准差",
                "a share has the control's rate, a mean its deviation"),
                        "", one_of)  # fmt: skip
        if (self.difference is None) == (self.units is None):
            raise wrong("--difference, --units", Text("要么给最小有意义的差异，要么给现有人数",
                "either the smallest difference that matters or the units"),
                        "", one_of)  # fmt: skip
        _within("--rate", self.rate, 0, 1)
        _within("--icc", self.icc, 0, 1, closed=True)
        _within("--alpha", self.alpha, 0, 0.5, closed=True, zero=False)
        _within("--power", self.power, 0.5, 1)
        for option, value in (
            ("--deviation", self.deviation),
            ("--ratio", self.ratio),
            ("--daily", self.daily),
        ):
            _within(option, value, 0, MOST_UNITS)
        _within("--cluster-size", self.cluster_size, 1, MOST_UNITS, closed=True)
        _within("--arms", self.arms, 1, 50, closed=True)
        _within("--units", self.units, 1, MOST_UNITS)
        if self.difference is not None and not (isfinite(self.difference) and self.difference != 0):
            raise wrong(
                "--difference", Text("差异不能为零", "the difference cannot be zero"), f"{self.difference:g}"
            )
        if self.rate is not None and self.difference is not None:
            _within("--difference", self.rate + self.difference, 0, 1)

    @property
    def level(self) -> float:
        """Significance level of each comparison with the control (Bonferroni 1936)."""
        return self.alpha / self.arms

    @property
    def inflation(self) -> float:
        """How many times more units clusters need."""
        return design_effect(self.cluster_size, self.icc)

    @property
    def shares(self) -> float:
        """All units per unit of control."""
        return 1 + self.ratio * self.arms


def _within(
    option: str, value: float | None, low: float, high: float, *, closed: bool = False, zero: bool = True
) -> None:
    if value is None:
        return
    inside = low <= value <= high if closed else low < value < high
    if not isfinite(value) or not inside or (not zero and value == 0):
        raise wrong(
            option,
            Text("数值超出范围", "the number is out of range"),
            f"{value:g}",
            Text(f"{low:g} 至 {high:g}", f"{low:g} to {high:g}"),
        )


COLUMNS = (
    Column("difference", Text("差异", "Difference"), unit_column="diff_unit", role="key", kept=10),
    Column("relative", Text("相对差", "Relative"), "share", kept=10),
    Column("control_units", Text("对照组", "Control"), "count"),
    Column("arm_units", Text("每个实验组", "Each arm"), "count"),
    Column("units", Text("合计", "All units"), "count"),
    Column("exact", Text("对照组，未进位", "Control, not rounded"), "number", 2, kept=6),
    Column("clusters", Text("合计群数", "All clusters"), "count"),
    Column("days", Text("天数，按整周", "Days, in whole weeks"), "count"),
    Column("asked", Text("所问", "Asked for"), "text"),
    Column("diff_unit", Text("差的单位", "Unit of the difference"), "text"),
)
TEXT = {
    "needs": Text(
        "要发现 {difference} 的差异，对照组需 {control_units}，每个实验组需 {arm_units}，合计 {units}。",
        "To find a difference of {difference}, the control needs {control_units} units and each arm {arm_units}: {units} in all.",
    ),
    "finds": Text(
        "{units} 个样本能发现的最小差异是 {difference}：对照组 {control_units}，每个实验组 {arm_units}。",
        "The smallest difference that {units} units show is {difference}: {control_units} in the control, "
        "{arm_units} in each arm.",
    ),
    "takes": Text("按每天进入的人数，需要 {days} 天（整周）。",
        "With the units that come each day it takes {days} days (whole weeks)."),
}  # fmt: skip


@dataclass(frozen=True)
class NoParams:
    """A design is asked by options, not by parameters."""


DESIGN = Analysis(
    name="experiment_design", title=Text("实验设计", "Design of an experiment"),
    question=Text("需要多少样本？", "How many units does it take?"), section="strategy", params=NoParams,
    run=lambda _inputs, _params: Result("experiment_design"), text=TEXT, reads=(), needs=(),
)  # fmt: skip


def plan(design: Design) -> Result:
    """Table sizes: the units of the asked difference and of others beside it; or the smallest difference."""
    asked = design.difference if design.difference is not None else _smallest(design)
    if asked is None:
        text = Text("现有人数太少，多大的差异都发现不了", "The units are too few to show any difference")
        return Result("experiment_design", notes=(Note(text, "withheld"),))
    rows = [row for factor in FACTORS if (row := _row(design, asked, factor)) is not None]
    table = Table(
        "sizes", Text("样本数与差异", "Units and differences"), COLUMNS, arrow(rows, COLUMNS), ("difference",),
        method="evidence.statistics.sample_size",
        note=Text(f"双侧 {design.alpha:.3g}，功效 {design.power:.0%}", f"two-sided {design.alpha:.3g}, power {design.power:.0%}"),
    )  # fmt: skip
    return Result(
        "experiment_design", (table,), claims=tuple(_claims(design, table.records())), notes=tuple(_notes(design, rows)),
        params={name: getattr(design, name) for name in Design.__slots__},
    )  # fmt: skip


def _row(design: Design, asked: float, factor: float) -> dict[str, Any] | None:
    difference = asked * factor
    control = _control(design, difference)
    if control is None:
        return None
    exact = control * design.inflation
    if factor == 1 and design.units is not None:
        exact = design.units / design.shares
    # Ends of a halving, not of the formula: a hair above a whole number is that number.
    sizes = ceil(exact - 1e-6), ceil(exact * design.ratio - 1e-6)
    total = sizes[0] + design.arms * sizes[1]
    days = None if design.daily is None else ceil(ceil(total / design.daily) / WEEK) * WEEK
    share = design.rate is not None
    return {
        "difference": difference, "relative": difference / design.rate if design.rate else None,
        "control_units": sizes[0], "arm_units": sizes[1], "units": total, "exact": exact, "days": days,
        "clusters": ceil(total / design.cluster_size) if design.cluster_size > 1 else None,
        "asked": "*" if factor == 1 else None, "diff_unit": "points" if share else "number",
    }  # fmt: skip


def _control(design: Design, difference: float) -> float | None:
    """Units of the control, each on its own; None where no test of a size that exists finds the difference."""
    if design.rate is None:
        assert design.deviation is not None  # one of the two is there
        return units_for_mean(difference / design.deviation, design.ratio, design.level, design.power)
    if not 0 < design.rate + difference < 1:
        return None
    h = cohens_h(design.rate + difference, design.rate)
    return units_for_share(h, design.ratio, design.level, design.power)


def _smallest(design: Design) -> float | None:
    assert design.units is not None  # difference or units is there
    control = design.units / design.shares / design.inflation
    if control < 2 or control * design.ratio < 2:
        return None
    if design.rate is not None:
        return smallest_share(design.rate, control, design.ratio, design.level, design.power)
    found = smallest_mean(control, design.ratio, design.level, design.power)
    return None if found is None or design.deviation is None else found * design.deviation


def _claims(design: Design, rows: Sequence[dict[str, Any]]) -> Iterator[Claim]:
    (row,) = (row for row in rows if row["asked"])
    key = {"difference": row["difference"]}
    names = ("difference", "control_units", "arm_units", "units")
    base = Text("计划的样本", "planned units")
    yield Claim(
        "needs" if design.units is None else "finds", "experiment_design/size",
        {name: Cell("sizes", key, name) for name in names}, n=row["units"], base=base, strength="estimate",
    )  # fmt: skip
    if row["days"] is not None:
        yield Claim("takes", "experiment_design/days", {"days": Cell("sizes", key, "days")}, n=row["units"], base=base,
                    strength="estimate")  # fmt: skip


def _notes(design: Design, rows: Sequence[dict[str, Any]]) -> Iterator[Note]:
    yield Note(Text("开始前定下：一个主要指标、看一次还是随时看（--sequential）、各组比例；人数够了才下结论",
                    "Declare before the start: one primary metric, one look or any time (--sequential), the split; conclude when "
                    "the units are there"))  # fmt: skip
    if design.arms > 1:
        yield Note(Text(f"{design.arms} 个实验组：每次比较用 {design.level:.4g}（Bonferroni）",
                        f"{design.arms} arms: each comparison at {design.level:.4g} (Bonferroni)"))  # fmt: skip
    if design.cluster_size > 1:
        yield Note(
            Text(
                f"整群分组：人数乘以设计效应 {design.inflation:.3g}",
                f"Clusters: units times the design effect of {design.inflation:.3g}",
            )
        )
    if design.ratio != 1:
        lost = 1 - 4 * design.ratio / (1 + design.ratio) ** 2
        yield Note(Text(f"各组不等：与相等分组相比，同样的两组人数少 {lost:.0%} 的信息",
                        f"Unequal arms: the same units of two arms tell {lost:.0%} less than equal arms"))  # fmt: skip
    if any(row["asked"] and row["days"] and row["days"] > LONGEST for row in rows):
        yield Note(Text(f"超过 {LONGEST} 天：换更灵敏的指标、用事前数据（--covariate），或接受更大的差异",
                        f"More than {LONGEST} days: take a metric that responds sooner, figures of before (--covariate), or "
                        "settle for a larger difference"), "warning")  # fmt: skip
