"""Tables about sentiment: how texts judge, by group and month, how that was found out and how good that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keguan.analyses.needs.findings import Found, share_of
from keguan.analyses.needs.reading import DIMENSIONS, groups
from keguan.analysis import Inputs
from keguan.core.period import month_end
from keguan.core.text import Text
from keguan.language.learned_sentiment import Quality
from keguan.language.stated_reasons import OTHER, REASONS
from keguan.result import Column, Table
from keguan.schema.terms.needs import NO_THEME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MIDDLE = Text("客户自己给出中间分", "scored in the middle by the customer")
_BY_SCORE = Text("其余由文字判定", "the others are judged by their words")
_OF_DECIDED = Text("占可判定好恶的文本", "of the texts with a sentiment")
_COVERED = Text("含词典中词语的文本占比", "texts with a word of the lexicon")
_COPIES = Text(
    "15 个字符以上、与更早的一条逐字相同，只计一次",
    "15 characters or more and the same word for word as an earlier one; counted once",
)
_CUT = Text("只读前 5,000 个字符", "only the first 5,000 characters are read")
VALUES = 20  # values of a dimension listed, the commonest

SENTIMENT_COLUMNS = (
    Column("dimension", Text("维度", "Dimension"), "label", role="key", vocabulary="needs_dimension"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="needs_value"),
    Column("texts", Text("文本数", "Texts"), "count"),
    Column("positive", Text("正面", "Positive"), "count"),
    Column("neutral", Text("中性", "Neutral"), "count", note=_MIDDLE),
    Column("negative", Text("负面", "Negative"), "count"),
    Column("undecided", Text("未判定", "Undecided"), "count"),
    Column("decided", Text("可判定好恶", "With a sentiment"), "count"),
    Column("by_score", Text("按客户评分", "By own score"), "count", note=_BY_SCORE),
    Column("negative_share", Text("负面占比", "Negative share"), "share", note=_OF_DECIDED),
    Column("low", Text("区间下限", "Low"), "share", role="low"),
    Column("high", Text("区间上限", "High"), "share", role="high"),
)  # fmt: skip


def sentiment_table(inputs: Inputs, found: Found) -> Table:
    """Texts by sentiment: all, by kind, product, region, channel, topic, RFM class and theme."""
    rows = [_row(found, "all", "all", found.counted)] if found.base else []
    for dimension in DIMENSIONS:
        masks = groups(found.read, dimension)
        largest = sorted(masks, key=lambda name: (-int(masks[name].sum()), name))[:VALUES]
        rows += [_row(found, dimension, value, masks[value]) for value in largest]
    rows += [_row(found, "theme", name, mask) for name, mask in found.of_theme.items()]
    if found.of_theme:
        rows.append(_row(found, "theme", NO_THEME, found.without_theme))
    return inputs.computed(
        "sentiment", Text("文本好恶", "Sentiment of texts"), SENTIMENT_COLUMNS, ("dimension", "value"), rows,
        method=f"language.{found.judged.used}_sentiment", sql=found.plan.sql, **found.plan.bound,
    )  # fmt: skip


def _row(found: Found, dimension: str, value: str, mask: NDArray[np.bool_]) -> dict[str, Any]:
    counts = found.counts(mask)
    share, interval = counts.negative_share(found.min_n)
    return {
        "dimension": dimension, "value": value, "texts": counts.texts, "positive": counts.positive,
        "neutral": counts.neutral, "negative": counts.negative, "undecided": counts.undecided,
        "decided": counts.decided, "by_score": counts.by_score, "negative_share": share,
        "low": interval.low if interval else None, "high": interval.high if interval else None,
    }  # fmt: skip


MONTH_COLUMNS = (
    Column("kind", Text("反馈类别", "Kind of feedback"), "label", role="key", vocabulary="feedback_kind"),
    Column("month", Text("月份", "Month"), "month", role="key"),
    *(column for column in SENTIMENT_COLUMNS if column.name in ("texts", "decided", "negative", "negative_share", "low", "high")),
    Column("unfinished", Text("未完整月份", "Unfinished month"), "text"),
)  # fmt: skip


def month_table(inputs: Inputs, found: Found) -> Table:
    """Negative share by month, each kind of feedback by itself: kinds begin to be imported at different times."""
    last = f"{inputs.as_of:%Y-%m}" if inputs.as_of != month_end(inputs.as_of) else ""
    months, rows = groups(found.read, "month"), []
    for kind, of_kind in groups(found.read, "kind").items():
        for month, mask in months.items():
            if not (mask & of_kind).any():
                continue
            row = _row(found, "month", month, mask & of_kind)
            kept = {column.name: row[column.name] for column in MONTH_COLUMNS if column.name in row}
            rows.append({**kept, "kind": kind, "month": month, "unfinished": month == last})
    return inputs.computed(
        "sentiment_by_month", Text("各类反馈的负面占比（按月）", "Negative share by kind of feedback and month"),
        MONTH_COLUMNS, ("kind", "month"), rows,
        method=f"language.{found.judged.used}_sentiment", sql=found.plan.sql, **found.plan.bound,
    )  # fmt: skip


METHOD_COLUMNS = (
    Column("method", Text("方法", "Method"), "label", role="key", vocabulary="sentiment_method"),
    Column("used", Text("采用", "Used"), "text"),
    Column("scored", Text("用于对照的有评分文本", "Scored texts compared"), "count"),
    Column("positive", Text("其中正面", "Positive among them"), "count"),
    Column("negative", Text("其中负面", "Negative among them"), "count"),
    Column("positive_found", Text("正面判对", "Positive found"), "share"),
    Column("negative_found", Text("负面判对", "Negative found"), "share"),
    Column(
        "balanced", Text("平衡准确率", "Balanced accuracy"), "share",
        note=Text(
            "正面与负面判对比例的平均；学习法取五份分层交叉检验的平均，检验的文本未参与学习；词典未命中的文本按一半计",
            "mean of the shares found of positive and of negative texts; when learned, the mean over five stratified parts "
            "of which none was learned from; a text without a word of the lexicon counts half",
        ),
    ),
    Column("low", Text("区间下限", "Low"), "share", role="low"),
    Column("high", Text("区间上限", "High"), "share", role="high"),
    Column("worst_split", Text("最差一份", "Worst part"), "share"),
    Column("best_split", Text("最好一份", "Best part"), "share"),
    Column("coverage", Text("词典覆盖", "Covered by the lexicon"), "share", note=_COVERED),
)  # fmt: skip


def method_table(inputs: Inputs, found: Found) -> Table:
    """How sentiment was judged where a text has no score of its own, and how good each way is on scored texts."""
    judged = found.judged
    rows = [
        {**_quality("lexicon", judged.lexicon), "coverage": judged.coverage, "used": judged.used == "lexicon"}
    ]
    if judged.learned:
        rows.insert(0, {**_quality("learned", judged.learned), "used": judged.used == "learned"})
    return inputs.computed(
        "method", Text("好恶的判定方法", "How sentiment is judged"), METHOD_COLUMNS, ("method",),
        rows if found.base else [], method="language.learned_sentiment", sql=found.plan.sql, **found.plan.bound,
    )  # fmt: skip


def _quality(method: str, quality: Quality | None) -> dict[str, Any]:
    if quality is None:
        return {"method": method, "scored": 0, "positive": 0, "negative": 0}
    return {
        "method": method, "scored": quality.n, "positive": quality.praising, "negative": quality.blaming,
        "positive_found": quality.praise_found, "negative_found": quality.blame_found,
        "balanced": quality.balanced, "low": quality.low, "high": quality.high,
        "worst_split": min(quality.splits) if len(quality.splits) > 1 else None,
        "best_split": max(quality.splits) if len(quality.splits) > 1 else None,
    }  # fmt: skip


COVERAGE_COLUMNS = (
    Column("read", Text("读取", "Read"), "count", role="key"),
    Column("total", Text("有文字的反馈", "Feedback with text"), "count"),
    Column("sample", Text("是否抽样", "A sample"), "text"),
    Column("copies", Text("重复文本", "Copies"), "count", note=_COPIES),
    Column("empty", Text("无内容", "Without content"), "count"),
    Column("cut", Text("超长截断", "Cut"), "count", note=_CUT),
    Column("counted", Text("计入", "Counted"), "count"),
    Column("no_theme", Text("无主题", "Without a theme"), "count"),
    Column("themes", Text("主题数", "Themes"), "count"),
)  # fmt: skip


def coverage_table(inputs: Inputs, found: Found) -> Table:
    """How many texts there are, were read, count, and are in no theme."""
    row = {
        "read": found.plan.texts, "total": found.plan.total, "sample": found.plan.is_sample,
        "copies": found.read.corpus.copies, "empty": found.read.empty, "cut": found.read.cut,
        "counted": found.base, "no_theme": int(found.without_theme.sum()), "themes": len(found.of_theme),
    }  # fmt: skip
    return inputs.computed(
        "coverage", Text("读取的文本", "Texts read"), COVERAGE_COLUMNS, ("read",), [row],
        method="needs.reading", sql=found.plan.sql, **found.plan.bound,
    )  # fmt: skip


REASON_COLUMNS = (
    Column("reason", Text("陈述的原因", "Stated reason"), "label", role="key", vocabulary="stated_reason"),
    Column("texts", Text("文本数", "Texts"), "count"),
    Column("n", Text("表示离开的文本", "Texts that speak of leaving"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", Text("区间下限", "Low"), "share", role="low"),
    Column("high", Text("区间上限", "High"), "share", role="high"),
)  # fmt: skip


def reason_table(inputs: Inputs, found: Found) -> Table:
    """What texts that speak of leaving (不再购买, 退订, switched to ...) give as reason; a text may give several."""
    counted = found.counted.tolist()
    leaving = [said for said, counts in zip(found.read.leaving, counted, strict=True) if counts and said]
    rows = [
        {"reason": reason, "texts": texts, "n": len(leaving), **share_of(texts, len(leaving), found.min_n)}
        for reason in (*REASONS, OTHER)
        if (texts := sum(reason in said for said in leaving))
    ]
    return inputs.computed(
        "stated_reasons", Text("表示离开的客户陈述的原因", "Reasons stated by those who leave"), REASON_COLUMNS,
        ("reason",), sorted(rows, key=lambda row: -row["texts"]), method="language.stated_reasons",
        sql=found.plan.sql, **found.plan.bound,
        note=Text(
            "分母为文字中表示离开的文本；是陈述，不是证实的原因",
            "of the texts that say that the writer leaves; statements, not proven causes",
        ),
    )  # fmt: skip
