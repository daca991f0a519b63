"""The many names of one thing on invoices."""

from __future__ import annotations

from mlcore.dataset.synthetic.layout.cells import Kind
from mlcore.dataset.synthetic.layout.closing import Sum
from mlcore.dataset.synthetic.layout.meta import Meta
from mlcore.dataset.synthetic.layout.parties import Role

TITLES = (
    "INVOICE",
    "Invoice",
    "SALES INVOICE",
    "BILL",
    "Tax Invoice",
    "Invoice & Delivery Note",
    "STATEMENT OF CHARGES",
    "Customer Invoice",
)

META_LABELS: dict[Meta, tuple[str, ...]] = {
    Meta.NUMBER: ("Invoice No.", "Invoice #", "Inv. No", "Invoice Number", "Document #", "Our reference", "Bill no.", "Invoice"),
    Meta.DATE: ("Invoice Date", "Date", "Date of invoice", "Issued", "Billing date", "Dated", "Inv. Date"),
    Meta.DUE_DATE: ("Due Date", "Payment due", "Pay by", "Due", "Net due date"),
    Meta.ORDER_DATE: ("Order Date", "Ordered", "Date ordered"),
    Meta.SHIP_DATE: ("Ship Date", "Shipped", "Delivery date", "Date shipped"),
    Meta.TERMS: ("Terms", "Payment terms"),
    Meta.ORDER_NUMBER: ("Order No.", "Sales order", "Our order #"),
    Meta.PURCHASE_ORDER: ("P.O. No.", "Your order", "Customer PO", "Purchase order"),
    Meta.ACCOUNT: ("Account No.", "Customer #", "Acct.", "Customer ID", "Client no."),
    Meta.DELIVERY: ("Delivery No.", "Shipment", "Packing slip"),
    Meta.REPRESENTATIVE: ("Sales rep", "Your contact", "Salesperson"),
    Meta.PATIENT_ACCOUNT: ("Patient acct.", "Patient ID", "MRN"),
    Meta.BIRTH_DATE: ("DOB", "Date of birth"),
    Meta.CARRIER: ("Ship via", "Carrier"),
}
GOODS_META = (
    Meta.DUE_DATE, Meta.ORDER_DATE, Meta.SHIP_DATE, Meta.TERMS, Meta.ORDER_NUMBER, Meta.PURCHASE_ORDER, Meta.ACCOUNT, Meta.DELIVERY,
    Meta.REPRESENTATIVE, Meta.CARRIER,
)  # fmt: skip
PATIENT_META = (Meta.DUE_DATE, Meta.ACCOUNT, Meta.PATIENT_ACCOUNT, Meta.BIRTH_DATE, Meta.TERMS)

PARTY_HEADINGS: dict[Role, tuple[str, ...]] = {
    Role.BILL_TO: ("Bill To", "Sold To", "Invoice to", "Customer", "Charge to", "Billed to"),
    Role.SHIP_TO: ("Ship To", "Deliver to", "Consignee", "Delivered to", "Shipped to"),
    Role.REMIT_TO: ("Remit To", "Send payment to", "Pay to"),
    Role.PATIENT: ("Patient", "Responsible party", "Guarantor"),
}

COLUMN_HEADINGS: dict[Kind, tuple[str, ...]] = {
    Kind.DESCRIPTION: ("Description", "Item", "Product", "Item description", "Particulars", "Description of goods"),
    Kind.NDC: ("NDC", "NDC No.", "NDC code"),
    Kind.CODE: ("HCPCS", "CPT/HCPCS", "Code", "Proc. code"),
    Kind.QUANTITY: ("Qty", "Quantity", "Units", "Shipped", "No."),
    Kind.UNIT_PRICE: ("Unit price", "Price", "Rate", "Each", "Unit cost"),
    Kind.AMOUNT: ("Amount", "Total", "Extension", "Line total", "Net amount", "Ext. price"),
    Kind.POSITION: ("#", "Ln", "Pos.", "No."),
    Kind.SKU: ("Item no.", "SKU", "Part no.", "Catalog"),
    Kind.UNIT: ("UM", "Unit", "U/M"),
    Kind.ORDERED: ("Ord.", "Ordered"),
    Kind.BACKORDERED: ("B/O", "Back\nordered"),
    Kind.SERVICE_DATE: ("Date", "Service date", "Date filled"),
    Kind.LOT: ("Lot", "Lot no.", "Batch"),
    Kind.EXPIRY: ("Exp.", "Expiry"),
    Kind.MODIFIER: ("Mod", "Mod."),
    Kind.DISCOUNT: ("Disc.", "Disc %"),
}

SUM_LABELS: dict[Sum, tuple[str, ...]] = {
    Sum.SUBTOTAL: ("Subtotal", "Sub-total", "Merchandise total", "Net amount", "Sum of lines", "Goods total"),
    Sum.TAX: ("Tax", "Sales tax {rate}", "Tax ({rate})", "State tax"),
    Sum.TOTAL: ("Total", "TOTAL DUE", "Invoice total", "Amount due", "Grand total", "Please pay", "Balance due", "Total amount"),
    Sum.FREIGHT: ("Freight", "Shipping", "Shipping & handling"),
    Sum.DISCOUNT: ("Discount", "Less discount"),
    Sum.PAID: ("Paid", "Payments"),
}

NOTICES = (
    "Thank you for your business.",
    "Please quote the invoice number with your payment.",
    "Claims must be made within five days of receipt.",
    "Pay {discount} within 10 days or {total} by {due}.",
    "Overdue accounts are charged 1.5 % a month.",
    "Questions about this invoice? Call {phone}.",
    "Medicines cannot be returned.",
)
ROW_NOTES = ("Refrigerate on arrival.", "Shipped complete.", "Contract price applied.", "Backordered items follow.", "Signature required.")
FIRST_WORDS = (
    "Amber", "Beacon", "Birchwood", "Canyon", "Cascade", "Clearwater", "Compass", "Coral", "Dogwood", "Eastport", "Evergreen", "Foxglove",
    "Granite", "Hawthorn", "Highland", "Ironwood", "Juniper", "Keystone", "Lakewood", "Larkspur", "Magnolia", "Maple Leaf", "Midland",
    "Mosaic", "Northstar", "Oakhurst", "Orchid", "Pinecrest", "Quail Creek", "Redwood", "Sagebrush", "Silverline", "Stonebridge",
    "Tidewater", "Union Square", "Valley Forge", "Walnut Hill", "Westgate", "Willow", "Yellowstone",
)  # fmt: skip
TAGLINES = ("", "", "", "Care in every order", "Since 1978", "Your partner in therapy", "Reliable. Local. Exact.")
