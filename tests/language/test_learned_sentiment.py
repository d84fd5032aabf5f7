"""Sentiment learned from scored texts."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import numpy as np
import pytest

from keguan.language.features import WIDTH, features_of, joined, rows_of
from keguan.language.learned_sentiment import Model, cross_validated, fit, quality
from keguan.language.lexicon_sentiment import lexicon_score
from keguan.language.normalise import normalise

GOOD = ("味道好", "分量足", "送得快", "很满意", "great taste", "fast and friendly")
BAD = ("太慢了", "洒了一地", "难吃", "再也不来", "arrived cold", "rude and slow")


def scored(n: int, seed: int = 1, noise: float = 0.0) -> tuple[list[str], np.ndarray]:
    rng = random.Random(seed)
    texts, praises = [], []
    for number in range(n):
        praise = rng.random() < 0.4
        words = rng.sample(GOOD if praise != (rng.random() < noise) else BAD, 2)
        texts.append(f"{words[0]}，{words[1]} {number}")
        praises.append(praise)
    return texts, np.array(praises)


def wordings(texts: list[str]) -> list[int]:
    return [hash(text) for text in texts]


def test_features_are_the_same_on_every_machine() -> None:
    """Fixed arithmetic: these numbers may never change, or saved results would."""
    assert features_of("好").tolist() == features_of("好").tolist()
    assert len(features_of("好吃")) == len({*features_of("好吃").tolist()})
    assert features_of("").tolist() == []
    assert features_of("\u200b").tolist() == []
    assert features_of("好吃 " * 100_000).max() < WIDTH


def test_rows_keep_texts_apart_and_join_again() -> None:
    texts = ["好吃", "", "太慢了", "great food"]
    whole = rows_of(texts)
    parts = joined([rows_of(texts[:2]), rows_of(texts[2:])])
    assert whole.features.tolist() == parts.features.tolist()
    assert whole.starts.tolist() == parts.starts.tolist()
    chosen = whole.select(np.array([3, 0]))
    assert chosen.features.tolist() == features_of("great food").tolist() + features_of("好吃").tolist()


def test_a_text_has_the_same_features_alone_and_among_others() -> None:
    """Runs of characters and pairs of words never reach over the end of a text."""
    texts = ["好吃", "", "great food", "a", "\u200b", "太慢了 slow", "!"]
    weights = [1.0, None, 2.0, None, 0.0, -2.0, None]
    together = rows_of(texts, weights)
    assert len(together) == len(texts)
    for place, (text, weight) in enumerate(zip(texts, weights, strict=True)):
        own = together.features[together.starts[place] : together.starts[place + 1]].tolist()
        assert own == rows_of([text], [weight]).features.tolist()
        assert bool(own) == bool(normalise(text))


def test_a_text_without_features_that_were_learned_takes_none_of_its_neighbours() -> None:
    texts, praises = scored(200)
    model = fit(rows_of(texts), praises)
    asked = ["", texts[0], "ლ", "", texts[1], "ლ"]
    margins = model.margins(rows_of(asked))
    assert np.isnan(margins).tolist() == [True, False, True, True, False, True]
    alone = [float(model.margins(rows_of([texts[number]]))[0]) for number in (0, 1)]
    assert margins[[1, 4]].tolist() == alone


def test_what_the_lexicon_finds_is_a_feature() -> None:
    """Praise and blame, each in two steps; a text without a word of the lexicon has none of them."""
    plain = len(rows_of(["米饭"]).features)
    counts = [
        len(rows_of(["米饭"], [weight]).features) - plain for weight in (None, 0.0, 0.5, 1.5, -0.5, -2.0)
    ]
    assert counts == [0, 0, 1, 2, 1, 2]
    marks = [set(rows_of(["米饭"], [weight]).features.tolist()) for weight in (2.0, -2.0)]
    assert len(marks[0] & marks[1]) == plain


def test_the_loss_is_least_where_its_slope_is_nothing() -> None:
    """An independent computation: scipy minimises the same loss from the same features to the same margins."""
    from scipy.optimize import minimize

    texts, praises = scored(80, noise=0.2)
    rows = rows_of(texts)
    known = np.bincount(rows.features, minlength=WIDTH) >= 2
    matrix = np.zeros((len(texts), WIDTH))
    for i in range(len(texts)):
        own = rows.features[rows.starts[i] : rows.starts[i + 1]]
        own = own[known[own]]
        matrix[i, own] = 1 / np.sqrt(len(own))
    matrix = matrix[:, known]
    sign = np.where(praises, 1.0, -1.0)
    weight = 0.5 / np.where(praises, praises.mean(), 1 - praises.mean())

    def loss(x: np.ndarray) -> float:
        margin = sign * (matrix @ x[:-1] + x[-1])
        return float((weight * np.logaddexp(0, -margin)).sum() + 0.15 * (x[:-1] ** 2).sum())

    def slope(x: np.ndarray) -> np.ndarray:
        pull = -weight * sign / (1 + np.exp(sign * (matrix @ x[:-1] + x[-1])))
        return np.append(matrix.T @ pull + 0.3 * x[:-1], pull.sum())

    best = minimize(
        loss, np.zeros(matrix.shape[1] + 1), jac=slope, method="L-BFGS-B", options={"maxiter": 1000}
    )
    found = fit(rows, praises)
    assert found.margins(rows) == pytest.approx(matrix @ best.x[:-1] + best.x[-1], abs=0.1)


def test_what_is_learned_judges_texts_not_seen() -> None:
    texts, praises = scored(600)
    found = cross_validated(rows_of(texts), praises, wordings(texts))
    assert found.balanced > 0.95
    assert found.low <= found.balanced <= found.high
    assert len(found.splits) == 5
    assert found.n == 600


def test_scores_without_connection_to_the_texts_are_no_better_than_chance() -> None:
    """Nothing is judged by a model that has seen it: pure noise gives one half."""
    texts, _ = scored(800)
    rows, found = rows_of(texts), []
    for seed in range(5):
        praises = np.random.RandomState(seed).rand(800) < 0.4
        found.append(cross_validated(rows, praises, wordings(texts)).balanced)
    assert 0.46 < sum(found) / 5 < 0.54


def test_equal_texts_are_never_learned_and_judged() -> None:
    """Random scores on wordings that come four times each: copies across parts would be judged by heart."""
    rng = np.random.RandomState(5)
    texts = [f"{word}第{number}" for number, word in enumerate(GOOD * 25)] * 4
    praises = np.tile(rng.rand(150) < 0.5, 4)
    assert cross_validated(rows_of(texts), praises, [i % 150 for i in range(600)]).balanced < 0.6


def test_the_same_texts_give_the_same_model() -> None:
    texts, praises = scored(200)
    rows = rows_of(texts)
    assert fit(rows, praises).weights.tolist() == fit(rows, praises).weights.tolist()


def test_a_text_of_unknown_features_is_left_undecided() -> None:
    texts, praises = scored(100)
    model: Model = fit(rows_of(texts), praises)
    assert np.isnan(model.margins(rows_of(["", "ლამაზი"]))).tolist() == [True, True]


def test_quality_by_hand() -> None:
    """Praise found 3 of 4, blame 1 of 2: balanced (.75 + .5) / 2; half a text for one left undecided."""
    praises = np.array([True] * 4 + [False] * 2)
    found = quality(np.array([1, 1, 1, 0, 1, 0]), praises)
    assert found.balanced == pytest.approx(0.625)
    half = 1.959964 * (0.75 * 0.25 / 4 + 0.25 / 2) ** 0.5 / 2
    assert (found.low, found.high) == pytest.approx((0.625 - half, 1.0))
    assert quality(np.array([1, 1, 1, 0.5, 1, 0]), praises).praise_found == pytest.approx(0.875)


def test_balanced_accuracy_on_reviews(data_sets: Path) -> None:
    """covers: E7. Mean balanced accuracy of five stratified parts at least .87."""
    with gzip.open(data_sets / "waimai_reviews_cn" / "waimai_10k.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = [row["review"] for row in rows]
    praises = np.array([row["label"] == "1" for row in rows])
    found = cross_validated(rows_of(texts, [lexicon_score(t) for t in texts]), praises, wordings(texts))
    assert found.balanced >= 0.88
    assert min(found.splits) >= 0.87


def test_five_hundred_scored_texts_are_enough_to_beat_the_lexicon(data_sets: Path) -> None:
    """covers: E7. From 500 scored texts on, the first ones of the reviews taken every so many rows."""
    with gzip.open(data_sets / "waimai_reviews_cn" / "waimai_10k.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::20][:500]
    texts = [row["review"] for row in rows]
    praises = np.array([row["label"] == "1" for row in rows])
    scores = [lexicon_score(text) or 0 for text in texts]
    by_words = quality(np.where(np.array(scores) == 0, 0.5, (np.array(scores) > 0) == praises), praises)
    assert cross_validated(rows_of(texts, scores), praises, wordings(texts)).balanced > by_words.balanced
