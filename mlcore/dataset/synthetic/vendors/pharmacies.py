"""Pharmacies: retail, long-term care, compounding; prescriptions, patients, receipts."""

from __future__ import annotations

from decimal import Decimal

from mlcore.dataset.synthetic.content import Trade
from mlcore.dataset.synthetic.formats import DateStyle, MoneyStyle
from mlcore.dataset.synthetic.layout.arrange import Blank, Line, Stack
from mlcore.dataset.synthetic.layout.cells import Beneath, Column, Kind
from mlcore.dataset.synthetic.layout.closing import Foot, Notice, Sum, Totals
from mlcore.dataset.synthetic.layout.flow import Layout, row, split
from mlcore.dataset.synthetic.layout.letterhead import Letterhead, Logo, SenderLine, Title
from mlcore.dataset.synthetic.layout.lists import ReceiptList
from mlcore.dataset.synthetic.layout.meta import Meta, MetaGrid, MetaList, MetaSentence, MetaStrip
from mlcore.dataset.synthetic.layout.parties import AddressBlock, Role
from mlcore.dataset.synthetic.layout.pen import COURIER, HELVETICA, VERA, Style
from mlcore.dataset.synthetic.layout.table import ItemTable, Ruling, Sections
from mlcore.dataset.synthetic.vendor import vendor
from mlcore.dataset.synthetic.writing import Writing
from mlcore.schema import ItemType

_COMPOUNDS = {ItemType.COMPOUND_MEDICATION: 2.6, ItemType.DME_RENTAL: 0.3, ItemType.BUNDLED_SERVICE: 0.4}

APOTHECARY = vendor(
    "old_town_apothecary",
    "Old Town Apothecary",
    ("212 King Street", "Alexandria, VA 22314"),
    Trade(
        ("oral", "respiratory", "diabetes"),
        _COMPOUNDS,
        lines=(1, 5),
        long_share=0.0,
        quantity=(1, 3),
        tax_rate=Decimal("0.06"),
        number="%####-###",
        writing=Writing.TERSE,
    ),
    Layout(
        style=Style(
            face=COURIER, size=8.6, paper=(226.0, 0.0), margin=12, roll=True, date=DateStyle.US, money=MoneyStyle("", "$"), accent=(0, 0, 0)
        ),
        head=(
            row(Letterhead("center", 11.5, address="stacked", text_size=8.2, colored_name=False, capitals=True), gap=6),
            row(MetaList((("Rcpt/Inv:", Meta.NUMBER), ("Date:", Meta.DATE), ("Acct:", Meta.ACCOUNT)), "colon", bold_labels=False), gap=4),
        ),
        items=ReceiptList("@", (Beneath(Kind.NDC, "NDC"),)),
        tail=(
            row(Totals((("SUBTOTAL", Sum.SUBTOTAL), ("TAX {rate}", Sum.TAX), ("TOTAL", Sum.TOTAL)), "plain"), gap=6),
            row(Notice(("Items sold: see above", "NO RETURNS ON MEDICATION", "THANK YOU"), 8.2, "center", muted=False)),
        ),
    ),
)

CORNERSTONE = vendor(
    "cornerstone_ltc",
    "Cornerstone Long-Term Care Pharmacy",
    ("7700 Stonegate Court", "Evansville, IN 47715"),
    Trade(
        ("oral", "diabetes", "respiratory", "antiinfective"),
        {**_COMPOUNDS, ItemType.COMPOUND_MEDICATION: 1.2},
        lines=(5, 14),
        long_share=0.25,
        long_lines=(24, 44),
        number="LTC%#####",
        writing=Writing.SENTENCE,
        quantity=(1, 6),
    ),
    Layout(
        style=Style(size=8.2, accent=(0.2, 0.45, 0.25), date=DateStyle.US, money=MoneyStyle("", "$"), margin=36),
        head=(
            split(Letterhead(name_size=14, logo=Logo.CAPSULE, address="stacked"), Stack((Title("MONTHLY INVOICE", 14), Blank(2))), 0.62),
            row(
                MetaStrip(
                    (
                        ("Facility acct.", Meta.ACCOUNT),
                        ("Invoice no.", Meta.NUMBER),
                        ("Invoice date", Meta.DATE),
                        ("Due date", Meta.DUE_DATE),
                        ("Amount due", Meta.TOTAL),
                    )
                )
            ),
            row(AddressBlock(Role.BILL_TO, "Facility", "boxed"), AddressBlock(Role.REMIT_TO, "Send payment to", "boxed", inset=0)),
        ),
        items=ItemTable(
            (
                Column(Kind.SERVICE_DATE, "Filled", 0.11),
                Column(Kind.SKU, "Rx no.", 0.1),
                Column(Kind.DESCRIPTION, "Medication", 0.4),
                Column(Kind.NDC, "NDC", 0.13),
                Column(Kind.QUANTITY, "Qty", 0.06),
                Column(Kind.UNIT_PRICE, "Price", 0.09),
                Column(Kind.AMOUNT, "Amount", 0.11),
            ),
            Ruling.ROWS,
            sections=Sections.SUBTOTALS,
            section_subtotal="{section} subtotal:",
            carried="Carried to next page",
            brought="From previous page",
        ),
        tail=(
            split(
                Notice(("Credits appear on the next invoice.",)),
                Totals((("Subtotal", Sum.SUBTOTAL), ("Invoice total", Sum.TOTAL)), "ruled"),
                0.6,
            ),
        ),
        running=(
            split(
                Title("MONTHLY INVOICE", 11, "left"),
                MetaList((("Invoice no.", Meta.NUMBER), ("Page", Meta.PAGE)), "right", field=False),
                0.65,
            ),
        ),
        foot=Foot(),
    ),
    major=True,
)

