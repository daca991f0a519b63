"""Who else is on the paper: bill-to, ship-to, remit-to, patient. None of them is the sender."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mlcore.dataset.synthetic.facts.places import Party
from mlcore.dataset.synthetic.ink import WHITE
from mlcore.dataset.synthetic.layout.pen import GREY, Frame, Pen


class Role(StrEnum):
    """Whose address a block shows."""

    BILL_TO = "bill_to"
    SHIP_TO = "ship_to"
    REMIT_TO = "remit_to"
    PATIENT = "patient"


def party_in(pen: Pen, role: Role) -> Party:
    """Name and address in a role; money goes to a lockbox that differs from the sender's address."""
    invoice = pen.invoice
    if role is Role.BILL_TO:
        return invoice.bill_to
    if role is Role.SHIP_TO:
        return invoice.ship_to
    if role is Role.PATIENT:
        first = " ".join(reversed(invoice.patient.split(", ")))
        return Party(first, invoice.patient_address)
    box = sum(map(ord, pen.vendor.name)) * 7 % 9_000 + 1_000
    city = ("Dallas, TX 75320", "Chicago, IL 60673", "Atlanta, GA 30384", "Philadelphia, PA 19182")[box % 4]
    return Party(pen.vendor.name, (f"P.O. Box {box}", city))


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """One address under a heading.

    ``form``: ``plain``, ``boxed`` (outlined, heading inside), ``bar`` (heading on a coloured bar), ``margin``
    (heading in the left margin of the block), ``bare`` (no heading at all, for an address window).
    """

    role: Role
    heading: str = "Bill To"
    form: str = "plain"
    size: float = 0.0
    inset: float = 10.0
    extra: str = ""

    def draw(self, pen: Pen, frame: Frame) -> float:
        """Heading, name, address lines."""
        size = self.size or pen.style.size
        party = party_in(pen, self.role)
        lines = [party.name, *party.address] + ([self.extra] if self.extra else [])
        step, y, x = size * 1.28, frame.y, frame.x0
        right = frame.x1 - self.inset
        if self.form == "boxed":
            bottom = frame.y + size * 1.5 + step * 5 + 6
            pen.panel(frame.x0, frame.y, right, bottom, outline=GREY)
            pen.text(x + 5, y + 3, self.heading, size=size * 0.85, color=GREY)
            y, x = y + size * 1.5 + 2, x + 5
        elif self.form == "bar":
            pen.panel(frame.x0, frame.y, right, frame.y + size * 1.6, fill=pen.style.accent)
            pen.text(x + 5, y + size * 0.2, self.heading, size=size, weight="bold", color=WHITE)
            y, x = y + size * 1.6 + 4, x + 5
        elif self.form == "margin":
            pen.text(x, y, self.heading, size=size, weight="bold")
            x += max(52.0, pen.width(self.heading, size, "bold") + 8)
        elif self.form == "plain":
            pen.text(x, y, self.heading, size=size, weight="bold", color=pen.style.accent)
            y += step
        for line in lines:
            for spans in pen.wrap(line, right - x - 2, size):
                pen.text(x, y, spans, size=size)
                y += step
        return max(y, bottom) if self.form == "boxed" else y
