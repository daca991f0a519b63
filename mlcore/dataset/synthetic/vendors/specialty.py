"""Manufacturers, group purchasers and small suppliers with paper of their own kind."""

from __future__ import annotations

from decimal import Decimal

from mlcore.dataset.synthetic.content import Trade
from mlcore.dataset.synthetic.formats import DateStyle, MoneyStyle
from mlcore.dataset.synthetic.layout.arrange import Blank, Line, SideBand, Stack
from mlcore.dataset.synthetic.layout.cells import Beneath, Column, Kind
from mlcore.dataset.synthetic.layout.closing import Foot, Notice, Sum, Totals, TotalsStrip
from mlcore.dataset.synthetic.layout.flow import Layout, row, split
from mlcore.dataset.synthetic.layout.letterhead import Letterhead, Logo, SenderLine, Title
from mlcore.dataset.synthetic.layout.meta import Meta, MetaGrid, MetaList, MetaSentence, MetaStrip
from mlcore.dataset.synthetic.layout.parties import AddressBlock, Role
from mlcore.dataset.synthetic.layout.pen import COURIER, TIMES, Style
from mlcore.dataset.synthetic.layout.table import ItemTable, Ruling, Sections
from mlcore.dataset.synthetic.vendor import vendor
from mlcore.dataset.synthetic.writing import Writing
from mlcore.schema import ItemType

VERIDIAN = vendor(
    "veridian_biologics",
    "Veridian Biologics, Inc.",
    ("One Discovery Circle", "South San Francisco, CA 94080"),
    Trade(
        ("immunology", "oncology"),
        {ItemType.COMPOUND_MEDICATION: 0.2, ItemType.DME_RENTAL: 0.1, ItemType.BUNDLED_SERVICE: 0.3},
        lines=(1, 4),
        quantity=(1, 8),
        number="9#########",
        writing=Writing.CATALOGUE,
    ),
    Layout(
        style=Style(size=9.2, accent=(0.0, 0.6, 0.65), date=DateStyle.DAY_MONTH, money=MoneyStyle("", "USD "), margin=60),
        head=(
            row(Letterhead("left", 20, weight="regular", address="none", contact=False, logo=Logo.RINGS), gap=20),
            split(
                Stack((AddressBlock(Role.BILL_TO, "", "bare"), Blank(10))),
                MetaList(
                    (
                        ("Billing document", Meta.NUMBER),
                        ("Billing date", Meta.DATE),
                        ("Sold-to no.", Meta.ACCOUNT),
                        ("Payment terms", Meta.TERMS),
                    ),
                    "colon",
                ),
                0.58,
                16,
            ),
            row(Title("Invoice", 18, "left", "regular"), gap=8),
        ),
        items=ItemTable(
            (
                Column(Kind.POSITION, "Item", 0.07),
                Column(Kind.DESCRIPTION, "Material / description", 0.48),
                Column(Kind.QUANTITY, "Quantity", 0.12),
                Column(Kind.UNIT_PRICE, "Price", 0.16),
                Column(Kind.AMOUNT, "Amount", 0.17),
            ),
            Ruling.HEAD,
            filled_head=False,
            beneath=(Beneath(Kind.NDC, "NDC"), Beneath(Kind.LOT, "Batch"), Beneath(Kind.EXPIRY, "Exp.")),
            row_gap=9.0,
        ),
        tail=(
            split(
                Blank(),
                Totals((("Items total", Sum.SUBTOTAL), ("Freight (prepaid)", Sum.FREIGHT), ("Final amount", Sum.TOTAL)), "ruled"),
                0.5,
            ),
            row(Notice(("Pay {discount} by wire within 10 days, or {total} by {due}.",), 8.5)),
        ),
        foot=Stack((SenderLine(7.5, "left", separator=", ", with_name=True), Foot("Tax ID {tax_id}", "{n} of {m}", rule=False))),
        foot_height=36,
        backdrop=SideBand(22),
    ),
    major=True,
)

