"""The core and the models say the same words: what the core answers can be stored as it is."""

from __future__ import annotations

from labeling.models.adjudication import DifferenceCause
from labeling.models.agreement import Agreement
from labeling.submission import MARKS
from mlcore.agreement.causes import Cause
from mlcore.agreement.pair import FieldOutcome
from mlcore.agreement.prefill import PrefillClass


def test_causes_and_classes_are_those_of_the_models() -> None:
    assert [cause.value for cause in Cause] == DifferenceCause.values
    assert [one.value for one in PrefillClass] == Agreement.Prefill.values


def test_every_mark_of_a_submission_is_kept_by_an_outcome() -> None:
    for mark in MARKS:
        outcome = FieldOutcome.from_json("tax", ["both_absent", mark, ""])
        assert outcome.to_json() == ["both_absent", mark, ""]
