"""Columns of the tables, with the definitions that readers see."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

MONEY = Text("风险金额（未证实可挽回）", "Money at risk (not shown to be savable)")
_LOW, _HIGH = Text("区间下限", "Interval from"), Text("区间上限", "Interval to")
_DELONG = Text("DeLong 95% 区间", "DeLong 95% interval")
_BOYD = Text("Boyd 等 (2013) 95% 区间", "95% interval of Boyd et al. (2013)")

BACKTEST = (
    Column("learner", Text("模型", "Model"), "label", role="key", vocabulary="churn_learner"),
    Column("used", Text("采用", "Used"), "text"),
    Column("rows", Text("未见过的样本", "Held-out rows"), "count"),
    Column("events", Text("其中流失", "Of them churned"), "count"),
    Column("auc", Text("AUC", "AUC"), "number", 4),
    Column("auc_low", _LOW, "number", 4, role="low", note=_DELONG),
    Column("auc_high", _HIGH, "number", 4, role="high"),
    Column("pr_auc", Text("PR-AUC", "PR-AUC"), "number", 4),
    Column("pr_low", _LOW, "number", 4, note=_BOYD),
    Column("pr_high", _HIGH, "number", 4),
    Column(
        "lift_10", Text("前 10% 提升度", "Lift at 10%"), "ratio", 2,
        note=Text("流失率与全体流失率之比", "churn rate over that of all"),
    ),
    Column("lift_20", Text("前 20% 提升度", "Lift at 20%"), "ratio", 2),
    Column("ece", Text("校准误差", "Calibration error"), "number", 4, note=Text("10 个等量分箱", "10 bins of equal counts")),
    Column("brier", Text("Brier 分", "Brier score"), "number", 4),
    Column("gain", Text("AUC 与基线之差", "AUC over the baseline"), "number", 4),
    Column("gain_low", _LOW, "number", 4, note=_DELONG),
    Column("gain_high", _HIGH, "number", 4),
)  # fmt: skip
CALIBRATION = (
    Column("bin", Text("分箱", "Bin"), "count", role="key", note=Text("概率由低到高", "probability from low to high")),
    Column("rows", Text("样本", "Rows"), "count"),
    Column("predicted", Text("预测的流失率", "Predicted churn rate"), "share"),
    Column("observed", Text("实际的流失率", "Observed churn rate"), "share"),
    Column("low", _LOW, "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", _HIGH, "share", role="high"),
)  # fmt: skip
LEVEL = Column("label", Text("流失风险", "Risk of churn"), "label", role="key", vocabulary="churn_level")
THRESHOLDS = (
    LEVEL,
    Column("border", Text("概率从", "Probability from"), "share"),
    Column("miss_cost", Text("漏掉的代价（倍）", "Cost of a miss (times)"), "ratio", 2),
    Column("flagged", Text("回测中标出", "Flagged in the back-test"), "share"),
    Column("precision", Text("标出者中流失", "Churned of those flagged"), "share"),
    Column("caught", Text("流失者中被标出", "Flagged of those churned"), "share"),
    Column("cost", Text("每人代价", "Cost a head"), "number", 4, note=Text("以白联系一位为 1", "one contact in vain is 1")),
    Column("cost_all", Text("全部联系", "All contacted"), "number", 4),
    Column("cost_none", Text("都不联系", "Nobody contacted"), "number", 4),
)  # fmt: skip
LEVELS = (
    LEVEL,
    Column("customers", Text("数量", "Number"), "count"),
    Column("unowned", Text("无责任人", "Without owner"), "count"),
    Column("leavers", Text("预期流失", "Expected to churn"), "number", 1, note=Text("概率之和", "sum of probabilities")),
    Column("mean", Text("平均概率", "Mean probability"), "share"),
    Column("money", MONEY, "money"),
    Column("expected", Text("按概率折算", "Times probability"), "money"),
)  # fmt: skip
OWNER = Column("owner", Text("责任人", "Owner"), "label", vocabulary="record_owner")
BRANCH = Column("branch", Text("分支机构", "Branch"), "label", vocabulary="unknown")
OWNERS = (
    Column("branch", BRANCH.label, "label", role="key", vocabulary="unknown"),
    Column("owner", OWNER.label, "label", role="key", vocabulary="record_owner"),
    Column("high", Text("高流失风险", "High risk"), "count"),
    Column("medium", Text("中流失风险", "Medium risk"), "count"),
    Column("money", MONEY, "money", note=Text("高、中风险合计", "of high and medium risk")),
)  # fmt: skip
ACCOUNT = Column(
    "account", Text("账户", "Account"), "text",
    note=Text("工作区内的客户编号，不含个人信息", "the customer's number in the workspace, no personal data"),
)  # fmt: skip
_REASONS = tuple(
    Column(f"{what}_{n}", Text(f"{zh} {n}", f"{en} {n}"), unit, vocabulary=terms)  # type: ignore[arg-type]
    for n in (1, 2, 3)
    for what, zh, en, unit, terms in (
        ("reason", "推高概率的因素", "Raises it", "label", "churn_driver"),
        ("value", "其取值", "Its value", "text", None),
    )
)
LIST = (
    Column("place", Text("序", "Place"), "count", role="key"),
    ACCOUNT,
    Column("label", LEVEL.label, "label", vocabulary="churn_level"),
    Column("probability", Text("流失概率", "Probability of churn"), "share", 1),
    OWNER, BRANCH,
    Column("money", MONEY, "money"),
    Column("expected", Text("按概率折算", "Times probability"), "money"),
    *_REASONS,
)  # fmt: skip
_ODDS = Text("平均对数几率，相对于全体平均", "mean log odds, against the average of all")
DRIVERS = (
    Column("driver", Text("因素", "Driver"), "label", role="key", vocabulary="churn_driver"),
    Column("weight", Text("占全部影响", "Share of all influence"), "share",
           note=Text("平均绝对对数几率", "mean absolute log odds")),
    Column("raises", Text("推高概率的取值", "Value that raises it"), "label", vocabulary="churn_raises"),
    Column("contribution", Text("该取值的影响", "Influence of that value"), "number", 3, note=_ODDS),
)  # fmt: skip
SEGMENTS = (
    Column("segment", Text("客群", "Segment"), "label", role="key", vocabulary="unknown"),
    Column("place", Text("序", "Place"), "count", role="key"),
    Column("customers", Text("样本", "Rows looked at"), "count"),
    Column("mean", Text("平均概率", "Mean probability"), "share"),
    Column("driver", Text("推高概率的因素", "Raises the probability"), "label", vocabulary="churn_driver"),
    Column("contribution", Text("影响", "Influence"), "number", 3, note=_ODDS),
)  # fmt: skip
STATED = (
    Column("reason", Text("客户说明的原因", "Reason stated"), "text", role="key"),
    Column("named", Text("提到人数", "Named by"), "count"),
    Column("respondents", Text("受访者", "Respondents"), "count"),
)
WIN_BACK = (
    Column("place", Text("序", "Place"), "count", role="key"),
    ACCOUNT, OWNER, BRANCH,
    Column("last_order_on", Text("最近下单", "Last order"), "date"),
    Column("silent_days", Text("未下单（天）", "Silent for (days)"), "days", 0),
    Column("money", MONEY, "money", note=Text("最近下单前 12 个月的净销售额", "net revenue of the 12 months to the last order")),
)  # fmt: skip
CONTRACT_WIN_BACK = (
    Column("place", Text("序", "Place"), "count", role="key"),
    ACCOUNT, OWNER, BRANCH,
    Column("plan", Text("套餐", "Plan"), "label", vocabulary="unknown"),
    Column("tenure", Text("在网月数", "Tenure (months)"), "count"),
    Column("money", MONEY, "money", note=Text("月费乘以月数参数", "monthly amount times the months of the parameter")),
)  # fmt: skip
NATURAL = (
    Column("silent_days", Text("未下单满（天）", "Silent for (days)"), "days", 0, role="key"),
    Column("silent", Text("沉默的客户", "Silent customers"), "count"),
    Column("returned", Text("之后自行回来", "Came back by themselves"), "count"),
    Column("share", Text("自然回流率", "Natural return rate"), "share",
           note=Text("之后同样长的时间内", "within as long a time after")),
    Column("low", _LOW, "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95% interval")),
    Column("high", _HIGH, "share", role="high"),
)  # fmt: skip
LEAKS = (
    Column("feature", Text("特征", "Feature"), "label", role="key", vocabulary="churn_driver"),
    Column("snapshot", Text("快照", "Snapshot"), "date"),
    Column("compared", Text("比较的客户", "Customers compared"), "count"),
    Column("differing", Text("取值不同", "With another value"), "count"),
)
