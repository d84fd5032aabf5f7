"""Tables in which models keep what they said: runs, predictions, customers they were about, their inputs.

No file imports into them and nothing makes them again: what was said before its day came cannot be said afterwards.
Every row bears the `base_day` of its run, the last day that the model knew of.
"""

from __future__ import annotations

from keguan.core.text import Text
from keguan.schema.entity import Entity, column

RUN_ID = column("run_id", "text", "运行编号", "Run")
MODEL = column("model", "text", "模型", "Model")
BASE_DAY = column("base_day", "date", "预测基准日", "Day it was said of")

MODEL_RUNS = Entity(
    "model_runs",
    Text("模型运行", "Runs of models"),
    ("run_id",),
    (
        RUN_ID,
        column("run_no", "bigint", "运行序号", "Run number"),
        MODEL,
        BASE_DAY,
        column("made_at", "timestamp", "作出时间", "Made at"),
        column("known_until", "date", "作出时数据止于", "Data known until"),
        column("parameters", "text", "模型参数", "Parameters"),
        column("data_versions", "text", "数据版本", "Data versions"),
        column("code_version", "text", "代码版本", "Code"),
        column("learner", "text", "采用方法", "Method used"),
        column("modelled", "bigint", "涉及客户", "Customers modelled"),
        column("measure", "text", "回测指标", "Measure of the back-test"),
        column("measured", "decimal", "模型回测值", "Back-test of the model"),
        column("naive", "decimal", "基线回测值", "Back-test of the baseline"),
        column("beats_naive", "boolean", "优于基线", "Beats the baseline"),
        column("inputs_within", "integer", "输入所含天数", "Days that inputs span"),
    ),
)

PREDICTIONS = Entity(
    "predictions",
    Text("已留存的预测", "Kept predictions"),
    ("run_id", "quantity_name", "part", "from_day", "due_day"),
    (
        RUN_ID,
        column("run_no", "bigint", "运行序号", "Run number"),
        MODEL,
        BASE_DAY,
        column("quantity_name", "text", "预测量", "Quantity predicted"),
        column("part", "text", "分组", "Group"),
        column("from_day", "date", "预测期起", "Predicted from"),
        column("due_day", "date", "预测期止", "Due on"),
        column("predicted", "decimal", "预测值", "Predicted"),
        column("interval_low", "decimal", "预测下限", "Interval from"),
        column("interval_high", "decimal", "预测上限", "Interval to"),
        column("coverage", "decimal", "区间名义覆盖率", "Nominal coverage"),
        column("variance", "decimal", "预测方差", "Variance of the count"),
        column("baseline_said", "decimal", "基线预测值", "Baseline"),
        column("about", "bigint", "预测所涉客户", "Customers it is about"),
        column("afterwards", "boolean", "事后补做", "Made afterwards"),
    ),
)

PREDICTED_CUSTOMERS = Entity(
    "predicted_customers",
    Text("预测所涉客户", "Customers of predictions"),
    ("run_id", "account_no"),
    (
        RUN_ID,
        MODEL,
        BASE_DAY,
        column("due_day", "date", "预测期止", "Due on"),
        column("account_no", "integer", "账户号", "Account no"),
        column("label", "text", "分群", "Label"),
        column("score", "text", "得分", "Score"),
    ),
)

MODEL_INPUTS = Entity(
    "model_inputs",
    Text("模型输入的分布", "Distribution of models' inputs"),
    ("run_id", "feature", "bin"),
    (
        RUN_ID,
        column("run_no", "bigint", "运行序号", "Run number"),
        MODEL,
        BASE_DAY,
        column("inputs_within", "integer", "输入所含天数", "Days that inputs span"),
        column("places", "integer", "抽样位数", "Places sampled"),
        column("feature", "text", "输入变量", "Input"),
        column("bin", "integer", "分箱", "Bin"),
        column("above", "decimal", "分箱下界", "Above"),
        column("up_to", "decimal", "分箱上界", "Up to"),
        column("members", "bigint", "箱内客户", "Customers in the bin"),
    ),
)

CARE: tuple[Entity, ...] = (MODEL_RUNS, PREDICTIONS, PREDICTED_CUSTOMERS, MODEL_INPUTS)
