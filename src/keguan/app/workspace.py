"""The Python door: `keguan.Workspace("dir").run("rfm", as_of=...)`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from keguan.app import engines, saved_models, segments
from keguan.app.analyse import Session
from keguan.app.ingest import ImportOptions, ImportReport, ingest
from keguan.result import Result
from keguan.store.workspace import Store


class Workspace:
    """A workspace folder: imports files, runs analyses. Every method raises KeguanError on user errors."""

    def __init__(self, folder: str | Path = ".", *, engine: str | None = None) -> None:
        self._engine = engine  # 'duckdb' or 'spark'; None: as the settings say
        self.store = engines.on(Store(Path(folder)), engine)

    @classmethod
    def init(cls, folder: str | Path) -> Workspace:
        """Makes a workspace (an existing one is opened unchanged)."""
        Store.init(Path(folder))
        return cls(folder)

    def load(self, *files: str | Path, options: ImportOptions | None = None) -> ImportReport:
        """Imports files, folders and globs as one batch."""
        report = ingest(self.store, [str(file) for file in files], options)
        self.store = engines.on(Store(self.store.folder), self._engine)
        return report

    def run(
        self, analysis: str, as_of: date | str | None = None, params: Mapping[str, Any] | None = None
    ) -> Result:
        """The Result of one analysis at the committed versions; its tables as Arrow, pandas or Polars."""
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        with Session(self.store, day) as session:
            result = session.run(analysis, params)
            segments.save(self.store, session, result)
            saved_models.save_quietly(self.store, session, [result])
        return result
