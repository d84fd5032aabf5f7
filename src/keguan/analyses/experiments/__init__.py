"""What did campaigns change, told from their control groups?

Method: members are compared as assigned, reached or not, from the campaign's first day to some days after its end. Primary:
the share who ordered (Miettinen and Nurminen 1985), arms corrected by Holm (1979), several campaigns by Benjamini and
Hochberg (1995). Net spend with the spend of the year before taken out (CUPED, Deng et al. 2013), by Welch (1947), or by the
bootstrap of customers where it is too skewed for the members there are (Kohavi et al. 2014). A campaign whose days are not
over is tested for looks at any time (Waudby-Smith et al. 2021). Nothing is told where the split is not the planned one, or
the arms differ in what they spent before (p < .001), and no cause is named without a control.

Beside: intervals of several arms that hold together (Dunnett 1955), and bootstrapped spend with extreme values drawn in, as
a sensitivity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from keguan.analyses.experiments.beside import together_table, winsorised_table
from keguan.analyses.experiments.columns import TEXT
from keguan.analyses.experiments.tables import segment_table, tables_of, week_table
from keguan.analysis import Analysis, Inputs, param
from keguan.core.text import Text
from keguan.evidence.experiments import Rules
from keguan.marts.campaigns.judged import (
    METRICS,
    Campaign,
    campaigns_of,
    corrected,
    judge,
    planned_note,
    spans_of,
)
from keguan.marts.campaigns.units import SPANS, by_arm
from keguan.marts.experiments.arms import CONTROL, planned_split
from keguan.marts.experiments.sentences import claims, notes
from keguan.result import Claim, Figure, Note, Result
from keguan.schema.terms.experiments import EXPERIMENT_METRIC


@dataclass(frozen=True)
class Params:
    """Parameters of the analysis."""

    after_days: int = param(30, "活动结束后再看几天", "days after the end that count")
    before_days: int = param(365, "开始前几天的消费用于调整", "days before whose spend is taken out")
    top: int = param(20, "最近几个活动", "how many campaigns, the latest first")
    control: str = param("", "别的对照组名称，逗号分开", "further names of the control, with commas")
    split: str = param("", "计划比例，如 control=10,mail=90", "planned split, such as control=10,mail=90")


def run(inputs: Inputs, params: Params) -> Result:
    """Tables campaigns, arms, effects, beliefs, srm, balance, dunnett, winsorised, segments, weeks."""
    plan = planned_split(params.split, "split")
    also = tuple(name for name in params.control.split(",") if name.strip())
    listing = inputs.query(SPANS).to_pylist()
    later = tuple(planned_note(listing, inputs.as_of))
    spans = spans_of(listing, inputs.as_of, after_days=params.after_days, before_days=params.before_days,
                     top=params.top)  # fmt: skip
    if not spans and later:
        return Result("experiments", notes=later)
    if not spans:
        text = Text("没有带分组的活动名单：导入 campaign_members（活动、客户、组别）后可看效果",
                    "No campaign has members: import campaign_members (campaign, customer, arm) to see effects")  # fmt: skip
        return Result("experiments", notes=(Note(text, "missing"),))
    sql = by_arm(spans, also)
    found = campaigns_of(inputs, spans, sql)
    for campaign in found:
        judge(campaign, plan, inputs.settings.min_n)
    corrected(found)
    tables = tables_of(inputs, found, sql)
    tables += (*together_table(inputs, found, sql), *winsorised_table(inputs, found, also))
    latest = next((item for item in found if item.state == "tested"), None)
    if latest is not None:
        tables += (*segment_table(inputs, latest, also), *week_table(inputs, latest, also))
    figures = (
        Figure("shares", "bar", Text("各组下单占比", "Share who ordered, by arm"), "arms", "name", ("share",), series="arm",
               low="low", high="high"),
    )  # fmt: skip
    return Result(
        "experiments", tables, figures if any(row["share"] is not None for row in tables[1]) else (),
        claims=tuple(claim for item in found for claim in _claims(item)),
        notes=(*_notes(found, plan, inputs.settings.min_n), *later),
    )  # fmt: skip


def _claims(item: Campaign) -> Iterator[Claim]:
    labels = {name: (name, "experiment_metric") for name in METRICS}
    about = {"campaign": (item.name, None)}
    yield from claims(
        item.effects, CONTROL, "experiments", money=item.incremental_money(), key={"campaign": item.span.campaign},
        labels=labels, about=about, arms="campaign_arm",
    )  # fmt: skip


def _notes(found: Sequence[Campaign], plan: Mapping[str, float], min_n: int) -> Iterator[Note]:
    def named(state: str) -> str:
        return "、".join(item.name for item in found if item.state == state)

    if names := named("no_control"):
        yield Note(Text(f"无对照，不能归因：{names}。成员买了多少只是描述；下次请留出对照组",
                        f"No control, nothing can be attributed: {names}. What members bought is a description; hold out a "
                        "control next time"), "withheld")  # fmt: skip
    if names := named("not_alike"):
        yield Note(Text(f"分组不可比（人数与计划不符，或活动前消费已不同，p < 0.001），效果不予给出：{names}",
                        f"The arms are not alike (not the planned split, or they spent differently before, p < 0.001), and no "
                        f"effect is told: {names}"), "withheld")  # fmt: skip
    if names := named("running"):
        yield Note(Text(f"窗口未满：{names}。区间按随时可看的方式计算，结果仍会变",
                        f"Not over yet: {names}. Intervals are those for looks at any time, and results still move"))  # fmt: skip
    reached = sum(int(item.arms[CONTROL]["reached"]) for item in found if CONTROL in item.arms)
    if reached:
        yield Note(Text(f"对照组中有 {reached:,} 人次被触达（污染）：仍按分组计入，效果因此被低估",
                        f"{reached:,} members of control arms were reached (contaminated): counted as assigned, so that effects "
                        "come out too small"), "warning")  # fmt: skip
    if left_out := sum(item.left_out for item in found):
        yield Note(Text(f"{left_out:,} 人次没有组别或同时在两个组，没有计入",
                        f"{left_out:,} members have no arm or stand in two, and are left out"), "warning")  # fmt: skip
    early = sum(int(row["early"]) for item in found for arm, row in item.arms.items() if arm != CONTROL)
    if early:
        yield Note(Text(f"{early:,} 人次在被触达之前已下单：照分组计入，因为对照组没有触达日可比",
                        f"{early:,} members ordered before they were reached: counted as assigned, "
                        f"as the control has no such day "
                        "to compare with"))  # fmt: skip
    told = [effect for item in found for effect in item.effects]
    if not plan and any(item.effects for item in found):
        yield Note(Text("没有给出计划比例，各组人数未作检查：请活动负责人写明分组时打算各占多少（如对照组一成、实验组九成），"
                        "交给运行报告的人填入参数 split（control=10,treatment=90），人数不符时效果就不会给出",
                        "No planned split is given, so the sizes of the arms are not checked: ask who ran the campaign in what "
                        "parts members were to be divided (say a tenth held out), and have the parameter split filled in with it "
                        "(control=10,treatment=90); then no effect is told where the sizes differ"))  # fmt: skip
    yield from notes(told, Rules(min_n=min_n), EXPERIMENT_METRIC)


ANALYSIS = Analysis(
    name="experiments",
    title=Text("活动的效果", "Effects of campaigns"),
    question=Text("活动与对照组相比带来了什么？", "What did campaigns change, against their control groups?"),
    section="strategy",
    params=Params,
    run=run,
    text=TEXT,
    reads=("campaign_members", "campaigns", "purchases"),
    needs=("campaign_members",),
    uses=("rfm",),
    order=20,
)
