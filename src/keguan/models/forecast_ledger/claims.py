"""Sentences, and the claims that fill them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.models.forecast_ledger.calibration import COUNTED
from keguan.models.forecast_ledger.judged import ALL
from keguan.result import Cell, Claim, Note, Result, Test

DUE = Text("已到期的预测", "predictions that have come due")
APART = Text("预测期互不重叠的已到期预测", "predictions come due whose days do not overlap")
SCORED = Text("当时打分的客户", "customers scored then")
SEEN = Text("上次与现在的客户", "customers of the last run and of now")
_N_ZH, _N_EN = "（n={n}，{base}）。", "(n={n}, {base})."
TEXT: Mapping[str, Text] = {
    "inside": Text(
        "{from_day} 至 {due_day} 的{quantity}：{base_day} 时预测 {predicted}（区间 {low} 至 {high}），实际 {actual}，落在区间内"
        + _N_ZH,
        "{quantity} from {from_day} to {due_day}: {predicted} predicted as of {base_day} (interval {low} to {high}), "
        "{actual} came, within the interval " + _N_EN,
    ),
    "outside": Text(
        "{from_day} 至 {due_day} 的{quantity}：{base_day} 时预测 {predicted}（区间 {low} 至 {high}），实际 {actual}，落在区间外"
        + _N_ZH,
        "{quantity} from {from_day} to {due_day}: {predicted} predicted as of {base_day} (interval {low} to {high}), "
        "{actual} came, outside the interval " + _N_EN,
    ),
    "point": Text(
        "{from_day} 至 {due_day} 的{quantity}：{base_day} 时预测 {predicted}，实际 {actual}" + _N_ZH,
        "{quantity} from {from_day} to {due_day}: {predicted} predicted as of {base_day}, {actual} came " + _N_EN,
    ),
    "record": Text(
        "{quantity}的预测误差合计为实际的 {mean_error}，是朴素基线误差的 {against_baseline}" + _N_ZH,
        "Errors of the predictions of {quantity:l} add up to {mean_error} of what came, {against_baseline} of the naive "
        "baseline's " + _N_EN,
    ),
    "too_narrow": Text(
        "{quantity}的 {checked} 次预测只有 {held} 次落在 {nominal} 区间内，显著低于名义覆盖率" + _N_ZH,
        "Of {checked} predictions of {quantity:l} {held} came within the {nominal} interval, significantly lower than nominal "
        + _N_EN,
    ),
    "bias_high": Text(
        "{quantity}的预测与实际平均相差 {bias}（95% 区间 {bias_low} 至 {bias_high}），显著高于实际" + _N_ZH,
        "Predictions of {quantity:l} differ from what came by {bias} on average (95% interval {bias_low} to {bias_high}): "
        "significantly higher " + _N_EN,
    ),
    "bias_low": Text(
        "{quantity}的预测与实际平均相差 {bias}（95% 区间 {bias_low} 至 {bias_high}），显著低于实际" + _N_ZH,
        "Predictions of {quantity:l} differ from what came by {bias} on average (95% interval {bias_low} to {bias_high}): "
        "significantly lower " + _N_EN,
    ),
    "calibrated": Text(
        "{base_day} 时预计 {expected} 位客户在 {due_day} 前流失，实际 {actual} 位，二者无显著差异" + _N_ZH,
        "As of {base_day} {expected} customers were expected to leave by {due_day}, {actual} did: no significant difference "
        + _N_EN,
    ),
    "more_left": Text(
        "{base_day} 时预计 {expected} 位客户在 {due_day} 前流失，实际 {actual} 位，显著高于预计" + _N_ZH,
        "As of {base_day} {expected} customers were expected to leave by {due_day}, {actual} did: significantly higher than "
        "expected " + _N_EN,
    ),
    "fewer_left": Text(
        "{base_day} 时预计 {expected} 位客户在 {due_day} 前流失，实际 {actual} 位，显著低于预计" + _N_ZH,
        "As of {base_day} {expected} customers were expected to leave by {due_day}, {actual} did: significantly lower than "
        "expected " + _N_EN,
    ),
    "drift": Text(
        "{model}的输入「{feature}」自 {base_day} 的运行以来分布有显著变化：PSI {psi}" + _N_ZH,
        "The input '{feature:l}' of {model:l} is distributed significantly otherwise than in the run of {base_day}: PSI {psi} "
        + _N_EN,
    ),
    "corrected": Text(
        "{from_day} 至 {due_day} 的{quantity}预测为 {predicted}；按已到期预测的偏差校准后为 {corrected}" + _N_ZH,
        "{quantity} from {from_day} to {due_day} is forecast at {predicted}; without the bias of the predictions come due it is "
        "{corrected} " + _N_EN,
    ),
}  # fmt: skip


def ledger_claims(result: Result) -> Iterator[Claim]:
    """How the last predictions fared, what stands a test, and what follows for the present ones."""
    yield from _latest(result)
    yield from _records(result)
    yield from _calibrated(result)
    yield from _drifted(result)
    yield from _corrected(result)


def _quantity(name: str) -> dict[str, tuple[str, str | None]]:
    return {"quantity": (name, "predicted_quantity")}


def _latest(result: Result) -> Iterator[Claim]:
    for row in result.table("latest"):
        if row["quantity"] == COUNTED:
            continue
        key = {name: row[name] for name in result.table("latest").key}
        says = {"yes": "inside", "no": "outside"}.get(row["held"], "point")
        ends = () if says == "point" else ("low", "high")
        names = ("from_day", "due_day", "base_day", "predicted", "actual", *ends)
        yield Claim(
            says=says, key=f"forecast_ledger/fared/{row['model']}/{row['quantity']}/{row['part']}",
            values={name: Cell("latest", key, name) for name in names}, labels=_quantity(row["quantity"]),
            n=row["judged"], base=DUE, topic=f"fared_{row['quantity']}", summary=row["quantity"] == "revenue",
        )  # fmt: skip


def _records(result: Result) -> Iterator[Claim]:
    for row in result.table("record"):
        key = {name: row[name] for name in result.table("record").key}
        stem, about = f"{row['model']}/{row['quantity']}/{row['part']}", _quantity(row["quantity"])
        if row["part"] != ALL:
            continue

        def cells(*names: str, key: dict[str, str] = key) -> dict[str, Cell]:
            return {name: Cell("record", key, name) for name in names}

        if row["against_baseline"] is not None and row["mean_error"] is not None:
            yield Claim(
                says="record", key=f"forecast_ledger/record/{stem}", values=cells("mean_error", "against_baseline"),
                labels=about, n=row["apart"], base=APART, topic=f"record_{row['quantity']}", summary=False,
            )  # fmt: skip
        if row["coverage_q"] is not None and row["coverage_q"] <= FALSE_DISCOVERY:
            yield Claim(
                says="too_narrow", key=f"forecast_ledger/coverage/{stem}", values=cells("checked", "held", "nominal"),
                labels=about, n=row["checked"], base=APART, strength="tested", worse=True,
                test=Test("exact binomial test", True, corrected=corrected(row["coverage_q"])),
                topic=f"coverage_{row['quantity']}",
            )  # fmt: skip
        if row["bias_q"] is not None and row["bias_q"] <= FALSE_DISCOVERY:
            yield Claim(
                says="bias_high" if row["bias"] > 0 else "bias_low", key=f"forecast_ledger/bias/{stem}",
                values=cells("bias", "bias_low", "bias_high"), labels=about, n=row["apart"], base=APART,
                strength="tested", worse=True,
                test=Test("t test of log ratios", True, low=row["bias_low"], high=row["bias_high"],
                          corrected=corrected(row["bias_q"])),
                topic=f"bias_{row['quantity']}",
            )  # fmt: skip


def _calibrated(result: Result) -> Iterator[Claim]:
    for row in result.table("calibration"):
        if row["part"] != ALL:
            continue
        key = {name: row[name] for name in result.table("calibration").key}
        off = row["q"] <= FALSE_DISCOVERY
        says = "calibrated" if not off else "more_left" if row["actual"] > row["expected"] else "fewer_left"
        yield Claim(
            says=says, key=f"forecast_ledger/calibration/{row['model']}",
            values={name: Cell("calibration", key, name) for name in ("base_day", "expected", "due_day", "actual")},
            n=row["customers"], base=SCORED, strength="tested", worse=says == "more_left",
            test=Test("calibration in the large", off, corrected=corrected(row["q"])), topic="fared_churn",
        )  # fmt: skip


def _drifted(result: Result) -> Iterator[Claim]:
    for row in result.table("drift"):
        if row["verdict"] == "stable":
            continue
        key = {"model": row["model"], "feature": row["feature"]}
        yield Claim(
            says="drift", key=f"forecast_ledger/drift/{row['model']}/{row['feature']}",
            values={name: Cell("drift", key, name) for name in ("base_day", "psi")},
            labels={"model": (row["model"], "model_name"), "feature": (row["feature"], "model_input")},
            n=row["then"] + row["now"], base=SEEN, strength="tested",
            test=Test("chi-square test of the index", True, corrected=corrected(row["q"])),
            topic=f"drift_{row['model']}", summary=False,
        )  # fmt: skip


def _corrected(result: Result) -> Iterator[Claim]:
    table, record = result.table("corrected"), {}
    for row in result.table("record"):
        record[row["model"], row["quantity"], row["part"]] = row["apart"]
    said: set[str] = set()
    for row in table:
        key = {name: row[name] for name in table.key}
        subject = f"{row['model']}/{row['quantity']}"
        if row["part"] != ALL or subject in said:  # the next days; the table has the others
            continue
        said.add(subject)
        yield Claim(
            says="corrected", key=f"forecast_ledger/corrected/{subject}",
            values={name: Cell("corrected", key, name) for name in ("from_day", "due_day", "predicted", "corrected")},
            labels=_quantity(row["quantity"]), n=record.get((row["model"], row["quantity"], row["part"])), base=APART,
            strength="forecast", topic=f"bias_{row['quantity']}", summary=False,
        )  # fmt: skip


NOTHING = Note(
    Text(
        "截至日之前还没有留存的预测。每次报告或 keguan run trend、churn、clv 都会把预测留存在工作区，到期后的报告据此复盘",
        "No model spoke before the as-of date. Each report, and keguan run trend, churn or clv, keeps what it predicts in the "
        "workspace; a report after the days have come says how it fared",
    ),
    "missing",
)
ANEW = Note(
    Text(
        "各模型每次运行都用最新数据重新拟合并回测；这里复盘的是当时说出的预测，事后不改",
        "Each run fits and back-tests the models anew on the newest data; judged here is what was said then, never changed since",
    )
)


def none_due(first: str) -> Note:
    """Predictions are kept, and none of them has come due."""
    return Note(
        Text(
            f"留存的预测还没有到期的，最早一批在 {first} 到期",
            f"None of the kept predictions has come due; the first will on {first}",
        )
    )


def not_counted(n: int) -> Note:
    """Predictions that were said when the data already told of half their days."""
    return Note(
        Text(
            f"{n:,} 条预测作出时数据已过预测期的一半，记为事后补做，不计入复盘",
            f"{n:,} predictions were made when the data already told of half their days or more: they are not judged",
        )
    )
