"""Tables about themes: what texts speak of, by group of texts, and month by month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from keguan.analyses.needs.findings import Found, share_of
from keguan.analyses.needs.reading import DIMENSIONS, groups
from keguan.analysis import Inputs
from keguan.core.period import month_end
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.rate_change import rate_changes
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.result import Column, Table
from keguan.schema.terms.needs import NO_THEME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

METHOD = "language.themes"
VALUES = 8  # values of a dimension that are compared, the commonest

THEME = Column("theme", Text("主题", "Theme"), "label", role="key", vocabulary="needs_value")
_OF_DECIDED = Text("占可判定好恶的文本", "of the texts with a sentiment")
_Q = Text("各项比较一起校正 (Benjamini-Hochberg)", "all comparisons corrected together (Benjamini-Hochberg)")

THEME_COLUMNS = (
    THEME,
    Column("terms", Text("词语", "Terms"), "text"),
    Column("texts", Text("文本数", "Texts"), "count"),
    Column("share", Text("占比", "Share of texts"), "share"),
    Column("low", Text("区间下限", "Low"), "share", role="low"),
    Column("high", Text("区间上限", "High"), "share", role="high"),
    Column("decided", Text("可判定好恶", "With a sentiment"), "count"),
    Column("negative", Text("负面", "Negative"), "count"),
    Column("negative_share", Text("负面占比", "Negative share"), "share", note=_OF_DECIDED),
    Column("negative_low", Text("负面占比下限", "Negative, low"), "share", role="low"),
    Column("negative_high", Text("负面占比上限", "Negative, high"), "share", role="high"),
    Column("other_share", Text("其余文本负面占比", "Negative share elsewhere"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column("difference_low", Text("相差下限", "Difference, low"), "points"),
    Column("difference_high", Text("相差上限", "Difference, high"), "points"),
    Column("q", Text("校正后 p", "Corrected p"), "number", 4, note=_Q),
)  # fmt: skip


def theme_table(inputs: Inputs, found: Found) -> Table:
    """Each theme: its terms, texts, sentiment against the other texts. The last row: texts without a theme."""
    rows = [_theme_row(found, theme.name, theme.terms) for theme in found.themes.themes]
    tested = [row for row in rows if row["difference"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
    if rows:
        rows.append(_row(found, NO_THEME, "", found.without_theme))
    return inputs.computed(
        "themes", Text("主题", "Themes"), THEME_COLUMNS, ("theme",), rows, method=METHOD,
        sql=found.plan.sql, **found.plan.bound,
        note=Text(
            "一条文本可属于多个主题，占比之和不等于 100%；分母为读取的文本，去除重复",
            "a text may belong to several themes, so shares do not add up to 100%; of the texts read, copies left out",
        ),
    )  # fmt: skip


def _row(found: Found, name: str, terms: str, mask: NDArray[np.bool_]) -> dict[str, Any]:
    counts = found.counts(mask)
    share, interval = counts.negative_share(found.min_n)
    return {
        "theme": name, "terms": terms, "texts": counts.texts, **share_of(counts.texts, found.base, found.min_n),
        "decided": counts.decided, "negative": counts.negative, "negative_share": share,
        "negative_low": interval.low if interval else None, "negative_high": interval.high if interval else None,
        "difference": None,
    }  # fmt: skip


def _theme_row(found: Found, name: str, numbers: tuple[int, ...]) -> dict[str, Any]:
    mask = found.of_theme[name]
    row = _row(found, name, "、".join(found.terms.shown[number] for number in numbers), mask)
    rest = found.counts(found.counted & ~mask)
    inside = found.counts(mask)
    if inside.decided < found.min_n or rest.decided < found.min_n:
        return row
    interval = newcombe(inside.negative, inside.decided, rest.negative, rest.decided)
    row |= {
        "other_share": rest.negative / rest.decided,
        "difference": inside.negative / inside.decided - rest.negative / rest.decided,
        "difference_low": interval.low if interval else None,
        "difference_high": interval.high if interval else None,
        "p": two_proportions(inside.negative, inside.decided, rest.negative, rest.decided),
    }
    return row


SEGMENT_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="needs_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="needs_value"),
    THEME,
    Column("n", Text("文本数", "Texts"), "count"),
    Column("texts", Text("谈到的文本", "Texts with the theme"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", Text("区间下限", "Low"), "share", role="low"),
    Column("high", Text("区间上限", "High"), "share", role="high"),
    Column("rest_n", Text("其余文本数", "Texts elsewhere"), "count"),
    Column("rest_share", Text("其余占比", "Share elsewhere"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column("difference_low", Text("相差下限", "Difference, low"), "points"),
    Column("difference_high", Text("相差上限", "Difference, high"), "points"),
    Column("q", Text("校正后 p", "Corrected p"), "number", 4, note=_Q),
)  # fmt: skip


def segment_table(inputs: Inputs, found: Found) -> Table:
    """Share of each theme among the texts of a kind, product, region, channel, topic and RFM class, against the rest
    of the texts whose value is known."""
    rows = list(_segment_rows(found))
    for row, q in zip(rows, benjamini_hochberg([row["p"] for row in rows]), strict=True):
        row["q"] = q
    return inputs.computed(
        "theme_by_segment", Text("主题占比（按类别、商品、地区、分层）", "Share of themes by kind, product, region, segment"),
        SEGMENT_COLUMNS, ("dimension", "value", "theme"), rows, method=METHOD,
        sql=found.plan.sql, **found.plan.bound,
        note=Text(
            f"每个维度列出文本最多的 {VALUES} 个取值；其余为该维度其他取值的文本",
            f"the {VALUES} values with most texts of each dimension; elsewhere: texts with another value of it",
        ),
    )  # fmt: skip


def _segment_rows(found: Found) -> Iterator[dict[str, Any]]:
    for dimension in DIMENSIONS:
        values = groups(found.read, dimension)
        known = int(sum(mask.sum() for mask in values.values()))
        enough = [name for name, mask in values.items() if mask.sum() >= found.min_n]
        largest = sorted(enough, key=lambda name: (-int(values[name].sum()), name))[:VALUES]
        every = sum(values.values(), ~found.counted & found.counted)
        for value in largest:
            n = int(values[value].sum())
            if known - n < found.min_n:
                continue
            for theme, mask in found.of_theme.items():
                inside, whole = int((mask & values[value]).sum()), int((mask & every).sum())
                yield _compared(
                    dimension, value, theme, (inside, n), (whole - inside, known - n), found.min_n
                )


def _compared(
    dimension: str, value: str, theme: str, one: tuple[int, int], rest: tuple[int, int], min_n: int
) -> dict[str, Any]:
    interval = newcombe(*one, *rest)
    return {
        "dimension": dimension, "value": value, "theme": theme, "n": one[1], "texts": one[0],
        **share_of(*one, min_n), "rest_n": rest[1], "rest_share": rest[0] / rest[1],
        "difference": one[0] / one[1] - rest[0] / rest[1],
        "difference_low": interval.low if interval else None,
        "difference_high": interval.high if interval else None,
        "p": two_proportions(*one, *rest),
    }  # fmt: skip


CHANGE_COLUMNS = (
    Column("kind", Text("反馈类别", "Kind of feedback"), "label", role="key", vocabulary="feedback_kind"),
    THEME,
    Column("since", Text("自", "Since"), "month"),
    Column("before_n", Text("此前文本数", "Texts before"), "count"),
    Column("before", Text("此前占比", "Share before"), "share"),
    Column("after_n", Text("此后文本数", "Texts since"), "count"),
    Column("after", Text("此后占比", "Share since"), "share"),
    Column("difference", Text("相差", "Difference"), "points"),
    Column("low", Text("区间下限", "Low"), "points", role="low"),
    Column("high", Text("区间上限", "High"), "points", role="high"),
    Column("q", Text("校正后 p", "Corrected p"), "number", 4, note=_Q),
    Column("holds", Text("变化成立", "Change holds"), "text"),
)  # fmt: skip


def change_table(inputs: Inputs, found: Found) -> Table:
    """Each theme's strongest change of share among the texts of one kind: since when, before and after.

    Kinds are never pooled: a kind that begins to be imported within the span would move every share.
    """
    months = whole_months(inputs, found)
    monthly = {
        kind: {month: mask & of_kind for month, mask in months.items() if (mask & of_kind).any()}
        for kind, of_kind in groups(found.read, "kind").items()
    }
    series = {
        (kind, name): ([int((mask & some).sum()) for some in own.values()], [int(some.sum()) for some in own.values()])
        for kind, own in monthly.items()
        for name, mask in found.of_theme.items()
    }  # fmt: skip
    rows = [
        {
            "kind": kind, "theme": name, "since": list(monthly[kind])[change.index],
            "before_n": change.before_n, "before": change.before,
            "after_n": change.after_n, "after": change.after, "difference": change.difference,
            "low": change.low, "high": change.high, "q": change.q, "holds": change.sure,
        }
        for (kind, name), change in rate_changes(series, found.min_n).items()
    ]  # fmt: skip
    return inputs.computed(
        "theme_changes", Text("主题占比的变化", "Changes of themes"), CHANGE_COLUMNS, ("kind", "theme"), rows,
        method="evidence.statistics.rate_change", sql=found.plan.sql, **found.plan.bound,
        note=Text(
            "各类反馈分开比较：新导入一类反馈会改变全部文本的构成",
            "each kind of feedback by itself: a kind that begins to be imported changes what all texts speak of",
        ),
    )  # fmt: skip


def whole_months(inputs: Inputs, found: Found) -> dict[str, NDArray[np.bool_]]:
    """Counted texts by month, without a month that the as-of day has not finished."""
    months = groups(found.read, "month")
    if inputs.as_of != month_end(inputs.as_of):
        months.pop(f"{inputs.as_of:%Y-%m}", None)
    return months


def sure(q: float | None, low: float | None, high: float | None) -> bool:
    """Found at false discovery rate 5 %, and the interval leaves out zero."""
    if q is None or low is None or high is None:
        return False
    return q <= FALSE_DISCOVERY and not low <= 0 <= high
