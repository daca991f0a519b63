"""Two systems on the same documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from mlcore.errors import EvaluationError
from mlcore.evaluation import Case, Evaluation, compare_systems, evaluate
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.paired import mcnemar
from mlcore.schema import InvoiceRecord
from tests.mlcore.evaluation.records import invoice

GOOD, BAD = invoice("A1"), invoice("B2")
UNDATED = InvoiceRecord(invoice_number="A1")


def system(right: str, vendors: int = 5) -> Evaluation:
    """``right`` has one sign for each document: ``+`` is right."""
    cases = [Case(f"d{n:02}", f"v{n % vendors}", GOOD, GOOD if sign == "+" else BAD) for n, sign in enumerate(right)]
    return evaluate(cases, Resampling(400))


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test(first: int, second: int) -> None:
    expected = binomtest(first, first + second, 0.5).pvalue if first + second else 1.0
    assert mcnemar(first, second) == pytest.approx(expected, rel=1e-9)


def test_many_documents_do_not_overflow() -> None:
    assert mcnemar(4_000, 4_400) == pytest.approx(binomtest(4_000, 8_400, 0.5).pvalue, rel=1e-6)


def test_the_four_counts_and_the_difference() -> None:
    paired = compare_systems(system("++++++----"), system("+++++-++++"), ("old", "new"))
    assert (paired.both, paired.first_only, paired.second_only, paired.neither, paired.documents) == (5, 1, 4, 0, 10)
    assert paired.p_value == pytest.approx(0.375)
    assert paired.differences["end_to_end"].value == pytest.approx(0.3)
    assert paired.differences["field_accuracy"].value == pytest.approx(0.1)
    assert paired.differences["field:invoice_number"].value == pytest.approx(0.3)


def test_a_system_against_itself_differs_in_nothing() -> None:
    paired = compare_systems(system("+-+-+-+-+-"), system("+-+-+-+-+-"))
    assert paired.p_value == 1
    assert all((one.value, one.low, one.high) == (0, 0, 0) for one in paired.differences.values())


def test_the_two_share_their_resamples() -> None:
    # the second is right wherever the first is, and on two documents of every vendor besides: the difference hardly varies
    first, second = system("+++++-----" * 2 + "-" * 10), system("++++++++++" * 2 + "-" * 10)
    difference = compare_systems(first, second).differences["end_to_end"]
    assert difference.value == pytest.approx(1 / 3)
    assert difference.low == pytest.approx(1 / 3)
    assert difference.high == pytest.approx(1 / 3)


def test_other_documents_and_other_labels_are_refused() -> None:
    with pytest.raises(EvaluationError, match="2 documents were read by only one of 'first' and 'second', for example 'd10'"):
        compare_systems(system("+" * 10), system("+" * 12))
    cases = [Case(f"d{n:02}", f"v{n % 5}", invoice("A1") if n else UNDATED, GOOD) for n in range(10)]
    with pytest.raises(EvaluationError, match="'d00' was scored against other labels"):
        compare_systems(system("+" * 10), evaluate(cases, Resampling(400)))
