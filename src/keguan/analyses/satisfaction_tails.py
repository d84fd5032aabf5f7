"""Who are the most and the least satisfied fifth of respondents, and how do they differ?

Method: each respondent's mean on one scale is shrunk to the mean of all by the number of answers (credibility, one-way
random effects), so that one lucky answer makes nobody happiest. A tail takes ties in; its real share is printed, and
one of over 35 % is withheld. The two tails are compared by traits (Newcombe) and by spend (customer bootstrap), all
corrected together (Benjamini-Hochberg).

Source: Bühlmann (1967); Newcombe (1998); Efron and Tibshirani (1993); Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.analysis import Analysis, Inputs, param
from keguan.core.period import window_start
from keguan.core.text import Text
from keguan.evidence.statistics.against_rest import FALSE_DISCOVERY, Share, share_difference
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.evidence.statistics.bootstrap_means import difference_of_means
from keguan.evidence.statistics.corrected import corrected
from keguan.evidence.statistics.shrinkage import Answers, Shrinkage, shrinkage
from keguan.marts.answers import answers_sql
from keguan.marts.satisfaction_tails import scopes_sql, sums_sql, tails_sql
from keguan.result import Cell, Claim, Column, Figure, Note, Relation, Result, Table, Test

WIDEST = 0.35  # a 'fifth' larger than this is no tail
SCALES = ("csat5", "nps", "ces7", "binary")
BASE = Text("有客户编号的受访者", "respondents with a customer id")


@dataclass(frozen=True)
class Params:
    """How wide a tail is, and over which months."""

    window_months: int = param(12, "统计窗口(月)", "window, months")
    tail: float = param(0.2, "两端各占多少", "share of each tail")
    overall_words: str = param(
        "总体,整体,总的,推荐,容易解决,overall,recommend,easy",
        "题目含这些词之一时算总体评价（逗号分隔）",
        "words that mark a question about the whole, comma-separated",
    )
    top: int = param(12, "列出几个商品和地区", "products and regions listed")


TEXT: Mapping[str, Text] = {
    "tails": Text(
        "最满意的受访者 {most} 位（占 {most_share}），得分均值 {most_mean}；最不满意的 {least} 位（占 {least_share}），"
        "得分均值 {least_mean}（{measure}所用量表，按回答次数向总体均值收缩；n={n}，{base}）。",
        "The most satisfied respondents are {most} ({most_share}) with a mean score of {most_mean}, the least satisfied "
        "{least} ({least_share}) with {least_mean} (scale of {measure}, shrunk by the number of answers; n={n}, {base}).",
    ),
    "trait_more": Text(
        "{trait}「{value}」在最不满意的受访者中占 {least}，显著高于最满意者中的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{least} of the least satisfied respondents have {trait} '{value}', significantly higher than the {most} of the "
        "most satisfied, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "trait_less": Text(
        "{trait}「{value}」在最不满意的受访者中占 {least}，显著低于最满意者中的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{least} of the least satisfied respondents have {trait} '{value}', significantly lower than the {most} of the "
        "most satisfied, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "complained_more": Text(
        "最不满意的受访者中 {least} 在窗口内投诉过，显著高于最满意者中的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{least} of the least satisfied respondents complained in the window, significantly higher than the {most} of the "
        "most satisfied, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "complained_less": Text(
        "最不满意的受访者中 {least} 在窗口内投诉过，显著低于最满意者中的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "{least} of the least satisfied respondents complained in the window, significantly lower than the {most} of the "
        "most satisfied, a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "spend_less": Text(
        "最不满意的受访者{trait}为 {least}，显著低于最满意者的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The least satisfied respondents have {least} {trait}, significantly lower than the {most} of the most satisfied, a "
        "difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "spend_more": Text(
        "最不满意的受访者{trait}为 {least}，显著高于最满意者的 {most}，相差 {difference}"
        "（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "The least satisfied respondents have {least} {trait}, significantly higher than the {most} of the most satisfied, "
        "a difference of {difference} (95% interval {low} to {high}; n={n}, {base}).",
    ),
    "alike": Text(
        "最满意与最不满意的受访者在比较过的 {compared} 项上无显著差异（n={n}，{base}）。",
        "The most and the least satisfied respondents show no significant difference in the {compared} traits compared "
        "(n={n}, {base}).",
    ),
}  # fmt: skip

Q = Column("q", Text("q 值", "q"), "number", 4,
           note=Text("Benjamini-Hochberg 校正后的 p", "p corrected by Benjamini-Hochberg"))  # fmt: skip
TAIL_COLUMNS = (
    Column("scope", Text("范围", "Scope"), "label", role="key", vocabulary="tail_scope"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="unknown"),
    Column("tail", Text("哪一端", "Tail"), "label", role="key", vocabulary="satisfaction_tail"),
    Column("respondents", Text("受访者", "Respondents"), "count"),
    Column("customers", Text("该端人数", "In the tail"), "count"),
    Column("share", Text("实占", "Real share"), "share",
           note=Text("得分相同的都算在内；超过 35% 的一端不给出均值", "ties are in; the mean of a tail over 35% is withheld")),
    Column("mean", Text("得分均值", "Mean score"), "number", 2,
           note=Text("每人的均值按回答次数向总体均值收缩", "means of persons shrunk by the number of answers")),
)  # fmt: skip
TRAIT_COLUMNS = (
    Column("trait", Text("特征", "Trait"), "label", role="key", vocabulary="tail_trait"),
    Column("value", Text("取值", "Value"), "label", role="key", vocabulary="tail_value"),
    Column("most_n", Text("最满意人数", "Most satisfied with it"), "count"),
    Column("most", Text("占最满意者", "Of the most satisfied"), "share",
           note=Text("只算该特征已知的受访者", "of those whose trait is known")),
    Column("least_n", Text("最不满意人数", "Least satisfied with it"), "count"),
    Column("least", Text("占最不满意者", "Of the least satisfied"), "share"),
    Column("difference", Text("相差", "Difference"), "points",
           note=Text("最不满意减最满意，Newcombe 95% 区间", "least minus most, Newcombe 95% interval")),
    Column("low", Text("区间下限", "Interval from"), "points", role="low"),
    Column("high", Text("区间上限", "Interval to"), "points", role="high"),
    Q,
)  # fmt: skip
SPEND_NOTE = Text("以客户为单位的自助法 95% 区间", "customer bootstrap, 95%")


def spend_columns(unit: Any) -> tuple[Column, ...]:
    """Means of both tails in money or times."""
    return (
        Column("trait", Text("特征", "Trait"), "label", role="key", vocabulary="tail_trait"),
        Column("most", Text("最满意者均值", "Mean of the most satisfied"), unit, 2),
        Column("least", Text("最不满意者均值", "Mean of the least satisfied"), unit, 2),
        Column("difference", Text("相差", "Difference"), unit, 2),
        Column("low", Text("区间下限", "Interval from"), unit, 2, role="low", note=SPEND_NOTE),
        Column("high", Text("区间上限", "Interval to"), unit, 2, role="high"),
        Q,
    )


FACT_COLUMNS = (
    Column("scale", Text("指标", "Measure"), "label", role="key", vocabulary="answer_measure"),
    Column("kind", Text("类别", "Kind"), "label", vocabulary="feedback_kind"),
    Column("respondents", Text("受访者", "Respondents"), "count"),
    Column("answers", Text("回答数", "Answers"), "count"),
    Column("mean", Text("总体均值", "Mean of all"), "number", 2),
    Column("weight", Text("收缩权重(次)", "Weight of the mean, answers"), "number", 2,
           note=Text("个人内方差 / 个人间方差", "variance within persons / between them")),
    Column("compared", Text("比较的项数", "Traits compared"), "count"),
)  # fmt: skip

TRAITS = ("channel", "region", "province", "member_level", "kind", "complained")


def measured_sql(answers: str) -> str:
    """Respondents with a customer id by scale."""
    return f"""
