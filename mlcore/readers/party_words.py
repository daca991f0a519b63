"""What a line of a letterhead is: a company name, a street, a registration number, a telephone."""

from __future__ import annotations

import re
from functools import lru_cache

SUFFIX = re.compile(
    r"(?:\b(?:sdn\.? ?bhd|s/b|bhd|inc|incorporated|llc|l\.l\.c|llp|ltd|limited|pte|plc|corp|corporation|company|co|gmbh|ag|kg|ohg|"
    r"ug|gbr|e\.k|sarl|s\.a\.r\.l|sas|s\.a\.s|sa|s\.a|eurl|bv|b\.v|nv|n\.v|srl|s\.r\.l|spa|pllc|lp|pc|p\.c|pa|foundation|trust)\b\.?)",
    re.IGNORECASE,
)
BUSINESS = re.compile(
    r"\b(?:trading|enterprises?|restaurant|restoran|kedai|syarikat|perniagaan|pharmacy|pharma|farmasi|hospital|clinic|klinik|medical|"
    r"health(?:care)?|supply|supplies|store|stores|mart|market|supermarket|hypermarket|shop|services|service|group|holdings|industries|"
    r"cafe|bakery|bakeries|hardware|electrical|stationery|marketing|catering|centre|center|laboratories|labs?|therapeutics|oxygen|"
    r"apotheke|pharmacie|cabinet|boutique|hotel|international|solutions|systems|books?|motor|auto|petrol|station|kopitiam|"
    r"seafood|foods?|beverages?|infusion|compounding|equipment|surgical|dental|care|dr|partners|associates|wholesale|distribution)\b",
    re.IGNORECASE,
)
STREET = re.compile(
    r"\b(?:jalan|jln|lorong|lrg|persiaran|lebuh|lot|taman|tmn|kampung|kg|bandar|batu|seksyen|section|street|st|road|rd|avenue|ave|"
    r"blvd|boulevard|drive|dr|lane|ln|suite|ste|floor|flr|level|unit|block|blk|highway|hwy|parkway|pkwy|place|plaza|plz|way|court|ct|"
    r"box|rue|route|bp|cedex|allee|all|avenida|chemin|place|quai|platz|weg|gasse|strasse|square|mall|tower|building|bldg|"
    r"kawasan|perindustrian|pusat|perdagangan|medan|wisma|menara|kompleks|jalan|ground|first|depot|gate|dock|industrial|park|circle|terrace|turnpike|pike)\b"
    r"|(?:stra(?:ß|ss)e|str\.|straße)|^no\.? ?\d|\bno\.? ?\d+[a-z]?[,&-]",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"\b(?:selangor|johor|bahru|kuala lumpur|k\.?l\.?|penang|perak|melaka|malacca|sabah|sarawak|pahang|kedah|malaysia|singapore|wilayah|"
    r"w\.?p|shah alam|petaling|subang|cheras|klang|usa|united states|france|deutschland|germany|canada|etats unis|états unis|uk|england|"
    r"india|belgique|suisse|schweiz|d\.e|d\.?ehsan|darul ehsan)\b",
    re.IGNORECASE,
)
POSTCODE = re.compile(
    r"(?<![\d/-])(?:[A-Z]{2},? )?\d{5}(?:-\d{4})?(?![\d/-])|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b"
)
REGISTRATION = re.compile(
    r"\(? ?(?:co\.?|company|reg|roc|rob|business)[.\s]*(?:reg(?:istration)?)?\.? ?no\.?[\s:]*|\(?\b\d{4,12} ?- ?[A-Z]\b\)?|"
    r"\(\d{5,7} ?[A-Z]\)|"
    r"\(? ?[A-Z]{2,3}\d{6,8} ?- ?[A-Z] ?\)?|\b20\d{10}\b|\(?\b[A-Z]{0,2}\d{6,9}-[A-Z0-9]\b\)?",
    re.IGNORECASE,
)
TAX_ID = re.compile(
    r"\b(?:gst|sst|vat|tax|tva|ust|siret|siren|ein|fein|npi|dea|steuernummer|st\.?-?nr|gln|iban|bic|rcs|handelsreg)\b.{0,20}\d|"
    r"\b(?:gst|sst)\b.{0,8}(?:id|no|reg)",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"\b(?:tel|fax|phone|telephone|mobile|hp|h/p|telefon|telefax|email|e-mail|call|ph|hotline|whatsapps?|contact|main|"
    r"billing|website|telp)\b ?[.:(#)+\d]|"
    r"@\w+\.|www\.|https?:|\.com\b|\(?\+?\d{2,3}\)?[- ]\d{3,4}[- ]?\d{3,5}\b|\b0\d{1,2}-? ?\d{7,8}\b|\(\d{3}\) ?\d{3}[- ]\d{4}",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"\b(?:invoice|receipt|facture|rechnung|statement|bill|resit|tax|gst|cash|order|page|seite|date|copy|duplicate|original|welcome|"
    r"thank|cashier|table|description|qty|item|total|amount|customer|member|visualisierung|lesbarmachung|xml)\b",
    re.IGNORECASE,
)
CUT_NAME = re.compile(
    r"\s*[(\[]? ?(?:(?:co\.?|company|business|reg\.?|roc)[. ]{0,2}(?:reg(?:istration|\.)?)?[. ]{0,2}no\.?.*|"
    r"co\.?$|gst.*|[A-Z]{0,3}\d{4,9} ?- ?[A-Z][)\]]?.*|"
    r"\d{4,7} ?[A-Z][)\]].*|\d{5,12}[)\]]?$)",
    re.IGNORECASE,
)
DASHES = frozenset({"-", "–", "—", "|", "•", "·"})
"""What stands alone between the parts of a line."""

CUT_CONTACT = re.compile(
    r"[\s,;(|-]*\b(?:tel|fax|phone|telephone|hp|h/p|mobile|email|e-mail|gst|ph)\b ?[.:(no#]*[ :+(]*\d.*$", re.IGNORECASE
)


@lru_cache(maxsize=8192)
def line_kind(text: str) -> str:
    """The most telling kind: ``contact``, ``tax_id``, ``registration``, ``address``, ``company``, ``title``, ``other``."""
    if CONTACT.search(text):
        return "contact" if not _is_address(text) or len(text) < 25 else "address"
    if TAX_ID.search(text):
        return "tax_id"
    company = bool(SUFFIX.search(text)) and sum(char.isdigit() for char in text) < 12
    if company and not text[:3].strip().upper().startswith("NO"):
        return "company"
    if REGISTRATION.search(text) and not _is_address(text):
        return "registration"
    if _is_address(text):
        return "address"
    if TITLE.search(text):
        return "title"
    return "business" if BUSINESS.search(text) else "other"


def _is_address(text: str) -> bool:
    clues = bool(STREET.search(text)) + bool(POSTCODE.search(text)) + bool(PLACE.search(text))
    return clues >= 2 or (clues == 1 and (any(char.isdigit() for char in text) or text.rstrip().endswith((",", "."))))
