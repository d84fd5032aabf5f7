"""The first half of an import: which files, what they hold, how their columns are meant. Nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from keguan import sources
from keguan.app.ingest.report import ImportOptions
from keguan.core.errors import InputError, Where
from keguan.core.text import Text
from keguan.mapping import model, toml
from keguan.mapping.fit import fit
from keguan.mapping.flat import flat_sql
from keguan.mapping.order_key import choose_order_key, confirm_order_key
from keguan.mapping.profile import ColumnProfile, profile
from keguan.mapping.reuse import find, refit
from keguan.sources.shape import Loaded, ReadOptions, Shape

# Columns that a flat row gets from other columns of the mapping.
COMPUTED = frozenset({"is_utc", "has_time", "other_key_type", "currency"})


@dataclass(frozen=True)
class ReadFile:
    """One table of a file: staged rows in `loaded.table`, and the mapping that gives them a meaning."""

    path: Path
    sha256: str
    bytes: int
    shape: Shape
    loaded: Loaded
    mapping: model.Mapping
    proposal: model.Proposal | None  # None: a saved mapping was reused
    profiles: tuple[ColumnProfile, ...]

    @property
    def label(self) -> str:
        """File name with its member."""
        return self.path.name + (f"#{self.shape.member}" if self.shape.member else "")

    @property
    def doubts(self) -> tuple[model.Doubt, ...]:
        """What a person should look at."""
        return self.proposal.doubts if self.proposal else ()

    def given(self) -> frozenset[str]:
        """Flat columns that the file has."""
        return frozenset(rule.target for rule in self.mapping.columns) | COMPUTED

    def flat(self) -> str:
        """The rows in canonical columns."""
        return flat_sql(self.mapping, self.loaded.table)


def digest(path: Path) -> str:
    """SHA-256 of the file as received."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def saved_mappings(folder: Path) -> tuple[model.Mapping, ...]:
    """The workspace's mappings, in file order."""
    return tuple(toml.load(path) for path in sorted(folder.glob("*.toml")))


def read_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    options: ImportOptions,
    saved: Sequence[model.Mapping],
    *,
    scratch: Path,
    number: int,
    sha256: str,
) -> list[ReadFile]:
    """All tables of one file: staged, profiled and mapped.

    Raises InputError for files that are no tables, QuestionError when something essential is open.
    """
    read_options = ReadOptions(
        encoding=options.encoding,
        separator=options.separator,
        header=options.header,
        decimal=options.decimal,
        sheet=options.sheet,
        date_order=options.date_order,
    )
    found = []
    for member, shape in enumerate(sources.inspect(path, read_options)):
        table = f"raw_{number}_{member}"
        loaded = sources.load(connection, shape, table, scratch=scratch)
        mapped = _mapped(connection, shape, loaded, options, saved)
        found.append(ReadFile(path, sha256, path.stat().st_size, shape, loaded, *mapped))
    return found


def _mapped(
    connection: duckdb.DuckDBPyConnection,
    shape: Shape,
    loaded: Loaded,
    options: ImportOptions,
    saved: Sequence[model.Mapping],
) -> tuple[model.Mapping, model.Proposal | None, tuple[ColumnProfile, ...]]:
    """The saved mapping for files of this shape, or a proposal that the rows have settled."""
    name = shape.path.name + (f"#{shape.member}" if shape.member else "")
    hints = _hints(options)
    if hints == model.Hints():
        profiles = profile(connection, loaded.table, shape.columns)
        known = find(saved, profiles)
        if known is not None:
            mapping = refit(known, profiles, file_name=name)
            _confirm_order_key(connection, mapping, loaded.table)
            return mapping, None, profiles
    settled = fit(
        connection, loaded.table, shape.columns, file_name=name, decimal=_decimal(shape, options), hints=hints
    )
    return settled.proposal.accepted(), settled.proposal, settled.profiles


def _confirm_order_key(connection: duckdb.DuckDBPyConnection, mapping: model.Mapping, table: str) -> None:
    """Stops when these rows show that the key chosen at the first load was too coarse."""
    if mapping.entity != "orders" or mapping.order_key in (None, "customer+time", "number+customer+day"):
        return
    found, _, counts = choose_order_key(connection, flat_sql(mapping, table))
    confirm_order_key(mapping.order_key or "number", found, counts)


def _decimal(shape: Shape, options: ImportOptions) -> model.Mark | None:
    """The decimal mark that the user gave, or that the file's form makes sure."""
    setting = shape.setting("decimal")
    given = options.decimal or (setting.value if setting and setting.sure else None)
    return "," if given == "," else "." if given == "." else None


def _hints(options: ImportOptions) -> model.Hints:
    orders = {"dmy": "day", "mdy": "month", "day": "day", "month": "month", None: None}
    if options.date_order not in orders:
        raise InputError(
            Text("日期顺序有误", "The date order is wrong"),
            Where(column="--date-order"),
            found=options.date_order,
            allowed=Text("day 或 month", "day or month"),
            do=Text("改正选项后重试", "correct the option and try again"),
        )
    return model.Hints(
        date_order=orders[options.date_order],  # type: ignore[arg-type]  # the dictionary gives the literals
        map=tuple(options.columns.items()),
        order_key=options.order_key,  # type: ignore[arg-type]  # checked by the command line
        currency=options.currency,
    )
