"""The executive summary: by money and certainty, one sentence a topic, never a definition."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st

from keguan.core.text import LANGUAGES, Language, Text
from keguan.marts.strategy_matrix import shipped
from keguan.report.compose import compose
from keguan.report.document import ClaimBlock, Document, NoteBlock
from keguan.report.recipe import load_recipe
from keguan.report.summary import Candidate, strongest
from keguan.result import Cell, Change, Claim, Column, Result, Strength, Test
from report import sample


def claim(key: str, money: float = 0.0, **given: object) -> Claim:
    return Claim("says", key, {}, 100, Text("客户", "customers"), money=money, **given)  # type: ignore[arg-type]


def keys(*claims: Claim, most: int = 7) -> list[str]:
    return [item.claim.key for item in strongest([Result("a", claims=claims)], most)]


def test_money_times_certainty_decides_not_order() -> None:
    assert keys(
        claim("small", 10, topic="1"),
        claim("unsure", 100, topic="2", certainty=0.05),
        claim("large", 90, topic="3"),
    ) == ["large", "small", "unsure"]


def test_a_loss_weighs_as_much_as_a_gain() -> None:
    assert keys(claim("gain", 50, topic="1"), claim("loss", -80, topic="2")) == ["loss", "gain"]


def test_a_forecast_of_the_same_money_comes_after_a_fact() -> None:
    strength: Strength = "forecast"
    assert keys(claim("later", 50, topic="1", strength=strength), claim("now", 50, topic="2")) == [
        "now",
        "later",
    ]


def test_one_sentence_a_topic_and_none_about_a_definition() -> None:
    found = keys(
        claim("first", 50, topic="same"),
        claim("again", 40, topic="same"),
        claim("definition", 900, topic="x", summary=False),
    )
    assert found == ["first"]


def test_without_a_topic_the_sentence_itself_is_the_topic() -> None:
    assert keys(claim("one", 5), claim("two", 4)) == ["one"]


@given(st.permutations([claim(str(n), float(n % 4), topic=str(n)) for n in range(12)]))
def test_order_of_arrival_never_matters_and_seven_at_most(claims: list[Claim]) -> None:
    found = keys(*claims)
    assert found == ["11", "3", "7", "10", "2", "6", "1"]


def test_one_analysis_does_not_fill_the_summary_while_others_have_something_to_say() -> None:
    loud = Result("loud", claims=tuple(claim(f"loud{n}", 100.0 - n, topic=str(n)) for n in range(6)))
    quiet = Result("quiet", claims=(claim("quiet", 1.0, topic="q"),))
    found = [item.claim.key for item in strongest([loud, quiet], 3)]
    assert found == ["loud0", "loud1", "quiet"]


def test_a_tested_difference_comes_before_a_fact_of_the_same_money() -> None:
    tested: Strength = "tested"
    assert keys(claim("fact", 50, topic="1"), claim("tested", 50, topic="2", strength=tested)) == [
        "tested",
        "fact",
    ]


PASSED, FAILED = Test("Newcombe", True, 0.001), Test("Newcombe", False, 0.4)


def moved(key: str, way: Literal["up", "down"], money: float = 0.0, **given: Any) -> Claim:
    """A tested change; its subject is its key's first part."""
    given = {"strength": "tested", "test": PASSED, "topic": key, **given}
    return claim(key, money, change=Change((key.split("/")[0],), way), **given)


def test_something_that_changed_comes_before_a_level_of_the_same_money() -> None:
    """covers: L1"""
    computed = claim("computed", 50, topic="c", change=Change(("c",), "up"))
    assert keys(claim("level", 50, topic="l"), computed, moved("tested", "up", 50)) == [
        "tested",
        "computed",
        "level",
    ]


def test_a_level_that_the_last_report_did_not_have_is_news() -> None:
    both = [Result("a", claims=(claim("old", 60, topic="o"), claim("fresh", 50, topic="f")))]
    assert [item.claim.key for item in strongest(both)] == ["old", "fresh"]
    assert [item.claim.key for item in strongest(both, known=frozenset({"old"}))] == ["fresh", "old"]


