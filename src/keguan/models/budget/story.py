"""From weeks to tables, figures, sentences: the same for a flat file and for a workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

from keguan.core.text import Text
from keguan.models.budget import columns as c
from keguan.models.budget.allocation import Curves, best_split, bounds, curves_of, equal_split, highest
from keguan.models.budget.claims import claims, left_out_notes, observed_note
from keguan.models.budget.judged import CROWDED, Apart, Held, held_out, redrawn, told_apart
from keguan.models.budget.panel import Panel, baseline
from keguan.models.budget.response import SHAPES, Fitted, Fold, Media, mean_spent, media_of, search
from keguan.result import Column, Figure, Note, Result, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_WEEKS = 52
FEWEST_SPENT = 8  # weeks in which a channel's spend is not the commonest
POINTS = 13


class Maker(Protocol):
    """Makes a result table from rows that Python computed."""

    def __call__(
        self, id: str, title: Text, columns: Sequence[Column], key: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
    ) -> Table: ...  # fmt: skip


@dataclass(frozen=True)
class Wishes:
    """Weekly total (None: the present one), and by channel the least and most a week."""

    total: float | None = None
    least: Mapping[str, float] = field(default_factory=dict)
    most: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1


@dataclass(frozen=True)
class Learned:
    """The fit to a panel, its curves, and those of redrawn histories."""

    panel: Panel
    media: Media
    fitted: Fitted
    own: Curves
    drawn: Curves
    apart: Apart


def told(panel: Panel, wishes: Wishes, make: Maker) -> Result:
    """Tables fit, channels, curves, split, splits, and sensitivity where there are controls."""
    weeks = int(panel.known.sum())
    if weeks < FEWEST_WEEKS:
        return Result("budget", notes=(Note(Text(
            f"只有 {weeks} 周有收入，少于 {FEWEST_WEEKS} 周，季节与投放分不开，不给曲线",
            f"Only {weeks} weeks have revenue, fewer than {FEWEST_WEEKS}: season and spend cannot be told apart, and no curve is "
            "given"), "withheld"),))  # fmt: skip
    verdicts = [_verdict(panel, place) for place in range(len(panel.channels))]
    used = tuple(place for place, verdict in enumerate(verdicts) if verdict == "used")
    bare = _bare_rows(panel, verdicts)
    if not used or not (panel.revenue[panel.known].std() > 0):
        table = make("channels", Text("渠道", "Channels"), c.CHANNELS, ("channel",), bare)
        why = Note(
            Text("没有可学的：收入或投放没有变化", "Nothing to learn: revenue or spend never varies"),
            "withheld",
        )
        return Result("budget", (table,), notes=(*left_out_notes(bare), why))
    chosen = panel.of(used)
    learned = learn(chosen, wishes.seed)
    held = held_out(learned.media, chosen.revenue, chosen.known)
    rows = _channel_rows(learned, bare, used)
    split, splits, left = _splits(learned, held, wishes)
    fit = _fit_rows(held, learned.apart)
    tables = [
        make("fit", Text("投放能解释没见过的周吗", "Does spend explain unseen weeks?"), c.FIT, ("fit",), fit),
        make("channels", Text("渠道：相关，非因果", "Channels: correlations, not causes"), c.CHANNELS, ("channel",), rows),
        make("splits", Text("分配的比较：相关，非因果", "Splits compared: correlations, not causes"), c.SPLITS, ("split",),
             splits),
        make("split", Text("每周预算的分配", "Weekly budget by channel"), c.SPLIT, ("channel",), split),
        make("curves", Text("收益递减曲线：相关，非因果", "Curves of return: correlations, not causes"), c.CURVES,
             ("channel", "spend"), _curve_rows(learned)),
    ]  # fmt: skip
    notes = [observed_note(), *left_out_notes(rows), *left]
    if panel.controls.shape[1]:
        tables.append(_sensitivity(learned, wishes, make))
        notes.append(Note(Text(
            "控制变量若受投放影响，或代表整个市场（如竞品销售额、搜索量），会吞掉渠道的作用；表「敏感性」给出没有它们的结果",
            "A control that spend moves, or that stands for the whole market (rivals' sales, searches), takes over what channels "
            "do; the table of sensitivity has the result without controls"), "warning"))  # fmt: skip
    if learned.apart.condition >= CROWDED:
        index = f"{learned.apart.condition:.0f}"
        notes.append(Note(Text(f"条件指数 {index}，在 30 以上：渠道、季节与控制变量难以分开，曲线只供参考",
            f"A condition index of {index}, over 30: channels, season and controls are hard to tell apart, and the curves are "
            "hints"), "warning"))  # fmt: skip
    figure = Figure("curves", "line", Text("收益递减曲线（相关，非因果）", "Curves of return (correlations, not causes)"),
                    "curves", "spend", ("revenue",), series="channel")  # fmt: skip
    return Result(
        "budget", tuple(tables), (figure,), tuple(claims(fit, rows, splits, weeks)), notes=tuple(notes)
    )


def learn(panel: Panel, seed: int) -> Learned:
    """Shapes and heights, and the same on redrawn histories."""
    media = media_of(panel)
    chosen = search(media, panel.revenue, panel.known)
    fitted = Fold(media, panel.known).fit(panel.revenue, chosen)
    drawn = redrawn(media, panel.revenue, panel.known, fitted, seed)
    apart = told_apart(media, panel.known, chosen)
    return Learned(panel, media, fitted, curves_of(panel, [fitted]), curves_of(panel, drawn), apart)


def _verdict(panel: Panel, place: int) -> str:
    """Whether anything can be learned of a channel."""
    import numpy as np

    spend = panel.spend[panel.known, place]
    if not (spend > 0).any():
        return "never"
    values, counts = np.unique(spend, return_counts=True)
    if len(values) < 2 or len(spend) - counts.max() < FEWEST_SPENT:
        return "constant"
    others = np.column_stack([baseline(panel)[panel.known], panel.spend[panel.known, :place]])
    rest = spend - others @ np.linalg.lstsq(others, spend, rcond=None)[0]
    return (
        "inseparable"
        if float((rest**2).sum()) < 1e-6 * float(((spend - spend.mean()) ** 2).sum())
        else "used"
    )


def _bare_rows(panel: Panel, verdicts: Sequence[str]) -> list[dict[str, Any]]:
    top, present = highest(panel), panel.pattern().mean(axis=0)
    return [
        {
            "channel": name, "verdict": verdicts[place], "spent_weeks": int((panel.spend[:, place] > 0).sum()),
            "present": float(present[place]), "highest": float(top[place]),
        }
        for place, name in enumerate(panel.channels)
    ]  # fmt: skip


def ends(values: NDArray[np.float64]) -> tuple[list[float], list[float]]:
    """The middle 95 % over fits, by column."""
    import numpy as np

    low, high = np.quantile(values, [0.025, 0.975], axis=0)
    return low.tolist(), high.tolist()


def _channel_rows(
    learned: Learned, bare: Sequence[dict[str, Any]], used: Sequence[int]
) -> list[dict[str, Any]]:
    times = _present_times(learned)
    revenue, marginal = learned.own.revenue(times)[0], learned.own.marginal(times)[0]
    revenues, marginals = ends(learned.drawn.revenue(times)), ends(learned.drawn.marginal(times))
    rows = [dict(row) for row in bare]
    for at, place in enumerate(used):
        carry, half = SHAPES[learned.fitted.chosen.shapes[at]]
        factor = learned.apart.inflation[at]
        rows[place] |= {
            "carry": carry, "half": half * mean_spent(learned.panel.spend[:, at]), "revenue": float(revenue[at]),
            "revenue_low": revenues[0][at], "revenue_high": revenues[1][at], "marginal": float(marginal[at]),
            "marginal_low": marginals[0][at], "marginal_high": marginals[1][at],
            "inflation": factor if isfinite(factor) else None,
        }  # fmt: skip
    return rows


def _present_times(learned: Learned) -> NDArray[np.float64]:
    """1 for each channel of the present pattern, 0 for one that is silent now."""
    import numpy as np

    return np.where(learned.panel.pattern().sum(axis=0) > 0, 1.0, 0.0)


def _fit_rows(held: Held, apart: Apart) -> list[dict[str, Any]]:
    return [
        {
            "fit": "with_media", "weeks": held.weeks, "error": held.with_media, "gain": held.without - held.with_media,
            "gain_low": held.better.low, "gain_high": held.better.high, "condition": apart.condition,
        },
        {"fit": "without", "weeks": held.weeks, "error": held.without},
    ]  # fmt: skip


def _splits(
    learned: Learned, held: Held, wishes: Wishes
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Note]]:
    """Budgets by channel, what they bring, and what could not be placed."""
    import numpy as np

    names, spent, times = learned.panel.channels, learned.own.spent, _present_times(learned)
    low, high = bounds(
        learned.panel, [wishes.least.get(name) for name in names], [wishes.most.get(name) for name in names]
    )
    present = spent * times
    total = float(present.sum()) if wishes.total is None else wishes.total
    best = best_split(learned.own, total, low, high)[0]
    kept = present * (total / present.sum()) if present.sum() > 0 else present
    named = {"present": kept, "equal": equal_split(total, low, high), "best": best}
    redone = best_split(learned.drawn, total, low, high)
    rows = []
    for name, split in named.items():
        brought = float(learned.own.revenue(split / spent).sum())
        row: dict[str, Any] = {"split": name, "spend": float(split.sum()), "revenue": brought}
        if name != "best":
            row |= _over(learned, best, split, redone, held)
        rows.append(row)
    budgets = [
        {
            "channel": channel, **{name: float(split[at]) for name, split in named.items()}, "lowest": float(low[at]),
            "highest": float(high[at]),
        }
        for at, channel in enumerate(names)
    ]  # fmt: skip
    notes = []
    if (missing := total - float(best.sum())) > 0.005 * max(total, 1e-9):
        notes.append(Note(Text(f"总额中有 {missing:,.0f} 分不下去：更高的投放没有见过"
            "（上限为最高 95 分位的 120%）或超出给定的上限",
            f"{missing:,.0f} of the total find no place: such spend was never seen (the limit is 120% of the highest 95th "
            "percentile), or is above the limits given"), "warning"))  # fmt: skip
    if bool((np.asarray(kept) > high * (1 + 1e-9)).any()) and wishes.total is not None:
        notes.append(Note(Text("按现在的比例用完总额会超出见过的投放水平，与它的比较不可靠",
            "The total in the present proportions goes beyond spend that was ever seen: the comparison with it is not reliable"),
            "warning"))  # fmt: skip
    return budgets, rows, notes


def _over(
    learned: Learned, best: NDArray[np.float64], other: NDArray[np.float64], redone: NDArray[np.float64], held: Held
) -> dict[str, Any]:  # fmt: skip
    """What the best split has over another: uncertain curves, and a split that another history would have chosen."""
    import numpy as np

    spent = learned.own.spent
    gain = float(learned.own.revenue(best / spent).sum() - learned.own.revenue(other / spent).sum())
    by_curves = learned.drawn.revenue(best / spent).sum(axis=1) - learned.drawn.revenue(other / spent).sum(
        axis=1
    )
    by_choice = learned.own.revenue(redone / spent).sum(axis=1) - learned.own.revenue(other / spent).sum()
    both = np.array([np.quantile(values, [0.025, 0.975]) for values in (by_curves, by_choice)])
    low, high = float(both[:, 0].min()), float(max(both[:, 1].max(), gain))
    return {"over": gain, "over_low": low, "over_high": high, "proven": low > 0 and held.better.low > 0}


def _curve_rows(learned: Learned) -> list[dict[str, Any]]:
    import numpy as np

    channels = range(len(learned.panel.channels))
    _, high = bounds(learned.panel, [None for _ in channels], [None for _ in channels])
    rows = []
    for step in range(POINTS):
        budget = high * step / (POINTS - 1)
        own = learned.own.revenue(budget / learned.own.spent)[0]
        low, top = ends(learned.drawn.revenue(budget / learned.own.spent))
        for at, name in enumerate(learned.panel.channels):
            rows.append(
                {
                    "channel": name, "spend": float(np.round(budget[at], 4)), "revenue": float(own[at]),
                    "revenue_low": low[at], "revenue_high": top[at],
                }
            )  # fmt: skip
    return sorted(rows, key=lambda row: (learned.panel.channels.index(str(row["channel"])), row["spend"]))


def _sensitivity(learned: Learned, wishes: Wishes, make: Maker) -> Table:
    other = learn(learned.panel.uncontrolled(), wishes.seed)
    times = _present_times(learned)
    rows = []
    told = [(item.own.marginal(times)[0], ends(item.drawn.marginal(times))) for item in (learned, other)]
    for at, name in enumerate(learned.panel.channels):
        (own, (low, high)), (bare, (bare_low, bare_high)) = told
        rows.append(
            {
                "channel": name, "with_controls": float(own[at]), "with_low": low[at], "with_high": high[at],
                "without": float(bare[at]), "without_low": bare_low[at], "without_high": bare_high[at],
            }
        )  # fmt: skip
    title = Text("敏感性：没有控制变量时", "Sensitivity: without the controls")
    return make("sensitivity", title, c.SENSITIVITY, ("channel",), rows)
