"""Plug-ins are found by folder and entry point; a wrong name is an error that lists the right ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from keguan import registry
from keguan.analysis import Analysis
from keguan.core.errors import UsageError

SOURCE = """
from dataclasses import dataclass
from keguan.analysis import Analysis
from keguan.core.text import same
from keguan.result import Result

@dataclass(frozen=True)
class Params:
    pass

ANALYSIS = Analysis("{name}", same("x"), same("x?"), "trend", Params, lambda i, p: Result("{name}"), order={order})
"""


@pytest.fixture
def plug_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of plug-ins in place of Keguan's own."""
    package = tmp_path / "shelf"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry, "PACKAGES", ("shelf",))
    monkeypatch.setattr(registry, "entry_points", lambda group: ())
    forget()
    yield package
    forget()
    for name in [name for name in sys.modules if name == "shelf" or name.startswith("shelf.")]:
        del sys.modules[name]


def forget() -> None:
    for cached in (registry.names, registry.get, registry._modules, registry._third_parties):
        cached.cache_clear()


def put(package: Path, file: str, name: str | None = None, order: int = 100) -> None:
    (package / f"{file}.py").write_text(SOURCE.format(name=name or file, order=order))


def test_every_plug_in_of_keguan_loads() -> None:
    names = registry.names()
    assert names == tuple(sorted(names))
    assert {"overview", "rfm", "cohort", "revenue_bridge"} <= set(names)
    for analysis in registry.every():
        assert isinstance(analysis, Analysis)
        assert registry.get(analysis.name) is analysis
        assert set(analysis.uses) <= set(names)
        analysis.params()


def test_an_unknown_name_is_a_usage_error_that_lists_them_all() -> None:
    with pytest.raises(UsageError) as caught:
        registry.get("rmf")
    assert caught.value.exit_code == 2
    for language in ("zh", "en"):
        said = caught.value.paragraph(language)
        assert "rmf" in said
        assert all(name in said for name in registry.names())


def test_a_new_file_is_a_new_plug_in(plug_ins: Path) -> None:
    put(plug_ins, "loyalty", order=2)
    put(plug_ins, "churn", order=3)
    put(plug_ins, "basket", order=2)
    assert registry.names() == ("basket", "churn", "loyalty")
    assert [item.name for item in registry.every()] == ["basket", "loyalty", "churn"]  # by order, then name


def test_a_private_module_is_no_plug_in(plug_ins: Path) -> None:
    put(plug_ins, "_shares")
    assert registry.names() == ()


def test_a_folder_may_be_a_plug_in(plug_ins: Path) -> None:
    folder = plug_ins / "loyalty"
    folder.mkdir()
    (folder / "__init__.py").write_text(SOURCE.format(name="loyalty", order=1))
    assert registry.get("loyalty").name == "loyalty"


def test_the_file_carries_the_name(plug_ins: Path) -> None:
    put(plug_ins, "loyalty", name="churn")
    with pytest.raises(TypeError, match="loyalty"):
        registry.get("loyalty")


def test_third_parties_come_over_an_entry_point(plug_ins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(plug_ins, "_elsewhere", name="weather")
    point = EntryPoint("weather", "shelf._elsewhere:ANALYSIS", "keguan.analyses")
    monkeypatch.setattr(registry, "entry_points", lambda group: (point,))
    forget()
    assert registry.names() == ("weather",)
    assert registry.get("weather").name == "weather"


def test_what_is_no_analysis_is_refused(plug_ins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("weather", "shelf:__name__", "keguan.analyses")
    monkeypatch.setattr(registry, "entry_points", lambda group: (point,))
    forget()
    with pytest.raises(TypeError, match="weather"):
        registry.get("weather")
