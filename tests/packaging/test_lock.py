"""The locked packages: all hashed, no address, one set that satisfies what pyproject.toml asks for."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import keguan

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# An address, an option of pip, or a path of the machine that made the file.
FOREIGN = re.compile(r"://|^\s*-(?!-hash=)|(?:^|\s)[/~][\w./]|file:|@", re.MULTILINE)


@cache
def entries(lock: str) -> dict[str, tuple[Requirement, int]]:
    """Package name -> the locked requirement and how many hashes it has."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, tuple[Requirement, int]] = {}
    for line in text.splitlines():
        head, *hashes = line.split("--hash=")
        requirement = Requirement(head.strip())
        assert canonicalize_name(requirement.name) not in found, f"{requirement.name} is locked twice"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest.strip()) for digest in hashes)
        found[canonicalize_name(requirement.name)] = (requirement, len(hashes))
    return found


def locked_version(lock: str, name: str) -> str:
    """The one version that the lock allows."""
    (specifier,) = entries(lock)[canonicalize_name(name)][0].specifier
    assert specifier.operator == "=="
    return specifier.version


def asked_for(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for of the packages in this lock."""
    groups = PYPROJECT["dependency-groups"]
    texts = [*PYPROJECT["project"]["dependencies"], *groups["build"]]
    if lock == "requirements-dev.lock":
        texts += groups["dev"]
        for extra in PYPROJECT["project"]["optional-dependencies"].values():
            texts += [text for text in extra if not text.startswith("keguan[")]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_one_version_and_hashes(lock: str) -> None:
    assert len(entries(lock)) > 20
    for name, (_, hashes) in entries(lock).items():
        assert hashes > 0, f"{name} has no hash"
        assert locked_version(lock, name)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address_option_or_path(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert FOREIGN.findall(text) == []


@pytest.mark.parametrize(
    "line", ["-i https://x/simple", "--find-links /opt/x", "a @ file:///x", "# uv -o /home/x", "a==1 # ~/x"]
)
def test_the_check_for_addresses_finds_them(line: str) -> None:
    assert FOREIGN.search(f"a==1 \\\n    --hash=sha256:00\n{line}\n")


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_satisfies_pyproject(lock: str) -> None:
    for requirement in asked_for(lock):
        version = locked_version(lock, requirement.name)
        assert requirement.specifier.contains(version), f"{requirement} but {version} is locked"


def test_packages_for_tests_do_not_change_those_of_users() -> None:
    for name in entries("requirements.lock"):
        assert locked_version("requirements-dev.lock", name) == locked_version("requirements.lock", name)


def test_duckdb_is_locked_to_its_long_term_line() -> None:
    assert locked_version("requirements.lock", "duckdb").startswith("1.5.")


def test_everything_the_build_requires_is_locked() -> None:
    assert set(PYPROJECT["build-system"]["requires"]) <= set(PYPROJECT["dependency-groups"]["build"])


def test_extra_all_names_every_other_extra() -> None:
    extras = dict(PYPROJECT["project"]["optional-dependencies"])
    (everything,) = extras.pop("all")
    assert Requirement(everything).extras == set(extras)


def test_version_is_the_one_the_package_says() -> None:
    assert PYPROJECT["project"]["version"] == keguan.__version__


def test_npm_packages_are_exact_hashed_and_without_address() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert packages.pop("")["dependencies"] == wanted
    assert all(packages[f"node_modules/{name}"]["version"] == version for name, version in wanted.items())
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name
