"""Themes, sentiment, key terms, quotations and stated reasons of feedback texts.

covers: E7, H3
"""

from __future__ import annotations

import csv
import gzip
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan import registry
from keguan.analyses.needs import ANALYSIS, Params
from keguan.analyses.needs.reading import verdict
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.evidence.statistics.newcombe import newcombe
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)
FOOD = ("米饭", "牛肉", "辣椒", "蔬菜", "饺子")
PARCEL = ("快递员", "包裹", "物流", "仓库", "签收")


def run(shop: Shop, folder: Path, params: Params | None = None, as_of: date = AS_OF) -> Result:
    folder.mkdir(parents=True, exist_ok=True)
    inputs = shop.inputs(folder, as_of, Settings(currency="CNY"))
    raw = ANALYSIS.run(inputs, params or Params())
    result = raw.pinned(as_of=as_of, params={}, versions={}, code="test")
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def rows(result: Result, table: str) -> list[dict[str, Any]]:
    return result.table(table).records()


def two_subjects(n: int = 400, scored: bool = False) -> Shop:
    """Half speak of food, half of parcels; in 四川 nine in ten speak of parcels; those of parcels blame."""
    shop, rng = Shop(), random.Random(4)
    for number in range(n):
        region = "四川" if number % 2 else "广东"
        parcel = rng.random() < (0.9 if region == "四川" else 0.2)
        words = "，".join(rng.sample(PARCEL if parcel else FOOD, 3))
        blames = rng.random() < (0.8 if parcel else 0.1)
        shop.add(
            "feedback", feedback_id=f"F{number:04d}", kind="review", region=region,
            text=f"{words}{'，太差了' if blames else '，满意'}，第{number}单",
            raised_at=datetime(2024, 7, 1, 9) + timedelta(days=number % 350),
            scale="csat5" if scored else None, score=(1 if blames else 5) if scored else None,
        )  # fmt: skip
    return shop


def test_feedback_alone_is_enough_and_nothing_gives_a_note(tmp_path: Path) -> None:
    """covers: E7. No text: a note that says what to import."""
    nothing = run(Shop(), tmp_path / "a")
    assert [note.kind for note in nothing.notes] == ["missing"]
    assert nothing.tables == ()
    shop = Shop()
    shop.add("feedback", feedback_id="F1", kind="survey", scale="csat5", score=5, text=None)
    shop.add("feedback", feedback_id="F2", kind="survey", text="   ")
    assert [note.kind for note in run(shop, tmp_path / "b").notes] == ["missing"]
    assert run(two_subjects(60), tmp_path / "c").claims


def test_themes_sentiment_and_differences_worked_by_hand(tmp_path: Path) -> None:
    """covers: E7. Counts by reading the texts again; intervals and p from the statistics themselves."""
    shop = two_subjects()
    result = run(shop, tmp_path)
    texts = {row["feedback_id"]: row for row in shop.records["feedback"]}
    themes = {row["theme"]: row for row in rows(result, "themes") if row["theme"] != "无主题"}
    parcel = next(row for name, row in themes.items() if any(word in row["terms"] for word in PARCEL))
    of_theme = [
        row for row in texts.values() if any(term in row["text"] for term in parcel["terms"].split("、"))
    ]
    blaming = [row for row in of_theme if "太差了" in row["text"]]
    assert parcel["texts"] == len(of_theme)
    assert parcel["negative"] == len(blaming)
    interval = wilson(len(of_theme), 400)
    assert interval is not None
    assert (parcel["low"], parcel["high"]) == pytest.approx((interval.low, interval.high), abs=1e-6)
    inside = [row for row in of_theme if row["region"] == "四川"]
    cell = result.table("theme_by_segment").find(
        {"dimension": "region", "value": "四川", "theme": parcel["theme"]}
    )
    assert cell is not None
    counts = (len(inside), 200, len(of_theme) - len(inside), 200)
    gap = newcombe(*counts)
    assert gap is not None
    assert (cell["texts"], cell["n"]) == counts[:2]
    assert (cell["difference_low"], cell["difference_high"]) == pytest.approx((gap.low, gap.high), abs=1e-6)
    assert cell["q"] <= 0.05
    assert two_proportions(*counts) < 0.001
    says = {claim.says for claim in result.claims}
    assert {"overall", "theme", "theme_worse", "more"} <= says


def test_the_base_is_texts_never_customers(tmp_path: Path) -> None:
    """trap: 17. What writers say is a share of the texts, and every sentence says so."""
    for claim in run(two_subjects(), tmp_path).claims:
        assert "客户" not in claim.base.zh
        assert claim.n is not None
        assert claim.n <= 400


