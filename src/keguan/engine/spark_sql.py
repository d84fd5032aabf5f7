"""The same query for Spark: what sqlglot gets wrong is written here, what nobody compared is refused.

Spark runs in ANSI mode, with times without a zone (see spark_session). A query then gives the same rows on
both engines to the last digit, or an error; never another number. So a function, operator or clause without
cases in tests/engine/test_functions.py is refused rather than guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

# Functions as sqlglot names them. Whoever needs another adds it here and its edge values to the test.
_PORTABLE = """
    abs and avg bit_count bitwiseoragg case cast ceil chr coalesce concat contains count countif datediff
    datefromparts day dayofweek dayofweekiso denserank endswith exists floor greatest if lag lastday lead
    least left length logicaland logicalor lower max md5 median min month nullif or pow quarter rank
    regexpreplace replace right round rownumber sign splitpart sqrt startswith strposition substring sum
    trim upper year
"""
PORTABLE = frozenset(_PORTABLE.split())

# What a query is made of beside functions.
_SYNTAX = """
    add alias between bitwiseand bitwiseleftshift bitwiseor bitwiserightshift boolean column cte datatype
    datatypeparam distinct div dpipe eq filter from group gt gte having identifier in is join limit literal lt
    lte mod mul neg neq not null nullsafeeq nullsafeneq order ordered paren select star sub subquery table
    tablealias tuple union values var where window windowspec with
"""
KNOWN = PORTABLE | frozenset(_SYNTAX.split())


@lru_cache(maxsize=512)  # views that are cut at a day come back with every day that is looked at again
def to_spark(sql: str) -> str:
    """One SELECT of DuckDB's dialect, its parameters filled in, as Spark's.

    ValueError names a function or clause that has not been compared on both engines.
    """
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    for node in tree.walk():
        if fault := _fault(node):
            raise ValueError(f"not known to be equal on Spark: {fault}: {sql[:200]}")
    return AlikeGenerator(dialect=Spark).generate(tree)


def _fault(node: exp.Expr) -> str | None:
    """Why this part of a query could give another answer; None when it cannot."""
    if isinstance(node, exp.Anonymous):
        return None if node.name.lower() in PORTABLE else node.name
    if node.key not in KNOWN:
        return node.key
    if isinstance(node, (exp.Avg, exp.Median)) and not _is_double(node.this):
        return f"{node.key} of anything but CAST(... AS DOUBLE)"
    if isinstance(node, exp.DateDiff) and node.text("unit").upper() not in UNITS:
        return f"date_diff by {node.text('unit') or 'an expression'}"
    if isinstance(node, exp.RegexpReplace) and not _replaces_alike(node):
        return "regexp_replace without 'g' of a pattern that is not anchored, or with a group in the new text"
    if isinstance(node, exp.In) and node.args.get("query") and not _filters(node):
        return "IN (SELECT ...) outside of WHERE, where Spark makes FALSE of NULL"
    if isinstance(node, exp.Round) and not (_is_double(node.this) and _whole(node.args.get("decimals"))):
        return "round of anything but CAST(... AS DOUBLE) to a fixed number of decimals"
    if isinstance(node, exp.Pow) and not node.find_ancestor(exp.Round):
        return "a power that is not rounded"
    return None


def _is_double(node: exp.Expr) -> bool:
    items = node.expressions if isinstance(node, exp.Distinct) else [node]
    return all(isinstance(item, exp.Cast) and item.to.this == exp.DType.DOUBLE for item in items)


def _filters(node: exp.In) -> bool:
    """Whether the test stands in WHERE by itself, joined by nothing but AND."""
    above = node.parent
    if isinstance(above, exp.Not):
        above = above.parent
    while isinstance(above, (exp.And, exp.Paren)):
        above = above.parent
    return isinstance(above, exp.Where)


def _whole(node: exp.Expr | None) -> bool:
    return node is None or (isinstance(node, exp.Literal) and not node.is_string)


def _replaces_alike(node: exp.RegexpReplace) -> bool:
    """DuckDB replaces the first match unless told 'g', Spark every one; groups are written differently."""
    pattern, new = node.expression, node.args.get("replacement")
    once = pattern.name.startswith("^") and "|" not in pattern.name
    plain = isinstance(new, exp.Literal) and not set(new.name) & set("\\$")
    return plain and (once or node.text("modifiers") == "g")


def _division(self: Any, node: exp.Div) -> str:
    return f"CAST({self.sql(node, 'this')} AS DOUBLE) / CAST({self.sql(node, 'expression')} AS DOUBLE)"


UNITS = ("DAY", "MONTH", "YEAR", "SECOND", "MICROSECOND")


def _date_diff(self: Any, node: exp.DateDiff) -> str:
    """Borders crossed, as DuckDB counts; Spark's own counts whole units. Sessions of Spark are in UTC."""
    last, first = self.sql(node, "this"), self.sql(node, "expression")
    unit = node.text("unit").upper()
    if unit in ("SECOND", "MICROSECOND"):
        since = f"unix_{'seconds' if unit == 'SECOND' else 'micros'}"
        return f"({since}(CAST({last} AS TIMESTAMP_LTZ)) - {since}(CAST({first} AS TIMESTAMP_LTZ)))"
    if unit == "DAY":
        return f"DATEDIFF({last}, {first})"
    if unit == "YEAR":
        return f"(YEAR({last}) - YEAR({first}))"
    return f"((YEAR({last}) * 12 + MONTH({last})) - (YEAR({first}) * 12 + MONTH({first})))"


