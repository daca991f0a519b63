"""A day of the simulated team in small: real requests, real database, real reading of files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.team import known, leaks, readout, screens, simulation, stored
from benchmarks.team.habits import BILLERS
from benchmarks.team.papers import synthetic_papers
from benchmarks.team.running import Running
from labeling.quality.counting import count_all
from mlcore.compare import compare_records
from mlcore.record_json import record_from_json
from mlcore.schema import HEADER_FIELDS

pytestmark = pytest.mark.slow

DOCUMENTS = 16
SEED = 417


def test_the_team_labels_everything_and_what_it_did_is_recovered(here: Running) -> None:
    billers = [replace(who, skips=0.05) for who in BILLERS]
    simulated = simulation.simulate(here, list(synthetic_papers(DOCUMENTS, SEED)), seed=SEED, say=lambda _: None, billers=billers)
    day = simulated.day
    found = {"labels": stored.labels(), "pairs": stored.pairs(), "golds": stored.golds()}

    assert day.faults == []
    assert simulated.unread == 0
    assert len(found["golds"]) == DOCUMENTS
    assert len(found["pairs"]) >= 6
    assert {one.person for one in day.done} >= {who.name for who in billers}
    made_of = Counter(row["made_of"] for row in found["golds"])
    assert made_of["single"] >= 3
    assert made_of["adjudicated"] >= 3
    assert day.counted["resolved"] + day.counted.get("resolved by a ruling", 0) >= made_of["adjudicated"]

    meant = {(one.person, one.document): one.label.record for one in day.done}
    assert len(meant) == len(day.done) == len(found["labels"])
    for row in found["labels"]:
        assert compare_records(meant[row["person"], row["document"]], record_from_json(row["record"])).exact

    said, happened = readout.figures(found, floor=1), known.realised(day, found)
    for name in ("exact", *(spec.name for spec in HEADER_FIELDS)):
        key = ("agreement", readout.ALL, name)
        if said[key]["value"] is not None:
            assert said[key]["value"] == pytest.approx(happened[key], abs=1e-6), name
    assert said["agreement", readout.ALL, "values"]["value"] == pytest.approx(happened["agreement", readout.ALL, "values"], abs=0.03)
    assert 0 < said["agreement", readout.ALL, "values"]["value"] < 1

    count_all()
    answered = screens.read(here, len(found["labels"]))
    assert screens.unlike(answered, readout.figures(found)) == []
    assert answered["agreement", readout.FAIR, "exact"]["n"] == len(readout.fair_pairs(found)) >= 2
    assert answered["anchoring", "", "seeded"]["n"] == sum(bool(row["seeded"]) for row in found["labels"]) >= 2

    searched = leaks.search(simulated.people, day.done)
    assert searched.traces == 0
    assert searched.same_twice == 0
    assert searched.own > 0
    assert searched.marks > 50
