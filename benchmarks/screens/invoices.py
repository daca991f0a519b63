"""What stands on the documents of the benchmark: a record of two lines, its places, what a second person reads. No database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any, Final

WORDS: Final = 120
_DRUGS: Final = (
    "Ondansetron 4 mg",
    "Ketorolac 30 mg",
    "Heparin lock flush",
    "Ceftriaxone 1 g",
    "Infusion, first hour",
    "Wheelchair, rental",
)


def vendor_name(number: int) -> str:
    """The name of a vendor."""
    return f"{('Apex', 'Birch', 'Cedar', 'Delta', 'Elm')[number % 5]} Infusion {number:03d}"


def record(number: int, vendor: int, draw: Random) -> dict[str, Any]:
    """The fifteen values of one document; the sums fit."""
    rows, subtotal = [], Decimal(0)
    for _ in range(2):
        quantity, price = draw.randint(1, 9), Decimal(draw.randint(500, 90_000)) / 100
        subtotal += quantity * price
        name = f"{draw.choice(_DRUGS)} lot {draw.randint(100, 999)}"
        amounts = {"quantity": str(quantity), "unit_price": f"{price:.2f}", "total": f"{quantity * price:.2f}"}
        rows.append({"description": name, **amounts, "type": "standard_medication"})
    return {
        "vendor": {"name": vendor_name(vendor), "address": f"{vendor + 1} Elm St, Dayton, OH"},
        "invoice_number": f"INV-{number:06d}",
        "date": (dt.date(2026, 1, 1) + dt.timedelta(days=number % 300)).isoformat(),
        "subtotal": f"{subtotal:.2f}",
        "tax": "0.00",
        "total": f"{subtotal:.2f}",
        "line_items": rows,
    }


def fields(values: dict[str, Any], draw: Random, *, doubted: bool) -> list[dict[str, Any]]:
    """The values as predicted, each with a place. Doubted ones have one or two of low confidence, now and then one without a place."""
    flat = {f"vendor.{name}": value for name, value in values["vendor"].items()}
    flat |= {name: value for name, value in values.items() if name not in ("vendor", "line_items")}
    for row, item in enumerate(values["line_items"]):
        flat |= {f"line_items[{row}].{name}": value for name, value in item.items() if name != "type"}
    low = set(draw.sample(sorted(flat), draw.randint(1, 2))) if doubted else set()
    lost = draw.choice(sorted(flat)) if doubted and draw.random() < 0.2 else ""
    found = []
    for at, (path, value) in enumerate(flat.items()):
        place = {"page": 1, "box": [0.1, 0.05 * at + 0.05, 0.3, 0.05 * at + 0.07]}
        confidence = round(draw.uniform(0.4, 0.65) if path in low else draw.uniform(0.92, 0.999), 3)
        evidence = [] if path == lost else [place]
        found.append({"path": path, "value": value, "confidence": confidence, "evidence": evidence, "raw": value, "note": ""})
    return found


def otherwise(values: dict[str, Any], draw: Random) -> dict[str, Any]:
    """The same document as somebody else read it: one to three values differ, now and then a line is missing."""
    other = {**values, "line_items": [dict(item) for item in values["line_items"]]}
    for what in draw.sample(("number", "total", "date", "price", "row"), draw.randint(1, 3)):
        if what == "number":
            other["invoice_number"] = values["invoice_number"].replace("0", "O", 1)
        elif what == "total":
            other["total"] = f"{Decimal(values['total']) + 9:.2f}"
        elif what == "date":
            other["date"] = f"{values['date'][:8]}{'01' if values['date'][8:] != '01' else '02'}"
        elif what == "price":
            other["line_items"][0]["unit_price"] = f"{Decimal(values['line_items'][0]['unit_price']) + 1:.2f}"
        elif len(other["line_items"]) > 1:
            other["line_items"].pop()
    return other


def page(sha256: str) -> dict[str, Any]:
    """One page with a kilobyte of words."""
    words = [["wordword", 0.1, 0.01 * (n % 90), 0.2, 0.01 * (n % 90) + 0.008, n // 6, 1.0] for n in range(WORDS)]
    size = {"width": 612, "height": 792, "image_width": 1275, "image_height": 1650}
    return {"number": 1, "source": "text_layer", "words": words, "image_sha256": sha256, **size}
