"""Synthetic medical invoices with ground truth: seeded, fast, and as different as real companies' paper.

``generate(count, seed)`` yields ``SyntheticDocument``s; their record, evidence and words cost no rendering, ``pdf``
and ``scan`` render when asked. ``vendor_catalogue()`` lists the vendors, ``demo.demo_set`` is what a fresh
installation loads, and ``python -m mlcore.dataset.synthetic`` writes files for people to look at.

Two conventions of the truth. A line's description is its text without codes, whichever way they are printed. A line's
type follows from what is billed: what a pharmacy prepares from ingredients is a compound, what is lent a rental, a
service (or several) at one price a bundle, and everything else that is sold standard.
"""

from mlcore.dataset.synthetic.catalogue import vendor_catalogue
from mlcore.dataset.synthetic.document import SyntheticDocument
from mlcore.dataset.synthetic.generate import generate, major_minor_weights
from mlcore.dataset.synthetic.vendor import Vendor

__all__ = ["SyntheticDocument", "Vendor", "generate", "major_minor_weights", "vendor_catalogue"]
