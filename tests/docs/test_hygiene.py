"""No file of the repository names a machine's folders or a package registry."""

from __future__ import annotations

import re

from docs.pages import ROOT, sources

# Written in pieces: this file must not hold what it looks for. /home/shop and /home/x are invented ones.
FOLDERS = re.compile(
    r"(?<![\w./-])(/home/(?!shop\b|x\b)|/Users/|/ro" + r"ot/|/wo" + r"rk/|[A-Z]:\\\\?Users\\)\w"
)
REGISTRIES = re.compile(
    "|".join((r"registry\.np" + "mjs", r"registry\.ya" + "rnpkg", r"py" + r"pi\.org", r"pythonho" + r"sted\.org",
              r"npmm" + r"irror", r"index-u" + r"rl", r"mirrors?\.[a-z]+\.(com|cn|edu)"))
)  # fmt: skip
LARGE = 5_000_000


def texts() -> list[tuple[str, str]]:
    """(name, text) of every text file."""
    found = []
    for path in sources():
        content = path.read_bytes()
        if len(content) < LARGE and b"\0" not in content:
            found.append((str(path.relative_to(ROOT)), content.decode("utf-8", "replace")))
    assert len(found) > 100
    return found


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_machine_paths() -> None:
    assert not lines_with(FOLDERS)
    assert not lines_with(re.compile(re.escape(str(ROOT)) + r"\b"))


def test_no_package_registry_addresses() -> None:
    assert not lines_with(REGISTRIES)
