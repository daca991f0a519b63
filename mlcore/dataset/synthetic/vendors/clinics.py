"""Clinics, infusion centers and services: patient accounts, service dates, procedure codes, few or no prices per unit."""

from __future__ import annotations

from decimal import Decimal

from mlcore.dataset.synthetic.content import Trade
from mlcore.dataset.synthetic.formats import DateStyle, MoneyStyle
from mlcore.dataset.synthetic.layout.arrange import Blank, Line, SideBand, Stack
from mlcore.dataset.synthetic.layout.cells import Beneath, Column, Kind
from mlcore.dataset.synthetic.layout.closing import Ageing, Foot, Notice, Stub, Sum, Totals, TotalsStrip
from mlcore.dataset.synthetic.layout.flow import Layout, row, split
from mlcore.dataset.synthetic.layout.letterhead import Letterhead, Logo, Title
from mlcore.dataset.synthetic.layout.lists import CardList
from mlcore.dataset.synthetic.layout.meta import Meta, MetaGrid, MetaList, MetaSentence
from mlcore.dataset.synthetic.layout.parties import AddressBlock, Role
from mlcore.dataset.synthetic.layout.pen import HELVETICA, TIMES, VERA, Style
from mlcore.dataset.synthetic.layout.table import ItemTable, Ruling, Sections
from mlcore.dataset.synthetic.vendor import vendor
from mlcore.dataset.synthetic.writing import Writing
from mlcore.schema import ItemType

_SERVICES = {ItemType.BUNDLED_SERVICE: 2.4, ItemType.DME_RENTAL: 0.3, ItemType.COMPOUND_MEDICATION: 0.5}

LAKESIDE = vendor(
    "lakeside_infusion",
    "Lakeside Infusion Center",
    ("900 Lakeshore Drive, Floor 3", "Erie, PA 16501"),
    Trade(
        ("oncology", "supportive", "hematology", "immunology"),
        _SERVICES,
        lines=(2, 8),
        quantity=(1, 6),
        number="%#####-##",
        writing=Writing.BILLING,
    ),
    Layout(
        style=Style(size=9.0, accent=(0.05, 0.35, 0.55), date=DateStyle.US, money=MoneyStyle("", "$")),
        head=(
            split(Letterhead(logo=Logo.PEAKS, name_size=16), Title("STATEMENT OF CHARGES", 12, colored=False), 0.6),
            split(
                AddressBlock(Role.PATIENT, "Responsible party", "boxed"),
                MetaList(
                    (
                        ("Patient", Meta.PATIENT),
                        ("Patient account #", Meta.PATIENT_ACCOUNT),
                        ("Date of birth", Meta.BIRTH_DATE),
                        ("Invoice #", Meta.NUMBER),
                        ("Statement date", Meta.DATE),
                        ("Payment due by", Meta.DUE_DATE),
                    ),
                    "right",
                ),
                0.52,
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.SERVICE_DATE, "Service date", 0.14),
                Column(Kind.CODE, "HCPCS", 0.1),
                Column(Kind.MODIFIER, "Mod", 0.06),
                Column(Kind.DESCRIPTION, "Description of service", 0.4),
                Column(Kind.QUANTITY, "Units", 0.08),
                Column(Kind.UNIT_PRICE, "Rate", 0.1),
                Column(Kind.AMOUNT, "Charges", 0.12),
            ),
            Ruling.COLUMNS,
            beneath=(Beneath(Kind.NDC, "NDC"),),
        ),
        tail=(
            split(
                Notice(("Codes and units are those of the encounter. Keep this statement for your records.",)),
                Totals((("Total charges", Sum.SUBTOTAL), ("Payments received", Sum.PAID), ("PLEASE PAY THIS AMOUNT", Sum.TOTAL)), "grid"),
                0.55,
                20,
            ),
            row(
                Stub(
                    (
                        ("Patient account #", Meta.PATIENT_ACCOUNT),
                        ("Invoice #", Meta.NUMBER),
                        ("Statement date", Meta.DATE),
                        ("Amount due", Meta.TOTAL),
                    )
                )
            ),
        ),
        running=(split(Title("STATEMENT OF CHARGES", 11, "left"), MetaList((("Invoice #", Meta.NUMBER),), "right", field=False), 0.6),),
        foot=Foot("Billing questions: {phone}  |  Tax ID {tax_id}"),
        tail_at_bottom=True,
    ),
    major=True,
)

