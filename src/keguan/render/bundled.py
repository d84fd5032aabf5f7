"""The third-party files that the build brings into the package: ECharts and the two weights of the font."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from keguan.core.errors import DependencyError, Where
from keguan.core.text import Text

Weight = Literal["regular", "bold"]
FOLDER = Path(__file__).parent / "assets"
FONTS: dict[Weight, str] = {"regular": "NotoSansSC_400Regular.ttf", "bold": "NotoSansSC_700Bold.ttf"}
ECHARTS = "echarts.min.js"


def font_path(weight: Weight) -> Path:
    """The font file of one weight. DependencyError when the installation lacks it."""
    return _present(FONTS[weight])


@cache
def echarts_source() -> str:
    """The chart library as text. DependencyError when the installation lacks it."""
    return _present(ECHARTS).read_text(encoding="utf-8")


def _present(name: str) -> Path:
    path = FOLDER / name
    if not path.is_file():
        raise DependencyError(
            Text("安装不完整，缺少图表库或字体", "The installation lacks the chart library or the font"),
            Where(file=name),
            do=Text(
                "重新安装 keguan，或在源码目录运行 make install", "install keguan again, or run make install"
            ),
        )
    return path
