"""Recipes: which sections a report has, in which order, and which analyses fill them (recipes/*.toml).

A recipe names analyses; it holds no figures. A table is named `analysis.table`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal, get_args

from keguan.core.errors import UsageError, Where
from keguan.core.text import Scalar, Text, same

Fill = Literal["analyses", "summary", "changes", "recommendations", "comments", "appendix"]
FILLS: tuple[Fill, ...] = get_args(Fill)


@dataclass(frozen=True, slots=True)
class CellName:
    """A cell that a card shows; `key` identifies the row."""

    table: str
    key: Mapping[str, Scalar]
    column: str


@dataclass(frozen=True, slots=True)
class CardRecipe:
    """A headline figure. `period` names the cell that fills {period} of the label, `change` that of its change;
    `against` says against what."""

    value: CellName
    label: Text | None = None
    change: CellName | None = None
    against: Text | None = None
    period: CellName | None = None


@dataclass(frozen=True, slots=True)
class SectionRecipe:
    """One section. `tables` are printed in full before the analyses; `hide` are figures and tables left out;
    `keeps_advice`: recommendations of its analyses stay here and do not go to the section of advice;
    `answers`, `data`, `files` are said when nothing can fill it."""

    id: str
    title: Text
    fill: Fill = "analyses"
    lead: Text | None = None
    text: tuple[Text, ...] = ()
    analyses: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    keeps_advice: bool = False
    answers: Text | None = None
    data: Text | None = None


@dataclass(frozen=True)
class Recipe:
    """A kind of report. `leads`: for a kind of business, the analyses that come first in their section.
    `considers`: analyses whose sentences may enter the summary though no section prints them."""

    name: str
    title: Text
    sections: tuple[SectionRecipe, ...]
    cards: tuple[CardRecipe, ...] = ()
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    summary_claims: int = 7
    rows: int = 20  # rows of a table printed in the body
    considers: tuple[str, ...] = ()
    text: str = ""  # the TOML of a user's own recipe; it travels in the manifest, so that verify can read it

    @property
    def analyses(self) -> tuple[str, ...]:
        """Every analysis that the recipe needs, once, in order."""
        named = [name for section in self.sections for name in section.analyses]
        named += [table.partition(".")[0] for section in self.sections for table in section.tables]
        named += [card.value.table.partition(".")[0] for card in self.cards]
        named += self.considers
        return tuple(dict.fromkeys(named))

    def collects(self, analysis: str) -> bool:
        """Whether the section of advice gathers that of this analysis: all but what stays where it is printed."""
        gathering = any(section.fill == "recommendations" for section in self.sections)
        return gathering and not any(
            section.keeps_advice and analysis in section.analyses for section in self.sections
        )


def recipes() -> tuple[str, ...]:
    """Names of the recipes that ship with the product."""
    folder = resources.files("keguan.report") / "recipes"
    return tuple(sorted(item.name[:-5] for item in folder.iterdir() if item.name.endswith(".toml")))


def load_recipe(name: str) -> Recipe:
    """A recipe that ships with the product, by its name. UsageError when there is none."""
    if name not in recipes():
        raise UsageError(
            Text("没有这个报告配方", "There is no such report recipe"),
            found=name,
            allowed=same(", ".join(recipes())),
            do=Text(
                "用 --recipe 给出其中之一，或给出一个 .toml 文件",
                "give one of them, or a .toml file, with --recipe",
            ),
        )
    text = (resources.files("keguan.report") / "recipes" / f"{name}.toml").read_text(encoding="utf-8")
    return parse_recipe(text, name)


def parse_recipe(text: str, name: str) -> Recipe:
    """A recipe from TOML. UsageError names what is wrong."""
    try:
        raw = tomllib.loads(text)
        return Recipe(
            name=name,
            title=_text(raw["title"]),
            sections=tuple(_section(item) for item in raw["sections"]),
            cards=tuple(_card(item) for item in raw.get("cards", ())),
            leads={kind: tuple(names) for kind, names in raw.get("leads", {}).items()},
            summary_claims=int(raw.get("summary_claims", 7)),
            rows=int(raw.get("rows", 20)),
            considers=tuple(raw.get("considers", ())),
        )
    except tomllib.TOMLDecodeError as error:
        raise _broken(name, str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(name, f"{type(error).__name__}: {error}") from error


def _broken(name: str, found: str) -> UsageError:
    return UsageError(
        Text("报告配方的写法不对", "The report recipe is not well formed"),
        Where(file=f"{name}.toml"),
        found=found,
        allowed=Text(
            "title、sections（id、title、fill、analyses、tables）、cards",
            "title, sections (id, title, fill, ...), cards",
        ),
        do=Text("对照 monthly.toml 改正", "correct it along monthly.toml"),
    )


def _text(raw: Mapping[str, str]) -> Text:
    return Text(raw["zh"], raw["en"])


def _maybe(raw: Mapping[str, Any], name: str) -> Text | None:
    return _text(raw[name]) if name in raw else None


def _section(raw: Mapping[str, Any]) -> SectionRecipe:
    fill = raw.get("fill", "analyses")
    if fill not in FILLS:
        raise ValueError(f"fill = {fill!r}; one of {', '.join(FILLS)}")
    return SectionRecipe(
        id=raw["id"],
        title=_text(raw["title"]),
        fill=fill,
        lead=_maybe(raw, "lead"),
        text=tuple(_text(item) for item in raw.get("text", ())),
        analyses=tuple(raw.get("analyses", ())),
        tables=tuple(raw.get("tables", ())),
        hide=tuple(raw.get("hide", ())),
        keeps_advice=bool(raw.get("keeps_advice", False)),
        answers=_maybe(raw, "answers"),
        data=_maybe(raw, "data"),
    )


def _cell(raw: Mapping[str, Any]) -> CellName:
    return CellName(raw["table"], dict(raw["key"]), raw["column"])


def _card(raw: Mapping[str, Any]) -> CardRecipe:
    return CardRecipe(
        value=_cell(raw),
        label=_maybe(raw, "label"),
        period=_cell(raw["period"]) if "period" in raw else None,
        change=_cell(raw["change"]) if "change" in raw else None,
        against=_maybe(raw, "against"),
    )
