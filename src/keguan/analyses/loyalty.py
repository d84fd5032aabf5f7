"""How loyal are customers in attitude and deed, compared with the first period that could be measured?

Method: five components (trust, contact frequency, service effect, satisfaction, likelihood to continue); each becomes
the percentile it has in a frozen baseline: the first calendar quarter end at which enough customers have three
components, one of them attitude, computed from what was known on that day. The index is their weighted mean, weights
being parameters. Later quarter ends are measured with the same ruler, so that a change is one of customers. Beside
it attitude against repeat purchase.

Source: Dick and Basu (1994) for attitude and repeat purchase; Welch (1947) for the difference of means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import add_months, month_end, month_start, window_start
from keguan.core.text import Text
from keguan.evidence.statistics.against_rest import FALSE_DISCOVERY
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.sample_mean import SampleMean, mean_difference
from keguan.marts.loyalty import (
    ATTITUDES,
    COMPONENTS,
    components_sql,
    distribution_sql,
    index_sql,
    matrix_sql,
    means_sql,
    percentiles,
    purchases_sql,
    relation_sql,
)
from keguan.result import Cell, Claim, Column, Figure, Note, Relation, Result, Table, Test

SHOWN_QUARTERS = 8
YOUNG_DAYS = 30
FEWEST_REPEATS = 2


@dataclass(frozen=True)
class Params:
    """Months of each measurement, weights of the components, and the words that tell them apart."""

    window_months: int = param(12, "每次测量回看(月)", "months looked at in each measurement")
    trust: float = param(1.0, "信任的权重", "weight of trust")
    contact: float = param(1.0, "联系频率的权重", "weight of contact frequency")
    service: float = param(1.0, "服务效果的权重", "weight of service effect")
    satisfaction: float = param(1.0, "满意的权重", "weight of satisfaction")
    continuing: float = param(1.0, "继续意愿的权重", "weight of the likelihood to continue")
    trust_words: str = param(
        "信任,信赖,放心,推荐,trust,recommend", "题目含这些词之一时算信任", "words of questions about trust"
    )
    continue_words: str = param(
        "继续,续约,续费,再次购买,回购,还会,continue,renew,buy again", "题目含这些词之一时算继续意愿",
        "words of questions about going on",
    )  # fmt: skip

    def weights(self) -> Mapping[str, float]:
        """By component."""
        return {
            "trust": self.trust, "contact": self.contact, "service": self.service, "satisfaction": self.satisfaction,
            "continue": self.continuing,
        }  # fmt: skip


TEXT: Mapping[str, Text] = {
    "level": Text(
        "忠诚度指数均值为 {index}（基准 {baseline_day} 为 {baseline}；95% 区间 {low} 至 {high}；n={n}，{base}）。"
        "指数为各分项在基准期中的百分位的加权平均，只作描述。",
        "The mean loyalty index is {index} ({baseline} at the baseline of {baseline_day}; 95% interval {low} to {high}; n={n}, "
        "{base}). The index is the weighted mean of percentiles in the baseline and describes, no more.",
    ),
    "rose": Text(
        "{component}比基准 {baseline_day} 显著更高：由 {before} 到 {now}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{component} is significantly higher than at the baseline of {baseline_day}: {before} then, {now} now, a difference "
        "of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "fell": Text(
        "{component}比基准 {baseline_day} 显著更低：由 {before} 到 {now}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{component} is significantly lower than at the baseline of {baseline_day}: {before} then, {now} now, a difference "
        "of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "steady": Text(
        "{component}与基准 {baseline_day} 相比无显著变化：{before} 与 {now}（相差的 95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{component} shows no significant change from the baseline of {baseline_day}: {before} and {now} (95% interval of "
        "the difference {low} to {high}; n={n}, {base}).",
    ),
    "matrix": Text(
        "态度高、复购高的 {loyal} 位（{loyal_share}）；态度高、复购低的 {latent} 位（{latent_share}）；态度低、复购高的 "
        "{spurious} 位（{spurious_share}），他们近 {months} 个月的净销售额为 {money}（n={n}，{base}）。",
        "Attitude and repeat purchase both high: {loyal} ({loyal_share}); attitude alone: {latent} ({latent_share}); repeat "
        "purchase alone: {spurious} ({spurious_share}), with net revenue of {money} in the last {months} months "
        "(n={n}, {base}).",
    ),
}  # fmt: skip

BASE = Text("至少有三个分项、其中一个为态度的客户", "customers with three components, one of them attitude")
MEAN_NOTE = Text("正态 95% 区间", "normal 95% interval")
TREND_COLUMNS = (
    Column("day", Text("截至", "As of"), "date", role="key"),
    Column("baseline", Text("基准", "Baseline"), "label", vocabulary="loyalty_baseline"),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("index", Text("忠诚度指数", "Loyalty index"), "number", 1),
    Column("low", Text("区间下限", "Interval from"), "number", 1, role="low", note=MEAN_NOTE),
    Column("high", Text("区间上限", "Interval to"), "number", 1, role="high"),
)
COMPONENT_COLUMNS = (
    Column("component", Text("分项", "Component"), "label", role="key", vocabulary="loyalty_component"),
    Column("weight", Text("权重", "Weight"), "number", 2),
    Column("before_n", Text("基准客户数", "Customers then"), "count"),
    Column("before", Text("基准百分位均值", "Mean percentile then"), "number", 1),
    Column("n", Text("客户数", "Customers"), "count"),
    Column("now", Text("百分位均值", "Mean percentile"), "number", 1,
           note=Text("在基准期分布中的百分位，同值取半", "percentile in the baseline's distribution, equals by half")),
    Column("difference", Text("相差", "Difference"), "number", 1),
    Column("low", Text("区间下限", "Interval from"), "number", 1, role="low",
           note=Text("Welch 95% 区间，按两组不同客户计，偏宽", "Welch 95% interval as if of different customers: wide")),
    Column("high", Text("区间上限", "Interval to"), "number", 1, role="high"),
    Column("q", Text("q 值", "q"), "number", 4,
           note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg")),
)  # fmt: skip
MATRIX_COLUMNS = (
    Column("quadrant", Text("类型", "Kind"), "label", role="key", vocabulary="loyalty_quadrant",
           note=Text("态度高：态度分项的百分位均值不低于 50", "attitude high: mean percentile of attitude 50 and more")),
    Column("months", Text("窗口(月)", "Window (months)"), "count"),
    Column("cut", Text("复购高：不少于(次)", "Repeat high: at least"), "count",
           note=Text("窗口内购买次数的中位数，至少 2 次", "median of purchases in the window, at least 2")),
    Column("customers", Text("客户数", "Customers"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("net_revenue", Text("净销售额", "Net revenue"), "money"),
)  # fmt: skip

FIRST_SQL = """
SELECT min(CASE WHEN what = 'score' THEN day END) AS scored_from, min(CASE WHEN what = 'contact' THEN day END) AS contacts_from
FROM (
  SELECT 'score' AS what, day FROM feedback WHERE score IS NOT NULL AND account_no IS NOT NULL
  UNION ALL
  SELECT 'contact' AS what, day FROM contacts WHERE account_no IS NOT NULL
) began
"""


def quarter_ends(first: date, last: date) -> list[date]:
    """Ends of calendar quarters from one day to another, both inclusive: the same whatever the as-of day."""
    end = month_end(add_months(first.replace(day=1), 2 - (first.month - 1) % 3))
    found = []
    while end <= last:
        found.append(end)
        end = month_end(add_months(end.replace(day=1), 3))
    return found


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: trend, components, matrix; relation loyalty."""
    began = inputs.query(FIRST_SQL).to_pylist()[0]
    if began["scored_from"] is None:
        missing = Text(
            "没有带客户编号的评分；导入调查后可算忠诚度",
            "No scored answers with a customer id: import surveys",
        )
        return _without(Note(missing, "missing"))
    weights = params.weights()
    if sum(weights.values()) <= 0 or min(weights.values()) < 0:
        return _without(
            Note(Text("权重须为非负且不全为 0", "Weights must not be negative nor all 0"), "withheld")
        )
    components = components_sql(params.trust_words.split(","), params.continue_words.split(","))
    # A window that reaches back before the records would look like few contacts.
    seen = max(began["scored_from"], began["contacts_from"] or began["scored_from"])
    ends = quarter_ends(add_months(month_start(seen), params.window_months), inputs.as_of)
    for place, day in enumerate(ends):
        rows = _measured(inputs, day, distribution_sql(components), params).to_pylist()
        most = max((sum(r["customers"] for r in rows if r["component"] == c) for c in COMPONENTS), default=0)
        if most >= max(inputs.settings.min_n, 1):
            indexed = index_sql(components, percentiles(rows), weights)
            if rows_of := _means(inputs, day, indexed, params):
                days = list(dict.fromkeys([*ends[max(place, len(ends) - SHOWN_QUARTERS) :], inputs.as_of]))
                return _whole(inputs, params, indexed, day, rows_of, days)
    least = inputs.settings.min_n
    few = Text(
        f"还没有一个季度末回看 {params.window_months} 个月都有记录、且有 {least} 位客户具备三个分项（其中一个为态度），"
        "不算忠诚度指数",
        f"No quarter end yet looks back on {params.window_months} months of records and has {least} customers with three "
        "components, one of them attitude: no loyalty index",
    )
    return _without(Note(few, "withheld"))


