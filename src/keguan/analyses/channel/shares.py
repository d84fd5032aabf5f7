"""Shares of channels and devices now and before, with intervals and corrected tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from keguan.analyses.channel.columns import CHANNEL_COLUMNS, DEVICE_COLUMNS
from keguan.analyses.channel.sql import CUSTOMERS_SQL, FIXED, MOBILE, NOBODY
from keguan.analysis import Inputs, Settings
from keguan.core.text import Text
from keguan.evidence.statistics.benjamini_hochberg import FALSE_DISCOVERY, benjamini_hochberg
from keguan.evidence.statistics.share_change import ShareCell, ShareChange, share_changes
from keguan.result import Table
from keguan.schema.vocabulary import UNKNOWN

MOST_UNKNOWN = (
    0.2  # of the orders of a period: beyond it a change of the share among the others is not judged
)


def channels_table(
    inputs: Inputs,
    cells: Sequence[Mapping[str, Any]],
    sql: str,
    moves: Sequence[Mapping[str, Any]],
    days: Mapping[str, Any],
) -> Table:
    """Each channel: customers, orders and net revenue with their shares, and whether the share of revenue changed."""
    customers = {row["channel"]: row for row in inputs.query(CUSTOMERS_SQL, **days).to_pylist()}
    buyers = sum(row["customers"] for row in moves if row["to_channel"] != NOBODY)
    sums = _sums(cells, "channel")
    money = share_changes(_share_cells(cells, "channel", "net_revenue"))
    enough = {
        name
        for name, row in customers.items()
        if min(buyers, row["customers"] + row["base_customers"]) >= inputs.settings.min_n
    }
    adjusted = _adjusted({name: change for name, change in money.items() if name in enough})
    orders = sum(now["orders"] for now, _ in sums.values())
    rows = []
    for channel, (now, base) in sums.items():
        used = customers.get(channel, {"customers": 0, "base_customers": 0})
        row = {
            "channel": channel, "net_revenue": now["net_revenue"], "orders": now["orders"],
            "orders_share": now["orders"] / orders if orders >= inputs.settings.min_n else None,
            "base_orders": base["orders"], "customers": used["customers"], "base_customers": used["base_customers"],
            "customers_share": used["customers"] / buyers if buyers >= inputs.settings.min_n else None,
        }  # fmt: skip
        if channel in money:
            row |= {
                "revenue_share": money[channel].now, "base_revenue_share": money[channel].before,
                "difference": money[channel].difference,
            }  # fmt: skip
        row |= _judged(money.get(channel), adjusted.get(channel), inputs.settings)
        rows.append(row)
    rows.sort(key=lambda row: (-row["net_revenue"], row["channel"]))
    return inputs.computed(
        "channels", Text("各渠道的占比与变化", "Channels: shares and change"), CHANNEL_COLUMNS, ("channel",), rows,
        method="channel.channels: share_changes, benjamini_hochberg", sql=sql, **days,
    )  # fmt: skip


def devices_table(
    inputs: Inputs, cells: Sequence[Mapping[str, Any]], sql: str, days: Mapping[str, Any]
) -> Table:
    """Orders from phones and from elsewhere, with the change of their shares among the orders for which it is known.

    Where more than `MOST_UNKNOWN` of a period's orders tell nothing, those that do may be others than before: no test.
    """
    sums = _sums(cells, "device_class")
    known = [cell for cell in cells if cell["device_class"] != UNKNOWN]
    changes = share_changes(_share_cells(known, "device_class", "orders"))
    orders = [sum(part[period]["orders"] for part in sums.values()) for period in (0, 1)]
    unknown = [sums[UNKNOWN][period]["orders"] if UNKNOWN in sums else 0 for period in (0, 1)]
    known_orders = [every - part for every, part in zip(orders, unknown, strict=True)]
    stated = min(known_orders) >= max(inputs.settings.min_n, 1)
    tested = stated and all(part <= MOST_UNKNOWN * every for every, part in zip(orders, unknown, strict=True))
    adjusted = _adjusted(changes) if tested else {}
    rows = []
    for name in (MOBILE, FIXED, UNKNOWN):
        if name not in sums and name != UNKNOWN:
            continue
        now, base = sums.get(name, ({"orders": 0, "net_revenue": Decimal(0)}, {"orders": 0}))
        change = changes.get(name) if stated else None
        row = {"device_class": name, "orders": now["orders"], "base_orders": base["orders"],
               "orders_share": now["orders"] / orders[0] if orders[0] >= inputs.settings.min_n else None,
               "net_revenue": now["net_revenue"]}  # fmt: skip
        if change:
            row |= {
                "known_share": change.now,
                "base_known_share": change.before,
                "difference": change.difference,
            }
        rows.append(row | _judged(change, adjusted.get(name), inputs.settings))
    return inputs.computed(
        "devices", Text("移动端订单占比", "Orders from a phone"), DEVICE_COLUMNS, ("device_class",), rows,
        method="channel.devices: share_changes, benjamini_hochberg", sql=sql,
        note=Text("按设备名，无设备时按渠道名判断；两者都看不出的为待核实",
                  "by the name of the device, else of the channel; unknown where neither tells"), **days,
    )  # fmt: skip


def _sums(cells: Sequence[Mapping[str, Any]], by: str) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """part -> (now, before) -> orders and money."""
    sums: dict[str, tuple[dict[str, Any], dict[str, Any]]] = defaultdict(
        lambda: ({"orders": 0, "net_revenue": 0}, {"orders": 0, "net_revenue": 0})
    )
    for cell in cells:
        into = sums[cell[by]][0 if cell["is_current"] else 1]
        into["orders"] += cell["orders"]
        into["net_revenue"] += cell["net_revenue"]
    return dict(sorted(sums.items()))


def _share_cells(cells: Sequence[Mapping[str, Any]], by: str, of: str) -> list[ShareCell]:
    return [
        ShareCell(
            cell[by], int(cell["bucket"]),
            float(cell[of]) if cell["is_current"] else 0.0, 0.0 if cell["is_current"] else float(cell[of]),
        )
        for cell in cells
    ]  # fmt: skip


def _adjusted(changes: Mapping[str, ShareChange]) -> dict[str, float]:
    return dict(zip(changes, benjamini_hochberg([change.p for change in changes.values()]), strict=True))


def _judged(change: ShareChange | None, q: float | None, settings: Settings) -> dict[str, Any]:
    """Interval, q and the word that the change earns."""
    if change is None or q is None:
        return {"verdict": "未检验"}
    sure = q <= FALSE_DISCOVERY and not change.low <= 0 <= change.high
    material = abs(change.difference) >= settings.material_share
    word = "显著增加" if change.difference > 0 else "显著减少"
    return {
        "low": change.low, "high": change.high, "q": q, "verdict": word if sure and material else "无显著变化",
    }  # fmt: skip
