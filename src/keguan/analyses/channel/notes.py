"""Notes about channels."""

from __future__ import annotations

from keguan.analyses.channel.params import Params
from keguan.analyses.channel.sql import FIXED, MOBILE
from keguan.analysis import Inputs
from keguan.core.period import Span
from keguan.core.text import Text
from keguan.evidence.span_name import span_name
from keguan.result import Note, Result
from keguan.schema.vocabulary import UNKNOWN


def channel_notes(inputs: Inputs, result: Result, params: Params, now: Span) -> list[Note]:
    """The periods compared, and what is withheld or missing."""
    notes = [
        Note(
            Text(
                f"本期 {span_name(now)}，与之前同样长的期间比较",
                f"Period {span_name(now)}, compared with as long before",
            )
        )
    ]
    least = inputs.settings.min_n
    if sum(row["orders"] for row in result.table("channels")) < least:
        notes.append(
            Note(
                Text(
                    f"本期订单少于 {least} 单，占比不予说明",
                    f"Fewer than {least} orders: shares are not stated",
                ),
                "withheld",
            )
        )
    if len([row for row in result.table("channels") if row["channel"] != UNKNOWN]) < 2:
        notes.append(
            Note(Text("只有一个渠道，没有迁移可看", "There is one channel only: nobody can move"), "info")
        )
    devices = {row["device_class"]: row["orders"] for row in result.table("devices")}
    if not devices.get(MOBILE) and not devices.get(FIXED):
        notes.append(
            Note(
                Text("设备与渠道名看不出是否移动端：导入含「设备」列的订单后可看移动端占比",
                     "Neither device nor channel tells a phone: import orders with a device column for the share of phones"),
                "missing",
            )
        )  # fmt: skip
    return notes
