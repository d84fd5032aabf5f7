"""The segmentations that analyses can compare customers by: which plug-in makes each, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segmentation:
    """`owner`: the plug-in; `vocabulary` of its labels; whether spend or purchases themselves set the label."""

    owner: str
    vocabulary: str
    by_purchases: bool = True


SEGMENTATIONS: Mapping[str, Segmentation] = {
    "rfm": Segmentation("rfm", "rfm_class"),
    "rfm_absolute": Segmentation("rfm", "rfm_absolute"),
    "abc_class": Segmentation("abc_class", "abc_class"),
    "lifecycle": Segmentation("lifecycle", "lifecycle_state"),
    "lifecycle_stage": Segmentation("lifecycle", "lifecycle_stage"),
}
OWNERS = ("rfm", "abc_class", "lifecycle")
