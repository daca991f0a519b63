"""The words of tables: what stands over a column, what is never an item, what begins a side note.

Column words are folded (lower case, no accents). English, French, German, Malay, Spanish; medical bills and
receipts included.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from mlcore.readers.layout import fold

COLUMN_WORDS: dict[str, str] = {
    "description": "description|item description|desc|item|items|product|product name|product description|service|services|"
    "service description|description of service|description of services|particulars|details|detail|article|articles|"
    "designation|libelle|prestation|produit|bezeichnung|beschreibung|artikelbezeichnung|leistung|text|artikel|artikeltext|"
    "butiran|keterangan|perkara|descripcion|concepto|medication|drug|drug name|medication description|drug description|"
    "item & description|goods|description of goods|procedure|charge description|procedure description|item name|"
    "drug / service|medication / service|item / service|article description|objet|denomination|warenbezeichnung|"
    "produktbezeichnung|line description|supply|supplies|nom du produit|what|nature|drug name / strength",
    "quantity": "ship|shp|shpd|mos|mos/units|no. of|quantity|qty|qty.|qnty|qté|qte|quantite|menge|anzahl|kuantiti|cantidad|units|"
    "unit count|no. of units|billed units|qty billed|qty shipped|shipped|qty ship|dispensed|qty disp|hours|hrs|std|stunden|"
    "hours/qty|count|pcs|q|nombre|nb|qty/hrs|quantity billed|units billed|svc units|days|qty dispensed|stk|stck|stueck|stuck|"
    "unites",
    "unit_price": "base|base price|unit price|price|rate|unit cost|price/unit|price per unit|u/price|u.price|unit|prix|prix unitaire|"
    "prix unit|pu|p.u.|pu ht|prix uni|prix u|prix unitaire ht|prix unit ht|p.u. ht|prix ht|tarif|taux|einzelpreis|e-preis|"
    "epreis|ep|preis|preis/einheit|einheitspreis|nettopreis|stueckpreis|stuckpreis|harga|harga seunit|precio|precio unitario|"
    "unit rate|unit charge|each|unit amt|cost|unit amount|unit price (usd)|unit price rm|price each|charge per unit|price ea|"
    "cost per unit|nettoeinzelpreis|price (rm)|rate/unit",
    "total": "total|amount|line total|ext price|extended|extended price|ext. price|ext amount|ext amt|extension|ext|total price|"
    "total amount|total charge|total charges|charges|charge|net amount|montant|montant ht|total ht|sous total|sous-total|"
    "prix total|betrag|gesamt|gesamtpreis|summe|nettobetrag|g-preis|gpreis|gp|gesamtbetrag|jumlah|importe|amt|line amount|"
    "total cost|net|amount (usd)|amount rm|amount (rm)|total (rm)|valeur|subtotal|sub total|sub-total|total amt|"
    "billed amount|amount billed|billed|total net|betrag eur|wert|line amt|extended amount|net price|your charges|"
    "montant h.t.|total h.t.|nettowert|netto|gross amount|total due|charge amount",
    "ndc_code": "ndc|ndc code|ndc number|ndc no|ndc #|national drug code|ndc#|ndc no.|drug code|ndc-11|ndc11|ndc / lot",
    "cpt_code": "cpt|hcpcs|cpt/hcpcs|hcpcs/cpt|cpt code|hcpcs code|procedure code|proc code|proc|cpt / hcpcs|hcpcs / cpt|billing code|"
    "cpt4|hcpc|service code|code cpt|j-code|hcpcs/rates|proc. code|svc code|charge code",
    "tax": "tax|taxes|tva|vat|vat %|mwst|mwst %|ust|ust %|gst|sst|taux tva|steuersatz|tax %|tax rate|vat rate|steuer|tax code|% tva|"
    "tax amount|vat amount|tva %|gst %|tax type|iva|mwst satz|mwst.|ust.",
    "discount": "discount|disc|disc %|disc.|remise|remise %|rabatt|rabatt %|diskaun|rem|rem.|adj|adjustment|adjustments|% rem",
    "position": "pos|pos.|line|ln|#|no|no.|nr|nr.|n°|sr|sr no|s/n|sl|sl no|item no|item #|item no.|line #|line no|lfd|lfd nr|bil|ligne|seq",
    "code": "code|item code|sku|product code|article no|article number|art-nr|art nr|art.nr.|art.-nr.|artikelnummer|artikelnr|"
    "artikel-nr|reference|ref|ref.|material|mat no|part no|part number|part #|stock code|stock no|catalog|catalog #|cat no|"
    "cat #|product no|product id|item id|code article|rev code|rev. code|revenue code|rev cd|kode|rx|rx #|rx no|ean|gtin|"
    "product #|id|item number",
    "unit": "uom|u/m|um|unit of measure|einheit|me|unite|uni|pack|pkg|pkg size|pack size|size|measure|units of measure|form|strength|"
    "mass|einh.",
    "date": "date|service date|date of service|dos|datum|svc date|from|to|fill date|date filled|post date|posting date|tarikh|period|"
    "service dates|date de livraison|leistungsdatum|days supply|livraison|rental period",
    "lot": "lot|lot #|lot no|batch|serial|serial #|exp|expiry|exp date|expires|lot number|lot / exp|lot/exp",
    "other": "type|modifier|mod|mods|dx|diagnosis|icd|icd-10|provider|patient|status|class|category|dept|department|insurance|allowed|"
    "paid|copay|remarks|note|notes|ordered|backordered|b/o|qty ordered|awp|taxable|payments|patient resp|balance",
}
"Column class -> phrases separated by ``|``. ``tax`` and the classes after it are columns that no field is read from."

SUMMARY_WORDS = (
    "sum|sum of lines|new charges|previous balance|discount|final amount|items total|fees|rabatt|skonto|remise|now due|"
    "amount this|amount due now|less payments|net due|invoice total|restocking|handling|escompte|total des|subtotal|"
    "sub total|sub-total|sub totals|sous total|sous-total|zwischensumme|total|totals|grand total|total ht|montant ht|"
    "montant ttc|total ttc|base ht|tax|taxes|tva|vat|gst|sst|mwst|ust|umsatzsteuer|sales tax|amount due|balance due|"
    "total due|summe|gesamtbetrag|gesamtsumme|gesamt|nettobetrag|rechnungsbetrag|endbetrag|bruttobetrag|net total|nett total|"
    "total amount|total charges|amount paid|payment|payments|discount total|shipping|freight|shipping & handling|"
    "shipping and handling|jumlah|cash|change|rounding|round|balance|net a payer|a payer|total net|service charge|"
    "rechnungssumme|warenwert|positionssumme|montant|zzgl|netto|brutto|total tva|montant tva|total tax|invoice total|less|"
    "deposit|amount payable|total payable|total sales|total price|visa|mastercard|credit card|subttl|pay this amount|"
    "please pay|merchandise total|goods total|total for|total invoice|umsatzsteuerbetrag|steuerbetrag|net amount|"
    "gross amount|add gst|state tax|local tax|total this invoice|amount owed|patient balance|insurance payment|adjustments|"
    "nettosumme|summe netto|delivery fee|total qty|total before tax|total excluding|total excl|total incl|total including|"
    "total inclusive|total hors taxe|frais de port|port|versandkosten|county tax"
)
"""Phrases that begin a line of the totals block."""

SECTION_WORDS = (
    "section total|section subtotal|subtotal for|subtotal -|carried forward|brought forward|carry forward|balance forward|"
    "report|a reporter|report a nouveau|ubertrag|uebertrag|continued|continued on next page|continued from previous page|"
    "page total|page subtotal|amount carried|amount brought|zwischensumme|category total|department total|group total|suite|"
    "fortsetzung|baki bawa ke hadapan|total carried|total brought|previous page"
)
"""Phrases of lines inside a table that are no items."""

NOTE_WORDS = (
    "verpackung|bruttopreis|abschlag|zuschlag|artikelrabatt|packstucke|abzgl|charge|gebinde|chargennummer|herkunft|batch|lot|"
    "lot|lot#|lot:|batch|pay|exp|expires|expiry|exp.|serial|s/n|sn|note|notes|remark|rx|rx#|ref|ref#|ndc|ndc#|hcpcs|cpt|mfr|"
    "manufacturer|auth|prescriber|prescribed|dr|patient|tracking|gtin|ean|dispensed|refill|refills|days supply|dos|"
    "service date|dx|diagnosis|sku|order|warranty|discount|code|modifier|rental period|item|upc|administered|hinweis|"
    "bemerkung|remarque"
)
"""Words that begin a side note below an item."""


def _phrase_words(phrase: str) -> tuple[str, ...]:
    return tuple(word for word in (column_word(part) for part in phrase.split()) if word)


_DROPPED = str.maketrans("", "", ".:()[]°*,'’`´;€$%")


@lru_cache(maxsize=65536)
def column_word(text: str) -> str:
    """The form in which one word over a column is compared."""
    if text in ("#", "%", "n°", "N°"):
        return {"%": "%"}.get(text, "#")
    return fold(text).translate(_DROPPED)


def _table(source: dict[str, str]) -> dict[tuple[str, ...], str]:
    table: dict[tuple[str, ...], str] = {}
    for role, phrases in source.items():
        for phrase in phrases.split("|"):
            words = _phrase_words(phrase)
            if words:
                table.setdefault(words, role)
                table.setdefault(("".join(words),), role)
    return table


COLUMN_PHRASES = _table(COLUMN_WORDS)
_SUMMARY = _table({"summary": SUMMARY_WORDS})
_SECTION = _table({"section": SECTION_WORDS})
_NOTES = frozenset(column_word(word) for word in NOTE_WORDS.split("|"))
_KNOWN = sorted({word for words in COLUMN_PHRASES for word in words if len(word) >= 5})
_KNOWN_SET = frozenset(word for words in COLUMN_PHRASES for word in words)
MAX_PHRASE = 5
_STEMS = ("bezeichnung", "beschreibung", "preis", "betrag", "menge", "steuersatz")
"""German words over columns are compounds; the last part says what they are."""


@lru_cache(maxsize=65536)
def known_column_word(word: str) -> str:
    """The column word that this is, or that OCR has damaged into this; ``""`` when none is near."""
    if word in _KNOWN_SET:
        return word
    if len(word) < 5 or any(char.isdigit() for char in word):
        return ""
    if stem := next((stem for stem in _STEMS if word.endswith(stem)), ""):
        return stem
    found = process.extractOne(word, _KNOWN, scorer=fuzz.ratio, score_cutoff=82)
    return found[0] if found else ""


def begins_summary(words: list[str]) -> bool:
    """Whether the folded words begin like a line of the totals block."""
    return _begins(words, _SUMMARY)


def is_summary(words: Sequence[str]) -> bool:
    """Whether the folded words are a phrase of the totals block and nothing else."""
    return tuple(words) in _SUMMARY


def begins_section(words: list[str]) -> bool:
    """Whether the folded words begin like a section line or a carried amount."""
    return _begins(words, _SECTION)


def begins_note(word: str) -> bool:
    """Whether a line that starts with this word is a side note."""
    return word in _NOTES


def _begins(words: list[str], table: dict[tuple[str, ...], str]) -> bool:
    return any(tuple(words[:size]) in table for size in range(min(MAX_PHRASE, len(words)), 0, -1))
