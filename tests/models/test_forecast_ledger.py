"""The ledger by hand: what was said, what came, coverage, bias, churn, drift, and what follows. covers: I5"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import exp, log
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from fill_forecasts import run_id, say
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.core.period import month_end
from keguan.evidence.statistics.calibration_in_the_large import odds_factor
from keguan.marts.model_inputs import BINNED, FEATURES, places, since
from keguan.marts.snapshot_features import PLACES
from keguan.models import forecast_ledger, trend
from keguan.models.forecast_ledger.judged import apart, record
from keguan.models.forecast_ledger.params import Params
from keguan.models.trend.params import Params as TrendParams
from keguan.result import Forecast, Foresight, Relation, Result
from model_shops import growing
from shop import Shop

AS_OF = date(2025, 6, 20)
BASE = date(2025, 4, 30)
MAY = (date(2025, 5, 1), date(2025, 5, 31))
NOBODY = Result("none")


def judged(shop: Shop, folder: Path, as_of: date = AS_OF, **uses: Result) -> Result:
    known = {"trend": NOBODY, "clv": NOBODY, "churn": NOBODY} | uses
    result = forecast_ledger.run(shop.inputs(folder, as_of, **known), Params())
    assert [faults(result, forecast_ledger.ANALYSIS, claim) for claim in result.claims] == [()] * len(
        result.claims
    )
    return result


def row_of(result: Result, table: str, **key: Any) -> dict[str, Any]:
    found = [row for row in result.table(table) if all(row[name] == value for name, value in key.items())]
    assert len(found) == 1
    return found[0]


def small() -> Shop:
    """Customers 1 to 4 bought before May; in May 1 buys twice, 2 once and gives it back, 5 comes."""
    shop = Shop()
    for account in range(1, 5):
        shop.buy(account, date(2025, 4, account), 100)
    shop.buy(1, date(2025, 5, 3), 40)
    shop.buy(1, date(2025, 5, 20), 60)
    order = shop.buy(2, date(2025, 5, 9), 30)
    shop.give_back(2, date(2025, 5, 12), 30, of=order)
    shop.buy(5, date(2025, 5, 31), 70)
    shop.buy(3, date(2025, 6, 1), 500)
    return shop


def test_what_came_is_counted_from_the_tables(tmp_path: Path) -> None:
    """covers: I5. Net revenue 170; four orders of three customers, one of them new; customer 1 bought twice more, what
    was given back in full is no purchase."""
    shop = small()
    for quantity in (
        "revenue",
        "orders",
        "customers",
        "new_customers",
        "known_purchases_30",
        "known_buyers_30",
    ):
        say(shop, 1, "trend", BASE, quantity, *MAY, 150, 100, 180)
    rows = {row["quantity"]: row["actual"] for row in judged(shop, tmp_path).table("latest")}
    assert rows == {
        "revenue": Decimal(170), "orders": 4, "customers": 3, "new_customers": 1, "known_purchases_30": 2,
        "known_buyers_30": 2,
    }  # fmt: skip


def test_actuals_are_those_that_the_trend_itself_learns_from(tmp_path: Path) -> None:
    shop = growing()
    for quantity in trend.SERIES:
        say(shop, 1, "trend", BASE, quantity, *MAY, 1)
    result = judged(shop, tmp_path)
    inputs = shop.inputs(tmp_path, AS_OF)
    path = trend.run(inputs, TrendParams()).table("path")
    wanted = {row["series"]: row["actual"] for row in path if row["period"] == "2025-05"}
    assert {row["quantity"]: row["actual"] for row in result.table("latest")} == wanted


def test_each_prediction_has_its_error_and_whether_it_was_within(tmp_path: Path) -> None:
    """covers: I5."""
    shop = small()
    say(shop, 1, "trend", BASE, "revenue", *MAY, 150, 100, 180, baseline=200)
    say(shop, 1, "trend", BASE, "orders", *MAY, 9, 8, 10)
    say(shop, 1, "clv", BASE, "known_purchases_30", *MAY, 3)
    result = judged(shop, tmp_path)
    revenue = row_of(result, "fared", quantity="revenue")
    assert (revenue["error"], revenue["held"], revenue["baseline"]) == (Decimal(-20), "yes", Decimal(200))
    assert row_of(result, "fared", quantity="orders")["held"] == "no"
    assert row_of(result, "fared", quantity="known_purchases_30")["held"] == "none"
    assert {claim.says for claim in result.claims} == {"inside", "outside", "point"}


def test_only_what_was_said_before_its_day_counts(tmp_path: Path) -> None:
    """Not what was made afterwards, not what is of today, not what is not due, and of the same days the first word."""
    shop = small()
    say(shop, 1, "trend", BASE, "orders", *MAY, 4)
    say(shop, 2, "trend", BASE, "orders", *MAY, 99)  # a second run of that day
    say(shop, 3, "trend", date(2025, 5, 30), "orders", *MAY, 5, afterwards=True)
    say(shop, 4, "trend", BASE, "orders", date(2025, 7, 1), date(2025, 7, 31), 6)
    say(shop, 5, "trend", AS_OF, "orders", date(2025, 6, 1), date(2025, 6, 20), 7)
    result = judged(shop, tmp_path)
    assert [row["predicted"] for row in result.table("fared")] == [4]
    waiting = row_of(result, "waiting", model="trend")
    assert (waiting["predictions"], waiting["judged"], waiting["waiting"], waiting["afterwards"]) == (
        4,
        1,
        1,
        1,
    )
    assert waiting["first_due"] == date(2025, 7, 31)


def test_nothing_kept_and_nothing_due_are_said(tmp_path: Path) -> None:
    assert [note.kind for note in judged(small(), tmp_path).notes] == ["missing"]
    shop = small()
    say(shop, 1, "trend", BASE, "orders", date(2025, 7, 1), date(2025, 7, 31), 6)
    assert "2025-07-31" in judged(shop, tmp_path).notes[0].says.zh


def rows(ratios: list[float], nominal: float = 0.8) -> list[dict[str, Any]]:
    """Months of which 100 came each, predicted at 100 times the ratio, give or take 20."""
    made, first = [], date(2024, 1, 1)
    for ratio in ratios:
        said = Decimal(str(round(100 * ratio, 4)))
        held = "yes" if said - 20 <= 100 <= said + 20 else "no"
        made.append(
            {
                "model": "trend", "quantity": "orders", "part": "all", "base_day": first - timedelta(days=1),
                "from_day": first, "due_day": month_end(first), "predicted": said, "actual": Decimal(100),
                "error": said - 100, "baseline": Decimal(140), "held": held, "nominal": nominal,
            }
        )  # fmt: skip
        first = month_end(first) + timedelta(days=1)
    return made


def test_bias_and_coverage_of_a_record_by_hand() -> None:
    """covers: I5. Seven months at 1.1 to 1.5 times: the mean logarithm against scipy's t test; 2 of 7 within."""
    ratios = [1.1, 1.15, 1.3, 1.5, 1.4, 1.3, 1.45]
    found = record(rows(ratios), 30)[0]
    logs = [log(item) for item in ratios]
    test = stats.ttest_1samp(logs, 0)
    ends = test.confidence_interval()
    assert found["bias"] == pytest.approx(exp(sum(logs) / 7) - 1)
    assert (found["bias_low"], found["bias_high"]) == pytest.approx(
        (exp(ends.low) - 1, exp(ends.high) - 1), rel=1e-6
    )
    assert found["bias_q"] == pytest.approx(test.pvalue, rel=1e-6)
    assert (found["checked"], found["held"], found.get("share")) == (7, 2, None)
    assert found["coverage_q"] == pytest.approx(stats.binomtest(2, 7, 0.8, alternative="less").pvalue)
    assert found["mean_error"] == pytest.approx(sum(item - 1 for item in ratios) / 7)
    assert found["against_baseline"] == pytest.approx(sum(item - 1 for item in ratios) / (7 * 0.4))


