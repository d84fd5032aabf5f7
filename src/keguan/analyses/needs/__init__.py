"""What do customers speak of in their own words, how do they judge it, and where is it spoken of more?

Method: content words of Chinese and English texts; key terms by log-odds with the texts as prior; themes are groups of
terms that occur together, found by symmetric non-negative matrix factorisation of their association, as many as
hold together on the other half of the texts. Sentiment is the customer's own score where there is one, else judged
by a model learned from the workspace's scored texts (500 or more), else by a lexicon; how good that is, is shown.
Shares with Wilson intervals, differences tested and corrected (Benjamini-Hochberg). Of more than 20,000 texts a
fixed sample is read.

Source: Monroe, Colaresi and Quinn (2008); Kuang, Ding and Park (2012); Bouma (2009); Taboada et al. (2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keguan.analyses.needs.claims import TEXT, need_claims, need_notes
from keguan.analyses.needs.findings import Found
from keguan.analyses.needs.judging import judge
from keguan.analyses.needs.params import Params
from keguan.analyses.needs.quotations import quotation_table
from keguan.analyses.needs.reading import read_texts
from keguan.analyses.needs.sentiment_tables import (
    coverage_table,
    method_table,
    month_table,
    reason_table,
    sentiment_table,
)
from keguan.analyses.needs.term_table import term_table
from keguan.analyses.needs.texts import plan
from keguan.analyses.needs.theme_tables import change_table, segment_table, theme_table
from keguan.analysis import Analysis, Inputs
from keguan.core.text import Text
from keguan.language.themes import FEWEST, Themes, find_themes
from keguan.result import Figure, Note, Result, Table

TEXTS_A_THEME = 20  # texts for each theme tried
IN_BODY = ("themes", "quotations", "stated_reasons", "theme_by_segment")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: themes, quotations, theme_by_segment, theme_changes, terms, sentiment, sentiment_by_month,
    stated_reasons, method, coverage."""
    found = _found(inputs, params)
    if not found.read.ids:
        says = Text(
            "反馈中没有文字：请导入含内容列的反馈（问卷、评价、投诉、访谈记录）",
            "There is no text in the feedback: import feedback with a column of texts (surveys, reviews, complaints, "
            "interview notes)",
        )
        return Result("needs", notes=(Note(says, "missing"),))
    tables: tuple[Table, ...] = (
        theme_table(inputs, found), quotation_table(inputs, found), segment_table(inputs, found),
        change_table(inputs, found), term_table(inputs, found), sentiment_table(inputs, found),
        month_table(inputs, found), reason_table(inputs, found), method_table(inputs, found), coverage_table(inputs, found),
    )  # fmt: skip
    tables = tuple(replace(table, appendix=table.id not in IN_BODY) for table in tables)
    result = Result("needs", tables=tables, figures=_figures(tables), notes=need_notes(found))
    drawn = {figure.id for figure in result.figures}
    claims = need_claims(result, found)
    return replace(
        result,
        claims=tuple(replace(c, figure=c.figure if c.figure in drawn else None) for c in claims),
    )


def _found(inputs: Inputs, params: Params) -> Found:
    planned = plan(inputs, params.max_texts)
    learn = planned.scored >= params.learn_from
    read = read_texts(inputs, planned, with_features=learn)
    beyond = None
    if learn and planned.scored_parts:
        beyond = read_texts(inputs, planned, with_features=True, scored_only=True)
    judged = judge(read, beyond, params.learn_from)
    terms = read.corpus.terms()
    texts = int(read.mask.sum())
    most = min(params.max_themes, max(FEWEST, texts // TEXTS_A_THEME))
    themes = find_themes(terms, most) if texts >= inputs.settings.min_n else Themes((), {})
    return Found(planned, params, read, judged, terms, themes, inputs.settings.min_n)


def _figures(tables: Sequence[Table]) -> tuple[Figure, ...]:
    by_id = {table.id: table for table in tables}
    negative = Text("各主题文本的负面占比", "Negative share of the texts of each theme")
    spoken = Text("文本谈到的主题", "What texts speak of")
    leaving = Text("表示离开的客户陈述的原因", "Reasons stated by those who leave")
    judged = ("negative_share",)
    figures = [
        Figure("themes", "bar", spoken, "themes", "theme", ("share",), low="low", high="high"),
        Figure(
            "theme_sentiment",
            "bar",
            negative,
            "themes",
            "theme",
            judged,
            low="negative_low",
            high="negative_high",
        ),
        Figure(
            "stated_reasons", "bar", leaving, "stated_reasons", "reason", ("share",), low="low", high="high"
        ),
    ]
    by_kind = Text("各类反馈的好恶", "Sentiment by kind of feedback")
    by_month = Text("各类反馈的负面占比（按月）", "Negative share by kind of feedback and month")
    figures += [
        Figure(
            "sentiment", "stacked_bar", by_kind, "sentiment", "value",
            ("positive", "neutral", "negative", "undecided"), where={"dimension": "kind"},
        ),
        Figure(
            "sentiment_by_month", "line", by_month, "sentiment_by_month", "month", ("negative_share",), series="kind",
            hatch="unfinished",
        ),
    ]  # fmt: skip
    return tuple(figure for figure in figures if _shows(figure, by_id[figure.table]))


def _shows(figure: Figure, table: Table) -> bool:
    """Whether there is more than one value to draw: shares of few texts are withheld."""
    rows = [row for row in table if all(row[name] == value for name, value in figure.where.items())]
    return sum(row[figure.y[0]] is not None for row in rows) > 1


ANALYSIS = Analysis(
    name="needs",
    title=Text("需求与主题", "Needs and themes"),
    question=Text(
        "客户用自己的话谈什么，评价如何，哪些客群和商品谈得更集中？",
        "What do customers speak of in their own words, how do they judge it, and where is it spoken of more?",
    ),
    section="behaviour",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "products", "purchases", "customer_facts"),
    needs=("feedback",),
    uses=("rfm",),
    order=80,
)
