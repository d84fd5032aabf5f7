"""Questionnaires with one column a question: which columns are questions, on which scale, and the rows they make.

Of such a file one received row is several rows of feedback, one for each question that it answers. What a mapping
says of it stands in `answers`: column -> scale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from keguan.core.text import Text
from keguan.engine.literals import literal
from keguan.mapping.aliases import matches
from keguan.mapping.assign import HINTED, Assignment
from keguan.mapping.flat import flat_sql
from keguan.mapping.headers import comparable, read_header
from keguan.mapping.model import ColumnRule, Doubt, Mapping
from keguan.mapping.profile import ColumnProfile
from keguan.mapping.reading import LEVELS
from keguan.mapping.score_scales import MIXED, told_scale
from keguan.mapping.sql import identifier
from keguan.mapping.terms import record_terms

PART = "answer_part"  # place of the question among those of its row
KINDS = ("survey", "review")  # of a complaint one row is one ticket, however often it is scored
MOST_SCORES = 21  # different cells of a column of answers: 0 to 10 in halves
_NUMBERED = re.compile(r"^\s*(q\s*\d+|\d+)\s*[.、．,，:：)）\]】]", re.IGNORECASE)
_ASKS = re.compile(
    r"满意|评分|打分|星级|推荐|愿意|费力|省力|容易|轻松|认同|satisf|recommend|\brat(?:e|ing)\b|\bscore\b|\bnps\b|\bcsat\b|"
    r"\bces\b|effort|how (?:easy|likely|well)|\bstars?\b|\bagree\b"
)
_SUMS = re.compile(
    r"总分|合计|次数|人数|数量|平均|\btotal\b|\bsum\b|\bcount\b|number of|average|\bmean\b|predicted|sentiment"
)
_WHOLE = ("总体", "整体", "总的", "overall", "in general")
_OPEN = re.compile(r"意见|建议|原因|理由|补充|其他|comment|suggest|why|improve|feedback|anything else")


@dataclass(frozen=True)
class Questions:
    """`answers`: column -> scale, that about the whole first. `unread`: columns that look like questions and are
    read as nothing. `texts`: columns of open answers."""

    answers: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]
    texts: tuple[str, ...]


def is_wide(profiles: Sequence[ColumnProfile]) -> bool:
    """Whether several columns are plainly questions, by numbered or asking headers above scores."""
    return sum(bool(_NUMBERED.match(column.name)) and _is_scored(column) for column in profiles) > 1


def questions_of(profiles: Sequence[ColumnProfile], assignment: Assignment) -> Questions:
    """The questions of a file of feedback; without answers when it has fewer than two, names its questions in a
    column, or the user said which column is the score."""
    free = {
        choice.column.position for name, choice in assignment.chosen.items() if name not in ("score", "text")
    }
    score = assignment.chosen.get("score")
    columns = [column for column in profiles if column.position not in free]
    scored = [column for column in columns if column is (score and score.column) or _is_scored(column)]
    if assignment.has("question") or assignment.has("scale"):
        return Questions((), (), ())
    scored.sort(key=lambda column: (not _is_whole(column), column.position))
    if len(scored) < 2 or (score is not None and score.tier >= HINTED):
        scored = []
    answers = tuple((column.name, told_scale(column)) for column in scored)
    text = assignment.chosen.get("text")
    texts = tuple(column.name for column in columns if column is (text and text.column) or _is_open(column))
    taken = {*(name for name, _ in answers), *texts, *([score.column.name] if score else [])}
    unread = tuple(
        column.name
        for column in columns
        if column.name not in taken and column.filled > 0 and _looks_asked(column)
    )
    return Questions(answers, unread, texts)


def _is_whole(column: ColumnProfile) -> bool:
    return any(word in column.name.lower() for word in _WHOLE)


def _looks_asked(column: ColumnProfile) -> bool:
    if _is_personal(column) or _SUMS.search(column.name.lower()):
        return False
    return bool(_NUMBERED.match(column.name) or _ASKS.search(column.name.lower()))


def _is_personal(column: ColumnProfile) -> bool:
    private = any(match.concept == "private" for match in matches(read_header(column.name), "feedback"))
    return private or bool(column.flags & {"email", "phone", "masked", "headerless"})


def _is_scored(column: ColumnProfile) -> bool:
    """Whether the header asks for a score and the cells are one, but for slips."""
    name = column.name.lower()
    if column.filled == 0 or not _ASKS.search(name) or _SUMS.search(name) or _is_personal(column):
        return False
    levels = record_terms(LEVELS)
    counted = sum(count for _, count in column.words)
    in_words = sum(count for word, count in column.words if word.lower() in levels)
    fit = in_words + sum(count for word, count in column.words if _within_ten(word))
    read = max(column.number, in_words / counted if counted else 0)
    return read >= 0.9 and fit >= 0.5 * counted and column.distinct <= MOST_SCORES + len(levels)


def _within_ten(word: str) -> bool:
    try:
        value = float(word)
    except ValueError:
        return False
    return 0 <= value <= 10 and (value * 2).is_integer()


def _is_open(column: ColumnProfile) -> bool:
    """Whether the cells are answers in the customers' words."""
    if column.filled == 0 or column.number >= 0.5 or column.date >= 0.5 or _is_personal(column):
        return False
    named = any(m.concept == "text" for m in matches(read_header(column.name), "feedback"))
    return named or bool(_OPEN.search(column.name.lower()))


