"""Columns of the tables, with the definitions that readers see."""

from __future__ import annotations

from keguan.core.text import Text
from keguan.result import Column

MODEL = Column("model", Text("模型", "Model"), "label", role="key", vocabulary="model_name")
QUANTITY = Column(
    "quantity", Text("预测量", "Quantity"), "label", role="key", vocabulary="predicted_quantity"
)
PART = Column("part", Text("分组", "Group"), "label", role="key", vocabulary="predicted_part")
BASE_DAY = Column(
    "base_day", Text("预测基准日", "Said as of"), "date", role="key",
    note=Text("预测只用到这一天为止的数据", "the model knew of nothing later"),
)  # fmt: skip
FROM_DAY = Column("from_day", Text("预测期起", "From"), "date", role="key")
DUE_DAY = Column("due_day", Text("预测期止", "To"), "date", role="key")
UNIT = Column("unit", Text("单位", "Unit"), "text")


def _value(name: str, label: Text, role: str = "measure", note: Text | None = None) -> Column:
    return Column(name, label, "number", 0, role=role, unit_column="unit", note=note)  # type: ignore[arg-type]


ACTUAL = _value("actual", Text("实际", "Actual"), note=Text("按现有数据计", "as the data tell it now"))
_FARED = (
    BASE_DAY, FROM_DAY, DUE_DAY,
    _value("predicted", Text("预测", "Predicted")),
    _value("low", Text("区间下限", "Interval from"), "low"),
    _value("high", Text("区间上限", "Interval to"), "high"),
    ACTUAL,
    Column("held", Text("是否在区间内", "Within the interval"), "label", vocabulary="prediction_held"),
    _value("error", Text("误差", "Error"), note=Text("预测 − 实际", "predicted less actual")),
    _value("baseline", Text("基线", "Baseline"), note=Text("朴素方法当时的预测", "what the naive method said then")),
    UNIT,
)  # fmt: skip
FARED = (MODEL, QUANTITY, PART, *_FARED, Column("run_id", Text("运行编号", "Run"), "text"))
LATEST = (MODEL, QUANTITY, PART, Column("judged", Text("已到期", "Come due"), "count"), *_FARED)
RECORD = (
    MODEL, QUANTITY, PART,
    Column("due", Text("已到期", "Come due"), "count"),
    Column(
        "apart", Text("互不重叠", "Apart"), "count",
        note=Text("预测期互不重叠的，只用它们检验", "predictions whose days do not overlap; tests rest on them alone"),
    ),
    Column("checked", Text("有区间的", "With interval"), "count", note=Text("互不重叠的之中", "of those apart")),
    Column("held", Text("落在区间内", "Within it"), "count"),
    Column("nominal", Text("名义覆盖率", "Nominal coverage"), "share", 0),
    Column("share", Text("实际覆盖率", "Coverage"), "share", note=Text("少于 30 次不给比例", "no share under 30")),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95%")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("coverage_q", Text("覆盖不足的 q 值", "q of too few within"), "number", 4,
           note=Text("二项精确检验，Benjamini-Hochberg 校正", "exact binomial test, corrected by Benjamini-Hochberg")),
    Column("mean_error", Text("误差占实际", "Error over actual"), "share",
           note=Text("绝对误差合计 ÷ 实际合计；从 6 次起", "sum of absolute errors over sum of actuals; from 6 on")),
    Column("against_baseline", Text("误差为基线的", "Error against the baseline"), "share",
           note=Text("从 6 次起", "from 6 on")),
    Column("bias", Text("平均偏差", "Bias"), "share",
           note=Text("预测与实际之比的几何平均 − 1；从 6 次起", "geometric mean of predicted over actual, less 1; from 6 on")),
    Column("bias_low", Text("偏差下限", "Bias from"), "share", note=Text("t 检验 95% 区间", "95% interval of the t test")),
    Column("bias_high", Text("偏差上限", "Bias to"), "share"),
    Column("bias_q", Text("偏差的 q 值", "q of bias"), "number", 4),
)  # fmt: skip
CALIBRATION = (
    MODEL, PART,
    BASE_DAY, DUE_DAY,
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("expected", Text("预计流失", "Expected to leave"), "number", 1, note=Text("概率之和", "sum of probabilities")),
    Column("actual", Text("实际流失", "Left"), "count"),
    Column("predicted_share", Text("预计流失率", "Predicted rate"), "share"),
    Column("share", Text("实际流失率", "Actual rate"), "share"),
    Column("low", Text("区间下限", "Interval from"), "share", role="low", note=Text("Wilson 95% 区间", "Wilson 95%")),
    Column("high", Text("区间上限", "Interval to"), "share", role="high"),
    Column("q", Text("q 值", "q"), "number", 4, note=Text("总量校准检验，Benjamini-Hochberg 校正",
                                                   "calibration in the large, corrected by Benjamini-Hochberg")),
)  # fmt: skip
DRIFT = (
    MODEL,
    Column("feature", Text("输入变量", "Input"), "label", role="key", vocabulary="model_input"),
    Column("base_day", Text("上次运行基准日", "Last run as of"), "date"),
    Column("then", Text("当时客户", "Customers then"), "count"),
    Column("now", Text("现在客户", "Customers now"), "count"),
    Column("psi", Text("PSI", "PSI"), "number", 4,
           note=Text("群体稳定性指数：上次十分位各箱占比之差 × 占比之比的对数，合计",
                     "population stability index over the deciles of the last run")),
    Column("q", Text("q 值", "q"), "number", 4, note=Text("卡方检验，Benjamini-Hochberg 校正",
                                                   "chi-square test, corrected by Benjamini-Hochberg")),
    Column("verdict", Text("判断", "Verdict"), "label", vocabulary="drift_verdict"),
)  # fmt: skip
CORRECTED = (
    MODEL, QUANTITY, PART, FROM_DAY, DUE_DAY,
    _value("predicted", Text("本次预测", "Predicted now")),
    _value("corrected", Text("校准后", "Recalibrated"),
           note=Text("流失：概率几率同乘一数，使上次预计与实际相等；其他：除以平均偏差",
                     "churn: all odds times what made the last run agree; others: divided by their mean bias")),
    UNIT,
)  # fmt: skip
WAITING = (
    MODEL,
    Column("predictions", Text("留存的预测", "Kept predictions"), "count"),
    Column("judged", Text("已复盘", "Judged"), "count"),
    Column("waiting", Text("未到期", "Not due yet"), "count"),
    Column("first_due", Text("下一个到期日", "Next due"), "date"),
    Column("afterwards", Text("事后补做", "Made afterwards"), "count",
           note=Text("作出时数据已过其半，不计入复盘", "half of their days were known when they were made: not judged")),
)  # fmt: skip
