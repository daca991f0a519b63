"""Readers and model weighed together, and how the weights are learned."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from mlcore.documents import GoldExample
from mlcore.inference.reading import WeighedField
from mlcore.readers.candidates import Candidate
from mlcore.rescoring.fit import LEAST, WeighedDocument, counting, fit_rescorer
from mlcore.rescoring.open_fields import OpenField, OpenFields, Option
from mlcore.rescoring.rescorer import SIGNS, Rescorer, covers
from mlcore.schema import InvoiceRecord
from mlcore.templates.reading import TemplateReading
from tests.mlcore.conftest import typewritten

BOTH = (1.0, 1.0, 0.0, 0.0)


def weighed(opened: OpenFields, sure_of: dict[str, str]) -> tuple[WeighedField, ...]:
    """A model that holds one text of each field likely."""
    return tuple(
        WeighedField(field.name, tuple((one.text, -0.1 if sure_of.get(field.name) == one.text else -9.0) for one in field.options))
        for field in opened.fields
    )


def test_what_the_model_holds_likely_is_chosen_by_weights_that_believe_it(look: TemplateReading, opened: OpenFields) -> None:
    told = weighed(opened, {"date": "06/20/2026", "total": "60.00"})
    assert str(look.extraction().record.date) == "2026-06-14"
    found = Rescorer({"date": BOTH}).extraction(look, opened, told)
    assert str(found.record.date) == "2026-06-20"
    assert found.record.total == look.extraction().record.total, "a field without weights stays"
    prediction = next(one for one in found.fields if one.path == "date")
    assert prediction.raw == "06/20/2026"
    assert prediction.evidence
    assert 0.9 < prediction.confidence < 1
    assert Rescorer({"total": BOTH}).extraction(look, opened, told).record.total == Decimal("60.00")


def test_a_field_may_turn_out_not_to_be_on_the_document(look: TemplateReading, opened: OpenFields) -> None:
    there = weighed(opened, {"subtotal": "72.50"})
    assert look.extraction().record.subtotal is None
    assert Rescorer({"subtotal": (1.0, 2.0, 0.0, 0.0)}).extraction(look, opened, there).record.subtotal == Decimal("72.50")


def test_readers_alone_choose_as_before(look: TemplateReading, opened: OpenFields) -> None:
    told = weighed(opened, {"date": "06/20/2026", "total": "60.00", "subtotal": "20.00"})
    plain = Rescorer({field.name: (1.0, 0.0, 1.0, 0.0) for field in opened.fields})
    assert plain.extraction(look, opened, told).record == look.extraction().record
    assert Rescorer({"date": BOTH}).extraction(look, opened, ()) == look.extraction()


def test_an_option_that_was_not_weighed_leaves_the_field_as_it_is(look: TemplateReading, opened: OpenFields) -> None:
    told = weighed(opened, {"date": "06/20/2026"})
    partly = tuple(replace(one, options=one.options[:1]) if one.name == "date" else one for one in told)
    assert covers(told, opened)
    assert not covers(partly, opened)
    assert covers((), OpenFields({}, ()))
    assert Rescorer({"date": BOTH}).extraction(look, opened, partly).record == look.extraction().record


def test_a_number_that_is_none_leaves_the_field_as_it_is(look: TemplateReading, opened: OpenFields) -> None:
    told = weighed(opened, {"date": "06/20/2026"})
    broken = tuple(replace(one, options=tuple((text, float("nan")) for text, _ in one.options)) for one in told)
    assert Rescorer({"date": BOTH}).extraction(look, opened, broken) == look.extraction()


def test_fields_without_weights_are_not_asked_about(opened: OpenFields) -> None:
    assert [field.name for field in Rescorer({"total": BOTH}).asks(opened).fields] == ["total"]
    assert Rescorer({}).asks(opened) == OpenFields(opened.printed, ())


def test_the_weights_come_back_from_json_and_others_are_refused() -> None:
    rescorer = Rescorer({"date": (1.0, 0.25, 0.5, -0.125)})
    told = json.loads(json.dumps(rescorer.to_json()))
    assert Rescorer.from_json(told) == rescorer
    for damaged in (
        {**told, "signs": ["other"]},
        {**told, "weights": {"date": [1.0]}},
        {**told, "weights": {"date": [1, 2, 3, float("nan")]}},
    ):
        with pytest.raises(ValueError, match=r"weigh|weight"):
            Rescorer.from_json(damaged)


def cases(count: int, draw: Callable[[np.random.Generator, int], tuple[list[float], list[float]]]) -> list[WeighedDocument]:
    """Totals of which ``draw`` gives shares and log-probabilities of two options, the first of them right in every other case."""
    rng = np.random.default_rng(3)
    found = []
    for number in range(count):
        right = int(rng.integers(2))
        shares, logs = draw(rng, right)
        options = tuple(
            Option(f"{place}.00", share, share == max(shares), Candidate("total", Decimal(place), f"{place}.00", (), share, "label", 1, ()))
            for place, share in enumerate(shares)
        )
        gold = GoldExample(typewritten("x"), InvoiceRecord(total=Decimal(right)), f"v{number}")
        told = WeighedField("total", tuple((one.text, log) for one, log in zip(options, logs, strict=True)))
        found.append(WeighedDocument(f"v{number}", OpenFields({}, (OpenField("total", options),)), (told,), gold))
    return found


def knowing(rng: np.random.Generator, right: int) -> tuple[list[float], list[float]]:
    shares = rng.dirichlet([1, 1]).tolist()
    return shares, [-1.0 if place == right else -4.0 for place in range(2)]


def guessing(rng: np.random.Generator, right: int) -> tuple[list[float], list[float]]:
    share = 0.8 if rng.random() < 0.8 else 0.2
    shares = [share if place == right else 1 - share for place in range(2)]
    return shares, rng.normal(-4, 2, 2).tolist()


def test_a_model_that_knows_is_believed_and_one_that_guesses_is_not() -> None:
    place = SIGNS.index("log_probability")
    believed, ignored = fit_rescorer(cases(300, knowing)).weights["total"], fit_rescorer(cases(300, guessing)).weights["total"]
    assert believed[place] > 1.5
    assert abs(ignored[place]) < 0.15
    assert ignored[SIGNS.index("log_share")] > 0.5


def test_little_data_leaves_the_readers_alone() -> None:
    few = fit_rescorer(cases(LEAST, guessing)).weights["total"]
    assert few == pytest.approx((1, 0, 0.5, 0), abs=0.6)
    assert fit_rescorer(cases(LEAST - 1, knowing)).weights == {}


def test_what_nobody_labeled_or_the_model_did_not_weigh_teaches_nothing() -> None:
    known = cases(50, knowing)
    unlabeled = [replace(one, gold=replace(one.gold, label_fields=frozenset({"date"}))) for one in known]
    assert fit_rescorer(unlabeled).weights == {}
    assert fit_rescorer([replace(one, weighed=()) for one in known]).weights == {}


def test_many_documents_of_one_vendor_do_not_outvote_many_vendors() -> None:
    def misled(rng: np.random.Generator, right: int) -> tuple[list[float], list[float]]:
        return [0.6 if place == right else 0.4 for place in range(2)], [-9.0 if place == right else -1.0 for place in range(2)]

    def trusted(rng: np.random.Generator, right: int) -> tuple[list[float], list[float]]:
        return [0.4 if place == right else 0.6 for place in range(2)], [-1.0 if place == right else -9.0 for place in range(2)]

    many, one_vendor = cases(40, trusted), cases(60, misled)
    place = SIGNS.index("log_probability")
    of_sixty = fit_rescorer([*many, *one_vendor]).weights["total"][place]
    of_one = fit_rescorer([*many, *(replace(one, vendor="v") for one in one_vendor)]).weights["total"][place]
    assert of_one > of_sixty
    assert of_one > 0.1
    assert of_sixty < 0.1, "sixty vendors that mislead say that next to nothing is to be believed"
    assert counting(["a", "b", "a", "a", "a"]) == [0.5, 1, 0.5, 0.5, 0.5]
