"""The executive summary: at most seven sentences, by money at stake, certainty and novelty.

`rank` orders claims, `repeats` tells which say the same or disagree, `choose` picks, `blocks` writes.
"""

from __future__ import annotations

from keguan.report.summary.blocks import summary_blocks
from keguan.report.summary.choose import strongest
from keguan.report.summary.rank import Candidate

__all__ = ["Candidate", "strongest", "summary_blocks"]
