"""Where an import works: a private database and scratch folder; and what is undone when it fails."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from keguan.core.errors import KeguanError
from keguan.engine.failures import explained
from keguan.engine.literals import quoted
from keguan.engine.memory import within_machine
from keguan.store import catalog
from keguan.store.workspace import Store


@contextmanager
def undone_on_failure(store: Store) -> Iterator[None]:
    """An import that fails takes its own files away; one that is killed leaves that to the next."""
    try:
        yield
    except BaseException as error:
        _take_back(store)
        if isinstance(error, duckdb.Error | OSError):
            raise _explained(store, error) or error from None
        raise


def _explained(store: Store, error: Exception) -> KeguanError | None:
    """What the error of an engine that reads the store and writes beside it means; None: it is unforeseen."""
    folder = store.folder
    files = (str(file) for file in sorted((folder / "tables").glob("*/b*.parquet")))
    with duckdb.connect() as connection:
        return explained(connection, error, files, folder)


def _take_back(store: Store) -> None:
    """Removes the files of the batch that was not committed. What cannot be removed, the next import will."""
    with suppress(OSError, KeguanError):
        batch_no = f"b{catalog.read(store.folder).batch + 1:06d}"
        for file in (store.folder / "tables").glob(f"*/{batch_no}-*"):
            file.unlink()
        shutil.rmtree(store.folder / "raw" / batch_no, ignore_errors=True)


MEMORY = "2GB"  # unless keguan.toml says otherwise; what does not fit is spilled to the scratch folder


class Workshop:
    """A private DuckDB database and scratch folder for one import, gone when it ends."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> tuple[duckdb.DuckDBPyConnection, Path]:
        for left_over in (self._store.folder / "raw").glob("import-*"):  # of an import that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        self._folder = tempfile.TemporaryDirectory(prefix="import-", dir=self._store.folder / "raw")
        scratch = Path(self._folder.name)
        # In memory, spilling to the scratch folder: a database file would be compressed and flushed in vain.
        self._connection = duckdb.connect()
        run = self._connection.execute
        run(f"SET temp_directory = {quoted(str(scratch / 'spill'))}")
        run("SET autoinstall_known_extensions = false")
        run("SET enable_progress_bar = false")
        config = self._store.config
        run(f"SET memory_limit = {quoted(within_machine(config.memory_limit or MEMORY))}")
        if config.threads:
            run(f"SET threads = {int(config.threads)}")
        return self._connection, scratch

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._folder.cleanup()
