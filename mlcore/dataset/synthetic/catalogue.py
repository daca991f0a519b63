"""The catalogue of vendors: the hand-made ones and as many composed ones as a data set needs."""

from __future__ import annotations

from mlcore.dataset.synthetic.composed import compose_vendor
from mlcore.dataset.synthetic.vendor import Vendor
from mlcore.dataset.synthetic.vendors import HAND_MADE


def vendor_catalogue(composed: int = 0, seed: int = 0) -> tuple[Vendor, ...]:
    """27 hand-made vendors, 15 of them major, then ``composed`` minor ones with layouts drawn by chance.

    With ``composed=13`` the catalogue has 15 major and 25 minor vendors. Composed vendor ``n`` of a seed is always the
    same company; other seeds give other companies and other layouts (for vendors held out of training).
    """
    return (*HAND_MADE, *(compose_vendor(index, seed) for index in range(composed)))
