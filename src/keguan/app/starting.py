"""The use case 'init': a folder becomes a workspace with an explained settings file."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

from keguan.core import config
from keguan.core.errors import UsageError
from keguan.core.text import Language
from keguan.store import catalog
from keguan.store.workspace import Store

COMMENTS = {
    "name": ("封面上的公司名称", "company name on the cover"),
    "language": ("zh 或 en", "zh or en"),
    "timezone": ("没有时区的时间按此理解", "times without a zone are read in this one"),
    "currency": ("ISO 币种, 空: 由数据判断", "ISO currency, empty: as the data say"),
    "memory_limit": ('例如 "4GB", 空: 不限', 'e.g. "4GB", empty: no limit'),
    "repeated_lines": ("文件内重复行: keep 保留并报告, drop 去掉", "lines repeated in a file: keep or drop"),
}


def start(
    folder: Path, language: Language, *, name: str = "", currency: str = "", timezone: str = ""
) -> tuple[Store, bool]:
    """The workspace, and whether it existed before."""
    existed = (folder / catalog.FILE).exists()
    values = {
        "name": name, "language": language, "timezone": timezone or "Asia/Shanghai",
        "currency": currency, "memory_limit": "", "repeated_lines": "keep",
    }  # fmt: skip
    column = 0 if language == "zh" else 1
    lines = [
        f"# {COMMENTS[key][column]}\n{key} = {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in values.items()
    ]
    text = "\n".join(lines)
    with tempfile.TemporaryDirectory() as trial:  # a wrong zone or currency must not leave a broken workspace
        (Path(trial) / config.FILE).write_text(text, "utf-8")
        try:
            config.load(Path(trial), {})
        except UsageError as error:
            error.where = replace(error.where, file=config.FILE)
            raise
    return Store.init(folder, text), existed