def test_five_predictions_have_no_mean_error_and_no_test_of_bias() -> None:
    found = record(rows([1.3] * 5), 30)[0]
    assert found.get("mean_error") is found.get("bias") is None
    assert found["bias_p"] is None


def test_a_share_is_told_from_thirty_on() -> None:
    found = record(rows([1.1] * 24 + [1.4] * 6), 30)[0]
    assert found["share"] == 0.8
    assert found["low"] < 0.8 < found["high"]


def test_tests_rest_on_days_that_do_not_overlap() -> None:
    """Of forecasts of one month the one said last; of overlapping spans the latest, and what ends before it began."""
    first = rows([1.1, 1.2])
    said_late = {**first[1], "base_day": date(2024, 2, 10), "predicted": Decimal(105)}
    long = {**first[1], "from_day": date(2024, 1, 15), "due_day": date(2024, 2, 20)}
    assert [row["predicted"] for row in apart([*first, said_late, long])] == [Decimal("110.0"), Decimal(105)]


def biased(months: int = 8) -> Shop:
    """The growing shop whose revenue was forecast half as large again, with some noise."""
    shop, day = growing(), date(2024, 9, 30)
    for number in range(1, months + 1):
        first = day + timedelta(days=1)
        last = month_end(first)
        came = sum(float(row["amount"]) for row in shop.lines if first <= row["day"] <= last)
        say(shop, number, "trend", day, "revenue", first, last, came * (1.5 + 0.02 * (number % 3)))
        day = last
    return shop


