"""The admin's part of a round at the HTTP API: hold vendors out, freeze a data set, train, read the verdict, deploy or not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.campaign.plan import STARTS
from benchmarks.team.browsing import Person

_LOOK_SECONDS = 2.0
Say = Callable[[str], None]


@dataclass
class Trained:
    """What came of a round's training. ``served``: it was promoted; ``by`` says by a pass or by an override of the simulation."""

    dataset: dict[str, Any] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)
    model: dict[str, Any] = field(default_factory=dict)
    verdict: dict[str, Any] = field(default_factory=dict)
    served: bool = False
    by: str = ""
    seconds: float = 0.0


def hold_out(admin: Person, sides: Mapping[int, str]) -> None:
    """Put vendors (by their ids) on a side, for good."""
    for vendor, side in sides.items():
        admin.post("vendor-sides/", {"vendor": vendor, "side": side, "reason": "Campaign: drawn before anything was learned"}, 200, 201)


def freeze(admin: Person, synthetic: int, validation: int, seed: int, note: str, *, patience: float, say: Say) -> dict[str, Any]:
    """A frozen data set version of all gold so far. Raises ``RuntimeError`` when it fails."""
    counts = {"train": synthetic, "layouts": synthetic, "validation": validation, "held_layouts": validation, "seed": seed}
    body = {"note": note, "synthetic": counts}
    made = admin.post("dataset-versions/", body, 200, 201, 202).json
    address = f"dataset-versions/{made['number']}/"
    return _until(admin, address, lambda found: found["state"] != "collecting", lambda found: found["state"] == "frozen", patience, say)


def train(admin: Person, dataset: int, start: str, changes: Mapping[str, Any], *, patience: float, say: Say) -> dict[str, Any]:
    """A run that begins with ``start``, its recipe with ``changes``, confirmed past its warnings, to its end. Raises ``RuntimeError``
    when it fails."""
    wanted: dict[str, Any] = {"dataset": dataset, "start": start, "preset": STARTS[start], "changes": dict(changes), "note": "Campaign"}
    preflight = admin.post("training-runs/preflight/", wanted, 200).json
    if preflight["refusals"]:
        raise RuntimeError(f"The preflight refuses: {preflight['refusals']}")
    codes = [warning["code"] for warning in preflight["warnings"]]
    say(f"  preflight: {len(codes)} warnings to confirm ({', '.join(codes) or 'none'})")
    run = admin.post("training-runs/", {**wanted, "confirm": codes}, 201).json

    def ended(found: Mapping[str, Any]) -> bool:
        return found["state"] in ("finished", "failed", "stopped")

    return _until(admin, f"training-runs/{run['id']}/", ended, lambda found: found["state"] == "finished", patience, say)


def verdict(admin: Person, model: int) -> dict[str, Any]:
    """The newest verdict of the gate about a model."""
    results = admin.get(f"models/{model}/gate/").json["results"]
    if not results:
        raise RuntimeError(f"The gate has said nothing about model {model}.")
    return dict(results[0])


def deploy(admin: Person, model: int, found: Mapping[str, Any], *, overrides: bool) -> str:
    """Promote a model that passed; one that did not only when the simulation ``overrides``. How it was allowed, ``""`` for not at all."""
    if not found["passed"]:
        if not overrides:
            admin.post(f"models/{model}/promote/", {"reason": "Campaign", "expected": _version(admin)}, 409)
            return ""
        reason = "Campaign: served so that the next round shows what it does; not a decision about quality."
        admin.post(f"gate-results/{found['id']}/override/", {"reason": reason}, 200, 201)
    admin.post(f"models/{model}/promote/", {"reason": "Campaign", "expected": _version(admin)}, 201)
    return "a pass" if found["passed"] else "an override"


def serving(admin: Person) -> dict[str, Any]:
    """The model that serves now by number and name; empty for templates alone."""
    champion = admin.get("deployments/").json["now"]["champion"]
    return dict(champion["model"] or {}) if champion else {}


def _version(admin: Person) -> int:
    return int(admin.get("deployments/").json["now"]["version"])


def _until(
    admin: Person,
    address: str,
    ended: Callable[[Mapping[str, Any]], bool],
    well: Callable[[Mapping[str, Any]], bool],
    patience: float,
    say: Say,
) -> dict[str, Any]:
    deadline, said = time.monotonic() + patience, time.monotonic()
    while True:
        found = admin.get(address).json
        if ended(found):
            if not well(found):
                raise RuntimeError(f"{address} ended as {found['state']}: {found.get('error_message') or found.get('error')}")
            return dict(found)
        if time.monotonic() > deadline:
            raise TimeoutError(f"{address} is {found['state']} after {patience:.0f} s.")
        if time.monotonic() - said > 60:
            said = time.monotonic()
            say(f"  {address} {found['state']} {found.get('stage', '')} {found.get('step', '')}/{found.get('steps', '')}")
        time.sleep(_LOOK_SECONDS)
