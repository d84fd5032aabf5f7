"""`keguan experiment FILE`: a flat table is judged without a workspace; what is no experiment is refused.

covers: J7
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy import stats

Cli = Callable[..., Any]
Rows = list[dict[str, Any]]


def table(document: dict[str, Any], name: str) -> Rows:
    found = document["tables"][name]
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def write(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], encoding: str = "utf-8"
) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([header, *rows])
    return path


def judged(cli: Cli, path: Path, *options: str, metric: Sequence[str] = ("y",)) -> dict[str, Any]:
    metrics = [part for name in metric for part in ("--metric", name)]
    done = cli("experiment", path, "--arm", "arm", "--control", "a", *metrics, "--format", "json", *options)
    assert done.code == 0, done.err
    document: dict[str, Any] = done.json()
    return document


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference's first case: 1,000 of 10,000 against 1,100 of 10,000."""
    rows = [("a", int(n < 1000)) for n in range(10000)] + [("b", int(n < 1100)) for n in range(10000)]
    random.Random(1).shuffle(rows)
    return write(tmp_path_factory.mktemp("shares") / "t.csv", ("arm", "y"), rows)


def test_shares_of_the_reference(cli: Cli, shares: Path) -> None:
    document = judged(cli, shares)
    assert set(document) == {"analysis", "as_of", "params", "versions", "tables", "claims", "notes"}
    (row,) = table(document, "effects")
    names = [
        "metric",
        "arm",
        "n",
        "mean",
        "control_mean",
        "diff",
        "low",
        "high",
        "p",
        "p_adjusted",
        "relative",
        "verdict",
    ]
    assert document["tables"]["effects"]["columns"][:12] == names
    assert (row["metric"], row["arm"], row["n"], row["verdict"]) == ("y", "b", 10000, "higher")
    assert (row["mean"], row["control_mean"], row["diff"], row["relative"]) == (0.11, 0.1, 0.01, 0.1)
    assert (row["low"], row["high"]) == pytest.approx((0.0015037012709887643, 0.018505186739096954), abs=1e-9)
    assert row["p"] == pytest.approx(0.021078406987719202, rel=1e-9)
    (belief,) = table(document, "beliefs")
    assert (belief["relative_low"], belief["relative_high"]) == pytest.approx(
        (0.010864708, 0.189135292), abs=1e-6
    )
    assert belief["chance"] == pytest.approx(0.9895, abs=0.001)  # of the difference; that of the lift is .986
    split = table(document, "srm")
    assert [(item["arm"], item["n"], item["p"], item["verdict"]) for item in split] == [
        ("a", 10000, 1.0, "as_planned"), ("b", 10000, 1.0, "as_planned"),
    ]  # fmt: skip
    assert "11.0%" in document["claims"][0]["text"]


def test_the_order_of_rows_does_not_show(cli: Cli, shares: Path, tmp_path: Path) -> None:
    rng = random.Random(4)
    rows = [("a" if n % 2 else "b", round(rng.lognormvariate(3, 1), 2)) for n in range(4000)]
    one = judged(cli, write(tmp_path / "one.csv", ("arm", "y"), rows))
    rng.shuffle(rows)
    assert (
        judged(cli, write(tmp_path / "two.csv", ("arm", "y"), rows))["tables"]["effects"]["rows"]
        == (one["tables"]["effects"]["rows"])
    )


