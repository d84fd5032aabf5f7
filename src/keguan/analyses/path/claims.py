"""What is said about paths: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.analyses.path.names import START
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.marts.event_goals import EventNames, goal_notes
from keguan.result import Cell, Claim, Note, Result, Test

ALPHA = 0.05
MOST_EXITS = 3  # sentences about groups
EVERYBODY = "全部"
SESSIONS = Text("会话", "sessions")
LEFT = Text("未转化的会话", "sessions without conversion")

TEXT: Mapping[str, Text] = {
    "entry": Text(
        "会话最常由「{name}」开始，占 {share}（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Sessions begin with '{name}' most: {share} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "top_path": Text(
        "最常见的路径是 {path}：{sessions} 个会话，占 {share}（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The most frequent path is {path}: {sessions} sessions, {share} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "loop": Text(
        "到过「{name}」的会话中，{share} 离开后又回到它（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of sessions with '{name}', {share} came back to it after something else (95% interval {low} to {high}; n={n}, "
        "{base}).",
    ),
    "exit": Text(
        "未转化的会话最常停在「{name}」：{sessions} 个，占 {share}（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Sessions without conversion end at '{name}' most: {sessions}, {share} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "exit_higher": Text(
        "{who}停在「{name}」的占 {share}，高于其余各组的 {rest}，相差 {difference}（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "For {who}, {share} end at '{name}', higher than the {rest} of the others, a difference of {difference} (95% interval "
        "{low} to {high}; n={n}, {base}).",
    ),
    "attribution": Text(
        "转化按来源计：{source}按首次触点占 {first}，按末次触点占 {last}，按平均分摊占 {linear}（n={n}，{base}）；"
        "这是计数规则，不说明原因。",
        "Conversions by source: {source} has {first} by first touch, {last} by last touch, {linear} by linear shares (n={n}, "
        "{base}); these are rules of counting, not causes.",
    ),
}


def path_claims(result: Result, names: EventNames, min_n: int) -> tuple[Claim, ...]:
    """Entry, most frequent path, loop, exits, attribution."""
    claims = [*_entry(result), *_path(result), *_loop(result)]
    if result.has("exits"):
        claims += [*_exit(result), *_exits(result)]
    if result.has("attribution"):
        claims += _attribution(result, min_n)
    return tuple(claims)


def _shares(table: str, key: Mapping[str, Any], *more: str) -> dict[str, Cell]:
    return {name: Cell(table, key, name) for name in ("share", "low", "high", *more)}


def _entry(result: Result) -> list[Claim]:
    rows = [
        row for row in result.table("transitions") if row["from_name"] == START and row["share"] is not None
    ]
    if not rows:
        return []
    best = max(rows, key=lambda row: (row["times"], row["to_name"]))
    key = {"from_name": START, "to_name": best["to_name"]}
    return [
        Claim(
            says="entry", key="path/entry", values=_shares("transitions", key),
            labels={"name": (best["to_name"], "journey_node")}, n=sum(row["times"] for row in rows), base=SESSIONS,
            strength="estimate", topic="path_entry", figure="flows",
        )
    ]  # fmt: skip


def _path(result: Result) -> list[Claim]:
    rows = result.table("paths").records()
    if not rows or rows[0]["share"] is None:
        return []
    key = {"rank": 1}
    sessions = sum(row["times"] for row in result.table("transitions") if row["from_name"] == START)
    return [
        Claim(
            says="top_path", key="path/top", values=_shares("paths", key, "sessions"),
            labels={"path": (rows[0]["path"], None)}, n=sessions, base=SESSIONS, strength="estimate",
            topic="path_top", summary=False, figure="paths",
        )
    ]  # fmt: skip


def _loop(result: Result) -> list[Claim]:
    rows = [row for row in result.table("loops") if row["share"] is not None and row["came_back"] > 0]
    if not rows:
        return []
    best = rows[0]
    return [
        Claim(
            says="loop", key="path/loop", values=_shares("loops", {"name": best["name"]}),
            labels={"name": (best["name"], "journey_node")}, n=best["sessions"],
            base=Text("出现该事件的会话", "sessions with that event"), strength="estimate", topic="path_loop", summary=False,
        )
    ]  # fmt: skip


def _exit(result: Result) -> list[Claim]:
    rows = [
        row for row in result.table("exits") if row["dimension"] == EVERYBODY and row["share"] is not None
    ]
    if not rows:
        return []
    best = max(rows, key=lambda row: (row["sessions"], row["name"]))
    key = {name: best[name] for name in ("dimension", "value", "name")}
    return [
        Claim(
            says="exit", key="path/exit", values=_shares("exits", key, "sessions"),
            labels={"name": (best["name"], "journey_node")}, n=best["of"], base=LEFT, strength="estimate",
            topic="path_exit",
        )
    ]  # fmt: skip


def _exits(result: Result) -> list[Claim]:
    rows = [
        row for row in result.table("exits")
        if row["q"] is not None and row["q"] <= ALPHA and (row["difference_low"] or 0) > 0
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["difference"] * row["of"], row["dimension"], row["value"], row["name"]))
    claims = []
    for row in rows[:MOST_EXITS]:
        key = {name: row[name] for name in ("dimension", "value", "name")}
        cells = {"share": "share", "rest": "rest_share", "difference": "difference", "low": "difference_low",
                 "high": "difference_high"}  # fmt: skip
        claims.append(
            Claim(
                says="exit_higher", key=f"path/exit/{row['dimension']}/{row['value']}/{row['name']}",
                values={name: Cell("exits", key, column) for name, column in cells.items()},
                labels={"who": (row["value"], "journey_value"), "name": (row["name"], "journey_node")},
                n=row["of"], base=LEFT, strength="tested",
                test=Test(
                    "two proportions", True, None, row["difference_low"], row["difference_high"], corrected(row["q"])
                ),
                certainty=1 - row["q"], topic="path_exit_groups",
            )
        )  # fmt: skip
    return claims


def _attribution(result: Result, min_n: int) -> list[Claim]:
    rows = result.table("attribution").records()
    total = sum(row["last_touch"] for row in rows)
    if total < min_n or len(rows) < 2:
        return []
    key = {"source": rows[0]["source"]}
    return [
        Claim(
            says="attribution", key="path/attribution",
            values={
                name: Cell("attribution", key, f"{name}_share") for name in ("first", "last", "linear")
            },
            labels={"source": (rows[0]["source"], "unknown")}, n=total, base=Text("有转化的会话", "sessions with a conversion"),
            topic="attribution", summary=False, figure="attribution",
        )
    ]  # fmt: skip


def path_notes(result: Result, names: EventNames, days: int, min_n: int) -> list[Note]:
    """What the reader must know."""
    notes = []
    sessions = sum(row["times"] for row in result.table("transitions") if row["from_name"] == START)
    if sessions < min_n:
        notes.append(
            Note(
                Text(
                    f"会话 {sessions} 个，少于 {min_n}，占比不予给出",
                    f"{sessions} sessions, fewer than {min_n}: shares are withheld",
                ),
                "withheld",
            )
        )
    notes += goal_notes(names)
    if result.has("touchpoints"):
        moves = result.table("touchpoints").records()
        if moves and all(row["from_source"] == row["to_source"] for row in moves):
            notes.append(
                Note(
                    Text(
                        "每位访客始终只有一个来源，三种归因规则因此相同",
                        "Each visitor has one and the same source throughout, so the three rules of attribution agree",
                    )
                )
            )
    if days < 7:
        notes.append(
            Note(
                Text(
                    f"行为数据只有 {days} 天，太短：不能看留存，隔日再来的触点也看不全",
                    f"The events cover {days} days: too short for retention, and touchpoints of later days are missing",
                ),
                "withheld",
            )
        )
    return notes
