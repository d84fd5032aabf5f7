"""Finds plug-ins: every module of `keguan.analyses`, `models` and `strategies` that its package does not except,
and entry points of the group `keguan.analyses` for third parties."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from keguan.analysis import Analysis
from keguan.core.errors import UsageError
from keguan.core.text import Text

# Segmentations that do not bear the name of their analysis.
MADE_BY = {"strategies": "matching"}
PACKAGES = ("keguan.analyses", "keguan.models", "keguan.strategies")


@cache
def names() -> tuple[str, ...]:
    """Names of all plug-ins shipped with Keguan or installed beside it, sorted."""
    found = set(_modules()) | set(_third_parties())
    return tuple(sorted(found))


@cache
def get(name: str) -> Analysis:
    """The plug-in of this name. UsageError lists what exists."""
    if (module := _modules().get(name)) is not None:
        analysis = importlib.import_module(module).ANALYSIS
    elif (point := _third_parties().get(name)) is not None:
        analysis = point.load()
    else:
        listed = ", ".join(names())
        raise UsageError(
            Text("没有这个分析", "There is no such analysis"),
            found=name,
            allowed=Text(listed, listed),
            do=Text("运行 keguan analyses 查看全部分析", "run keguan analyses to see them all"),
        )
    if not isinstance(analysis, Analysis) or analysis.name != name:
        raise TypeError(f"{name}: ANALYSIS.name must be the module's name")
    return analysis


def owner(segmentation: str) -> str:
    """The analysis that makes a segmentation: of its name, or of the longest name that it starts with."""
    if segmentation in MADE_BY:
        return MADE_BY[segmentation]
    found = [name for name in names() if segmentation == name or segmentation.startswith(f"{name}_")]
    return max(found, key=len) if found else get(segmentation).name


def every() -> tuple[Analysis, ...]:
    """All plug-ins, by section order and name."""
    return tuple(sorted((get(name) for name in names()), key=lambda item: (item.order, item.name)))


@cache
def _modules() -> dict[str, str]:
    found: dict[str, str] = {}
    for package_name in PACKAGES:
        package = importlib.import_module(package_name)
        for module in pkgutil.iter_modules(package.__path__):
            if module.name.startswith("_") or module.name in getattr(package, "NO_PLUGINS", ()):
                continue
            found[module.name] = f"{package_name}.{module.name}"
    return found


@cache
def _third_parties() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group="keguan.analyses")}