def told(questions: Questions) -> list[Doubt]:
    """What the import says of a questionnaire: how its columns are read, and which are not."""
    doubts = []
    if questions.answers:
        zh = "、".join(f"「{name}」({scale})" for name, scale in questions.answers)
        en = ", ".join(f"'{name}' ({scale})" for name, scale in questions.answers)
        doubts.append(
            Doubt(
                None,
                Text(
                    f"一列一题的问卷：每题成一条反馈，量表在括号里：{zh}。收到、可用、隔离仍按文件的行计；如有不同，"
                    "在映射的 answers 下改正",
                    f"A questionnaire of one column a question: each answer becomes a row of feedback, on the scale in "
                    f"brackets: {en}. Rows received, clean and quarantined are those of the file; where a scale is "
                    "wrong, correct it under answers in the mapping",
                ),
            )
        )
    if questions.unread:
        zh, en = "、".join(questions.unread), ", ".join(questions.unread)
        doubts.append(
            Doubt(
                None,
                Text(
                    f'这些列像题目但没有读入：{zh}。要读哪一列，就在映射的 answers 下写 "列名" = "csat5"（或 nps、'
                    "ces7、binary）；只有一列时用 --map score=列名",
                    f'These columns look like questions and are not read: {en}. To read one, write "column" = '
                    '"csat5" (or nps, ces7, binary) under answers in the mapping; for a single one give --map '
                    "score=column",
                ),
            )
        )
    return doubts


def mixed_doubt(name: str) -> Doubt:
    """Two scales in one column."""
    return Doubt(
        name,
        Text(
            f"「{name}」像混用了两种量表（一部分 1–5，一部分 0–10 或百分制）：分数保留，但不参与满意度计算；请按量表分成"
            "两列或两个文件，或加一列量表",
            f"'{name}' seems to hold answers on two scales (some 1-5, some 0-10 or per cent): they are kept and enter no "
            "satisfaction figure; split them into two columns or files by scale, or add a column that names the scale",
        ),
    )


def answer_scales(questions: Questions) -> list[Doubt]:
    """Doubts about the questions whose scale is not one."""
    return [mixed_doubt(name) for name, scale in questions.answers if scale == MIXED]


def wide_sql(mapping: Mapping, table: str) -> str:
    """The flat rows of a questionnaire, one a received row and question, with `answer_part`.

    Open answers stand beside the first question. Who gives no id to a form is known by customer, time and the shape
    of the file, else by all that the row says; the same again in one file is another.
    """
    rows = [
        f"SELECT *, {part} AS {PART} FROM ({flat_sql(_of_question(mapping, *answer, first=part == 0), table)})"
        for part, answer in enumerate(mapping.answers)
    ]
    named = "f.feedback_id" if mapping.rule("feedback_id") else "CAST(NULL AS VARCHAR)"
    if mapping.rule("response_id"):
        named = f"coalesce({named}, f.response_id)"
    return (
        f"SELECT f.* REPLACE (coalesce({named}, i.form_id) AS feedback_id) FROM ({' UNION ALL '.join(rows)}) f "
        f"JOIN ({_forms(mapping, table)}) i ON i.source_row = f.source_row"
    )


def _of_question(mapping: Mapping, column: str, scale: str, *, first: bool) -> Mapping:
    """The mapping that reads one question."""
    kept = tuple(
        rule for rule in mapping.columns if rule.target != "score" and (first or rule.target != "text")
    )
    rule = ColumnRule("score", (column,), Text("", ""), forms=(LEVELS,))
    constants = {**dict(mapping.constants), "question": " ".join(column.split()), "scale": scale}
    return replace(mapping, columns=(*kept, rule), constants=tuple(constants.items()), answers=())


def _forms(mapping: Mapping, table: str) -> str:
    said = dict.fromkeys((*mapping.sources, *(name for name, _ in mapping.answers)))
    row = ", ".join(f"coalesce({identifier(name)}, '')" for name in said)
    of_whom = [rule.sources for name in ("customer_key", "raised_at") if (rule := mapping.rule(name))]
    if len(of_whom) == 2:
        cells = [identifier(name) for sources in of_whom for name in sources]
        known = " AND ".join(f"nullif(trim({cell}), '') IS NOT NULL" for cell in cells)
        same = f"concat_ws(chr(31), {literal(mapping.fingerprint)}, {', '.join(cells)})"
        row = f"CASE WHEN {known} THEN {same} ELSE concat_ws(chr(31), {row}) END"
    else:
        row = f"concat_ws(chr(31), {row})"
    return (
        "SELECT source_row, 'w' || left(form, 16) || '-' || CAST(row_number() OVER (PARTITION BY form ORDER BY source_row) "
        f"AS VARCHAR) AS form_id FROM (SELECT source_row, md5({row}) AS form FROM {identifier(table)}) r"
    )


def plain_number(column: str) -> bool:
    """Whether a column that could be an id only numbers the rows of its file."""
    return comparable(column) in ("序号", "no", "index", "row", "行号")