def test_no_difference_where_there_is_none(tmp_path: Path) -> None:
    """Regions drawn at random: at a false discovery rate of 5 % hardly one in eight draws shows a difference."""
    found = []
    for seed in range(8):
        shop, rng = two_subjects(200), random.Random(1_000 + seed)
        for row in shop.records["feedback"]:
            row["region"] = rng.choice(("四川", "广东", "上海"))
        result = run(shop, tmp_path / str(seed))
        found.append(any(claim.says == "more" for claim in result.claims))
    assert sum(found) <= 1


def test_own_scores_decide_and_the_rest_is_learned_from_them(tmp_path: Path) -> None:
    """covers: E7. 600 scored texts, 100 without a score: judged by what was learned, and the page says how good."""
    shop = two_subjects(700, scored=True)
    for row in shop.records["feedback"][600:]:
        row["score"], row["scale"] = None, None
    result = run(shop, tmp_path)
    method = {row["method"]: row for row in rows(result, "method")}
    assert method["learned"]["used"] is True
    assert method["learned"]["scored"] == 600
    assert method["learned"]["balanced"] > 0.95
    assert (
        method["learned"]["worst_split"] <= method["learned"]["balanced"] <= method["learned"]["best_split"]
    )
    overall = result.table("sentiment").find({"dimension": "all", "value": "all"})
    assert overall is not None
    assert overall["by_score"] == 600
    blaming = sum("太差了" in row["text"] for row in shop.records["feedback"])
    assert abs(overall["negative"] - blaming) <= 3


def test_with_fewer_scores_the_lexicon_judges_and_shows_its_agreement(tmp_path: Path) -> None:
    shop = two_subjects(499, scored=True)
    result = run(shop, tmp_path)
    (row,) = rows(result, "method")
    assert row["method"] == "lexicon"
    assert row["used"] is True
    assert row["scored"] == 499
    assert row["balanced"] == pytest.approx(1.0)
    assert row["coverage"] == pytest.approx(1.0)
    assert any("词典" in note.says.zh for note in result.notes)


def test_scores_that_contradict_the_words_do_not_beat_the_lexicon(tmp_path: Path) -> None:
    """Scores at random: what is learned is as good as a coin, and that is shown."""
    shop, rng = two_subjects(600, scored=True), random.Random(8)
    for row in shop.records["feedback"]:
        row["score"] = rng.choice((1, 5))
    found = {row["method"]: row for row in rows(run(shop, tmp_path), "method")}
    assert found["learned"]["balanced"] < 0.6


@pytest.mark.parametrize(
    ("scale", "praise", "between", "blame"),
    [("csat5", 4, 3, 2), ("nps", 9, 8, 6), ("ces7", 5, 4, 3)],
)  # fmt: skip
def test_scales(scale: str, praise: float, between: float, blame: float, tmp_path: Path) -> None:
    shop = Shop()
    for number, score in enumerate((praise, between, blame)):
        shop.add("feedback", feedback_id=f"F{number}", kind="survey", text="米饭", scale=scale, score=score)
    overall = run(shop, tmp_path).table("sentiment").find({"dimension": "all", "value": "all"})
    assert overall is not None
    assert (overall["positive"], overall["neutral"], overall["negative"]) == (1, 1, 1)
    assert verdict(3, None) is None


def test_few_texts_show_words_and_quotations_and_no_share(tmp_path: Path) -> None:
    """covers: E7. Interviews with some customers: what they said, no percentages."""
    shop = Shop()
    for number in range(12):
        shop.add(
            "feedback",
            feedback_id=f"I{number}",
            kind="interview",
            text=f"希望物流更快，账单更清楚，第{number}位",
        )
    result = run(shop, tmp_path)
    assert result.claims == ()
    assert len(rows(result, "quotations")) == 12
    assert {row["term"] for row in rows(result, "terms")} >= {"物流", "账单"}
    for table in result.tables:
        for row in table.records():
            assert row.get("share") is None
            assert row.get("negative_share") is None
    assert "withheld" in {note.kind for note in result.notes}


def test_personal_data_appear_nowhere(tmp_path: Path) -> None:
    """Names, telephone numbers, addresses and ids in texts reach no cell, note or sentence."""
    shop = two_subjects(60)
    for number in range(40):
        shop.add(
            "feedback", feedback_id=f"P{number}", kind="complaint",
            text=f"快递员李小明把包裹丢了，我叫张三丰，电话13812345678，邮箱zhang@example.com，第{number}次，联系王经理",
        )  # fmt: skip
    result = run(shop, tmp_path)
    everything = str([table.records() for table in result.tables]) + str([n.says for n in result.notes])
    for secret in ("李小明", "张三丰", "13812345678", "zhang", "example", "王经理"):
        assert secret not in everything
    assert "***" in everything


