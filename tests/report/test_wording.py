"""Cells as a document shows them."""

from __future__ import annotations

from keguan.core.text import LANGUAGES, Text
from keguan.report.wording import MOST_LETTERS, TableView, spans, table_block
from keguan.result import Cell, Claim, Column, Result
from report import sample


def test_a_value_of_a_megabyte_is_shown_by_its_beginning_and_keeps_a_key_of_its_own() -> None:
    columns = [
        Column("name", Text("名称", "Name"), "text", role="key"),
        Column("n", Text("数", "n"), "count"),
    ]
    long = "甲" * 1_000_000
    rows = [{"name": long, "n": 1}, {"name": long + "乙", "n": 2}, {"name": "丙" * MOST_LETTERS, "n": 3}]
    block = table_block("a", sample.table("t", Text("表", "Table"), columns, ["name"], rows), TableView("zh"))
    shown = [row.shown[0] for row in block.rows]
    assert shown == ["甲" * MOST_LETTERS + "…"] * 2 + ["丙" * MOST_LETTERS]
    keys = [row.key for row in block.rows]
    assert len(set(keys)) == 3
    assert max(map(len, keys)) < MOST_LETTERS + 20


def test_a_figure_told_by_its_size_loses_its_minus_and_its_interval_is_turned_with_it() -> None:
    """A fall of 32.2 points with its interval reads 32.2 (25 to 40), never -32.2 after a word of falling."""
    columns = [
        Column("k", Text("键", "Key"), "text", role="key"),
        *(Column(name, Text(name, name), "points") for name in ("difference", "low", "high")),
    ]
    rows = [{"k": "a", "difference": -0.322, "low": -0.4, "high": -0.25}]
    made = sample.table("t", Text("表", "Table"), columns, ["k"], rows)
    values = {name: Cell("t", {"k": "a"}, name) for name in ("difference", "low", "high")}
    claim = Claim("fell", "a/fell", values, 100, Text("客户", "customers"))
    wording = Text(
        "下降 {difference:-}（区间 {high:-} 至 {low:-}；表中 {difference}）",
        "down {difference:-} (interval {high:-} to {low:-}; in the table {difference})",
    )
    told = spans(Result("a", tables=(made,)), claim, wording, "en")
    assert "".join(span.text for span in told) == (
        "down 32.2 points (interval 25.0 points to 40.0 points; in the table -32.2 points)"
    )
    assert [span.value for span in told if span.value] == ["difference", "high", "low", "difference"]
    assert "下降 32.2 个百分点" in "".join(
        span.text for span in spans(Result("a", tables=(made,)), claim, wording, "zh")
    )


def test_a_term_inside_an_english_sentence_begins_small() -> None:
    labels = {"kind": ("survey", "feedback_kind"), "dimension": ("segment", "feedback_dimension")}
    claim = Claim("a", "a", {}, 100, Text("客户", "customers"), labels=labels)
    wording = Text("{kind:l}受访者", "{kind} · {kind:l} · {dimension:l}")
    told = {
        language: "".join(span.text for span in spans(Result("a"), claim, wording, language))
        for language in LANGUAGES
    }
    assert told == {"zh": "调查受访者", "en": "Survey · survey · RFM class at the start"}


def test_blanks_between_chinese_and_latin() -> None:
    """A blank where a Latin name meets Chinese; none between 万元 and the word after it; none inside an amount."""
    columns = [
        Column("k", Text("键", "Key"), "text", role="key"),
        Column("net", Text("净额", "Net"), "money"),
    ]
    rows = [{"k": "a", "net": 10_475_000.0}, {"k": "b", "net": 120.0}]
    made = sample.table("t", Text("表", "Table"), columns, ["k"], rows)
    values = {name: Cell("t", {"k": name}, "net") for name in ("a", "b")}
    labels = {"channel": ("APP", None), "place": ("四川", None)}
    claim = Claim("x", "a/x", values, 100, Text("客户", "customers"), labels=labels)
    wording = Text("{channel}占多数，在{place}由 {b} 到 {a} 增加（{channel}）", "{channel} {place} {a} {b}")
    told = "".join(span.text for span in spans(Result("a", tables=(made,)), claim, wording, "zh", "CNY"))
    assert told == "APP 占多数，在四川由 120.00元到 1,047.5万元增加（APP）"