@pytest.mark.parametrize("kind", ["csv", "gb18030", "parquet", "xlsx", "messy"])
def test_every_kind_of_file_gives_the_same(cli: Cli, tmp_path: Path, kind: str) -> None:
    rng = random.Random(8)
    header = ("组别", "消费", "买了", "备注")
    rows = [
        ("实验" if n % 2 else "对照", round(rng.gauss(1200, 300), 2), int(rng.random() < 0.3), "好，行")
        for n in range(600)
    ]
    path = tmp_path / f"t.{kind if kind in ('parquet', 'xlsx') else 'csv'}"
    if kind == "parquet":
        values = ", ".join(f"('{a}', {y}, {z == 1}, '{t}')" for a, y, z, t in rows)
        duckdb.sql(f"COPY (SELECT * FROM (VALUES {values}) v(组别, 消费, 买了, 备注)) TO '{path}'")
    elif kind == "xlsx":
        import xlsxwriter

        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet()
        for at, row in enumerate([header, *rows]):
            sheet.write_row(at, 0, row)
        book.close()
    elif kind == "messy":
        written = [(f" {a} ", f"¥{y:,.2f}", "是" if z else "否", '引"号\n换行') for a, y, z, _ in rows]
        write(path, header, written)
    else:
        write(path, header, rows, "gb18030" if kind == "gb18030" else "utf-8")
    done = cli(
        "experiment",
        path,
        "--arm",
        "组别",
        "--control",
        "对照",
        "--metric",
        "买了",
        "--metric",
        "消费",
        "--format",
        "json",
    )
    assert done.code == 0, done.err
    found = table(done.json(), "effects")
    wanted = stats.ttest_ind(
        [y for a, y, _, _ in rows if a == "实验"], [y for a, y, _, _ in rows if a == "对照"], equal_var=False
    )
    assert found[1]["p"] == pytest.approx(float(wanted.pvalue), rel=1e-6)
    ends = wanted.confidence_interval()
    assert (found[1]["low"], found[1]["high"]) == pytest.approx((float(ends.low), float(ends.high)), rel=1e-6)
    assert (found[0]["n"], found[0]["unit"]) == (300, "share")
    assert found[0]["mean"] == pytest.approx(sum(z for a, _, z, _ in rows if a == "实验") / 300)


def test_a_wrong_split_withholds_the_effects(cli: Cli, tmp_path: Path) -> None:
    rows = [("a", n % 2) for n in range(5000)] + [("b", n % 3) for n in range(5500)]
    path = write(tmp_path / "t.csv", ("arm", "y"), rows)
    document = judged(cli, path)
    (row,) = table(document, "effects")
    assert row["verdict"] == "withheld"
    assert row["diff"] is row["p"] is row["low"] is row["relative"] is None
    assert table(document, "beliefs")[0]["chance"] is None
    assert document["claims"] == []
    assert {item["verdict"] for item in table(document, "srm")} == {"mismatch"}
    assert any("--expected-split" in note for note in document["notes"])
    planned = judged(cli, path, "--expected-split", "a=50,b=55")
    assert table(planned, "effects")[0]["verdict"] == "higher"
    assert table(planned, "srm")[1]["expected"] == 5500


def test_an_arm_of_no_weight_is_no_degree_of_freedom(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ("arm", "y"), [("a", 1)] * 1000 + [("b", 0)] * 1010)
    document = judged(cli, path, "--expected-split", "a=1,b=1,c=0")
    assert table(document, "srm")[0]["p"] == pytest.approx(0.8234966946547395)


def test_a_planned_arm_without_units_is_a_mismatch(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ("arm", "y"), [("a", 1)] * 1000 + [("b", 0)] * 1010)
    split = table(judged(cli, path, "--expected-split", "a=1,b=1,c=1"), "srm")
    assert [(item["arm"], item["n"], item["verdict"]) for item in split][2] == ("c", 0, "mismatch")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """Spend that follows spend before, in three arms and two regions; visits; shops as clusters."""
    rng = np.random.default_rng(5)
    n = 3000
    arm = np.array(["a", "b", "c"])[np.arange(n) % 3]
    x = rng.gamma(2, 50, n)
    y = 0.8 * x + rng.normal(0, 20, n) + np.where(arm == "b", 4.0, 0.0)
    visits = rng.poisson(3, n) + 1
    rows = [
        (
            f"U{i}",
            arm[i],
            round(float(y[i]), 3),
            "" if i == 7 else round(float(x[i]), 3),
            int(visits[i]),
            "南北"[i % 2],
            f"S{i // 9 % 100}-{arm[i]}",
        )
        for i in range(n)
    ]
    path = write(
        tmp_path_factory.mktemp("before") / "t.csv", ("id", "arm", "y", "x", "visits", "region", "shop"), rows
    )
    return path, rows


