"""Sentences of the analysis of channels and the cells that they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from keguan.core.text import Text
from keguan.evidence.statistics.corrected import corrected
from keguan.result import Cell, Change, Claim, Result, Test
from keguan.schema.vocabulary import UNKNOWN

ORDERS_BASE = Text("本期订单，含散客", "orders of the period, guests included")
KNOWN_BASE = Text(
    "本期下单方式已知的订单，含散客", "orders of the period for which it is known, guests included"
)
BOTH = Text("两期都下单的客户", "customers with an order in both periods")

TEXT = {
    "largest": Text(
        "{days} 净销售额占比最高的渠道是{channel}：{net}，占 {share}；{customers} 位客户在此下单（n={n}，{base}）。",
        "In {days} the channel with the largest share of net revenue is {channel}: {net}, {share}; {customers} customers "
        "ordered through it (n={n}, {base}).",
    ),
    "share_up": Text(
        "{channel}占净销售额的比重由 {before} 显著上升到 {share}，相差 {difference}（95% 区间 {low} 至 {high}；{days} "
        "对上一个同样长的期间；n={n}，{base}）。",
        "{channel} has risen significantly from {before} to {share} of net revenue, {difference} (95% interval {low} to "
        "{high}; {days} against the period of the same length before; n={n}, {base}).",
    ),
    "share_down": Text(
        "{channel}占净销售额的比重由 {before} 显著下降到 {share}，相差 {difference:-}（95% 区间 {high:-} 至 {low:-}；{days} "
        "对上一个同样长的期间；n={n}，{base}）。",
        "{channel} has fallen significantly from {before} to {share} of net revenue, {difference:-} (95% interval {high:-} to "
        "{low:-}; {days} against the period of the same length before; n={n}, {base}).",
    ),
    "moved": Text(
        "两期都下单的客户中，主渠道由{from_channel}转到{to_channel}的有 {moved} 位，反向 {back} 位，"
        "转移方向显著；转去的客户本期净销售额 {money}（n={n}，{base}）。",
        "Of the customers with an order in both periods {moved} moved their main channel from {from_channel} to {to_channel} "
        "and {back} the other way, a significant direction; those who moved brought {money} in this period (n={n}, {base}).",
    ),
    "multiple": Text(
        "本期下单的客户中 {multiple} 位用过两个及以上渠道，占 {share}（95% 区间 {low} 至 {high}；n={n}，{base}）。",
        "Of the customers with an order in the period {multiple} used two or more channels: {share} (95% interval {low} to "
        "{high}; n={n}, {base}).",
    ),
    "mobile": Text(
        "下单方式已知的订单中，移动端占 {share}（上期 {before}）；下单方式不明的占全部订单的 {unknown}（n={n}，{base}）。",
        "Of the orders for which device or channel tell it, {share} come from a phone ({before} in the period before); for "
        "{unknown} of all orders it is not known (n={n}, {base}).",
    ),
    "mobile_up": Text(
        "下单方式已知的订单中，移动端占比由 {before} 显著上升到 {share}，相差 {difference}（95% 区间 {low} 至 {high}；"
        "下单方式不明的占全部订单的 {unknown}；n={n}，{base}）。",
        "Of the orders for which device or channel tell it, the share from a phone has risen significantly from {before} to "
        "{share}, {difference} (95% interval {low} to {high}; not known for {unknown} of all orders; n={n}, {base}).",
    ),
    "mobile_down": Text(
        "下单方式已知的订单中，移动端占比由 {before} 显著下降到 {share}，相差 {difference:-}（95% 区间 {high:-} 至 {low:-}；"
        "下单方式不明的占全部订单的 {unknown}；n={n}，{base}）。",
        "Of the orders for which device or channel tell it, the share from a phone has fallen significantly from {before} to "
        "{share}, {difference:-} (95% interval {high:-} to {low:-}; not known for {unknown} of all orders; n={n}, {base}).",
    ),
}
MOST_SAID = 3


def channel_claims(result: Result, min_n: int) -> Iterator[Claim]:
    """The largest channel, changed shares, moves between channels, several channels, phones."""
    orders = sum(row["orders"] for row in result.table("channels"))
    if orders < min_n:
        return
    yield from _largest(result, orders)
    yield from _changed(result, orders)
    yield from _moved(result)
    yield from _several(result, min_n)
    yield from _mobile(result)


def _days(result: Result) -> Cell:
    return Cell("periods", {"period": "recent"}, "days")


def _largest(result: Result, orders: int) -> Iterator[Claim]:
    row = next(iter(result.table("channels")), None)
    if row is None or row["revenue_share"] is None:
        return
    key = {"channel": row["channel"]}
    yield Claim(
        "largest", "channel/largest",
        {
            "days": _days(result), "net": Cell("channels", key, "net_revenue"),
            "share": Cell("channels", key, "revenue_share"), "customers": Cell("channels", key, "customers"),
        },
        n=orders, base=ORDERS_BASE, labels={"channel": (row["channel"], "main_channel")},
        money=float(row["net_revenue"]) * 0.1, certainty=0.5, topic="largest_channel", figure="months",
    )  # fmt: skip


def _changed(result: Result, orders: int) -> Iterator[Claim]:
    sure = [row for row in result.table("channels") if row["verdict"] in ("显著增加", "显著减少")]
    sure.sort(key=lambda row: (-abs(row["difference"]), row["channel"]))
    total = float(sum(row["net_revenue"] for row in result.table("channels")))
    for row in sure[:MOST_SAID]:
        key = {"channel": row["channel"]}
        says = "share_up" if row["difference"] > 0 else "share_down"
        names = {"share": "revenue_share", "before": "base_revenue_share", "difference": "difference",
                 "low": "low", "high": "high"}  # fmt: skip
        yield Claim(
            says, f"channel/{says}/{row['channel']}",
            {"days": _days(result), **{name: Cell("channels", key, column) for name, column in names.items()}},
            n=orders, base=ORDERS_BASE, strength="tested",
            test=Test("bootstrap of customers, share of revenue", True, None, row["low"], row["high"],
                      corrected(row["q"])),
            labels={"channel": (row["channel"], "main_channel")},
            money=abs(row["difference"]) * total, certainty=1 - row["q"], topic=f"channel_share/{row['channel']}",
            change=Change(("revenue_share", "channel", row["channel"]), "up" if row["difference"] > 0 else "down"),
            figure="months",
        )  # fmt: skip


def _moved(result: Result) -> Iterator[Claim]:
    if not result.has("flows"):
        return
    both = sum(row["customers"] for row in result.table("migration") if row["kind"] in ("stayed", "moved"))
    sure = [row for row in result.table("flows") if row["verdict"] == "directed"]
    for row in sure[:MOST_SAID]:
        key = {"from_channel": row["from_channel"], "to_channel": row["to_channel"]}
        yield Claim(
            "moved", f"channel/moved/{row['from_channel']}/{row['to_channel']}",
            {
                "moved": Cell("flows", key, "moved"), "back": Cell("flows", key, "moved_back"),
                "money": Cell("flows", key, "money"),
            },
            n=both, base=BOTH, strength="tested",
            test=Test("McNemar, exact", True, row["p"], corrected=corrected(row["q"])),
            labels={"from_channel": (row["from_channel"], "main_channel"),
                    "to_channel": (row["to_channel"], "main_channel")},
            money=float(row["money"]) * row["net_moved"] / max(row["moved"], 1), certainty=1 - row["q"],
            topic=f"channel_move/{row['from_channel']}", figure="migration",
        )  # fmt: skip


def _several(result: Result, min_n: int) -> Iterator[Claim]:
    row = result.table("periods").find({"period": "recent"})
    if row is None or row["multiple_share"] is None or not row["multiple"] or row["customers"] < min_n:
        return
    key = {"period": "recent"}
    names = {"multiple": "multiple", "share": "multiple_share", "low": "low", "high": "high"}
    yield Claim(
        "multiple", "channel/several", {name: Cell("periods", key, column) for name, column in names.items()},
        n=row["customers"], base=Text("本期下单的客户", "customers with an order in the period"),
        strength="estimate", certainty=0.6, topic="several_channels",
    )  # fmt: skip


def _mobile(result: Result) -> Iterator[Claim]:
    row = result.table("devices").find({"device_class": "移动端"})
    if row is None or not row["orders"] or row["base_known_share"] is None:
        return
    key = {"device_class": "移动端"}
    names = {"share": "known_share", "before": "base_known_share"}
    values = {name: Cell("devices", key, column) for name, column in names.items()}
    values["unknown"] = Cell("devices", {"device_class": UNKNOWN}, "orders_share")
    known = sum(part["orders"] for part in result.table("devices") if part["device_class"] != UNKNOWN)
    if row["verdict"] not in ("显著增加", "显著减少"):
        yield Claim("mobile", "channel/mobile", values, n=known, base=KNOWN_BASE, certainty=0.4, topic="mobile",
                    summary=False)  # fmt: skip
        return
    says = "mobile_up" if row["difference"] > 0 else "mobile_down"
    values |= {name: Cell("devices", key, name) for name in ("difference", "low", "high")}
    yield Claim(
        says, "channel/mobile", values, n=known, base=KNOWN_BASE, strength="tested",
        test=Test("bootstrap of customers, share of orders", True, None, row["low"], row["high"], corrected(row["q"])),
        money=abs(row["difference"]) * float(row["net_revenue"]), certainty=1 - row["q"], topic="mobile",
        change=Change(("orders_share", "device", "移动端"), "up" if row["difference"] > 0 else "down"),
    )  # fmt: skip
