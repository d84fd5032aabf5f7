"""Sentences and notes of an uplift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from keguan.core.text import Text
from keguan.evidence.experiments import Effect
from keguan.models.uplift.asked import Asked
from keguan.models.uplift.held_out import MODEL, RULE, HeldOut
from keguan.models.uplift.leaks import Judged
from keguan.result import Cell, Claim, Note, Test, Value

METHOD = "customer bootstrap, 20 unseen halves"
BASE = Text("实验组与对照组的客户", "customers of both arms")
_DIFFERENCE = Text(
    "{mean} 对 {control_mean}，差 {diff}（95% 区间 {low} 至 {high}；n={n}，{base}）",
    "{mean} against {control_mean}, a difference of {diff} (95% interval {low} to {high}; n={n}, {base})",
)
_OVER = Text(
    "{uplift} 对 {other}，差 {gain}（95% 区间 {low} 至 {high}；n={n}，{base}）",
    "{uplift} against {other}, a difference of {gain} (95% interval {low} to {high}; n={n}, {base})",
)
TEXT: Mapping[str, Text] = {
    "effect_up": Text(
        f"{{arm}}的结果高于{{control}}：{_DIFFERENCE.zh}；分组若是随机的，这就是接触全体的平均效果。",
        f"The outcome under {{arm}} is higher than under {{control}}: {_DIFFERENCE.en}; where arms were drawn at random, this "
        "is the average effect of contacting everybody.",
    ),
    "effect_down": Text(
        f"{{arm}}的结果低于{{control}}：{_DIFFERENCE.zh}；分组若是随机的，这就是接触全体的平均效果。",
        f"The outcome under {{arm}} is lower than under {{control}}: {_DIFFERENCE.en}; where arms were drawn at random, this is "
        "the average effect of contacting everybody.",
    ),
    "effect_none": Text(
        f"{{arm}}与{{control}}的结果无显著差异：{_DIFFERENCE.zh}。",
        f"No significant difference of the outcome between {{arm}} and {{control}}: {_DIFFERENCE.en}.",
    ),
    "gain": Text(
        f"按{{ranking}}接触最前 {{depth}} 的客户，其中的效果高于随机挑选同样多的客户：{_OVER.zh}。",
        f"Contacting the first {{depth}} by the ranking '{{ranking}}' has a higher effect among them than as many customers at "
        f"random: {_OVER.en}.",
    ),
    "gain_none": Text(
        f"按{{ranking}}接触最前 {{depth}} 的客户，其中的效果与随机挑选同样多的客户无显著差异：{_OVER.zh}。",
        f"No significant difference between the effect among the first {{depth}} by the ranking '{{ranking}}' and that among as "
        f"many customers at random: {_OVER.en}.",
    ),
    "gain_worse": Text(
        f"按{{ranking}}接触最前 {{depth}} 的客户，其中的效果低于随机挑选同样多的客户：{_OVER.zh}。",
        f"Contacting the first {{depth}} by the ranking '{{ranking}}' has a lower effect among them than as many customers at "
        f"random: {_OVER.en}.",
    ),
    "model_over": Text(
        f"接触最前 {{depth}} 的客户，模型优于单变量规则 {{rule}}：其中的效果 {_OVER.zh}。",
        f"Contacting the first {{depth}}, the model is better than the one-variable rule {{rule}}: effects of {_OVER.en}.",
    ),
    "model_under": Text(
        f"接触最前 {{depth}} 的客户，模型差于单变量规则 {{rule}}：其中的效果 {_OVER.zh}；请用这条规则。",
        f"Contacting the first {{depth}}, the model is worse than the one-variable rule {{rule}}: effects of {_OVER.en}; use the "
        "rule.",
    ),
    "rule_enough": Text(
        f"接触最前 {{depth}} 的客户，模型未显著优于单变量规则 {{rule}}：其中的效果 {_OVER.zh}；模型没有胜过规则，用规则即可。",
        f"Contacting the first {{depth}}, the model is not significantly better than the one-variable rule {{rule}}: effects of "
        f"{_OVER.en}; the model does not beat the rule, and the rule will do.",
    ),
    "profit_over": Text(
        f"扣除接触成本后，模型优于单变量规则 {{rule}}：每位客户的收益 {_OVER.zh}。",
        f"After the cost of contacts the model is better than the one-variable rule {{rule}}: a profit per customer of "
        f"{_OVER.en}.",
    ),
    "profit_under": Text(
        f"扣除接触成本后，模型差于单变量规则 {{rule}}：每位客户的收益 {_OVER.zh}；请用这条规则。",
        f"After the cost of contacts the model is worse than the one-variable rule {{rule}}: a profit per customer of "
        f"{_OVER.en}; use the rule.",
    ),
    "profit_no_better": Text(
        f"扣除接触成本后，模型未显著优于单变量规则 {{rule}}：每位客户的收益 {_OVER.zh}；模型没有胜过规则，用规则即可。",
        f"After the cost of contacts the model is not significantly better than the one-variable rule {{rule}}: a profit per "
        f"customer of {_OVER.en}; the model does not beat the rule, and the rule will do.",
    ),
    "whom": Text(
        "按{ranking}排序，区间已说明应接触的客户占 {contact}，不要接触的占 {leave}，无法判断的占 {unsure}（n={n}，{base}）。",
        "By the ranking '{ranking}' the intervals say to contact {contact} of the customers and not to contact {leave}; of "
        "{unsure} they cannot tell (n={n}, {base}).",
    ),
    "profit": Text(
        "扣除接触成本，按模型接触 {depth} 的客户，每位客户收益 {profit}（95% 区间 {low} 至 {high}），全部接触为 {other}"
        "（n={n}，{base}）。",
        "After the cost of contacts the model's choice of {depth} of the customers brings {profit} per customer (95% interval "
        "{low} to {high}), contacting everybody {other} (n={n}, {base}).",
    ),
}  # fmt: skip


def claims(
    effect: Effect, held: HeldOut | None, used: str | None, asked: Asked, customers: int, rule: str | None, priced: bool
) -> Iterator[Claim]:  # fmt: skip
    """What the tables say. `used`: the ranking in use, None where none is of use; `rule`: the commonest rule."""
    if effect.told:
        yield _effect(effect, asked, customers)
    if held is None:
        return
    for name in (MODEL, RULE):
        yield from _gain(held, name, customers)
    if rule is not None:
        yield from _against_rule(held, rule, customers)
    if used is not None:
        yield _whom(used, customers)
    if priced:
        yield _profit(customers)
        yield from _profit_against_rule(held, rule, customers)


def _effect(effect: Effect, asked: Asked, customers: int) -> Claim:
    says = {"higher": "effect_up", "lower": "effect_down"}.get(effect.verdict, "effect_none")
    key = {"arm": asked.treatment}
    values: dict[str, Value] = {
        "mean": Cell("effect", key, "mean"), "control_mean": Cell("effect", key, "control_mean"),
        "diff": Cell("effect", key, "diff"), "low": Cell("effect", key, "diff_low"), "high": Cell("effect", key, "diff_high"),
    }  # fmt: skip
    test = Test(effect.method or "", says != "effect_none", effect.p, effect.low, effect.high)
    return Claim(
        says, "uplift/effect", values, customers, BASE, "tested", test,
        labels={"arm": (asked.treatment, None), "control": (asked.control, None)},
    )  # fmt: skip


def _gain(held: HeldOut, name: str, customers: int) -> Iterator[Claim]:
    found = held.figures[(name, "gain")]
    if found.value != found.value or found.low != found.low:
        return
    says = "gain" if found.low > 0 else "gain_worse" if found.high < 0 else "gain_none"
    key = {"ranking": name}
    yield Claim(
        says, f"uplift/gain/{name}",
        {
            "depth": Cell("held_out", key, "depth"), "uplift": Cell("held_out", key, "uplift"),
            "other": Cell("held_out", {"ranking": "everybody"}, "uplift"), "gain": Cell("held_out", key, "gain"),
            "low": Cell("held_out", key, "gain_low"), "high": Cell("held_out", key, "gain_high"),
        },
        customers, BASE, "tested", Test(METHOD, says != "gain_none", None, found.low, found.high),
        labels={"ranking": (name, "uplift_ranking")},
    )  # fmt: skip


def _against_rule(held: HeldOut, rule: str, customers: int) -> Iterator[Claim]:
    found = held.figures[(MODEL, "uplift_over_rule")]
    depths = {held.figures[(name, "depth")].value for name in (MODEL, RULE)}
    if found.value != found.value or found.low != found.low or len(depths) > 1:
        return  # effects at two depths are no comparison
    says = "model_over" if found.low > 0 else "model_under" if found.high < 0 else "rule_enough"
    key = {"ranking": MODEL}
    yield Claim(
        says, "uplift/against_rule",
        {
            "depth": Cell("held_out", key, "depth"), "uplift": Cell("held_out", key, "uplift"),
            "other": Cell("held_out", {"ranking": RULE}, "uplift"), "gain": Cell("held_out", key, "over_rule"),
            "low": Cell("held_out", key, "over_rule_low"), "high": Cell("held_out", key, "over_rule_high"),
        },
        customers, BASE, "tested", Test(METHOD, says != "rule_enough", None, found.low, found.high),
        labels={"rule": (rule, None)},
    )  # fmt: skip


def _whom(used: str, customers: int) -> Claim:
    values: dict[str, Value] = {
        name: Cell("whom", {"verdict": verdict}, "share")
        for name, verdict in (("contact", "contact"), ("leave", "do_not_contact"), ("unsure", "cannot_tell"))
    }
    return Claim(
        "whom",
        "uplift/whom",
        values,
        customers,
        BASE,
        "estimate",
        labels={"ranking": (used, "uplift_ranking")},
    )


def _profit(customers: int) -> Claim:
    key = {"ranking": MODEL}
    return Claim(
        "profit", "uplift/profit",
        {
            "depth": Cell("policies", key, "depth"), "profit": Cell("policies", key, "profit"),
            "low": Cell("policies", key, "profit_low"), "high": Cell("policies", key, "profit_high"),
            "other": Cell("policies", {"ranking": "everybody"}, "profit"),
        },
        customers, BASE, "estimate",
    )  # fmt: skip


def _profit_against_rule(held: HeldOut, rule: str | None, customers: int) -> Iterator[Claim]:
    found = held.figures[(MODEL, "profit_over_rule")]
    if rule is None or found.low != found.low:
        return
    says = "profit_over" if found.low > 0 else "profit_under" if found.high < 0 else "profit_no_better"
    key = {"ranking": RULE}
    yield Claim(
        says, "uplift/profit_against_rule",
        {
            "uplift": Cell("policies", {"ranking": MODEL}, "profit"), "other": Cell("policies", key, "profit"),
            "gain": Cell("policies", key, "over"), "low": Cell("policies", key, "over_low"),
            "high": Cell("policies", key, "over_high"),
        },
        customers, BASE, "tested", Test(METHOD, says != "profit_no_better", None, found.low, found.high),
        labels={"rule": (rule, None)},
    )  # fmt: skip


def left_out_notes(found: Sequence[Judged]) -> Iterator[Note]:
    """Columns that were not used, and why."""
    for verdict, why in (
        ("unbalanced", Text("两组不同，不可能是分组前就知道的，或分组不是随机的",
            "differ between the arms: they were not known before, or the arms were not drawn at random")),
        ("knows_outcome", Text("已含有结果（泄漏）", "know the outcome (a leak)")),
        ("constant", Text("全部相同", "are the same for all")),
        ("too_many_values", Text("取值太多", "have too many values")),
    ):  # fmt: skip
        names = [item.feature.name for item in found if item.verdict == verdict]
        if names:
            listed = ", ".join(names)
            said = Text(f"没有使用 {listed}：{why.zh}", f"Not used: {listed}, which {why.en}")
            yield Note(said, "warning" if verdict in ("unbalanced", "knows_outcome") else "info")


def nothing_beats() -> Note:
    """Neither the model nor the rule is of use."""
    return Note(Text(
        "模型和单变量规则都没有胜过随机挑选：没有依据区别对待客户。接触全体还是不接触，看平均效果与成本",
        "Neither the model nor a one-variable rule beats customers picked at random: there are no grounds to treat customers "
        "differently. Contact all or none, by the average effect and the cost"))  # fmt: skip
