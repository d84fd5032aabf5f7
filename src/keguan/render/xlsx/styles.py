"""How cells look: the design language as formats of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from keguan.core.text import Language
from keguan.render import theme
from keguan.render.theme import PRINT

Look = dict[str, Any]
_TEXT: Look = {"font_color": theme.TEXT, "font_size": PRINT["body"], "valign": "top", "text_wrap": True}
_CELL: Look = {
    "font_color": theme.TEXT,
    "font_size": PRINT["table"],
    "valign": "top",
    "bottom": 1,
    "bottom_color": theme.LINE,
}
_SMALL: Look = {"font_color": theme.MUTED, "font_size": PRINT["small"], "valign": "top"}

LOOKS: dict[str, Look] = {
    "band": {"bg_color": theme.COVER, "font_color": theme.COVER_TEXT, "font_size": PRINT["small"], "valign": "vcenter"},
    "band_title": {
        "bg_color": theme.COVER, "font_color": theme.COVER_TEXT, "font_size": 20, "bold": True, "valign": "vcenter",
    },
    "band_soft": {"bg_color": theme.COVER, "font_color": theme.COVER_MUTED, "font_size": PRINT["table"], "valign": "vcenter"},
    "band_link": {
        "bg_color": theme.COVER, "font_color": theme.COVER_MUTED, "font_size": PRINT["table"], "valign": "vcenter",
        "align": "right", "underline": 1,
    },
    "section": {"font_color": theme.INK, "font_size": PRINT["analysis"], "bold": True, "valign": "vcenter"},
    "analysis": {
        "font_color": theme.INK, "font_size": 12, "bold": True, "valign": "vcenter", "bottom": 1, "bottom_color": theme.RULE,
    },
    "lead": {**_TEXT, "font_color": theme.MUTED, "italic": False},
    "text": _TEXT,
    "question": {**_TEXT, "font_color": theme.MUTED, "font_size": PRINT["table"]},
    "claim": {**_TEXT, "left": 5, "left_color": theme.ACCENT, "indent": 1},
    "claim.tested": {**_TEXT, "left": 5, "left_color": theme.TESTED, "indent": 1},
    "claim.recommendation": {**_TEXT, "left": 5, "left_color": theme.SEAL, "indent": 1},
    "kind": {**_SMALL, "align": "right", "indent": 1},
    "id": {**_SMALL, "font_color": theme.FAINT, "align": "left"},
    "note": {**_TEXT, "font_size": PRINT["table"], "bg_color": theme.NOTES["info"][0], "left": 5,
        "left_color": theme.NOTES["info"][1],
    },
    "note.warning": {
        **_TEXT, "font_size": PRINT["table"], "bg_color": theme.NOTES["warning"][0], "left": 5,
        "left_color": theme.NOTES["warning"][1],
    },
    "note.comment": {
        **_TEXT, "bg_color": theme.NOTES["comment"][0], "left": 5, "left_color": theme.NOTES["comment"][1],
    },
    "caption": {"font_color": theme.INK, "font_size": PRINT["body"], "bold": True, "valign": "vcenter"},
    "unit": {"font_color": theme.MUTED, "font_size": PRINT["caption"], "valign": "vcenter"},
    "below": {"font_color": theme.MUTED, "font_size": PRINT["caption"], "valign": "top", "text_wrap": True},
    "money": {"font_color": theme.MUTED, "font_size": PRINT["caption"], "valign": "top", "indent": 1},
    "source": {**_SMALL, "font_color": theme.FAINT, "underline": 0},
    "link": {"font_color": theme.ACCENT, "font_size": PRINT["body"], "valign": "vcenter"},
    "sublink": {"font_color": theme.MUTED, "font_size": PRINT["table"], "valign": "vcenter", "indent": 1},
    "head": {
        "font_color": theme.MUTED, "font_size": PRINT["table"], "bold": True, "text_wrap": True, "valign": "bottom",
        "bottom": 2, "bottom_color": theme.RULE, "bg_color": theme.SOFT,
    },
    "head.after": {
        "font_color": theme.MUTED, "font_size": PRINT["table"], "bold": True, "text_wrap": True, "valign": "bottom",
        "bottom": 2, "bottom_color": theme.RULE, "bg_color": theme.SOFT, "indent": 1,
    },
    "head.number": {
        "font_color": theme.MUTED, "font_size": PRINT["table"], "bold": True, "text_wrap": True, "valign": "bottom",
        "bottom": 2, "bottom_color": theme.RULE, "bg_color": theme.SOFT, "align": "right", "indent": 1,
    },
    "cell": {**_CELL, "text_wrap": True},
    "cell.after": {**_CELL, "text_wrap": True, "indent": 1},
    "cell.after.total": {**_CELL, "text_wrap": True, "indent": 1, "bold": True, "top": 1, "top_color": theme.RULE},
    "cell.number": {**_CELL, "align": "right", "indent": 1},
    "cell.total": {**_CELL, "text_wrap": True, "bold": True, "top": 1, "top_color": theme.RULE},
    "cell.number.total": {**_CELL, "align": "right", "indent": 1, "bold": True, "top": 1, "top_color": theme.RULE},
    "cell.top": {**_CELL, "text_wrap": True, "valign": "top"},
    "code": {
        "font_color": theme.TEXT, "font_size": PRINT["small"], "font_name": "Consolas", "text_wrap": True, "valign": "top",
        "bottom": 1, "bottom_color": theme.LINE,
    },
    "card.label": {**_SMALL, "font_size": PRINT["caption"], "bg_color": theme.SOFT, "text_wrap": True, "valign": "vcenter",
                   "indent": 1, "top": 2, "top_color": theme.ACCENT},
    "card.number": {
        "font_color": theme.INK, "font_size": PRINT["section"], "bold": True, "bg_color": theme.SOFT,
        "valign": "vcenter",
        "indent": 1,
    },
    "card.change": {
        "font_color": theme.INK, "font_size": PRINT["table"], "bold": True, "bg_color": theme.SOFT, "valign": "vcenter",
        "indent": 1,
    },
    "card.against": {**_SMALL, "bg_color": theme.SOFT, "text_wrap": True, "valign": "vcenter"},
    "fact": {"font_color": theme.MUTED, "font_size": PRINT["table"], "valign": "top"},
    "fact.value": {"font_color": theme.TEXT, "font_size": PRINT["table"], "valign": "top", "text_wrap": True},
}  # fmt: skip


@dataclass
class Styles:
    """Formats of one workbook, each made once. `book` is an xlsxwriter Workbook."""

    book: Any
    language: Language
    _made: dict[tuple[str, str, bool], Any] = field(default_factory=dict)

    @property
    def font(self) -> str:
        """The font of the reader's machine for the report's language."""
        return theme.OFFICE_FONTS["east_asian" if self.language == "zh" else "latin"]

    def of(self, look: str, code: str = "", *, negative: bool = False) -> Any:
        """A format by its look, number format and sign."""
        key = (look, code, negative)
        if key not in self._made:
            form: Look = {"font_name": self.font, **LOOKS[look]}
            if "indent" in form:
                form.setdefault("align", "left")  # only texts that are set to a side are indented
            if code:
                form["num_format"] = code
            if negative:
                form["font_color"] = theme.SEAL
            self._made[key] = self.book.add_format(form)
        return self._made[key]

    @staticmethod
    def size(look: str) -> float:
        """The size of a look's type in points."""
        return float(LOOKS[look]["font_size"])
