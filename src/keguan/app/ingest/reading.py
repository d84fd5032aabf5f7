"""The first half of an import: which files, what they hold, how their columns are meant. Nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from keguan import sources
from keguan.app.ingest.options import DATE_ORDERS
from keguan.app.ingest.report import ImportOptions
from keguan.mapping import model, toml
from keguan.mapping.fit import fit
from keguan.mapping.flat import flat_sql
from keguan.mapping.flat_columns import UTC
from keguan.mapping.order_key import choose_order_key, confirm_order_key, only_keys, some_orders
from keguan.mapping.profile import ColumnProfile, profile
from keguan.mapping.questionnaire import wide_sql
from keguan.mapping.record_rules import as_named
from keguan.mapping.reuse import find, refit
from keguan.sources.shape import Loaded, ReadOptions, Shape

# Columns that a flat row gets from other columns of the mapping.
COMPUTED = frozenset({"is_utc", "has_time", "other_key_type", "currency"})
FINENESS: tuple[model.OrderKey, ...] = ("number", "number+customer", "number+customer+day")


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
        made = {"feedback_id"} if self.mapping.answers else set()
        read = frozenset(rule.target for rule in self.mapping.columns)
        return read | {f"{name}{UTC}" for name in read} | COMPUTED | made

    def flat(self) -> str:
        """The rows in canonical columns; of a questionnaire, one a question with `answer_part`."""
        if self.mapping.answers:
            return wide_sql(self.mapping, self.loaded.table)
        return flat_sql(self.mapping, self.loaded.table)


def digest(path: Path) -> str:
    """SHA-256 of the file as received."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def saved_mappings(folder: Path) -> tuple[model.Mapping, ...]:
    """The workspace's mappings, in file order."""
    return tuple(toml.load(path) for path in sorted(folder.glob("*.toml")))


def save_mapping(mapping: model.Mapping, folder: Path) -> None:
    """One file per shape of file; a mapping proposed anew replaces the one it was proposed in place of."""
    for known in sorted(folder.glob("*.toml")):
        if toml.load(known).fingerprint == mapping.fingerprint:
            toml.save(mapping, known)
            return
    path = folder / f"{mapping.name}.toml"
    if path.exists():
        path = folder / f"{mapping.name}-{mapping.fingerprint[:6]}.toml"
    toml.save(mapping, path)


def read_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    options: ImportOptions,
    saved: Sequence[model.Mapping],
    *,
    scratch: Path,
    number: int,
    sha256: str,
    source_key: model.OrderKey | None = None,
) -> list[ReadFile]:
    """All tables of one file: staged, profiled and mapped. `source_key`: how earlier files of the source
    tell orders apart.

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
        mapped = _mapped(connection, shape, loaded, options, saved, source_key)
        found.append(ReadFile(path, sha256, path.stat().st_size, shape, loaded, *mapped))
    return found


def _mapped(
    connection: duckdb.DuckDBPyConnection,
    shape: Shape,
    loaded: Loaded,
    options: ImportOptions,
    saved: Sequence[model.Mapping],
    source_key: model.OrderKey | None,
) -> tuple[model.Mapping, model.Proposal | None, tuple[ColumnProfile, ...]]:
    """The saved mapping for files of this shape, or a proposal that the rows have settled."""
    name = shape.path.name + (f"#{shape.member}" if shape.member else "")
    hints = _hints(options)
    profiles = None
    if hints == model.Hints():
        profiles = profile(connection, loaded.table, shape.columns)
        known = find(saved, profiles)
        if known is not None:
            mapping = as_named(refit(known, profiles, file_name=name), name)
            _confirm_order_key(connection, mapping, loaded, name)
            return mapping, None, profiles
    settled = fit(
        connection, loaded.table, shape.columns,
        file_name=name, decimal=_decimal(shape, options), hints=hints, profiles=profiles,
    )  # fmt: skip
    mapping = settled.proposal.accepted()
    if hints.order_key is None and source_key is not None:
        mapping = _as_the_source(mapping, source_key, settled.order_counts, name)
    return mapping, settled.proposal, settled.profiles


def _as_the_source(
    mapping: model.Mapping, source_key: model.OrderKey, counts: Mapping[str, int], file: str
) -> model.Mapping:
    """The mapping with the order key of its source: an order must be known again in a file of any shape.

    A key finer than needed tells orders apart as well; one that is too coarse is a question.
    """
    if mapping.entity != "orders" or mapping.order_key is None:
        return mapping
    confirm_order_key(source_key, mapping.order_key, counts, file)
    if mapping.order_key in FINENESS[:-1] and source_key in FINENESS and mapping.rule("customer_key"):
        return replace(mapping, order_key=source_key)
    return mapping


def _confirm_order_key(
    connection: duckdb.DuckDBPyConnection, mapping: model.Mapping, loaded: Loaded, file: str
) -> None:
    """Stops when these rows show that the key chosen at the first load was too coarse."""
    if mapping.entity != "orders" or mapping.order_key in (None, "customer+time", "number+customer+day"):
        return
    number = mapping.rule("order_number")
    orders = some_orders(connection, loaded.table, number.sources, loaded.rows) if number else loaded.table
    found, _, counts = choose_order_key(connection, flat_sql(only_keys(mapping), orders))
    confirm_order_key(mapping.order_key or "number", found, counts, file)


def _decimal(shape: Shape, options: ImportOptions) -> model.Mark | None:
    """The decimal mark that the user gave, or that the file's form makes sure."""
    setting = shape.setting("decimal")
    given = options.decimal or (setting.value if setting and setting.sure else None)
    return "," if given == "," else "." if given == "." else None


def _hints(options: ImportOptions) -> model.Hints:
    return model.Hints(
        date_order=DATE_ORDERS[options.date_order] if options.date_order else None,
        map=tuple(options.columns.items()),
        order_key=options.order_key,  # type: ignore[arg-type]  # checked before any file is read
        currency=options.currency,
        entity=options.table,  # type: ignore[arg-type]  # checked before any file is read
    )
