"""Questionnaires with one column a question: each answer is a row of feedback, the books count received rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from keguan.app.analyse import Session
from keguan.app.ingest import ImportOptions
from keguan.app.workspace import Workspace
from received import books, counts, findings, loaded, rows, write

HEADER = ("客户编号", "提交时间", "总体满意度", "物流评分", "服务评分", "推荐意愿(0-10)", "开放意见")


def answers(count: int, *, first: int = 0) -> list[tuple[object, ...]]:
    """Forms of as many customers: overall 4, delivery 2, service 5, recommendation 9."""
    return [
        (f"C{n}", f"2025-03-{1 + n % 28:02} 10:00", 4, 2, 5, 9, f"第{n}条意见")
        for n in range(first, first + count)
    ]


def survey(
    folder: Path, *lines: Sequence[object], header: Sequence[str] = HEADER, name: str = "问卷.csv"
) -> Path:
    return write(folder / name, header, *lines)


def stored(workspace: Workspace) -> list[dict[str, object]]:
    """What is stored by question."""
    return rows(
        workspace,
        "SELECT question, scale, count(*) AS n, avg(score) AS mean, count(text) AS texts FROM all_feedback "
        "GROUP BY question, scale ORDER BY question",
    )


def test_each_question_becomes_a_row_with_its_own_scale(tmp_path: Path) -> None:
    """covers: A3 - no score column is left out, and received rows are those of the file."""
    workspace = loaded(tmp_path / "w", [survey(tmp_path, *answers(40))])
    assert counts(workspace) == [(40, 40, 0, 0, 0)]
    assert [(row["question"], row["scale"], row["n"], row["mean"], row["texts"]) for row in stored(workspace)] == [
        ("总体满意度", "csat5", 40, 4, 40), ("推荐意愿(0-10)", "nps", 40, 9, 0),
        ("服务评分", "csat5", 40, 5, 0), ("物流评分", "csat5", 40, 2, 0),
    ]  # fmt: skip
    of_one = rows(workspace, "SELECT DISTINCT feedback_id, source_row, account_no, day FROM all_feedback")
    assert len(of_one) == 40


def test_the_import_says_how_the_columns_are_read(tmp_path: Path) -> None:
    workspace = Workspace.init(tmp_path / "w")
    report = workspace.load(survey(tmp_path, *answers(5)))
    said = " ".join(doubt.zh for doubt in report.doubts)
    assert all(f"「{name}」" in said for name in HEADER[2:6])
    assert "按文件的行计" in said


@pytest.mark.parametrize(
    ("header", "scales"),
    [
        (("序号", "提交答卷时间", "1、您对产品质量的满意度", "2、您对物流的满意度",
          "3、您有多大可能向朋友推荐我们", "4、您的建议"),
         ("csat5", "csat5", "nps")),
        (("Respondent ID", "Date Submitted", "Q1. How satisfied are you with our services?",
          "Q2. How easy was it to get help?", "Q3. How likely are you to recommend us? (0-10)", "Q4. Comments"),
         ("csat5", "ces7", "nps")),
    ],
)  # fmt: skip
def test_exports_of_survey_sites_are_read(
    header: Sequence[str], scales: Sequence[str], tmp_path: Path
) -> None:
    lines = [(n, f"2025-03-{1 + n % 28:02} 10:00", 1 + n % 5, 1 + n % (7 if "ces7" in scales else 5), n % 11, "好")
             for n in range(60)]  # fmt: skip
    workspace = loaded(tmp_path / "w", [survey(tmp_path, *lines, header=header, name="export.csv")])
    assert [load["entity"] for load in books(workspace)] == ["feedback"]
    assert {row["question"]: row["scale"] for row in stored(workspace)} == dict(
        zip(header[2:5], scales, strict=True)
    )
    assert {row["n"] for row in stored(workspace)} == {60}


def test_the_same_answers_again_supersede_and_do_not_double(tmp_path: Path) -> None:
    first = survey(tmp_path / "1", *answers(30))
    longer = survey(tmp_path / "2", *answers(40))
    workspace = loaded(tmp_path / "w", [first], [longer])
    assert counts(workspace) == [(30, 0, 0, 30, 0), (40, 40, 0, 0, 0)]
    assert {row["n"] for row in stored(workspace)} == {40}


def test_a_corrected_answer_replaces_that_of_the_same_form(tmp_path: Path) -> None:
    """Known by the id of the form, or by customer and time."""
    header = ("答卷编号", *HEADER)
    for number, columns in enumerate((header, HEADER)):
        lines = [(f"A{n}", *line)[len(header) - len(columns) :] for n, line in enumerate(answers(30))]
        changed = [*lines[:29], (*lines[29][:-5], 1, *lines[29][-4:])]
        folder = tmp_path / str(number)
        workspace = loaded(
            folder / "w",
            [survey(folder / "1", *lines, header=columns)],
            [survey(folder / "2", *changed, header=columns)],
        )
        overall = next(row for row in stored(workspace) if row["question"] == "总体满意度")
        assert (overall["n"], overall["mean"]) == (30, pytest.approx((29 * 4 + 1) / 30))


def test_anonymous_forms_that_say_the_same_are_several_and_come_again_as_the_same(tmp_path: Path) -> None:
    header = ("总体满意度", "物流评分", "推荐意愿")
    lines = [(4, 2, 9), (4, 2, 9), (4, 2, 8), (5, 5, 10)] * 10
    workspace = loaded(
        tmp_path / "w", [survey(tmp_path / "1", *lines, header=header)],
        [survey(tmp_path / "2", *lines, (1, 1, 0), header=header)],
    )  # fmt: skip
    assert counts(workspace) == [(40, 0, 0, 40, 0), (41, 41, 0, 0, 0)]
    assert {row["n"] for row in stored(workspace)} == {41}


def test_a_spoilt_answer_is_left_out_alone_and_a_row_without_any_goes_to_quarantine(tmp_path: Path) -> None:
    """What is wrong in one question does not cost the others; nothing vanishes without being counted."""
    odd = [
        ("X1", "2025-03-01", 4, 99, 5, 9, ""), ("X2", "2025-03-01", 9, 2, 5, 9, "总体填错"),
        ("X3", "2025-03-01", "", "", "", "", ""), ("X4", "2025-03-01", 9, 9, 9, 99, ""),
        ("X5", "昨天", 4, 4, 4, 4, ""), ("X6", "2025-03-01", "", 3, "", "", ""),
        ("X7", "2025-03-01", "还行吧", 3, 3, 3, ""), ("X8", "2025-03-01", "", "", "", "", "只有话"),
    ]  # fmt: skip
    workspace = loaded(tmp_path / "w", [survey(tmp_path, *answers(100), *odd)])
    assert counts(workspace) == [(108, 105, 3, 0, 0)]
    held = rows(workspace, "SELECT rule, column_name, source_row FROM quarantine ORDER BY source_row")
    assert [(row["rule"], row["column_name"]) for row in held] == [
        ("nothing_said", "text"), ("out_of_scale", "score"), ("unreadable", "raised_at"),
    ]  # fmt: skip
    found = findings(workspace)
    assert found["answer_out_of_scale", "score"][0] == 2
    assert found["answer_unreadable", "score"][0] == 1
    told = rows(workspace, "SELECT DISTINCT detail FROM findings WHERE rule LIKE 'answer_%' ORDER BY detail")
    assert [row["detail"] for row in told] == ["总体满意度", "物流评分"]
    kept = rows(workspace, "SELECT score, scale FROM all_feedback WHERE text = '总体填错'")
    assert kept == [{"score": None, "scale": None}]
    assert rows(workspace, "SELECT count(*) AS n FROM all_feedback")[0]["n"] == 400 + 3 + 4 + 1 + 3 + 1


def test_missing_cells_are_counted_once_a_row(tmp_path: Path) -> None:
    header = (*HEADER, "地区")
    lines = [(*line, "未知" if n < 3 else "四川") for n, line in enumerate(answers(30))]
    workspace = loaded(tmp_path / "w", [survey(tmp_path, *lines, header=header)])
    assert findings(workspace)["missing_reason", "region"][0] == 3


def test_one_column_can_be_chosen_and_the_others_are_named(tmp_path: Path) -> None:
    workspace = Workspace.init(tmp_path / "w")
    report = workspace.load(
        survey(tmp_path, *answers(20)), options=ImportOptions(columns={"score": "服务评分"})
    )
    assert rows(workspace, "SELECT count(*) AS n, avg(score) AS mean FROM all_feedback") == [
        {"n": 20, "mean": 5.0}
    ]
    said = " ".join(doubt.zh for doubt in report.doubts)
    assert all(name in said for name in ("总体满意度", "物流评分", "推荐意愿(0-10)"))


def test_a_scored_ticket_stays_one_ticket(tmp_path: Path) -> None:
    """A complaint with two scores is one complaint; the scores not read are named."""
    header = ("工单编号", "客户编号", "投诉时间", "投诉内容", "满意度", "服务评分")
    lines = [(f"T{n}", f"C{n}", "2025-03-01", "慢", 2, 3) for n in range(20)]
    workspace = Workspace.init(tmp_path / "w")
    report = workspace.load(write(tmp_path / "投诉.csv", header, *lines))
    assert rows(workspace, "SELECT count(*) AS n FROM all_feedback") == [{"n": 20}]
    assert "服务评分" in " ".join(doubt.zh for doubt in report.doubts)


def test_columns_that_look_like_questions_and_are_not_read_are_named(tmp_path: Path) -> None:
    header = ("客户编号", "总体满意度", "服务评分", "5、您的年龄段", "总分")
    lines = [(f"C{n}", 4, 5, "30-39岁", 9) for n in range(20)]
    workspace = Workspace.init(tmp_path / "w")
    report = workspace.load(write(tmp_path / "问卷.csv", header, *lines))
    unread = next(doubt.zh for doubt in report.doubts if "没有读入" in doubt.zh)
    assert "5、您的年龄段" in unread
    assert "总分" not in unread


def test_the_mapping_is_kept_and_can_be_edited(tmp_path: Path) -> None:
    workspace = loaded(tmp_path / "w", [survey(tmp_path / "1", *answers(20))])
    (path,) = (workspace.store.folder / "mappings").glob("*.toml")
    text = path.read_text("utf-8")
    assert '"推荐意愿(0-10)" = "nps"' in text
    lines = [line.replace('"服务评分" = "csat5"', '"服务评分" = "ces7"') for line in text.splitlines()]
    path.write_text("\n".join(line for line in lines if line != '"物流评分" = "csat5"'), "utf-8")
    workspace.load(survey(tmp_path / "2", *answers(20, first=100)))
    found = {row["question"]: row["scale"] for row in rows(
        workspace, "SELECT question, scale FROM all_feedback WHERE load_id = (SELECT max(load_id) FROM loads)")}  # fmt: skip
    assert found == {"总体满意度": "csat5", "服务评分": "ces7", "推荐意愿(0-10)": "nps"}


def test_satisfaction_tells_the_questions_apart(tmp_path: Path) -> None:
    """The level is that of the question about the whole; parts stand by question."""
    workspace = loaded(tmp_path / "w", [survey(tmp_path, *answers(60))])
    with Session(workspace.store, date(2025, 3, 31)) as session:
        result = session.run("satisfaction")
    measures = {row["scale"]: row for row in result.table("measures").records()}
    assert measures["csat5"]["rating"] == pytest.approx(100)
    assert measures["csat5"]["answers"] == 60
    by_question = {row["question"]: row["rating"] for row in result.table("questions").records()}
    assert by_question["物流评分"] == pytest.approx(0.0)
    assert set(by_question) == {"总体满意度", "物流评分", "服务评分", "推荐意愿(0-10)"}


def test_open_answers_are_quoted_from_the_row_that_has_them(tmp_path: Path) -> None:
    """The answers of a form share its id, and all but one are without a text."""
    texts = ("物流太慢了，等了一周", "质量很好，包装也好", "客服态度不好，没人回复")
    lines = [(*line[:-1], texts[n % 3]) for n, line in enumerate(answers(60))]
    workspace = loaded(tmp_path / "w", [survey(tmp_path, *lines)])
    with Session(workspace.store, date(2025, 3, 31)) as session:
        result = session.run("needs")
    quoted = [
        row["quotation"] for table in result.tables if table.id == "quotations" for row in table.records()
    ]
    assert quoted
    assert set(quoted) <= set(texts)


def test_two_scales_in_one_column_are_told_and_averaged_by_nothing(tmp_path: Path) -> None:
    """Half the answers on 1-5, half on 0-10."""
    scores = [4, 5, 5, 3, 5] * 12 + [9, 10, 8, 10, 9] * 12
    lines = [(f"C{n}", f"2025-03-{1 + n % 28:02}", score, "好") for n, score in enumerate(scores)]
    workspace = Workspace.init(tmp_path / "w")
    report = workspace.load(write(tmp_path / "问卷.csv", ("客户编号", "提交时间", "评分", "意见"), *lines))
    assert any("混用" in doubt.zh for doubt in report.doubts)
    found = rows(workspace, "SELECT scale, count(*) AS n, max(score) AS top FROM all_feedback GROUP BY scale")
    assert found == [{"scale": "mixed", "n": 120, "top": Decimal(10)}]
    with Session(workspace.store, date(2025, 3, 31)) as session:
        result = session.run("satisfaction")
    assert len(result.table("measures").rows) == 0
    left_out = {row["why"]: row["answers"] for row in result.table("excluded").records()}
    assert left_out == {"other_scale": 120}
