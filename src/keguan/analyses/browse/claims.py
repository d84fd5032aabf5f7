"""What is said about browsing: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.marts.event_goals import EventNames, goal_notes
from keguan.result import Cell, Claim, Note, Result, Test

ALPHA = 0.05
MOST_GROUPS = 2  # sentences of a kind
EVERYBODY = "全部"
SESSIONS = Text("会话", "sessions")

_DIFFERENCE_ZH = "相差 {difference}（95% 区间 {low} 至 {high}；n={n}，{base}）。"
_DIFFERENCE_EN = "a difference of {difference} (95% interval {low} to {high}; n={n}, {base})."
_LOWER_ZH = "相差 {difference:-}（95% 区间 {high:-} 至 {low:-}；n={n}，{base}）。"
_LOWER_EN = "a difference of {difference:-} (95% interval {high:-} to {low:-}; n={n}, {base})."

TEXT: Mapping[str, Text] = {
    "page": Text(
        "最多人看的页面是 {page}：{sessions} 个会话看过，占 {share}（n={n}，{base}）。",
        "The most seen page is {page}: {sessions} sessions saw it, {share} (n={n}, {base}).",
    ),
    "product": Text(
        "最多人看的商品是 {product}：{sessions} 个会话看过；其中 {rate} 在同一会话购买了它（95% 区间 {low} 至 {high}；"
        "n={n}，{base}）。",
        "The most seen product is {product}: {sessions} sessions saw it; {rate} of them bought it in the same session (95% "
        "interval {low} to {high}; n={n}, {base}).",
    ),
    "product_seen": Text(
        "最多人看的商品是 {product}：{sessions} 个会话看过，占 {share}（n={n}，{base}）。",
        "The most seen product is {product}: {sessions} sessions saw it, {share} (n={n}, {base}).",
    ),
    "search_higher": Text(
        "只用搜索的会话转化率为 {rate}，高于只看类目的 {rest}，" + _DIFFERENCE_ZH,
        "Sessions that only search convert at {rate}, higher than the {rest} of those that only use categories, "
        + _DIFFERENCE_EN,
    ),
    "search_lower": Text(
        "只用搜索的会话转化率为 {rate}，低于只看类目的 {rest}，" + _LOWER_ZH,
        "Sessions that only search convert at {rate}, lower than the {rest} of those that only use categories, "
        + _LOWER_EN,
    ),
    "search_same": Text(
        "只用搜索的会话转化率为 {rate}，只看类目的为 {rest}；差的 95% 区间 {low} 至 {high}，无显著差异（n={n}，{base}）。",
        "Sessions that only search convert at {rate}, those that only use categories at {rest}; 95% interval of the "
        "difference {low} to {high}, not significant (n={n}, {base}).",
    ),
    "single": Text(
        "只有一个事件的会话占 {rate}（95% 区间 {low} 至 {high}；n={n}，{base}）；会话时长的中位数为 {minutes} 分钟。",
        "{rate} of sessions have one event only (95% interval {low} to {high}; n={n}, {base}); the median session takes "
        "{minutes} minutes.",
    ),
    "single_higher": Text(
        "{who}只有一个事件的会话占 {rate}，高于其余的 {rest}，" + _DIFFERENCE_ZH,
        "For {who}, {rate} of sessions have one event only, higher than the {rest} of the others, "
        + _DIFFERENCE_EN,
    ),
    "page_higher": Text(
        "{who}有 {rate} 的会话看过 {page}，高于其余的 {rest}，" + _DIFFERENCE_ZH,
        "For {who}, {rate} of sessions saw {page}, higher than the {rest} of the others, " + _DIFFERENCE_EN,
    ),
}


def browse_claims(result: Result, sessions: int, min_n: int) -> tuple[Claim, ...]:
    """Pages, products, search, single events, groups."""
    if sessions < min_n:
        return ()
    claims = [*_page(result, sessions), *_product(result, sessions), *_search(result), *_single(result)]
    return (
        *claims,
        *_groups(result, "engagement", "single_higher"),
        *_groups(result, "page_groups", "page_higher"),
    )


def _page(result: Result, sessions: int) -> list[Claim]:
    rows = result.table("pages").records() if result.has("pages") else []
    if not rows:
        return []
    key = {"page": rows[0]["page"]}
    return [
        Claim(
            says="page", key="browse/page", values={n: Cell("pages", key, n) for n in ("sessions", "share")},
            labels={"page": (rows[0]["page"], None)}, n=sessions, base=SESSIONS, topic="browse_page", summary=False,
            figure="pages",
        )
    ]  # fmt: skip


def _product(result: Result, sessions: int) -> list[Claim]:
    rows = result.table("products").records() if result.has("products") else []
    if not rows or rows[0]["sessions"] == 0:
        return []
    row, key = rows[0], {"product_id": rows[0]["product_id"]}
    sold = row["rate"] is not None
    columns = ("sessions", "rate", "low", "high") if sold else ("sessions", "share")
    return [
        Claim(
            says="product" if sold else "product_seen", key="browse/product",
            values={name: Cell("products", key, name) for name in columns},
            labels={"product": (row["name"] or row["product_id"], None)}, n=row["sessions"] if sold else sessions,
            base=Text("看过该商品的会话", "sessions that saw it") if sold else SESSIONS,
            strength="estimate" if sold else "fact", topic="browse_product", figure="products",
        )
    ]  # fmt: skip


def _search(result: Result) -> list[Claim]:
    rows = result.table("way_difference").records() if result.has("way_difference") else []
    if not rows:
        return []
    row, key = rows[0], {"way": "search", "against": "category"}
    passed = row["p"] <= ALPHA and not row["difference_low"] <= 0 <= row["difference_high"]
    says = "search_same" if not passed else "search_higher" if row["difference"] > 0 else "search_lower"
    cells = {"rate": "rate", "rest": "rest_rate", "low": "difference_low", "high": "difference_high"}
    cells |= {"difference": "difference"} if passed else {}
    ways = {r["way"]: r["sessions"] for r in result.table("ways")}
    return [
        Claim(
            says=says, key="browse/search",
            values={name: Cell("way_difference", key, column) for name, column in cells.items()},
            n=ways["search"] + ways["category"], base=SESSIONS, strength="tested",
            test=Test("Newcombe", passed, row["p"], row["difference_low"], row["difference_high"]),
            certainty=1 - row["p"], topic="browse_search", summary=passed, figure="ways",
        )
    ]  # fmt: skip


def _single(result: Result) -> list[Claim]:
    key = {"dimension": EVERYBODY, "value": EVERYBODY}
    row = result.table("engagement").find(key)
    if row is None or row["rate"] is None:
        return []
    return [
        Claim(
            says="single", key="browse/single",
            values={n: Cell("engagement", key, n) for n in ("rate", "low", "high", "minutes")},
            n=row["sessions"], base=SESSIONS, strength="estimate", topic="browse_single", summary=False,
        )
    ]  # fmt: skip


def _groups(result: Result, table: str, says: str) -> list[Claim]:
    """Groups that stand out, the largest difference in sessions first."""
    if not result.has(table):
        return []
    rows = [
        row for row in result.table(table)
        if row["q"] is not None and row["q"] <= ALPHA and (row["difference_low"] or 0) > 0
    ]  # fmt: skip
    rows.sort(
        key=lambda row: (
            -row["difference"] * row.get("of", row["sessions"]),
            str(row.get("page")),
            row["value"],
        )
    )
    return [_group(row, table, says) for row in rows[:MOST_GROUPS]]


def _group(row: Mapping[str, Any], table: str, says: str) -> Claim:
    names = ("dimension", "value") if table == "engagement" else ("page", "dimension", "value")
    key = {name: row[name] for name in names}
    cells = {"rate": "rate", "rest": "rest_rate", "difference": "difference", "low": "difference_low",
             "high": "difference_high"}  # fmt: skip
    labels: dict[str, tuple[str, str | None]] = {"who": (row["value"], "journey_value")}
    if "page" in row:
        labels["page"] = (row["page"], None)
    return Claim(
        says=says, key=f"browse/{says}/{'/'.join(str(row[name]) for name in names)}",
        values={name: Cell(table, key, column) for name, column in cells.items()}, labels=labels,
        n=row.get("of", row["sessions"]), base=SESSIONS, strength="tested",
        test=Test("two proportions", True, None, row["difference_low"], row["difference_high"], corrected(row["q"])),
        certainty=1 - row["q"], topic=f"browse_{table}", summary=table == "engagement",
    )  # fmt: skip


def browse_notes(result: Result, names: EventNames, days: int, sessions: int, min_n: int) -> list[Note]:
    """What the reader must know."""
    notes = goal_notes(names)
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
    missing = [
        text
        for table, text in (("pages", Text("页面", "pages")), ("products", Text("商品编号", "product ids")))
        if not result.has(table)
    ]
    if missing:
        zh, en = "、".join(text.zh for text in missing), " and ".join(text.en for text in missing)
        notes.append(
            Note(
                Text(
                    f"事件里没有{zh}，相应的表不给；导入时请带上这些列",
                    f"The events tell no {en}: the tables about them are left out; import these columns",
                ),
                "missing",
            )
        )
    if (
        result.has("products")
        and names.goal
        and all(row["converted"] is None for row in result.table("products"))
    ):
        notes.append(
            Note(
                Text(
                    "转化事件不带商品编号，看过某商品的会话是否买了它无从得知",
                    "Conversions do not name a product: whether a product that was seen was bought is not known",
                ),
                "missing",
            )
        )
    if result.has("pages") and not result.has("ways") and names.goal:
        notes.append(
            Note(
                Text(
                    "事件名里没有同时认出搜索与类目，两者不作比较",
                    "Search and categories were not both recognised among the names of events and are not compared",
                )
            )
        )
    if days < 7:
        notes.append(
            Note(
                Text(
                    f"行为数据只有 {days} 天，太短，不能看留存",
                    f"The events cover {days} days: too short for retention",
                ),
                "withheld",
            )
        )
    return notes
