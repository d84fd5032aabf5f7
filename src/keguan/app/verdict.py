"""What verifying finds of a document, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from keguan.core.text import Language, Text
from keguan.render.marks import Difference

State = Literal["proved", "edited", "not provable"]
KINDS: Mapping[str, Text] = {
    "claim": Text("结论", "Claim"),
    "value": Text("句中数字", "Figure of a sentence"),
    "advice": Text("策略建议", "Advice"),
    "cell": Text("表格单元格", "Table cell"),
    "datum": Text("图表数据", "Chart datum"),
    "picture": Text("图表图形", "Chart picture"),
    "added": Text("新增的数字没有证据", "Added figures without evidence"),
}


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """One claim of the document."""

    id: str
    key: str
    state: State
    text: str
    why: Text | None = None
    today: str | None = None  # with --now: what today's data say, where it differs


@dataclass(frozen=True)
class Verdict:
    """The whole document."""

    claims: tuple[ClaimVerdict, ...]
    edited: tuple[Difference, ...]  # cells, data and pictures that are not as computed
    other_changed: bool
    manifest_changed: bool
    compared_with_now: bool = False
    notes: tuple[Text, ...] = field(default_factory=tuple)
    rewritable: bool = False  # a form that people edit: words without figures may change

    @property
    def proved(self) -> bool:
        """Whether every claim is proved, nothing was edited and no figure was added."""
        return (
            all(claim.state == "proved" for claim in self.claims)
            and not self.edited
            and (self.rewritable or not self.other_changed)
            and not self.manifest_changed
        )

    def lines(self, language: Language) -> list[str]:
        """What to print: each fault by name, then the sum."""
        out = [self._claim_line(claim, language) for claim in self.claims if claim.state != "proved"]
        out += [_edit_line(item, language) for item in self.edited]
        if self.manifest_changed:
            out.append(
                Text(
                    "✗ 文件内的清单与工作区留存的不同",
                    "✗ the manifest inside the file differs from the workspace's copy",
                ).in_(language)
            )
        if self.other_changed:
            mark = " " if self.rewritable else "✗"
            out.append(Text(f"{mark} 其他部分被修改", f"{mark} other parts were changed").in_(language))
        out += [f"  {note.in_(language)}" for note in self.notes]
        if self.compared_with_now:
            out += self._today_lines(language)
        count = sum(claim.state == "proved" for claim in self.claims)
        total = len(self.claims)
        mark = "✓" if self.proved else "✗"
        out.append(
            Text(
                f"{mark} {total} 条结论中 {count} 条已证实, {len(self.edited)} 处单元格或图表被修改",
                f"{mark} {count} of {total} claims proved, {len(self.edited)} cells or charts edited",
            ).in_(language)
        )
        return out

    def _claim_line(self, claim: ClaimVerdict, language: Language) -> str:
        state = {"edited": Text("已被修改", "edited"), "not provable": Text("无法证实", "not provable")}[
            claim.state
        ]
        why = f" ({claim.why.in_(language)})" if claim.why else ""
        return f"✗ {claim.id} {claim.key}: {state.in_(language)}{why}"

    def _today_lines(self, language: Language) -> list[str]:
        moved = [claim for claim in self.claims if claim.today is not None]
        if not moved:
            return [Text("  今天的数据说法相同", "  today's data say the same").in_(language)]
        said = Text("今天的数据", "today").in_(language)
        return [f"  {claim.key}: {claim.text} → {said}: {claim.today}" for claim in moved]


def _edit_line(item: Difference, language: Language) -> str:
    kind = KINDS.get(item.kind, Text("部分", "Part")).in_(language)
    found = Text(
        f"文件中为「{item.found}」, 应为「{item.expected}」",
        f"the file shows '{item.found}', computed '{item.expected}'",
    )
    if item.kind == "added":
        return f"✗ {kind}: {item.found}"
    shown = "" if item.kind == "picture" else f": {found.in_(language)}"
    return f"✗ {kind} {item.name}{shown}"
