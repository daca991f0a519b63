"""Which tokens are a value's own."""

from __future__ import annotations

import math

from mlcore.answers.form import Spelled
from mlcore.inference.certainty import Certainty, certainties, characters_of

_PIECES = {1: b"Ap", 2: b"ex\n", 3: b"\xe2\x82", 4: b"\xac", 5: b"5", 6: b"\n", 7: b"\xff"}


def _decode(tokens: list[int]) -> str:
    return b"".join(_PIECES[token] for token in tokens).decode(errors="replace")


def test_tokens_know_their_characters_and_bytes_of_one_sign_share_it() -> None:
    text, spans = characters_of([1, 2, 3, 4, 5, 6], _decode)
    assert text == "Apex\n€5\n"
    assert spans == ((0, 2), (2, 5), (5, 6), (5, 6), (6, 7), (7, 8))


def test_bytes_that_are_no_sign_at_the_end_are_still_counted() -> None:
    text, spans = characters_of([5, 7], _decode)
    assert (text, spans) == ("5\ufffd", ((0, 1), (1, 2)))


def test_a_value_has_its_own_tokens_without_the_forced_ones_and_absence_has_the_sign_in_its_place() -> None:
    spans = ((0, 2), (2, 5), (5, 6), (6, 7))  # "Ap" "ex\n" "\n" "5", and the values "Apex", "", "5"
    spelled = [Spelled("vendor.name", "Apex", 0, 4), Spelled("vendor.address", "", 5, 5), Spelled("total", "5", 6, 7)]
    found = certainties(spelled, spans, (-0.1, -0.2, -0.3, 0.0), (1.0, 2.0, 3.0, math.inf))
    assert found == [Certainty((-0.1, -0.2), (1.0, 2.0)), Certainty((-0.3,), (3.0,)), Certainty()]
