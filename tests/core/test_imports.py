"""Packages that are installed and not looked for."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from keguan.core import process
from keguan.core.imports import without


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process of the command line."""
    monkeypatch.setitem(process._process, "own", True)


def test_in_a_process_of_the_user_everything_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook may want LightGBM with scikit-learn after a churn model was fitted here."""
    monkeypatch.setitem(process._process, "own", False)
    sys.modules.pop("colorsys", None)
    with without("colorsys"):
        assert __import__("colorsys").__name__ == "colorsys"


def test_a_package_is_not_found_inside_and_is_found_after() -> None:
    sys.modules.pop("this", None)
    with without("this", "antigravity"):
        with pytest.raises(ModuleNotFoundError, match="this"):
            __import__("this")
        __import__("colorsys")
    assert __import__("colorsys").__name__ == "colorsys"
    assert "this" not in sys.modules
    assert not any(type(finder).__name__ == "_Absent" for finder in sys.meta_path)


def test_what_is_loaded_already_stays() -> None:
    import json

    with without("json"):
        assert __import__("json") is json


def test_other_threads_find_it() -> None:
    sys.modules.pop("colorsys", None)
    found: list[str] = []
    with without("colorsys"):
        thread = threading.Thread(target=lambda: found.append(__import__("colorsys").__name__))
        thread.start()
        thread.join()
    assert found == ["colorsys"]


@pytest.mark.parametrize(
    ("made", "unwanted"),
    [
        ("from keguan.models.churn.learners import trees_library as made", ("sklearn",)),
        ("from keguan.models.trend.methods import models_library as made", ("polars", "pyspark")),
    ],
)
def test_models_do_not_load_what_they_do_not_use(made: str, unwanted: tuple[str, ...]) -> None:
    own = "import sys; from keguan.core.process import own_process; own_process()"
    code = f"{own}; {made}; made(); print([name for name in {unwanted!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
