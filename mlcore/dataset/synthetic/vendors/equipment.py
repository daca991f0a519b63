"""Equipment and home care: rentals with periods, per-diem packages, patients at home."""

from __future__ import annotations

from decimal import Decimal

from mlcore.dataset.synthetic.content import Trade
from mlcore.dataset.synthetic.formats import DateStyle, MoneyStyle
from mlcore.dataset.synthetic.layout.arrange import Barcode, Blank, Line, Stack
from mlcore.dataset.synthetic.layout.cells import Beneath, Column, Kind
from mlcore.dataset.synthetic.layout.closing import Ageing, Foot, Notice, Stub, Sum, Totals, TotalsStrip
from mlcore.dataset.synthetic.layout.flow import Layout, row, split
from mlcore.dataset.synthetic.layout.letterhead import Letterhead, Logo, Title
from mlcore.dataset.synthetic.layout.lists import CardList
from mlcore.dataset.synthetic.layout.meta import Meta, MetaGrid, MetaList, MetaStrip
from mlcore.dataset.synthetic.layout.parties import AddressBlock, Role
from mlcore.dataset.synthetic.layout.pen import TIMES, VERA, Style
from mlcore.dataset.synthetic.layout.table import ItemTable, Ruling
from mlcore.dataset.synthetic.vendor import vendor
from mlcore.dataset.synthetic.writing import Writing
from mlcore.schema import ItemType

_RENTALS = {ItemType.DME_RENTAL: 4.0, ItemType.COMPOUND_MEDICATION: 0.2, ItemType.BUNDLED_SERVICE: 0.6}
_HOME = {ItemType.BUNDLED_SERVICE: 2.6, ItemType.DME_RENTAL: 2.0, ItemType.COMPOUND_MEDICATION: 0.8}

MOBILITY = vendor(
    "mobility_first",
    "Mobility First Medical Equipment",
    ("2020 Turnpike Road", "Worcester, MA 01604"),
    Trade(
        ("respiratory", "diabetes"),
        _RENTALS,
        lines=(2, 6),
        number="MF%#####",
        writing=Writing.SENTENCE,
        tax_rate=Decimal("0.0625"),
        drugs_exempt=True,
    ),
    Layout(
        style=Style(size=9.0, accent=(0.75, 0.2, 0.05), date=DateStyle.US, money=MoneyStyle("$", "$")),
        head=(
            split(Letterhead(name_size=16, logo=Logo.BARS), Title("Rental & Sales Invoice", 14), 0.58),
            row(
                AddressBlock(Role.PATIENT, "CUSTOMER", "bar"),
                AddressBlock(Role.BILL_TO, "INSURANCE / PAYER", "bar"),
                MetaList(
                    (("Invoice #", Meta.NUMBER), ("Date", Meta.DATE), ("Order #", Meta.ORDER_NUMBER), ("Due", Meta.DUE_DATE)), "boxed", 0.42
                ),
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.QUANTITY, "Qty", 0.07),
                Column(Kind.CODE, "HCPCS", 0.1),
                Column(Kind.MODIFIER, "Mod", 0.06),
                Column(Kind.DESCRIPTION, "Item / rental period", 0.44),
                Column(Kind.TAXED, "Tax", 0.06),
                Column(Kind.UNIT_PRICE, "Rate", 0.12),
                Column(Kind.AMOUNT, "Amount", 0.15),
            ),
            Ruling.GRID,
            beneath=(Beneath(Kind.NDC, "NDC"),),
            notes=("Rental equipment remains property of Mobility First.",),
            note_every=3,
        ),
        tail=(
            split(
                Notice(("Return equipment clean and complete. Late rentals are billed weekly.", "Deposits on file: $0.00"), boxed=True),
                Totals((("Subtotal", Sum.SUBTOTAL), ("MA sales tax {rate}", Sum.TAX), ("Invoice total", Sum.TOTAL)), "grid"),
                0.55,
            ),
        ),
        running=(row(MetaList((("Invoice #", Meta.NUMBER), ("Page", Meta.PAGE)), "colon", field=False)),),
        foot=Foot("24-hour service line {phone}  |  {web}"),
    ),
    major=True,
)