def _without(note: Note) -> Result:
    return Result("loyalty", notes=(note,))


def _measured(inputs: Inputs, day: date, sql: str, params: Params) -> Any:
    """A query as of a day, over the months before it."""
    since = window_start(day, params.window_months)
    return inputs.at(day).query(sql, since=since, young=day - timedelta(days=YOUNG_DAYS))


def _means(inputs: Inputs, day: date, indexed: str, params: Params) -> dict[str, SampleMean]:
    """Index and components of the customers who have an index; nothing with fewer than `min_n` of them."""
    rows = _measured(inputs, day, means_sql(indexed), params).to_pylist()
    found = {r["component"]: SampleMean(int(r["customers"]), r["total"], r["squares"]) for r in rows}
    enough = "index" in found and found["index"].n >= max(inputs.settings.min_n, 1)
    return found if enough else {}


def _whole(
    inputs: Inputs,
    params: Params,
    indexed: str,
    day: date,
    before: Mapping[str, SampleMean],
    days: Sequence[date],
) -> Result:
    measured = {day: dict(before)} | {end: _means(inputs, end, indexed, params) for end in days if end != day}
    now = measured.get(inputs.as_of, {})
    bound: dict[str, Any] = {
        "since": window_start(inputs.as_of, params.window_months),
        "young": inputs.as_of - timedelta(days=YOUNG_DAYS),
    }
    tables = [
        trend_table(inputs, measured, day, indexed, bound),
        component_table(inputs, params, before, now, indexed, bound),
    ]
    relations: tuple[Relation, ...] = ()
    if now and _bought_freely(inputs):
        sided = {**bound, "from_day": bound["since"]}
        cut = repeat_cut(inputs.query(purchases_sql(indexed), **sided).to_pylist())
        sided["cut"] = cut
        tables.append(matrix_table(inputs, params, indexed, sided))
        relations = (
            Relation("loyalty", Text("态度与复购", "Attitude and repeat purchase"), relation_sql(indexed), sided,
                     vocabulary="loyalty_quadrant"),
        )  # fmt: skip
    result = Result("loyalty", tuple(tables), _figures(tables), relations=relations)
    return replace(
        result,
        claims=tuple(_claims(result, day, inputs.as_of)),
        notes=tuple(_notes(inputs, result, day, now)),
    )


