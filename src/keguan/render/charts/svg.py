"""Option -> SVG text, by ECharts in an embedded JavaScript engine. No browser, no network, no clock.

Text is measured with the advance widths of the font that the document embeds, so that what is laid out
here fits what a browser draws.
"""

from __future__ import annotations

import json
import re
import threading
from typing import Any

from keguan.render.bundled import echarts_source
from keguan.render.charts.plot import Drawing
from keguan.render.charts.slim import slim
from keguan.render.font import widths
from keguan.render.markup import quoted, shown

WIDTH = 760
SECONDS = 20
MEMORY = 512 * 1024 * 1024
SETUP = """
var setTimeout = function () { return 0; }, clearTimeout = function () {};
"""
DRAW = """
var SIZES = {};
function size(font) {
  if (!(font in SIZES)) {
    var found = /([0-9.]+)px/.exec(font || '');
    SIZES[font] = found ? parseFloat(found[1]) : 12;
  }
  return SIZES[font];
}
echarts.setPlatformAPI({ measureText: function (text, font) {
  var sum = 0;
  text = String(text === undefined || text === null ? '' : text);
  for (var i = 0; i < text.length; i++) {
    var width = WIDTHS[text.charCodeAt(i)];
    sum += width === undefined ? 1 : width;
  }
  return { width: sum * size(font) };
}});
function draw(option, width, height) {
  var chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height });
  try {
    chart.setOption(JSON.parse(option));
    /* A label is cut between any two units of UTF-16: half a letter (an emoji's, a rare name's) goes. A zero would
       end the text on its way out of the engine. */
    return [chart.renderToSVGString({ useViewBox: true }), ''].join('')
      .split(String.fromCharCode(0)).join('\\\\x00')
      .replace(/[\\uD800-\\uDBFF](?![\\uDC00-\\uDFFF])/g, '')
      .replace(/(^|[^\\uD800-\\uDBFF])[\\uDC00-\\uDFFF]/g, '$1');
  } finally {
    chart.dispose();
  }
}
"""
_local = threading.local()


def _context() -> Any:
    """One engine per thread: loading ECharts costs more than drawing a chart."""
    found = getattr(_local, "context", None)
    if found is None:
        import quickjs

        found = quickjs.Context()
        found.set_memory_limit(MEMORY)
        found.eval(SETUP)
        found.eval(echarts_source())
        found.eval(f"var WIDTHS = {json.dumps(widths())};{DRAW}")
        _local.context = found
    return found


def svg(drawing: Drawing, title: str, prefix: str, width: int = WIDTH) -> str:
    """The picture of a chart, ready to stand in a page: no style block, no script, ids begin with `prefix`.

    ValueError when ECharts drew nothing.
    """
    option = json.dumps(json.dumps(drawing.option, ensure_ascii=False))
    raw = str(_context().eval(f"draw({option}, {width}, {drawing.height})"))
    if "<path" not in raw and "<text" not in raw:
        raise ValueError(f"'{title}': the chart is empty")
    return _clean(raw, title, prefix)


def _clean(raw: str, title: str, prefix: str) -> str:
    """Pictures share one page under a strict policy: style blocks go, style attributes become attributes."""
    out = re.sub(r"<style\b.*?</style>", "", raw, flags=re.DOTALL)
    out = re.sub(r'\s(?:class|ecmeta_\w+|pointer-events|xmlns:xlink|baseProfile|version)="[^"]*"', "", out)
    # In attributes only: a name that is drawn may hold the same letters, but no unescaped quote.
    out = re.sub(r'(="(?:url\(#|#)?)zr\d+-', rf"\g<1>{prefix}-", out)
    out = re.sub(r'\sstyle="([^"]*)"', lambda match: _attributes(match.group(1)), out)
    out = re.sub(r"\s*\n\s*", "", out)
    return shown(slim(out)).replace("<svg ", f'<svg role="img" aria-label="{quoted(title)}" ', 1)


def _attributes(style: str) -> str:
    """`font-size:12px;...` as presentation attributes; the font is the page's."""
    out = []
    for part in style.split(";"):
        name, _, value = part.partition(":")
        if name.strip() and value.strip() and name.strip() != "font-family":
            out.append(f' {name.strip()}="{value.strip()}"')
    return "".join(out)
