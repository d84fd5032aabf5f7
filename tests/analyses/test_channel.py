"""Channels by hand: shares, moves between main channels, phones, and what is not said."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keguan.analyses.channel import Params, run
from keguan.analysis import Settings
from keguan.result import Result
from shop import Shop

AS_OF = date(2025, 12, 31)


def found(shop: Shop, folder: Path, as_of: date = AS_OF, min_n: int = 30, **params: Any) -> Result:
    return run(shop.inputs(folder, as_of, Settings(min_n=min_n)), Params(**params))


def moving(there: int = 30, back: int = 5, loyal: int = 40) -> Shop:
    """Customers who ordered in 2024 and 2025: some went from shop to app, some back, the others stayed."""
    shop = Shop()
    shop.buy(9999, date(2024, 1, 1), 10, channel="门店")
    for account in range(there + back + loyal):
        before, now = ("门店", "APP") if account < there else ("APP", "门店")
        if account >= there + back:
            before = now = "门店"
        shop.buy(account + 1, date(2024, 3, 1), 100, channel=before)
        shop.buy(account + 1, date(2025, 3, 1), 100, channel=now)
    return shop


def test_shares_by_hand(tmp_path: Path) -> None:
    """covers: E3, A10. trap: 8."""
    result = found(moving(), tmp_path)
    rows = {row["channel"]: row for row in result.table("channels")}
    assert rows["APP"]["net_revenue"] == 3000
    assert rows["门店"]["net_revenue"] == 4500
    assert (rows["APP"]["revenue_share"], rows["门店"]["revenue_share"]) == (0.4, 0.6)
    assert (rows["APP"]["base_orders"], rows["门店"]["base_orders"]) == (5, 71)
    assert sum(row["revenue_share"] for row in rows.values()) == 1
    assert sum(row["orders_share"] for row in rows.values()) == 1


def test_moves_between_main_channels_and_their_direction(tmp_path: Path) -> None:
    """covers: E3. Thirty went one way and five the other: McNemar p = 2 * P(X <= 5 of 35)."""
    from scipy.stats import binomtest

    result = found(moving(), tmp_path)
    cells = {(row["from_channel"], row["to_channel"]): row for row in result.table("migration")}
    assert cells["门店", "APP"]["customers"] == 30
    assert cells["APP", "门店"]["customers"] == 5
    assert cells["门店", "门店"]["customers"] == 40
    assert cells["门店", "未下单"]["customers"] == 1
    assert cells["门店", "APP"]["share"] == pytest.approx(30 / 71, abs=1e-6)
    flow = result.table("flows").records()[0]
    assert (flow["from_channel"], flow["moved"], flow["moved_back"], flow["net_moved"]) == ("门店", 30, 5, 25)
    assert flow["p"] == pytest.approx(binomtest(5, 35).pvalue, abs=1e-4)
    claim = next(claim for claim in result.claims if claim.says == "moved")
    assert claim.n == 75
    assert claim.test is not None
    assert claim.test.passed


def test_as_many_each_way_is_no_direction(tmp_path: Path) -> None:
    result = found(moving(20, 20), tmp_path)
    flow = result.table("flows").records()[0]
    assert (flow["verdict"], flow["p"]) == ("undirected", 1)
    assert not any(claim.says == "moved" for claim in result.claims)


def test_a_change_of_share_is_said_only_after_its_test(tmp_path: Path) -> None:
    """trap: 7. The same difference from one large customer is no change of many."""
    result = found(moving(), tmp_path)
    app = result.table("channels").find({"channel": "APP"})
    assert app is not None
    assert app["verdict"] == "显著增加"
    shop = moving(0, 30, 60)
    shop.buy(5, date(2025, 5, 1), 9000, channel="APP")
    (tmp_path / "one").mkdir()
    one = found(shop, tmp_path / "one").table("channels").find({"channel": "APP"})
    assert one is not None
    assert one["difference"] > 0.1
    assert one["verdict"] == "无显著变化"


def test_periods_of_one_length_are_compared(tmp_path: Path) -> None:
    """trap: 9. In mid-month both windows end or begin on the same day of the month."""
    result = found(moving(), tmp_path, date(2025, 6, 15))
    days = {row["period"]: (row["first"], row["last"]) for row in result.table("periods")}
    assert days["recent"] == (date(2024, 12, 16), date(2025, 6, 15))
    assert days["before"] == (date(2024, 6, 16), date(2024, 12, 15))


def test_a_phone_is_known_by_device_or_channel(tmp_path: Path) -> None:
    """covers: E3. iPhone and a mini program are phones, a PC and a shop are not, a web site tells neither."""
    shop = Shop()
    for account, (device, channel) in enumerate(
        [("iPhone 15", "官网"), (None, "微信小程序"), ("Windows PC", "APP"), (None, "门店"), (None, "官网")]
        * 10
    ):
        for year in (2024, 2025):
            shop.buy(account, date(year, 1, 2), 10, channel=channel)
            shop.orders[-1]["device"] = device
    rows = {row["device_class"]: row for row in found(shop, tmp_path).table("devices")}
    assert {name: row["orders"] for name, row in rows.items()} == {"移动端": 20, "非移动端": 20, "待核实": 10}
    assert (rows["移动端"]["orders_share"], rows["移动端"]["known_share"]) == (0.4, 0.5)


def phones(unknown: int) -> Shop:
    """100 customers a year; phones go from 20 to 60 of the known orders; `unknown` of 100 tell nothing."""
    shop = Shop()
    for account in range(1, 101):
        for year, upto in ((2024, 20), (2025, 60)):
            channel = (
                "官网" if account <= unknown else "微信小程序" if account % 100 < upto + unknown else "门店"
            )
            shop.buy(account, date(year, 1, 2), 10, channel=channel)
    return shop


def test_the_share_of_phones_is_judged_only_where_it_is_known_of_enough_orders(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    judged, unclear = found(phones(10), tmp_path / "a"), found(phones(40), tmp_path / "b")
    (claim,) = [claim for claim in judged.claims if claim.key == "channel/mobile"]
    assert (claim.says, claim.n) == ("mobile_up", 90)
    assert judged.value(claim.values["unknown"]) == 0.1
    (claim,) = [claim for claim in unclear.claims if claim.key == "channel/mobile"]
    assert (claim.says, claim.n, claim.test) == ("mobile", 60, None)
    assert unclear.value(claim.values["unknown"]) == 0.4
    assert {row["verdict"] for row in unclear.table("devices")} == {"未检验"}


def test_orders_without_channels_say_so(tmp_path: Path) -> None:
    shop = Shop()
    for account in range(40):
        shop.buy(account, date(2025, 1, 1), 10, channel=None)
    result = found(shop, tmp_path)
    assert result.tables == result.claims == ()
    assert [note.kind for note in result.notes] == ["missing"]
    assert "渠道" in result.notes[0].says.zh


def test_few_orders_withhold_shares(tmp_path: Path) -> None:
    result = found(moving(3, 2, 2), tmp_path)
    row = result.table("channels").records()[0]
    assert (row["orders_share"], row["q"], row["verdict"]) == (None, None, "未检验")
    assert result.claims == ()
    assert "withheld" in {note.kind for note in result.notes}


@pytest.mark.slow
def test_a_published_export_without_channels_says_so(tmp_path: Path, data_sets: Path) -> None:
    from keguan.app.workspace import Workspace

    folder = data_sets / "online_retail"
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    workspace = Workspace.init(tmp_path)
    workspace.load(*sorted(folder.glob("*.csv.gz")))
    result = workspace.run("channel")
    assert "missing" in {note.kind for note in result.notes}
