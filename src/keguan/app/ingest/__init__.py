"""The use case 'import'."""

from __future__ import annotations

from keguan.app.ingest.report import FileReport, ImportOptions, ImportReport
from keguan.app.ingest.run import ingest

__all__ = ["FileReport", "ImportOptions", "ImportReport", "ingest"]
