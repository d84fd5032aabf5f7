"""Terms of themes and sentiment of texts: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {}