def test_copies_count_once_and_are_said(tmp_path: Path) -> None:
    shop = two_subjects(60)
    for number in range(50):
        shop.add(
            "feedback", feedback_id=f"S{number}", kind="review", text="点击链接领取优惠券，名额有限先到先得"
        )
    result = run(shop, tmp_path)
    (row,) = rows(result, "coverage")
    assert (row["copies"], row["counted"], row["read"]) == (49, 61, 110)
    assert any("50" in note.says.zh and note.kind == "warning" for note in result.notes)


def test_more_texts_than_are_read_are_sampled_and_it_is_said(tmp_path: Path) -> None:
    """The sample is fixed by the ids: rows in another order give the same one."""
    params = Params(max_texts=300)
    shop, shuffled = two_subjects(1_000), two_subjects(1_000)
    random.Random(1).shuffle(shuffled.records["feedback"])
    first, second = run(shop, tmp_path / "a", params), run(shuffled, tmp_path / "b", params)
    (row,) = rows(first, "coverage")
    assert 200 < row["read"] <= 300
    assert (row["total"], row["sample"]) == (1_000, True)
    assert any("样本" in note.says.zh for note in first.notes)
    assert [t.records() for t in first.tables] == [t.records() for t in second.tables]


def test_scored_texts_outside_the_sample_are_learned_from(tmp_path: Path) -> None:
    params = Params(max_texts=400, learn_from=120)
    shop = two_subjects(1_000, scored=True)
    for row in shop.records["feedback"][300:]:
        row["score"], row["scale"] = None, None
    found = {row["method"]: row for row in rows(run(shop, tmp_path, params), "method")}
    assert found["learned"]["used"] is True
    assert 195 <= found["learned"]["scored"] <= 230  # half of the texts read; the sample alone has some 120


def test_the_query_of_a_table_fetches_the_texts_it_was_made_from(tmp_path: Path) -> None:
    """A reader can fetch the same texts again, in the same order."""
    shop = two_subjects(500)
    inputs = shop.inputs(tmp_path, AS_OF, Settings())
    result = ANALYSIS.run(inputs, Params(max_texts=200))
    table = result.table("themes")
    assert table.sql is not None
    fetched = inputs.query(table.sql, **{k: v for k, v in table.params.items() if k != "as_of"})
    assert len(fetched) == rows(result, "coverage")[0]["read"]


def test_what_is_dated_later_does_not_count(tmp_path: Path) -> None:
    shop = two_subjects(200)
    before = run(shop, tmp_path / "a", as_of=date(2024, 12, 31))
    for row in shop.records["feedback"]:
        if row["raised_at"] > datetime(2025, 1, 1):
            row["text"] = "宽带信号差"
    after = run(shop, tmp_path / "b", as_of=date(2024, 12, 31))
    assert [t.records() for t in before.tables] == [t.records() for t in after.tables]


def test_a_theme_that_becomes_commoner_is_dated(tmp_path: Path) -> None:
    """From December 2024 on parcels are spoken of twice as often: since when, before and after."""
    shop, rng = Shop(), random.Random(6)
    for number in range(900):
        day = datetime(2024, 7, 1, 9) + timedelta(days=number % 360)
        parcel = rng.random() < (0.7 if day >= datetime(2024, 12, 1) else 0.25)
        words = "，".join(rng.sample(PARCEL if parcel else FOOD, 3))
        shop.add(
            "feedback",
            feedback_id=f"F{number:04d}",
            kind="review",
            text=f"{words}，第{number}单",
            raised_at=day,
        )
    result = run(shop, tmp_path)
    rising = [row for row in rows(result, "theme_changes") if row["holds"] and row["difference"] > 0]
    assert rising
    assert {row["since"] for row in rising} == {"2024-12"}
    assert {row["kind"] for row in rising} == {"review"}
    claim = next(claim for claim in result.claims if claim.says == "rising")
    assert claim.labels["kind"] == ("review", "feedback_kind")


def test_a_kind_that_begins_to_be_imported_is_no_change_of_what_is_spoken_of(tmp_path: Path) -> None:
    """Reviews speak of food throughout; complaints about parcels join in January: no share has moved within a kind."""
    shop, rng = Shop(), random.Random(6)
    for number in range(900):
        day = datetime(2024, 7, 1, 9) + timedelta(days=number % 360)
        complains = day >= datetime(2025, 1, 1) and number % 2 == 0
        parcel = rng.random() < (0.9 if complains else 0.2)
        words = "，".join(rng.sample(PARCEL if parcel else FOOD, 3))
        shop.add(
            "feedback", feedback_id=f"F{number:04d}", kind="complaint" if complains else "review",
            text=f"{words}{'，太差了' if parcel else '，满意'}，第{number}单", raised_at=day,
        )  # fmt: skip
    result = run(shop, tmp_path)
    assert {row["kind"] for row in rows(result, "theme_changes")} == {"review", "complaint"}
    assert not {claim.says for claim in result.claims} & {"rising", "falling"}
    months = rows(result, "sentiment_by_month")
    assert min(row["month"] for row in months if row["kind"] == "complaint") == "2025-01"
    kinds = {row["value"]: row for row in rows(result, "sentiment") if row["dimension"] == "kind"}
    for kind in ("review", "complaint"):
        assert sum(row["texts"] for row in months if row["kind"] == kind) == kinds[kind]["texts"]


