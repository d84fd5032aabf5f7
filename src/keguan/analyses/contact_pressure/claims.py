"""What is said about contacts: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Note, Result, Test

CONTACTED = Text("被触达且有客户编号的客户", "customers contacted who have an id")

TEXT: Mapping[str, Text] = {
    "pressure": Text(
        "近 {months} 个月主动触达 {customers} 位客户 {contacts} 次，人均 {each} 次（n={n}，{base}）。",
        "{customers} customers were contacted {contacts} times in the last {months} months, {each} times each "
        "(n={n}, {base}).",
    ),
    "several": Text(
        "{heard} 位客户在同一周里收到两个及以上部门的触达，占被触达客户的 {share}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{heard} customers heard from two or more departments in one week, {share} of those contacted (95% interval {low} to "
        "{high}; n={n}, {base}).",
    ),
    "pair": Text(
        "最常在同一周触达同一客户的是「{first}」与「{second}」：共 {weeks} 次（一位客户的一周计一次），涉及 "
        "{customers} 位客户（n={n}，{base}）。",
        "'{first}' and '{second}' meet most at the same customer in one week: {weeks} times (a week of a customer "
        "counts once), {customers} customers (n={n}, {base}).",
    ),
    "unsubscribe": Text(
        "{dimension}「{value}」的触达退订率为 {rate}，显著高于其余，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{rate} of the contacts of {dimension:l} '{value}' end in unsubscribing, significantly higher than the others, a "
        "difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "dose_up": Text(
        "{dose_days} 天内触达次数越多的客户，其后 {outcome_days} 天{outcome}的占比显著更高：触达 {least_dose}的 {least}，"
        "{most_dose}的 {most}（n={n}，{base}）。触达谁不是随机的，这是关联，不说明原因。",
        "Customers with more contacts in {dose_days} days have a significantly higher share of '{outcome:l}' in the "
        "{outcome_days} days after: {least} with {least_dose}, {most} with {most_dose} (n={n}, {base}). Whom to contact was "
        "not drawn by lot: an association, not a cause.",
    ),
    "dose_down": Text(
        "{dose_days} 天内触达次数越多的客户，其后 {outcome_days} 天{outcome}的占比显著更低：触达 {least_dose}的 {least}，"
        "{most_dose}的 {most}（n={n}，{base}）。触达谁不是随机的，这是关联，不说明原因。",
        "Customers with more contacts in {dose_days} days have a significantly lower share of '{outcome:l}' in the "
        "{outcome_days} days after: {least} with {least_dose}, {most} with {most_dose} (n={n}, {base}). Whom to contact was "
        "not drawn by lot: an association, not a cause.",
    ),
    "no_dose": Text(
        "{dose_days} 天内的触达次数与其后 {outcome_days} 天的{outcome}无显著趋势（n={n}，{base}）。",
        "No significant trend of '{outcome:l}' in the {outcome_days} days after with the number of contacts in {dose_days} "
        "days (n={n}, {base}).",
    ),
    "rises": Text(
        "每月人均触达次数在 {from_month} 至 {to_month} 上升，趋势显著（n={n}，{base}）。",
        "Contacts per customer and month rise from {from_month} to {to_month}, a significant trend (n={n}, {base}).",
    ),
    "falls": Text(
        "每月人均触达次数在 {from_month} 至 {to_month} 下降，趋势显著（n={n}，{base}）。",
        "Contacts per customer and month fall from {from_month} to {to_month}, a significant trend (n={n}, {base}).",
    ),
}  # fmt: skip


def pressure_claims(result: Result, min_n: int) -> Iterator[Claim]:
    """Sentences; shares only from `min_n` customers on."""
    yield from _overall(result, min_n)
    yield from _unsubscribes(result)
    yield from _doses(result)
    yield from _trend(result)


def _overall(result: Result, min_n: int) -> Iterator[Claim]:
    for row in result.table("summary"):
        if row["each"] is None:
            return
        key = {"months": row["months"]}

        def cells(*names: str, key: Mapping[str, int] = key) -> dict[str, Cell]:
            return {name: Cell("summary", key, name) for name in names}

        yield Claim("pressure", "contact_pressure/pressure", cells("months", "customers", "contacts", "each"),
                    row["customers"], CONTACTED, topic="contact_pressure", figure="months", summary=False)  # fmt: skip
        heard = {"heard": Cell("summary", key, "several"), **cells("share", "low", "high")}
        yield Claim("several", "contact_pressure/several", heard, row["customers"],
                    CONTACTED, strength="estimate", topic="several_units", figure="weeks", certainty=0.9)  # fmt: skip
        pairs = [r for r in result.table("pairs") if "待核实" not in (r["first"], r["second"])]
        if pairs and pairs[0]["customers"] >= min_n:
            pair = {"first": pairs[0]["first"], "second": pairs[0]["second"]}
            yield Claim(
                "pair", "contact_pressure/pair", {name: Cell("pairs", pair, name) for name in ("weeks", "customers")},
                row["customers"], CONTACTED, labels={name: (value, None) for name, value in pair.items()},
                topic="several_units", summary=False,
            )  # fmt: skip


def _unsubscribes(result: Result) -> Iterator[Claim]:
    rows = [r for r in result.table("groups") if r["q"] is not None and r["q"] <= FALSE_DISCOVERY
            and r["difference_low"] > 0 and r["value"] != "待核实"]  # fmt: skip
    for row in sorted(rows, key=lambda r: (-r["difference"], r["dimension"], r["value"]))[:3]:
        key = {"dimension": row["dimension"], "value": row["value"]}
        columns = {
            "rate": "rate",
            "difference": "difference",
            "low": "difference_low",
            "high": "difference_high",
        }
        yield Claim(
            "unsubscribe", f"contact_pressure/unsubscribe/{row['dimension']}/{row['value']}",
            {name: Cell("groups", key, column) for name, column in columns.items()}, row["contacts"],
            Text("该组的触达", "contacts of the group"), strength="tested",
            test=Test("Newcombe", True, None, row["difference_low"], row["difference_high"], corrected(row["q"])),
            labels={"dimension": (row["dimension"], "contact_dimension"), "value": (row["value"], None)},
            topic="unsubscribe", certainty=0.9,
        )  # fmt: skip


def _doses(result: Result) -> Iterator[Claim]:
    for row in result.table("dose_trends"):
        passed = row["q"] <= FALSE_DISCOVERY
        says = ("dose_up" if row["z"] > 0 else "dose_down") if passed else "no_dose"
        names = [
            "dose_days",
            "outcome_days",
            *(["least", "most", "least_dose", "most_dose"] if passed else []),
        ]
        yield Claim(
            says, f"contact_pressure/dose/{row['outcome']}",
            {name: Cell("dose_trends", {"outcome": row["outcome"]}, name) for name in names}, row["customers"],
            CONTACTED, strength="tested", test=Test("Cochran-Armitage", passed, row["p"], None, None, corrected(row["q"])),
            labels={"outcome": (row["outcome"], "contact_outcome")}, topic="dose_response", summary=passed,
            figure=f"dose_{row['outcome']}", certainty=1 - row["q"],
        )  # fmt: skip


def _trend(result: Result) -> Iterator[Claim]:
    for row in result.table("trend"):
        if row["p"] <= FALSE_DISCOVERY and row["slope"]:
            key = {"from_month": row["from_month"]}
            yield Claim(
                "rises" if row["slope"] > 0 else "falls", "contact_pressure/trend",
                {name: Cell("trend", key, name) for name in ("from_month", "to_month")}, row["contacts"],
                Text("这些完整月份的触达", "contacts of these whole months"), strength="tested",
                test=Test("Mann-Kendall", True, row["p"]), topic="contact_trend", figure="months", certainty=1 - row["p"],
                change=Change(("contacts",), "up" if row["slope"] > 0 else "down"),
            )  # fmt: skip


def pressure_notes(inputs: Inputs, result: Result) -> Iterator[Note]:
    """What is withheld or missing, and why."""
    least = inputs.settings.min_n
    rows = result.table("summary").records()
    if not rows:
        yield Note(Text("窗口内没有主动触达记录", "There are no contacts in the window"), "missing")
        return
    if not rows[0]["customers"]:
        yield Note(
            Text("触达没有客户编号，看不出谁在一周内听到多个部门", "Contacts carry no customer id: who heard from several "
                 "departments cannot be seen"),
            "missing",
        )  # fmt: skip
    elif rows[0]["each"] is None:
        yield Note(
            Text(f"被触达客户少于 {least} 位，比例不予给出", f"Fewer than {least} customers contacted: shares are withheld"),
            "withheld",
        )  # fmt: skip
    if len(result.table("dose_trends").rows) < 3:
        yield Note(
            Text("退订、投诉、购买中发生过少的不判断与触达次数的趋势",
                 "Where too few unsubscribed, complained or bought no trend with the number of contacts is judged"),
            "withheld",
        )  # fmt: skip
