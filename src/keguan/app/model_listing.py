"""The use case 'models': which models have spoken, from what, how they were tested, and how they have fared since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from keguan.analysis import Analysis, Inputs
from keguan.app.analyse import Session
from keguan.app.as_of import stored_name
from keguan.app.result_rows import arrow
from keguan.core.text import Text
from keguan.result import Column, Note, Result, Table
from keguan.store.workspace import Store

LEDGER = "forecast_ledger"
RUNS_SQL = """
SELECT r.run_id, r.run_no, r.model, r.base_day, r.made_at, r.known_until, r.parameters, r.data_versions,
       r.code_version, r.learner, r.modelled, r.measure, r.measured, r.naive, r.beats_naive,
       count(p.run_id) AS predictions, min(CASE WHEN p.due_day > {today} THEN p.due_day END) AS next_due
FROM {runs} r LEFT JOIN {predictions} p ON p.run_id = r.run_id
GROUP BY r.run_id, r.run_no, r.model, r.base_day, r.made_at, r.known_until, r.parameters, r.data_versions,
         r.code_version, r.learner, r.modelled, r.measure, r.measured, r.naive, r.beats_naive
ORDER BY r.run_no DESC LIMIT 1000
"""
WORST = {"strong": 2, "moderate": 1, "stable": 0}
COLUMNS = (
    Column("run_no", Text("序号", "No"), "count", role="key"),
    Column("run_id", Text("运行编号", "Run"), "text"),
    Column("model", Text("模型", "Model"), "label", vocabulary="model_name"),
    Column("as_of", Text("截至日", "As of"), "date"),
    Column("made_on", Text("作出日", "Made on"), "date"),
    Column("known_until", Text("数据止于", "Data until"), "date"),
    Column("method", Text("采用方法", "Method"), "label", vocabulary="model_method"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("measure", Text("回测指标", "Back-test"), "label", vocabulary="backtest_measure"),
    Column("measured", Text("模型", "Measured"), "number", 4),
    Column("naive", Text("基线", "Baseline"), "number", 4),
    Column("used", Text("采用模型", "Model used"), "label", vocabulary="model_used"),
    Column("predictions", Text("预测", "Predictions"), "count"),
    Column("judged", Text("已复盘", "Judged"), "count", note=Text("已到期且非事后补做", "come due, not made afterwards")),
    Column("checked", Text("有区间的", "With interval"), "count"),
    Column("held", Text("落在区间内", "Within it"), "count"),
    Column("next_due", Text("下一个到期日", "Next due"), "date"),
    Column("drift", Text("输入变化", "Drift"), "label", vocabulary="drift_verdict"),
    Column("psi", Text("最大 PSI", "Largest PSI"), "number", 4),
    Column("parameters", Text("参数", "Parameters"), "text"),
    Column("versions", Text("数据版本", "Data versions"), "text"),
    Column("code", Text("代码版本", "Code"), "text"),
)  # fmt: skip
AT_LENGTH = ("run_id", "known_until", "parameters", "versions", "code")  # not shown at a terminal
NONE = Note(
    Text(
        "还没有留存的模型运行；运行 keguan report，或 keguan run trend、churn、clv",
        "No run of a model is kept yet: run keguan report, or keguan run trend, churn or clv",
    ),
    "missing",
)


@dataclass(frozen=True)
class NoParams:
    """The listing takes none."""


def _nothing(inputs: Inputs, params: Any) -> Result:
    raise NotImplementedError("the listing is made by `models`, over what a workspace keeps")


LISTING = Analysis(
    name="models",
    title=Text("模型", "Models"),
    question=Text("哪些模型运行过、成绩如何？", "Which models have run, and how did they fare?"),
    section="appendix",
    params=NoParams,
    run=_nothing,
)


def models(store: Store) -> tuple[Result, str]:
    """The kept runs, the latest first (at most 1,000), as a Result like that of an analysis; and the currency."""
    with Session(store) as session:
        sql = RUNS_SQL.format(
            runs=stored_name("model_runs"), predictions=stored_name("predictions"),
            today=f"DATE '{session.as_of.isoformat()}'",
        )  # fmt: skip
        runs = session.engine.query(sql).to_pylist()
        ledger = session.run(LEDGER)
        zone = store.config.timezone
        rows = [_row(run, ledger, zone) for run in runs]
        _with_drift(rows, ledger)
        table = Table(
            "models", Text("模型运行", "Runs of models"), COLUMNS, arrow(rows, COLUMNS), ("run_no",),
            method="app.model_listing.models",
        )  # fmt: skip
        result = Result("models", (table,), notes=() if rows else (NONE,))
        return (
            result.pinned(as_of=session.as_of, params={}, versions=session.versions, code=""),
            session.inputs.settings.currency,
        )


def shortened(result: Result) -> Result:
    """The listing without what is too long for a terminal."""
    table = result.tables[0]
    columns = tuple(column for column in table.columns if column.name not in AT_LENGTH)
    rows = table.rows.select([column.name for column in columns])
    return replace(result, tables=(replace(table, columns=columns, rows=rows),))


def _row(run: Mapping[str, Any], ledger: Result, zone: str) -> dict[str, Any]:
    fared = [row for row in _rows(ledger, "fared") if row["run_id"] == run["run_id"]]
    checked = [row for row in fared if row["held"] != "none"]
    return {
        **{name: run[name] for name in ("run_no", "run_id", "model", "known_until", "measure", "measured", "naive")},
        "as_of": run["base_day"], "made_on": _local(run["made_at"], zone), "method": run["learner"],
        "customers": run["modelled"], "used": _used(run["beats_naive"]), "predictions": run["predictions"],
        "judged": len(fared), "checked": len(checked), "held": sum(row["held"] == "yes" for row in checked),
        "next_due": run["next_due"], "parameters": _plain(run["parameters"]), "versions": _plain(run["data_versions"]),
        "code": run["code_version"],
    }  # fmt: skip


def _rows(ledger: Result, table: str) -> list[dict[str, Any]]:
    return ledger.table(table).records() if ledger.has(table) else []


def _used(better: bool | None) -> str | None:
    return None if better is None else "model" if better else "baseline"


def _local(at: datetime, zone: str) -> date:
    try:
        return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    except ZoneInfoNotFoundError:  # a system without time zones
        return at.date()


def _plain(listed: str | None) -> str:
    """'a=1, b=2' from the JSON that is kept."""
    return ", ".join(f"{name}={value}" for name, value in json.loads(listed or "{}").items())


def _with_drift(rows: Sequence[dict[str, Any]], ledger: Result) -> None:
    """The worst verdict on the inputs, at the run that they were compared with."""
    for row in _rows(ledger, "drift"):
        run = next((r for r in rows if (r["model"], r["as_of"]) == (row["model"], row["base_day"])), None)
        if run is None:
            continue
        if "drift" not in run or WORST[row["verdict"]] > WORST[run["drift"]]:
            run["drift"] = row["verdict"]
        run["psi"] = max(run.get("psi", 0.0), row["psi"])
