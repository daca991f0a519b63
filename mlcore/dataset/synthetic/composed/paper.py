"""Layouts by chance: letterhead, numbers, addresses and sums in other places and forms."""

from __future__ import annotations

import random
from decimal import Decimal

from mlcore.dataset.synthetic.composed.columns import compose_table
from mlcore.dataset.synthetic.composed.wording import (
    GOODS_META,
    META_LABELS,
    NOTICES,
    PARTY_HEADINGS,
    PATIENT_META,
    SUM_LABELS,
    TITLES,
)
from mlcore.dataset.synthetic.formats import DateStyle, MoneyStyle
from mlcore.dataset.synthetic.ink import Color
from mlcore.dataset.synthetic.layout.arrange import Blank, Line, SideBand, Stack
from mlcore.dataset.synthetic.layout.cells import Kind
from mlcore.dataset.synthetic.layout.closing import Ageing, Foot, Notice, Stub, Sum, SumEntry, Totals, TotalsStrip
from mlcore.dataset.synthetic.layout.flow import Items, Layout, Row, row, split
from mlcore.dataset.synthetic.layout.letterhead import Letterhead, Logo, SenderLine, Title
from mlcore.dataset.synthetic.layout.lists import CardList
from mlcore.dataset.synthetic.layout.meta import Entry, Meta, MetaGrid, MetaList, MetaStrip
from mlcore.dataset.synthetic.layout.parties import AddressBlock, Role
from mlcore.dataset.synthetic.layout.pen import COURIER, HELVETICA, TIMES, VERA, Part, Style

_ACCENTS: tuple[Color, ...] = (
    (0.08, 0.25, 0.5), (0.0, 0.42, 0.42), (0.5, 0.1, 0.15), (0.2, 0.4, 0.15), (0.35, 0.2, 0.45), (0.7, 0.35, 0.05), (0.15, 0.15, 0.18),
    (0.0, 0.3, 0.6), (0.45, 0.3, 0.1),
)  # fmt: skip
_CONTINUATIONS = ("Continuation", "INVOICE", "Invoice, continued")
_FEET = ("{web}", "{phone}  |  {web}", "{name}  |  Tax ID {tax_id}", "")
_PATIENT_ROLES: tuple[tuple[Role, ...], ...] = ((Role.PATIENT,), (Role.PATIENT, Role.BILL_TO))
_GOODS_ROLES: tuple[tuple[Role, ...], ...] = (
    (Role.BILL_TO,),
    (Role.BILL_TO, Role.SHIP_TO),
    (Role.BILL_TO, Role.SHIP_TO),
    (Role.SHIP_TO, Role.BILL_TO),
    (Role.BILL_TO, Role.REMIT_TO),
)
_SIZES = {HELVETICA.regular: (8.0, 9.6), TIMES.regular: (9.0, 11.0), COURIER.regular: (7.8, 8.8), VERA.regular: (7.0, 8.0)}


def compose_layout(patients: bool, tax: Decimal | None, rng: random.Random) -> Layout:
    """A layout for goods or, with ``patients``, for treatment; ``tax`` as in ``Trade.tax_rate``."""
    style = _style(rng)
    entries = _entries(patients, rng)
    sums = _sums(tax, rng)
    on_top = rng.random() < 0.1
    tail = _tail(sums, on_top, rng)
    number = next(entry for entry in entries if entry[1] is Meta.NUMBER)
    return Layout(
        style=style,
        head=_head(style, entries, sums, on_top, patients, rng),
        items=_items(style, rng),
        tail=tail,
        running=(split(Title(rng.choice(_CONTINUATIONS), 11, "left"), MetaList((number,), "right", field=False), 0.6),),
        foot=Foot(rng.choice(_FEET), rng.choice(("Page {n} of {m}", "{n}/{m}", "{n}"))),
        backdrop=SideBand(rng.choice((8.0, 14.0))) if rng.random() < 0.1 else None,
        tail_at_bottom=rng.random() < 0.15,
    )


def _style(rng: random.Random) -> Style:
    face = rng.choice((HELVETICA, HELVETICA, TIMES, VERA, COURIER))
    prefix = rng.choice(("", "", "$", "$ "))
    return Style(
        face=face,
        heading_face=rng.choice((None, None, TIMES, HELVETICA)) if face is not COURIER else None,
        size=round(rng.uniform(*_SIZES[face.regular]), 1),
        accent=rng.choice(_ACCENTS),
        margin=rng.uniform(38.0, 58.0),
        date=rng.choice(tuple(DateStyle)),
        money=MoneyStyle(prefix, rng.choice(("$", "$ ", "USD ", "")), grouped=rng.random() < 0.9),
        upper=face is COURIER and rng.random() < 0.5,
        quantity_decimals=rng.choice((0, 0, 0, 1, 2)),
    )


def _entries(patients: bool, rng: random.Random) -> tuple[Entry, ...]:
    """Number and date among some decoys, all under this company's names."""
    decoys = rng.sample(PATIENT_META if patients else GOODS_META, rng.randint(1, 4))
    first = [Meta.NUMBER, Meta.DATE] if rng.random() < 0.75 else [Meta.DATE, Meta.NUMBER]
    metas = [*first, *decoys]
    if rng.random() < 0.4:
        rng.shuffle(metas)
    return tuple((rng.choice(META_LABELS[meta]), meta) for meta in metas)