def test_a_proven_bias_is_named_beside_the_present_forecast(tmp_path: Path) -> None:
    """covers: I5. Factors 1.52, 1.54, 1.5 ...: the forecast of 1,000 without them is 1,000 over their geometric mean."""
    present = Foresight((Forecast("revenue", date(2025, 7, 1), date(2025, 7, 31), 1000.0),), "ets")
    result = judged(biased(), tmp_path, trend=Result("trend", foresight=present))
    factors = [1.5 + 0.02 * (number % 3) for number in range(1, 9)]
    mean = exp(sum(map(log, factors)) / 8)
    row = row_of(result, "corrected", quantity="revenue")
    assert float(row["predicted"]) == 1000
    assert float(row["corrected"]) == pytest.approx(1000 / mean, abs=0.01)
    said = {claim.says for claim in result.claims}
    assert {"bias_high", "corrected"} <= said


def test_without_a_proven_bias_nothing_is_corrected(tmp_path: Path) -> None:
    result = judged(biased(5), tmp_path)  # too few to test; the models are not asked
    assert len(result.table("corrected").rows) == 0


def churned(left: int) -> Shop:
    """A hundred customers said to leave with 0.2 and a hundred with 0.6; `left` of each hundred do not come in May."""
    shop = Shop()
    for account in range(1, 201):
        shop.buy(account, date(2025, 4, 1 + account % 20), 50)
        if (account - 1) % 100 >= left:
            shop.buy(account, date(2025, 5, 1 + account % 30), 50)
    for label, p, accounts in (("低", 0.2, range(1, 101)), ("高", 0.6, range(101, 201))):
        say(
            shop, 1, "churn", BASE, "lapsed", *MAY, 100 * p, part=label, about=100, variance=100 * p * (1 - p)
        )
        for account in accounts:
            shop.add("predicted_customers", run_id=run_id(1), model="churn", base_day=BASE, due_day=MAY[1],
                     account_no=account, label=label, score=str(p))  # fmt: skip
    return shop


def test_churn_as_expected_is_said_to_be_so(tmp_path: Path) -> None:
    """covers: I5. Forty left of each hundred: 80 of 80 in all, though the levels were off in opposite ways."""
    result = judged(churned(40), tmp_path)
    whole = row_of(result, "calibration", part="all")
    assert (whole["customers"], whole["expected"], whole["actual"]) == (200, 80.0, 80)
    low = row_of(result, "calibration", part="低")
    assert (low["predicted_share"], low["share"]) == (0.2, 0.4)
    z = (40 - 20) / 16**0.5
    assert low["q"] == pytest.approx(min(1.0, 2 * stats.norm.sf(z) * 3 / 2), abs=1e-4)
    assert [claim.says for claim in result.claims] == ["calibrated"]


def test_more_leavers_than_expected_move_the_odds_of_the_present_ones(tmp_path: Path) -> None:
    """covers: I5. Seventy of each hundred left: 140 instead of 80; the present customers' odds grow by the factor."""
    said = Relation("churn_said", forecast_ledger.ANALYSIS.title, "SELECT account_no, '高' AS label, '0.5' AS score "
                    "FROM customer_facts WHERE account_no <= 10", kind="scores")  # fmt: skip
    told = Forecast(
        "lapsed", AS_OF + timedelta(days=1), AS_OF + timedelta(days=31), 5.0, group="高", customers=10
    )
    present = Result("churn", foresight=Foresight((told,), "rule", customers=said))
    result = judged(churned(70), tmp_path, churn=present)
    factor = odds_factor([(0.2, 100), (0.6, 100)], 140)
    assert factor is not None
    row = row_of(result, "corrected", quantity="lapsed")
    assert (row["predicted"], row["corrected"]) == (5, round(10 * factor / (1 + factor)))
    assert [claim.says for claim in result.claims] == ["more_left"]


