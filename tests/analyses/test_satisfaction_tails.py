"""Tails by hand: shrinking by number of answers, ties in, wide tails withheld, differences tested."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keguan.analyses.satisfaction_tails import ANALYSIS, Params, run
from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.evidence.statistics.bootstrap_means import difference_of_means
from keguan.evidence.statistics.shrinkage import Answers, shrinkage
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 6, 30)


def found(shop: Shop, folder: Path, min_n: int = 30, **params: Any) -> Result:
    result = run(shop.inputs(folder, AS_OF, Settings(min_n=min_n)), Params(**params))
    for claim in result.claims:
        assert faults(result, ANALYSIS, claim) == (), claim.key
    return result


def answer(shop: Shop, account: int, month: int, score: int, **more: Any) -> None:
    shop.add("feedback", feedback_id=f"F{len(shop.records.get('feedback', []))}", kind="survey", survey_id="S",
             account_no=account, raised_at=datetime(2025, month, 3, 4), scale="nps", score=score, **more)  # fmt: skip


def two_hundred(*, spend: bool = True) -> Shop:
    """200 respondents with two answers each: 40 at 10, 120 between, 40 at 1. The unhappy are from Guangdong and
    bought less."""
    shop = Shop()
    for account in range(1, 201):
        low, high = account <= 40, account > 160
        base = 1 if low else 10 if high else 4 + account % 4
        for month in (3, 5):
            answer(shop, account, month, base, product_id="P1" if account % 2 else "P2")
        if spend:
            shop.buy(account, date(2025, 1, 1) + timedelta(days=account % 50), 50 if low else 300 + account % 7,
                     region="广东" if low else "四川" if account % 2 else "浙江")  # fmt: skip
    return shop


def test_the_two_fifths_and_how_they_differ(tmp_path: Path) -> None:
    """covers: F2"""
    result = found(two_hundred(), tmp_path)
    tails = {row["tail"]: row for row in result.table("tails") if row["scope"] == "all"}
    assert (tails["most"]["customers"], tails["most"]["share"], tails["most"]["mean"]) == (40, 0.2, 10)
    assert (tails["least"]["customers"], tails["least"]["share"], tails["least"]["mean"]) == (40, 0.2, 1)
    trait = result.table("traits").find({"trait": "region", "value": "广东"})
    assert trait is not None
    assert (trait["least"], trait["most"], trait["difference"]) == (1.0, 0.0, 1.0)
    spend = result.table("spend").records()[0]
    assert float(spend["least"]) == 50
    assert spend["high"] < 0
    keys = {claim.key: claim.says for claim in result.claims}
    assert keys["satisfaction_tails/trait/region/广东"] == "trait_more"
    assert keys["satisfaction_tails/spend"] == "spend_less"
    assert "satisfaction_tails/habits" not in keys  # one purchase each
    counted = result.relations[0]
    assert counted.id == "satisfaction_tails"


def test_one_lucky_answer_makes_nobody_happiest(tmp_path: Path) -> None:
    """Ten respondents with a single 10 rank behind ten with six 10s: means are drawn in by the number of answers."""
    shop = Shop()
    for account in range(1, 81):
        for month in range(1, 7):
            answer(shop, account, month, 10 if account <= 10 else 1 + account % 7 + (account * month) % 3)
    for account in range(101, 111):
        answer(shop, account, 3, 10)
    result = found(shop, tmp_path, tail=0.1)
    top = result.table("tails").find({"scope": "all", "value": "全部", "tail": "most"})
    assert top is not None
    assert top["customers"] == 10  # 9 fill the tenth of 90, and one more has the same score
    inputs = shop.inputs(tmp_path, AS_OF)
    relation = run(inputs, Params(tail=0.1)).relations[0]
    sql = f"SELECT account_no FROM ({relation.sql}) r WHERE label = 'most' ORDER BY account_no"
    most = inputs.query(sql, **dict(relation.params)).to_pylist()
    assert [row["account_no"] for row in most] == list(range(1, 11))


def test_a_tail_of_ties_is_withheld(tmp_path: Path) -> None:
    """Half of the respondents answer 10: no fifth of them is the most satisfied."""
    shop = Shop()
    for account in range(1, 101):
        answer(shop, account, 3, 10 if account <= 50 else account % 9)
    result = found(shop, tmp_path)
    top = result.table("tails").find({"scope": "all", "value": "全部", "tail": "most"})
    assert top is not None
    assert (top["customers"], top["share"], top["mean"]) == (50, 0.5, None)
    assert result.claims == ()
    assert result.relations == ()
    assert any(note.kind == "withheld" and "35%" in note.says.zh for note in result.notes)


def test_alike_tails_are_not_called_different(tmp_path: Path) -> None:
    shop = two_hundred(spend=False)
    for account in range(1, 201):
        shop.buy(account, date(2025, 1, 1), 100, region="四川" if account % 2 else "广东")
    keys = {claim.key for claim in found(shop, tmp_path).claims}
    assert keys == {"satisfaction_tails/tails", "satisfaction_tails/alike"}


def test_products_have_tails_of_their_own(tmp_path: Path) -> None:
    """covers: F2"""
    rows = [row for row in found(two_hundred(), tmp_path).table("tails") if row["scope"] == "product"]
    assert {row["value"] for row in rows} == {"P1", "P2"}
    assert all(row["respondents"] == 100 for row in rows)


def test_few_respondents_have_no_tails(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 11):
        answer(shop, account, 3, account)
    assert [note.kind for note in found(shop, tmp_path).notes] == ["withheld"]


def test_without_named_answers_it_says_what_is_missing(tmp_path: Path) -> None:
    assert [note.kind for note in found(Shop(), tmp_path).notes] == ["missing"]


def test_the_weight_is_within_over_between_variance() -> None:
    scores = [[4, 5, 4], [1, 2], [3, 3, 3, 5], [5, 5]]
    flat = [x for person in scores for x in person]
    found_weight = shrinkage(
        Answers(4, len(flat), sum(len(p) ** 2 for p in scores), sum(flat), sum(x * x for x in flat),
                sum(sum(p) ** 2 / len(p) for p in scores))
    )  # fmt: skip
    within = sum((x - np.mean(p)) ** 2 for p in scores for x in p) / (len(flat) - 4)
    between = sum(len(p) * (np.mean(p) - np.mean(flat)) ** 2 for p in scores) / 3
    size = (len(flat) - sum(len(p) ** 2 for p in scores) / len(flat)) / 3
    assert found_weight is not None
    assert found_weight.k == pytest.approx(within / ((between - within) / size))
    assert shrinkage(Answers(3, 6, 12, 18, 60, 54)) is None  # all own means are equal
    assert shrinkage(Answers(3, 3, 3, 9, 29, 29)) is not None


def test_the_bootstrap_of_means_agrees_with_the_normal_interval() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.normal(10, 3, 2000), rng.normal(11, 3, 2000)
    sums = [[(b, 10, float(values[b::200].sum())) for b in range(200)] for values in (one, other)]
    found_difference = difference_of_means(sums[0], sums[1])
    assert found_difference is not None
    difference, ends, p = found_difference
    spread = np.sqrt(one.var(ddof=1) / 2000 + other.var(ddof=1) / 2000)
    assert difference == pytest.approx(one.mean() - other.mean())
    assert (ends.high - ends.low) / 2 == pytest.approx(1.96 * spread, rel=0.12)
    assert p <= 0.002
    assert difference_of_means([], sums[0]) is None
