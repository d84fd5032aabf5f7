"""Terms of segments over time and tags: vocabulary name -> stored value -> wording."""

from __future__ import annotations

from collections.abc import Mapping

from keguan.core.text import Text

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {}