WITH {answers}
SELECT kind, scale, count(DISTINCT account_no) AS customers
FROM answers WHERE overall = 1 AND account_no IS NOT NULL GROUP BY kind, scale ORDER BY kind, scale
"""


def traits_sql(tails: str) -> str:
    """How many of each tail have a trait, by trait and value."""
    parts = "\n  UNION ALL\n".join(
        f"  SELECT '{name}' AS trait, {name} AS value, most, least FROM joined" for name in TRAITS
    )
    return f"""
WITH {tails}, complainers AS (
  SELECT account_no FROM feedback
  WHERE kind = 'complaint' AND account_no IS NOT NULL AND day >= $since GROUP BY account_no
), persons_known AS (
  SELECT account_no, max(province) AS province, max(member_level) AS member_level, max(kind) AS kind
  FROM customers WHERE account_no IS NOT NULL GROUP BY account_no
), joined AS (
  SELECT t.most, t.least, f.first_channel AS channel, f.first_region AS region, c.province, c.member_level, c.kind,
         CASE WHEN x.account_no IS NULL THEN NULL ELSE 'yes' END AS complained
  FROM tails t
  LEFT JOIN customer_facts f ON f.account_no = t.account_no
  LEFT JOIN persons_known c ON c.account_no = t.account_no
  LEFT JOIN complainers x ON x.account_no = t.account_no
  WHERE t.most = 1 OR t.least = 1
), long AS (
{parts}
)
SELECT trait, value, CAST(sum(most) AS BIGINT) AS most, CAST(sum(least) AS BIGINT) AS least
FROM long WHERE value IS NOT NULL AND value <> '待核实' AND value <> ''
GROUP BY trait, value ORDER BY trait, value
"""


def spend_sql(tails: str) -> str:
    """Money and purchases of each tail by random group of customers; parameters $from_day."""
    return f"""
