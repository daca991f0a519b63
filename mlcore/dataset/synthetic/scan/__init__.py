"""Degraded scans of synthetic documents: what a copier, a fax or a telephone makes of a clean page.

Boxes of the ground truth hold for scans too: they are fractions of the upright page. A tilt turns the page about its
middle without changing its size, and quarter turns are whole, so taking both out again (as intake does before OCR)
gives the page that the boxes were measured on.
"""

from mlcore.dataset.synthetic.scan.device import Scan, ScanSettings, draw_settings, scan_pdf

__all__ = ["Scan", "ScanSettings", "draw_settings", "scan_pdf"]
