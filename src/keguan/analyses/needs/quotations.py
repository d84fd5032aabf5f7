"""Table of quotations: what customers wrote about each theme, verbatim, shortened, without personal data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keguan.analyses.needs.findings import Found
from keguan.analyses.needs.judging import UNDECIDED
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.language.normalise import LONGEST
from keguan.language.quotation import quotation
from keguan.result import Column, Table
from keguan.schema.terms.needs import NO_THEME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

A_THEME = 3
WITHOUT_THEMES = 12  # quoted when there are too few texts for themes
FITTING = 40  # characters: long enough to say something, short enough to be quoted whole
POLARITY = {1: "positive", 0: "neutral", -1: "negative", UNDECIDED: "undecided"}

QUOTATION_COLUMNS = (
    Column("theme", Text("主题", "Theme"), "label", role="key", vocabulary="needs_value"),
    Column("rank", Text("次序", "Rank"), "count", role="key"),
    Column("quotation", Text("原话", "Quotation"), "text"),
    Column("sentiment", Text("好恶", "Sentiment"), "label", vocabulary="needs_value"),
    Column("kind", Text("类别", "Kind"), "label", vocabulary="needs_value"),
    Column("day", Text("日期", "Day"), "date"),
    Column("feedback_id", Text("反馈编号", "Feedback id"), "text"),
)  # fmt: skip


def quotation_table(inputs: Inputs, found: Found) -> Table:
    """Texts that speak most plainly of each theme; without themes some texts as they come."""
    chosen = list(_chosen(found))
    texts = _texts(inputs, found, [place for _, places in chosen for place in places])
    shown = {theme.name: [found.terms.shown[t] for t in theme.terms] for theme in found.themes.themes}
    rows = [
        {
            "theme": name, "rank": rank, "quotation": quotation(texts[place], shown.get(name, ())),
            "sentiment": POLARITY[int(found.judged.polarity[place])], "kind": found.read.values["kind"][place],
            "day": found.read.days[place], "feedback_id": found.read.ids[place],
        }
        for name, places in chosen
        for rank, place in enumerate(places, start=1)
    ]  # fmt: skip
    return inputs.computed(
        "quotations", Text("客户原话", "Quotations"), QUOTATION_COLUMNS, ("theme", "rank"), rows,
        method="language.quotation", sql=found.plan.sql, **found.plan.bound,
        note=Text(
            "逐字引用，过长的截短，电话、邮箱、编号与姓名以 *** 代替；选自主题词最多、长短合适的文本，不代表多数",
            "verbatim, long ones shortened, telephone numbers, addresses, ids and names replaced by ***; texts with most "
            "terms of the theme and a fitting length, not a majority",
        ),
    )  # fmt: skip


def _chosen(found: Found) -> Iterator[tuple[str, list[int]]]:
    """Places of the texts quoted, by theme; no text twice."""
    import numpy as np

    if not found.themes.themes:
        order = _order(found, found.counted, np.zeros(len(found.read), dtype=np.int64))
        yield NO_THEME, _mixed(found, order, WITHOUT_THEMES)
        return
    used: set[int] = set()
    for theme in found.themes.themes:
        order = _order(found, found.of_theme[theme.name], found.terms.having(theme.terms))
        places = _mixed(found, [place for place in order if place not in used], A_THEME)
        used.update(places)
        yield theme.name, places


def _order(found: Found, mask: NDArray[np.bool_], hits: NDArray[np.int64]) -> list[int]:
    """Most terms of the theme first (three are enough), then the length nearest to fitting, then as read."""
    places: list[int] = mask.nonzero()[0].tolist()
    lengths = found.read.lengths
    return sorted(places, key=lambda place: (-min(int(hits[place]), 3), abs(lengths[place] - FITTING), place))


def _mixed(found: Found, order: Sequence[int], most: int) -> list[int]:
    """The first ones, but one of another sentiment among them where there is one."""
    polarity, wording = found.judged.polarity, found.read.corpus.wording
    distinct: list[int] = []
    seen: set[int] = set()
    for place in order:
        if wording[place] not in seen:
            seen.add(wording[place])
            distinct.append(place)
    first = distinct[:most]
    if len({int(polarity[place]) for place in first}) == 1 and len(distinct) > most:
        other = next((place for place in distinct[most:] if polarity[place] != polarity[first[0]]), None)
        if other is not None:
            first[-1] = other
    return first


def _texts(inputs: Inputs, found: Found, places: Sequence[int]) -> dict[int, str]:
    """The texts at these places, fetched by id."""
    if not places:
        return {}
    ids = {f"id{number}": found.read.ids[place] for number, place in enumerate(places)}
    wanted = ", ".join(f"${name}" for name in ids)
    # The answers of a form share its id; few of them have a text.
    rows = inputs.query(
        f"SELECT feedback_id, left(text, $longest) AS text FROM feedback WHERE feedback_id IN ({wanted}) "
        "AND text IS NOT NULL AND trim(text) <> '' ORDER BY feedback_id, text",
        longest=LONGEST, **ids,
    ).to_pylist()  # fmt: skip
    by_id = {row["feedback_id"]: row["text"] for row in rows}
    return {place: by_id[found.read.ids[place]] for place in places}
