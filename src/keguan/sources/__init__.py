"""Files as received: which there are, which physical form they have, and their rows as text.

No column has a meaning here (that is `keguan.mapping`), and no value is changed.
"""

from __future__ import annotations

from keguan.sources.files import find
from keguan.sources.inspecting import inspect
from keguan.sources.loading import load
from keguan.sources.shape import Loaded, ReadOptions, Setting, Shape

__all__ = ["Loaded", "ReadOptions", "Setting", "Shape", "find", "inspect", "load"]