def test_figures_of_before_narrow_the_interval(cli: Cli, before: tuple[Path, Any]) -> None:
    path, rows = before
    plain, cuped = table(judged(cli, path), "effects"), judged(cli, path, "--covariate", "x")
    adjusted = table(cuped, "effects")
    one = next(row for row in adjusted if row["arm"] == "b")
    width = next(row["high"] - row["low"] for row in plain if row["arm"] == "b")
    assert one["high"] - one["low"] < 0.5 * width
    # By regression on arm and figure of before, of these two arms alone.
    pair = [row for row in rows if row[1] in "ab"]
    design = np.array([[1, row[1] == "b", float(row[3] or 0)] for row in pair], dtype=float)
    slope = np.linalg.lstsq(design, np.array([row[2] for row in pair]), rcond=None)[0][1]
    assert one["diff"] == pytest.approx(slope, abs=0.02)
    assert table(cuped, "beliefs")[0]["variance_removed"] > 0.7
    assert any("1 row" in note and "x" in note for note in cuped["notes"])


def test_many_arms_are_corrected(cli: Cli, before: tuple[Path, Any]) -> None:
    rows = table(judged(cli, before[0], metric=("y", "visits")), "effects")
    primary = sorted(row["p"] for row in rows if row["metric"] == "y")
    assert sorted(row["p_adjusted"] for row in rows if row["metric"] == "y") == pytest.approx(
        [min(1, 2 * primary[0]), max(min(1, 2 * primary[0]), primary[1])], rel=1e-9
    )
    document = judged(cli, before[0], metric=("y", "visits"))
    together = {row["arm"]: row for row in table(document, "dunnett") if row["metric"] == "y"}
    values = {arm: [row[4] for row in before[1] if row[1] == arm] for arm in "abc"}
    assert list(document["tables"]) == ["effects", "beliefs", "srm", "dunnett"]
    spent = {arm: [row[2] for row in before[1] if row[1] == arm] for arm in "abc"}
    for metric, held in (("y", spent), ("visits", values)):
        theirs = stats.dunnett(held["b"], held["c"], control=held["a"], random_state=3)
        ends = theirs.confidence_interval()
        for at, arm in enumerate("bc"):
            (row,) = [
                row for row in table(document, "dunnett") if (row["metric"], row["arm"]) == (metric, arm)
            ]
            assert row["p"] == pytest.approx(theirs.pvalue[at], abs=0.02)
            assert (row["low"], row["high"]) == pytest.approx(
                (ends.low[at], ends.high[at]), abs=0.05 * (row["high"] - row["low"])
            )
            assert row["high"] - row["low"] > 2 * 1.96 / 1.02 * stats.sem(held[arm])
    assert set(together) == {"b", "c"}
    hints = sorted(row["p"] for row in rows if row["metric"] == "visits")
    assert max(row["p_adjusted"] for row in rows if row["metric"] == "visits") == pytest.approx(hints[1])


def test_a_ratio_has_the_error_of_its_units(cli: Cli, before: tuple[Path, Any]) -> None:
    path, rows = before
    found = next(
        row for row in table(judged(cli, path, "--denominator", "visits"), "effects") if row["arm"] == "b"
    )
    values = {arm: [(row[2], row[4]) for row in rows if row[1] == arm] for arm in "ab"}
    ratio = {arm: sum(y for y, _ in held) / sum(w for _, w in held) for arm, held in values.items()}
    assert (found["mean"], found["control_mean"]) == pytest.approx((ratio["b"], ratio["a"]), rel=1e-8)
    rng = np.random.default_rng(0)  # the bootstrap of units as the independent computation
    drawn = []
    for _ in range(600):
        sides = []
        for arm in "ba":
            held = np.array(values[arm])[rng.integers(0, 1000, 1000)]
            sides.append(held[:, 0].sum() / held[:, 1].sum())
        drawn.append(sides[0] - sides[1])
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * float(np.std(drawn)), rel=0.1)


