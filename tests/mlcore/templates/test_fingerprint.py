from __future__ import annotations

from collections.abc import Callable

from mlcore.documents import DocumentText
from mlcore.readers.layout import build_layout
from mlcore.templates.fingerprint import fingerprint, similarity

LETTER = "Northgate Labs      Invoice\nService      Units      Amount\nLipid panel   3   {amount}\nTotal   {amount}"


def test_other_numbers_leave_the_fingerprint_alone(typewritten: Callable[..., DocumentText]) -> None:
    first, second = (fingerprint(build_layout(typewritten(LETTER.format(amount=amount)))) for amount in ("10.00", "99.75"))
    assert first == second
    assert similarity(first, second) == 1.0


def test_a_small_shift_costs_little_and_another_layout_much(typewritten: Callable[..., DocumentText]) -> None:
    text = LETTER.format(amount="10.00")
    here = fingerprint(build_layout(typewritten(text)))
    shifted = fingerprint(build_layout(typewritten(text, shift=(20.0, 0.0))))
    other = fingerprint(build_layout(typewritten("Remittance advice\nPlease pay within ten days")))
    assert similarity(here, shifted) > 0.6
    assert similarity(here, other) < 0.1


def test_nothing_resembles_nothing() -> None:
    assert similarity(frozenset(), frozenset()) == 0.0
