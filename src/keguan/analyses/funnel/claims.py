"""What is said about the funnel: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from keguan.analyses.funnel.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Note, Result, Test
from keguan.schema.vocabulary import UNKNOWN

MOST_GROUPS = 3  # sentences about groups
ALPHA = 0.05
UNITS = {"session": Text("会话", "sessions"), "visitor": Text("访客", "visitors")}

_SPELL_ZH = (
    "{first_day} 至 {last_day}，[who]从「{step}」到「{next_step}」的转化率为 {rate}，[word]其余时间的 {usual}，相差 "
    "{difference}（95% 区间 {low} 至 {high}；期间到达 n={n}，{base}）；按其余时间的转化率计，[amount]。"
)
_SPELL_EN = (
    "From {first_day} to {last_day}, for [who], conversion from '{step}' to '{next_step}' was {rate}, [word] than the "
    "{usual} of the rest of the time, a difference of {difference} (95% interval {low} to {high}; n={n} then, {base}); at "
    "the conversion of the rest of the time, [amount]."
)


def _spell(who: str, word: Text, amount: Text) -> Text:
    """The sentence about a spell, of one group or of a pair."""

    def filled(wording: str, word: str, amount: str) -> str:
        return wording.replace("[who]", who).replace("[word]", word).replace("[amount]", amount)

    return Text(filled(_SPELL_ZH, word.zh, amount.zh), filled(_SPELL_EN, word.en, amount.en))


def _downward(text: Text) -> Text:
    """The wording of a figure that is lower: the difference and its interval without their minus."""

    def turned(wording: str) -> str:
        swapped = (
            wording.replace("{low}", "{lower}").replace("{high}", "{low:-}").replace("{lower}", "{high:-}")
        )
        return swapped.replace("{difference}", "{difference:-}")

    return Text(turned(text.zh), turned(text.en))


FEWER = Text("低于", "lower"), Text("少 {shortfall} 次", "{shortfall} fewer went on")
MORE = Text("高于", "higher"), Text("多 {shortfall} 次", "{shortfall} more went on")

TEXT: Mapping[str, Text] = {
    "whole": Text(
        "进入漏斗的有 {entered} {counted}，到达「{goal}」的占 {share}（n={n}，{base}）。",
        "{entered} {counted} entered the funnel; {share} of them reached '{goal}' (n={n}, {base}).",
    ),
    "weakest": Text(
        "流失最多的一步是由「{before}」到「{step}」：转化率 {rate}（95% 区间 {low} 至 {high}），{lost} 未再前进"
        "（n={n}，{base}）。",
        "The step that loses most is '{before}' to '{step}': {rate} go on (95% interval {low} to {high}), {lost} do "
        "not (n={n}, {base}).",
    ),
    "worse": _downward(_spell("{who}", *FEWER)),
    "worse_pair": _downward(_spell("{who} · {who_2}", *FEWER)),
    "better": _spell("{who}", *MORE),
    "better_pair": _spell("{who} · {who_2}", *MORE),
    "spell_device": Text(
        "其中{who}在该时段由「{step}」到「{next_step}」的转化率为 {rate}，低于其余时间的 {usual}，相差 {difference:-}"
        "（n={n}，{base}）。",
        "Within that spell, for {who}, conversion from '{step}' to '{next_step}' was {rate}, lower than the {usual} of the "
        "rest of the time, a difference of {difference:-} (n={n}, {base}).",
    ),
    "group_lower": Text(
        "{who}从「{step}」到「{next_step}」的转化率为 {rate}，低于其余的 {rest}，相差 {difference:-}"
        "（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。",
        "For {who}, conversion from '{step}' to '{next_step}' is {rate}, lower than the {rest} of the others, a "
        "difference of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
}


def funnel_claims(result: Result, params: Params, min_n: int) -> tuple[Claim, ...]:
    """The whole, the weakest step, spells, groups."""
    steps = result.table("steps").records()
    base = UNITS[params.unit]
    if steps[0]["units"] < min_n:
        return ()
    return (
        *_whole(steps, base, params.unit),
        *_weakest(steps, base),
        *_spells(result, base),
        *_groups(result, base),
    )


def _whole(steps: Sequence[Mapping[str, Any]], base: Text, unit: str) -> list[Claim]:
    last = {"no": steps[-1]["no"]}
    return [
        Claim(
            says="whole", key="funnel/whole",
            values={"entered": Cell("steps", {"no": 1}, "units"), "share": Cell("steps", last, "share")},
            labels={"goal": (steps[-1]["step"], None), "counted": (unit, "funnel_unit")},
            n=steps[0]["units"], base=base, topic="funnel", figure="funnel",
        )
    ]  # fmt: skip


def _weakest(steps: Sequence[Mapping[str, Any]], base: Text) -> list[Claim]:
    known = [(row, before) for before, row in pairwise(steps) if row["rate"] is not None]
    if not known:
        return []
    row, before = max(known, key=lambda pair: (pair[0]["lost"], -pair[0]["no"]))
    key = {"no": row["no"]}
    return [
        Claim(
            says="weakest", key="funnel/weakest",
            values={name: Cell("steps", key, name) for name in ("rate", "low", "high", "lost")},
            labels={"before": (before["step"], None), "step": (row["step"], None)},
            n=before["units"], base=base, strength="estimate", topic="weakest_step", figure="funnel",
        )
    ]  # fmt: skip


def _spells(result: Result, base: Text) -> list[Claim]:
    claims = []
    for row in result.table("incidents"):
        key = {"incident": row["incident"]}
        names = ("first_day", "last_day", "rate", "difference", "low", "high")
        who = [str(row[name]) for name in ("value", "value_2") if row[name]]
        excludes = row["low"] is not None and not row["low"] <= 0 <= row["high"]
        if not excludes:
            continue
        claims.append(
            Claim(
                says=row["change"] if len(who) == 1 else f"{row['change']}_pair",
                key=f"funnel/spell/{row['step']}/{' · '.join(who)}/{row['first_day']}",
                values={
                    **{name: Cell("incidents", key, name) for name in names},
                    "usual": Cell("incidents", key, "usual_rate"),
                    "shortfall": Cell("incidents", key, "shortfall"),
                },
                labels={
                    "step": (row["step"], None), "next_step": (row["next_step"], None),
                    "who": (who[0], "journey_who"),
                    **({"who_2": (who[1], "journey_value")} if len(who) > 1 else {}),
                },
                n=row["units"], base=base, strength="tested",
                test=Test("spell scan", True, None, row["low"], row["high"], corrected(row["q"])),
                certainty=1 - row["q"], topic=f"spell_{row['incident']}", figure="weeks",
                summary=row["change"] == "worse", worse=row["change"] == "worse",
                change=Change(("conversion", row["step"], *who), "up" if row["difference"] > 0 else "down"),
            )
        )  # fmt: skip
        if row["change"] == "worse":
            claims += _devices(result, row, base)
    return claims


def _devices(result: Result, spell: Mapping[str, Any], base: Text) -> list[Claim]:
    """On which devices a step got worse in a spell that is not of one device."""
    claims = []
    for row in result.table("incident_groups"):
        if row["incident"] != spell["incident"] or row["dimension"] != "device":
            continue
        if row["q"] is None or row["q"] > ALPHA or row["difference"] >= 0:
            continue
        key = {name: row[name] for name in ("incident", "dimension", "value")}
        cells = {"rate": "rate", "usual": "usual_rate", "difference": "difference"}
        claims.append(
            Claim(
                says="spell_device",
                key=f"funnel/spell_device/{spell['step']}/{row['value']}/{spell['first_day']}",
                values={name: Cell("incident_groups", key, column) for name, column in cells.items()},
                labels={
                    "who": (row["value"], "journey_value"), "step": (spell["step"], None),
                    "next_step": (spell["next_step"], None),
                },
                n=row["units"], base=base, strength="tested",
                test=Test("two proportions", True, None, None, None, corrected(row["q"])),
                certainty=1 - row["q"], topic=f"spell_{row['incident']}", figure="weeks", summary=False,
            )
        )  # fmt: skip
    return claims


def _groups(result: Result, base: Text) -> list[Claim]:
    """The groups that fall behind by the most people."""
    rows = [
        row for row in result.table("groups")
        if row["q"] is not None and row["q"] <= ALPHA and row["difference"] < 0
        and row["difference_high"] is not None and row["difference_high"] < 0 and row["value"] != UNKNOWN
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["difference"] * row["units"], row["no"], row["dimension"], row["value"]))
    claims = []
    for row in rows[:MOST_GROUPS]:
        key = {name: row[name] for name in ("no", "dimension", "value")}
        cells = {"rate": "rate", "rest": "rest_rate", "difference": "difference", "low": "difference_low",
                 "high": "difference_high"}  # fmt: skip
        claims.append(
            Claim(
                says="group_lower", key=f"funnel/group/{row['step']}/{row['dimension']}/{row['value']}",
                values={name: Cell("groups", key, column) for name, column in cells.items()},
                labels={
                    "who": (row["value"], "journey_value"), "step": (row["step"], None),
                    "next_step": (row["next_step"], None),
                },
                n=row["units"], base=base, strength="tested",
                test=Test(
                    "two proportions", True, None, row["difference_low"], row["difference_high"], corrected(row["q"])
                ),
                certainty=1 - row["q"], topic="funnel_groups", figure=None, worse=True,
            )
        )  # fmt: skip
    return claims


def steps_note(steps: Sequence[str], proposed: bool) -> Note:
    """Which steps were used."""
    listed = "、".join(steps)
    if not proposed:
        return Note(Text(f"步骤（给定）：{listed}", f"Steps (given): {listed}"))
    return Note(
        Text(
            f"步骤由事件名提出，请确认：{listed}；步骤可在参数中指定",
            f"Steps proposed from the names of events, please confirm: {listed}; other steps can be set by a parameter",
        )
    )


def funnel_notes(
    inputs: Inputs, result: Result, days: int, scans: int, left: Sequence[str], min_n: int
) -> list[Note]:
    """What the reader must know."""
    notes = []
    entered = result.table("steps").records()[0]["units"]
    if entered < min_n:
        notes.append(
            Note(
                Text(
                    f"进入漏斗的有 {entered}，少于 {min_n}，转化率不予给出",
                    f"{entered} entered the funnel, fewer than {min_n}: rates are withheld",
                ),
                "withheld",
            )
        )
    if days < 7:
        notes.append(
            Note(
                Text(
                    f"行为数据只有 {days} 天，太短：不能看留存，也不能按周比较",
                    f"The events cover {days} days: too short for retention and for comparing weeks",
                ),
                "withheld",
            )
        )
    if left:
        listed = ", ".join(left)
        notes.append(
            Note(Text(f"取值太多而未用的维度：{listed}", f"Dimensions left out, too many values: {listed}"))
        )
    steps = result.table("steps").records()
    lost = steps[-1]
    if lost["units"] == 0:
        notes.append(
            Note(
                Text(
                    f"没有任何记录到达「{lost['step']}」", f"Nothing that was logged reaches '{lost['step']}'"
                ),
                "warning",
            )
        )
    times = [(row["no"], row["minutes"], row["step"]) for row in steps if row["minutes"] is not None]
    late = [b[2] for a, b in pairwise(times) if b[1] < a[1]]
    if late:
        listed = "、".join(late)
        notes.append(
            Note(
                Text(
                    f"按用时中位数看，这些步骤早于前一步：{listed}；步骤的次序请核对",
                    f"By median time these steps come before the step listed ahead of them: {listed}; check the order",
                ),
                "warning",
            )
        )
    if scans and not result.table("incidents").records() and entered >= min_n:
        notes.append(
            Note(
                Text(
                    f"在 {scans} 个步骤与人群的组合里没有找到异于平时的时段",
                    f"No spell stands out in {scans} combinations of step and group",
                )
            )
        )
    return notes
