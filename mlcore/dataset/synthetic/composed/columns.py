"""Item tables by chance, with columns as wide as what they print."""

from __future__ import annotations

import random

from mlcore.dataset.synthetic.composed.wording import COLUMN_HEADINGS, ROW_NOTES
from mlcore.dataset.synthetic.ink import em_width
from mlcore.dataset.synthetic.layout.cells import Beneath, Column, Kind
from mlcore.dataset.synthetic.layout.pen import Style
from mlcore.dataset.synthetic.layout.table import ItemTable, Ruling, Sections

_WIDEST: dict[Kind, str] = {
    Kind.NDC: "00000-0000-00",
    Kind.CODE: "M0000",
    Kind.QUANTITY: "00000",
    Kind.UNIT_PRICE: "$00,000.0000",
    Kind.AMOUNT: "$000,000.00",
    Kind.POSITION: "00",
    Kind.SKU: "000-0000",
    Kind.UNIT: "MM",
    Kind.ORDERED: "00000",
    Kind.BACKORDERED: "0000",
    Kind.SERVICE_DATE: "00-MMM-0000",
    Kind.LOT: "M0000M",
    Kind.EXPIRY: "00/00",
    Kind.MODIFIER: "MM",
    Kind.DISCOUNT: "0.00",
}
_LEAST_DESCRIPTION = 0.27
_EXTRAS = (
    Kind.POSITION, Kind.SKU, Kind.UNIT, Kind.ORDERED, Kind.BACKORDERED, Kind.SERVICE_DATE, Kind.LOT, Kind.EXPIRY, Kind.MODIFIER,
    Kind.DISCOUNT,
)  # fmt: skip


def compose_table(style: Style, rng: random.Random) -> ItemTable:
    """A table that fits the paper of the style; what does not fit in columns stands under the description or nowhere."""
    ndc = rng.choice(("column", "column", "beneath", "beneath", "lead", "none"))
    code = rng.choice(("column", "column", "beneath", "lead", "none"))
    if ndc == code == "lead":
        code = "none"
    kinds = _order(ndc, code, rng)
    columns, dropped = _fit(kinds, style, rng)
    beneath = [Beneath(Kind.NDC, rng.choice(("NDC", "NDC:", "NDC#", "")))] if ndc == "beneath" or Kind.NDC in dropped else []
    if code == "beneath" or Kind.CODE in dropped:
        beneath.append(Beneath(Kind.CODE, rng.choice(("HCPCS", "CPT/HCPCS:", "Code"))))
    if rng.random() < 0.2:
        beneath.append(Beneath(Kind.LOT, rng.choice(("Lot", "Batch"))))
    carried = rng.choice(("", "", "Carried forward", "Page total", "Amount forward"))
    ruling = rng.choice(tuple(Ruling)) if style.face.regular == "Courier" else rng.choice([r for r in Ruling if r is not Ruling.DASHES])
    return ItemTable(
        columns,
        ruling,
        filled_head=ruling is not Ruling.DASHES and rng.random() < 0.5,
        lead=tuple(kind for kind, place in ((Kind.NDC, ndc), (Kind.CODE, code)) if place == "lead"),
        beneath=tuple(beneath),
        sections=rng.choice((Sections.NONE, Sections.NONE, Sections.NONE, Sections.HEADINGS, Sections.SUBTOTALS)),
        section_subtotal=rng.choice(("Subtotal {section}", "{section} total", "Sum {section}")),
        carried=carried,
        brought=rng.choice(("", "Brought forward")) if carried else "",
        continued=rng.choice(("Continued on next page", "Continued on page {next}", "(continued)", "")),
        notes=(rng.choice(ROW_NOTES),) if rng.random() < 0.2 else (),
        note_every=rng.choice((2, 3, 5)),
        amounts_last=rng.random() < 0.12,
        row_gap=rng.choice((1.5, 3.0, 3.5, 5.0, 7.0)),
    )


def _order(ndc: str, code: str, rng: random.Random) -> list[Kind]:
    """Kinds of columns from left to right; the amount stands last, as readers expect, and the description early."""
    front = [kind for kind, place in ((Kind.NDC, ndc), (Kind.CODE, code)) if place == "column" and rng.random() < 0.5]
    behind = [kind for kind, place in ((Kind.NDC, ndc), (Kind.CODE, code)) if place == "column" and kind not in front]
    numbers = rng.choice(([Kind.QUANTITY, Kind.UNIT_PRICE], [Kind.QUANTITY, Kind.UNIT_PRICE], [Kind.UNIT_PRICE, Kind.QUANTITY]))
    if rng.random() < 0.2:
        front, numbers = [Kind.QUANTITY, *front], [Kind.UNIT_PRICE]
    extras = rng.sample(_EXTRAS, rng.choice((0, 1, 1, 2, 3)))
    early = [kind for kind in extras if kind in (Kind.POSITION, Kind.SKU, Kind.SERVICE_DATE)]
    late = [kind for kind in extras if kind not in early]
    rng.shuffle(behind)
    return [*sorted(early, key=lambda kind: kind is not Kind.POSITION), *front, Kind.DESCRIPTION, *behind, *late, *numbers, Kind.AMOUNT]


def _fit(kinds: list[Kind], style: Style, rng: random.Random) -> tuple[tuple[Column, ...], set[Kind]]:
    """Columns with headings and shares; drops extras, then codes, until the description has its least share."""
    printable = style.paper[0] - 2 * style.margin
    headings = {kind: rng.choice(COLUMN_HEADINGS[kind]) for kind in kinds}
    widths: dict[Kind, float] = {kind: _width(kind, headings[kind], style) / printable for kind in kinds if kind is not Kind.DESCRIPTION}
    dropped: set[Kind] = set()
    for kind in (*_EXTRAS, Kind.NDC, Kind.CODE):
        if 1 - sum(widths.values()) >= _LEAST_DESCRIPTION:
            break
        if kind in widths:
            del widths[kind]
            dropped.add(kind)
    rest = 1 - sum(widths.values())
    return tuple(Column(k, headings[k], rest if k is Kind.DESCRIPTION else widths[k]) for k in kinds if k not in dropped), dropped


def _width(kind: Kind, heading: str, style: Style) -> float:
    widest = max(em_width(_WIDEST[kind], style.face.regular), *(em_width(line, style.face.bold) for line in heading.split("\n")))
    return widest * style.size + 10.0
