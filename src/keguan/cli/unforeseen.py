"""An error nobody foresaw: the traceback goes into a file, the user gets one paragraph."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path

from keguan.cli.language import user_language


def explain(error: Exception) -> str:
    """Writes the traceback to a file and says where it is, in the user's language."""
    folder = Path(tempfile.mkdtemp(prefix="keguan-error-"))
    path = folder / "traceback.txt"
    path.write_text("".join(traceback.format_exception(error)), "utf-8")
    name = type(error).__name__
    if user_language() == "zh":
        return f"发生了未预料的错误（{name}）。工作区保持原样。请这样做：把 {path} 发给维护者（其中可能含数据片段，请先查看）。"
    return (
        f"An unforeseen error occurred ({name}). The workspace is as it was. What to do: send {path} to the "
        "maintainers (it may quote data, have a look first)."
    )
