"""Stylesheets that a screen always loads together: one file for an installation, as they are in development.

A name on the left exists where static files are collected (``labeling.static_storage``); the parts lie in its folder, so
that relative addresses in them stay right.
"""

from __future__ import annotations

SHEETS: dict[str, tuple[str, ...]] = {
    "countersign/countersign.css": ("countersign/tokens.css", "countersign/base.css", "countersign/controls.css", "countersign/parts.css"),
    "labeling/css/label_screen.css": (
        "labeling/css/label.css",
        "labeling/css/label_record.css",
        "labeling/css/label_page.css",
        "labeling/css/label_grid.css",
        "labeling/css/label_review.css",
        "labeling/css/precedents.css",
        "labeling/css/guidance.css",
    ),
    "labeling/css/adjudicate_screen.css": (
        "labeling/css/label.css",
        "labeling/css/label_record.css",
        "labeling/css/label_page.css",
        "labeling/css/precedents.css",
        "labeling/css/adjudicate.css",
        "labeling/css/adjudicate_group.css",
    ),
}