TRIDENT = vendor(
    "trident_surgical",
    "Trident Surgical & Anesthesia Supply Co.",
    ("1147 Dockside Street", "Mobile, AL 36603"),
    Trade(
        ("acute", "antiinfective"),
        {ItemType.COMPOUND_MEDICATION: 1.2},
        lines=(4, 10),
        long_lines=(20, 30),
        number="T-%#####",
        writing=Writing.UPPER,
        quantity=(1, 20),
        tax_rate=Decimal(0),
    ),
    Layout(
        style=Style(face=TIMES, size=9.4, accent=(0.1, 0.1, 0.35), date=DateStyle.US, money=MoneyStyle("", "$"), margin=40),
        head=(
            row(Letterhead("center", 18, address="inline", separator=" * ", colored_name=True), gap=4),
            row(Line(0.8), gap=1.5),
            row(Line(2.0), gap=10),
            row(
                MetaStrip(
                    (
                        ("OUR ORDER", Meta.ORDER_NUMBER),
                        ("YOUR P.O.", Meta.PURCHASE_ORDER),
                        ("SALESMAN", Meta.REPRESENTATIVE),
                        ("SHIP VIA", Meta.CARRIER),
                        ("DATE SHIPPED", Meta.SHIP_DATE),
                        ("TERMS", Meta.TERMS),
                    ),
                    filled=False,
                )
            ),
            split(
                Stack((AddressBlock(Role.BILL_TO, "SOLD TO", "margin"), AddressBlock(Role.SHIP_TO, "SHIP TO", "margin"))),
                Stack(
                    (
                        Title("INVOICE", 22, colored=False),
                        MetaList((("NUMBER", Meta.NUMBER), ("DATE", Meta.DATE), ("CUSTOMER", Meta.ACCOUNT)), "boxed", 0.42),
                    )
                ),
                0.62,
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.QUANTITY, "QUAN.", 0.08),
                Column(Kind.UNIT, "UNIT", 0.07),
                Column(Kind.SKU, "CATALOG NO.", 0.14),
                Column(Kind.DESCRIPTION, "DESCRIPTION", 0.43),
                Column(Kind.UNIT_PRICE, "UNIT PRICE", 0.13),
                Column(Kind.AMOUNT, "AMOUNT", 0.15),
            ),
            Ruling.COLUMNS,
            filled_head=False,
            notes=("LOT CONTROLLED ITEM - SEE PACKING LIST", "SHIPPED COMPLETE"),
            note_every=5,
            carried="AMOUNT FORWARD",
            brought="AMOUNT FORWARD",
        ),
        tail=(
            row(Notice(("GOODS RETURNED WITHOUT AUTHORIZATION WILL NOT BE ACCEPTED",), 7.5, "center"), gap=6),
            row(
                TotalsStrip(
                    (("SUB TOTAL", Sum.SUBTOTAL), ("SHIPPING", Sum.FREIGHT), ("SALES TAX", Sum.TAX), ("PLEASE PAY", Sum.TOTAL)), filled=True
                )
            ),
        ),
        running=(split(Title("TRIDENT", 14, "left"), MetaList((("NUMBER", Meta.NUMBER), ("PAGE", Meta.PAGE)), "right", field=False), 0.7),),
        tail_at_bottom=True,
    ),
    major=True,
)

PACIFIC = vendor(
    "pacific_rim_rx",
    "Pacific Rim Generics",
    ("2301 Airport Way South", "Seattle, WA 98134"),
    Trade(
        ("oral", "antiinfective"),
        {},
        lines=(5, 15),
        long_share=0.3,
        long_lines=(30, 55),
        number="PRG%######",
        writing=Writing.TERSE,
        price_decimals=4,
        quantity=(2, 96),
    ),
    Layout(
        style=Style(size=7.6, accent=(0.15, 0.15, 0.15), date=DateStyle.ISO, money=MoneyStyle("", ""), margin=34),
        head=(
            split(
                Letterhead(name_size=12, address="inline", separator=", ", text_size=7.6, colored_name=False),
                Title("INVOICE / PACKING LIST", 11, colored=False),
                0.6,
                8,
            ),
            row(
                MetaGrid(
                    (
                        ("Invoice", Meta.NUMBER),
                        ("Inv. date", Meta.DATE),
                        ("Order", Meta.ORDER_NUMBER),
                        ("Ord. date", Meta.ORDER_DATE),
                        ("Ship date", Meta.SHIP_DATE),
                        ("Cust. PO", Meta.PURCHASE_ORDER),
                        ("Account", Meta.ACCOUNT),
                        ("Due", Meta.DUE_DATE),
                    ),
                    8,
                    7.2,
                ),
                gap=6,
            ),
            row(AddressBlock(Role.SHIP_TO, "Ship:", "margin"), AddressBlock(Role.BILL_TO, "Bill:", "margin")),
        ),
        items=ItemTable(
            (
                Column(Kind.NDC, "NDC", 0.13),
                Column(Kind.DESCRIPTION, "Product", 0.33),
                Column(Kind.LOT, "Lot", 0.09),
                Column(Kind.EXPIRY, "Exp", 0.07),
                Column(Kind.UNIT, "UM", 0.05),
                Column(Kind.QUANTITY, "Qty", 0.07),
                Column(Kind.UNIT_PRICE, "Price", 0.12),
                Column(Kind.AMOUNT, "Ext", 0.14),
            ),
            Ruling.OPEN,
            filled_head=False,
            sections=Sections.HEADINGS,
            row_gap=1.6,
            continued="",
            carried="Running total",
        ),
        tail=(
            split(
                Notice(("T3 data for this shipment is available at {web}.",)),
                Totals((("Lines", Sum.ITEMS), ("Invoice amount", Sum.TOTAL)), "plain"),
                0.7,
            ),
        ),
        running=(
            split(
                Title("Pacific Rim Generics", 9, "left", colored=False), MetaList((("Invoice", Meta.NUMBER),), "right", field=False), 0.7, 6
            ),
        ),
        foot=Foot("{phone}", "Page {n} of {m}"),
    ),
    major=True,
)

