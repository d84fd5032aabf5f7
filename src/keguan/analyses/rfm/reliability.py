"""How sure the classes are: sides by every method, agreement, customers near a cut, stability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from keguan.analyses.rfm.classes import ABSOLUTE, EIGHT, FACTS
from keguan.analyses.rfm.cuts import DIMENSIONS, RANKED, Cut, placed
from keguan.analyses.rfm.params import Params
from keguan.analysis import Inputs
from keguan.core.text import Text
from keguan.engine.arrays import records
from keguan.evidence.statistics.bootstrap import BUCKET, BUCKETS, resample_weights
from keguan.result import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

UNITS = {"R": "days", "F": "count", "M": "money"}

ONE_SIDED = 0.05

NEAR = 0.05

RESAMPLES = 20

BINS = 400

# Which row of the absolute table a class stands for, where the two are compared.
COUNTERPART = """
CASE label
  WHEN '重要价值' THEN '高价值' WHEN '重要保持' THEN '高价值'
  WHEN '重要发展' THEN '潜力' WHEN '一般价值' THEN '潜力'
  WHEN '一般发展' THEN '新客户' ELSE '流失风险'
END"""

# Values in at most 400 bins of equal numbers of customers, by random group: what resampled cuts are made of.
BINS_SQL = f"""{RANKED}, long AS (
  SELECT account_no, 'R' AS dimension, CAST(r AS DOUBLE) AS value FROM active
  UNION ALL SELECT account_no, 'F' AS dimension, CAST(f AS DOUBLE) AS value FROM active
  UNION ALL SELECT account_no, 'M' AS dimension, CAST(m AS DOUBLE) AS value FROM active
), binned AS (
  SELECT dimension, value,
         CAST(floor(CAST((upto - customers) * $bins AS DOUBLE) / total) AS BIGINT) AS bin
  FROM ranked
)
SELECT l.dimension, b.bin, {BUCKET.replace("account_no", "l.account_no")} AS bucket,
       min(l.value) AS value, sum(l.value) AS total, count(*) AS customers
FROM long l
JOIN binned b ON b.dimension = l.dimension AND b.value = l.value
GROUP BY l.dimension, b.bin, {BUCKET.replace("account_no", "l.account_no")}
"""


def sides_sql(cuts: Sequence[tuple[str, Mapping[str, Cut]]]) -> str:
    """For each named set of cuts: who is high, and whose side or class is as with the cuts used."""
    rows = ", ".join(
        f"('{name}', CAST({float(c['R'].value)!r} AS DOUBLE), CAST({float(c['F'].value)!r} AS DOUBLE), "
        f"CAST({float(c['M'].value)!r} AS DOUBLE))"
        for name, c in cuts
    )
    return f"""
WITH {FACTS}, cuts AS (
  SELECT * FROM (VALUES {rows}) AS t(name, cut_r, cut_f, cut_m)
), sides AS (
  SELECT c.name,
         CASE WHEN x.r <= c.cut_r THEN 1 ELSE 0 END AS high_r,
         CASE WHEN x.f >= c.cut_f THEN 1 ELSE 0 END AS high_f,
         CASE WHEN x.m >= c.cut_m THEN 1 ELSE 0 END AS high_m,
         CASE WHEN x.r <= $cut_r THEN 1 ELSE 0 END AS used_r,
         CASE WHEN x.f >= $cut_f THEN 1 ELSE 0 END AS used_f,
         CASE WHEN x.m >= $cut_m THEN 1 ELSE 0 END AS used_m
  FROM facts x CROSS JOIN cuts c
  WHERE x.f > 0
)
SELECT name, count(*) AS customers,
       sum(high_r) AS high_r, sum(high_f) AS high_f, sum(high_m) AS high_m,
       sum(CASE WHEN high_r = used_r THEN 1 ELSE 0 END) AS same_r,
       sum(CASE WHEN high_f = used_f THEN 1 ELSE 0 END) AS same_f,
       sum(CASE WHEN high_m = used_m THEN 1 ELSE 0 END) AS same_m,
       sum(CASE WHEN high_r = used_r AND high_f = used_f AND high_m = used_m THEN 1 ELSE 0 END) AS same
FROM sides GROUP BY name ORDER BY name
"""


AGREEMENT_SQL = f"""
WITH {FACTS}, labelled AS (
  SELECT {EIGHT} AS label, {ABSOLUTE} AS absolute FROM facts WHERE f > 0
)
SELECT count(*) AS customers,
       sum(CASE WHEN {COUNTERPART} = absolute THEN 1 ELSE 0 END) AS same