def test_rates_of_few_customers_are_withheld(tmp_path: Path) -> None:
    shop = small()
    say(shop, 1, "churn", BASE, "lapsed", *MAY, 1, part="高", about=2, variance=0.5)
    for account in (1, 4):
        shop.add("predicted_customers", run_id=run_id(1), model="churn", base_day=BASE, due_day=MAY[1],
                 account_no=account, label="高", score="0.5")  # fmt: skip
    row = row_of(judged(shop, tmp_path), "calibration", part="高")
    assert (row["actual"], row["share"]) == (1, None)


def test_churn_whose_customers_were_not_kept_is_not_judged(tmp_path: Path) -> None:
    shop = small()
    say(shop, 1, "churn", BASE, "lapsed", *MAY, 1, part="高", about=2, variance=0.5)
    assert len(judged(shop, tmp_path).table("fared").rows) == 0


def binned(inputs: PinnedInputs, day: date) -> list[dict[str, Any]]:
    return inputs.query(BINNED, day=day, since=since(day, 0), places=PLACES).to_pylist()


def test_deciles_of_inputs_by_hand(tmp_path: Path) -> None:
    """Twenty customers with 1 to 20 orders: ten bins of two; the first and the last are open."""
    shop = Shop()
    for account in range(1, 21):
        for number in range(account):
            shop.buy(account, date(2025, 5, 1) + timedelta(days=number), 10 * account)
    rows = [row for row in binned(shop.inputs(tmp_path, AS_OF), AS_OF) if row["feature"] == "order_days"]
    assert [row["members"] for row in rows] == [2] * 10
    assert [row["up_to"] for row in rows] == [*map(Decimal, range(2, 20, 2)), None]
    assert [row["above"] for row in rows] == [None, *map(Decimal, range(2, 20, 2))]
    assert sorted({row["feature"] for row in binned(shop.inputs(tmp_path, AS_OF), AS_OF)}) == sorted(FEATURES)


def test_tied_values_share_a_bin(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 41):
        shop.buy(account, date(2025, 6, 1), 10)
    rows = binned(shop.inputs(tmp_path, AS_OF), AS_OF)
    assert [(row["bin"], row["above"], row["up_to"], row["members"]) for row in rows] == [
        (1, None, None, 40)
    ] * 4


def kept_bins(shop: Shop, folder: Path, day: date) -> None:
    """Keeps the inputs as they were on a day, as a run of clv does."""
    rows = binned(shop.inputs(folder, day), day)
    for row in rows:
        shop.add("model_inputs", run_id=run_id(1), run_no=1, model="clv", base_day=day, inputs_within=0, places=PLACES,
                 **row)  # fmt: skip
    say(shop, 1, "clv", day, "known_purchases_30", date(2025, 7, 1), date(2025, 7, 31), 1)


def test_inputs_that_stay_are_stable_and_those_that_move_are_named(tmp_path: Path) -> None:
    """covers: I5. 400 customers; until today each of the former fell silent and 400 new ones came who spend ten times."""
    shop = Shop()
    for account in range(1, 401):
        shop.buy(account, date(2025, 4, 1) + timedelta(days=account % 30), 10 + account % 50)
    kept_bins(shop, tmp_path, BASE)
    still = judged(shop, tmp_path, BASE + timedelta(days=1))
    assert {row["verdict"] for row in still.table("drift") if row["feature"] == "spend"} == {"stable"}
    for account in range(401, 801):
        shop.buy(account, date(2025, 6, 1) + timedelta(days=account % 20), 100 + account % 500)
    result = judged(shop, tmp_path)
    spend = row_of(result, "drift", feature="spend")
    assert (spend["then"], spend["now"], spend["verdict"]) == (400, 800, "strong")
    assert {claim.says for claim in result.claims} == {"drift"}
    assert "forecast_ledger/drift/clv/spend" in {claim.key for claim in result.claims}


def test_the_sample_of_inputs_is_bounded() -> None:
    assert (places(100), places(50_000), places(10_000_000)) == (PLACES, PLACES, 327)
