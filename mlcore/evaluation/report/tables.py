"""Tables of a report: heads, rows of ready HTML cells, and a fold over what is long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlcore.evaluation.report.numbers import text, with_interval
from mlcore.evaluation.scores import Estimate


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``html`` is ready to stand, ``kind`` a class of the stylesheet."""

    html: str
    kind: str = ""


def name(value: str) -> Cell:
    """What a row is about."""
    return Cell(text(value), "name")


def count(value: int, fault: bool = False) -> Cell:
    """A whole number; a fault stands out unless it is zero, and zeros step back."""
    return Cell(f"{value:,}", f"count{' zero' if not value else ' fault' if fault else ''}")


def estimate(value: Estimate, signed: bool = False) -> Cell:
    """A share with its interval."""
    return Cell(with_interval(value, signed))


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]], kind: str = "") -> str:
    """HTML. A head that ends with ``#`` stands over counts; the first cell of a row is its head. ``stacked`` is a kind for many
    estimates: the interval stands below its value."""
    columns = "".join(
        f'<th scope="col" class="count">{text(head[:-1])}</th>' if head.endswith("#") else f'<th scope="col">{text(head)}</th>'
        for head in heads
    )
    body = "".join(
        f'<tr><th scope="row">{row[0].html}</th>{"".join(f"<td{_kind(cell)}>{cell.html}</td>" for cell in row[1:])}</tr>' for row in rows
    )
    return f'<div class="wide" tabindex="0"><table class="{kind}"><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>'


def folded(title: str, inner: str) -> str:
    """What opens on demand."""
    return f"<details><summary>{text(title)}</summary>{inner}</details>"


def _kind(cell: Cell) -> str:
    return f' class="{cell.kind}"' if cell.kind else ""
