"""The use case 'analyse': an analysis runs on tables pinned at their versions; its segments are kept."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import keguan
from keguan import registry
from keguan.analysis import Analysis, Settings
from keguan.app import engines, kept_texts
from keguan.app.as_of import stored_name
from keguan.app.checking import checked
from keguan.app.inputs import PinnedInputs
from keguan.core.errors import InputError, UsageError, Where, WorkspaceError
from keguan.core.text import Scalar, Text
from keguan.engine.protocol import Engine
from keguan.marts.customer_facts import day_literal
from keguan.result import Result
from keguan.schema.tables import CARE, ENTITIES, PLANNED
from keguan.store.workspace import Store

# Days on which something is left when rows that take others away are added up.
PERIOD_SQL = """
SELECT min(day) AS first, max(day) AS last
FROM (SELECT day FROM all_purchases GROUP BY day HAVING sum(lines) <> 0) t
"""

# Where there are no orders: the days that other tables tell of.
OTHER_DAYS = (
    "orders",
    "events",
    "feedback",
    "contacts",
    "leads",
    "payments",
    "costs",
    "spend",
    "social_metrics",
)
OTHER_PERIOD_SQL = "SELECT min(day) AS first, max(day) AS last FROM ({days}) t"
LOADED_SQL = "SELECT CAST(max(loaded_at) AS DATE) AS last FROM loads WHERE clean > 0"

# Written by runs themselves, or telling of files handed out: a Result that depended on them would change by that.
NOT_PINNED = ("segments", "audience_exports")

# What models said earlier. Pinned where something said before the as-of date is seen, for the plug-ins that read it.
SAID_BEFORE = tuple(entity.name for entity in CARE)

# What people plan, likewise: a card changes no figure of a plug-in that does not read it.
PLANS = tuple(entity.name for entity in PLANNED)


class Session:
    """Analyses over one state of a workspace: versions pinned once, results kept while it lives."""

    def __init__(
        self,
        store: Store,
        as_of: date | None = None,
        versions: Mapping[str, int] | None = None,
    ) -> None:
        self.store = store
        pinned = dict(store.catalog.versions if versions is None else versions)
        self.versions = {name: pinned[name] for name in sorted(pinned) if name not in NOT_PINNED}
        self.files = store.files_at(self.versions)
        if self.files.get("purchases") and "customer_facts" not in self.versions:
            raise _outdated(store, pinned=versions is not None)
        self._engine = self._open()
        self.period = self._period()
        self.as_of = as_of or self._last_day()
        if versions is None:
            unseen = () if self._spoken_before() else SAID_BEFORE
            unseen += tuple(table for table in PLANS if not self._planned(table))
            self.versions = _without(self.versions, unseen)
            self.files = {name: files for name, files in self.files.items() if name in self.versions}
        self._results: dict[tuple[str, tuple[tuple[str, Any], ...]], Result] = {}
        self._texts: dict[str, str] = {}
        self._inputs = PinnedInputs(
            self._engine, self.as_of, self._settings(), results=self.run, parameters=self.parameters
        )

    def _open(self) -> Engine:
        engine = engines.opened(self.store, self.files)
        for entity in ENTITIES.values():
            engine.register(entity, self.files.get(entity.name, ()), name=stored_name(entity.name))
        return engine

    def _spoken_before(self) -> bool:
        """Whether a model spoke before the as-of date: what it says today is no past of today's report."""
        if not self.files.get("model_runs"):
            return False
        sql = f"SELECT 1 AS one FROM {stored_name('model_runs')} WHERE base_day < {day_literal(self.as_of)} LIMIT 1"
        return len(self._engine.query(sql)) > 0

    def _planned(self, table: str) -> bool:
        """Whether anything was planned until the as-of date."""
        if not self.files.get(table):
            return False
        sql = f"SELECT 1 AS one FROM {stored_name(table)} WHERE day <= {day_literal(self.as_of)} LIMIT 1"
        return len(self._engine.query(sql)) > 0

    def _settings(self) -> Settings:
        config = self.store.config
        return Settings(
            currency=config.currency or self.store.catalog.currency,
            timezone=config.timezone,
            fiscal_year_start=config.fiscal_year_start,
            min_n=config.min_n,
            material_relative=config.material_relative,
            material_share=config.material_share,
        )

    def _period(self) -> tuple[date, date] | None:
        days = " UNION ALL ".join(f"SELECT day FROM {stored_name(table)}" for table in OTHER_DAYS)
        for sql in (PERIOD_SQL, OTHER_PERIOD_SQL.format(days=days)):
            row = self._engine.query(sql).to_pylist()[0]
            if row["first"]:
                return row["first"], row["last"]
        return None

    def _last_day(self) -> date:
        if self.period is not None:
            return self.period[1]
        loaded = self._engine.query(LOADED_SQL).to_pylist()[0]["last"]
        if isinstance(loaded, date):  # nothing in it has a date: it stands as it was received
            return loaded
        raise InputError(
            Text("工作区里还没有数据", "The workspace holds no data yet"),
            Where(file=str(self.store.folder)),
            do=Text("先运行 keguan import 文件", "run keguan import FILES first, or give --as-of"),
        )

    @property
    def engine(self) -> Engine:
        """The engine, for use cases that read tables beside an analysis."""
        return self._engine

    @property
    def inputs(self) -> PinnedInputs:
        """The tables as an analysis sees them."""
        return self._inputs

    def run(self, name: str, params: Mapping[str, Any] | None = None) -> Result:
        """The Result of an analysis; each claim's figures have been looked up and its wording checked."""
        analysis = registry.get(name)
        filled = self.parameters(analysis, params)
        key = (name, tuple(sorted(dataclasses.asdict(filled).items())))
        if key not in self._results:
            raw = analysis.run(self._inputs, filled)
            self._results[key] = checked(raw, analysis).pinned(
                as_of=self.as_of,
                params=dataclasses.asdict(filled),
                versions=self._versions(analysis),
                code=code_version(name),
            )
        return self._results[key]

    def _versions(self, analysis: Analysis) -> Mapping[str, int]:
        """The pins that a Result depends on: what models said, and what people plan, changes no figure of a plug-in that
        does not read it."""
        unread = () if any(table in SAID_BEFORE for table in analysis.reads) else SAID_BEFORE
        return _without(self.versions, (*unread, *(table for table in PLANS if table not in analysis.reads)))

    def parameters(self, analysis: Analysis, given: Mapping[str, Any] | None = None) -> Any:
        """The analysis' Params with the given values; texts that the workspace keeps in files are read from there."""
        values = dict(given or {})
        for item in analysis.fields():
            folder, file = item.metadata.get("folder"), item.metadata.get("file")
            if folder and item.name not in values:
                if folder not in self._texts:
                    self._texts[folder] = kept_texts.kept(self.store.folder, folder)
                values[item.name] = self._texts[folder]
            if file and item.name not in values:
                values[item.name] = self.text(file)
        return parameters(analysis, values)

    def text(self, file: str) -> str:
        """The text of a file of the workspace as it was when first asked for; empty without it."""
        if file not in self._texts:
            self._texts[file] = kept_texts.one(self.store.folder, file)
        return self._texts[file]

    def close(self) -> None:
        """Gives the engine's memory back."""
        self._engine.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _without(versions: Mapping[str, int], tables: Collection[str]) -> dict[str, int]:
    return {name: version for name, version in versions.items() if name not in tables}


