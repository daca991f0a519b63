"""Finding what is known that resembles a new document: the vendor that sent it."""

from mlcore.retrieval.vendors import ProposedVendor, VendorEntry, VendorIndex, VendorMatch

__all__ = ["ProposedVendor", "VendorEntry", "VendorIndex", "VendorMatch"]
