"""What the customers of a segment have more of than all others: kinds of complaints, unsolved complaints, dissatisfaction,
price sensitivity, themes of feedback.

Kinds of complaints are shares of those who complained, so that who orders more is not found for complaining more. All
comparisons of a segmentation are corrected together (Benjamini-Hochberg); themes are those of the analysis `needs`,
corrected there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.rows_against_rest import judge
from keguan.evidence.statistics.two_proportions import two_proportions
from keguan.evidence.statistics.wilson import wilson
from keguan.marts.answers import OVERALL_WORDS, answers_sql
from keguan.marts.tickets import tickets_sql
from keguan.result import Column, Result, Table
from keguan.schema.scales import SCALES

TOPICS = 8  # kinds of complaints that are compared, the commonest
EVERY = "*"
JUDGED_LINES = 3  # lines with a known discount from which the tag of price sensitivity is given
SEGMENTATION = Column(
    "segment_method", Text("分群方法", "Segmentation"), "label", role="key", vocabulary="segmentation"
)
SEGMENT = Column("segment", Text("分群", "Segment"), "label", role="key", vocabulary="segment_label")
COLUMNS = (
    SEGMENTATION, SEGMENT,
    Column("pain", Text("痛点", "Pain"), "label", role="key", vocabulary="pain"),
    Column("value", Text("内容", "What"), "label", role="key", vocabulary="pain_value"),
    Column("n", Text("基数", "Base"), "count",
           note=Text("投诉类为投诉过的客户，不满意为受访者，价格为可判断的客户，主题为反馈文本",
                     "complaints: customers who complained; dissatisfaction: respondents; price: customers with evidence; "
                     "themes: texts")),
    Column("hits", Text("其中", "Of them"), "count"),
    Column("share", Text("占比", "Share"), "share"),
    Column("low", Text("区间下限", "Low"), "share", role="low"),
    Column("high", Text("区间上限", "High"), "share", role="high"),
    Column("rest", Text("其余客户的占比", "Share of the others"), "share"),
    Column("q", Text("校正后 p", "Corrected p"), "number", 4),
    Column("verdict", Text("结论", "Verdict"), "label", vocabulary="pain_verdict"),
)  # fmt: skip
NEGATIVE = " OR ".join(f"(scale = '{name}' AND score <= {scale.negative})" for name, scale in SCALES.items())


def trials_sql(*, states_known: bool, tagged: str) -> str:
    """CTE `trials`: account_no, pain, value, hit (0 or 1); one row a customer, pain and value. Dissatisfied is who gave a
    negative answer on the last day of answering: several answers of one moment have no order.

    `tagged`: the view of behaviour tags. Parameter $since.
    """
    # The tag names who is price sensitive; who was judged and is not has no tag, so that the base is counted here.
    price = f"""
  UNION ALL
  SELECT j.account_no, 'price' AS pain, '{EVERY}' AS value,
         CASE WHEN contains(concat('·', g.label, '·'), '·价格敏感·') THEN 1 ELSE 0 END AS hit
  FROM (SELECT account_no FROM order_lines
        WHERE movement = 'purchase' AND line_kind = 'product' AND account_no IS NOT NULL AND discount IS NOT NULL
          AND day >= $since
        GROUP BY account_no HAVING count(*) >= {JUDGED_LINES}) j
  LEFT JOIN {tagged} g ON g.account_no = j.account_no"""
    return f"""{tickets_sql(["complaint"], states_known=states_known)}, complained AS (
  SELECT account_no, topic, max(CASE WHEN state IN ('open', 'unsolved') THEN 1 ELSE 0 END) AS waiting
  FROM tickets WHERE account_no IS NOT NULL GROUP BY account_no, topic
), common AS (
  SELECT topic FROM (
    SELECT topic, row_number() OVER (ORDER BY count(*) DESC, topic) AS place
    FROM complained WHERE topic <> '待核实' GROUP BY topic) ranked
  WHERE place <= {TOPICS}
), complainants AS (
  SELECT account_no, max(waiting) AS waiting FROM complained GROUP BY account_no
), {answers_sql(OVERALL_WORDS)}, scored_days AS (
  SELECT account_no, day, max(CASE WHEN {NEGATIVE} THEN 1 ELSE 0 END) AS negative
  FROM answers WHERE account_no IS NOT NULL AND overall = 1 GROUP BY account_no, day
), rated AS (
  SELECT account_no, negative, row_number() OVER (PARTITION BY account_no ORDER BY day DESC) AS place FROM scored_days
), trials AS (
  SELECT c.account_no, 'complaint' AS pain, t.topic AS value, CASE WHEN d.account_no IS NULL THEN 0 ELSE 1 END AS hit
  FROM complainants c CROSS JOIN common t
  LEFT JOIN complained d ON d.account_no = c.account_no AND d.topic = t.topic
  UNION ALL
  SELECT account_no, 'unsolved' AS pain, '{EVERY}' AS value, waiting AS hit FROM complainants
  UNION ALL
  SELECT account_no, 'dissatisfied' AS pain, '{EVERY}' AS value, negative AS hit FROM rated WHERE place = 1{price}
)"""


def counts_sql(trials: str, segments: Mapping[str, str]) -> str:
    """Base and hits of each pain in each segment. `segments`: segmentation -> its view."""
    segmented = " UNION ALL ".join(
        f"SELECT '{name}' AS segment_method, account_no, label FROM {view}" for name, view in segments.items()
    )
    return f"""
