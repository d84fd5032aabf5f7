"""Whatever the code imports is asked for in pyproject.toml, and whatever is asked for is imported."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Packages whose import name is not their own name.
IMPORT_NAMES = {
    "pillow": "pil", "python-docx": "docx", "python-pptx": "pptx", "quickjs-ng": "quickjs", "scikit-learn": "sklearn",
}  # fmt: skip
# Asked for without being imported: the zones for systems that have none (Windows).
DATA_ONLY = {"tzdata"}


def declared(requirements: list[str]) -> set[str]:
    """The import names of requirements."""
    names = {canonicalize_name(Requirement(text).name) for text in requirements}
    return {IMPORT_NAMES.get(name, name) for name in names}


def imported() -> Iterator[tuple[str, Path]]:
    """Every top-level package that a file under src imports, in lower case, and the file."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                yield name.partition(".")[0].lower(), path.relative_to(ROOT)


def third_party() -> dict[str, Path]:
    """Packages imported from outside, each with one file that does."""
    standard = {name.lower() for name in sys.stdlib_module_names} | {"keguan", "__future__"}
    return {name: path for name, path in imported() if name not in standard}


def test_every_import_is_declared() -> None:
    allowed = declared(PROJECT["dependencies"])
    for extra in PROJECT["optional-dependencies"].values():
        allowed |= declared(extra)
    missing = {name: str(path) for name, path in third_party().items() if name not in allowed}
    assert missing == {}, "add them to [project] dependencies and run `make lock`"


def test_every_declared_package_is_imported() -> None:
    unused = declared(PROJECT["dependencies"]) - DATA_ONLY - set(third_party())
    assert unused == set(), "remove them from [project] dependencies and run `make lock`"
