"""Wholesalers and distributors: many lines, item numbers, order and delivery numbers, lockbox addresses."""

from __future__ import annotations

from decimal import Decimal

from mlcore.dataset.synthetic.content import Trade
from mlcore.dataset.synthetic.formats import DateStyle, MoneyStyle
from mlcore.dataset.synthetic.layout.arrange import Blank, Line, Stack
from mlcore.dataset.synthetic.layout.cells import Beneath, Column, Kind
from mlcore.dataset.synthetic.layout.closing import Ageing, Foot, Notice, Sum, Totals
from mlcore.dataset.synthetic.layout.flow import Layout, row, split
from mlcore.dataset.synthetic.layout.letterhead import Letterhead, Logo, SenderLine, Title
from mlcore.dataset.synthetic.layout.meta import Meta, MetaGrid, MetaList, MetaStrip
from mlcore.dataset.synthetic.layout.parties import AddressBlock, Role
from mlcore.dataset.synthetic.layout.pen import COURIER, TIMES, VERA, Style
from mlcore.dataset.synthetic.layout.table import ItemTable, Ruling, Sections
from mlcore.dataset.synthetic.vendor import vendor
from mlcore.dataset.synthetic.writing import Writing
from mlcore.schema import ItemType

NORTHGATE = vendor(
    "northgate",
    "Northgate Pharmaceutical Supply, Inc.",
    ("1200 Harbor Boulevard, Suite 400", "Long Beach, CA 90802"),
    Trade(lines=(4, 12), long_share=0.2, long_lines=(20, 40), writing=Writing.UPPER, number="%#######", quantity=(1, 24)),
    Layout(
        style=Style(size=8.0, accent=(0.07, 0.27, 0.5), margin=38),
        head=(
            split(Letterhead(logo=Logo.CROSS, name_size=14), Title("INVOICE", 22), 0.62),
            row(
                AddressBlock(Role.BILL_TO, "SOLD TO", "bar"),
                AddressBlock(Role.SHIP_TO, "SHIP TO", "bar"),
                MetaList(
                    (("Invoice No.", Meta.NUMBER), ("Invoice Date", Meta.DATE), ("Due Date", Meta.DUE_DATE), ("Page", Meta.PAGE)), "boxed"
                ),
            ),
            row(
                MetaStrip(
                    (
                        ("ACCOUNT NO.", Meta.ACCOUNT),
                        ("CUSTOMER P.O.", Meta.PURCHASE_ORDER),
                        ("ORDER NO.", Meta.ORDER_NUMBER),
                        ("ORDER DATE", Meta.ORDER_DATE),
                        ("TERMS", Meta.TERMS),
                    )
                )
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.POSITION, "LN", 0.05),
                Column(Kind.NDC, "NDC", 0.13),
                Column(Kind.DESCRIPTION, "DESCRIPTION", 0.38),
                Column(Kind.ORDERED, "ORD", 0.07),
                Column(Kind.QUANTITY, "SHIP", 0.07),
                Column(Kind.UNIT, "U/M", 0.06),
                Column(Kind.UNIT_PRICE, "UNIT\nPRICE", 0.11),
                Column(Kind.AMOUNT, "EXTENDED\nAMOUNT", 0.13),
            ),
            Ruling.ZEBRA,
            carried="Carried forward",
            brought="Brought forward",
        ),
        tail=(
            split(
                Notice(
                    (
                        "Claims for shortage or damage must be made within 48 hours of receipt.",
                        "Remit to: {name}, P.O. Box 4417, Dallas, TX 75320",
                    )
                ),
                Totals((("Subtotal", Sum.SUBTOTAL), ("Freight", Sum.FREIGHT), ("INVOICE TOTAL", Sum.TOTAL)), "grid"),
                0.62,
            ),
        ),
        running=(
            split(
                Title("INVOICE (continued)", 12, "left"), MetaList((("Invoice No.", Meta.NUMBER), ("Page", Meta.PAGE)), field=False), 0.6, 8
            ),
        ),
        foot=Foot("DEA registered distributor  |  Tax ID {tax_id}  |  {web}"),
    ),
    major=True,
)

