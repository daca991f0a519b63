"""A sheet as PDF bytes. The same sheet gives the same bytes."""

from __future__ import annotations

import io

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from mlcore.dataset.synthetic.ink import Disc, Mark, Panel, Polygon, Sheet, Stroke, TextRun, register_fonts

rl_config.useA85 = 0  # binary streams: a fifth smaller, and encoding them as text in Python is slow


def render_pdf(sheet: Sheet, title: str) -> bytes:
    """One PDF with a text layer; no time stamp and no random identifier goes in."""
    register_fonts()
    by_page: list[list[Mark]] = [[] for _ in range(sheet.pages)]
    for mark in sheet.marks:
        by_page[mark.page].append(mark)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(sheet.width, sheet.height), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    for marks in by_page:
        for mark in marks:
            _draw(canvas, mark, sheet.height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, mark: Mark, height: float) -> None:
    if isinstance(mark, TextRun):
        canvas.setFillColorRGB(*mark.color)
        canvas.setFont(mark.font, mark.size)
        canvas.drawString(mark.x, height - mark.baseline, mark.text)
    elif isinstance(mark, Stroke):
        canvas.setStrokeColorRGB(*mark.color)
        canvas.setLineWidth(mark.width)
        canvas.setDash(list(mark.dash))
        canvas.line(mark.x0, height - mark.y0, mark.x1, height - mark.y1)
    elif isinstance(mark, Panel):
        _draw_panel(canvas, mark, height)
    elif isinstance(mark, Polygon):
        canvas.setFillColorRGB(*mark.fill)
        path = canvas.beginPath()
        path.moveTo(mark.points[0][0], height - mark.points[0][1])
        for x, y in mark.points[1:]:
            path.lineTo(x, height - y)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    else:
        _draw_disc(canvas, mark, height)


def _draw_panel(canvas: Canvas, mark: Panel, height: float) -> None:
    if mark.fill is not None:
        canvas.setFillColorRGB(*mark.fill)
    if mark.outline is not None:
        canvas.setStrokeColorRGB(*mark.outline)
        canvas.setLineWidth(mark.width)
        canvas.setDash([])
    box = (mark.x0, height - mark.y1, mark.x1 - mark.x0, mark.y1 - mark.y0)
    stroke, fill = int(mark.outline is not None), int(mark.fill is not None)
    if mark.radius:
        canvas.roundRect(*box, mark.radius, stroke=stroke, fill=fill)
    else:
        canvas.rect(*box, stroke=stroke, fill=fill)


def _draw_disc(canvas: Canvas, mark: Disc, height: float) -> None:
    canvas.setFillColorRGB(*mark.color)
    canvas.setStrokeColorRGB(*mark.color)
    canvas.setDash([])
    canvas.setLineWidth(mark.width)
    canvas.circle(mark.x, height - mark.y, mark.radius, stroke=int(mark.width > 0), fill=int(mark.width == 0))
