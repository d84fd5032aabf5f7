"""Tables of an uplift, from figures to rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from keguan.core.text import Text
from keguan.evidence.experiments import ArmSample, Effect, Metric, Rules, effects
from keguan.evidence.statistics.moments import Moments
from keguan.evidence.statistics.qini import counted
from keguan.evidence.statistics.sample_ratio import SampleRatio, sample_ratio
from keguan.models.uplift import columns as c
from keguan.models.uplift.asked import Asked
from keguan.models.uplift.held_out import (
    BANDS,
    GRID,
    MODEL,
    RULE,
    HeldOut,
    Measured,
    Stakes,
    Trial,
)
from keguan.models.uplift.leaks import Judged
from keguan.models.uplift.learners import LEARNERS
from keguan.models.uplift.rule import Rule
from keguan.result import Table


def split_of(trial: Trial, asked: Asked) -> SampleRatio | None:
    """Sizes of the arms against the plan, where there is one."""
    if asked.planned is None:
        return None
    units = {
        asked.treatment: int(trial.treated.sum()), asked.control: int((~trial.treated).sum())
    }  # fmt: skip
    return sample_ratio(units, {asked.treatment: asked.planned, asked.control: 1 - asked.planned})


def arms_table(trial: Trial, asked: Asked, split: SampleRatio | None) -> Table:
    """Both arms: customers, mean outcome, what was planned."""
    rows = []
    for arm, inside in ((asked.treatment, trial.treated), (asked.control, ~trial.treated)):
        n = int(inside.sum())
        rows.append(
            {
                "arm": arm, "n": n, "expected": split.expected[arm] if split else None,
                "mean": float(trial.outcome[inside].mean()) if n >= asked.min_n else None,
                "p": split.p if split else None,
            }
        )  # fmt: skip
    title = Text("两个组", "The two arms")
    return asked.make("arms", title, c.arms(asked.units), ("arm",), rows)


def effect_of(trial: Trial, asked: Asked) -> Effect:
    """The average effect, by the same methods as an experiment."""
    share = set(trial.outcome.tolist()) <= {0.0, 1.0}
    arms = {
        asked.control: ArmSample(_moments(trial.outcome[~trial.treated])),
        asked.treatment: ArmSample(_moments(trial.outcome[trial.treated])),
    }
    metric = Metric("outcome", "share" if share else "mean", arms)
    return effects([metric], asked.control, Rules(min_n=asked.min_n))[0]


def _moments(values: Any) -> Moments:
    mean = float(values.mean()) if len(values) else 0.0
    apart = values - mean
    return Moments(len(values), mean, float((apart**2).sum()), float((apart**3).sum()))


def effect_table(effect: Effect, asked: Asked) -> Table:
    """The effect among all."""
    row = {
        "arm": asked.treatment, "n": effect.n + effect.control_n, "mean": effect.mean,
        "control_mean": effect.control_mean, "diff": effect.diff, "diff_low": effect.low, "diff_high": effect.high,
        "p": effect.p, "verdict": effect.verdict,
    }  # fmt: skip
    title = Text("接触全体的平均效果", "Average effect of contacting everybody")
    return asked.make("effect", title, c.effect(asked.units), ("arm",), [row])


def features_table(found: Sequence[Judged], asked: Asked) -> Table:
    """What was known before, and whether it is alike in the arms."""
    rows = [{"feature": item.feature.name, "p": item.p, "verdict": item.verdict} for item in found]
    title = Text("事前特征：两组是否相同", "What was known before: is it alike in the arms?")
    return asked.make("features", title, c.features(asked.terms), ("feature",), rows)


def measured(name: str, item: Measured | None) -> dict[str, float | None]:
    """A figure and its ends."""
    if item is None or item.value != item.value:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: item.value, f"{name}_low": item.low, f"{name}_high": item.high}


def held_out_table(held: HeldOut, asked: Asked) -> Table:
    """Model, each learner, rule and everybody."""
    taken = Counter(half.model for half in held.halves)
    rows = []
    for name in (MODEL, *LEARNERS, RULE):
        told = {what: held.figures.get((name, what)) for what in ("uplift", "gain", "qini")}
        over = held.figures.get((name, "uplift_over_rule"))
        rows.append(
            {
                "ranking": name, "chosen": taken[name] if name in LEARNERS else len(held.halves),
                "depth": held.figures[(name, "depth")].value, **measured("uplift", told["uplift"]),
                **measured("gain", told["gain"]), **measured("qini", told["qini"]), **measured("over_rule", over),
            }
        )  # fmt: skip
    rows.append(
        {"ranking": "everybody", "depth": 1.0, **measured("uplift", held.figures[("everybody", "uplift")])}
    )
    title = Text("未见过的客户上的效果", "Effects among customers that no ranking has seen")
    return asked.make("held_out", title, c.held_out(asked.units), ("ranking",), rows)


def halves_table(trial: Trial, held: HeldOut, asked: Asked) -> Table:
    """The twenty halves one by one."""
    rows = []
    for number, half in enumerate(held.halves, 1):
        arm, outcome = trial.treated[half.rows].astype(float), trial.outcome[half.rows]
        model, rule = (counted(half.rankings[name], arm, outcome) for name in (half.model, RULE))
        depths = half.depths[half.model], half.depths[RULE]
        rows.append(
            {
                "half": number, "model": half.model, "rule": str(half.rule) if half.rule else None, "n": len(half.rows),
                "depth": depths[0], "model_uplift": model.uplift(depths[0]), "rule_uplift": rule.uplift(depths[1]),
                "everybody": model.uplift(1.0),
            }
        )  # fmt: skip
    title = Text("二十个半数", "The twenty halves")
    return asked.make("halves", title, c.halves(asked.units), ("half",), rows)


def usual_rule(held: HeldOut) -> Rule | None:
    """The rule that most halves chose."""
    chosen = Counter(half.rule for half in held.halves if half.rule is not None)
    return max(chosen, key=lambda rule: (chosen[rule], str(rule))) if chosen else None


def rules_table(trial: Trial, held: HeldOut, asked: Asked) -> Table:
    """The rules that halves chose, the commonest first."""
    chosen = Counter(half.rule for half in held.halves if half.rule is not None)
    rows = []
    for rule in sorted(chosen, key=lambda rule: (-chosen[rule], str(rule))):
        inside = rule.inside(trial.columns)
        effects = [
            float(trial.outcome[part & trial.treated].mean() - trial.outcome[part & ~trial.treated].mean())
            for part in (inside, ~inside)
        ]
        rows.append(
            {
                "rule": str(rule), "chosen": chosen[rule], "share": float(inside.mean()), "inside": effects[0],
                "outside": effects[1],
            }
        )  # fmt: skip
    title = Text("选中的单变量规则", "The one-variable rules that were chosen")
    return asked.make("rules", title, c.rules(asked.units), ("rule",), rows)


def band_rows(trial: Trial, held: HeldOut, stakes: Stakes, asked: Asked) -> list[dict[str, Any]]:
    """Effect of each band with its advice: only where the interval says so."""
    rows = []
    fewest = min(int(trial.treated.sum()), int((~trial.treated).sum()))
    for name in (MODEL, RULE):
        found = held.bands.get(name, ())
        shares = [1 / BANDS] * BANDS if name == MODEL else _rule_shares(held, len(found))
        for place, (item, share) in enumerate(zip(found, shares, strict=True), 1):
            row: dict[str, Any] = {"ranking": name, "band": place, "share": share, "verdict": "cannot_tell"}
            if item.low == item.low and fewest * share >= asked.min_n:
                row |= measured("uplift", item)
                row["verdict"] = advice(item.low, item.high, stakes)
            rows.append(row)
    return rows


def _rule_shares(held: HeldOut, bands: int) -> list[float]:
    if bands < 2:
        return [1.0] * bands
    inside = [
        float((ranked.group == 0).mean())
        for ranked in (half.rankings[RULE] for half in held.halves)
        if ranked.groups == 2
    ]
    share = sum(inside) / len(inside)
    return [share, 1 - share]


def advice(low: float, high: float, stakes: Stakes) -> str:
    """Contact where the whole interval is above what a contact costs, not where it is below."""
    needed = stakes.cost / stakes.margin if stakes.margin else 0.0
    return "contact" if low > needed else "do_not_contact" if high < needed else "cannot_tell"


def whom_table(bands: Sequence[Mapping[str, Any]], used: str, asked: Asked) -> Table:
    """The bands of the ranking in use by advice."""
    rows = []
    for verdict in ("contact", "cannot_tell", "do_not_contact"):
        own = [row for row in bands if row["ranking"] == used and row["verdict"] == verdict]
        rows.append(
            {
                "verdict": verdict,
                "ranking": used,
                "bands": len(own),
                "share": sum(row["share"] for row in own),
            }
        )
    return asked.make("whom", Text("接触谁", "Whom to contact"), c.WHOM, ("verdict",), rows)


def curve_table(held: HeldOut, asked: Asked) -> Table:
    """Incremental outcomes per customer, from nobody to everybody."""
    whole = held.figures[("everybody", "uplift")].value
    rows: list[dict[str, Any]] = [
        {"depth": 0.0, "model": 0.0, "model_low": 0.0, "model_high": 0.0, "rule": 0.0, "random": 0.0}
    ]
    for depth, model, rule in zip(GRID, held.curves[MODEL], held.curves[RULE], strict=True):
        rows.append({"depth": depth, **measured("model", model), "rule": rule.value, "random": depth * whole})
    title = Text("增量曲线", "Incremental outcomes by depth")
    return asked.make("curve", title, c.curve(asked.units), ("depth",), rows)


def policies_table(held: HeldOut, asked: Asked) -> Table:
    """What model, rule and everybody bring after the contacts are paid."""
    rows = []
    for name in (MODEL, RULE, "everybody"):
        depth = 1.0 if name == "everybody" else held.figures[(name, "depth")].value
        over = None if name == MODEL else held.figures[(MODEL, f"profit_over_{name}")]
        rows.append(
            {
                "ranking": name, "depth": depth, **measured("profit", held.figures[(name, "profit")]),
                **measured("over", over),
            }
        )  # fmt: skip
    title = Text("扣除接触成本后的收益", "Profit after the cost of contacts")
    return asked.make("policies", title, c.policies(asked.units), ("ranking",), rows)