def _bought_freely(inputs: Inputs) -> bool:
    """Whether purchases say something: there are some, and they are no automatic renewals."""
    if not inputs.has("purchases"):
        return False
    return not inputs.result("business_kind").table("decision").records()[0]["automatic_renewal"]


def trend_table(
    inputs: Inputs,
    measured: Mapping[date, Mapping[str, SampleMean]],
    day: date,
    indexed: str,
    bound: Mapping[str, Any],
) -> Table:
    """The index at each quarter end and now, all measured with the baseline's ruler."""
    rows: list[dict[str, Any]] = []
    for end in sorted(measured):
        base: dict[str, Any] = {"day": end, "baseline": "yes" if end == day else "no"}
        if measured[end]:
            mean = measured[end]["index"]
            ends = mean.interval()
            base |= {"customers": mean.n, "index": mean.mean, "low": ends.low, "high": ends.high}
        rows.append(base)
    return inputs.computed(
        "trend", Text("忠诚度指数", "Loyalty index"), TREND_COLUMNS, ("day",), rows, method="loyalty.trend",
        sql=means_sql(indexed), **bound,
        note=Text(f"基准为 {day}，按当日所知计算后不再改变；其余各日用同一把尺",
                  f"the baseline is {day}, computed from what was known then and frozen; the others use its ruler"),
    )  # fmt: skip