FROM labelled
WHERE absolute <> '未匹配'
"""

BORDER_SQL = f"""
WITH {FACTS}, near AS (
  SELECT CASE WHEN abs(r - $cut_r) <= $near * abs($cut_r) THEN 1 ELSE 0 END AS r,
         CASE WHEN abs(f - $cut_f) <= $near * abs($cut_f) THEN 1 ELSE 0 END AS f,
         CASE WHEN abs(m - $cut_m) <= $near * abs($cut_m) THEN 1 ELSE 0 END AS m
  FROM facts WHERE f > 0
)
SELECT count(*) AS customers, sum(r) AS r, sum(f) AS f, sum(m) AS m, sum(greatest(r, f, m)) AS rfm
FROM near
"""

DIMENSION = Column("dimension", Text("维度", "Dimension"), "text", role="key")

CUT_COLUMNS = (
    DIMENSION,
    Column("method", Text("分界方法", "Method"), "label", role="key", vocabulary="rfm_method"),
    Column(
        "cut", Text("分界", "Cut"), "number", unit_column="unit",
        note=Text(
            "等于分界算高；R 为距最近购买的天数，不超过分界算高",
            "a value equal to the cut is high; R is days since the last purchase, at most the cut is high",
        ),
    ),
    Column("unit", Text("单位", "Unit"), "text"),
    Column("used", Text("采用", "Used"), "text"),
    Column(
        "moved", Text("已移动", "Moved"), "text",
        note=Text("原分界会使所有客户同侧，移至下一个取值", "the cut would have put everybody on one side"),
    ),
    Column("high_share", Text("高侧占比", "Share high"), "share"),
    Column(
        "warning", Text("一侧过小", "One-sided"), "text",
        note=Text("一侧不足 5%", "a side under 5%"),
    ),
)  # fmt: skip

AGREEMENT_COLUMNS = (
    Column("method", Text("采用的方法", "Method used"), "label", role="key", vocabulary="rfm_method"),
    Column("other", Text("对照", "Compared with"), "label", role="key", vocabulary="rfm_method"),
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("same", Text("分类一致", "Same class"), "count"),
    Column("agreement", Text("一致率", "Agreement"), "share"),
)

BORDER_COLUMNS = (
    DIMENSION,
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("near", Text("距分界 5% 以内", "Within 5% of the cut"), "count"),
    Column("share", Text("占比", "Share"), "share"),
)

STABILITY_COLUMNS = (
    DIMENSION,
    Column("customers", Text("客户数量", "Customers"), "count"),
    Column("kept", Text("平均保持同侧", "Keep their side, mean"), "share"),
    Column("lowest", Text("最低一次", "Lowest resample"), "share"),
)


def cut_table(
    inputs: Inputs,
    cuts: Mapping[str, Mapping[str, Cut]],
    method: str,
    sides: Mapping[str, Mapping[str, Any]],
    sql: str,
    bound: Mapping[str, Any],
) -> Table:
    rows = []
    for name in DIMENSIONS:
        for by in cuts:
            n, high = int(sides[by]["customers"]), int(sides[by][f"high_{name.lower()}"])
            share = high / n if n >= inputs.settings.min_n else None
            rows.append(
                {
                    "dimension": name,
                    "method": by,
                    "cut": cuts[by][name].value,
                    "unit": UNITS[name],
                    "used": by == method,
                    "moved": cuts[by][name].moved,
                    "high_share": share,
                    "warning": share is not None and not ONE_SIDED <= share <= 1 - ONE_SIDED,
                }
            )
    return inputs.computed(
        "cuts", Text("R、F、M 的分界", "Cuts of R, F and M"), CUT_COLUMNS, ("dimension", "method"), rows,
        method="rfm.placed", sql=sql, **bound,
    )  # fmt: skip


def agreement_table(
    inputs: Inputs,
    method: str,
    sides: Mapping[str, Mapping[str, Any]],
    sql: str,
    bound: Mapping[str, Any],
) -> Table:
    found = [
        (other, int(row["customers"]), int(row["same"])) for other, row in sides.items() if other != method
    ]
    row = inputs.query(AGREEMENT_SQL, **bound).to_pylist()[0]
    found.append(("absolute", int(row["customers"]), int(row["same"] or 0)))
    min_n = inputs.settings.min_n
    return inputs.computed(
        "agreement", Text("不同方法的一致程度", "Agreement between methods"), AGREEMENT_COLUMNS,
        ("method", "other"),
        [
            {
                "method": method, "other": other, "customers": n, "same": same,
                "agreement": same / n if n >= min_n else None,
            }
            for other, n, same in found
        ],
        method="rfm.sides_sql", sql=sql,
        note=Text(
            "与绝对值标准比较时只含已匹配的客户：重要价值、重要保持对应高价值，重要发展、一般价值对应潜力，"
            "一般发展对应新客户，其余对应流失风险",
            "against the absolute table: matched customers only; Key value and Key to keep stand for High "
            "value, Key growth and Regular value for Potential, Regular growth for New, the others for At risk",
        ),
        **bound,
    )  # fmt: skip


def border_table(inputs: Inputs, bound: Mapping[str, Any]) -> Table:
    row = inputs.query(BORDER_SQL, near=NEAR, **bound).to_pylist()[0]
    n = int(row["customers"])
    return inputs.computed(
        "border", Text("接近分界的客户", "Customers near a cut"), BORDER_COLUMNS, ("dimension",),
        [
            {"dimension": name, "customers": n, "near": row[name.lower()], "share": row[name.lower()] / n}
            for name in ("R", "F", "M", "RFM")
        ],
        method="rfm.run", sql=BORDER_SQL, near=NEAR, **bound,
        note=Text("RFM 行为至少一项接近分界", "the row RFM: at least one of the three"),
    )  # fmt: skip


def stability_table(
    inputs: Inputs,
    method: str,
    bound: Mapping[str, Any],
    facts: Mapping[str, Mapping[str, Any]],
    params: Params,
) -> Table:
    """How many customers stay where they are when the cuts come from resampled customers."""
    cells = inputs.query(BINS_SQL, bins=BINS, **bound)
    resampled = [
        (f"{place:02d}", {name: placed(name, facts[name], levels[name][place]) for name in DIMENSIONS})
        for levels in [{name: _resampled(cells, name, method) for name in DIMENSIONS}]
        for place in range(RESAMPLES)
    ]
    sql = sides_sql(resampled)
    kept = inputs.query(sql, **bound).to_pylist()
    n = int(facts["R"]["customers"])
    rows = []
    for name, column in (("R", "same_r"), ("F", "same_f"), ("M", "same_m"), ("RFM", "same")):
        shares = sorted(int(row[column]) / n for row in kept)
        rows.append(
            {"dimension": name, "customers": n, "kept": sum(shares) / len(shares), "lowest": shares[0]}
        )
    return inputs.computed(
        "stability", Text("分层的稳定性", "Stability of the classes"), STABILITY_COLUMNS, ("dimension",), rows,
        method="evidence.statistics.bootstrap", sql=sql,
        note=Text(
            f"{RESAMPLES} 次重抽样(客户随机分为 {BUCKETS} 组，有放回地抽组)，每次重算分界；RFM 行为三项都不变",
            f"{RESAMPLES} resamples (customers in {BUCKETS} random groups, groups drawn with replacement), cuts "
            "computed anew; the row RFM: all three unchanged",
        ),
        **bound,
    )  # fmt: skip


def _resampled(cells: pa.Table, name: str, method: str) -> list[float]:
    """The cut of one dimension in each resample, from values counted by bin and group."""
    import numpy as np

    counts, totals = np.zeros((BUCKETS, BINS + 1)), np.zeros((BUCKETS, BINS + 1))
    lowest = np.full(BINS + 1, np.inf)
    for cell in records(cells):
        if cell["dimension"] != name:
            continue
        i, group = int(cell["bin"]), int(cell["bucket"])
        counts[group, i] += cell["customers"]
        totals[group, i] += cell["total"]
        lowest[i] = min(lowest[i], cell["value"])
    weights = resample_weights(resamples=RESAMPLES)
    drawn = weights @ counts
    if method == "mean":
        return [float(x) for x in (weights @ totals).sum(axis=1) / drawn.sum(axis=1)]
    share = {"quintile": 0.4 if name == "R" else 0.6}.get(method, 0.5)
    upto = drawn.cumsum(axis=1)
    return [float(lowest[int(np.argmax(row >= share * row[-1]))]) for row in upto]