def test_clusters_are_the_units(cli: Cli, before: tuple[Path, Any]) -> None:
    path, rows = before
    document = judged(cli, path, "--cluster", "shop")
    found = next(row for row in table(document, "effects") if row["arm"] == "b")
    shops = {row[6] for row in rows if row[1] == "b"}
    assert found["n"] == len(shops) == table(document, "srm")[1]["n"]
    assert found["mean"] == pytest.approx(np.mean([row[2] for row in rows if row[1] == "b"]), rel=1e-8)


def test_segments_are_hints_corrected_together(cli: Cli, before: tuple[Path, Any]) -> None:
    path, rows = before
    document = judged(cli, path, "--segment", "region")
    found = table(document, "segments")
    assert [(row["segment"], row["arm"]) for row in found] == [
        ("北", "b"),
        ("北", "c"),
        ("南", "b"),
        ("南", "c"),
    ]
    assert found[0]["n"] == sum(row[1] == "b" and row[5] == "北" for row in rows)
    assert all(row["p_adjusted"] >= row["p"] for row in found)


def test_looking_at_any_time_widens_the_interval(cli: Cli, shares: Path) -> None:
    document = judged(cli, shares, "--sequential", "5000")
    (row,) = table(document, "effects")
    assert (row["low"], row["high"]) == pytest.approx((-0.0035552372713726008, 0.02355523727137259), abs=1e-8)
    assert row["verdict"] == "no_difference"
    assert "no significant difference" in document["claims"][0]["text"]


def test_the_level_moves_the_interval(cli: Cli, shares: Path) -> None:
    wide, narrow = (table(judged(cli, shares, "--alpha", alpha), "effects")[0] for alpha in ("0.01", "0.2"))
    assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]
    assert (wide["verdict"], narrow["verdict"]) == ("no_difference", "higher")


def test_nothing_happened(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ("arm", "y"), [("a", 0)] * 100 + [("b", 0)] * 100)
    document = judged(cli, path)
    (row,) = table(document, "effects")
    assert (row["diff"], row["p"], row["relative"], row["verdict"]) == (0, 1, None, "no_difference")
    assert row["low"] < 0 < row["high"]
    assert any("neither arm" in note for note in document["notes"])


def test_none_in_the_control_alone(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ("arm", "y"), [("a", 0)] * 100 + [("b", n % 5 == 0) for n in range(100)])
    (row,) = table(judged(cli, path), "effects")
    assert (row["relative"], row["verdict"]) == (None, "higher")


def test_a_negative_control_keeps_the_sign_of_the_difference(cli: Cli, tmp_path: Path) -> None:
    rows = [("a", -10 + n % 5) for n in range(100)] + [("b", -4 + n % 5) for n in range(100)]
    document = judged(cli, write(tmp_path / "t.csv", ("arm", "y"), rows))
    (row,) = table(document, "effects")
    assert row["diff"] == 6
    assert row["relative"] == pytest.approx(6 / 8)
    assert table(document, "beliefs")[0]["relative_low"] > 0
    assert any("negative" in note for note in document["notes"])


def test_too_few_are_not_compared(cli: Cli, tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.csv",
        ("arm", "y"),
        [("a", n % 2) for n in range(40)] + [("b", n % 3) for n in range(29)],
    )
    document = judged(cli, path)
    (row,) = table(document, "effects")
    assert (row["n"], row["mean"], row["p"], row["verdict"]) == (29, None, None, "too_few")
    assert any("fewer than 30" in note for note in document["notes"])


def test_missing_values_and_arms_are_counted(cli: Cli, tmp_path: Path) -> None:
    rows = (
        [("a", n % 2) for n in range(50)]
        + [("b", n % 2) for n in range(50)]
        + [("b", ""), ("b", "NA"), ("", 1), ("a", "NaN")]
    )
    document = judged(cli, write(tmp_path / "t.csv", ("arm", "y"), rows))
    (row,) = table(document, "effects")
    assert row["n"] == 50
    assert sum(item["n"] for item in table(document, "srm")) == 103
    text = " ".join(document["notes"])
    assert "3 rows have no value" in text
    assert "1 rows have no arm" in text


