"""Which arm is the control, and how a planned split is written: one rule for campaigns and flat tables."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from keguan.core.errors import UsageError, Where
from keguan.core.text import Text
from keguan.engine.literals import quoted

CONTROL = "control"
# Names of an arm that is left alone, in small letters.
CONTROL_NAMES = (
    "control", "ctrl", "control group", "holdout", "hold-out", "hold out", "placebo", "universal control",
    "对照", "对照组", "控制组", "留出", "留出组", "空白组", "空白对照", "不触达", "全局对照组",
)  # fmt: skip


def arm_sql(column: str, also: Sequence[str] = ()) -> str:
    """SQL of the arm: every name of a control, and those of `also`, as 'control', other names without blanks around, NULL
    for none."""
    names = ", ".join(quoted(name) for name in (*CONTROL_NAMES, *(name.strip().lower() for name in also)))
    return (
        f"CASE WHEN lower(trim({column})) IN ({names}) THEN '{CONTROL}' ELSE nullif(trim({column}), '') END"
    )


def planned_split(text: str | None, setting: str) -> dict[str, float]:
    """'control=50,variant=50' as weights; nothing for nothing. UsageError for anything else."""
    weights: dict[str, float] = {}
    for item in text.split(",") if text and text.strip() else ():
        name, sign, value = item.rpartition("=")
        weight = _number(value)
        if not sign or not name.strip() or weight is None or name.strip() in weights:
            raise _refused(
                Text("计划比例写法有误", "the planned split is not well formed"), text or "", setting
            )
        weights[name.strip()] = weight
    if weights and sum(weights.values()) <= 0:
        raise _refused(Text("计划比例全为零", "all weights are zero"), text or "", setting)
    return weights


def _refused(what: Text, found: str, setting: str) -> UsageError:
    allowed = Text(
        "组别=权重，逗号分开，如 control=50,variant=50",
        "arm=weight with commas, such as control=50,variant=50",
    )
    return UsageError(
        what,
        Where(setting=setting),
        found=found,
        allowed=allowed,
        do=Text("改正后重试", "correct it and try again"),
    )


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None