BLUESTONE = vendor(
    "bluestone_gpo",
    "Bluestone Health Purchasing Alliance",
    ("300 Alliance Center, 14th Floor", "Charlotte, NC 28202"),
    Trade(
        (),
        {ItemType.DME_RENTAL: 1.4, ItemType.BUNDLED_SERVICE: 1.4, ItemType.COMPOUND_MEDICATION: 1.4},
        lines=(4, 12),
        number="BHPA-YYMM%###",
        writing=Writing.SENTENCE,
        long_share=0.15,
    ),
    Layout(
        style=Style(size=8.6, accent=(0.13, 0.3, 0.55), date=DateStyle.DAY_MONTH_SHORT, money=MoneyStyle("$", "$"), heading_face=TIMES),
        head=(
            row(Letterhead("left", 19, bar=True, address="inline", separator=" | ", contact=False, capitals=True), gap=10),
            split(
                Stack((MetaSentence("CONSOLIDATED INVOICE", "-", size=11), AddressBlock(Role.BILL_TO, "Member", "plain"))),
                TotalsStrip((("Subtotal", Sum.SUBTOTAL), ("Now due", Sum.TOTAL)), 9),
                0.55,
            ),
            row(MetaList((("Member no.", Meta.ACCOUNT), ("Contract", Meta.DELIVERY), ("Pay by", Meta.DUE_DATE)), "colon")),
        ),
        items=ItemTable(
            (
                Column(Kind.CLASS, "Class", 0.08),
                Column(Kind.DESCRIPTION, "Contract item", 0.36),
                Column(Kind.CODE, "HCPCS", 0.1),
                Column(Kind.NDC, "NDC", 0.15),
                Column(Kind.QUANTITY, "Qty", 0.07),
                Column(Kind.UNIT_PRICE, "Contract\nprice", 0.11),
                Column(Kind.AMOUNT, "Extended", 0.13),
            ),
            Ruling.ZEBRA,
            sections=Sections.SUBTOTALS,
            section_subtotal="{section} total",
        ),
        tail=(row(Notice(("Amounts due are shown on page 1. STD standard, CMP compound, RNT rental, PKG package.",), 7.5)),),
        running=(row(Title("Consolidated invoice - detail", 11, "left")),),
        foot=Foot(),
    ),
    major=True,
)

KESTREL = vendor(
    "kestrel_veterans",
    "Kestrel Medical Logistics",
    ("Depot 6, Gate B", "8800 Airfield Road", "Ogden, UT 84404"),
    Trade(
        ("acute", "oral", "vaccine"),
        {},
        lines=(3, 9),
        number="KML%###-##",
        writing=Writing.CATALOGUE,
        price_decimals=2,
        tax_rate=Decimal(0),
    ),
    Layout(
        style=Style(face=COURIER, size=9.0, date=DateStyle.DAY_MONTH, money=MoneyStyle("$", "$"), accent=(0.2, 0.3, 0.2), margin=46),
        head=(
            split(
                MetaGrid(
                    (
                        ("1. INVOICE NO.", Meta.NUMBER),
                        ("2. DATE OF INVOICE", Meta.DATE),
                        ("3. ORDER NO.", Meta.PURCHASE_ORDER),
                        ("4. SHIPPED", Meta.SHIP_DATE),
                    ),
                    2,
                ),
                Stack((Notice(("5. CONTRACTOR",), 6.5), Letterhead(name_size=10.5, address="stacked", contact=False, colored_name=False))),
                0.56,
                8,
                0.02,
            ),
            row(
                AddressBlock(Role.BILL_TO, "6. PAYMENT WILL BE MADE BY", "boxed"),
                AddressBlock(Role.SHIP_TO, "7. CONSIGNED TO", "boxed", inset=0),
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.POSITION, "8.\nITEM", 0.08),
                Column(Kind.DESCRIPTION, "9. SUPPLIES OR SERVICES", 0.43),
                Column(Kind.QUANTITY, "10.\nQTY", 0.09),
                Column(Kind.UNIT, "11.\nUNIT", 0.08),
                Column(Kind.UNIT_PRICE, "12. UNIT\nPRICE", 0.15),
                Column(Kind.AMOUNT, "13.\nAMOUNT", 0.17),
            ),
            Ruling.GRID,
            filled_head=False,
            beneath=(Beneath(Kind.NDC, "NDC"), Beneath(Kind.CODE, "HCPCS")),
            amounts_last=True,
        ),
        tail=(
            split(
                Notice(
                    (
                        "I certify that the above invoice is correct and just and that payment has not been received.",
                        "__________________________",
                        "Signature of contractor",
                    ),
                    7.5,
                    boxed=True,
                ),
                Totals((("14. SUBTOTAL", Sum.SUBTOTAL), ("15. TAX", Sum.TAX), ("16. TOTAL", Sum.TOTAL)), "grid"),
                0.55,
            ),
        ),
        running=(row(MetaGrid((("1. INVOICE NO.", Meta.NUMBER), ("PAGE", Meta.PAGE)), 2, field=False)),),
    ),
)