def test_skewed_money_is_bootstrapped(cli: Cli, tmp_path: Path) -> None:
    """Against the bootstrap of scipy, which draws rows; the order of rows does not show."""
    rng = np.random.default_rng(6)
    money = [
        np.where(rng.random(1500) < share, rng.lognormal(4, 1, 1500), 0).round(2) for share in (0.02, 0.05)
    ]
    rows = [("ab"[arm], float(value)) for arm in (0, 1) for value in money[arm]]
    document = judged(cli, write(tmp_path / "t.csv", ("arm", "y"), rows))
    (row,) = table(document, "effects")
    assert row["method"] == "bootstrap"
    assert any("skewed" in note for note in document["notes"])
    drawn = stats.bootstrap(
        (money[1], money[0]), lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis), method="percentile",
        n_resamples=2000, rng=1, vectorized=True,
    ).confidence_interval  # fmt: skip
    assert (row["low"], row["high"]) == pytest.approx(
        (drawn.low, drawn.high), abs=0.12 * (drawn.high - drawn.low)
    )
    assert "dunnett" not in document["tables"]  # one arm against the control
    (drawn_in,) = table(document, "winsorised")
    bought = np.concatenate(money)
    cuts = [np.quantile(bought[bought > 0], share, method="inverted_cdf") for share in (0.01, 0.99)]
    assert (drawn_in["cut_low"], drawn_in["cut_high"]) == pytest.approx(
        (0, cuts[1]), abs=0.01
    )  # nobody is drawn up from 0
    clipped = [np.minimum(side, drawn_in["cut_high"]) for side in money]
    theirs = stats.ttest_ind(clipped[1], clipped[0], equal_var=False)
    assert drawn_in["diff"] == pytest.approx(clipped[1].mean() - clipped[0].mean(), rel=1e-9)
    assert drawn_in["p"] == pytest.approx(theirs.pvalue, rel=1e-6)
    ends = theirs.confidence_interval()
    assert (drawn_in["low"], drawn_in["high"]) == pytest.approx((ends.low, ends.high), rel=1e-6)
    random.Random(2).shuffle(rows)
    again = judged(cli, write(tmp_path / "u.csv", ("arm", "y"), rows))
    assert table(again, "effects") == [row]
    even = [("ab"[n % 2], n % 7) for n in range(2000)]
    assert (
        table(judged(cli, write(tmp_path / "v.csv", ("arm", "y"), even)), "effects")[0]["method"] == "Welch"
    )


