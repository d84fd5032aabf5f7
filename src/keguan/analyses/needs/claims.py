"""What is said about the texts: sentences bound to cells, and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keguan.analyses.needs.findings import Found
from keguan.analyses.needs.theme_tables import sure
from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.language.normalise import LONGEST
from keguan.result import Cell, Change, Claim, Note, Result, Test
from keguan.schema.terms.needs import NO_THEME

# The base is the texts and never the customers: those who write are not all (trap 17).
BASE = Text("有文字的反馈", "feedback with text")
DECIDED = Text("可判定好恶的文本", "texts with a sentiment")
LEAVING = Text("文字中表示离开的反馈", "feedback that speaks of leaving")
THEMES_SAID = 3
DIFFERENCES_SAID = 4

TEXT: Mapping[str, Text] = {
    "overall": Text(
        "可判定好恶的 {decided} 条文本中，{negative} 条为负面，占 {share}（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of {decided} texts with a sentiment {negative} are negative, {share} (95% interval {low} to {high}; n={n}, "
        "{base}).",
    ),
    "theme": Text(
        "谈到主题「{theme}」的文本有 {texts} 条，占 {share}（95% 区间 {low} 至 {high}），其中负面 {negative} 条"
        "（n={n}，{base}）。",
        "{texts} texts speak of '{theme}', {share} (95% interval {low} to {high}); {negative} of them are negative "
        "(n={n}, {base}).",
    ),
    "theme_worse": Text(
        "谈到主题「{theme}」的文本负面占 {share}，显著高于其余文本的 {rest}（相差 {difference}，95% 区间 {low} 至 {high}；"
        "n={n}，{base}）。",
        "Texts about '{theme}' are negative in {share}, significantly more than the other texts with {rest} "
        "({difference}, 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "more": Text(
        "「{value}」的文本中谈到主题「{theme}」的占 {share}，显著高于同一维度（{dimension}）其余文本的 {rest}（相差 "
        "{difference}，95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of the texts of '{value}' {share} speak of '{theme}', significantly more than the {rest} of the other texts by "
        "{dimension:l} ({difference}, 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "rising": Text(
        "自 {since} 起，{kind}类文本中谈到主题「{theme}」的占比由 {before} 显著上升到 {after}（上升 {difference}，95% 区间 "
        "{low} 至 {high}；n={n}，{base}）。",
        "Since {since} the share about '{theme}' among texts of the kind {kind:l} has risen significantly from {before} "
        "to {after} (up {difference}, 95% interval {low} to {high}; n={n}, {base}).",
    ),
    "falling": Text(
        "自 {since} 起，{kind}类文本中谈到主题「{theme}」的占比由 {before} 显著下降到 {after}（下降 {difference:-}，95% 区间 "
        "{high:-} 至 {low:-}；n={n}，{base}）。",
        "Since {since} the share about '{theme}' among texts of the kind {kind:l} has fallen significantly from {before} "
        "to {after} (down {difference:-}, 95% interval {high:-} to {low:-}; n={n}, {base}).",
    ),
    "leaving": Text(
        "文字中表示离开的 {leaving} 条反馈里，提到「{reason}」的有 {texts} 条，占 {share}（95% 区间 {low} 至 {high}；是陈述，"
        "不是证实的原因；n={n}，{base}）。",
        "Of {leaving} texts that speak of leaving {texts}, {share}, name '{reason}' (95% interval {low} to {high}; a "
        "statement, not a proven cause; n={n}, {base}).",
    ),
}  # fmt: skip


def need_claims(result: Result, found: Found) -> tuple[Claim, ...]:
    """Sentences on sentiment, themes, where and since when they are more or less spoken of, reasons for leaving."""
    if found.base < found.min_n:
        return ()
    return (
        *_overall(result, found), *_themes(result, found), *_worse(result), *_differences(result),
        *_changes(result), *_reasons(result),
    )  # fmt: skip


def _overall(result: Result, found: Found) -> Iterator[Claim]:
    key = {"dimension": "all", "value": "all"}
    row = result.table("sentiment").find(key)
    if row is None or row["negative_share"] is None:
        return
    names = {
        "decided": "decided", "negative": "negative", "share": "negative_share", "low": "low", "high": "high",
    }  # fmt: skip
    yield Claim(
        says="overall", key="needs/overall",
        values={name: Cell("sentiment", key, column) for name, column in names.items()},
        n=found.base, base=BASE, strength="estimate", topic="sentiment_of_texts", certainty=0.7, figure="sentiment",
    )  # fmt: skip


def _themes(result: Result, found: Found) -> Iterator[Claim]:
    rows = [row for row in result.table("themes") if row["theme"] != NO_THEME and row["share"] is not None]
    for row in sorted(rows, key=lambda row: (-row["negative"], row["theme"]))[:THEMES_SAID]:
        yield Claim(
            says="theme", key=f"needs/theme/{row['theme']}",
            values={
                name: Cell("themes", {"theme": row["theme"]}, name)
                for name in ("texts", "share", "low", "high", "negative")
            },
            labels={"theme": (row["theme"], None)}, n=found.base, base=BASE, strength="estimate",
            topic=f"theme {row['theme']}", certainty=0.7, figure="themes",
        )  # fmt: skip


def _worse(result: Result) -> Iterator[Claim]:
    names = {
        "share": "negative_share", "rest": "other_share", "difference": "difference",
        "low": "difference_low", "high": "difference_high",
    }  # fmt: skip
    for row in result.table("themes"):
        low, high = row["difference_low"], row["difference_high"]
        if not sure(row["q"], low, high) or row["difference"] <= 0:
            continue
        yield Claim(
            says="theme_worse", key=f"needs/theme_worse/{row['theme']}",
            values={name: Cell("themes", {"theme": row["theme"]}, column) for name, column in names.items()},
            labels={"theme": (row["theme"], None)}, n=row["decided"], base=DECIDED, strength="tested",
            test=Test("two proportions", True, low=low, high=high, corrected=corrected(row["q"])),
            topic=f"theme {row['theme']}", certainty=0.8, figure="theme_sentiment",
        )  # fmt: skip


def _differences(result: Result) -> Iterator[Claim]:
    """The largest differences, one a theme and dimension. That a type of problem is spoken of in its own words is no
    finding for the summary."""
    names = {
        "share": "share", "rest": "rest_share", "difference": "difference",
        "low": "difference_low", "high": "difference_high",
    }  # fmt: skip
    said: set[tuple[str, str]] = set()
    rows = sorted(
        result.table("theme_by_segment"), key=lambda row: (-row["difference"], row["value"], row["theme"])
    )
    for row in rows:
        low, high = row["difference_low"], row["difference_high"]
        about = (row["dimension"], row["theme"])
        if (
            len(said) == DIFFERENCES_SAID
            or about in said
            or row["difference"] <= 0
            or not sure(row["q"], low, high)
        ):
            continue
        said.add(about)
        key = {name: row[name] for name in ("dimension", "value", "theme")}
        yield Claim(
            says="more", key=f"needs/more/{row['dimension']}/{row['value']}/{row['theme']}",
            values={name: Cell("theme_by_segment", key, column) for name, column in names.items()},
            labels={
                "theme": (row["theme"], None), "value": (row["value"], "needs_value"),
                "dimension": (row["dimension"], "needs_dimension"),
            },
            n=row["n"], base=BASE, strength="tested",
            test=Test("two proportions", True, low=low, high=high, corrected=corrected(row["q"])),
            topic=f"theme {row['theme']} {row['dimension']}", certainty=0.8, summary=row["dimension"] != "topic",
        )  # fmt: skip


def _changes(result: Result) -> Iterator[Claim]:
    for row in result.table("theme_changes"):
        if not row["holds"]:
            continue
        yield Claim(
            says="rising" if row["difference"] > 0 else "falling", key=f"needs/change/{row['kind']}/{row['theme']}",
            values={
                name: Cell("theme_changes", {"kind": row["kind"], "theme": row["theme"]}, name)
                for name in ("since", "before", "after", "difference", "low", "high")
            },
            labels={"theme": (row["theme"], None), "kind": (row["kind"], "feedback_kind")},
            n=row["before_n"] + row["after_n"], base=Text("该类有文字的反馈", "feedback of that kind with text"),
            strength="tested", test=Test("permutation", True, low=row["low"], high=row["high"], corrected=corrected(row["q"])),
            topic=f"theme {row['theme']} change", certainty=0.85,
            change=Change(("theme", f"{row['kind']} {row['theme']}"), "up" if row["difference"] > 0 else "down"),
        )  # fmt: skip


def _reasons(result: Result) -> Iterator[Claim]:
    rows = [
        row for row in result.table("stated_reasons") if row["share"] is not None and row["reason"] != "other"
    ]
    for row in rows[:1]:
        key = {"reason": row["reason"]}
        yield Claim(
            says="leaving", key=f"needs/leaving/{row['reason']}",
            values={
                "leaving": Cell("stated_reasons", key, "n"), "texts": Cell("stated_reasons", key, "texts"),
                "share": Cell("stated_reasons", key, "share"), "low": Cell("stated_reasons", key, "low"),
                "high": Cell("stated_reasons", key, "high"),
            },
            labels={"reason": (row["reason"], "stated_reason")}, n=row["n"], base=LEAVING, strength="estimate",
            topic="reasons_to_leave", certainty=0.7, figure="stated_reasons",
        )  # fmt: skip


def need_notes(found: Found) -> tuple[Note, ...]:
    """What the reader must know of the texts: sample, copies, cut, method, too few."""
    plan, notes = found.plan, []
    if plan.is_sample:
        notes.append(Note(Text(
            f"有文字的反馈共 {plan.total:,} 条，按反馈编号的 md5 抽取 {plan.texts:,} 条，各数均为样本中的数",
            f"{plan.total:,} texts, of which a sample of {plan.texts:,} was read, drawn by the md5 of the feedback id; "
            "all counts are those of the sample",
        )))  # fmt: skip
    if found.read.corpus.copies:
        most = found.read.corpus.copied(2)
        notes.append(Note(Text(
            f"{found.read.corpus.copies:,} 条文本与更早的一条逐字相同（同一段文字最多出现 {most[0][1]:,} 次），只计一次",
            f"{found.read.corpus.copies:,} texts repeat an earlier one word for word (one wording up to {most[0][1]:,} times); "
            "each wording counts once",
        ), "warning"))  # fmt: skip
    if found.read.cut:
        notes.append(Note(Text(
            f"{found.read.cut:,} 条文本超过 {LONGEST:,} 个字符，只读前面的部分",
            f"{found.read.cut:,} texts are longer than {LONGEST:,} characters; only their beginning is read",
        )))  # fmt: skip
    notes.append(_method_note(found))
    if found.base < found.min_n:
        notes.append(Note(Text(
            f"文本 {found.base} 条，少于 {found.min_n} 条：只列词语与原话，不给占比",
            f"{found.base} texts, fewer than {found.min_n}: terms and quotations only, no shares",
        ), "withheld"))  # fmt: skip
    return tuple(notes)


def _method_note(found: Found) -> Note:
    judged = found.judged
    if judged.used == "learned" and judged.learned:
        return Note(Text(
            f"没有评分的文本，其好恶由本企业 {judged.learnable:,} 条有评分的文本学得，平衡准确率 {judged.learned.balanced:.1%}"
            f"（五份交叉检验，95% 区间 {judged.learned.low:.1%} 至 {judged.learned.high:.1%}）",
            f"The sentiment of texts without a score is learned from {judged.learnable:,} scored texts of this workspace: "
            f"balanced accuracy {judged.learned.balanced:.1%} (five parts, 95% interval {judged.learned.low:.1%} to "
            f"{judged.learned.high:.1%})",
        ))  # fmt: skip
    agreed_zh = agreed_en = ""
    if judged.lexicon and judged.lexicon.n >= found.min_n:
        agreed_zh = f"，与 {judged.lexicon.n:,} 条评分对照的平衡准确率为 {judged.lexicon.balanced:.1%}"
        agreed_en = f"; balanced accuracy against {judged.lexicon.n:,} scores {judged.lexicon.balanced:.1%}"
    return Note(Text(
        f"没有评分的文本，其好恶由词典判定，词典覆盖 {judged.coverage:.1%} 的文本{agreed_zh}；"
        f"有评分的文本达到 {found.params.learn_from} 条时改为从中学习",
        f"The sentiment of texts without a score is judged by a lexicon, which covers {judged.coverage:.1%} of the "
        f"texts{agreed_en}; from {found.params.learn_from} scored texts on it is learned from them",
    ))  # fmt: skip
