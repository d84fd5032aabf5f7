"""The horizon of churn, how it is found, and by which segments rates are told."""

from __future__ import annotations

from dataclasses import dataclass

from keguan.analysis import param

SEGMENTATIONS = ("abc_class", "rfm", "lifecycle")


@dataclass(frozen=True)
class Params:
    """The horizon of churn, how it is found, and by which segments rates are told."""

    horizon_days: int = param(
        0, "流失期限（天），0 为由数据确定", "horizon of churn in days; 0: found from the data"
    )
    return_share: float = param(
        0.1,
        "期限内未购买的客户，之后同样长的时间里回来的占比不超过多少",
        "of those silent for the horizon, at most this share came back within a further horizon",
    )
    segment: str = param(
        "abc_class",
        "按哪种分层看流失（取期初的分层）：abc_class、rfm、lifecycle",
        "segments by which churn is told, as of the start of the period",
        SEGMENTATIONS,
    )
    despite_renewal: bool = param(
        False, "疑似自动续费时仍按沉默判断", "judge by silence even where renewal looks automatic"
    )
