"""What the product says: every figure that its addresses of agreement and quality have, by the names of ``readout``."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.team.browsing import Person
from benchmarks.team.people import the_admin
from benchmarks.team.readout import FAIR, GROUPS, METER, WHOLE, Figures
from benchmarks.team.running import Running
from mlcore.agreement.prefill import PrefillPair

COUNTING_SECONDS = 240.0
"""The scheduler has pairs and labels counted once a minute."""
_FILE = "screens.json"
_CLASSES = dict(zip(GROUPS, (PrefillPair.BOTH_UNCHANGED, PrefillPair.ONE_UNCHANGED, PrefillPair.BOTH_TYPED), strict=True))


class Uncounted(Exception):
    """The product did not count everything in time: its figures would be of fewer labels."""


def read(station: Running, labels: int) -> Figures:
    """Every figure of the addresses, once all pairs and ``labels`` labels are counted. Raises ``Uncounted``."""
    admin = the_admin(station)
    try:
        people = _counted(admin, labels)
        found = _agreement(admin.get("agreement/").json)
        found |= _meters("", admin.get("quality/anchoring/").json["everybody"])
        for row in people:
            found |= _quality(admin.get(f"quality/{row['user']['id']}/?window=all").json)
        return found
    finally:
        admin.close()


def keep(data: Path, said: Figures) -> None:
    """Beside the day."""
    (data / _FILE).write_text(json.dumps([[*name, figure] for name, figure in said.items()]))


def load(data: Path) -> Figures:
    """What was kept, nothing when nothing was."""
    path = data / _FILE
    return {tuple(row[:-1]): row[-1] for row in json.loads(path.read_text())} if path.is_file() else {}


def unlike(screens: Figures, core: Figures) -> list[str]:
    """The figures that the addresses say otherwise than the core does of the same labels: there are none unless something is wrong."""
    found = []
    for name, figure in screens.items():
        other = core.get(name)
        if other is None or any(figure.get(part) != other.get(part) for part in ("value", "low", "high", "n")):
            whose = " ".join(part or "everybody" for part in name)
            found.append(f"{whose}: the product says {dict(figure)}, its core {dict(other) if other else 'nothing'} of the same labels.")
    return found


def _counted(admin: Person, labels: int) -> list[dict[str, Any]]:
    """Everybody in short, once nothing waits to be counted."""
    deadline = time.monotonic() + COUNTING_SECONDS
    while time.monotonic() < deadline:
        waiting: int = admin.get("agreement/").json["waiting"]
        people: list[dict[str, Any]] = admin.get("quality/?window=all&page_size=100").json["results"]
        if not waiting and sum(row["documents"] + row["reviews"] for row in people) == labels:
            return people
        time.sleep(5)
    raise Uncounted(f"After {COUNTING_SECONDS:.0f} s the product has not counted all {labels} labels. Is its scheduler running?")


def _agreement(body: Mapping[str, Any]) -> Figures:
    said = body["all"]
    found: Figures = {("agreement", FAIR, name): said[name] for name in (*WHOLE, "row_f1", "cells", "row_count")}
    for field in said["fields"]:
        found["agreement", FAIR, field["name"]] = field["agreement"]
        found |= {(kind, FAIR, f"{field['name']} present"): field["presence"][kind] for kind in ("kappa", "alpha")}
    found |= {(kind, FAIR, "type"): said["item_type"][kind] for kind in ("kappa", "alpha")}
    for group, part in _CLASSES.items():
        found |= {("agreement", group, name): body["prefill"][part.value][name] for name in WHOLE}
    return found


def _quality(body: Mapping[str, Any]) -> Figures:
    """Of one person; nothing of somebody no label of whom was judged."""
    if not body["judged"]:
        return {}
    name, accuracy = body["user"]["username"], body["accuracy"]
    every = {part: accuracy[part] for part in WHOLE} | accuracy["fields"]
    return {("accuracy", name, part): figure for part, figure in every.items()} | _meters(name, body["anchoring"])


def _meters(person: str, said: Mapping[str, Any]) -> Figures:
    found: Figures = {("anchoring", person, part): said[""][part] for part in METER}
    return found | {("anchoring", person, name): meter["natural"] for name, meter in said.items() if name}