OXYGEN = vendor(
    "clearair_oxygen",
    "ClearAir Oxygen & Respiratory",
    ("PO Box 2299", "Amarillo, TX 79105"),
    Trade(("respiratory", "supportive"), _RENTALS, lines=(2, 5), number="######", writing=Writing.TERSE, quantity=(1, 6)),
    Layout(
        style=Style(face=TIMES, size=10.5, accent=(0.0, 0.35, 0.7), date=DateStyle.US_SHORT, money=MoneyStyle("", "$"), margin=50),
        head=(
            split(
                Letterhead(name_size=17, weight="italic", address="stacked"),
                MetaGrid((("Invoice", Meta.NUMBER), ("Date", Meta.DATE)), 2),
                0.62,
            ),
            row(Line(1.8)),
            split(AddressBlock(Role.BILL_TO, "Sold to", "margin"), AddressBlock(Role.SHIP_TO, "Used at", "margin"), 0.5),
        ),
        items=ItemTable(
            (
                Column(Kind.DESCRIPTION, "Description", 0.5),
                Column(Kind.SERVICE_DATE, "Start", 0.12),
                Column(Kind.QUANTITY, "Mos./Units", 0.12),
                Column(Kind.UNIT_PRICE, "Each", 0.12),
                Column(Kind.AMOUNT, "Amount", 0.14),
            ),
            Ruling.COLUMNS,
            filled_head=False,
            lead=(Kind.CODE,),
            row_gap=5.0,
        ),
        tail=(
            split(Blank(), Totals((("Amount this invoice", Sum.TOTAL),), "plain"), 0.5),
            row(Ageing(), gap=18),
            row(Stub((("Invoice", Meta.NUMBER), ("Account", Meta.ACCOUNT), ("Amount this invoice", Meta.TOTAL), ("Due", Meta.DUE_DATE)))),
        ),
        foot=Foot("", "- {n} -", rule=False),
        tail_at_bottom=True,
    ),
)

HOMECARE = vendor(
    "brightpath_home",
    "BrightPath Home Infusion",
    ("640 Sunset Terrace, Suite 12", "Tampa, FL 33609"),
    Trade(
        ("antiinfective", "supportive", "hematology", "acute"),
        _HOME,
        lines=(3, 9),
        number="BP-%#####-@",
        writing=Writing.BILLING,
        quantity=(1, 14),
    ),
    Layout(
        style=Style(size=8.8, accent=(0.95, 0.6, 0.05), date=DateStyle.US, money=MoneyStyle("", "$")),
        head=(
            split(Letterhead(name_size=17, logo=Logo.RINGS, tagline=True, colored_name=False), Stack((Barcode(),)), 0.65),
            split(
                Stack((AddressBlock(Role.BILL_TO, "Bill to:"), AddressBlock(Role.PATIENT, "Patient:"))),
                MetaList(
                    (
                        ("Invoice No", Meta.NUMBER),
                        ("Invoice Date", Meta.DATE),
                        ("Claim Control No", Meta.DELIVERY),
                        ("Patient Acct", Meta.PATIENT_ACCOUNT),
                        ("DOB", Meta.BIRTH_DATE),
                        ("Physician", Meta.PRESCRIBER),
                        ("Terms", Meta.TERMS),
                    ),
                    "boxed",
                    0.42,
                    8.0,
                ),
                0.55,
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.SERVICE_DATE, "Date of\nservice", 0.12),
                Column(Kind.DESCRIPTION, "Service / drug", 0.36),
                Column(Kind.CODE, "HCPCS", 0.09),
                Column(Kind.NDC, "NDC", 0.15),
                Column(Kind.QUANTITY, "Units", 0.08),
                Column(Kind.UNIT_PRICE, "Unit\ncharge", 0.09),
                Column(Kind.AMOUNT, "Total\ncharge", 0.11),
            ),
            Ruling.ROWS,
            carried="Charges this page and before",
        ),
        tail=(
            split(
                Notice(("Delivered with signature on file. Coverage determined by the plan.",)),
                Totals((("Total charges", Sum.SUBTOTAL), ("Less payments", Sum.PAID), ("Net due", Sum.TOTAL)), "band"),
                0.6,
            ),
        ),
        running=(
            split(Title("BrightPath Home Infusion", 10, "left"), MetaList((("Invoice No", Meta.NUMBER),), "right", field=False), 0.65),
        ),
        foot=Foot("NPI 1093817462  |  Tax ID {tax_id}  |  {phone}"),
    ),
    tagline="Therapy where you live",
    major=True,
)

