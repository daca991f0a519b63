"""The catalogue of vendors: the hand-made ones and, on demand, as many composed ones as a data set needs."""

from __future__ import annotations

from mlcore.dataset.synthetic.vendors import clinics, equipment, pharmacies, specialty, wholesale
from mlcore.dataset.synthetic.vendors.vendor import Vendor

HAND_MADE: tuple[Vendor, ...] = (
    wholesale.NORTHGATE, wholesale.MERIDIAN, wholesale.HALVORSEN, wholesale.CARDIGAN, wholesale.SUMMIT,
    clinics.LAKESIDE, clinics.WESTBROOK, clinics.CEDARS, clinics.RIVERBEND, clinics.ASPEN, clinics.HARBORVIEW,
    pharmacies.APOTHECARY, pharmacies.CORNERSTONE, pharmacies.PRECISION, pharmacies.GREENLEAF, pharmacies.MERCER, pharmacies.SUNRISE,
    equipment.MOBILITY, equipment.OXYGEN, equipment.HOMECARE, equipment.PRAIRIE, equipment.REHAB,
    specialty.VERIDIAN, specialty.TRIDENT, specialty.PACIFIC, specialty.BLUESTONE, specialty.KESTREL,
)  # fmt: skip


def vendor_catalogue() -> tuple[Vendor, ...]:
    """The hand-made vendors."""
    return HAND_MADE