def component_table(
    inputs: Inputs,
    params: Params,
    before: Mapping[str, SampleMean],
    now: Mapping[str, SampleMean],
    indexed: str,
    bound: Mapping[str, Any],
) -> Table:
    """Each component then and now; compared where both have `min_n` customers."""
    rows: list[dict[str, Any]] = []
    weights = params.weights()
    for name in ("index", *COMPONENTS):
        then, later = before.get(name), now.get(name)
        row: dict[str, Any] = {
            "component": name, "weight": weights.get(name), "before_n": then.n if then else 0,
            "n": later.n if later else 0, "p": None,
        }  # fmt: skip
        if then and then.n >= inputs.settings.min_n:
            row["before"] = then.mean
        if later and later.n >= inputs.settings.min_n:
            row["now"] = later.mean
        if then and later and "before" in row and "now" in row:
            ends, row["p"] = mean_difference(later, then)
            row |= {"difference": later.mean - then.mean, "low": ends.low, "high": ends.high}
        rows.append(row)
    tested = [row for row in rows if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
    return inputs.computed(
        "components", Text("忠诚度的分项", "Components of loyalty"), COMPONENT_COLUMNS, ("component",), rows,
        method="evidence.statistics.sample_mean", sql=means_sql(indexed), **bound,
    )  # fmt: skip


def repeat_cut(rows: Sequence[Mapping[str, Any]]) -> int:
    """The median number of purchases, at least two: one purchase repeats nothing."""
    total, seen = sum(row["customers"] for row in rows), 0
    for row in rows:
        seen += row["customers"]
        if 2 * seen >= total:
            return max(FEWEST_REPEATS, int(row["purchases"]))
    return FEWEST_REPEATS


def matrix_table(inputs: Inputs, params: Params, indexed: str, bound: Mapping[str, Any]) -> Table:
    """All four quadrants, also those that nobody is in."""
    sql = matrix_sql(indexed)
    found = {row["quadrant"]: row for row in inputs.query(sql, **bound).to_pylist()}
    total = sum(row["customers"] for row in found.values())
    rows = []
    for name in ("loyal", "latent", "spurious", "none"):
        row = found.get(name, {"customers": 0, "net_revenue": 0})
        rows.append(
            {
                "quadrant": name, "months": params.window_months, "cut": bound["cut"], "customers": row["customers"],
                "share": row["customers"] / total if total >= max(inputs.settings.min_n, 1) else None,
                "net_revenue": row["net_revenue"],
            }
        )  # fmt: skip
    return inputs.computed(
        "matrix", Text("态度与复购", "Attitude and repeat purchase"), MATRIX_COLUMNS, ("quadrant",), rows,
        method="loyalty.matrix", sql=sql, **bound,
    )  # fmt: skip


def _claims(result: Result, day: date, as_of: date) -> Iterator[Claim]:
    baseline = {"baseline_day": Cell("trend", {"day": day}, "day")}
    now = result.table("trend").find({"day": as_of})
    if now is None or now["index"] is None:
        return
    values = {name: Cell("trend", {"day": as_of}, name) for name in ("index", "low", "high")}
    yield Claim(
        "level", "loyalty/level", values | baseline | {"baseline": Cell("trend", {"day": day}, "index")},
        now["customers"], BASE, strength="estimate", topic="loyalty", figure="trend", summary=False,
    )  # fmt: skip
    if as_of != day:
        yield from _changes(result, baseline)
    if result.has("matrix") and result.table("matrix").records()[0]["share"] is not None:
        yield _matrix(result, now["customers"])


def _changes(result: Result, baseline: Mapping[str, Cell]) -> Iterator[Claim]:
    for row in result.table("components"):
        if row["q"] is None:
            continue
        passed = row["q"] <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]
        if not passed and row["component"] != "index":
            continue
        says = ("rose" if row["difference"] > 0 else "fell") if passed else "steady"
        names = ["before", "now", "low", "high", *(["difference"] if passed else [])]
        yield Claim(
            says, f"loyalty/change/{row['component']}",
            {name: Cell("components", {"component": row["component"]}, name) for name in names} | dict(baseline),
            row["n"], BASE, strength="tested",
            test=Test("Welch", passed, None, row["low"], row["high"], corrected(row["q"])),
            labels={"component": (row["component"], "loyalty_component")}, topic="loyalty_change",
            figure="trend", summary=passed, certainty=1 - row["q"],
        )  # fmt: skip