PRAIRIE = vendor(
    "prairie_home",
    "Prairie Home Health & Hospice",
    ("118 Grain Elevator Road", "Salina, KS 67401"),
    Trade(("oral", "acute", "respiratory"), _HOME, lines=(2, 6), number="PHH%####", writing=Writing.CATALOGUE, quantity=(1, 8)),
    Layout(
        style=Style(face=TIMES, size=10.0, accent=(0.4, 0.25, 0.1), date=DateStyle.LONG, money=MoneyStyle("$", "$"), margin=58),
        head=(
            row(Title("Prairie Home", 24, "center"), gap=2),
            row(Notice(("HEALTH & HOSPICE",), 8, "center"), gap=14),
            split(
                AddressBlock(Role.BILL_TO, "Account of"),
                MetaList((("Bill number", Meta.NUMBER), ("Bill date", Meta.DATE), ("Pay before", Meta.DUE_DATE)), "right"),
                0.55,
            ),
        ),
        items=CardList(
            (("Code", Kind.CODE), ("NDC", Kind.NDC), ("Units", Kind.QUANTITY), ("Per unit", Kind.UNIT_PRICE), ("Extended", Kind.AMOUNT)),
            numbered=False,
        ),
        tail=(
            split(Blank(), Totals((("Total of this bill", Sum.TOTAL),), "band"), 0.55),
            row(Stack((Letterhead("center", 11, address="inline", separator=", ", contact=True, colored_name=False),))),
        ),
        running=(row(Title("Prairie Home (continued)", 12, "center")),),
        foot=Foot("Serving Saline County since 1984", "Page {n}"),
        tail_at_bottom=True,
    ),
)

REHAB = vendor(
    "allied_rehab",
    "Allied Rehab Technology Group",
    ("9100 Innovation Loop", "Austin, TX 78758"),
    Trade(
        ("diabetes", "respiratory", "acute"),
        {**_RENTALS, ItemType.DME_RENTAL: 3.0},
        lines=(3, 8),
        number="#######",
        writing=Writing.UPPER,
        tax_rate=Decimal("0.0825"),
        order="W%######",
    ),
    Layout(
        style=Style(face=VERA, size=7.4, accent=(0.25, 0.25, 0.3), date=DateStyle.US_DOT, money=MoneyStyle("", "$")),
        head=(
            split(
                MetaGrid(
                    (("ORDER", Meta.ORDER_NUMBER), ("SHIPPED", Meta.SHIP_DATE), ("ACCOUNT", Meta.ACCOUNT), ("P.O.", Meta.PURCHASE_ORDER)), 2
                ),
                Letterhead("right", 12.5, text_size=7.4),
                0.45,
                8,
            ),
            row(Title("INVOICE", 13, "left", boxed=True)),
            split(
                AddressBlock(Role.BILL_TO, "Bill-to party", "boxed"),
                Stack((AddressBlock(Role.SHIP_TO, "Ship-to party", "boxed", inset=0),)),
                0.5,
                8,
            ),
            row(
                MetaStrip(
                    (
                        ("INVOICE DATE", Meta.DATE),
                        ("INVOICE NUMBER", Meta.NUMBER),
                        ("SALESPERSON", Meta.REPRESENTATIVE),
                        ("VIA", Meta.CARRIER),
                        ("NET DUE", Meta.DUE_DATE),
                    ),
                    filled=False,
                )
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.SKU, "PART NO.", 0.1),
                Column(Kind.DESCRIPTION, "DESCRIPTION", 0.32),
                Column(Kind.ORDERED, "ORD", 0.06),
                Column(Kind.QUANTITY, "SHP", 0.06),
                Column(Kind.BACKORDERED, "B/O", 0.06),
                Column(Kind.UNIT_PRICE, "LIST", 0.13),
                Column(Kind.DISCOUNT, "DISC", 0.08),
                Column(Kind.AMOUNT, "NET AMOUNT", 0.19),
            ),
            Ruling.COLUMNS,
            beneath=(Beneath(Kind.CODE, "HCPCS"), Beneath(Kind.NDC, "NDC")),
        ),
        tail=(
            row(TotalsStrip((("MERCHANDISE", Sum.SUBTOTAL), ("FREIGHT", Sum.FREIGHT), ("TAX {rate}", Sum.TAX), ("TOTAL DUE", Sum.TOTAL)))),
            row(Notice(("Freight prepaid. Restocking fee 15 %. Net 30 days.",))),
        ),
        running=(row(MetaStrip((("INVOICE NUMBER", Meta.NUMBER), ("PAGE", Meta.PAGE)), filled=False, field=False)),),
        foot=Foot("Allied Rehab Technology Group  |  {web}"),
    ),
)
