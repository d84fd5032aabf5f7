"""Curves of return and splits of a budget: simulated channels whose curves are known, and histories that say nothing.

covers: J9
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from keguan.app.checking import faults
from keguan.app.result_rows import arrow
from keguan.models import budget
from keguan.models.budget.allocation import Curves, best_split, bounds, curves_of, equal_split, highest
from keguan.models.budget.judged import told_apart
from keguan.models.budget.panel import Panel
from keguan.models.budget.params import Params
from keguan.models.budget.response import SHAPES, USUAL, Chosen, Fold, carried, media_of
from keguan.models.budget.story import Wishes, learn, told
from keguan.result import Result, Table
from shop import Shop

CARRIES, HALVES, HEIGHTS = (0.3, 0.0, 0.6), (1.0, 2.0, 0.5), (900.0, 500.0, 0.0)


def make(id: str, title: Any, columns: Any, key: Any, rows: Any) -> Table:
    return Table(id, title, tuple(columns), arrow(rows, columns), key, method="test")


def simulated(
    noise: float = 40.0, weeks: int = 208, seed: int = 2, heights: tuple[float, ...] = HEIGHTS
) -> tuple[Panel, NDArray[np.float64]]:
    """Three channels in pulses; the true revenue of each a week. The third does nothing."""
    rng = np.random.default_rng(seed)
    spend = rng.gamma(2.0, (50.0, 80.0, 60.0), (weeks, 3)) * (rng.random((weeks, 3)) < 0.8)
    effects = []
    for channel in range(3):
        level = carried(spend[:, channel], CARRIES[channel])
        mean = spend[spend[:, channel] > 0, channel].mean()
        effects.append(heights[channel] * level / (level + HALVES[channel] * mean))
    time = np.arange(weeks)
    revenue = 2000 + time + 300 * np.sin(2 * np.pi * time * 7 / 365.25) + np.sum(effects, axis=0)
    days = tuple(date(2022, 1, 3) + timedelta(days=7 * int(week)) for week in time)
    panel = Panel(
        days, revenue + rng.normal(0, noise, weeks), ("tv", "search", "print"), spend, np.zeros((weeks, 0))
    )
    return panel, np.array(effects)


def rows_of(result: Result, table: str) -> dict[Any, dict[str, Any]]:
    found = result.table(table)
    return {tuple(row[name] for name in found.key): row for row in found.records()}


def test_carry_over_worked_by_hand() -> None:
    """100 once with .5: 50, 25, 12.5; a constant spend stays what it is."""
    assert carried(np.array([100.0, 0, 0]), 0.5).tolist() == [50, 25, 12.5]
    assert carried(np.full(50, 8.0), 0.6)[-1] == pytest.approx(8)
    assert carried(np.array([3.0, 1.0]), 0.0).tolist() == [3, 1]


def test_heights_are_those_of_least_squares_where_none_is_negative() -> None:
    """Without ridge to speak of, and with true shapes, the fit is ordinary least squares."""
    panel, effects = simulated()
    media = media_of(panel)
    shapes = tuple(SHAPES.index((c, h)) for c, h in zip(CARRIES, HALVES, strict=True))
    fitted = Fold(media, panel.known).fit(panel.revenue, Chosen(shapes, 1e-9))
    columns = np.column_stack(
        [media.baseline, *(media.columns[at, shape] for at, shape in enumerate(shapes))]
    )
    plain = np.linalg.lstsq(columns, panel.revenue, rcond=None)[0]
    assert fitted.heights[:2] == pytest.approx(plain[-3:-1], rel=0.03)  # the third may be cut off at zero
    assert fitted.heights[:2] == pytest.approx(HEIGHTS[:2], rel=0.15)
    assert fitted.heights[2] >= 0
    assert media.columns[0, shapes[0]] * HEIGHTS[0] == pytest.approx(effects[0])


def test_known_curves_are_found_within_their_intervals() -> None:
    panel, effects = simulated()
    result = told(panel, Wishes(), make)
    rows = rows_of(result, "channels")
    for place, name in enumerate(panel.channels[:2]):
        truth = effects[place][-52:].mean()
        row = rows[(name,)]
        assert float(row["revenue_low"]) * 0.9 < truth < float(row["revenue_high"]) * 1.1
        assert float(row["revenue"]) == pytest.approx(truth, rel=0.3)
        assert row["marginal_low"] > 0
    assert rows[("print",)]["marginal_low"] == 0
    assert rows_of(result, "fit")[("with_media",)]["gain_low"] > 0
    splits = rows_of(result, "split")
    assert splits[("print",)]["best"] < 0.2 * float(splits[("print",)]["present"])
    proven = rows_of(result, "splits")[("present",)]
    assert proven["over_low"] > 0
    assert {"media", "better"} <= {claim.says for claim in result.claims}
    for claim in result.claims:
        assert faults(result, budget.ANALYSIS, claim) == (), claim.key


def test_where_spend_does_nothing_no_money_is_moved() -> None:
    """covers: J9. 'No better' is an answer."""
    panel, _ = simulated(noise=200.0, heights=(0.0, 0.0, 0.0))
    result = told(panel, Wishes(), make)
    assert rows_of(result, "fit")[("with_media",)]["gain_low"] <= 0
    for name in ("present", "equal"):
        assert rows_of(result, "splits")[(name,)]["proven"] is False
    assert {claim.says for claim in result.claims} >= {"media_none", "no_better"}
    assert all(not claim.test.passed for claim in result.claims if claim.test is not None)
    texts = [budget.TEXT[claim.says].zh for claim in result.claims if claim.says != "media_none"]
    assert all("相关，非因果" in text for text in texts)


def some_curves() -> Curves:
    rng = np.random.default_rng(4)
    level = rng.gamma(2.0, 50.0, (1, 3, 52))
    return Curves(
        np.array([[900.0, 500.0, 200.0]]), np.array([[100.0, 200.0, 50.0]]), level, level[0].mean(axis=-1)
    )


@pytest.mark.parametrize("total", [100.0, 300.0, 500.0])
def test_the_best_split_is_that_of_another_optimiser(total: float) -> None:
    curves = some_curves()
    low, high = np.array([10.0, 0.0, 0.0]), np.array([250.0, 220.0, 90.0])

    def lost(split: NDArray[np.float64]) -> float:
        return -float(curves.revenue(split / curves.spent).sum())

    asked = {"type": "eq", "fun": lambda split: split.sum() - total}
    start = low + (high - low) * (total - low.sum()) / (high - low).sum()
    other = minimize(lost, start, bounds=list(zip(low, high, strict=True)), constraints=asked, method="SLSQP",
                     options={"ftol": 1e-12, "maxiter": 500})  # fmt: skip
    best = best_split(curves, total, low, high)[0]
    assert best.sum() == pytest.approx(total)
    assert (best >= low - 1e-9).all()
    assert (best <= high + 1e-9).all()
    assert lost(best) == pytest.approx(other.fun, rel=1e-6)


def test_marginal_returns_are_slopes() -> None:
    curves, times = some_curves(), np.array([0.5, 1.0, 2.0])
    step = 1e-5
    for channel in range(3):
        up, down = times.copy(), times.copy()
        up[channel] += step
        down[channel] -= step
        slope = (curves.revenue(up) - curves.revenue(down))[0, channel] / (2 * step * curves.spent[channel])
        assert curves.marginal(times)[0, channel] == pytest.approx(slope, rel=1e-6)


def test_more_than_may_be_spent_is_left_over_and_equal_shares_keep_to_bounds() -> None:
    high = np.array([10.0, 20.0, 30.0])
    assert best_split(some_curves(), 100.0, np.zeros(3), high)[0].tolist() == pytest.approx([10, 20, 30])
    assert equal_split(36.0, np.zeros(3), high).tolist() == pytest.approx([10, 13, 13])
    assert equal_split(100.0, np.zeros(3), high).tolist() == pytest.approx([10, 20, 30])


def test_no_advice_goes_beyond_what_was_seen() -> None:
    """120 % of the highest 95th percentile: with a constant rhythm that is the cap itself."""
    panel, _ = simulated()
    _, high = bounds(panel, [None] * 3, [None, 30.0, None])
    pattern = panel.pattern()
    assert highest(panel)[0] == pytest.approx(
        max(np.quantile(panel.spend[s : s + 52, 0], 0.95) for s in (0, 52, 104, 156))
    )
    scaled = high[0] / pattern[:, 0].mean() * np.quantile(pattern[:, 0], 0.95)
    assert scaled == pytest.approx(1.2 * highest(panel)[0])
    assert high[1] == 30.0
    result = told(panel, Wishes(total=1e6), make)
    for row in result.table("split").records():
        assert float(row["best"]) <= float(row["highest"]) * 1.0001
    assert any("分不下去" in note.says.zh for note in result.notes)


def test_variance_inflation_is_one_over_what_is_left() -> None:
    panel, _ = simulated()
    media = media_of(panel)
    chosen = Chosen((USUAL,) * 3, 0.01)
    columns = np.column_stack([media.baseline, media.columns[1, USUAL], media.columns[2, USUAL]])
    own = media.columns[0, USUAL]
    left = own - columns @ np.linalg.lstsq(columns, own, rcond=None)[0]
    expected = 1 / (left.var() / own.var())
    assert told_apart(media, panel.known, chosen).inflation[0] == pytest.approx(expected)


def test_channels_that_cannot_be_told_apart_are_named() -> None:
    panel, _ = simulated()
    spend = np.column_stack(
        [panel.spend, 2 * panel.spend[:, 0], np.full(len(panel), 7.0), np.zeros(len(panel))]
    )
    odd = Panel(
        panel.weeks, panel.revenue, (*panel.channels, "twin", "constant", "never"), spend, panel.controls
    )
    result = told(odd, Wishes(), make)
    verdicts = {row["channel"]: row["verdict"] for row in result.table("channels").records()}
    assert verdicts == {
        "tv": "used",
        "search": "used",
        "print": "used",
        "twin": "inseparable",
        "constant": "constant",
        "never": "never",
    }
    assert {row["channel"] for row in result.table("split").records()} == {"tv", "search", "print"}


def test_a_control_has_a_run_without_it() -> None:
    panel, effects = simulated()
    proxy = effects.sum(axis=0)[:, None] + np.random.default_rng(1).normal(0, 30, (len(panel), 1))
    held = Panel(panel.weeks, panel.revenue, panel.channels, panel.spend, proxy)
    result = told(held, Wishes(), make)
    row = rows_of(result, "sensitivity")[("tv",)]
    assert row["with_high"] - row["with_low"] > row["without_high"] - row["without_low"]
    assert any("整个市场" in note.says.zh for note in result.notes)


@pytest.mark.parametrize("case", ["30 weeks", "constant revenue", "no spend"])
def test_histories_that_say_nothing(case: str) -> None:
    panel, _ = simulated(weeks=30 if case == "30 weeks" else 120)
    revenue = np.full(len(panel), 5.0) if case == "constant revenue" else panel.revenue
    spend = np.zeros_like(panel.spend) if case == "no spend" else panel.spend
    result = told(Panel(panel.weeks, revenue, panel.channels, spend, panel.controls), Wishes(), make)
    assert result.claims == ()
    assert result.notes
    assert not result.has("curves")


def test_missing_weeks_and_a_silent_channel_do_no_harm() -> None:
    panel, _ = simulated()
    revenue, spend = panel.revenue.copy(), panel.spend.copy()
    revenue[50:60] = np.nan
    spend[-60:, 1] = 0
    result = told(Panel(panel.weeks, revenue, panel.channels, spend, panel.controls), Wishes(), make)
    row = rows_of(result, "split")[("search",)]
    assert row["present"] == 0
    assert row["highest"] > 0
    assert rows_of(result, "fit")[("with_media",)]["weeks"] == 198


def test_fits_to_redrawn_histories_lie_around_the_fit() -> None:
    panel, _ = simulated()
    learned = learn(panel, 1)
    own = learned.own.revenue(np.ones(3))[0]
    drawn = learned.drawn.revenue(np.ones(3))
    assert drawn.shape == (200, 3)
    assert drawn.mean(axis=0) == pytest.approx(own, rel=0.3, abs=60)
    again = curves_of(panel, [learned.fitted]).revenue(np.ones(3))[0]
    assert again.tolist() == own.tolist()


def test_a_workspace_with_spend_and_orders(tmp_path: Path) -> None:
    shop, rng = Shop(), random.Random(3)
    for week in range(80):
        day = date(2024, 1, 1) + timedelta(days=7 * week)
        tv, search = rng.choice((0, 100, 400)), rng.choice((0, 50, 300))
        shop.add("spend", day=day, channel="电视", amount=tv)
        shop.add("spend", day=day + timedelta(days=2), channel="搜索", amount=search)
        shop.add("spend", day=day, channel=None, amount=5)
        for account in range(1, 4):
            shop.buy(account, day + timedelta(days=account), 500 + tv + rng.randrange(60))
    inputs = shop.inputs(tmp_path, date(2025, 7, 20))
    result = budget.run(inputs, Params())
    verdicts = {row["channel"]: row["verdict"] for row in result.table("channels").records()}
    assert verdicts == {"电视": "used", "搜索": "used", "待核实": "constant"}
    assert rows_of(result, "channels")[("电视",)]["marginal_low"] > 0
    few = budget.run(inputs, Params(top=1))
    assert {row["channel"] for row in few.table("channels").records()} == {"电视", "其他"}
    assert "少于 52" in budget.run(inputs, Params(weeks=20)).notes[-1].says.zh
    for claim in result.claims:
        assert faults(result, budget.ANALYSIS, claim) == (), claim.key
