"""Sentences and notes of the churn model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from keguan.core.text import Text
from keguan.models.churn.params import Params
from keguan.models.churn.quality import Quality
from keguan.result import Cell, Claim, Note, Result, Test, Value

OFF = 0.05  # calibration error from which the reader is warned
TOLD = 0.05  # log odds from which a segment's driver is worth a sentence
BASES = {
    "orders": Text("此前一个期限内有下单的客户", "customers with an order in the horizon before"),
    "contracts": Text("结局已知的合约", "contracts whose end or standing is known"),
    "running": Text("在网合约", "running contracts"),
    "silent": Text("沉默满一个期限的客户", "customers silent for a horizon"),
}
TEXT: Mapping[str, Text] = {
    "quality": Text(
        "在模型没有见过的 {rows} 个样本上（其中 {events} 个流失），{learner}的 AUC 为 {auc}（DeLong 95% 区间 {low} 至 {high}），"
        "概率最高 10% 的提升度 {lift}，校准误差 {ece}（n={n}，{base}）。",
        "On {rows} rows that the model had not seen ({events} of them churned) {learner} reaches an AUC of {auc} (DeLong 95% "
        "interval {low} to {high}), a lift of {lift} among the 10% with the largest probability, and a calibration error of "
        "{ece} (n={n}, {base}).",
    ),
    "gain": Text(
        "AUC 高于只看一个因素的基线，差 {gain}（DeLong 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The AUC is higher than that of the one-variable baseline, by {gain} (DeLong 95% interval {low} to {high}; n={n}, "
        "{base}).",
    ),
    "baseline": Text(
        "模型的 AUC 与只看一个因素的基线之差为 {gain}（DeLong 95% 区间 {low} 至 {high}），无显著差别，"
        "采用基线（n={n}，{base}）。",
        "The AUC differs from that of the one-variable baseline by {gain} (DeLong 95% interval {low} to {high}), which is not "
        "significant: the baseline is used (n={n}, {base}).",
    ),
    "risk_orders": Text(
        "{customers} 位客户的流失概率达到 {border}，模型预期其中 {leavers} 位在 {horizon} 天内不再下单；"
        "近 {months} 个月净销售额 {money}，为风险金额（未证实可挽回），其中 {unowned} 位没有责任人（n={n}，{base}）。",
        "{customers} customers have a probability of churn of {border} or more; the model expects {leavers} of them to place no "
        "order within {horizon} days; their net revenue of the last {months} months, {money}, is money at risk (not shown to be "
        "savable); {unowned} of them have no owner (n={n}, {base}).",
    ),
    "risk_contracts": Text(
        "{customers} 份在网合约的流失概率达到 {border}，模型预期其中 {leavers} 份流失；{months} 个月的月费 {money}，"
        "为风险金额（未证实可挽回），其中 {unowned} 份没有责任人（n={n}，{base}）。",
        "{customers} running contracts have a probability of churn of {border} or more; the model expects {leavers} of them to "
        "churn; their fees of {months} months, {money}, are money at risk (not shown to be savable); {unowned} of them have "
        "no owner (n={n}, {base}).",
    ),
    "customer_3": Text(
        "账户 {account} 的流失概率为 {probability}，责任人：{owner}；推高概率的是：{reason_1} {value_1}，"
        "{reason_2} {value_2}，{reason_3} {value_3}（n={n}，{base}）。",
        "Account {account} has a probability of churn of {probability}, owner: {owner}; what raises it: {reason_1} "
        "{value_1}; {reason_2} {value_2}; {reason_3} {value_3} (n={n}, {base}).",
    ),
    "customer_1": Text(
        "账户 {account} 的流失概率为 {probability}，责任人：{owner}；推高概率的是：{reason_1} {value_1}（n={n}，{base}）。",
        "Account {account} has a probability of churn of {probability}, owner: {owner}; what raises it: {reason_1} {value_1} "
        "(n={n}, {base}).",
    ),
    "driver": Text(
        "对流失概率影响最大的因素是{driver}，占全部影响的 {weight}；推高概率的取值是「{raises}」"
        "（模型中的关联，非因果；n={n}，{base}）。",
        "{driver} moves the probability of churn most, with {weight} of all influence; the value that raises it is '{raises}' "
        "(an association in the model, no cause; n={n}, {base}).",
    ),
    "segment": Text(
        "{kind}「{segment}」的平均流失概率为 {mean}，比全体推高最多的是「{driver}」"
        "（平均多 {contribution} 对数几率；模型中的关联，非因果；n={n}，{base}）。",
        "{kind} '{segment}' has a mean probability of churn of {mean}; what raises it most against all is {driver} (by "
        "{contribution} log odds on average; an association in the model, no cause; n={n}, {base}).",
    ),
    "natural": Text(
        "{silent} 位沉默满 {silent_days} 天的客户中，{share} 在之后同样长的时间内自行回来"
        "（Wilson 95% 区间 {low} 至 {high}；期间的活动未区分）；挽回的成效应与此对照（n={n}，{base}）。",
        "Of {silent} customers silent for {silent_days} days {share} came back by themselves within as long a time after (Wilson "
        "95% interval {low} to {high}; campaigns of that time not told apart); read any win-back beside it (n={n}, {base}).",
    ),
}  # fmt: skip


def contract_claims(result: Result, params: Params) -> Iterator[Claim]:
    """What is said of contracts."""
    if result.has("contract_backtest"):
        yield from quality_claims(result, "contract_", BASES["contracts"])
    if result.has("contract_levels"):
        labels = {"months": (str(params.money_months), None)}
        yield from risk_claims(result, "contract_", "risk_contracts", BASES["running"], labels)
        yield from customer_claims(result, "contract_", BASES["running"], params.told)
        yield from driver_claims(result, "contract_", BASES["running"], "unknown")


def order_claims(result: Result, params: Params, horizon: int) -> Iterator[Claim]:
    """What is said of customers without contracts."""
    yield from quality_claims(result, "", BASES["orders"])
    if result.has("levels"):
        labels = {"months": (str(params.money_months), None), "horizon": (str(horizon), None)}
        yield from risk_claims(result, "", "risk_orders", BASES["orders"], labels)
        yield from customer_claims(result, "", BASES["orders"], params.told)
        yield from driver_claims(result, "", BASES["orders"], "abc_class")
    yield from natural_claims(result)


def natural_claims(result: Result) -> Iterator[Claim]:
    """How many come back without anything being done."""
    for row in result.table("natural") if result.has("natural") else ():
        at = {"silent_days": row["silent_days"]}
        names = ("silent", "silent_days", "share", "low", "high")
        yield Claim(
            "natural", "churn/natural", {name: Cell("natural", at, name) for name in names}, row["silent"],
            BASES["silent"], strength="estimate", topic="natural_return", summary=False,
        )  # fmt: skip


def quality_claims(result: Result, prefix: str, base: Text) -> Iterator[Claim]:
    """How well it does on rows it has not seen, and against the baseline."""
    table = f"{prefix}backtest"
    rows = result.table(table).records()
    used = next(row for row in rows if row["used"])
    at = {"learner": used["learner"]}
    names = {"rows": "rows", "events": "events", "auc": "auc", "low": "auc_low", "high": "auc_high", "lift": "lift_10",
             "ece": "ece"}  # fmt: skip
    yield Claim(
        "quality", f"churn/{prefix}quality", {name: Cell(table, at, column) for name, column in names.items()},
        used["rows"], base, strength="estimate", labels={"learner": (used["learner"], "churn_learner")},
        summary=False, figure=f"{prefix}calibration",
    )  # fmt: skip
    tried = (
        used if used["learner"] != "rule" else next((row for row in rows if row["learner"] != "rule"), None)
    )
    if tried is None:
        return
    passed = used["learner"] != "rule"
    test = Test("DeLong", passed, low=tried["gain_low"], high=tried["gain_high"])
    cells = {name: Cell(table, {"learner": tried["learner"]}, column)
             for name, column in (("gain", "gain"), ("low", "gain_low"), ("high", "gain_high"))}  # fmt: skip
    says = "gain" if passed else "baseline"
    yield Claim(
        says, f"churn/{prefix}gain", cells, used["rows"], base, strength="tested", test=test, summary=False,
        figure=f"{prefix}calibration",
    )  # fmt: skip


def risk_claims(
    result: Result, prefix: str, says: str, base: Text, labels: Mapping[str, tuple[str, str | None]]
) -> Iterator[Claim]:
    """How many are at high risk, with which money."""
    levels = result.table(f"{prefix}levels")
    at, everybody = {"label": "高"}, sum(row["customers"] for row in levels)
    row = levels.find(at)
    if row is None:
        return
    cells: dict[str, Value] = {
        name: Cell(levels.id, at, name) for name in ("customers", "leavers", "money", "unowned")
    }
    cells["border"] = Cell(f"{prefix}thresholds", at, "border")
    yield Claim(
        says, f"churn/{prefix}risk", cells, everybody, base, strength="forecast", labels=labels, topic="money_at_risk",
        money=float(row["money"]), certainty=0.8, figure=f"{prefix}levels",
    )  # fmt: skip


def customer_claims(result: Result, prefix: str, base: Text, told: int) -> Iterator[Claim]:
    """Why the first on the list are there."""
    n = sum(row["customers"] for row in result.table(f"{prefix}levels"))
    for row in result.table(f"{prefix}list").records()[:told]:
        count = 3 if row["reason_3"] else 1
        if not row["reason_1"]:
            continue
        labels: dict[str, tuple[str, str | None]] = {
            "account": (row["account"], None), "owner": (row["owner"], "record_owner"),
        }  # fmt: skip
        for place in range(1, count + 1):
            labels[f"reason_{place}"] = (row[f"reason_{place}"], "churn_driver")
            labels[f"value_{place}"] = (row[f"value_{place}"], None)
        yield Claim(
            f"customer_{count}", f"churn/{prefix}customer/{row['place']}",
            {"probability": Cell(f"{prefix}list", {"place": row["place"]}, "probability")}, n, base, strength="forecast",
            labels=labels, summary=False, figure=f"{prefix}levels",
        )  # fmt: skip


def driver_claims(result: Result, prefix: str, base: Text, terms: str) -> Iterator[Claim]:
    """What moves probabilities most, and what raises them in each segment."""
    n = sum(row["customers"] for row in result.table(f"{prefix}levels"))
    for row in result.table(f"{prefix}drivers").records()[:1]:
        if row["raises"] is None:
            continue
        yield Claim(
            "driver", f"churn/{prefix}driver", {"weight": Cell(f"{prefix}drivers", {"driver": row["driver"]}, "weight")},
            n, base, strength="estimate", topic=f"{prefix}churn_driver", certainty=0.6, figure=f"{prefix}drivers",
            labels={"driver": (row["driver"], "churn_driver"), "raises": (row["raises"], "churn_raises")},
        )  # fmt: skip
    for row in result.table(f"{prefix}segments"):
        if row["place"] != 1 or row["contribution"] < TOLD:
            continue
        at = {"segment": row["segment"], "place": 1}
        yield Claim(
            "segment", f"churn/{prefix}segment/{row['segment']}",
            {name: Cell(f"{prefix}segments", at, name) for name in ("contribution", "mean")}, row["customers"], base,
            strength="estimate", summary=False, figure=f"{prefix}drivers",
            labels={
                "kind": (terms, "churn_segment_kind"), "segment": (row["segment"], terms),
                "driver": (row["driver"], "churn_driver"),
            },
        )  # fmt: skip


def off_note(quality: Quality) -> Note | None:
    """Where probabilities missed the later day by more than OFF on average, they rank and do not count."""
    if quality.ece <= OFF:
        return None
    predicted = sum(item.rows * item.predicted for item in quality.bins) / quality.rows
    observed = quality.events / quality.rows
    return Note(
        Text(
            f"回测日预测的流失率平均 {predicted:.1%}，实际 {observed:.1%}，校准误差 {quality.ece:.3f}：两段时间的流失率不同"
            "（如季节），概率宜用来排序，人数与金额的预期照此打折",
            f"On the tested day {predicted:.1%} were predicted to churn and {observed:.1%} did, a calibration error of "
            f"{quality.ece:.3f}: churn differs between the two times (seasons, for one); use the probabilities to rank, and "
            "read expected numbers and money with this error",
        ),
        "warning",
    )


def few_note(kind: str, rows: int, events: int) -> Note:
    """Too few to learn from."""
    unit = Text("合约", "contracts") if kind == "contracts" else Text("客户", "customers")
    return Note(
        Text(
            f"{rows} 个{unit.zh}中有 {events} 个流失，太少，不能学习和检验流失概率",
            f"{events} of {rows} {unit.en} churned: too few to learn and test a probability of churn",
        ),
        "withheld",
    )


def given_away_note(names: Sequence[str]) -> Note:
    """Columns that are the outcome under another name."""
    listed = "、".join(names), ", ".join(names)
    return Note(
        Text(
            f"这些列单独就能分出流失与否，疑似流失之后才知道，未用于预测：{listed[0]}",
            f"These columns alone tell who churned and look as if known only after it; they are not used: {listed[1]}",
        ),
        "warning",
    )


def library_note() -> Note:
    """The trees are not installed."""
    says = Text(
        '没有安装 LightGBM，使用逻辑回归；安装：pip install "keguan[ml]"',
        'LightGBM is not installed, logistic regression is used; to install it: pip install "keguan[ml]"',
    )
    return Note(says, "missing")


NO_HORIZON = Note(
    Text(
        "流失期限无法由数据确定，不给出流失概率；用 horizon_days 设定后再运行",
        "The horizon of churn cannot be found from the data, so no probability is given; set it with horizon_days",
    ),
    "withheld",
)
AUTOMATIC = Note(
    Text(
        "没有流失期限：没有带客户的订单，或疑似自动续费；自动续费请导入合约，或用 horizon_days 设定期限",
        "There is no horizon of churn: no orders of customers, or purchases look like automatic renewals; import contracts, or "
        "set horizon_days",
    ),
    "missing",
)


def short_note(horizon: int, days: int) -> Note:
    """The history has no past snapshot to learn from and a later one to test on."""
    return Note(
        Text(
            f"历史 {days} 天，不足三个 {horizon} 天的期限，不能学习和回测，不给出流失概率",
            f"The history of {days} days is shorter than three horizons of {horizon} days: nothing can be learned and "
            "tested, no probability is given",
        ),
        "withheld",
    )


NOTHING = Note(
    Text(
        "没有订单也没有合约；导入任一种即可预测流失",
        "There are neither orders nor contracts; import either to predict churn",
    ),
    "missing",
)
