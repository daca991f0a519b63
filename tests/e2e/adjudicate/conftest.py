"""Disagreements for the adjudication screen: real papers, received and read, that the two billers labeled differently."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from invoices.models import Document
from tests.conftest import Cast
from tests.e2e.label.conftest import DEFAULT_VENDOR, papers, place_in, prepare
from tests.labeling.blind_pairs import Pair, open_adjudication

MakePair = Callable[..., Pair]


@pytest.fixture
def make_pair(cast: Cast) -> MakePair:
    """The second biller's label of paper ``number`` has ``changes`` (path -> value), or lacks a row."""

    def make(changes: dict[str, str | None], *, number: int = 0, missing_row: int | None = None, faults: Any = None, **more: Any) -> Pair:
        prepared = prepare(papers(DEFAULT_VENDOR, 6)[number], faults=faults)
        first, second = copy.deepcopy(prepared.record), copy.deepcopy(prepared.record)
        for path, value in changes.items():
            place_in(second, path, value)
        if missing_row is not None:
            del second["line_items"][missing_row]
        document = Document.objects.get(pk=prepared.task.document_id)
        return open_adjudication(document, ((cast.biller1, first), (cast.biller2, second)), **more)

    return make
