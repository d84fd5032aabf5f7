"""Which columns of which tables a query reads: names looked up scope by scope in DuckDB's own syntax tree.

DuckDB parses and writes the tree as JSON in a few milliseconds. A column counts wherever it stands: selected,
filtered, grouped, sorted or joined by. Names are looked up as DuckDB binds them: a source's columns before an alias of
the SELECT list, except in ORDER BY; what no source of a subquery has is a column of the query around it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Node = Mapping[str, Any]
Names = tuple[str, ...] | None  # of the columns of a relation in lower case; None where they are not known
SERIALISED = "SELECT json_serialize_sql($1, skip_null := true, skip_empty := true, skip_default := true)"


@lru_cache(maxsize=1)
def _parser() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 1})


def tree_of(sql: str) -> Node:
    """The syntax tree of one SELECT. ValueError for anything else."""
    row = _parser().cursor().execute(SERIALISED, [sql]).fetchone()
    made: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    if made["error"] or len(made["statements"]) != 1:
        raise ValueError(f"one SELECT expected, {made.get('error_message', 'several found')}: {sql[:200]}")
    tree: Node = made["statements"][0]["node"]
    return tree


def read_columns(sql: str, schema: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Tables of the schema (name -> columns) that a SELECT reads, with their columns; none where rows are only
    counted. ValueError for what is no SELECT."""
    reader = _Reader(schema)
    reader.query(tree_of(sql), {}, None)
    return reader.found


@dataclass(frozen=True)
class _Source:
    """What stands in FROM: `names` as the query calls them; of a table also which of its columns each is."""

    alias: str
    names: Names
    table: str | None = None
    columns: Names = None

    def has(self, name: str) -> bool:
        return self.names is not None and name in self.names


@dataclass
class _Scope:
    """The sources of one SELECT, what it may name besides, and the scope around it."""

    ctes: Mapping[str, Names]
    outer: _Scope | None
    sources: list[_Source] = field(default_factory=list)
    aliases: frozenset[str] = frozenset()

    def around(self) -> Iterator[_Scope]:
        """This scope and those around it, from the inside."""
        scope: _Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer


class _Reader:
    def __init__(self, schema: Mapping[str, Sequence[str]]) -> None:
        self.schema = {name.lower(): (name, tuple(columns)) for name, columns in schema.items()}
        self.found: dict[str, set[str]] = {}

    def query(self, node: Node, ctes: Mapping[str, Names], outer: _Scope | None) -> Names:
        """Reads a query; its columns' names."""
        known = dict(ctes)
        for item in node.get("cte_map", {}).get("map", ()):
            name, made = item["key"].lower(), item["value"]
            known[name] = _renamed(self.query(made["query"]["node"], known, outer), made.get("aliases"))
        kind = node["type"]
        if kind == "SELECT_NODE":
            return self._select(node, known, outer)
        if kind == "RECURSIVE_CTE_NODE":
            names = _renamed(self.query(node["left"], known, outer), node.get("aliases"))
            self.query(node["right"], {**known, node["cte_name"].lower(): names}, outer)
            return names
        if kind != "SET_OPERATION_NODE":
            raise ValueError(f"a query of an unknown kind: {kind}")
        parts = [node[side] for side in ("left", "right") if side in node] or node["children"]
        all_names = [self.query(part, known, outer) for part in parts]
        # what sorts a union names its columns; there may be subqueries besides
        self._walk(node.get("modifiers"), _Scope(known, None, [_Source("", None)]))
        return all_names[0]

    def _select(self, node: Node, ctes: Mapping[str, Names], outer: _Scope | None) -> Names:
        scope = _Scope(ctes, outer)
        conditions: list[Node] = []
        self._from(node["from_table"], scope, conditions)
        names: list[str] | None = []
        for item in node["select_list"]:
            new = self._star(item, scope) if item["class"] == "STAR" else (_name_of(item),)
            names = [*names, *new] if names is not None and new is not None else None
        own = [item for item in node["select_list"] if item["class"] != "STAR"]
        scope.aliases = frozenset(_name_of(item) for item in own if item.get("alias"))
        self._walk(own, scope)
        self._walk(conditions, scope)
        for clause in ("where_clause", "group_expressions", "having", "qualify"):
            self._walk(node.get(clause), scope)
        for modifier in node.get("modifiers", ()):
            sorts = modifier["type"] == "ORDER_MODIFIER"
            self._walk(modifier, scope, scope.aliases if sorts else frozenset(), sorts)
        return tuple(names) if names is not None else None

    def _from(self, ref: Node, scope: _Scope, conditions: list[Node]) -> None:
        kind, alias = ref["type"], str(ref.get("alias", "")).lower()
        given = ref.get("column_name_alias")
        if kind == "BASE_TABLE":
            scope.sources.append(self._table(ref, alias or ref["table_name"].lower(), scope))
        elif kind == "SUBQUERY":
            names = self.query(ref["subquery"]["node"], scope.ctes, scope)
            scope.sources.append(_Source(alias, _renamed(names, given)))
        elif kind == "JOIN":
            self._join(ref, scope, conditions)
        elif kind in ("TABLE_FUNCTION", "EXPRESSION_LIST"):
            self._walk(ref.get("function") or ref.get("values"), scope)
            scope.sources.append(_Source(alias, _lower(given) if given else None))
        elif kind != "EMPTY":
            raise ValueError(f"a source of an unknown kind: {kind}")

    def _table(self, ref: Node, alias: str, scope: _Scope) -> _Source:
        name, given = ref["table_name"].lower(), ref.get("column_name_alias")
        if name in scope.ctes:
            return _Source(alias, _renamed(scope.ctes[name], given))
        if name not in self.schema:
            return _Source(alias, None)
        table, columns = self.schema[name]
        self.found.setdefault(table, set())
        return _Source(alias, _renamed(_lower(columns), given), table, columns)

    def _join(self, ref: Node, scope: _Scope, conditions: list[Node]) -> None:
        start = len(scope.sources)
        self._from(ref["left"], scope, conditions)
        middle = len(scope.sources)
        self._from(ref["right"], scope, conditions)
        left, right = scope.sources[start:middle], scope.sources[middle:]
        shared = set(_lower(ref.get("using_columns", ())))
        if ref.get("ref_type") == "NATURAL":
            shared = _all_names(left) & _all_names(right)
        for name in shared:
            for side in (left, right):
                self._count(next((source for source in side if source.has(name)), None), name)
        if "condition" in ref:
            conditions.append(ref["condition"])

    def _star(self, node: Node, scope: _Scope) -> Names:
        """Reads all columns but those left out or replaced; their names."""
        wanted = str(node.get("relation_name", "")).lower()
        sources = [item for item in scope.sources if item.alias == wanted or not wanted]
        replaced = node.get("replace_list", ())
        self._walk([item["value"] for item in replaced], scope)
        out = set(_lower(node.get("exclude_list", ())))
        unread = out | {item["key"].lower() for item in replaced}
        names: list[str] = []
        for source in sources:
            for name in source.names or ():
                if name not in unread:
                    self._count(source, name)
                if name not in out:
                    names.append(name)
        return None if any(source.names is None for source in sources) else tuple(names)

    def _walk(
        self, node: Any, scope: _Scope, hidden: frozenset[str] = frozenset(), sorts: bool = False
    ) -> None:
        """Reads an expression. `hidden`: names that are no columns; `sorts`: `*` is all of the SELECT list."""
        if isinstance(node, list):
            for item in node:
                self._walk(item, scope, hidden, sorts)
            return
        if not isinstance(node, dict):
            return
        kind = node.get("class")
        if kind == "COLUMN_REF":
            self._column(_lower(node["column_names"]), scope, hidden)
        elif kind == "STAR":
            if not sorts:
                self._star(node, scope)
        elif kind == "LAMBDA":
            # a JSON path is written with the same arrow, as a constant
            bound = frozenset() if node["expr"]["class"] == "CONSTANT" else frozenset(_mentioned(node["lhs"]))
            self._walk([node["lhs"], node["expr"]], scope, hidden | bound)
        elif kind == "SUBQUERY":
            self._walk(node.get("child"), scope, hidden, sorts)
            self.query(node["subquery"]["node"], scope.ctes, scope)
        elif kind != "CONSTANT":
            self._walk(
                [item for item in node.values() if isinstance(item, (list, dict))], scope, hidden, sorts
            )

    def _column(self, names: tuple[str, ...], scope: _Scope, hidden: frozenset[str]) -> None:
        if len(names) > 1:
            for around in scope.around():
                if named := [item for item in around.sources if item.alias == names[-2]]:
                    self._count(named[0], names[-1])
                    return
        name = names[0]
        if name in hidden:
            return
        for around in scope.around():
            if having := [item for item in around.sources if item.has(name)]:
                self._count(having[0], name)
                return
            if name in around.aliases or any(item.names is None for item in around.sources):
                return

    def _count(self, source: _Source | None, name: str) -> None:
        if source is None or source.table is None or not source.has(name):
            return
        names, columns = source.names or (), source.columns or ()
        self.found[source.table].add(columns[names.index(name)])


def _lower(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)


def _renamed(names: Names, given: Sequence[str] | None) -> Names:
    """The names that a table's alias gives to its first columns."""
    if not given:
        return names
    return (*_lower(given), *(names or ())[len(given) :])


def _all_names(sources: Iterable[_Source]) -> set[str]:
    return {name for source in sources for name in source.names or ()}


def _name_of(item: Node) -> str:
    """What a column of the SELECT list is called."""
    if item.get("alias"):
        return str(item["alias"]).lower()
    return str(item["column_names"][-1]).lower() if item["class"] == "COLUMN_REF" else ""


def _mentioned(node: Any) -> Iterator[str]:
    """Names in the head of a lambda: one, or several in a row."""
    if node["class"] == "COLUMN_REF":
        yield from _lower(node["column_names"])
    for child in node.get("children", ()):
        yield from _mentioned(child)