WITH {tails}, joined AS (
  SELECT t.most, t.least, {BUCKET.replace("account_no", "t.account_no")} AS bucket,
         coalesce(CAST(w.window_net AS DOUBLE), CAST(0 AS DOUBLE)) AS spend, coalesce(w.window_purchases, 0) AS purchases
  FROM tails t LEFT JOIN window_facts w ON w.account_no = t.account_no
  WHERE t.most = 1 OR t.least = 1
)
SELECT bucket, most, least, count(*) AS customers, CAST(sum(spend) AS DECIMAL(18, 2)) AS spend,
       CAST(sum(purchases) AS BIGINT) AS purchases
FROM joined GROUP BY bucket, most, least ORDER BY bucket, most, least
"""


def run(inputs: Inputs, params: Params) -> Result:
    """Tables: facts, tails, traits, spend, habits; relation satisfaction_tails."""
    answers = answers_sql(params.overall_words.split(","))
    since = window_start(inputs.as_of, params.window_months)
    found = inputs.query(measured_sql(answers), since=since).to_pylist()
    if not found:
        missing = Text("没有带客户编号的评分", "There are no scored answers with a customer id")
        return Result("satisfaction_tails", notes=(Note(missing, "missing"),))
    best = min(found, key=lambda r: (r["kind"] != "survey", -r["customers"], SCALES.index(r["scale"])))
    bound: dict[str, Any] = {"since": since, "kind": best["kind"], "scale": best["scale"]}
    sums = inputs.query(sums_sql(answers), **bound).to_pylist()[0]
    weight = shrinkage(Answers(**{name: sums[name] for name in Answers.__slots__}))
    if sums["persons"] < inputs.settings.min_n or weight is None:
        return _withheld(inputs, sums, weight)
    return _whole(inputs, params, answers, bound, sums, weight)


def _withheld(inputs: Inputs, sums: Mapping[str, Any], weight: Shrinkage | None) -> Result:
    least = inputs.settings.min_n
    few = Text(f"有客户编号的受访者 {sums['persons']} 位，少于 {least} 位，不分两端",
               f"{sums['persons']} respondents with a customer id, fewer than {least}: no tails")  # fmt: skip
    alike = Text(
        "受访者之间的差别不超过各人自己各次回答的差别，分不出最满意与最不满意",
        "Respondents differ no more than their own answers do: nobody can be called most or least satisfied",
    )  # fmt: skip
    return Result("satisfaction_tails", notes=(Note(few if sums["persons"] < least else alike, "withheld"),))


def _whole(
    inputs: Inputs,
    params: Params,
    answers: str,
    bound: Mapping[str, Any],
    sums: Mapping[str, Any],
    weight: Shrinkage,
) -> Result:
    mean, k = round(weight.mean, 6), round(weight.k, 6)
    shrunk = f"(total + CAST('{k}' AS DOUBLE) * CAST('{mean}' AS DOUBLE)) / (answers + CAST('{k}' AS DOUBLE))"
    sided = {**bound, "tail": params.tail}
    placed = tails_sql(answers, shrunk)
    tails = _tail_table(inputs, scopes_sql(answers, shrunk), {**sided, "top": params.top})
    drawn = _drawn(tails)
    tables: list[Table] = [tails]
    compared = 0
    if drawn and min(row["customers"] for row in drawn.values()) >= inputs.settings.min_n:
        made = _contrasts(inputs, placed, sided, drawn)
        compared = sum(row["q"] is not None for table in made for row in table)
        tables += [replace(table, appendix=table.id == "traits") for table in made]
    facts = inputs.computed(
        "facts", Text("如何分出两端", "How the tails were found"), FACT_COLUMNS, ("scale",),
        [{"scale": bound["scale"], "kind": bound["kind"], "respondents": sums["persons"], "answers": sums["answers"],
          "mean": mean, "weight": k, "compared": compared}],
        method="evidence.statistics.shrinkage", sql=sums_sql(answers), **bound,
    )  # fmt: skip
    result = Result("satisfaction_tails", (replace(facts, appendix=True), *tables), _figures(tails, drawn))
    label = "CASE WHEN most = 1 THEN 'most' WHEN least = 1 THEN 'least' ELSE 'middle' END"
    relation = Relation(
        "satisfaction_tails", Text("受访者的满意程度", "Satisfaction of respondents"),
        f"WITH {placed}\nSELECT account_no, {label} AS label, CAST(NULL AS VARCHAR) AS score FROM tails", sided,
        vocabulary="satisfaction_tail",
    )  # fmt: skip
    return replace(
        result, claims=tuple(_claims(result, drawn)), relations=(relation,) if drawn else (),
        notes=tuple(_notes(inputs, tails, drawn)),
    )  # fmt: skip


def _tail_table(inputs: Inputs, sql: str, bound: Mapping[str, Any]) -> Table:
    least = inputs.settings.min_n
    rows = []
    for row in inputs.query(sql, **bound).to_pylist():
        enough = row["everybody"] >= least
        share = row["customers"] / row["everybody"]
        rows.append(
            {
                "scope": row["scope"], "value": row["value"], "tail": row["tail"], "respondents": row["everybody"],
                "customers": row["customers"] if enough else None, "share": share if enough else None,
                "mean": row["mean"] if enough and share <= WIDEST else None,
            }
        )  # fmt: skip
    return inputs.computed(
        "tails", Text("最满意与最不满意的受访者", "The most and the least satisfied respondents"), TAIL_COLUMNS,
        ("scope", "value", "tail"), rows, method="satisfaction_tails.tails", sql=sql, **bound,
    )  # fmt: skip


def _drawn(tails: Table) -> dict[str, Mapping[str, Any]]:
    """Both tails of all respondents; nothing when one of them is too wide."""
    found: dict[str, Mapping[str, Any]] = {
        row["tail"]: row for row in tails if row["scope"] == "all" and row["mean"] is not None
    }
    return found if len(found) == 2 else {}


def _contrasts(
    inputs: Inputs, placed: str, bound: Mapping[str, Any], drawn: Mapping[str, Mapping[str, Any]]
) -> Sequence[Table]:
    """Traits, spend and habits of the least satisfied against the most satisfied, corrected together."""
    traits, spent = traits_sql(placed), spend_sql(placed)
    sizes = {tail: int(row["customers"]) for tail, row in drawn.items()}
    rows = _trait_rows(inputs.query(traits, **bound).to_pylist(), sizes)
    asked = {**bound, "from_day": bound["since"]}
    means = list(_means(inputs.query(spent, **asked).to_pylist()))
    tested = [row for row in (*rows, *means) if row["p"] is not None]
    for row, q in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["q"] = q
    made = [
        inputs.computed("traits", Text("两端的特征", "Traits of both tails"), TRAIT_COLUMNS, ("trait", "value"), rows,
                        method="evidence.statistics.against_rest", sql=traits, **bound)
    ]  # fmt: skip
    for id, name, unit, title in (
        ("spend", "spend", "money", Text("两端的消费", "Spend of both tails")),
        ("habits", "purchases", "number", Text("两端的购买次数", "Purchases of both tails")),
    ):
        own = [row for row in means if row["trait"] == name]
        made.append(
            inputs.computed(id, title, spend_columns(unit), ("trait",), own,
                            method="evidence.statistics.bootstrap_means", sql=spent, **asked)
        )  # fmt: skip
    return made


def _trait_rows(counted: Sequence[Mapping[str, Any]], sizes: Mapping[str, int]) -> list[dict[str, Any]]:
    """Shares among those whose trait is known; `sizes`: both tails. Tested where at least five have the value and
    five have not."""
    rows: list[dict[str, Any]] = []
    for row in counted:
        of_trait = [r for r in counted if r["trait"] == row["trait"]]
        known = {t: sizes[t] if row["trait"] == "complained" else sum(r[t] for r in of_trait) for t in sizes}
        base = {"trait": row["trait"], "value": row["value"], "most_n": row["most"], "least_n": row["least"],
                "most": row["most"] / known["most"] if known["most"] else None,
                "least": row["least"] / known["least"] if known["least"] else None, "p": None}  # fmt: skip
        if min(known.values()) and 5 <= row["most"] + row["least"] <= sum(known.values()) - 5:
            pair = Share(int(row["least"]), known["least"]), Share(int(row["most"]), known["most"])
            difference, ends, p = share_difference(*pair)
            base |= {"difference": difference, "low": ends.low, "high": ends.high, "p": p}
        rows.append(base)
    return rows


def _means(buckets: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for name in ("spend", "purchases"):
        sums = {
            tail: [(int(r["bucket"]), int(r["customers"]), float(r[name])) for r in buckets if r[tail]]
            for tail in ("most", "least")
        }
        found = difference_of_means(sums["least"], sums["most"])
        if found is not None:
            means = {tail: sum(v for _, _, v in s) / sum(c for _, c, _ in s) for tail, s in sums.items()}
            yield {"trait": name, **means, "difference": found[0], "low": found[1].low, "high": found[1].high,
                   "p": found[2]}  # fmt: skip


def _claims(result: Result, drawn: Mapping[str, Mapping[str, Any]]) -> Iterator[Claim]:
    if not drawn:
        return
    row = result.table("facts").records()[0]
    cells = {}
    for tail in ("most", "least"):
        key = {"scope": "all", "value": "全部", "tail": tail}
        for name, column in ((tail, "customers"), (f"{tail}_share", "share"), (f"{tail}_mean", "mean")):
            cells[name] = Cell("tails", key, column)
    measure = {"measure": (row["scale"], "answer_measure")}
    yield Claim("tails", "satisfaction_tails/tails", cells, row["respondents"], BASE, labels=measure,
                topic="satisfaction_tails", summary=False)  # fmt: skip
    if not result.has("traits"):
        return
    both = sum(int(tail["customers"]) for tail in drawn.values())
    found = [*_trait_claims(result, both), *_mean_claims(result, both)]
    if not found and row["compared"]:
        yield Claim("alike", "satisfaction_tails/alike", {"compared": Cell("facts", {"scale": row["scale"]}, "compared")},
                    both, BASE, strength="tested",
                    test=Test("Newcombe, bootstrap", False, None, None, None, "Benjamini-Hochberg"), summary=False,
                    topic="satisfaction_tails")  # fmt: skip
    yield from found


def _trait_claims(result: Result, both: int) -> Iterator[Claim]:
    sure = [r for r in result.table("traits") if r["q"] is not None and r["q"] <= FALSE_DISCOVERY
            and not r["low"] <= 0 <= r["high"]]  # fmt: skip
    for row in sorted(sure, key=lambda r: (-abs(r["difference"]), r["trait"], r["value"]))[:4]:
        key = {"trait": row["trait"], "value": row["value"]}
        names = ("least", "most", "difference", "low", "high")
        yield Claim(
            f"{'complained' if row['trait'] == 'complained' else 'trait'}_{'more' if row['difference'] > 0 else 'less'}",
            f"satisfaction_tails/trait/{row['trait']}/{row['value']}",
            {name: Cell("traits", key, name) for name in names}, both, BASE, strength="tested",
            test=Test("Newcombe", True, None, row["low"], row["high"], corrected(row["q"])),
            labels={"trait": (row["trait"], "tail_trait"), "value": (row["value"], "tail_value")}, topic="tail_traits",
            certainty=0.8,
        )  # fmt: skip


def _mean_claims(result: Result, both: int) -> Iterator[Claim]:
    for table in ("spend", "habits"):
        for row in result.table(table):
            if row["q"] <= FALSE_DISCOVERY and not row["low"] <= 0 <= row["high"]:
                key = {"trait": row["trait"]}
                names = ("least", "most", "difference", "low", "high")
                yield Claim(
                    "spend_more" if row["difference"] > 0 else "spend_less", f"satisfaction_tails/{table}",
                    {name: Cell(table, key, name) for name in names}, both, BASE, strength="tested",
                    test=Test("customer bootstrap", True, None, float(row["low"]), float(row["high"]),
                              corrected(row["q"])),
                    labels={"trait": (row["trait"], "tail_trait")}, topic="tail_spend", certainty=0.8,
                )  # fmt: skip


def _notes(inputs: Inputs, tails: Table, drawn: Mapping[str, Mapping[str, Any]]) -> Iterator[Note]:
    least = inputs.settings.min_n
    wide = [row for row in tails if row["share"] is not None and row["share"] > WIDEST]
    if wide:
        yield Note(
            Text(f"{len(wide)} 端因得分相同者太多，实占超过 35%，不给出均值与比较",
                 f"In {len(wide)} tails ties make the real share exceed 35%: mean and comparison are withheld"),
            "withheld",
        )  # fmt: skip
    if any(row["share"] is None for row in tails):
        yield Note(
            Text(f"受访者少于 {least} 位的商品与地区不分两端",
                 f"Products and regions with fewer than {least} respondents have no tails"),
            "withheld",
        )  # fmt: skip
    if drawn and min(row["customers"] for row in drawn.values()) < least:
        yield Note(
            Text(f"一端不足 {least} 位，不比较两端", f"A tail has fewer than {least} respondents: they are not compared"),
            "withheld",
        )  # fmt: skip


def _figures(tails: Table, drawn: Mapping[str, Mapping[str, Any]]) -> tuple[Figure, ...]:
    if not drawn:
        return ()
    return (
        Figure("tails", "bar", Text("两端的得分均值", "Mean score of both tails"), "tails", "tail", ("mean",),
               where={"scope": "all"}),
    )  # fmt: skip


ANALYSIS = Analysis(
    name="satisfaction_tails",
    title=Text("最满意与最不满意的受访者", "The most and the least satisfied"),
    question=Text(
        "最满意与最不满意的 20% 受访者是谁，有什么不同？",
        "Who are the most and the least satisfied 20% of respondents, and how do they differ?",
    ),
    section="service",
    params=Params,
    run=run,
    text=TEXT,
    reads=("feedback", "purchases", "customer_facts", "customers"),
    needs=("feedback",),
    order=20,
)
