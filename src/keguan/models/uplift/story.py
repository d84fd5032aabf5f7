"""From a trial to tables, figures, sentences: the same for a flat file and for a campaign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from keguan.core.text import Text
from keguan.models.uplift import tables
from keguan.models.uplift.asked import Asked
from keguan.models.uplift.claims import claims, left_out_notes, nothing_beats
from keguan.models.uplift.held_out import MODEL, RULE, HeldOut, Stakes, Trial, held_out
from keguan.models.uplift.leaks import Judged
from keguan.result import Figure, Note, Result, Table

FEWEST = 200  # customers of each arm: a quarter of them teaches where learners are chosen
FEWEST_EVENTS = 40  # outcomes that are not the commonest one, over both arms


@dataclass(frozen=True)
class Told:
    """The result, and what a plug-in needs to score customers of today: None where nothing beats chance."""

    result: Result
    held: HeldOut | None
    used: str | None
    bands: Sequence[dict[str, object]] = ()


def told(trial: Trial, judged: Sequence[Judged], stakes: Stakes, seed: int, asked: Asked) -> Told:
    """Tables arms, effect, features and, where there is enough to learn from, held_out, halves, rules, bands, whom, curve,
    policies."""
    split = tables.split_of(trial, asked)
    first = (tables.arms_table(trial, asked, split), tables.features_table(judged, asked))
    notes = list(left_out_notes(judged))
    if split is not None and split.mismatch:
        notes.append(Note(Text("两组人数与计划不符（p < 0.001），效果不予给出：先查明分组和名单",
            "The arms do not have the planned sizes (p < 0.001) and no effect is told: find out how customers were assigned "
            "first"), "withheld"))  # fmt: skip
        return Told(Result("uplift", first, notes=tuple(notes)), None, None)
    effect = tables.effect_of(trial, asked)
    start = (first[0], tables.effect_table(effect, asked), first[1])
    if (short := _too_little(trial)) is not None:
        said = tuple(claims(effect, None, None, asked, len(trial), None, False))
        return Told(Result("uplift", start, claims=said, notes=(*notes, short)), None, None)
    held = held_out(trial, stakes, seed)
    if held is None:
        notes.append(Note(Text("没有可用的事前特征，只给出平均效果",
            "Nothing is known of the customers from before: the average effect alone is told"), "withheld"))  # fmt: skip
        said = tuple(claims(effect, None, None, asked, len(trial), None, False))
        return Told(Result("uplift", start, claims=said, notes=tuple(notes)), None, None)
    used = ranking_in_use(held, stakes)
    bands = tables.band_rows(trial, held, stakes, asked)
    made = (*start, *_found(trial, held, stakes, asked, bands, used))
    priced = stakes.margin is not None
    usual = tables.usual_rule(held)
    rule = str(usual) if usual else None
    said = tuple(claims(effect, held, used, asked, len(trial), rule, priced))
    notes += _notes(trial, held, stakes, used)
    return Told(Result("uplift", made, _figures(), said, notes=tuple(notes)), held, used, bands)


def _too_little(trial: Trial) -> Note | None:
    """Why no ranking is learned."""
    fewest = min(int(trial.treated.sum()), int((~trial.treated).sum()))
    values = trial.outcome.tolist()
    if len(set(values)) < 2:
        return Note(Text("所有客户的结果都相同，没有可学的差别", "The outcome is the same for all: there is nothing to learn"),
                    "withheld")  # fmt: skip
    if fewest < FEWEST:
        return Note(Text(f"较小的组只有 {fewest} 位客户，少于 {FEWEST} 位，不学习谁该接触，只给出平均效果",
            f"The smaller arm has {fewest} customers, fewer than {FEWEST}: whom to contact is not learned, the average effect "
            "alone is told"), "withheld")  # fmt: skip
    events = len(values) - max(values.count(value) for value in set(values[:1]) | {0.0, 1.0})
    if events < FEWEST_EVENTS:
        return Note(Text(f"结果不同的客户只有 {events} 位，少于 {FEWEST_EVENTS} 位，不学习谁该接触，只给出平均效果",
            f"Only {events} customers have another outcome than the rest, fewer than {FEWEST_EVENTS}: whom to contact is not "
            "learned, the average effect alone is told"), "withheld")  # fmt: skip
    return None


def ranking_in_use(held: HeldOut, stakes: Stakes) -> str | None:
    """The model where it beats the rule; else the rule, else the model, where they beat chance."""
    over = held.figures[(MODEL, "profit_over_rule" if stakes.chosen else "uplift_over_rule")]
    gains = {name: held.figures[(name, "gain")].low > 0 for name in (MODEL, RULE)}
    if over.low > 0 and gains[MODEL]:
        return MODEL
    return RULE if gains[RULE] else MODEL if gains[MODEL] else None


def _found(
    trial: Trial, held: HeldOut, stakes: Stakes, asked: Asked, bands: Sequence[dict[str, object]], used: str | None
) -> Iterator[Table]:  # fmt: skip
    from keguan.models.uplift import columns as c

    yield tables.held_out_table(held, asked)
    if stakes.margin is not None:
        yield tables.policies_table(held, asked)
    title = Text("由先到后各客群的效果", "Effects of the bands, best first")
    yield asked.make("bands", title, c.bands(asked.units), ("ranking", "band"), bands)
    if used is not None:
        yield tables.whom_table(bands, used, asked)
    yield tables.curve_table(held, asked)
    yield tables.rules_table(trial, held, asked)
    yield replace(tables.halves_table(trial, held, asked), appendix=True)


def _figures() -> tuple[Figure, ...]:
    return (
        Figure("curve", "line", Text("按接触比例的增量结果（每位客户）", "Incremental outcomes per customer by share contacted"),
               "curve", "depth", ("model", "rule", "random"), low="model_low", high="model_high"),
        Figure("bands", "bar", Text("由先到后各十分之一客户的效果", "Effect in each tenth of the customers, best first"),
               "bands", "band", ("uplift",), low="uplift_low", high="uplift_high", where={"ranking": MODEL}),
    )  # fmt: skip


def _notes(trial: Trial, held: HeldOut, stakes: Stakes, used: str | None) -> Iterator[Note]:
    if used is None:
        yield nothing_beats()
    if stakes.chosen:
        if any(half.depths[half.model] == 0 for half in held.halves):
            count = sum(half.depths[half.model] == 0 for half in held.halves)
            yield Note(Text(f"有 {count} 个半数的训练数据认为接触谁都不划算",
                f"On the training data of {count} halves contacting nobody pays best"))  # fmt: skip
    elif stakes.depth is None:
        yield Note(Text("没有给出单位收益与接触成本，按接触最前 30% 的客户评价；给出后会按收益选定比例",
            "No margin and no contact cost were given: the first 30% are judged; with them the share is chosen by "
                "profit"))  # fmt: skip
    yield Note(Text(
        "区间来自每个半数内的 200 次客户自助法，排序不重新学习；各半数共用同样的客户，"
        "所以取各半数区间的中位数，而不当作二十次独立的试验",
        "Intervals come from 200 bootstraps of customers in each half with the rankings as they are; halves share customers, so "
        "their intervals' medians are taken and they are not held for twenty experiments"))  # fmt: skip
    if trial.probability is None:
        share = float(trial.treated.mean())
        yield Note(Text(f"分到实验组的概率按实际占比估计：{share:.3f}",
            f"The probability of being treated is estimated by the share of the treated, {share:.3f}"))  # fmt: skip
