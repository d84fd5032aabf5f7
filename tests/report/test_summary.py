"""The executive summary: by money and certainty, one sentence a topic, never a definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keguan.core.text import Text
from keguan.report.summary import strongest
from keguan.result import Claim, Result, Strength


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
