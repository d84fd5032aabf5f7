"""What the application knows about a report and no Result holds: company, period, files, comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from keguan.core.text import Text
from keguan.evidence.claims import claim_id
from keguan.report.document import Comment
from keguan.report.earlier import Previous
from keguan.result import Claim, Result


@dataclass(frozen=True)
class ReportContext:
    """`period`: first and last day with orders. `versions` and `files`: the pinned tables and the files of
    each. `sources`: what was imported, in the words of a reader. `kind`: kind of business, a term of the
    vocabulary. `advice`: what to do for the customers of a segment, by (segmentation, label). `framework`: kinds of
    customers, their needs, direction and focus, as the strategy matrix has them. `strategies`: the text of
    that matrix, empty for the shipped one. `generated`: given by the caller, because nothing below it reads a clock."""

    as_of: date
    company: str = ""
    currency: str = ""
    timezone: str = ""
    workspace_id: str = ""
    keguan: str = ""
    period: tuple[date, date] | None = None
    generated: datetime | None = None
    sources: tuple[str, ...] = ()
    versions: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: str | None = None
    comments: tuple[Comment, ...] = ()
    previous: Previous | None = None  # the report that this one is compared with
    advice: Mapping[tuple[str, str], Text] = field(default_factory=dict)
    framework: tuple[tuple[Text, ...], ...] = ()
    strategies: str = ""
    claim_id: Callable[[Result, Claim], str] = claim_id