def _round(self: Any, node: exp.Round) -> str:
    """Times the power of ten, half away from zero, divided again: as DuckDB rounds a double."""
    value, unit = self.sql(node, "this"), f"1E{node.text('decimals') or '0'}D"
    return f"(round(({value}) * {unit}) / {unit})"


def _cast(self: Any, node: exp.Cast) -> str:
    """DuckDB rounds where Spark cuts off. What the text does not tell of a value, Spark knows: it folds `typeof`."""
    value, wanted = self.sql(node, "this"), self.sql(node, "to")
    plain, kind, target = f"CAST({value} AS {wanted})", _kind(node.this), _kind(node)
    if target == "integer":
        forms = {"double": f"CAST(rint({value}) AS {wanted})", "decimal": f"CAST(round({value}) AS {wanted})"}
    elif target == "decimal":
        forms = {"double": _decimal(value, node.to)}
    elif target == "text":  # 1e+20 is 1.0E20 on Spark
        forms = {
            "double": f"CAST(raise_error('cast a DOUBLE to DECIMAL before it becomes text') AS {wanted})"
        }
    else:
        return plain
    if kind is not None:
        return forms.get(kind, plain)
    choices = " ".join(f"WHEN typeof({value}) {TYPEOF[name]} THEN {form}" for name, form in forms.items())
    return f"CASE {choices} ELSE {plain} END"


TYPEOF = {"double": "IN ('double', 'float')", "decimal": "LIKE 'decimal%'"}


def _kind(node: exp.Expr | None) -> str | None:
    """'double', 'decimal', 'integer' or 'text', as far as the text of an expression tells."""
    if isinstance(node, exp.Cast):
        return next((name for name, types in KINDS.items() if node.to.is_type(*types)), "other")
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "integer" if node.is_int else "decimal"
    if isinstance(node, (exp.Div, exp.Avg, exp.Median, exp.Sqrt, exp.Round, exp.Pow)):
        return "double"
    if isinstance(node, (exp.Count, exp.DateDiff, exp.RowNumber, exp.Year, exp.Month)):
        return "integer"
    if isinstance(node, (exp.Predicate, exp.Null)):
        return "other"
    if isinstance(node, (exp.Paren, exp.Neg, exp.Sum, exp.Window, exp.If)):
        return _kind(node.args.get("true") or node.this)
    if isinstance(node, exp.Case):
        return _common([*node.args["ifs"], *filter(None, [node.args.get("default")])])
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
        return _common([node.this, node.expression])
    return None


KINDS = {
    "double": (exp.DType.DOUBLE, exp.DType.FLOAT),
    "decimal": (exp.DType.DECIMAL,),
    "integer": tuple(exp.DataType.INTEGER_TYPES),
    "text": tuple(exp.DataType.TEXT_TYPES),
}


def _common(nodes: Sequence[exp.Expr]) -> str | None:
    kinds = {_kind(node) for node in nodes if not isinstance(node, exp.Null)}
    if "double" in kinds:
        return "double"
    return kinds.pop() if len(kinds) == 1 else None


def _decimal(value: str, kind: exp.DataType) -> str:
    """A double as DuckDB makes it a decimal: times the power of ten, half away from zero."""
    precision, scale = (int(item.name) for item in kind.expressions)
    whole = "BIGINT" if precision <= 18 else f"DECIMAL({precision}, 0)"
    digits = f"CAST(CAST(round(({value}) * 1E{scale}D) AS {whole}) AS DECIMAL({max(precision, 19)}, 0))"
    unit = f"CAST('{10**-scale:.{scale}f}' AS DECIMAL({max(scale, 1)}, {scale}))"
    return f"CAST({digits} * {unit} AS DECIMAL({precision}, {scale}))"


class AlikeGenerator(SparkGenerator):
    """Spark as sqlglot writes it, put right where the answer would differ."""

    TRANSFORMS: ClassVar[dict[type[exp.Expr], Callable[..., str]]] = {
        **SparkGenerator.TRANSFORMS,
        exp.Cast: _cast,
        exp.DateDiff: _date_diff,
        exp.DayOfWeek: lambda self, node: f"(DAYOFWEEK({self.sql(node, 'this')}) - 1)",
        exp.DayOfWeekIso: lambda self, node: f"(WEEKDAY({self.sql(node, 'this')}) + 1)",
        exp.Div: _division,
        exp.Round: _round,
    }