def _outdated(store: Store, *, pinned: bool) -> WorkspaceError:
    return WorkspaceError(
        Text(
            "汇总表由更早的版本写成, 这个版本读不了",
            "The marts were written by an earlier version and cannot be read by this one",
        ),
        Where(file=str(store.folder)),
        do=Text(
            "用写成报告的版本核验, 或重新生成报告",
            "verify with the version that wrote the report, or write it anew",
        )
        if pinned
        else Text("运行 keguan doctor, 它会重新计算", "run keguan doctor, which makes them anew"),
    )


@cache
def code_version(name: str) -> str:
    """Short hash of the sources that make the analysis' figures: its own, the marts', the statistics'."""
    found = inspect.getsourcefile(registry.get(name).run)
    own = Path(found) if found else Path(__file__)
    made = hashlib.sha256(keguan.__version__.encode())
    made.update(_sources(own.parent if own.parent.name == name else own))
    made.update(_shared_sources())
    return made.hexdigest()[:12]


@cache
def _shared_sources() -> bytes:
    """Those that every analysis may use."""
    package = Path(keguan.__file__).parent
    return _sources(package / "marts") + _sources(package / "evidence" / "statistics")


def _sources(root: Path) -> bytes:
    files = [*root.rglob("*.py"), *root.rglob("*.toml")] if root.is_dir() else [root]
    return b"".join(file.read_bytes() for file in sorted(files))


def parameters(analysis: Analysis, given: Mapping[str, Any]) -> Any:
    """The analysis' Params with the given values, texts read as the fields' types. UsageError names the field."""
    fields = {item.name: item for item in analysis.fields()}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in fields:
            listed = ", ".join(fields) or "-"
            raise UsageError(
                Text(f"分析 {analysis.name} 没有这个参数", f"Analysis {analysis.name} has no such parameter"),
                Where(column="--param"),
                found=name,
                allowed=Text(listed, listed),
                do=Text("改正参数名后重试", "correct the name and try again"),
            )
        values[name] = _value(name, value, fields[name])
    try:
        return analysis.params(**values)
    except ValueError as error:
        raise UsageError(
            Text(f"分析 {analysis.name} 的参数有误", f"A parameter of {analysis.name} is wrong"),
            Where(column="--param"),
            found=str(error),
        ) from None


def _value(name: str, value: Any, item: dataclasses.Field[Any]) -> Scalar:
    choices = item.metadata.get("choices", ())
    read = _read(value, item.default) if isinstance(value, str) else value
    if read is _UNREADABLE or (choices and read not in choices):
        kind = type(item.default).__name__ if item.default is not None else "date"
        allowed = " | ".join(map(str, choices)) if choices else kind
        raise UsageError(
            Text("参数的值有误", "The value of a parameter is wrong"),
            Where(column=name),
            found=str(value),
            allowed=Text(allowed, allowed),
            do=Text("改正后重试", "correct it and try again"),
        )
    return read  # type: ignore[no-any-return]  # one of the scalar types by construction


_UNREADABLE = object()


def _read(text: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}[
                text.lower()
            ]
        if isinstance(default, int):
            return int(text)
        if isinstance(default, float):
            return float(text)
        if isinstance(default, date):
            return date.fromisoformat(text)
    except (ValueError, KeyError):
        return _UNREADABLE
    if default is None:  # an optional number or date
        for kind in (int, float, date.fromisoformat):
            try:
                return kind(text)
            except ValueError:
                continue
    return text
