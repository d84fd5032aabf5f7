"""The documentation as tests see it: pages, their Chinese and English halves, headings, links, fenced blocks."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(.*)$")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Block:
    """A fenced block: its info string ('sh run', 'csv file NAME'), its lines, and where it stands."""

    info: str
    lines: tuple[str, ...]
    place: str

    @property
    def text(self) -> str:
        """The block's content."""
        return "\n".join(self.lines) + "\n"


def sources() -> list[Path]:
    """Files of the repository: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if listed.returncode:  # a source archive without git
        return [p for p in sorted(ROOT.rglob("*")) if p.is_file() and ".venv" not in p.parts]
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def markdown() -> list[Path]:
    """All Markdown files of the repository."""
    return [path for path in sources() if path.suffix == ".md"]


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    info: str | None = None
    lines: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if fence and info is None:
            info, lines, first = fence[1].strip(), [], number
        elif fence and info is not None:
            found.append(Block(info, tuple(lines), f"{path.relative_to(ROOT)}:{first}"))
            info = None
        elif info is not None:
            lines.append(line)
    return found


def prose(text: str) -> str:
    """The text without fenced blocks, line numbers kept."""
    inside, kept = False, []
    for line in text.splitlines():
        if FENCE.match(line):
            inside = not inside
            kept.append("")
        else:
            kept.append("" if inside else line)
    return "\n".join(kept)


def halves(path: Path) -> tuple[str, str]:
    """The Chinese half and the English half: each begins with a heading of the first level."""
    text = path.read_text("utf-8")
    starts = [match.start() for match in re.finditer(r"^# ", prose_of_equal_length(text), re.MULTILINE)]
    assert len(starts) == 2, f"{path.relative_to(ROOT)}: {len(starts)} headings of the first level, not 2"
    return text[: starts[1]], text[starts[1] :]


def prose_of_equal_length(text: str) -> str:
    """The text with fenced blocks blanked out, so that places stay."""
    return re.sub(r"^```.*?^```", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.MULTILINE | re.DOTALL)


def sections(half: str) -> dict[str, str]:
    """Title of each second-level heading (without backticks) -> its text."""
    found = {}
    for part in re.split(r"^## ", half, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        found[title.replace("`", "").strip()] = body
    return found


def anchors(text: str) -> set[str]:
    """The anchors that a renderer gives to the headings of a page."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*$", prose(text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found.add(slug + (f"-{seen[slug]}" if seen[slug] else ""))
        seen[slug] += 1
    return found


def links(text: str) -> Iterator[str]:
    """Targets of the links of a page; code is left out."""
    plain = re.sub(r"`[^`\n]*`", "", prose(text))
    yield from re.findall(r"\]\(([^)\s]+)\)", plain)


def code_words(text: str) -> set[str]:
    """Everything that stands in single backticks."""
    return set(re.findall(r"`([^`\n]+)`", prose(text)))
