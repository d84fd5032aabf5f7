"""Sums by arm of the units of a flat table, and the refusal of tables that are no experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keguan.app.experiment.reading import DoubtfulError, Units
from keguan.app.experiment.request import Request
from keguan.app.flat_table import listed, wrong
from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from keguan.engine.literals import quoted
from keguan.evidence.experiments import Metric, too_skewed
from keguan.evidence.statistics.bootstrap import BUCKET
from keguan.marts.experiments.sums import kind_of, sample, sums

MOST_ARMS, MOST_PARTS = 50, 100
APART = 1_299_721  # ranks of two arms meet no more than their groups do by chance


@dataclass(frozen=True, slots=True)
class Counted:
    """Units and metrics by arm, the control first; the primary metric by part; what was left out.

    `winsorised`: metrics too skewed for Welch's interval with extreme values drawn in to the cuts beside them.
    `missing`: units without a value, by metric. `no_arm`: rows without an arm. `no_before`: units whose figure of before is
    missing and counts as zero. `sql`: what gave the rows, over the relation `units`.
    """

    units: Mapping[str, int]
    metrics: Sequence[Metric]
    parts: Mapping[str, Metric]
    winsorised: Sequence[tuple[Metric, tuple[float, float]]]
    missing: Mapping[str, int]
    no_arm: int
    no_cluster: int
    no_before: int
    rejected: int
    sql: str


def count(units: Units, request: Request) -> Counted:
    """DoubtfulError when cells could not be read at the first attempt; InputError, UsageError for what is no experiment."""
    shifts = _shifts(units, request)
    sql = _sql(request, shifts)
    rows = units.rows(sql)
    if units.doubtful and any(row["unsound"] for row in rows):
        raise DoubtfulError
    no_arm = sum(row["analysed"] for row in rows if row["arm"] is None)
    rows = _ordered([row for row in rows if row["arm"] is not None], request)
    _check_assignment(units, request)
    metrics = [
        _grouped(units, request, metric, at) for at, metric in enumerate(_metrics(rows, request, shifts))
    ]
    return Counted(
        {row["arm"]: row["analysed"] for row in rows}, metrics, _parts(units, request, shifts),
        [found for at, metric in enumerate(metrics) if (found := _winsorised(units, request, metric, at, shifts))],
        {name: sum(row["analysed"] - row[f"n{at}"] for row in rows) for at, name in enumerate(request.metrics)
         if not request.cluster},
        no_arm, sum(row["no_cluster"] for row in rows), sum(row["no_before"] for row in rows), units.rejected, sql,
    )  # fmt: skip


def _shifts(units: Units, request: Request) -> dict[str, float]:
    """A value of each number, near enough to its mean to keep the digits of its squares; zero for sums of clusters."""
    names = list(units.columns.numbers)
    if request.cluster:
        return dict.fromkeys(names, 0.0)
    found = {}
    for name in names:
        rows = units.rows(f"SELECT {name} AS value FROM units WHERE {name} IS NOT NULL LIMIT 1")
        found[name] = float(rows[0]["value"]) if rows else 0.0
    return found


def _sql(
    request: Request,
    shifts: Mapping[str, float],
    part: str = "",
    cuts: Mapping[int, tuple[float, float]] | None = None,
) -> str:
    """One row an arm (and part), over the relation `units`, in one pass. `cuts`: these metrics alone, drawn in."""
    group = "arm, part" if part else "arm"
    places = list(cuts) if cuts else range(1 if part else len(request.metrics))
    unread = " OR ".join(f"({name} IS NULL AND {name}_given)" for name in shifts)
    cells = [
        group,
        f"(sound AND NOT ({unread})) AS sound",
        *(_value(request, at, (cuts or {}).get(at)) for at in places),
    ]
    cells += ["cluster"] if request.cluster else []
    cells += ["w"] if request.denominator else []
    cells += (
        ["coalesce(x, 0) AS x", "x IS NULL AS lacks_before"]
        if request.covariate
        else ["FALSE AS lacks_before"]
    )
    told = ", ".join(_sums(request, at, shifts) for at in places)
    if request.cluster:
        return f""", cells AS (SELECT {", ".join(cells)} FROM units),
            clusters AS ({_clusters(request, group, places)})
            SELECT {group}, count(cluster) AS analysed, CAST(sum(unsound) AS BIGINT) AS unsound, 0 AS no_before,
                   CAST(coalesce(sum(n) FILTER (cluster IS NULL), 0) AS BIGINT) AS no_cluster, {told}
            FROM clusters GROUP BY {group}"""
    return f""", cells AS (SELECT {", ".join(cells)} FROM units)
        SELECT {group}, count(*) AS analysed, count(*) FILTER (NOT sound) AS unsound,
               count(*) FILTER (lacks_before) AS no_before, 0 AS no_cluster, {told}
        FROM cells GROUP BY {group}"""


def _value(request: Request, at: int, cut: tuple[float, float] | None = None) -> str:
    if cut:
        return f"CASE WHEN y{at} IS NOT NULL THEN least(greatest(y{at}, {cut[0]!r}), {cut[1]!r}) END AS y{at}"
    return f"CASE WHEN w IS NOT NULL THEN y{at} END AS y{at}" if request.denominator else f"y{at}"


def _clusters(request: Request, group: str, places: Sequence[int]) -> str:
    """Sums of each cluster: whole clusters were assigned, so that the cluster is the unit and its size the denominator."""
    sizes = [
        f"CASE WHEN cluster IS NOT NULL THEN {'sum(w)' if request.denominator else f'CAST(count(y{at}) AS DOUBLE)'} END AS w{at}"
        for at in places
    ]
    totals = [f"CASE WHEN cluster IS NOT NULL THEN coalesce(sum(y{at}), 0) END AS y{at}" for at in places]
    return (
        f"SELECT {group}, cluster, count(*) AS n, count(*) FILTER (NOT sound) AS unsound, "
        f"{', '.join([*totals, *sizes])} FROM cells GROUP BY {group}, cluster"
    )


def _beside(request: Request, at: int) -> str | None:
    if request.cluster:
        return f"w{at}"
    return "w" if request.denominator else "x" if request.covariate else None


def _sums(request: Request, at: int, shifts: Mapping[str, float]) -> str:
    beside = _beside(request, at)
    return sums(at, f"y{at}", shifts[f"y{at}"], beside, shifts.get(beside or "", 0.0), add="fsum")


def _metric(
    request: Request, at: int, rows: Sequence[Mapping[str, Any]], shifts: Mapping[str, float]
) -> Metric:
    ratio, beside, shift = (
        bool(request.denominator or request.cluster),
        _beside(request, at),
        shifts[f"y{at}"],
    )
    base = shifts.get(beside or "", 0.0)
    arms = {
        row["arm"]: sample(row, at, shift, beside=beside is not None, beside_shift=base)
        for row in rows
    }  # fmt: skip
    return Metric(request.metrics[at], "ratio" if ratio else kind_of(rows, at, shift), arms)


def _ordered(rows: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """The control first, then the arms by name. UsageError, InputError where there is nothing to compare."""
    names = sorted(row["arm"] for row in rows)
    if len(names) > MOST_ARMS:
        raise wrong("--arm", Text("这一列的取值太多，不像组别", "this column has too many values to be arms"),
                    f"{request.arm}: {len(names):,}", Text(f"至多 {MOST_ARMS} 组",
                        f"at most {MOST_ARMS} arms"), file=request.file)  # fmt: skip
    if request.control.strip() not in names:
        raise wrong("--control", Text("组别列里没有这个对照组", "the arm column has no such control"), request.control,
                    listed(names), file=request.file)  # fmt: skip
    if len(names) < 2:
        raise InputError(
            Text("只有一个组，没有可比较的", "there is one arm only: nothing to compare"),
            Where(file=request.file, column=request.arm), found=names[0],
            allowed=Text("对照组与至少一个其他组", "the control and at least one other arm"),
            do=Text("导出全部分组的客户，包括没有被触达的", "export the units of all arms, those not contacted too"),
        )  # fmt: skip
    if unknown := sorted(set(request.split) ^ set(names) if request.split else ()):
        absent = [name for name in unknown if name in names]
        if absent:
            raise wrong("--expected-split", Text("有的组没有给出计划比例", "some arms have no planned weight"),
                        ", ".join(absent), listed(names), file=request.file)  # fmt: skip
    control = request.control.strip()
    return sorted(rows, key=lambda row: (row["arm"] != control, row["arm"]))


def _check_assignment(units: Units, request: Request) -> None:
    """A unit or cluster in two arms, or a unit in two rows, makes the table no experiment."""
    for name, column in (("unit", request.unit), ("cluster", request.cluster)):
        if column is None:
            continue
        found = units.rows(
            f"SELECT count(*) FILTER (low <> high) AS split, count(*) FILTER (n > 1) AS repeated FROM ("
            f"SELECT min(arm) AS low, max(arm) AS high, count(*) AS n FROM units WHERE {name} IS NOT NULL GROUP BY {name})"
        )[0]
        if found["split"]:
            raise InputError(
                Text("同一个单位分在两个组里", "the same unit is in two arms"),
                Where(file=request.file, column=column), found=f"{found['split']:,}",
                do=Text("查明它们被怎样对待；无法查明的从名单和两个组里都去掉后重试",
                        "find out how they were treated; take those that cannot be settled out of all arms, and try again"),
            )  # fmt: skip
        if name == "unit" and found["repeated"]:
            raise InputError(
                Text("同一个单位有多行", "a unit has more than one row"),
                Where(file=request.file, column=column), found=f"{found['repeated']:,}",
                allowed=Text("每个单位一行", "one row a unit"),
                do=Text(f"先汇总到每个单位一行，或改用 --cluster {column}：按它分组，每行是其中一次",
                        f"add them up to one row a unit, "
                        f"or give --cluster {column} instead: assigned as a whole, a row being one of its events"),
            )  # fmt: skip


def _metrics(rows: Sequence[dict[str, Any]], request: Request, shifts: Mapping[str, float]) -> list[Metric]:
    for at, name in enumerate(request.metrics):
        if not any(row[f"n{at}"] for row in rows):
            raise InputError(
                Text("这一列没有任何数字", "this column holds no number"), Where(file=request.file, column=name),
                do=Text("换一列作指标", "take another column as metric"),
            )  # fmt: skip
    return [_metric(request, at, rows, shifts) for at in range(len(request.metrics))]


def _grouped(units: Units, request: Request, metric: Metric, at: int) -> Metric:
    """A mean too skewed for Welch's interval, with the sums of random groups for the bootstrap.

    Rows have no number of their own to be put into groups by, so that their rank by value stands for one: the order of
    rows does not show. Arms begin at different numbers, else equal ranks would share their group.
    """
    if metric.kind != "mean" or not any(too_skewed(arm.values) for arm in metric.arms.values()):
        return metric
    before = "coalesce(x, 0)" if request.covariate else "0"
    starts = " ".join(
        f"WHEN arm = {quoted(arm)} THEN {number * APART}" for number, arm in enumerate(metric.arms)
    )
    found = units.rows(f""", ranked AS (
            SELECT arm, y{at} AS y, {before} AS x,
                   row_number() OVER (PARTITION BY arm ORDER BY y{at}, {before}) + CASE {starts} END AS account_no
            FROM units WHERE arm IS NOT NULL AND y{at} IS NOT NULL)
        SELECT arm, {BUCKET} AS bucket, count(*) AS n, fsum(y) AS y, fsum(x) AS x FROM ranked
        GROUP BY arm, bucket ORDER BY arm, bucket""")
    arms = {
        arm: replace(
            own, groups=tuple((r["bucket"], r["n"], r["y"], float(r["x"])) for r in found if r["arm"] == arm)
        )
        for arm, own in metric.arms.items()
    }
    return replace(metric, arms=arms)


def _winsorised(
    units: Units, request: Request, metric: Metric, at: int, shifts: Mapping[str, float]
) -> tuple[Metric, tuple[float, float]] | None:
    """The metric once more with extreme values drawn in, where a few of them may make the result: one more pass."""
    skewed = metric.kind == "mean" and any(too_skewed(arm.values) for arm in metric.arms.values())
    if not skewed or request.tuning is not None:
        return None
    found = units.rows(
        f"SELECT quantile_disc(y{at}, 0.01) AS low, quantile_disc(y{at}, 0.99) AS high FROM units "
        f"WHERE arm IS NOT NULL AND y{at} <> 0"
    )[0]
    if found["low"] is None:
        return None
    cuts = (min(float(found["low"]), 0.0), max(float(found["high"]), 0.0))
    rows = [row for row in units.rows(_sql(request, shifts, cuts={at: cuts})) if row["arm"] is not None]
    return replace(_metric(request, at, _ordered(rows, request), shifts), kind="mean"), cuts


def _parts(units: Units, request: Request, shifts: Mapping[str, float]) -> dict[str, Metric]:
    """The primary metric in each value of the segment column."""
    if request.segment is None:
        return {}
    found = units.rows(_sql(request, shifts, "part"))
    rows = sorted(
        (row for row in found if row["arm"] is not None and row["part"] is not None),
        key=lambda row: (row["part"], row["arm"]),
    )
    names = list(dict.fromkeys(row["part"] for row in rows))
    if len(names) > MOST_PARTS:
        raise wrong("--segment", Text("这一列的取值太多", "this column has too many values"), f"{len(names):,}",
                    Text(f"至多 {MOST_PARTS} 个", f"at most {MOST_PARTS}"), file=request.file)  # fmt: skip
    return {name: _metric(request, 0, [row for row in rows if row["part"] == name], shifts) for name in names}
