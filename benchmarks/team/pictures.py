"""Which figures are drawn where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.team.gold_truth import seconds_of
from benchmarks.team.habits import BILLERS
from benchmarks.team.holding import Held
from benchmarks.team.kept import Kept
from benchmarks.team.plots import Group, bar_picture, interval_picture, named
from benchmarks.team.readout import FAIR, WHOLE, Name
from mlcore.agreement.counting import CELLS, HEADER

FIELDS = {name: name.replace("line_items.", "row: ") for name in (*HEADER, *CELLS)}
WORDS = {"exact": "whole documents", "critical": "in all critical fields", "values": "values", "row_f1": "rows (F1)", "cells": "cells",
         "row_count": "number of rows"}  # fmt: skip
TITLES = {who.name: f"{who.name}, {who.title}" for who in BILLERS}


def pictures(kept: Kept, rows: Sequence[Held]) -> dict[str, str]:
    """SVG by file name."""
    known = named(rows)

    def group(title: str, figures: Mapping[str, Name]) -> Group:
        return Group(title, [(words, known[name]) for words, name in figures.items() if name in known])

    plain = {WORDS[name]: ("agreement", FAIR, name) for name in WORDS}
    fields = {words: ("agreement", FAIR, name) for name, words in FIELDS.items()}
    accuracy = [group(title, {WORDS[part]: ("accuracy", who, part) for part in WHOLE}) for who, title in TITLES.items()]
    anchoring = [
        group(
            title, {f"{words} stood": ("anchoring", who, part) for part, words in (("seeded", "made wrong"), ("natural", "machine's own"))}
        )
        for who, title in (*TITLES.items(), ("", "everybody"))
    ]
    errors = [group(f"share of {unit}", {words: ("gold", unit, part) for part, words in GOLD.items()}) for unit in ("values", "documents")]
    errors.append(group("share of differences", {"settled wrong": ("gold", "differences", "settling")}))
    minutes = {TITLES.get(name, name): seconds / 60 for name, seconds in sorted(seconds_of(kept.done).items())}
    return {
        "agreement": interval_picture(
            [group("altogether", plain), group("by field", fields)], "Agreement of fair pairs, in per cent", apart=True
        ),
        "accuracy": interval_picture(accuracy, "Accuracy of each biller against settled truth, in per cent"),
        "anchoring": interval_picture(anchoring, "Wrong suggestions that each biller let stand, in per cent"),
        "gold": interval_picture(errors, "Errors of gold, in per cent", apart=True),
        "minutes": bar_picture(minutes, "min", "Simulated minutes at the screen"),
    }


GOLD = {"single": "one label", "settled": "two, both shown", "gold": "all gold"}