MERIDIAN = vendor(
    "meridian",
    "Meridian Oncology Distributors",
    ("88 Commerce Parkway", "Building C", "Franklin, TN 37067"),
    Trade(
        ("oncology", "supportive", "hematology"),
        lines=(2, 7),
        quantity=(1, 10),
        writing=Writing.BRAND_FIRST,
        number="MOD-YY-#####",
        account="C-%####",
        appetite={ItemType.COMPOUND_MEDICATION: 0.6, ItemType.DME_RENTAL: 0.2},
    ),
    Layout(
        style=Style(face=TIMES, size=9.5, accent=(0.35, 0.1, 0.3), date=DateStyle.LONG, money=MoneyStyle("$", "$")),
        head=(
            row(Letterhead("center", 20, logo=Logo.RINGS, address="inline", separator="  ·  ", tagline=True), gap=6),
            row(Line(1.4)),
            split(
                Stack((AddressBlock(Role.BILL_TO, "Bill to:"), AddressBlock(Role.SHIP_TO, "Deliver to:"))),
                Stack(
                    (
                        Title("Invoice", 24, "right"),
                        MetaList(
                            (
                                ("Invoice number", Meta.NUMBER),
                                ("Invoice date", Meta.DATE),
                                ("Customer account", Meta.ACCOUNT),
                                ("Your order", Meta.PURCHASE_ORDER),
                                ("Payment due", Meta.DUE_DATE),
                            ),
                            "right",
                            bold_labels=False,
                        ),
                    )
                ),
                0.58,
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.QUANTITY, "Qty", 0.07),
                Column(Kind.DESCRIPTION, "Product", 0.57),
                Column(Kind.UNIT_PRICE, "Price each", 0.17),
                Column(Kind.AMOUNT, "Amount", 0.19),
            ),
            Ruling.ROWS,
            filled_head=False,
            beneath=(Beneath(Kind.NDC, "NDC"), Beneath(Kind.LOT, "Lot")),
        ),
        tail=(
            split(
                Notice(("Cold-chain items ship overnight. Store at 2-8 °C on arrival.", "Questions? Call {phone}."), 8.5, weight="italic"),
                Totals((("Merchandise", Sum.SUBTOTAL), ("Sales tax", Sum.TAX), ("Total due", Sum.TOTAL))),
                0.55,
            ),
        ),
        running=(
            split(Title("Invoice, continued", 13, "left"), MetaList((("Invoice number", Meta.NUMBER),), "right", field=False), 0.6, 10),
        ),
        foot=Foot("Meridian Oncology Distributors", "{n}/{m}"),
    ),
    tagline="Specialty medicines, delivered with care",
    major=True,
)

HALVORSEN = vendor(
    "halvorsen",
    "HALVORSEN DRUG COMPANY",
    ("4410 INDUSTRIAL AVE", "FARGO ND 58102"),
    Trade(
        ("oral", "antiinfective", "diabetes"),
        lines=(5, 14),
        long_share=0.25,
        long_lines=(30, 48),
        writing=Writing.UPPER,
        number="%#####",
        quantity=(1, 36),
        tax_rate=Decimal(0),
    ),
    Layout(
        style=Style(face=COURIER, size=8.4, accent=(0, 0, 0), upper=True, date=DateStyle.US_SHORT, money=MoneyStyle("", ""), margin=40),
        head=(
            split(Letterhead(name_size=11, text_size=8.4, colored_name=False), Title("** INVOICE **", 11, colored=False), 0.6, 8),
            row(Line(char="="), gap=2),
            split(
                AddressBlock(Role.BILL_TO, "SOLD TO:", "margin"),
                MetaList(
                    (
                        ("INVOICE NO:", Meta.NUMBER),
                        ("INV DATE:", Meta.DATE),
                        ("CUST NO:", Meta.ACCOUNT),
                        ("PO NO:", Meta.PURCHASE_ORDER),
                        ("SHIP DATE:", Meta.SHIP_DATE),
                        ("TERMS:", Meta.TERMS),
                    ),
                    "columns",
                    0.42,
                    bold_labels=False,
                ),
                0.55,
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.SKU, "ITEM#", 0.12),
                Column(Kind.QUANTITY, "QTY", 0.08),
                Column(Kind.UNIT, "UM", 0.06),
                Column(Kind.DESCRIPTION, "DESCRIPTION", 0.45),
                Column(Kind.UNIT_PRICE, "PRICE", 0.13),
                Column(Kind.AMOUNT, "EXTENSION", 0.16),
            ),
            Ruling.DASHES,
            filled_head=False,
            beneath=(Beneath(Kind.NDC, "NDC#"),),
            continued="*** CONTINUED ON PAGE {next} ***",
            row_gap=1.0,
        ),
        tail=(
            split(
                Notice(("THANK YOU FOR YOUR ORDER", "PAST DUE ACCOUNTS SUBJECT TO 1.5% PER MONTH"), 8.4, muted=False),
                Totals((("SUBTOTAL", Sum.SUBTOTAL), ("TAX", Sum.TAX), ("INVOICE TOTAL", Sum.TOTAL)), "dashes", total_scale=1.0),
                0.6,
            ),
        ),
        running=(
            split(
                Title("HALVORSEN DRUG COMPANY", 9, "left", colored=False),
                MetaList((("INVOICE NO:", Meta.NUMBER), ("PAGE:", Meta.PAGE)), field=False),
                0.6,
                6,
            ),
        ),
    ),
    major=True,
)

