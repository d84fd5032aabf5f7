"""Keguan 客观: from a company's customer data to an analysis report that proves each of its sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Workspace", "__version__"]

if TYPE_CHECKING:
    from keguan.app.workspace import Workspace


def __getattr__(name: str) -> Any:
    # Loaded on first use: `keguan --help` must not pay for the engine.
    if name == "Workspace":
        from keguan.app.workspace import Workspace

        return Workspace
    raise AttributeError(name)