WESTBROOK = vendor(
    "westbrook_family",
    "Westbrook Family Practice, PC",
    ("17 Orchard Lane", "Westbrook, ME 04092"),
    Trade(
        ("vaccine", "acute", "diabetes"), _SERVICES, lines=(1, 4), long_share=0.0, quantity=(1, 3), number="W-%####", writing=Writing.TERSE
    ),
    Layout(
        style=Style(face=TIMES, size=11.0, accent=(0.15, 0.3, 0.15), date=DateStyle.LONG, money=MoneyStyle("", "$"), margin=64),
        head=(
            row(Letterhead("center", 19, address="stacked", colored_name=False), gap=18),
            row(MetaSentence("Invoice No.", "dated", size=12, align="center"), gap=16),
            row(AddressBlock(Role.PATIENT, "", "bare"), gap=14),
            row(Notice(("For professional services and medicines supplied:",), 11, muted=False)),
        ),
        items=ItemTable(
            (
                Column(Kind.DESCRIPTION, "Service or item", 0.66),
                Column(Kind.CODE, "Code", 0.14),
                Column(Kind.AMOUNT, "Charge", 0.2),
            ),
            Ruling.OPEN,
            filled_head=False,
            row_gap=6.0,
        ),
        tail=(
            split(Blank(), Totals((("Balance due", Sum.TOTAL),)), 0.55, 26),
            row(
                Notice(
                    ("Payment is due on receipt; checks to Westbrook Family Practice.", "We thank you for your trust."), 10, weight="italic"
                )
            ),
        ),
        foot=Foot("Westbrook Family Practice, PC", "{n}", rule=False),
    ),
)

CEDARS = vendor(
    "cedar_ridge",
    "Cedar Ridge Rheumatology Associates",
    ("5500 Medical Plaza, Suite 210", "Boise, ID 83704"),
    Trade(
        ("immunology", "supportive"),
        _SERVICES,
        lines=(2, 5),
        quantity=(1, 4),
        number="CRR%#####",
        writing=Writing.BRAND_FIRST,
        tax_rate=Decimal(0),
    ),
    Layout(
        style=Style(face=VERA, size=7.8, accent=(0.3, 0.16, 0.42), date=DateStyle.US_DASH, money=MoneyStyle("$", "$")),
        head=(
            split(
                Stack((Letterhead(name_size=14, logo=Logo.LEAF, contact=True), AddressBlock(Role.BILL_TO, "Bill to", "plain"))),
                Stack(
                    (
                        Title("INVOICE", 16),
                        Totals((("Charges", Sum.SUBTOTAL), ("Tax", Sum.TAX), ("Invoice total", Sum.TOTAL)), "grid"),
                        MetaList(
                            (("Invoice", Meta.NUMBER), ("Date", Meta.DATE), ("Account", Meta.ACCOUNT), ("Prescriber", Meta.PRESCRIBER)),
                            "right",
                        ),
                    ),
                    10,
                ),
                0.58,
                18,
            ),
        ),
        items=CardList(
            (
                ("HCPCS", Kind.CODE),
                ("NDC", Kind.NDC),
                ("Date of service", Kind.SERVICE_DATE),
                ("Quantity", Kind.QUANTITY),
                ("Unit price", Kind.UNIT_PRICE),
                ("Amount", Kind.AMOUNT),
            )
        ),
        tail=(row(Notice(("Summary of sums: see the top of page 1. A 2 % discount ({discount}) applies if paid within 10 days.",), 7.5)),),
        running=(row(Title("Invoice, further items", 11, "left")),),
        foot=Foot(),
    ),
)

RIVERBEND = vendor(
    "riverbend_lab",
    "Riverbend Diagnostics & Therapy",
    ("3301 Water Street", "St. Louis, MO 63118"),
    Trade(
        ("antiinfective", "acute"), {**_SERVICES, ItemType.BUNDLED_SERVICE: 3.0}, lines=(2, 7), number="RD######", writing=Writing.CATALOGUE
    ),
    Layout(
        style=Style(size=8.6, accent=(0.6, 0.05, 0.1), date=DateStyle.DAY_MONTH, money=MoneyStyle("", "$ ")),
        head=(
            split(Title("INVOICE", 26, "left"), Letterhead("right", 13, address="stacked", text_size=8)),
            row(Line(2.2), gap=8),
            row(
                MetaGrid(
                    (
                        ("INVOICE NUMBER", Meta.NUMBER),
                        ("INVOICE DATE", Meta.DATE),
                        ("PATIENT", Meta.PATIENT),
                        ("DATE OF BIRTH", Meta.BIRTH_DATE),
                        ("ORDERING PHYSICIAN", Meta.PRESCRIBER),
                        ("MEDICAL RECORD NO.", Meta.PATIENT_ACCOUNT),
                    ),
                    3,
                )
            ),
            row(AddressBlock(Role.BILL_TO, "CLIENT:", "margin")),
        ),
        items=ItemTable(
            (
                Column(Kind.DESCRIPTION, "Procedure / product", 0.56),
                Column(Kind.QUANTITY, "No.", 0.08),
                Column(Kind.UNIT_PRICE, "Fee", 0.16),
                Column(Kind.AMOUNT, "Extended fee", 0.2),
            ),
            Ruling.ROWS,
            filled_head=False,
            lead=(Kind.CODE,),
            notes=("Specimen collected at client site.", "Results reported to ordering physician."),
            note_every=3,
        ),
        tail=(
            row(
                TotalsStrip(
                    (("Items", Sum.ITEMS), ("Fees", Sum.SUBTOTAL), ("Adjustments", Sum.DISCOUNT), ("Balance due", Sum.TOTAL)), filled=True
                )
            ),
            row(Notice(("CLIA certified laboratory. Fees are not contingent on payment by a third party.",))),
        ),
        running=(row(Title("INVOICE - continuation", 12, "left")),),
        foot=Foot("Remit to: Riverbend Diagnostics, Lockbox 7731, Chicago, IL 60673"),
    ),
    major=True,
)

