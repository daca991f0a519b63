"""Documents whose truth two people have settled, and a policy under which people are tested."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from invoices.models import Document, User, VendorAlias
from invoices.vendor_master.editing import alias_key
from labeling.gold_writing import write_gold
from labeling.models import Agreement, GoldRecord, LabelingPolicy
from tests.conftest import Cast
from tests.labeling.blind_pairs import submit_label
from tests.labeling.conftest import RECORD

Settle = Callable[..., GoldRecord]


@pytest.fixture
def settle(cast: Cast, make_document: Callable[..., Document]) -> Settle:
    """A document that the second biller and the senior labeled alike; ``changes`` are of the truth."""

    def make(document: Document | None = None, authors: tuple[User, User] | None = None, **changes: Any) -> GoldRecord:
        document = document or make_document()
        if document.vendor is not None:
            name = document.vendor.name
            VendorAlias.objects.get_or_create(key=alias_key(name), defaults={"vendor": document.vendor, "name": name})
        record = {**copy.deepcopy(RECORD), **changes}
        one, other = authors or (cast.biller2, cast.senior)
        first, second = submit_label(document, one, record), submit_label(document, other, record, "second_label")
        Agreement.objects.create(
            document=document, vendor=document.vendor, first=first, second=second, first_author=one, second_author=other,
            first_prefill="changed", second_prefill="changed", exact=True, critical=True, outcome={},
        )  # fmt: skip
        provenance = {"total": {"source": "agreed", "by": one.pk, "also_by": other.pk, "model_id": None}}
        return write_gold(
            first, document_id=document.pk, record=record, vendor_id=document.vendor_id, evidence={}, provenance=provenance, supersedes=None
        )

    return make


@pytest.fixture
def tests_on(cast: Cast) -> LabelingPolicy:
    """Half of what a person does is a gold test, nothing else is drawn."""
    values = dict.fromkeys(("double_share", "new_vendor_share", "new_biller_share", "audit_share", "hidden_share"), 0)
    return LabelingPolicy.objects.create(**values, test_share=0.5, note="tests of people")