PRECISION = vendor(
    "precision_compounding",
    "Precision Compounding Laboratories",
    ("45 Research Court, Unit 9", "Durham, NC 27713"),
    Trade(
        ("acute", "supportive", "hematology"),
        {**_COMPOUNDS, ItemType.COMPOUND_MEDICATION: 4.0},
        lines=(2, 7),
        number="PCL/YY/####",
        writing=Writing.SENTENCE,
        tax_rate=Decimal(0),
    ),
    Layout(
        style=Style(face=VERA, size=7.8, accent=(0.0, 0.5, 0.35), date=DateStyle.ISO, money=MoneyStyle("$ ", "$ ")),
        head=(
            split(Letterhead(name_size=13, logo=Logo.HEXAGON, address="none", tagline=True, contact=False), Title("Invoice", 22), 0.65, 20),
            split(
                Stack((SenderLine(6.5, with_name=True, underline=True), AddressBlock(Role.BILL_TO, "", "bare", 8.5)), 8),
                MetaList(
                    (
                        ("Invoice", Meta.NUMBER),
                        ("Issued", Meta.DATE),
                        ("Order", Meta.ORDER_NUMBER),
                        ("Ordered", Meta.ORDER_DATE),
                        ("Terms", Meta.TERMS),
                    ),
                    "columns",
                ),
                0.55,
                18,
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.POSITION, "#", 0.05),
                Column(Kind.DESCRIPTION, "Preparation", 0.43),
                Column(Kind.LOT, "Lot", 0.12),
                Column(Kind.EXPIRY, "BUD", 0.08),
                Column(Kind.QUANTITY, "Qty", 0.07),
                Column(Kind.UNIT_PRICE, "Unit", 0.12),
                Column(Kind.AMOUNT, "Total", 0.13),
            ),
            Ruling.ZEBRA,
            beneath=(Beneath(Kind.NDC, "NDC"), Beneath(Kind.CODE, "HCPCS")),
        ),
        tail=(
            split(
                Notice(("Compounded under section 503B. Office use only; not for resale.",), 7, boxed=True),
                Totals((("Net", Sum.SUBTOTAL), ("Shipping", Sum.FREIGHT), ("Tax", Sum.TAX), ("Total", Sum.TOTAL)), "ruled"),
                0.58,
            ),
        ),
        running=(row(MetaSentence("Invoice", "/", size=9, field=False)),),
        foot=Foot("{name}  |  {phone}  |  {web}", "{n} of {m}"),
    ),
    tagline="Sterile and non-sterile preparations",
    major=True,
)

GREENLEAF = vendor(
    "greenleaf_rx",
    "GreenLeaf Specialty Rx",
    ("1601 Market Square", "Pittsburgh, PA 15222"),
    Trade(
        ("immunology", "oncology", "diabetes"), _COMPOUNDS, lines=(1, 4), quantity=(1, 3), number="GL-########", writing=Writing.BRAND_FIRST
    ),
    Layout(
        style=Style(size=9.4, accent=(0.12, 0.5, 0.2), date=DateStyle.ABBREVIATED, money=MoneyStyle("$", "$"), margin=56),
        head=(
            row(Letterhead("left", 22, logo=Logo.LEAF, address="inline", separator=", ", contact=True), gap=16),
            row(
                MetaGrid(
                    (("Invoice", Meta.NUMBER), ("Date issued", Meta.DATE), ("Due", Meta.DUE_DATE), ("Amount due", Meta.TOTAL)),
                    4,
                    outlined=False,
                ),
            ),
            row(Line(1.0), gap=10),
            row(AddressBlock(Role.BILL_TO, "Billed to"), AddressBlock(Role.SHIP_TO, "Shipped to"), gap=18),
        ),
        items=ItemTable(
            (
                Column(Kind.DESCRIPTION, "Item", 0.55),
                Column(Kind.QUANTITY, "Qty", 0.1),
                Column(Kind.UNIT_PRICE, "Unit price", 0.17),
                Column(Kind.AMOUNT, "Amount", 0.18),
            ),
            Ruling.ROWS,
            filled_head=False,
            beneath=(Beneath(Kind.NDC, ""), Beneath(Kind.CODE, "Billing code"), Beneath(Kind.LOT, "Lot no.")),
            row_gap=8.0,
        ),
        tail=(
            split(
                Blank(),
                Totals((("Subtotal", Sum.SUBTOTAL), ("Discount", Sum.DISCOUNT), ("Total", Sum.TOTAL)), "plain"),
                0.6,
            ),
            row(Notice(("Pay online at {web}/pay. Patient support: {phone}.",), 8)),
        ),
        foot=Foot("GreenLeaf Specialty Rx", "Page {n} of {m}"),
    ),
    major=True,
)

