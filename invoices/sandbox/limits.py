"""What one document may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds, page sides in points (1/72 inch), images in pixels.

    ``page_seconds`` bounds the time to each next page, in CPU time and on the clock; ``total_seconds`` the
    whole document. The numbers are those under which 1,002 real test PDFs passed without a crash.
    """

    memory: int = 1536 * 1024 * 1024
    page_seconds: int = 20
    total_seconds: int = 240
    pages: int = 200
    page_points: float = 1e5
    render_pixels: int = 3000
    image_pixels: int = 60_000_000
    output: int = 256 * 1024 * 1024
    scratch_file: int = 64 * 1024 * 1024

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Limits:
        """Inverse of ``to_json``."""
        return cls(**data)
