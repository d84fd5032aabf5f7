"""Pages are in Chinese first, then in English; links and anchors lead somewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from docs.pages import CHINESE, DOCS, ROOT, anchors, halves, links, markdown, prose

BILINGUAL = [path for path in sorted(DOCS.rglob("*.md")) if "decisions" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", BILINGUAL, ids=name)
def test_a_page_is_chinese_first_and_then_english(path: Path) -> None:
    zh, en = halves(path)
    assert CHINESE.search(zh.splitlines()[0])
    assert not CHINESE.search(en.splitlines()[0])
    # terms and examples may be Chinese in the English half, sentences may not
    letters = prose(en).replace(" ", "")
    assert len(CHINESE.findall(letters)) < 0.05 * len(letters)


@pytest.mark.parametrize("path", markdown(), ids=name)
def test_links_and_anchors_resolve(path: Path) -> None:
    broken = [
        target
        for target in links(path.read_text("utf-8"))
        if not target.startswith(("http://", "https://", "mailto:")) and not resolves(path, unquote(target))
    ]
    assert not broken


def resolves(page: Path, target: str) -> bool:
    file, _, anchor = target.partition("#")
    place = (page.parent / file).resolve() if file else page
    if not place.exists():
        return False
    return not anchor or (place.suffix == ".md" and anchor in anchors(place.read_text("utf-8")))


def test_the_index_names_every_page() -> None:
    text = (DOCS / "README.md").read_text("utf-8")
    pages = {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    for half in halves(DOCS / "README.md"):
        assert pages <= set(links(half)), "docs/README.md"
    assert "analyses/README.md" in text
