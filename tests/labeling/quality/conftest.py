"""A bench on which two billers label pairs and the senior settles them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from invoices.models import Document
from tests.conftest import Cast
from tests.labeling.settled_pairs import Bench, pair_policy


@pytest.fixture
def bench(cast: Cast, make_document: Callable[..., Document], record: dict[str, Any]) -> Bench:
    """Every document is labeled by both billers; nothing is hidden or made wrong."""
    pair_policy()
    return Bench(make_document, cast.senior, record)
