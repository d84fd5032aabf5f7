"""What is said about complaints: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Note, Result, Test

COMPLAINTS = Text("窗口内的投诉，含未记名的", "complaints of the window, anonymous ones included")
CLOSED = Text("该组已结案的投诉", "closed complaints of the group")

TEXT: Mapping[str, Text] = {
    "volume": Text(
        "近 {months} 个月收到投诉 {tickets} 件：已解决 {solved}，结案未解决 {unsolved}，处理中 {open}（n={n}，{base}）。",
        "{tickets} complaints came in during the last {months} months: {solved} solved, {unsolved} closed unsolved, "
        "{open} still open (n={n}, {base}).",
    ),
    "soon": Text(
        "投诉提出后 {days} 天内得到解决的占 {within}（Kaplan-Meier 估计，未解决的按已等待的天数计入；"
        "95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{within} of complaints are solved within {days} days (Kaplan-Meier, those not solved count for the days "
        "they have waited; 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "in_time": Text(
        "已判断时效的投诉中，按时答复的占 {rate}（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{rate} of the complaints judged for it were answered in time (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "rises": Text(
        "{measure}在 {from_month} 至 {to_month} 呈上升趋势，每月变化的中位数 {slope}，趋势显著（n={n}，{base}）。",
        "{measure}: a significant upward trend from {from_month} to {to_month}, median change {slope} a month "
        "(n={n}, {base}).",
    ),
    "falls": Text(
        "{measure}在 {from_month} 至 {to_month} 呈下降趋势，每月变化的中位数 {slope}，趋势显著（n={n}，{base}）。",
        "{measure}: a significant downward trend from {from_month} to {to_month}, median change {slope} a month "
        "(n={n}, {base}).",
    ),
    "no_trend": Text(
        "{measure}在 {from_month} 至 {to_month} 无显著趋势（n={n}，{base}）。",
        "{measure}: no significant trend from {from_month} to {to_month} (n={n}, {base}).",
    ),
    "share_up": Text(
        "{dimension}「{value}」占投诉的比例自 {since} 起显著更高：由 {before} 到 {after}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Since {since} a significantly higher share of complaints falls to {dimension:l} '{value}': {before} before, "
        "{after} since, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "share_down": Text(
        "{dimension}「{value}」占投诉的比例自 {since} 起显著更低：由 {before} 到 {after}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "Since {since} a significantly lower share of complaints falls to {dimension:l} '{value}': {before} before, "
        "{after} since, a difference of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "slow": Text(
        "{dimension}「{value}」的投诉解决得显著慢于其余：{days} 天内解决 {within}，中位数 {median} 天（n={n}，{base}）。",
        "Complaints of {dimension:l} '{value}' take significantly longer than the others: {within} solved within {days} "
        "days, median {median} days (n={n}, {base}).",
    ),
    "slow_open": Text(
        "{dimension}「{value}」的投诉解决得显著慢于其余：{days} 天内解决 {within}，至今不到一半得到解决（n={n}，{base}）。",
        "Complaints of {dimension:l} '{value}' take significantly longer than the others: {within} solved within {days} "
        "days, fewer than half so far (n={n}, {base}).",
    ),
    "unsolved": Text(
        "{dimension}「{value}」的投诉结案未解决率为 {rate}，显著高于其余，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{rate} of the closed complaints of {dimension:l} '{value}' end unsolved, significantly higher than the others, "
        "a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "reason": Text(
        "未解决的投诉中，记录最多的原因是「{reason}」：{tickets} 件，占 {share}（n={n}，{base}）。",
        "The reason recorded most for complaints closed unsolved is '{reason}': {tickets}, {share} of them "
        "(n={n}, {base}).",
    ),
}  # fmt: skip


def complaint_claims(result: Result, min_n: int) -> tuple[Claim, ...]:
    """All sentences; a group is named only where the corrected test finds it."""
    summary = result.table("summary").find({"kind": "complaint"})
    if summary is None:
        return ()
    found = [*_overall(summary, min_n), *_trend(result), *_changes(result), *_groups(result)]
    return (*found, *_reason(result, min_n))


def _overall(row: Mapping[str, Any], min_n: int) -> Iterator[Claim]:
    def cells(**names: str) -> dict[str, Cell]:
        return {name: Cell("summary", {"kind": "complaint"}, column) for name, column in names.items()}

    states = {name: name for name in ("months", "tickets", "solved", "unsolved", "open")}
    if not row["unknown"]:
        yield Claim(
            "volume", "complaints/volume", cells(**states), row["tickets"], COMPLAINTS, topic="complaints",
            figure="months", certainty=0.9,
        )  # fmt: skip
    if row["within"] is not None:
        yield Claim(
            "soon", "complaints/soon", cells(days="days", within="within", low="within_low", high="within_high"),
            row["tickets"], COMPLAINTS, strength="estimate", topic="time_to_solution", figure="curve",
        )  # fmt: skip
    if row["in_time"] is not None:
        yield Claim(
            "in_time", "complaints/in_time", cells(rate="in_time", low="in_time_low", high="in_time_high"),
            row["judged"], Text("已判断是否按时的投诉", "complaints judged in time or not"), strength="estimate",
            topic="timeliness", summary=row["judged"] >= min_n,
        )  # fmt: skip


def _trend(result: Result) -> Iterator[Claim]:
    rows = result.table("trend").records()
    for row in rows[-1:]:  # the rate where there are orders, else the number
        passed = row["p"] <= FALSE_DISCOVERY and row["slope"] != 0
        says = ("rises" if row["slope"] > 0 else "falls") if passed else "no_trend"
        names = ["from_month", "to_month", *(["slope"] if passed else [])]
        yield Claim(
            says, "complaints/trend",
            {name: Cell("trend", {"measure": row["measure"]}, name) for name in names},
            row["tickets"], Text("这些完整月份的投诉", "complaints of these whole months"), strength="tested",
            test=Test("Mann-Kendall", passed, row["p"]), labels={"measure": (row["measure"], "complaint_measure")},
            topic="complaint_trend", figure="months", summary=passed, certainty=1 - row["p"],
            change=Change(("complaints",), "up" if row["slope"] > 0 else "down") if passed else None,
            worse=passed and row["slope"] > 0,
        )  # fmt: skip


def _changes(result: Result) -> Iterator[Claim]:
    sure = [
        r for r in result.table("changes")
        if r["q"] <= FALSE_DISCOVERY and not r["low"] <= 0 <= r["high"] and r["value"] not in ("待核实", "其他")
    ]  # fmt: skip
    for says, rows in (
        ("share_up", [r for r in sure if r["difference"] > 0]),
        ("share_down", [r for r in sure if r["difference"] < 0]),
    ):
        for row in sorted(rows, key=lambda r: (-abs(r["difference"]), r["dimension"], r["value"]))[:2]:
            key = {"dimension": row["dimension"], "value": row["value"]}
            names = ("since", "before", "after", "difference", "low", "high")
            yield Claim(
                says, f"complaints/{says}/{row['dimension']}/{row['value']}",
                {name: Cell("changes", key, name) for name in names}, row["before_n"] + row["after_n"],
                Text("完整月份的投诉", "complaints of whole months"), strength="tested",
                test=Test("permutation of months, Newcombe", True, row["p"], row["low"], row["high"],
                          corrected(row["q"])),
                labels=_labels(row), topic="complaint_shift", summary=says == "share_up", certainty=0.9,
                change=Change(
                    ("complaint_share", row["dimension"], row["value"]), "up" if says == "share_up" else "down"
                ),
                worse=says == "share_up",
            )  # fmt: skip


def _groups(result: Result) -> Iterator[Claim]:
    """In each dimension the group slowest against the others, and the one most left unsolved."""
    table = result.table("groups")
    named = [r for r in table if r["value"] not in ("待核实", "其他")]
    for dimension in dict.fromkeys(row["dimension"] for row in named):
        own = [row for row in named if row["dimension"] == dimension]
        slow = [
            r
            for r in own
            if r["speed_q"] is not None and r["speed_q"] <= FALSE_DISCOVERY and r["speed_z"] < 0
        ]
        for row in sorted(slow, key=lambda r: (r["speed_z"], r["value"]))[:1]:
            if row["within"] is not None:
                yield _slow(row)
        bad = [r for r in own if r["unsolved_q"] is not None and r["unsolved_q"] <= FALSE_DISCOVERY
               and r["unsolved_low"] > 0]  # fmt: skip
        for row in sorted(bad, key=lambda r: (-r["unsolved_difference"], r["value"]))[:1]:
            key = {"dimension": dimension, "value": row["value"]}
            columns = {"rate": "unsolved_share", "difference": "unsolved_difference", "low": "unsolved_low",
                       "high": "unsolved_high"}  # fmt: skip
            yield Claim(
                "unsolved", f"complaints/unsolved/{dimension}/{row['value']}",
                {name: Cell("groups", key, column) for name, column in columns.items()},
                row["solved"] + row["unsolved"], CLOSED, strength="tested",
                test=Test("Newcombe", True, None, row["unsolved_low"], row["unsolved_high"],
                          corrected(row["unsolved_q"])),
                labels=_labels(row), topic=f"unsolved_{dimension}", certainty=0.9, worse=True,
            )  # fmt: skip


def _slow(row: Mapping[str, Any]) -> Claim:
    key = {"dimension": row["dimension"], "value": row["value"]}
    says = "slow" if row["median"] is not None else "slow_open"
    names = ["within", *(["median"] if says == "slow" else [])]
    values = {name: Cell("groups", key, name) for name in names}
    return Claim(
        says, f"complaints/slow/{row['dimension']}/{row['value']}",
        {"days": Cell("summary", {"kind": "complaint"}, "days"), **values}, row["tickets"],
        Text("该组的投诉", "complaints of the group"), strength="tested",
        test=Test("log-rank", True, None, None, None, corrected(row["speed_q"])), labels=_labels(row),
        topic=f"slow_{row['dimension']}", certainty=1 - row["speed_q"], worse=True,
    )  # fmt: skip


def _labels(row: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {"dimension": (row["dimension"], "feedback_dimension"), "value": (row["value"], "feedback_value")}


def _reason(result: Result, min_n: int) -> Iterator[Claim]:
    rows = [r for r in result.table("reasons") if r["state"] == "unsolved"]
    total = sum(row["tickets"] for row in rows)
    known = [row for row in rows if row["reason"] not in ("待核实", "其他")]
    if total >= min_n and known:
        row = max(known, key=lambda r: (r["tickets"], r["reason"]))
        key = {"state": "unsolved", "reason": row["reason"]}
        yield Claim(
            "reason", "complaints/reason",
            {"tickets": Cell("reasons", key, "tickets"), "share": Cell("reasons", key, "share")}, total,
            Text("结案未解决的投诉", "complaints closed unsolved"), labels={"reason": (row["reason"], None)},
            topic="unsolved_reason", certainty=0.8,
        )  # fmt: skip


def complaint_notes(inputs: Inputs, result: Result) -> Iterator[Note]:
    """What is withheld or missing, and why."""
    row = result.table("summary").find({"kind": "complaint"})
    least = inputs.settings.min_n
    if row is None:
        yield Note(Text("窗口内没有投诉记录", "There are no complaints in the window"), "missing")
        return
    if row["tickets"] < least:
        yield Note(
            Text(f"投诉 {row['tickets']} 件，少于 {least} 件，比例与比较不予给出",
                 f"{row['tickets']} complaints, fewer than {least}: shares and comparisons are withheld"),
            "withheld",
        )  # fmt: skip
    if row["untimed"] and row["median"] is None and row["within"] is None:
        yield Note(
            Text(f"{row['untimed']} 件投诉已解决但没有解决时间，不给出解决时间；导入解决时间后可算",
                 f"{row['untimed']} complaints are solved at an unknown time: time to solution is withheld until it "
                 "is imported"),
            "missing",
        )  # fmt: skip
    if row["unknown"]:
        yield Note(
            Text(f"{row['unknown']} 件投诉没有状态与解决时间，是否解决不明；导入这两列之一后可算解决时间",
                 f"{row['unknown']} complaints have neither status nor time of solution; import either to see "
                 "how fast they are solved"),
            "missing",
        )  # fmt: skip
    if not row["customers"]:
        yield Note(
            Text("投诉没有客户编号，只按件数统计，不能与购买对照",
                 "Complaints carry no customer id: they are counted, and cannot be set beside purchases"),
            "missing",
        )  # fmt: skip
    if not len(result.table("trend").rows):
        yield Note(
            Text("完整月份不足 8 个或投诉过少，不判断走势", "Fewer than 8 whole months, or few complaints: no trend"),
            "withheld",
        )  # fmt: skip