CARDIGAN = vendor(
    "cardigan_bay",
    "Cardigan Bay Medical Distribution LLC",
    ("2750 Seaport Drive", "Baltimore, MD 21230"),
    Trade(lines=(3, 10), long_lines=(22, 40), long_share=0.15, number="CB%######", tax_rate=Decimal("0.06"), writing=Writing.SENTENCE),
    Layout(
        style=Style(face=VERA, size=7.6, accent=(0.0, 0.42, 0.45), date=DateStyle.ISO, money=MoneyStyle("", "USD ")),
        head=(
            split(Title("TAX INVOICE", 18, "left"), Letterhead("right", 13, logo=Logo.PEAKS, text_size=7.5), 0.33),
            row(
                MetaGrid(
                    (
                        ("Document no.", Meta.NUMBER),
                        ("Document date", Meta.DATE),
                        ("Delivery no.", Meta.DELIVERY),
                        ("Sales order", Meta.ORDER_NUMBER),
                        ("Customer reference", Meta.PURCHASE_ORDER),
                        ("Customer no.", Meta.ACCOUNT),
                        ("Payment due", Meta.DUE_DATE),
                        ("Carrier", Meta.CARRIER),
                    ),
                    4,
                )
            ),
            row(AddressBlock(Role.BILL_TO, "Invoice recipient"), AddressBlock(Role.SHIP_TO, "Goods recipient")),
        ),
        items=ItemTable(
            (
                Column(Kind.POSITION, "Pos.", 0.06),
                Column(Kind.SKU, "Material", 0.11),
                Column(Kind.DESCRIPTION, "Description", 0.38),
                Column(Kind.UNIT, "UoM", 0.07),
                Column(Kind.QUANTITY, "Quantity", 0.1),
                Column(Kind.UNIT_PRICE, "Unit price", 0.13),
                Column(Kind.AMOUNT, "Net value", 0.15),
            ),
            Ruling.HEAD,
            beneath=(Beneath(Kind.NDC, "NDC:"), Beneath(Kind.LOT, "Batch:")),
            sections=Sections.SUBTOTALS,
            section_subtotal="Sum {section}",
        ),
        tail=(
            split(Ageing(), Blank(), 0.58, 4),
            split(
                Notice(("All prices in US dollars. Title passes on payment in full.",)),
                Totals((("Net amount", Sum.SUBTOTAL), ("State tax {rate}", Sum.TAX), ("Amount payable", Sum.TOTAL)), "band"),
                0.58,
            ),
        ),
        running=(split(Title("TAX INVOICE", 12, "left"), MetaList((("Document no.", Meta.NUMBER),), "right", field=False), 0.6),),
        foot=Foot("Registered office: Baltimore  |  EIN {tax_id}  |  {web}", "Page {n} / {m}"),
    ),
    major=True,
)

SUMMIT = vendor(
    "summit_vaccine",
    "Summit Vaccine Supply",
    ("615 Alpine Way", "Boulder, CO 80302"),
    Trade(
        ("vaccine", "acute"),
        lines=(2, 6),
        quantity=(1, 8),
        number="SVS######",
        writing=Writing.SENTENCE,
        appetite={ItemType.BUNDLED_SERVICE: 0.8, ItemType.DME_RENTAL: 0.1, ItemType.COMPOUND_MEDICATION: 0.3},
    ),
    Layout(
        style=Style(size=9.0, accent=(0.85, 0.38, 0.05), date=DateStyle.ABBREVIATED, money=MoneyStyle("$", "$")),
        head=(
            split(
                Letterhead(logo=Logo.HEXAGON, name_size=17, address="none", tagline=True, contact=False),
                Title("Sales Invoice", 17, colored=False),
                gap=4,
            ),
            row(SenderLine(8.0, separator=", ")),
            split(
                AddressBlock(Role.SHIP_TO, "Ship to", "boxed"),
                Totals((("Invoice subtotal", Sum.SUBTOTAL), ("Excise tax", Sum.TAX), ("AMOUNT DUE", Sum.TOTAL)), "band"),
                0.6,
            ),
            row(
                MetaStrip(
                    (
                        ("Invoice #", Meta.NUMBER),
                        ("Date", Meta.DATE),
                        ("PO #", Meta.PURCHASE_ORDER),
                        ("Shipped", Meta.SHIP_DATE),
                        ("Due", Meta.DUE_DATE),
                    ),
                    filled=False,
                    grid=False,
                )
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.DESCRIPTION, "Item", 0.36),
                Column(Kind.CODE, "CPT/HCPCS", 0.12),
                Column(Kind.NDC, "NDC", 0.17),
                Column(Kind.UNIT_PRICE, "Price", 0.12),
                Column(Kind.QUANTITY, "Qty", 0.08),
                Column(Kind.AMOUNT, "Total", 0.15),
            ),
            Ruling.ROWS,
            filled_head=False,
        ),
        tail=(row(Notice(("Vaccines may not be returned. Report temperature excursions at once: {phone}.",), 8, boxed=True)),),
        foot=Foot("Summit Vaccine Supply, 615 Alpine Way, Boulder, CO 80302  |  {web}"),
    ),
    tagline="Every dose, in range",
)
