"""What is said about lifetime value: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.core.text import Text
from keguan.result import Cell, Claim, Computed, Note, Result

BASE = Text("有购买的客户", "customers with a purchase")
TESTED = Text("校准期内首购的客户", "customers of the calibration")
MODELS = ("BG/NBD", "MBG/NBD", "Pareto/NBD")

TEXT: Mapping[str, Text] = {
    "backtest": Text(
        "回测：只用 {end} 及以前的购买，{method} 预测此后 {days} 天的购买 {expected} 次，实际 {actual} 次，总量偏差 {bias}；"
        "平均泊松偏差 {deviance}，简单规则中最小的为 {rule_deviance}（{rule}）（n={n}，{base}）。",
        "Back-test: from purchases up to {end} alone, {method} expects {expected} purchases in the {days} days after; "
        "{actual} were made, a bias of {bias} in the total. Mean Poisson deviance {deviance}, the smallest of the simple "
        "rules {rule_deviance} ({rule}) (n={n}, {base}).",
    ),
    "rule": Text(
        "回测中没有模型胜过简单规则：{rule} 的平均泊松偏差为 {rule_deviance}，各模型中最小的为 {deviance}（{method}），"
        "因此采用该规则（n={n}，{base}）。",
        "No model beats the simple rules in the back-test: mean Poisson deviance {rule_deviance} for {rule}, {deviance} for the "
        "best model ({method}). The rule is used (n={n}, {base}).",
    ),
    "capture": Text(
        "按 {method} 排在前 10% 的客户，做了检验期 {capture} 的购买（n={n}，{base}）。",
        "The tenth of customers ranked first by {method} made {capture} of the hold-out's purchases (n={n}, {base}).",
    ),
    "total": Text(
        "现有客户未来 12 个月的预测价值为 {value}，参数误差下的 95% 区间为 {low} 至 {high}；36 个月为 {value_36}。"
        "以{basis}计，年折现率 {discount}（n={n}，{base}）。",
        "Present customers are expected to be worth {value} in the next 12 months (95% interval of the parameters' errors: "
        "{low} to {high}) and {value_36} in 36 months, counted in {basis} and discounted at {discount} a year (n={n}, {base}).",
    ),
    "total_rule": Text(
        "按简单规则，现有客户未来 12 个月的预测价值为 {value}，36 个月为 {value_36}。"
        "以{basis}计，年折现率 {discount}（n={n}，{base}）。",
        "By the simple rule present customers are expected to be worth {value} in the next 12 months and {value_36} in 36 "
        "months, counted in {basis} and discounted at {discount} a year (n={n}, {base}).",
    ),
    "alive": Text(
        "按各自的购买历史，预计仍会购买的客户为 {alive} 位（n={n}，{base}）。",
        "By their own histories {alive} customers are expected to be still active (n={n}, {base}).",
    ),
    "group": Text(
        "「{label}」客户未来 12 个月的预测价值为 {value}，占全部客户的 {share}，人均 {mean}（n={n}，{base}）。",
        "Customers of class {label} are expected to be worth {value} in the next 12 months, {share} of all, {mean} each "
        "(n={n}, {base}).",
    ),
}  # fmt: skip


def clv_claims(result: Result, least: int) -> tuple[Claim, ...]:
    """Sentences on the back-test, and on the value where it was computed."""
    tested = next(iter(result.table("settings")))
    claims = [*_tested(result, tested)] if tested["customers"] >= least else []
    if result.has("total") and len(result.table("total").rows):
        claims += _valued(result, tested, least)
    return tuple(claims)


def _tested(result: Result, setting: Mapping[str, Any]) -> list[Claim]:
    rows = list(result.table("backtest"))
    used = rows[0]["method"]
    rule = next(row["method"] for row in rows if row["method"] not in MODELS)
    model = used if used in MODELS else next((r["method"] for r in rows if r["method"] in MODELS), used)
    key, other, end = {"method": model}, {"method": rule}, {"method": setting["method"]}
    values = {
        "deviance": Cell("backtest", key, "deviance"),
        "rule_deviance": Cell("backtest", other, "deviance"),
    }
    labels = {"method": (model, "clv_method"), "rule": (rule, "clv_method")}
    n = setting["customers"]
    if used not in MODELS:
        return [
            Claim(says="rule", key="clv/rule", values=values, labels=labels, n=n, base=TESTED, topic="clv_backtest",
                  summary=False, certainty=0.9)
        ]  # fmt: skip
    bound = {
        "end": Cell("settings", end, "calibration_end"), "days": Cell("settings", end, "days"),
        **{name: Cell("backtest", key, name) for name in ("expected", "actual", "bias")},
    }  # fmt: skip
    claims = []
    if rows[0]["bias"] is not None:
        claims.append(
            Claim(says="backtest", key="clv/backtest", values=values | bound, labels=labels, n=n, base=TESTED,
                  topic="clv_backtest", summary=False, certainty=0.9, figure="tracking")
        )  # fmt: skip
    if rows[0]["capture"] is not None and n >= 200:
        claims.append(
            Claim(says="capture", key="clv/capture", values={"capture": Cell("backtest", key, "capture")},
                  labels={"method": labels["method"]}, n=n, base=TESTED, topic="clv_capture", summary=False,
                  certainty=0.8, figure="deciles")
        )  # fmt: skip
    return claims


def _valued(result: Result, setting: Mapping[str, Any], least: int) -> list[Claim]:
    groups = {row["label"]: row for row in result.table("groups")}
    whole, every = next(iter(result.table("total"))), {"label": "*"}
    if whole["customers"] < least:
        return []
    rule = whole["low"] is None
    names = {"value": "clv_12", "value_36": "clv_36"} | ({} if rule else {"low": "low", "high": "high"})
    discount = Cell("settings", {"method": setting["method"]}, "discount")
    claims = [
        Claim(
            says="total_rule" if rule else "total", key="clv/total",
            values={name: Cell("total", every, column) for name, column in names.items()} | {"discount": discount},
            labels={"basis": (setting["basis"], "clv_basis")},
            n=whole["customers"], base=BASE, strength="forecast", topic="clv_total", money=max(0.0, float(whole["clv_12"])),
            certainty=0.6, figure="groups",
        )
    ]  # fmt: skip
    if whole["alive"] is not None:
        claims.append(
            Claim(says="alive", key="clv/alive", values={"alive": Cell("total", every, "alive")},
                  n=whole["customers"], base=BASE, strength="estimate", topic="clv_alive", summary=False)
        )  # fmt: skip
    shown = [
        r for r in groups.values() if r["label"] != "未分类" and r["mean"] is not None and r["clv_12"] > 0
    ]
    for row in shown[:1]:
        if whole["clv_12"] > 0:
            claims.append(_group(row["label"], row["customers"]))
    return claims


def _group(label: str, customers: int) -> Claim:
    key = {"label": label}
    value = Cell("groups", key, "clv_12")
    share = Computed("share", value, Cell("total", {"label": "*"}, "clv_12"), "share", 1)
    return Claim(
        says="group", key=f"clv/group/{label}",
        values={"value": value, "share": share, "mean": Cell("groups", key, "mean")},
        labels={"label": (label, "rfm_class")}, n=customers,
        base=Text("该类客户", "customers of the class"), strength="forecast", topic="clv_class", summary=False,
        about=("rfm", label), figure="groups",
    )  # fmt: skip


def no_customers() -> Note:
    """There is nobody to forecast."""
    return Note(Text("没有带客户编号的购买", "There is no purchase with a customer id"), "missing")


def too_few(least: int) -> Note:
    """Too few customers came back for a fit and its test."""
    return Note(
        Text(
            f"校准期内重复购买的客户不足 {least} 位，或历史太短，无法拟合并检验，未预测客户价值",
            f"Fewer than {least} customers bought again in the calibration, or the history is too short: nothing can be fitted "
            "and tested, so no value is forecast",
        ),
        "withheld",
    )  # fmt: skip


NO_SPEND = Note(
    Text("重复购买没有正的净销售额，未预测客户价值", "Repeat purchases have no positive net revenue: no value is forecast"),
    "withheld",
)  # fmt: skip
RENEWAL = Note(
    Text(
        "疑似自动续费：购买间隔不代表客户的选择，未预测客户价值（可用 despite_renewal 照算）",
        "Purchases look like automatic renewals: gaps are no choice of the customer, so no value is forecast "
        "(despite_renewal computes it all the same)",
    ),
    "info",
)  # fmt: skip
GROUPS_ONLY = Note(
    Text(
        "重复购买的客户不足 200 位，只给合计，不给单个客户的价值",
        "Fewer than 200 customers bought again: totals of groups alone, no value of a single customer",
    ),
    "withheld",
)  # fmt: skip
CORRELATED = Note(
    Text(
        "购买次数与每次金额的相关系数绝对值超过 0.3，Gamma-Gamma 的前提不成立，改用经验贝叶斯均值",
        "Number and value of purchases correlate by over .3 in absolute terms, against what Gamma-Gamma supposes: the "
        "empirical-Bayes mean is used",
    ),
    "warning",
)  # fmt: skip
NO_SPEND_MAXIMUM = Note(
    Text(
        "Gamma-Gamma 的似然没有极大值（例如每次金额都相同），改用经验贝叶斯均值",
        "The likelihood of Gamma-Gamma has no maximum (amounts that never vary, for one): the empirical-Bayes mean is used",
    ),
    "warning",
)  # fmt: skip
SHORT = Note(
    Text(
        "历史短于预测期 12 个月，预测超出了观察到的时间",
        "The history is shorter than the 12 months forecast: the forecast reaches past what was observed",
    ),
    "warning",
)  # fmt: skip
REVENUE = Note(
    Text(
        "有成本的销售额不足一半，价值以净销售额计；导入成本后以毛利计",
        "Cost is known for less than half of revenue, so value is counted in net revenue; import costs to count it in margin",
    ),
    "info",
)  # fmt: skip


def unfitted(names: str) -> Note:
    """Models without a maximum."""
    return Note(
        Text(
            f"{names} 从多个起点都没有找到极大值，不采用，也不给标准误",
            f"{names}: no maximum was found from several starts; not used, and no standard errors are given",
        ),
        "warning",
    )  # fmt: skip


def at_bound(names: str) -> Note:
    """Parameters that the data do not tell."""
    return Note(
        Text(
            f"{names}：括号中的参数到达搜索边界，数据不能确定它（例如没有人流失）；其余参数在此条件下为极大值，边界参数不给标准误",
            f"{names}: the parameters in brackets ran to their bounds, the data do not tell them (nobody leaves, for one); the "
            "others are a maximum given that, and no standard error is given at a bound",
        ),
        "warning",
    )  # fmt: skip