def test_one_subject_moving_one_way_is_said_once_by_the_stronger_sentence() -> None:
    assert keys(moved("net/a", "up", 40), moved("net/b", "up", 50)) == ["net/b"]


def test_what_disagrees_stands_behind_what_it_disagrees_with_even_in_one_topic() -> None:
    found = strongest(
        [
            Result("a", claims=(moved("net/year", "up", 90, topic="revenue"), moved("other", "up", 80))),
            Result("b", claims=(moved("net/month", "down", 1, topic="revenue"), claim("x", 70, topic="x"))),
        ]
    )
    assert [item.claim.key for item in found] == ["net/year", "net/month", "other", "x"]
    assert [item.against.claim.key if item.against else "" for item in found] == ["", "net/year", "", ""]


def test_a_sentence_never_enters_without_the_one_that_disagrees() -> None:
    pair = (moved("net/year", "up", 90), moved("net/month", "down", 1), moved("other", "up", 80))
    assert keys(*pair, most=1) == ["other"]
    assert keys(*pair, most=2) == ["net/year", "net/month"]


def test_more_orders_and_worse_complaints_are_no_contradiction() -> None:
    found = strongest(
        [Result("a", claims=(moved("orders", "up", 9), moved("complaints", "down", worse=True)))]
    )
    assert [item.against for item in found] == [None, None]


def test_a_part_of_a_sum_that_is_told_whole_is_not_told_again() -> None:
    columns = [
        Column("part", Text("部分", "Part"), "text", role="key"),
        Column("net", Text("净额", "Net"), "money"),
    ]
    rows = [{"part": name, "net": 1.0} for name in ("new", "lost")]
    table = sample.table("t", Text("表", "Table"), columns, ["part"], rows)
    new, lost = (Cell("t", {"part": name}, "net") for name in ("new", "lost"))
    whole = replace(claim("whole", 90, topic="whole"), values={"new": new, "lost": lost})
    part = replace(claim("part", 50, topic="part"), values={"new": new})
    found = strongest([Result("a", tables=(table,), claims=(whole, part))])
    assert [item.claim.key for item in found] == ["whole"]
    found = strongest([Result("a", tables=(table,), claims=(replace(whole, money=1.0), part))])
    assert [item.claim.key for item in found] == ["part", "whole"]


def rich(count: int = 9) -> list[Result]:
    """Results with more money than places."""
    return [Result(f"m{n}", claims=(claim(f"money{n}", 100.0 + n, topic=f"m{n}"),)) for n in range(count)]


def test_two_places_are_kept_for_tested_findings_without_money() -> None:
    """A funnel that broke, satisfaction that fell and complaints that drag have no money and still matter.

    covers: L1
    """
    quiet = [
        Result("funnel", claims=(moved("step", "down", worse=True),)),
        Result("complaints", claims=(claim("slow", topic="s", strength="tested", test=PASSED, worse=True),)),
        Result("needs", claims=(moved("theme", "up"),)),
        Result("profile", claims=(claim("differs", topic="d", strength="tested", test=PASSED),)),
        Result("csat", claims=(moved("unsure", "down", worse=True, test=FAILED),)),
    ]
    found = [item.claim.key for item in strongest([*rich(), *quiet])]
    assert found == ["money8", "money7", "money6", "money5", "money4", "step", "slow"]


def test_findings_without_money_come_worse_first_then_by_standard_errors_then_by_n() -> None:
    def finding(name: str, p: float, n: int = 100, worse: bool = False) -> Result:
        said = moved(name, "down", worse=worse, test=Test("z", True, p))
        return Result(name, claims=(replace(said, n=n),))

    small, large = finding("small", 1e-30, 50), finding("large", 1e-90, 80)
    found = strongest([finding("weak", 0.04), small, large, finding("bad", 0.04, worse=True)])
    assert [item.claim.key for item in found] == ["bad", "large", "small", "weak"]