def _sums(tax: Decimal | None, rng: random.Random) -> tuple[SumEntry, ...]:
    kinds = [] if tax is None and rng.random() < 0.3 else [Sum.SUBTOTAL]
    kinds += [kind for kind in (Sum.FREIGHT, Sum.DISCOUNT, Sum.PAID) if rng.random() < 0.15]
    kinds += [] if tax is None else [Sum.TAX]
    return tuple((rng.choice(SUM_LABELS[kind]), kind) for kind in (*kinds, Sum.TOTAL))


def _letterhead(rng: random.Random, align: str) -> Part:
    logo = rng.choice((Logo.NONE, *Logo))
    size = rng.uniform(13.0, 19.0)
    return Letterhead(
        align,
        size,
        logo=logo,
        address=rng.choice(("stacked", "stacked", "inline")),
        separator=rng.choice((" | ", ", ", " - ")),
        contact=rng.random() < 0.7,
        tagline=rng.random() < 0.5,
        capitals=rng.random() < 0.15,
        colored_name=rng.random() < 0.7,
    )


def _meta(style: Style, entries: tuple[Entry, ...], wide: bool, rng: random.Random) -> Part:
    room = 4 if style.face in (VERA, COURIER) else 5
    if wide and len(entries) <= room and rng.random() < 0.6:
        return MetaStrip(entries, filled=rng.random() < 0.5, grid=rng.random() < 0.7)
    if wide:
        return MetaGrid(entries, min(len(entries), room), outlined=rng.random() < 0.7)
    if rng.random() < 0.2:
        return MetaGrid(entries, 2)
    return MetaList(entries, rng.choice(("columns", "right", "colon", "boxed")), bold_labels=rng.random() < 0.7)


def _parties(patients: bool, rng: random.Random) -> tuple[AddressBlock, ...]:
    roles = rng.choice(_PATIENT_ROLES if patients else _GOODS_ROLES)
    form = rng.choice(("plain", "boxed", "bar", "margin"))
    return tuple(AddressBlock(role, rng.choice(PARTY_HEADINGS[role]), form) for role in roles)


def _head(
    style: Style, entries: tuple[Entry, ...], sums: tuple[SumEntry, ...], on_top: bool, patients: bool, rng: random.Random
) -> tuple[Row, ...]:
    title = rng.choice(TITLES)
    parties = _parties(patients, rng)
    rule: tuple[Row, ...] = (row(Line(rng.choice((0.8, 1.6)))),) if rng.random() < 0.3 else ()
    top: tuple[Row, ...] = (split(Blank(), Totals(sums, rng.choice(("grid", "band", "ruled"))), 0.55),) if on_top else ()
    plan = rng.randrange(5)
    if plan == 0:
        head = split(_letterhead(rng, "left"), Title(title, rng.uniform(15, 24)), 0.6)
        return (head, *rule, row(*parties), row(_meta(style, entries, True, rng)), *top)
    if plan == 1:
        numbers = Stack((Title(title, rng.uniform(14, 20)), _meta(style, entries, False, rng)))
        return (split(_letterhead(rng, "left"), numbers, 0.54, 12, 0.03), *rule, row(*parties), *top)
    if plan == 2:
        middle = split(Stack(parties), _meta(style, entries, False, rng), 0.55, 12, 0.02)
        return (row(_letterhead(rng, "center")), *rule, row(Title(title, rng.uniform(13, 18), "center")), middle, *top)
    if plan == 3:
        head = split(Title(title, rng.uniform(16, 24), "left"), _letterhead(rng, "right"), 0.4)
        return (head, *rule, row(_meta(style, entries, True, rng)), row(*parties), *top)
    sender = Letterhead("left", rng.uniform(15, 20), logo=rng.choice(tuple(Logo)), address="none", contact=False)
    window = Stack((SenderLine(6.8, separator=" - ", underline=True), *parties[:1]), 8)
    return (row(sender, gap=22), split(window, _meta(style, entries, False, rng), 0.55, 16, 0.02), row(Title(title, 15, "left")), *top)


def _items(style: Style, rng: random.Random) -> Items:
    if rng.random() < 0.08:
        captions = [("NDC", Kind.NDC), ("Code", Kind.CODE), ("Quantity", Kind.QUANTITY), ("Unit price", Kind.UNIT_PRICE)]
        rng.shuffle(captions)
        return CardList((*captions, ("Amount", Kind.AMOUNT)), numbered=rng.random() < 0.5)
    return compose_table(style, rng)


def _tail(sums: tuple[SumEntry, ...], on_top: bool, rng: random.Random) -> tuple[Row, ...]:
    notice = Notice(tuple(rng.sample(NOTICES, rng.randint(1, 2))), boxed=rng.random() < 0.25)
    rows: list[Row] = []
    if on_top:
        rows.append(row(notice))
    elif rng.random() < 0.15 and len(sums) > 1:
        rows += [row(TotalsStrip(sums, filled=rng.random() < 0.5)), row(notice)]
    else:
        totals = Totals(sums, rng.choice(("plain", "ruled", "grid", "band", "dotted")), total_scale=rng.choice((1.0, 1.15, 1.3)))
        rows.append(split(totals, notice, 0.42, 12, 0.04) if rng.random() < 0.12 else split(notice, totals, 0.56))
    if rng.random() < 0.15:
        rows.append(row(Ageing()))
    if rng.random() < 0.15:
        labels = (("Invoice", Meta.NUMBER), ("Account", Meta.ACCOUNT), ("Amount due", Meta.TOTAL), ("Due", Meta.DUE_DATE))
        rows.append(row(Stub(labels)))
    return tuple(rows)