MERCER = vendor(
    "mercer_hospital_rx",
    "Mercer Street Hospital Pharmacy",
    ("Mercer Street & 4th Avenue", "Trenton, NJ 08611"),
    Trade(
        ("acute", "antiinfective", "supportive"),
        {ItemType.COMPOUND_MEDICATION: 2.0, ItemType.DME_RENTAL: 0.2, ItemType.BUNDLED_SERVICE: 0.6},
        lines=(4, 12),
        number="%#####",
        writing=Writing.UPPER,
        quantity=(1, 40),
        price_decimals=4,
    ),
    Layout(
        style=Style(
            face=COURIER,
            size=8.8,
            upper=True,
            date=DateStyle.DAY_MONTH,
            money=MoneyStyle("", "", grouped=False),
            accent=(0, 0, 0),
            margin=42,
        ),
        head=(
            row(Letterhead("center", 12, address="inline", separator=", ", colored_name=False, text_size=8.8), gap=4),
            row(Title("Departmental transfer invoice", 9.5, "center", "regular", colored=False)),
            row(
                Stack(
                    (
                        MetaList(
                            (("Transfer no.", Meta.DELIVERY), ("Invoice no.", Meta.NUMBER), ("Dated", Meta.DATE)),
                            "columns",
                            0.42,
                            bold_labels=False,
                        ),
                    )
                ),
                Stack((AddressBlock(Role.SHIP_TO, "Charge to", "margin"),)),
            ),
            row(Line(char="-"), gap=0),
        ),
        items=ItemTable(
            (
                Column(Kind.NDC, "NDC", 0.18),
                Column(Kind.DESCRIPTION, "Item description", 0.39),
                Column(Kind.QUANTITY, "Qty", 0.09),
                Column(Kind.UNIT_PRICE, "Cost/unit", 0.17),
                Column(Kind.AMOUNT, "Ext cost", 0.17),
            ),
            Ruling.OPEN,
            filled_head=False,
            row_gap=1.5,
            continued="(more)",
            carried="PAGE TOTAL TO DATE",
        ),
        tail=(
            row(Line(char="-"), gap=0),
            split(Blank(), Totals((("Items", Sum.ITEMS), ("Total cost", Sum.TOTAL)), "plain", total_scale=1.0), 0.55),
            row(Notice(("Received by: ____________________   Date: ____________",), 8.8, muted=False)),
        ),
        running=(row(Title("Mercer Street Hospital Pharmacy - continued", 9, "left", colored=False)),),
    ),
)

SUNRISE = vendor(
    "sunrise_drugs",
    "Sunrise Drugs #114",
    ("3925 Desert Inn Road", "Las Vegas, NV 89121"),
    Trade(
        ("oral", "vaccine", "respiratory"),
        {ItemType.DME_RENTAL: 0.8, ItemType.COMPOUND_MEDICATION: 1.0, ItemType.BUNDLED_SERVICE: 0.6},
        lines=(1, 6),
        long_share=0.0,
        quantity=(1, 4),
        tax_rate=Decimal("0.0838"),
        number="114-######",
        writing=Writing.UPPER,
    ),
    Layout(
        style=Style(
            face=HELVETICA,
            size=8.8,
            paper=(210.0, 0.0),
            margin=11,
            roll=True,
            date=DateStyle.US_SHORT,
            money=MoneyStyle("$", "$"),
            accent=(0, 0, 0),
        ),
        head=(
            row(Letterhead("center", 15, address="stacked", text_size=8.5, colored_name=False), gap=8),
            row(MetaSentence("INVOICE", "", size=9.5, align="center"), gap=6),
        ),
        items=ReceiptList("x", (Beneath(Kind.NDC, "NDC:"), Beneath(Kind.CODE, "HCPCS:")), rule="*", heading=("Description", "Price")),
        tail=(
            row(
                Totals((("Sub-total", Sum.SUBTOTAL), ("Sales tax {rate}", Sum.TAX), ("AMOUNT DUE", Sum.TOTAL)), "dotted", total_scale=1.3),
                gap=8,
            ),
            row(Notice(("You were served at register 2.", "Rate us: {web}"), 8, "center", muted=False)),
        ),
    ),
)
