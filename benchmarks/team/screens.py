"""What the addresses of agreement and quality say: the figures that people see, by the names of ``readout``. They count every pair."""

from __future__ import annotations

import json
import time
from pathlib import Path

from benchmarks.team.browsing import Person
from benchmarks.team.people import the_admin
from benchmarks.team.readout import ALL, WHOLE, Figures, Stored, figures, without_missed
from benchmarks.team.running import Running

COUNTING_SECONDS = 240.0
"""The scheduler has pairs and labels counted once a minute."""
_FILE = "screens.json"


def read(station: Running) -> Figures | None:
    """Every figure of both addresses, once everything is counted; ``None`` where this version has no such addresses."""
    admin = the_admin(station)
    try:
        if admin.get("agreement/", 200, 404).status == 404 or admin.get("quality/", 200, 404).status == 404:
            return None
        return _agreement(admin) | _quality(admin)
    finally:
        admin.close()


def keep(data: Path, said: Figures) -> None:
    """Beside the day."""
    (data / _FILE).write_text(json.dumps([[*name, figure] for name, figure in said.items()]))


def load(data: Path) -> Figures:
    """What was kept, nothing when nothing was."""
    path = data / _FILE
    return {tuple(row[:-1]): row[-1] for row in json.loads(path.read_text())} if path.is_file() else {}


def unlike(screens: Figures, stored: Stored) -> tuple[str, list[str]]:
    """Which pairs the screens count, and the figures that they say otherwise than the core does of the same labels."""
    found = {
        "all pairs": _unlike(screens, figures(stored)),
        "all pairs but those that a mistake made": _unlike(screens, figures(without_missed(stored))),
    }
    return min(found.items(), key=lambda counted: len(counted[1]))


def _unlike(screens: Figures, core: Figures) -> list[str]:
    found = []
    for name, figure in screens.items():
        other = core.get(name)
        if other is None or any(figure.get(part) != other.get(part) for part in ("value", "low", "high", "n")):
            found.append(f"{' '.join(name)}: the screens say {dict(figure)}, the core {dict(other) if other else 'nothing'}")
    return found


def _agreement(admin: Person) -> Figures:
    deadline = time.monotonic() + COUNTING_SECONDS
    while (body := admin.get("agreement/").json)["waiting"] and time.monotonic() < deadline:
        time.sleep(5)
    said = body["all"]
    found: Figures = {("agreement", ALL, name): said[name] for name in (*WHOLE, "row_f1", "cells", "row_count")}
    for field in said["fields"]:
        found["agreement", ALL, field["name"]] = field["agreement"]
        found |= {(kind, ALL, f"{field['name']} present"): field["presence"][kind] for kind in ("kappa", "alpha")}
    return found | {(kind, ALL, "type"): said["item_type"][kind] for kind in ("kappa", "alpha")}


def _quality(admin: Person) -> Figures:
    """Of everybody who labeled. Counting is over when it finds as many labels twice."""
    deadline, counted = time.monotonic() + COUNTING_SECONDS, -1
    while time.monotonic() < deadline:
        listed = admin.get("quality/?window=all&page_size=100").json["results"]
        judged = sum(row["accuracy"]["documents"] for row in listed)
        if judged == counted and judged:
            break
        counted = judged
        time.sleep(65)
    found: Figures = {}
    for row in listed:
        body = admin.get(f"quality/{row['user']['id']}/?window=all").json
        name = row["user"]["username"]
        if not body["judged"]:
            continue
        found |= {("accuracy of all pairs", name, part): body["accuracy"][part] for part in WHOLE}
        found |= {("anchoring of all pairs", name, part): body["anchoring"][""][part] for part in ("seeded", "natural")}
    return found
