"""The hand-made vendors. Their papers differ in kind: see the modules for what each sort of company prints."""

from __future__ import annotations

from mlcore.dataset.synthetic.vendor import Vendor
from mlcore.dataset.synthetic.vendors import clinics, equipment, pharmacies, specialty, wholesale

HAND_MADE: tuple[Vendor, ...] = (
    wholesale.NORTHGATE, wholesale.MERIDIAN, wholesale.HALVORSEN, wholesale.CARDIGAN, wholesale.SUMMIT,
    clinics.LAKESIDE, clinics.WESTBROOK, clinics.CEDARS, clinics.RIVERBEND, clinics.ASPEN, clinics.HARBORVIEW,
    pharmacies.APOTHECARY, pharmacies.CORNERSTONE, pharmacies.PRECISION, pharmacies.GREENLEAF, pharmacies.MERCER, pharmacies.SUNRISE,
    equipment.MOBILITY, equipment.OXYGEN, equipment.HOMECARE, equipment.PRAIRIE, equipment.REHAB,
    specialty.VERIDIAN, specialty.TRIDENT, specialty.PACIFIC, specialty.BLUESTONE, specialty.KESTREL,
)  # fmt: skip
