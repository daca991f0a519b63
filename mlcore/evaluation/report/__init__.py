"""The report: one HTML file that needs nothing else, and the same as JSON. ``Report`` is what both are made of."""

from mlcore.evaluation.report.content import DataSource, Report, SystemResult
from mlcore.evaluation.report.page import html_page

__all__ = ["DataSource", "Report", "SystemResult", "html_page"]