def test_levels_without_money_only_where_there_is_hardly_anything_else() -> None:
    levels = [Result(f"l{n}", claims=(claim(f"level{n}", topic=f"l{n}"),)) for n in range(9)]
    assert len(strongest(levels)) == 3
    assert len(strongest([*levels, *rich(2)])) == 3
    assert not any(item.claim.key.startswith("level") for item in strongest([*levels, *rich(5)]))


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"),
            st.sampled_from(["up", "down", ""]),
            st.integers(0, 5),
            st.booleans(),
            st.booleans(),
        ),
        max_size=25,
    ),
    st.integers(1, 9),
)
def test_whatever_the_claims_the_summary_is_short_and_repeats_nothing(
    made: list[tuple[str, str, int, bool, bool]], most: int
) -> None:
    claims = []
    for number, (subject, way, money, tested, worse) in enumerate(made):
        kind: dict[str, Any] = {"strength": "tested", "test": PASSED} if tested else {}
        change = Change((subject,), "up" if way == "up" else "down") if way else None
        claims.append(
            claim(f"{number}", money * 1.0, topic=f"{subject}{way}", change=change, worse=worse, **kind)
        )
    found = strongest([Result("a", claims=tuple(claims))], most)
    assert len(found) <= most
    again = strongest([Result("a", claims=tuple(reversed(claims)))], most)
    assert [item.claim.key for item in found] == [item.claim.key for item in again]
    plain = [item for item in found if item.against is None]
    assert len({item.topic for item in plain}) == len(plain)
    said = [item.claim.change.subject for item in plain if item.claim.change]
    assert len(set(said)) == len(said)
    for before, item in zip((None, *found), found, strict=False):
        if item.against is not None:
            assert before is not None
            assert before.claim == item.against.claim


def composed(language: Language = "zh") -> Document:
    """The sample with a class that has advice, and revenue that rises by one count and falls by another."""
    results = sample.results()
    told = results["rfm"].claims
    results["rfm"] = replace(results["rfm"], claims=(replace(told[0], about=("rfm", "重要保持")), *told[1:]))
    overview = results["overview"]
    totals, up, *rest = overview.claims
    results["overview"] = replace(
        overview,
        claims=(
            replace(
                totals, money=9e6, change=Change(("net_revenue",), "down", Text("含散客", "guests included"))
            ),
            replace(up, change=Change(("net_revenue",), "up", Text("不含散客", "guests left out"))),
            *rest,
        ),
    )
    context = replace(sample.context(), advice=shipped().advice())
    return compose(results, sample.analyses(), load_recipe("monthly"), language, context)


def test_advice_stands_under_the_sentence_of_the_summary_and_in_the_manifest_not_in_the_sentence() -> None:
    for language in LANGUAGES:
        document = composed(language)
        blocks = [block for block in document.blocks() if isinstance(block, ClaimBlock)]
        wanted = shipped().advice()["rfm", "重要保持"].in_(language)
        advised = [block for block in blocks if block.so_what]
        assert [(block.key, block.place, block.so_what) for block in advised] == [
            ("rfm/keep/重要保持", "summary", wanted)
        ]
        assert wanted not in advised[0].text
        listed = {item["key"]: item.get("so_what") for item in document.manifest["claims"]}
        assert {key: said for key, said in listed.items() if said} == {"rfm/keep/重要保持": wanted}
        assert re.search(r"\d", wanted) is None


def test_under_two_sentences_that_disagree_a_note_names_how_they_differ() -> None:
    for language, sides in (("zh", ("含散客", "不含散客")), ("en", ("guests included", "guests left out"))):
        document = composed(language)
        summary = next(section for section in document.sections if section.kind == "summary")
        notes = [place for place, block in enumerate(summary.blocks) if isinstance(block, NoteBlock)]
        assert len(notes) == 1
        first, second, note = summary.blocks[notes[0] - 2 : notes[0] + 1]
        assert isinstance(first, ClaimBlock)
        assert isinstance(second, ClaimBlock)
        assert isinstance(note, NoteBlock)
        assert {first.key, second.key} == {"overview/totals", "overview/year_previous"}
        assert all(side in note.text for side in sides)
        assert f"{first.n:,}" in note.text
        assert f"{second.n:,}" in note.text


def test_a_candidate_says_where_it_comes_from() -> None:
    result = Result("a", claims=(claim("one", 5),))
    assert strongest([result]) == (Candidate(result, result.claims[0]),)
