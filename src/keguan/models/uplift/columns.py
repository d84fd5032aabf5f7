"""Columns of the tables, with the definitions that readers see; units follow the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keguan.core.text import Text, Unit
from keguan.result import Column

Kind = Literal["share", "money", "number"]
_LOW, _HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")
QINI = Text(
    "每位客户的增量结果曲线与随机线之间的面积：深度 q 的增量为 q ×（前 q 客户中实验组均值 − 对照组均值），随机线为 q × 平均效果",
    "area between the curve of incremental outcomes per customer and the random line: at depth q the curve is q x (mean of "
    "the treated - mean of the control among the first q), the random line q x effect among all",
)
BOOTSTRAP = Text(
    "95% 区间：每个半数内客户自助法 200 次，取各半数区间端点的中位数（每个按 97.5%）",
    "95% interval: 200 bootstraps of customers in each half, medians of the ends of the halves' intervals (each at 97.5%)",
)
BANDS = Text(
    "95% 区间，同上，并按客群数校正（Bonferroni）",
    "95% intervals as above, corrected for all bands (Bonferroni)",
)


@dataclass(frozen=True)
class Units:
    """Of an outcome: a share of customers, money, or another number."""

    kind: Kind

    @property
    def mean(self) -> Unit:
        """Of a mean."""
        return self.kind

    @property
    def difference(self) -> Unit:
        """Of a difference of means."""
        return "points" if self.kind == "share" else self.kind

    @property
    def precision(self) -> int | None:
        """Printed decimals."""
        return {"share": 2, "money": None, "number": 4}[self.kind]

    def measure(self, name: str, label: Text, note: Text | None = None) -> tuple[Column, Column, Column]:
        """A difference with its interval."""
        return (
            Column(name, label, self.difference, self.precision, note=note),
            Column(f"{name}_low", _LOW, self.difference, self.precision, role="low"),
            Column(f"{name}_high", _HIGH, self.difference, self.precision, role="high"),
        )


RANKING = Column("ranking", Text("排序", "Ranking"), "label", role="key", vocabulary="uplift_ranking")


def arms(units: Units) -> tuple[Column, ...]:
    """Arms as they are."""
    return (
        Column("arm", Text("组别", "Arm"), "text", role="key"),
        Column("n", Text("客户数", "Customers"), "count"),
        Column("expected", Text("按计划应有", "Expected by plan"), "number", 1),
        Column("mean", Text("结果均值", "Mean outcome"), units.mean, units.precision),
        Column("p", Text("人数与计划相符的 p", "p of the planned split"), "number", 4),
    )


def effect(units: Units) -> tuple[Column, ...]:
    """The effect among all."""
    return (
        Column("arm", Text("组别", "Arm"), "text", role="key"),
        Column("n", Text("客户数", "Customers"), "count"),
        Column("mean", Text("实验组均值", "Mean of the treated"), units.mean, units.precision),
        Column("control_mean", Text("对照组均值", "Mean of the control"), units.mean, units.precision),
        *units.measure("diff", Text("平均效果", "Average effect")),
        Column("p", Text("p 值", "p"), "number", 4),
        Column("verdict", Text("结论", "Verdict"), "label", vocabulary="experiment_verdict"),
    )


def features(terms: str | None) -> tuple[Column, ...]:
    """What was known before."""
    return (
        Column(
            "feature", Text("特征", "Feature"), "label" if terms else "text", role="key", vocabulary=terms
        ),
        Column("p", Text("两组相同的 p", "p of being alike in the arms"), "number", 4),
        Column("verdict", Text("处理", "What became of it"), "label", vocabulary="uplift_feature"),
    )


def held_out(units: Units) -> tuple[Column, ...]:
    """Each ranking on customers that it has not seen."""
    return (
        RANKING,
        Column("chosen", Text("被选为模型的次数", "Halves that took it as the model"), "count"),
        Column("depth", Text("接触比例", "Share contacted"), "share", note=Text("在训练数据上选定", "chosen on training data")),
        *units.measure("uplift", Text("其中的效果", "Effect among them"),
            Text("20 个未见过的半数上的均值", "mean over 20 unseen halves")),
        *units.measure("gain", Text("与随机挑同样多客户之差", "Gain over as many at random"), BOOTSTRAP),
        Column("qini", Text("Qini", "Qini"), "number", 5, note=QINI),
        Column("qini_low", _LOW, "number", 5),
        Column("qini_high", _HIGH, "number", 5),
        *units.measure("over_rule", Text("与单变量规则之差", "Over the one-variable rule"), BOOTSTRAP),
    )  # fmt: skip


def halves(units: Units) -> tuple[Column, ...]:
    """Each of the twenty halves."""
    return (
        Column("half", Text("第几个半数", "Half"), "count", role="key"),
        Column("model", Text("模型", "Model"), "label", vocabulary="uplift_ranking"),
        Column("rule", Text("规则", "Rule"), "text"),
        Column("n", Text("未见过的客户", "Unseen customers"), "count"),
        Column("depth", Text("模型的接触比例", "Share contacted by the model"), "share"),
        Column("model_uplift", Text("模型", "Model"), units.difference, units.precision),
        Column("rule_uplift", Text("规则", "Rule"), units.difference, units.precision),
        Column("everybody", Text("全体", "Everybody"), units.difference, units.precision),
    )


def rules(units: Units) -> tuple[Column, ...]:
    """The rules that were chosen, on all customers."""
    return (
        Column("rule", Text("规则", "Rule"), "text", role="key"),
        Column("chosen", Text("被选中的次数", "Halves that chose it"), "count"),
        Column("share", Text("规则内的客户占比", "Share of customers inside"), "share"),
        Column("inside", Text("规则内的效果", "Effect inside"), units.difference, units.precision,
               note=Text("全体客户；规则也是在他们身上选的，所以偏高，未见过的数字见上表",
                         "of all customers; the rule was chosen on them too, so that it comes out too large: unseen ones above")),
        Column("outside", Text("规则外的效果", "Effect outside"), units.difference, units.precision),
    )  # fmt: skip


def bands(units: Units) -> tuple[Column, ...]:
    """Effects from the first to the last tenth."""
    return (
        RANKING,
        Column("band", Text("客群（由先到后）", "Band, best first"), "count", role="key",
               note=Text("模型：十等份；规则：规则内、规则外", "model: tenths; rule: inside and outside")),
        Column("share", Text("客户占比", "Share of customers"), "share"),
        *units.measure("uplift", Text("效果", "Effect"), BANDS),
        Column("verdict", Text("建议", "Advice"), "label", vocabulary="uplift_contact"),
    )  # fmt: skip


WHOM = (
    Column("verdict", Text("建议", "Advice"), "label", role="key", vocabulary="uplift_contact"),
    Column("ranking", Text("排序", "Ranking"), "label", vocabulary="uplift_ranking"),
    Column("bands", Text("客群数", "Bands"), "count"),
    Column("share", Text("客户占比", "Share of customers"), "share"),
)


def curve(units: Units) -> tuple[Column, ...]:
    """Incremental outcomes per customer by depth."""
    return (
        Column("depth", Text("接触比例", "Share contacted"), "share", role="key"),
        *units.measure("model", Text("模型", "Model"), BOOTSTRAP),
        Column("rule", Text("单变量规则", "One-variable rule"), units.difference, units.precision),
        Column("random", Text("随机", "At random"), units.difference, units.precision),
    )


def policies(units: Units) -> tuple[Column, ...]:
    """What each way of choosing brings."""
    unit: Unit = "money" if units.kind == "money" else "number"
    return (
        RANKING,
        Column("depth", Text("接触比例", "Share contacted"), "share"),
        Column("profit", Text("每位客户的收益", "Profit per customer"), unit, 4,
               note=Text("（效果 × 单位收益 − 接触成本）× 接触比例，按全体客户平均；一个也不接触为 0",
                         "(effect x margin - contact cost) x share contacted, over all customers; contacting nobody is 0")),
        Column("profit_low", _LOW, unit, 4, role="low", note=BOOTSTRAP),
        Column("profit_high", _HIGH, unit, 4, role="high"),
        Column("over", Text("模型比它多", "The model over it"), unit, 4),
        Column("over_low", _LOW, unit, 4),
        Column("over_high", _HIGH, unit, 4),
    )  # fmt: skip


TODAY = (
    Column("label", Text("建议", "Advice"), "label", role="key", vocabulary="uplift_contact"),
    Column("customers", Text("今天的客户数", "Customers today"), "count"),
)