ASPEN = vendor(
    "aspen_grove",
    "Aspen Grove Surgery Center",
    ("1280 Canyon View Road", "Logan, UT 84321"),
    Trade(
        ("acute", "antiinfective"),
        {ItemType.BUNDLED_SERVICE: 1.6, ItemType.COMPOUND_MEDICATION: 1.8, ItemType.DME_RENTAL: 0.3},
        lines=(4, 11),
        long_lines=(18, 28),
        number="%####",
        writing=Writing.SENTENCE,
        account="AG-####",
    ),
    Layout(
        style=Style(size=9.0, accent=(0.45, 0.35, 0.1), date=DateStyle.DAY_LONG, money=MoneyStyle("$", "$"), quantity_decimals=1),
        head=(
            split(Letterhead(name_size=18, weight="regular", logo=Logo.MONOGRAM, address="inline", separator=" • "), Blank(), 0.9),
            row(Line(0.8), gap=8),
            split(
                AddressBlock(Role.BILL_TO, "To"),
                MetaList((("Ref.", Meta.NUMBER), ("Dated", Meta.DATE), ("Account", Meta.ACCOUNT), ("Pay by", Meta.DUE_DATE)), "colon"),
                0.62,
            ),
            row(Title("Invoice for supplies and services", 13, "left", colored=False)),
        ),
        items=ItemTable(
            (
                Column(Kind.DESCRIPTION, "Particulars", 0.44),
                Column(Kind.CODE, "HCPCS / CPT", 0.14),
                Column(Kind.UNIT_PRICE, "Unit cost", 0.14),
                Column(Kind.QUANTITY, "Quantity", 0.12),
                Column(Kind.AMOUNT, "Line total", 0.16),
            ),
            Ruling.GRID,
            sections=Sections.HEADINGS,
        ),
        tail=(
            split(Blank(), Totals((("Sum of lines", Sum.SUBTOTAL), ("Grand total", Sum.TOTAL)), "dotted"), 0.5),
            row(Ageing()),
        ),
        running=(row(MetaList((("Ref.", Meta.NUMBER), ("Page", Meta.PAGE)), "colon", field=False)),),
        foot=Foot("{name}  |  Federal Tax ID {tax_id}  |  {phone}"),
    ),
)

HARBORVIEW = vendor(
    "harborview_ambulatory",
    "Harborview Ambulatory Services",
    ("PO Box 1180", "410 Pier Road", "New Bedford, MA 02740"),
    Trade((), _SERVICES, lines=(1, 6), number="HAS-YYMM-####", writing=Writing.BILLING, quantity=(1, 5)),
    Layout(
        style=Style(face=HELVETICA, size=9.2, accent=(0.1, 0.1, 0.1), date=DateStyle.US_SHORT, money=MoneyStyle("", "")),
        head=(
            row(Title("BILLING INVOICE", 15, "center", boxed=True)),
            split(
                Stack((AddressBlock(Role.BILL_TO, "Guarantor", "plain"),)),
                MetaGrid(
                    (
                        ("Invoice no.", Meta.NUMBER),
                        ("Bill date", Meta.DATE),
                        ("Visit no.", Meta.DELIVERY),
                        ("Pt. acct.", Meta.PATIENT_ACCOUNT),
                    ),
                    2,
                ),
                0.55,
            ),
        ),
        items=ItemTable(
            (
                Column(Kind.CODE, "Code", 0.1),
                Column(Kind.DESCRIPTION, "Description", 0.42),
                Column(Kind.SERVICE_DATE, "From", 0.12),
                Column(Kind.QUANTITY, "Units", 0.08),
                Column(Kind.UNIT_PRICE, "Charge", 0.13),
                Column(Kind.AMOUNT, "Total", 0.15),
            ),
            Ruling.OPEN,
            filled_head=False,
        ),
        tail=(
            split(
                Stack(
                    (
                        Letterhead(name_size=10, address="stacked", text_size=8.5, colored_name=False),
                        Notice(("Make checks payable to the name above.",)),
                    )
                ),
                Totals((("Previous balance", Sum.PREVIOUS), ("New charges", Sum.SUBTOTAL), ("Invoice total", Sum.TOTAL)), "plain"),
                0.58,
            ),
        ),
        foot=Foot("", "Page {n} of {m}", rule=False),
        tail_at_bottom=True,
        backdrop=SideBand(9),
    ),
)
