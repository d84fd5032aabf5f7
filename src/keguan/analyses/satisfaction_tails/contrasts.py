"""How the least satisfied differ from the most satisfied: traits, spend, habits, corrected together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keguan.analyses.satisfaction_tails.columns import TRAIT_COLUMNS, spend_columns
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.evidence.statistics.against_rest import Share, share_difference
from keguan.evidence.statistics.benjamini_hochberg import benjamini_hochberg
from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.evidence.statistics.bootstrap_means import difference_of_means
from keguan.result import Table

TRAITS = ("channel", "region", "province", "member_level", "kind", "complained")


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


def contrast_tables(
    inputs: Inputs, placed: str, bound: Mapping[str, Any], drawn: Mapping[str, Mapping[str, Any]]
) -> Sequence[Table]:
    """Traits, spend and habits of the least satisfied against the most satisfied, corrected together."""
    traits, spent = traits_sql(placed), spend_sql(placed)
    sizes = {tail: int(row["customers"]) for tail, row in drawn.items()}
    rows = _trait_rows(inputs.query(traits, **bound).to_pylist(), sizes, inputs.settings.min_n)
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


def _trait_rows(
    counted: Sequence[Mapping[str, Any]], sizes: Mapping[str, int], min_n: int
) -> list[dict[str, Any]]:
    """Shares among those whose trait is known; `sizes`: both tails. Tested where at least five have the value and
    five have not."""
    rows: list[dict[str, Any]] = []
    for row in counted:
        of_trait = [r for r in counted if r["trait"] == row["trait"]]
        known = {t: sizes[t] if row["trait"] == "complained" else sum(r[t] for r in of_trait) for t in sizes}
        base = {"trait": row["trait"], "value": row["value"], "most_n": row["most"], "least_n": row["least"],
                "most": row["most"] / known["most"] if known["most"] >= max(min_n, 1) else None,
                "least": row["least"] / known["least"] if known["least"] >= max(min_n, 1) else None, "p": None}  # fmt: skip
        if (
            min(known.values()) >= max(min_n, 1)
            and 5 <= row["most"] + row["least"] <= sum(known.values()) - 5
        ):
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
