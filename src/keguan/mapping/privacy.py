"""How cells that may be personal are shown: enough to recognise, too little to identify."""

from __future__ import annotations

import re

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
PHONE = r"^(\+?86[- ]?)?1[3-9]\d{9}$|^\+\d{8,15}$|^0\d{2,3}-\d{7,8}$"
MASKED = r"\*{2,}"


def masked(value: str) -> str:
    """138****1234, ro***@smith.net, 曾*, Ro***n."""
    if re.match(EMAIL, value):
        name, _, domain = value.partition("@")
        return f"{name[:2]}***@{domain}"
    if re.match(PHONE, value):
        return f"{value[:3]}****{value[-4:]}"
    if len(value) <= 3:
        return f"{value[:1]}{'*' * max(1, len(value) - 1)}"
    return f"{value[:2]}***{value[-1:]}"
