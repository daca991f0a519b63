"""The words that stand beside values, in English, French, German, Malay and Spanish.

A label has a class. Some classes name a field, the others are its decoys: a due date, an account number,
the change of a cash payment. Phrases are folded (lower case, no accents) and matched word by word; a word
that OCR has damaged matches its nearest neighbour.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process

from mlcore.readers.layout import fold

LABELS: dict[str, str] = {
    "date.invoice": "invoice date|inv date|date of invoice|bill date|billing date|statement date|receipt date|date facture|date de facture|"
    "date de la facture|date de facturation|date d'emission|rechnungsdatum|datum der rechnung|belegdatum|tarikh invois|fecha factura|"
    "fecha de factura|dated|date issued|issue date|issued|ausstellungsdatum|rechnung vom|invoice dt|bill dt|tax invoice date|doc date|"
    "document date|ve date|inv dt|transaction date|trans date|txn date|sales date|date of issue|facture du",
    "date.generic": "date|datum|tarikh|le|dt|fecha|date/time|date time|date & time|tanggal|du|dte|vom|am|date heure",
    "date.due": "due date|due|payment due|pay by|due by|echeance|date d'echeance|date echeance|faellig|fallig|faelligkeitsdatum|"
    "falligkeitsdatum|zahlbar bis|fallig am|payable by|payable before|payable on or before|reglement avant le|regler avant|"
    "a regler avant|payment date|date de paiement|date limite|tarikh akhir|vencimiento|pay before|due on|a payer avant|echeancce",
    "date.service": "service date|date of service|dos|delivery date|delv date|ship date|shipped|delivered|date de livraison|livraison|"
    "lieferdatum|leistungsdatum|liefer- und leistungsdatum|liefertermin|admission date|discharge date|statement from|rental date|"
    "coll date|visit date|date livraison|check in|check out|arrival|departure|air date|dispensed|fill date|liefer-/leistungsdatum",
    "date.order": "order date|ordered|po date|date commande|date de commande|bestelldatum|bestellung vom|bestellung|bestelldatum vom|"
    "order placed|quote date|quotation date|do date",
    "date.period": "period|invoice period|billing period|from|to|bis|periode|zeitraum|abrechnungszeitraum|leistungszeitraum|flight|"
    "order flight|contract dates|invoice month|between|au|date range|broadcast month",
    "date.print": "print|printed|print date|print time|printed on|date printed|druckdatum|imprime le|generated|run date|report date|as of",
    "date.other": "expiry|expiry date|exp date|exp|expires|valid until|valid till|valid|best before|birth date|date of birth|dob|born|"
    "geburtsdatum|since|version|stand|redeem|before|effective|member since|closing date|patient since|copyright|warranty|until|within",
    "time": "time|heure|uhrzeit|masa",
    "amount.grand": "grand total|total due|amount due|balance due|total amount due|total payable|amount payable|net payable|net total|"
    "nett total|nett|net a payer|a payer|montant a payer|total a payer|zahlbetrag|gesamtbetrag|rechnungsbetrag|endbetrag|endsumme|"
    "bruttobetrag|gesamtsumme|total ttc|montant ttc|ttc|total incl gst|total inclusive gst|total inclusive of gst|total incl of gst|"
    "total sales inclusive gst|total sales inclusive of gst|total including gst|total (incl gst)|total (inclusive of gst)|"
    "total amount incl gst|total amount inclusive gst|total with gst|total rounded|total amt rounded|rounded total|rounded total (rm)|"
    "total after rounding|total after adj|final total|invoice total|total invoice|amount to be paid|please pay|pay this amount|"
    "total for this invoice|total incl vat|total including vat|total incl tax|total including tax|total (inc gst)|total inc gst|"
    "gesamtbetrag brutto|rechnungssumme brutto|summe brutto|brutto|gesamt brutto|net amount due|total due (gst inc)|jumlah besar|"
    "jumlah perlu dibayar|monrant a regler|montant a regler|a regler|total amount payable|net due|montant total|"
    "bruttosumme|total net a payer|zu zahlen|zahlbetrag eur|net balance|amount owed|patient responsibility|patient balance|bill total|"
    "total bill|total sales (inclusive of gst)|total sales (incl gst)|total (inclusive gst)|total (gst incl)|total gst inclusive|"
    "bill amount|total rm incl of gst|total incl. of gst|invoice amount|sales total|total charges due|total due amount|ukupno|amount due now",
    "amount.total": "total|total amount|totals|total rm|amount|total sales|summe|gesamt|jumlah|total amt|montant|total price|total charges|"
    "total bill amount|total eur|importe total|total facture|sum|betrag|total (rm)|total (usd)|ttl|total amount (rm)|sale|"
    "total $|total (eur)|total usd|total myr|rechnungssumme|prix total|total price (rm)|charges|total cost|agency total|total cash",
    "amount.gross": "gross|gross total|total gross|gross amount|gross billing|actual gross|gross amt|actual gross billing|gross charges|total gross amount",
    "amount.net": "net|netto|net amount|actual net|net billing|actual net billing|actual net due",
    "amount.subtotal": "subtotal|sub total|sub-total|sous total|sous-total|zwischensumme|total ht|montant ht|base ht|nettosumme|nettobetrag|"
    "summe netto|total before tax|total excl gst|total excluding gst|total excl of gst|total exclusive gst|total (excluding gst)|"
    "total (excl gst)|total sales (excluding gst)|total sales excluding gst|amount before tax|net sales|total ht €|gesamtbetrag netto|"
    "total without gst|bef rounding|before rounding|total before rounding|taxable amount|rechnungssumme netto|total (exclusive of gst)|"
    "total exclusive of gst|goods value|merchandise total|sub total before discount|subtotal before discount|total net|gesamt netto|ht|total hors taxe|"
    "warenwert|items total|item total|gross sales|total item price|total exc gst|total excl tax|montant total ht|net subtotal|subttl|"
    "total (excl. of gst)|total excl. of gst|sub-total (rm)|total before gst|total €ht|positionssumme|summe positionen|taxable",
    "amount.tax": "tax|taxes|vat|gst|sst|tva|mwst|ust|umsatzsteuer|mehrwertsteuer|sales tax|gst amount|gst total|total gst|total tax|"
    "tax amount|montant tva|add gst|gst @|gst (6%)|service tax|vat amount|steuer|steuerbetrag|total tva|iva|hst|pst|tax total|cukai|"
    "zzgl mwst|zzgl ust|summe umsatzsteuer|gst payable|output tax|gst @6%|gst 6%|gst6%|total vat|st tax",
    "amount.cash": "cash|cash received|tendered|tender|payment|paid|amount paid|received|visa|master|mastercard|credit card|card|bar|"
    "especes|espece|gegeben|tunai|bayaran|cheque|payments|paid amount|cash tendered|cash tender|amount tendered|visa card|debit card|credit|"
    "debit|eftpos|regle par|cb|karte|ec-karte|paid cash|deposit|bereits bezahlt|anzahlung|acompte|payments received|"
    "insurance payment|insurance paid|reglement|amex|touch n go|cash (rm)|cash amount|wallet|tng|master card|payment received|cash paid|"
    "payment made|advance|deja regle|prepaid|total prepaid",
    "amount.change": "change|change due|baki|rendu|ruckgeld|rueckgeld|wechselgeld|monnaie|change cash|balance|cash change|refund|change amount|change (rm)",
    "amount.rounding": "rounding|rounding adj|rounding adjustment|round|round adj|round off|rounding adj.|rounding amount|arrondi|rundung|"
    "pembundaran|penggenapan|rnd|round adjustment|adj|adjustment|roundoff|rounding diff",
    "amount.discount": "discount|disc|less|remise|rabatt|skonto|item discount|total discount|diskaun|less discount|you saved|savings|"
    "total savings|voucher|coupon|promo|abzgl|escompte|member discount|bill disc|contractual adjustment|agency commission|commission|"
    "less agency commission|saving",
    "amount.quantity": "total qty|qty|quantity|total quantity|total items|total item|item count|items|total item(s)|no of items|pcs|"
    "item qty|total pcs|ttl qty|number of items|total units|total spots|spots|count|total item qty|units|menge|qte|quantite|"
    "anzahl|no. of item|total no of items|points|pts|earned points|item sold|items sold|kg|pax|total no. of items",
    "amount.shipping": "shipping|freight|handling|delivery|versand|versandkosten|frais de port|port|postage|s&h|service charge|svc chg|"
    "service chg|serv charge|transport|delivery fee|tip|tips|service|charge|surcharge|caj",
    "amount.summary": "gst summary|tax summary|gst analysis|summary|tax code|vat summary|tax rate|gst%|rate|gst code|gst sum|gst breakdown|"
    "vat rate|steuersatz|taux|aging|current|30 days|60 days|90 days|tax%|vat%",
    "amount.other": "opening balance|closing balance|previous balance|prior balance|balance forward|last bill|credit limit|price|unit price|"
    "u.price|prix|rate/unit|bonus|prev balance|old balance|solde|previous",
    "number.invoice": "invoice no|invoice number|invoice #|inv no|inv #|inv number|invoice|bill no|bill number|bill #|receipt no|"
    "receipt number|receipt #|facture n|facture no|no facture|numero de facture|numero facture|n facture|facture numero|facture|"
    "rechnungsnummer|rechnung nr|rechnungs-nr|rechnungsnr|rechnung|rechnung-nr|invoice id|tax invoice no|tax invoice number|doc no|document no|"
    "document number|belegnummer|beleg-nr|beleg nr|cash bill|cash bill no|facture #|no invois|invoice num|statement no|"
    "statement number|claim no|inv|invoice nbr|facture nr|n de facture|handelsrechnung|bill|factura|numero de factura|facture n°|"
    "invoice nr|no. invois|invois no|ref facture|slip no|handelsrechnung nr|n° facture|credit note no|statement #|invoice no:|"
    "tax invoice #|chit no|check no|check #|trx no|sales no|invoice ref|reference facture|documento|re-nr|re nr|facture n°:",
    "number.generic": "no|nr|number|#|n°|num|numero|nummer|ref|reference|ref no|referenz|id|nbr|reference no|doc",
    "number.account": "account|account no|account number|acct|acct no|acct #|account #|a/c no|a/c|kontonummer|konto|compte|n de compte|"
    "bank account|iban|bic|swift|acc no|no de compte|n° de compte|member no|member id|card no|loyalty|policy no|group no|member",
    "number.order": "order no|order number|order #|order|po|po no|po number|p.o. number|p.o. no|po #|p.o. #|purchase order|commande|"
    "n commande|no commande|commande no|n bc|n° bc|bc|bon de commande|bestellnummer|bestell-nr|auftragsnummer|auftrag|auftrags-nr|"
    "numero de commande|alt order #|your order|sales order|contract|contract #|contract no|estimate|estimate #|estimate number|deal #|"
    "job no|so no|do no|d/o no|quote no|work order|commande n|n d'affaire|affaire|projekt|lieferschein|lieferschein nr|delivery note|"
    "rx|rx no|prescription no|rx #|commande n°|order id|d.o. no|bon de livraison|delivery no",
    "number.customer": "customer no|customer number|customer id|customer #|customer code|cust no|cust #|cust|client no|code client|n client|kundennummer|"
    "kunden-nr|kundennr|kunden nr|patient id|patient no|patient account|patient #|patient acct|debtor|numero client|mrn|"
    "medical record|advertiser code|agency code|product code|customer account|no client|n° client|lieferantennummer|kd-nr|chart no|"
    "debtor code|kunde nr|reference client",
    "number.tax": "gst no|gst id|gst reg|gst reg no|gst id no|gst registration no|vat no|vat id|vat reg no|tax id|tax no|ein|fein|tin|"
    "federal tax id|siret|siren|rcs|tva intra|n tva|n° tva|ust-id|ust-idnr|ust-id-nr|ust.-id.-nr|steuernummer|st-nr|company reg|company no|co reg no|co no|"
    "reg no|registration no|roc no|co. reg no|business reg|hrb|hra|npi|dea|gst reg #|license no|abn|company reg no|clia|naics|rc no|"
    "naf|ape|handelsregisternummer|gln|globale nummer|rob no|brn|sst no|sst id|sst reg no|gst tax id|gst#|tax reg no|business registration no|ice|"
    "numero de tva|registration number|roc|co. no|company registration no|(co. no|gstin|gst reg. no|gst registration",
    "number.phone": "tel|phone|fax|telephone|mobile|hp|h/p|telefon|telefax|ph|call|toll free|hotline|contact|tel/fax|whatsapp|hotlines|"
    "main|billing inquiries|handy|telp|t|f|tel no|tel. no|phone no|no tel|fax no|customer service|careline|office",
    "number.other": "page|seite|terminal|pos|pos no|till|table|table no|register|station|shift|cashier|counter|batch|trace|auth|approval|"
    "approval code|counter no|operator|server|clerk|staff|trans|transaction|transaction no|queue|version|lot|serial|ndc|item no|token|"
    "lane|trans no|check|wifi|merchant id|terminal id|tid|mid|apprv|aid|cover|guest|store|branch|outlet|token no|bay|plate|vehicle|reg",
    "party.seller": "remit to|remit payment to|remit address|please remit to|seller|sold by|vendor|supplier|from:|verkaufer|lieferant:|"
    "fournisseur|vendeur|emetteur|rechnungssteller|rechnungsersteller|provider|billed by|pay to|make checks payable to|bill from|issued by|"
    "payable to|absender|provider name|make all checks payable to|facility|service provider|remit payments to|send payment to",
    "party.buyer": "bill to|billed to|bill to address|ship to|sold to|deliver to|customer|client|facture a|facturer a|facturee a|adresse a|livre a|"
    "kaufer|kunde|empfanger|rechnungsempfanger|leistungsempfanger|buyer|billing address|shipping address|attn|attention|"
    "customer name|patient|patient name|destinataire|adresse de livraison|adresse de facturation|envoyer a|envoye a|facture a envoye a|"
    "lieferadresse|lieferanschrift|warenempfanger|invoice to|to:|guarantor|consignee|responsible party|name:|"
    "rechnungsadresse|kaufer/leistungsempfanger|insured|member name|subscriber|acheteur|deliver address|delivery address|ship-to|"
    "bill-to|sold-to|advertiser|agency|abweichender warenempfanger|send to|recipient|facture envoyee a|livraison a|charge to",
    "title.invoice": "tax invoice|simplified tax invoice|official receipt|cash receipt|cash sales|statement|receipt|resit|invoice/receipt|cash invoice|"
    "commercial invoice|guest check|itemized statement|medical bill|hospital bill|proforma",
}
"""Class -> phrases separated by ``|``."""

_MAX_WORDS = 6
_FUZZY_LENGTH = 5
_FUZZY_SCORE = 84


def _phrases() -> dict[tuple[str, ...], str]:
    table: dict[tuple[str, ...], str] = {}
    for label, phrases in LABELS.items():
        for phrase in phrases.split("|"):
            words = tuple(word for word in (label_word(part) for part in phrase.split()) if word)
            if not words:
                continue
            table.setdefault(words, label)
            if len(words) > 1:
                table.setdefault(("".join(words),), label)
    return table


def label_word(text: str) -> str:
    """The form in which one word of a label is compared: folded, without dots, colons and brackets."""
    folded = fold(text)
    if folded in ("", ":"):
        return "#" if "#" in text else ""
    return folded.translate(_DROPPED)


_DROPPED = str.maketrans("", "", ".:()[]°*,'’`´;")
_PHRASES = _phrases()
_WORDS = sorted({word for words in _PHRASES for word in words})
_WORD_SET = frozenset(_WORDS)
_FUZZY_WORDS = [word for word in _WORDS if len(word) >= _FUZZY_LENGTH]
_STARTS = frozenset(words[0] for words in _PHRASES)


@lru_cache(maxsize=16384)
def known_word(word: str) -> str:
    """The label word that ``word`` is, or is a misreading of; ``""`` when it is none."""
    if word in _WORD_SET:
        return word
    if len(word) < _FUZZY_LENGTH or sum(char.isdigit() for char in word) > 1:
        return ""
    found = process.extractOne(word, _FUZZY_WORDS, scorer=fuzz.ratio, score_cutoff=_FUZZY_SCORE)
    return found[0] if found else ""


def find_labels(words: list[str]) -> list[tuple[str, int, int]]:
    """Labels in a row of ``label_word`` forms: ``(class, first, after last)``, longest first, not overlapping."""
    known = [known_word(word) for word in words]
    hits = []
    i = 0
    while i < len(known):
        if known[i] not in _STARTS:
            i += 1
            continue
        for size in range(min(_MAX_WORDS, len(known) - i), 0, -1):
            label = _PHRASES.get(tuple(known[i : i + size]))
            if label is not None:
                hits.append((label, i, i + size))
                i += size
                break
        else:
            i += 1
    return hits