def _matrix(result: Result, n: int) -> Claim:
    values: dict[str, Cell] = {}
    for name in ("loyal", "latent", "spurious"):
        values[name] = Cell("matrix", {"quadrant": name}, "customers")
        values[f"{name}_share"] = Cell("matrix", {"quadrant": name}, "share")
    values["months"] = Cell("matrix", {"quadrant": "spurious"}, "months")
    values["money"] = Cell("matrix", {"quadrant": "spurious"}, "net_revenue")
    money = float(next(row["net_revenue"] for row in result.table("matrix") if row["quadrant"] == "spurious"))
    return Claim("matrix", "loyalty/matrix", values, n, BASE, money=max(money, 0.0), topic="loyalty_matrix",
                 figure="matrix", certainty=0.8)  # fmt: skip


def _notes(inputs: Inputs, result: Result, day: date, now: Mapping[str, SampleMean]) -> Iterator[Note]:
    yield Note(
        Text(f"忠诚度的基准为 {day}：第一个有足够客户的季度末，按当日所知计算",
             f"The baseline of loyalty is {day}, the first quarter end with enough customers, as known then")
    )  # fmt: skip
    if not now:
        least = inputs.settings.min_n
        yield Note(
            Text(f"目前有指数的客户少于 {least} 位，均值不予给出", f"Fewer than {least} customers have an index now: withheld"),
            "withheld",
        )  # fmt: skip
    elif not any(name in now for name in ATTITUDES if name != "satisfaction"):
        yield Note(
            Text(
                "没有问到信任与继续意愿，态度只看满意",
                "Neither trust nor going on was asked for: attitude is satisfaction",
            ),
        )
    if now and not result.has("matrix"):
        renewals = Text(
            "疑似自动续费，续费不是忠诚，不作态度与复购的对照",
            "Purchases look like automatic renewals, which are no loyalty: no matrix",
        )
        nothing = Text("没有购买记录，不作态度与复购的对照", "Without purchases there is no matrix")
        yield Note(renewals, "info") if inputs.has("purchases") else Note(nothing, "missing")


def _figures(tables: Sequence[Table]) -> tuple[Figure, ...]:
    figures = [
        Figure("trend", "line", Text("忠诚度指数（各季度末）", "Loyalty index at quarter ends"), "trend", "day",
               ("index",), low="low", high="high"),
        Figure("components", "bar", Text("各分项的百分位均值", "Mean percentile of the components"), "components",
               "component", ("now",)),
    ]  # fmt: skip
    if any(table.id == "matrix" for table in tables):
        figures.append(
            Figure("matrix", "bar", Text("态度与复购", "Attitude and repeat purchase"), "matrix", "quadrant", ("customers",))
        )  # fmt: skip
    return tuple(figures)


ANALYSIS = Analysis(
    name="loyalty",
    title=Text("忠诚度", "Loyalty"),
    question=Text(
        "客户的态度与行为有多忠诚，与基准期相比有没有变化？",
        "How loyal are customers in attitude and deed, and has it changed since the baseline?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "contacts", "purchases", "window_facts"),
    needs=("feedback",),
    uses=("business_kind",),
    order=70,
)
