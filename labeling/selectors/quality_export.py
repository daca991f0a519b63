"""People's quality as CSV, one number in a row, streamed person by person."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from invoices.models import User
from invoices.spreadsheets import Written, guarded
from labeling.selectors.quality import PersonQuality, person_quality
from labeling.selectors.quality_people import labelers
from labeling.selectors.quality_rows import Window
from mlcore.agreement.figures import Figure, Measured

CSV_COLUMNS = ("user", "name", "role", "window", "measure", "field", "n", "value", "low", "high")
_CHUNK = 50
_PARTS = ("accepted", "seeded", "natural", "corrected", "hidden", "effect")

Row = tuple[str, str, int, object, object, object]
"""Measure, field (``""``: the whole), documents, value, lower and upper end; empty where there is not enough data."""


def csv_lines(viewer: User, window: Window) -> Iterator[str]:
    """A heading, then a row for each number of each person, in the order of names. Four statements at most for each person."""
    sink = Written()
    writer = csv.writer(sink)
    writer.writerow(CSV_COLUMNS)
    for person in labelers().order_by("username").iterator(chunk_size=_CHUNK):
        who = [guarded(person.username), guarded(person.get_full_name()), person.role, window.name]
        for row in _rows(person_quality(person, window, viewer=viewer)):
            writer.writerow([*who, *("" if cell is None else cell for cell in row)])
        yield sink.take()
    yield sink.take()


def _rows(quality: PersonQuality) -> Iterator[Row]:
    totals, accuracy = quality.totals, quality.accuracy
    counts = {"documents": totals.documents, "reviews": totals.reviews, "judged": totals.judged, "skips": totals.skipped}
    for name, count in {**counts, "keystrokes": totals.keystrokes, "keystrokes_saved": totals.kept}.items():
        yield (name, "", totals.documents, count, None, None)
    seconds = totals.seconds
    yield ("active_seconds", "", seconds.n, seconds.median, seconds.low, seconds.high)
    for source, by_source in {"": accuracy, **{f".{name}": one for name, one in quality.by_source.items()}}.items():
        for name, figure in {"exact": by_source.exact, "critical": by_source.critical, "values": by_source.values}.items():
            yield _figure(f"{name}{source}", "", figure)
    yield from (_figure("accuracy", field, figure) for field, figure in accuracy.fields.items())
    yield from (_figure("effect_of_showing", field, figure) for field, figure in quality.effect.items())
    for field, meter in quality.anchoring.items():
        yield from (_figure(f"anchoring.{part}", field, getattr(meter, part)) for part in _PARTS)


def _figure(measure: str, field: str, figure: Figure) -> Row:
    if isinstance(figure, Measured):
        value, low, high = (None if v is None else f"{v:.6f}" for v in (figure.value, figure.low, figure.high))
        return (measure, field, figure.n, value, low, high)
    return (measure, field, figure.n, None, None, None)
