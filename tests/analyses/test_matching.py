"""Strategies are matched by the matrix and by facts; one customer has one strategy; effects need a control."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keguan.analysis import Settings
from keguan.app.checking import faults
from keguan.app.inputs import PinnedInputs
from keguan.evidence.statistics.holdout_size import holdout_size
from keguan.result import Result
from keguan.schema.vocabulary import shown
from keguan.strategies.matching import ANALYSIS, pains
from model_shops import growing
from shop import Shop

AS_OF = date(2025, 6, 30)
FRAMEWORK = """
高价值客户 | 专属服务、长期合作 | 客户成功经理一对一跟进、定制化方案、VIP活动邀请 | 高优先级服务响应、专属折扣
潜力客户 | 产品价值验证、信任建立 | 免费试用、案例分享会、行业白皮书推送 | 销售重点跟进、产品培训支持
流失风险客户 | 价格敏感、服务体验 | 专属召回优惠、满意度调研、服务流程优化 | 短期促销资源、售后快速响应
新客户 | 信息获取、决策辅助 | 新人礼包、新手引导、线上答疑社群 | 市场活动曝光、内容营销支持
""".strip()
OWN = """
priority = ["lifecycle", "rfm"]
[[rows]]
id = "back"
customers = "流失风险客户"
need = "价格"
direction = "召回"
focus = "促销"
[[segments]]
segmentation = "rfm"
label = "一般挽留"
manner = "自动化"
expected = { low = 0.01, high = 0.02, basis = "同行经验" }
[[segments]]
segmentation = "lifecycle"
label = "流失"
row = "back"
"""


def settled(shop: Shop, folder: Path, **params: Any) -> tuple[PinnedInputs, Result]:
    inputs = shop.inputs(folder, AS_OF, Settings(currency="CNY"))
    return inputs, ANALYSIS.run(inputs, ANALYSIS.params(**params))


def two_kinds() -> Shop:
    """Sixty customers of the last weeks who spend much, sixty of long ago who spent little, two of them with two owners."""
    shop = Shop()
    for account in range(1, 61):
        for back in (20, 45, 80, 140, 200):
            shop.buy(
                account,
                AS_OF - timedelta(days=back + account % 10),
                500,
                channel="APP" if account % 4 else "门店",
            )
    for account in range(61, 121):
        shop.buy(account, AS_OF - timedelta(days=300 + account % 20), 20, channel="官网")
    shop.customers = [
        {"account_no": n, "customer_id": f"C{n}", "owner": "王" if n % 2 else "李"} for n in range(1, 121)
    ]
    shop.customers += [{"account_no": n, "customer_id": f"D{n}", "owner": "张"} for n in (3, 4)]
    for account in range(1, 121):
        topic = "物流" if account <= 60 and account % 3 else "质量"
        shop.add("feedback", feedback_id=f"F{account}", kind="complaint", account_no=account, topic=topic,
                 raised_at=datetime(2025, 5, 1, 3), status="solved", resolved_at=datetime(2025, 5, 4, 3))  # fmt: skip
    return shop


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[PinnedInputs, Result]:
    return settled(two_kinds(), tmp_path_factory.mktemp("matching"))


def row_of(result: Result, table: str, segment: str, method: str = "rfm") -> dict[str, Any]:
    row = result.table(table).find({"segment_method": method, "segment": segment})
    assert row is not None
    return row


def test_the_framework_has_exactly_its_columns_and_default_rows(found: tuple[PinnedInputs, Result]) -> None:
    """covers: J1"""
    table = found[1].table("framework")
    assert [c.label.zh for c in table.columns] == ["客户类型", "核心需求痛点", "营销策略方向", "资源倾斜重点"]
    told = [" | ".join(shown(str(value), "in_both", "zh") for value in row.values()) for row in table]
    assert told == FRAMEWORK.splitlines()
    first = table.records()[0]
    assert shown(first["customers"], "in_both", "en") == "High-value customers"


def test_a_segment_has_its_strategy_its_pain_and_its_channel(found: tuple[PinnedInputs, Result]) -> None:
    """40 of the 60 new customers' complaints are about delivery, none of the others'.

    covers: J1
    """
    best = row_of(found[1], "matched", "重要价值")
    assert (best["customers"], float(best["money"])) == (60, 60 * 5 * 500)
    assert (best["strategy"], best["priority"]) == ("高价值客户", 1)
    assert (best["pain"], best["pain_value"], best["measure"]) == ("complaint", "物流", "solve_topic")
    facts = row_of(found[1], "facts", "重要价值")
    assert (facts["pain_n"], facts["pain_share"], facts["pain_rest"]) == (60, pytest.approx(40 / 60), 0)
    assert facts["pain_q"] < 0.001
    assert (facts["channel"], facts["channel_share"], facts["orders"]) == ("APP", 0.75, 300)


def test_without_a_control_the_effect_is_unknown_and_a_holdout_is_named(
    found: tuple[PinnedInputs, Result],
) -> None:
    """covers: J6"""
    best = row_of(found[1], "matched", "重要价值")
    assert (best["effect_source"], best["expected_low"], best["expected_high"]) == ("unknown", None, None)
    facts = row_of(found[1], "facts", "重要价值")
    assert 0 < facts["natural_rate"] <= 1
    assert 0 < facts["holdout"] <= 30
    says = [claim.says for claim in found[1].claims]
    assert not any(word in key for key in says for word in ("experiment", "assumed"))


def test_every_known_customer_has_one_strategy(found: tuple[PinnedInputs, Result]) -> None:
    """trap: J2. covers: J2"""
    inputs, result = found
    (relation,) = result.relations
    assert relation.id == "strategies"
    rows = inputs.query(f"SELECT account_no, label, score FROM ({relation.sql}) r").to_pylist()
    assert len(rows) == len({row["account_no"] for row in rows}) == 120
    assert {row["score"] for row in rows} == {"rfm"}
    assert sum(row["customers"] for row in result.table("assigned")) == 120
    assert sum(row["share"] for row in result.table("assigned")) == pytest.approx(1)
    assert {row["two_owners"] for row in result.table("coverage")} == {2}
    assert any("两位责任人" in note.says.zh for note in result.notes)


def test_the_view_of_strategies_is_there_for_other_analyses(tmp_path: Path) -> None:
    inputs = two_kinds().inputs(tmp_path, AS_OF)
    view = inputs.segment("strategies")
    counted = inputs.query(
        f"SELECT label, count(*) AS n FROM {view} GROUP BY label ORDER BY n DESC"
    ).to_pylist()
    assert counted[0]["n"] == 60
    earlier = inputs.segment("strategies", date(2024, 12, 31))
    assert len(inputs.query(f"SELECT account_no FROM {earlier}")) == 120


def test_a_conflict_is_decided_by_the_stated_order(tmp_path: Path) -> None:
    """The lost are called back by their lifecycle before their RFM class would send a message; the order of the file
    turned round gives the other.

    covers: J1
    """
    _, lifecycle_first = settled(two_kinds(), tmp_path, strategies=OWN)
    taken = {row["strategy"]: row["customers"] for row in lifecycle_first.table("assigned")}
    assert taken["流失风险客户"] == 60
    (conflict,) = lifecycle_first.table("conflicts").records()
    assert (conflict["strategy"], conflict["other"], conflict["by"], conflict["customers"]) == (
        "流失风险客户", "自动化", "rfm", 60)  # fmt: skip
    other = tmp_path / "b"
    other.mkdir()
    turned = OWN.replace('["lifecycle", "rfm"]', '["rfm", "lifecycle"]')
    _, rfm_first = settled(two_kinds(), other, strategies=turned)
    assert {row["strategy"]: row["customers"] for row in rfm_first.table("assigned")}["自动化"] == 60
    assert rfm_first.table("coverage").find({"scope": "全部"})["conflicting"] == 60  # type: ignore[index]


def test_a_declared_assumption_is_called_one(tmp_path: Path) -> None:
    _, result = settled(two_kinds(), tmp_path, strategies=OWN.replace('["lifecycle", "rfm"]', '["rfm"]'))
    row = row_of(result, "matched", "一般挽留")
    assert (row["effect_source"], row["expected_low"], row["expected_high"]) == ("assumed", 0.01, 0.02)
    (claim,) = [item for item in result.claims if item.key == "matching/rfm/一般挽留"]
    assert "assumed" in claim.says
    assert claim.strength == "recommendation"
    assert isinstance(claim.money, float)


def test_a_segment_without_a_rule_takes_what_most_of_its_customers_have(tmp_path: Path) -> None:
    _, result = settled(two_kinds(), tmp_path, strategies=OWN)
    row = row_of(result, "facts", "挽留", "lifecycle_stage")
    assert row["chosen"] == "members"
    assert row_of(result, "matched", "挽留", "lifecycle_stage")["strategy"] == "流失风险客户"
    assert row_of(result, "matched", "忠诚", "lifecycle_stage")["strategy"] == "未匹配"


def test_a_past_campaign_with_a_control_gives_the_expectation(tmp_path: Path) -> None:
    """Of 30 treated 20 ordered, of 30 held out 5: the interval is that of the analysis of campaigns.

    covers: J1
    """
    shop = two_kinds()
    for campaign, segment in (("K1", "rfm/重要价值"), ("K2", "rfm/一般挽留")):
        shop.add("campaigns", campaign_id=campaign, name=f"活动{campaign}", segment=segment,
                 starts_on=date(2025, 1, 5), ends_on=date(2025, 1, 10))  # fmt: skip
    for account in range(1, 61):
        shop.add("campaign_members", campaign_id="K1", account_no=account, arm="treatment" if account <= 30 else "control",
                 assigned_at=datetime(2025, 1, 4))  # fmt: skip
        shop.add("campaign_members", campaign_id="K2", account_no=60 + account, arm="treatment",
                 assigned_at=datetime(2025, 1, 4))  # fmt: skip
        if account <= 20 or 31 <= account <= 35:
            shop.buy(account, date(2025, 1, 8), 5)
    inputs, result = settled(shop, tmp_path)
    row = row_of(result, "matched", "重要价值")
    effects = inputs.result("experiments").table("effects")
    (told,) = [item for item in effects if item["campaign"] == "K1" and item["metric"] == "conversion"]
    assert row["effect_source"] == "experiment"
    assert row["expected_low"] == pytest.approx(float(told["low"]), abs=1e-6)
    assert row["expected_high"] == pytest.approx(float(told["high"]), abs=1e-6)
    assert row_of(result, "matched", "一般挽留")["effect_source"] == "unknown"  # a campaign without a control


def test_equal_shares_are_no_pain_and_all_comparisons_are_corrected_together() -> None:
    rows = [
        {"segment": name, "pain": "complaint", "value": "物流", "n": 100, "hits": hits}
        for name, hits in (("a", 20), ("b", 20), ("c", 60))
    ]
    judged = {row["segment"]: row for row in pains.judged(rows, 30)}
    assert judged["c"]["verdict"] == "above"
    assert judged["c"]["rest"] == 0.2
    assert pains.worst([judged["a"]]) is None
    same = pains.judged([{**row, "hits": 20} for row in rows], 30)
    assert {row["verdict"] for row in same} == {"plain"}
    assert pains.judged([{**row, "n": 29} for row in rows[:2]], 30)[0].get("share") is None


@pytest.mark.parametrize(("audience", "base"), [(20_000, 0.1), (2_000, 0.1), (100, 0.3), (4, 0.5)])
def test_a_holdout_finds_what_it_promises(audience: int, base: float) -> None:
    """covers: J4"""
    from keguan.evidence.statistics.sample_size import cohens_h, share_power

    held = holdout_size(audience, base, 0.03)
    assert held is not None
    assert audience * 0.05 <= held.size <= audience / 2
    if held.finds is not None:
        power = share_power(cohens_h(base + held.finds, base), held.size, (audience - held.size) / held.size)
        assert power >= 0.7999
    if held.finds == 0.03 and held.size > audience * 0.05 + 1:
        less = held.size - 1
        assert share_power(cohens_h(base + 0.03, base), less, (audience - less) / less) < 0.8
    assert holdout_size(3, base, 0.03) is None


def test_a_parameter_out_of_range_is_refused() -> None:
    for wrong in (
        {"segmentations": "rfn"},
        {"window_months": 0},
        {"natural_days": 1},
        {"detect_points": 0.0},
    ):
        with pytest.raises(ValueError, match=next(iter(wrong.values())).__str__()):
            ANALYSIS.params(**wrong)


def test_no_sentence_names_a_cause(found: tuple[PinnedInputs, Result]) -> None:
    for claim in found[1].claims:
        assert faults(found[1], ANALYSIS, claim) == ()
    for text in ANALYSIS.text.values():
        assert not any(word in text.zh for word in ("带来", "导致", "使得", "因为"))
        assert not any(word in text.en for word in (" caused", " because ", " led to "))


def test_two_answers_of_one_moment_have_no_order(tmp_path: Path) -> None:
    """Rows without an id, in either order: who gave a negative answer on the last day is dissatisfied."""
    told = []
    for name, scores in (("one", (5, 1)), ("other", (1, 5))):
        shop, folder = two_kinds(), tmp_path / name
        folder.mkdir()
        for account in range(1, 41):
            for score in scores:
                shop.add("feedback", kind="survey", survey_id=f"S{score}", account_no=account, scale="csat5", score=score,
                         raised_at=datetime(2025, 5, 2, 3))  # fmt: skip
        _, result = settled(shop, folder)
        told.append([row for row in result.table("pains") if row["pain"] == "dissatisfied"])
    assert told[0] == told[1]


def test_price_sensitivity_is_a_share_of_all_who_can_be_judged(tmp_path: Path) -> None:
    """Forty customers of three orders each in both classes; all of the one class bought with a discount, a quarter of the
    other: 40 of 40 and 10 of 40, not all of those who have the tag."""
    shop = Shop()
    for account in range(1, 81):
        frequent = account <= 40
        for number in range(3):
            day = AS_OF - timedelta(days=(5 if frequent else 250) + 20 * number + account % 5)
            shop.buy(account, day, 500 if frequent else 20)
            shop.lines[-1]["discount"] = 5 if not frequent or account % 4 == 0 else 0
    _, result = settled(shop, tmp_path, segmentations="lifecycle")
    rows = [row for row in result.table("pains") if row["pain"] == "price"]
    assert sum(row["n"] for row in rows) == 80
    assert sum(row["hits"] for row in rows) == 50
    assert {(row["n"], row["hits"]) for row in rows} >= {(40, 40), (40, 10)}


def test_orders_without_a_channel_name_none(tmp_path: Path) -> None:
    """Found on a published export without channels: all orders came from '待核实'."""
    shop = Shop()
    for account in range(1, 61):
        shop.buy(account, AS_OF - timedelta(days=account % 20), 100, channel=None)
    _, result = settled(shop, tmp_path)
    assert {row["channel"] for row in result.table("facts").records()} == {None}
    assert all("channel" not in claim.values for claim in result.claims)


def test_what_a_class_is_worth_is_the_forecast_of_the_model_with_its_back_test(tmp_path: Path) -> None:
    inputs = growing().inputs(tmp_path, date(2025, 6, 30), Settings(currency="CNY"))
    result, lifetime = ANALYSIS.run(inputs, ANALYSIS.params()), inputs.result("clv")
    (setting,) = lifetime.table("settings")
    tested = lifetime.table("backtest").find({"method": setting["method"]})
    assert tested is not None
    facts = {row["segment"]: row for row in result.table("facts") if row["segment_method"] == "rfm"}
    forecast = {
        row["label"]: row for row in lifetime.table("groups") if row["mean"] is not None and row["clv_12"] > 0
    }
    assert forecast
    for label, row in facts.items():
        known = forecast.get(label)
        assert row["clv_12"] == (known["clv_12"] if known else None), label
        assert row["clv_bias"] == (pytest.approx(tested["bias"]) if known else None)
    claims = {claim.key: claim for claim in result.claims}
    for label, row in forecast.items():
        claim = claims.get(f"matching/rfm/{label}")
        if claim is not None:
            assert claim.money == float(row["clv_12"])
            assert claim.says.endswith("_worth")
            assert {"clv_12", "clv_basis", "clv_bias"} <= set(claim.values)


def test_without_a_forecast_the_money_spent_is_at_stake(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(1, 61):  # three weeks of history: nothing to calibrate and test a model on
        shop.buy(account, AS_OF - timedelta(days=account % 20), 100)
    inputs, result = settled(shop, tmp_path)
    assert any(claim.key.startswith("matching/rfm/") for claim in result.claims)
    assert not inputs.result("clv").has("groups") or not len(inputs.result("clv").table("groups").rows)
    for claim in result.claims:
        if claim.key.startswith("matching/rfm/"):
            assert "clv_12" not in claim.values
            row = result.table("matched").find(
                {"segment_method": "rfm", "segment": claim.key.rsplit("/", 1)[1]}
            )
            assert row is not None
            assert claim.money == max(float(row["money"]), 0.0)