WITH {trials}, segmented AS ({segmented})
SELECT s.segment_method, s.label AS segment, t.pain, t.value, count(*) AS n, CAST(sum(t.hit) AS BIGINT) AS hits
FROM trials t JOIN segmented s ON s.account_no = t.account_no
GROUP BY s.segment_method, s.label, t.pain, t.value
ORDER BY s.segment_method, s.label, t.pain, t.value
"""


def judged(counts: Sequence[dict[str, Any]], min_n: int) -> list[dict[str, Any]]:
    """The counts of one segmentation with share, interval, the share of the others, q and verdict."""
    rows: list[dict[str, Any]] = [{**row, "verdict": "untested"} for row in counts]
    whole: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        hits, n = whole.get((row["pain"], row["value"]), (0, 0))
        whole[row["pain"], row["value"]] = (hits + row["hits"], n + row["n"])
    tested = []
    for row in rows:
        hits, n = whole[row["pain"], row["value"]]
        others, rest = hits - row["hits"], n - row["n"]
        ends = wilson(row["hits"], row["n"]) if row["n"] >= min_n else None
        if ends:
            row |= {"share": row["hits"] / row["n"], "low": ends.low, "high": ends.high}
        if ends and rest >= min_n:
            row["rest"] = others / rest
            tested.append((row, two_proportions(row["hits"], row["n"], others, rest)))
    judge(tested)
    return rows


def theme_rows(needs: Result) -> list[dict[str, Any]]:
    """Themes of the RFM classes as the analysis of needs has them: corrected there."""
    if not needs.has("theme_by_segment"):
        return []
    rows = []
    for row in needs.table("theme_by_segment"):
        if row["dimension"] != "segment" or row["share"] is None or row["q"] is None:
            continue
        side = "above" if row["difference"] > 0 else "below"
        rows.append({
            "segment_method": "rfm", "segment": row["value"], "pain": "theme", "value": row["theme"], "n": row["n"],
            "hits": row["texts"], "share": row["share"], "low": row["low"], "high": row["high"],
            "rest": row["rest_share"], "q": row["q"], "verdict": side if row["q"] <= 0.05 else "plain",
        })  # fmt: skip
    return rows


def worst(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The pain that weighs most: of those proven to lie above the others, the one with most people beyond their share;
    price sensitivity only where there is no other."""
    above = [row for row in rows if row["verdict"] == "above"]
    grave = [row for row in above if row["pain"] != "price"] or above
    return max(
        grave,
        key=lambda row: ((row["share"] - row["rest"]) * row["n"], row["pain"], row["value"]),
        default=None,
    )


def table(inputs: Inputs, rows: Sequence[dict[str, Any]], sql: str, since: Any) -> Table:
    """All comparisons."""
    return inputs.computed(
        "pains", Text("各分群与其余客户相比的痛点", "Pains of each segment against the others"), COLUMNS,
        ("segment_method", "segment", "pain", "value"), rows, method="matching.pains", sql=sql, since=since,
        note=Text("同一分群方法的比较一起校正（Benjamini-Hochberg）；查询为第一个分群方法的，其余只换分群",
                  "comparisons of one segmentation are corrected together (Benjamini-Hochberg); the query is that of the first "
                  "segmentation, the others differ in the segments alone"),
    )  # fmt: skip
