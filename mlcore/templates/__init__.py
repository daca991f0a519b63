"""Vendor templates: learned from confirmed records, read on the next document of the vendor."""

from mlcore.templates.model import VendorTemplate

__all__ = ["VendorTemplate"]
