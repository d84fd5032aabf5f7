"""How the marks of a Word file are called, and the list inside the file that tells what they stand for.

A sentence is a content control whose tag is the element's id; the lines of a card have a number in the list, since
Word keeps 64 characters of a tag. A table's rows bear bookmarks; the list has the table, its columns and row keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from keguan.report.document import ClaimBlock, Json, TableBlock
from keguan.report.manifest import claim_element

LISTED = "keguan:"
ROW = "_kr"  # bookmarks of rows: _kr12_3 is row 3 of table 12; a leading _ hides them from Word's list


@dataclass
class Names:
    """Collects what the marks stand for while a file is written."""

    claims: dict[str, list[list[str | None]]] = field(default_factory=dict)
    lines: dict[str, list[list[str | None]]] = field(default_factory=dict)
    tables: list[Json] = field(default_factory=list)

    def claim(self, claim: ClaimBlock) -> str:
        """The tag of a sentence; its parts are listed, so that figures are told from fixed words."""
        tag = claim_element(claim)
        self.claims[tag] = [[part.text, part.value] for part in claim.parts]
        return tag

    def line(self, parts: list[tuple[str, str | None]]) -> str:
        """The tag of a line in which some parts are elements (their ids are given) and the others fixed words."""
        tag = f"{LISTED}{len(self.lines)}"
        self.lines[tag] = [[text, id] for text, id in parts]
        return tag

    def table(self, block: TableBlock, place: str, columns: list[str | None]) -> int:
        """Lists a table with these columns (None: a column that is shown again) and returns its number."""
        keys = [row.key for row in block.page]
        self.tables.append({"ref": block.ref, "place": place, "columns": columns, "rows": keys})
        return len(self.tables) - 1

    def values(self, claim: str, names: list[str]) -> int:
        """Lists the table of a sentence's figures in the appendix: name, figure, where it stands."""
        self.tables.append({"claim": claim, "columns": [None, "value", None], "rows": names})
        return len(self.tables) - 1

    def listing(self) -> Json:
        """What the file keeps."""
        return {"claims": self.claims, "lines": self.lines, "tables": self.tables}


def row_bookmark(table: int, row: int) -> str:
    """The bookmark of one row."""
    return f"{ROW}{table}_{row}"
