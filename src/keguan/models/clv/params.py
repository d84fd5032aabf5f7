"""Where the calibration ends, the unit of time, and the rate of discount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from keguan.analysis import param
from keguan.core.errors import UsageError, Where
from keguan.core.text import Text

UNIT_DAYS = {"day": 1, "week": 7, "month": 30}
HELD_OUT = 0.3  # of the history, where no date is given


@dataclass(frozen=True)
class Params:
    """Where the calibration ends, the unit of time, and the rate of discount."""

    calibration_end: str = param(
        "",
        "回测的校准期末日；空为自动（留出最近三成历史）",
        "last day of the calibration; empty: the last three tenths of the history are held out",
    )
    unit: str = param("week", "模型的时间单位", "unit of time of the models", choices=tuple(UNIT_DAYS))
    discount: float = param(0.10, "年折现率", "rate of discount a year")
    despite_renewal: bool = param(
        False, "疑似自动续费时仍然计算", "compute even where renewal looks automatic"
    )

    def check(self, as_of: date) -> date | None:
        """The calibration's end that was given, if any. UsageError for values that cannot be."""
        if self.unit not in UNIT_DAYS:
            listed = ", ".join(UNIT_DAYS)
            raise _wrong("unit", self.unit, listed, Text("选择其中一个", "choose one of them"))
        if not 0 <= self.discount < 1:
            raise _wrong("discount", str(self.discount), "0 … 0.99", Text("例如 0.10", "such as 0.10"))
        if not self.calibration_end:
            return None
        last = (as_of - timedelta(days=1)).isoformat()
        try:
            end = date.fromisoformat(self.calibration_end)
        except ValueError:
            form = Text("写作 年-月-日", "written year-month-day")
            raise _wrong("calibration_end", self.calibration_end, "1997-09-30", form) from None
        if end >= as_of:
            before = Text(
                "给出统计截止日之前的日期，其后的购买用来检验",
                "give a day before the as-of date: purchases after it test the forecast",
            )
            raise _wrong("calibration_end", self.calibration_end, f"… {last}", before)
        return end


def _wrong(name: str, found: str, allowed: str, do: Text) -> UsageError:
    return UsageError(
        Text("CLV 的参数不对", "A parameter of clv is wrong"),
        Where(setting=f"clv.{name}"),
        found=found,
        allowed=Text(allowed, allowed),
        do=do,
    )
