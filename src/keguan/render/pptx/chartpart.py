"""An editable chart as parts of the file: the chart, its workbook, the frame on the slide."""

from __future__ import annotations

from keguan.render.pptx.bound import Bound
from keguan.render.pptx.canvas import Canvas, Place
from keguan.render.pptx.chartbook import workbook
from keguan.render.pptx.chartxml import chart_xml
from keguan.render.pptx.native import Native
from keguan.report.document import FigureBlock

URI = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def add(canvas: Canvas, figure: FigureBlock, chart: Native, place: Place) -> None:
    """Puts the chart on the slide, bound by the figure's name."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.opc.packuri import PackURI
    from pptx.parts.chart import ChartPart
    from pptx.parts.embeddedpackage import EmbeddedXlsxPart

    package = canvas.slide.part.package
    number = canvas.count("charts")
    book = EmbeddedXlsxPart(
        PackURI(f"/ppt/embeddings/Microsoft_Excel_Sheet{number}.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        package,
        workbook(chart, canvas.ink),
    )
    part = ChartPart.load(
        PackURI(f"/ppt/charts/chart{number}.xml"),
        CONTENT_TYPE.DML_CHART,
        package,
        chart_xml(chart, canvas.ink, "rId1"),
    )
    if part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE) != "rId1":
        raise ValueError(f"{figure.ref}: the workbook is not where its chart looks for it")
    relation = canvas.slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    inside = (
        f'<c:chart xmlns:c="{URI}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        f'r:id="{relation}"/>'
    )
    bound = Bound(cells=tuple(series.cells for series in chart.series))
    names = ", ".join(chart.legend) if chart.legend else ""
    told = f"{figure.title}: {names}" if names else figure.title
    canvas.graphic(f"figure:{figure.ref}", place, URI, inside, (told, bound))