def test_reasons_that_leavers_state_have_leavers_as_base(tmp_path: Path) -> None:
    """covers: H3. 40 of 100 texts speak of leaving, 30 of them for the price; the base is those 40."""
    shop = Shop()
    for number in range(100):
        text = "太贵了，不续费了" if number < 30 else "再也不来了" if number < 40 else "米饭牛肉"
        shop.add("feedback", feedback_id=f"F{number}", kind="survey", text=f"{text} 第{number}位")
    result = run(shop, tmp_path)
    row = result.table("stated_reasons").find({"reason": "price"})
    assert row is not None
    assert (row["texts"], row["n"], row["share"]) == (30, 40, 0.75)
    (claim,) = [claim for claim in result.claims if claim.says == "leaving"]
    assert claim.n == 40
    assert "离开" in claim.base.zh


def test_odd_texts_break_nothing(tmp_path: Path) -> None:
    """A megabyte, emoji, marks of direction, empty texts, another script, a lone accent."""
    shop = two_subjects(60)
    for number, text in enumerate(
        ("米饭" * 500_000, "😀" * 3_000, "\u202eمرحبا\u2066", "\u200b", "́", "A" * 20_000, "。。。！！！")
    ):
        shop.add("feedback", feedback_id=f"X{number}", kind="review", text=text)
    (row,) = rows(run(shop, tmp_path), "coverage")
    assert row["read"] == 67
    assert row["cut"] == 2
    assert row["empty"] >= 1


def test_customers_segments_are_compared(tmp_path: Path) -> None:
    """covers: E7. With orders the RFM classes of the writers are a dimension."""
    shop, rng = Shop(), random.Random(3)
    for account in range(1, 201):
        loyal = account <= 100
        for step in range(8 if loyal else 1):
            shop.buy(
                account,
                date(2025, 6, 20) - timedelta(days=step * 20 + (0 if loyal else 250)),
                500 if loyal else 10,
            )
        words = "，".join(rng.sample(FOOD if loyal else PARCEL, 3))
        shop.add(
            "feedback",
            feedback_id=f"F{account:03d}",
            account_no=account,
            kind="review",
            text=f"{words} {account}",
        )
    result = run(shop, tmp_path)
    values = {row["value"] for row in rows(result, "theme_by_segment") if row["dimension"] == "segment"}
    assert len(values) >= 2
    assert any(claim.key.startswith("needs/more/segment/") for claim in result.claims)


def test_reviews_of_food_delivery(data_sets: Path, tmp_path: Path) -> None:
    """covers: E7. Golden on 11,987 reviews: learned at .87 or better, lexicon at .75 or better, both shown."""
    shop = Shop()
    with gzip.open(data_sets / "waimai_reviews_cn" / "waimai_10k.csv.gz", "rt", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            shop.add(
                "feedback",
                feedback_id=f"R{number}",
                kind="review",
                text=row["review"],
                score=int(row["label"]),
            )
    result = run(shop, tmp_path)
    method = {row["method"]: row for row in rows(result, "method")}
    assert method["learned"]["used"] is True
    assert method["learned"]["balanced"] >= 0.87
    assert method["lexicon"]["balanced"] >= 0.75
    overall = result.table("sentiment").find({"dimension": "all", "value": "all"})
    assert overall is not None
    assert (overall["positive"], overall["negative"]) == (4_000, 7_987)
    terms = {(row["value"], row["term"]) for row in rows(result, "terms") if row["dimension"] == "sentiment"}
    assert ("negative", "难吃") in terms
    assert ("positive", "好吃") in terms


def test_figures_show_what_is_not_withheld(tmp_path: Path) -> None:
    """Shares of few texts are withheld; no empty picture stands for them, and no claim names one."""
    few, enough = run(two_subjects(40), tmp_path / "a"), run(two_subjects(), tmp_path / "b")
    assert "sentiment_by_month" not in {figure.id for figure in few.figures}
    assert {figure.id for figure in enough.figures} >= {"themes", "theme_sentiment", "sentiment_by_month"}
    for result in (few, enough):
        assert {claim.figure for claim in result.claims} <= {None, *(figure.id for figure in result.figures)}


def test_registered_and_found() -> None:
    assert registry.get("needs") is ANALYSIS