REFUSED = [
    (("--arm", "grp"), "no such column", 2),
    (("--control", "zz"), "no such control", 2),
    (("--metric", "name"), "no numbers", 4),
    (("--metric", "nothing"), "holds no number", 4),
    (("--metric", "y", "--metric", "y"), "twice", 2),
    (("--metric", "y", "--covariate", "y"), "already", 2),
    (("--metric", "y", "--covariate", "x", "--denominator", "x2"), "cannot be combined", 2),
    (("--metric", "y", "--alpha", "1.5"), "significance level", 2),
    (("--metric", "y", "--sequential", "0"), "number of units", 2),
    (("--metric", "y", "--expected-split", "50,50"), "not well formed", 2),
    (("--metric", "y", "--expected-split", "a=1"), "no planned weight", 2),
    (("--metric", "y", "--expected-split", "a=0,b=0"), "all weights are zero", 2),
    (("--metric", "y", "--unit", "twice"), "in two arms", 4),
    (("--metric", "y", "--unit", "again"), "more than one row", 4),
    (("--metric", "y", "--cluster", "twice"), "in two arms", 4),
    (("--metric", "y", "--arm", "id"), "too many values", 2),
    (("--metric", "y", "--segment", "id"), "too many values", 2),
    (("--metric", "y", "--format", "xml"), "format", 2),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message", "code"), REFUSED)
def test_what_is_refused(cli: Cli, tmp_path: Path, options: tuple[str, ...], message: str, code: int) -> None:
    header = ("id", "arm", "y", "x", "x2", "name", "nothing", "twice", "again")
    rows = [(n, "ab"[n % 2], n % 3, n, n, f"王{n}", "", n // 2, n // 4 * 2 + n % 2) for n in range(400)]
    path = write(tmp_path / "t.csv", header, rows)
    given = {"--arm": "arm", "--control": "a"}
    for name in tuple(given):
        if name in options:
            del given[name]
    rest = [part for pair in given.items() for part in pair]
    metric = [] if "--metric" in options else ["--metric", "y"]
    for language in ("en", "zh"):
        done = cli("experiment", path, *rest, *options, *metric, language=language)
        assert done.code == code, done.err
        assert done.out == ""
        assert "Traceback" not in done.err
        assert "王" not in done.err
        if language == "en":
            assert message in done.err


def test_one_arm_is_nothing_to_compare(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ("arm", "y"), [("a", 1)] * 50)
    done = cli("experiment", path, "--arm", "arm", "--control", "a", "--metric", "y")
    assert done.code == 4
    assert "one arm only" in done.err


def test_a_cell_that_is_no_number_is_named_by_its_row(cli: Cli, tmp_path: Path) -> None:
    rows: list[tuple[str, object]] = [("ab"[n % 2], n) for n in range(100)]
    rows[41] = ("a", "abc")
    path = write(tmp_path / "t.csv", ("arm", "y"), rows)
    done = cli("experiment", path, "--arm", "arm", "--control", "a", "--metric", "y")
    assert done.code == 4
    assert "row 43" in done.err
    assert "abc" not in done.err


def test_words_and_csv(cli: Cli, shares: Path) -> None:
    options = ("experiment", shares, "--arm", "arm", "--control", "a", "--metric", "y")
    chinese = cli(*options, language="zh").out
    assert "高于对照组" in chinese
    assert "Higher" not in chinese
    assert "Higher, proven" in cli(*options, language="en").out
    sheets = cli(*options, "--format", "csv").out
    assert [line for line in sheets.splitlines() if line.startswith("#")] == [
        "# effects",
        "# beliefs",
        "# srm",
    ]


def test_hillstrom(cli: Cli, data_sets: Path) -> None:
    """The figures of shared/reference for the three arms; no rows are removed though 6,562 are equal to another."""
    path = data_sets / "hillstrom" / "hillstrom.csv.gz"
    metrics = ("visit", "conversion", "spend")
    options = [part for name in metrics for part in ("--metric", name)]
    done = cli("experiment", path, "--arm", "segment", "--control", "No E-Mail", *options, "--format", "json")
    found = {(row["metric"], row["arm"]): row for row in table(done.json(), "effects")}
    published = {
        "visit": (0.106167, 0.151400, 0.182757),
        "conversion": (0.005726, 0.008837, 0.012531),
        "spend": (0.652789, 1.077202, 1.422617),
    }
    for metric, (none, womens, mens) in published.items():
        assert found[metric, "Womens E-Mail"]["mean"] == pytest.approx(womens, abs=5e-7)
        assert found[metric, "Mens E-Mail"]["mean"] == pytest.approx(mens, abs=5e-7)
        assert found[metric, "Mens E-Mail"]["control_mean"] == pytest.approx(none, abs=5e-7)
    assert found["visit", "Womens E-Mail"]["diff"] == pytest.approx(0.0452, abs=5e-5)
    assert {row["verdict"] for row in found.values()} == {"higher"}
    assert [row["n"] for row in table(done.json(), "srm")] == [21306, 21307, 21387]
    assert json.dumps(done.json(), allow_nan=False)
    assert (
        found["spend", "Mens E-Mail"]["method"] == "bootstrap"
    )  # skewness 19 asks for more than 100,000 an arm
