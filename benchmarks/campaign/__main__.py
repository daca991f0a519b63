"""Label, double-label, adjudicate, retrain, gate, deploy: the whole loop in rounds on the running product, with simulated people.

    python -m benchmarks.campaign --data DIR --report docs/campaign.md --plots docs/campaign

Documents of companies that nothing was trained on come in through the HTTP API; the product's own workers read, train and evaluate with the
135M base on a CPU. With the defaults this takes about half an hour on two cores; --documents, --rounds and --synthetic make it smaller.
--gate NAME=VALUE changes a limit of the gate (by default the specification's .98 decides); --override serves what did not pass, so that
the next round shows what it does, and the report says so.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from benchmarks.campaign.alone import read_alone
from benchmarks.campaign.measuring import BOTH, MODEL, TEMPLATE, Figures, figures, first_and_last
from benchmarks.campaign.plan import Plan
from benchmarks.campaign.report import Campaign, write_report
from benchmarks.campaign.rounds import Limits, Round, campaign
from benchmarks.team.gold_truth import held_to
from benchmarks.team.habits import BILLERS
from benchmarks.team.running import Running, data_folder, running, say
from benchmarks.web_station import command
from mlcore.record_json import record_from_json

_KEPT = "campaign.pickle"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run or read again, print the figures, write the report. Returns the exit code."""
    options = _parser().parse_args(arguments)
    told = _kept(options.again) if options.again else _run(options, sys.argv[1:] if arguments is None else arguments)
    for one, systems in zip(told.rounds, told.figures, strict=True):
        for name, of in systems.items():
            shares = f"fields {of.fields.value or 0:.3f}, documents {of.exact.value or 0:.3f}"
            say(f"round {one.number} {name:<14} {shares}, {of.minutes:,.0f} minutes for 1,000")
    if options.report is not None:
        write_report(options.report, options.plots or options.report.with_suffix(""), told)
        say(f"Report written to {options.report}.")
    return 0


def _run(options: argparse.Namespace, arguments: Sequence[str]) -> Campaign:
    plan = Plan(**{field.name: getattr(options, field.name) for field in fields(Plan)})
    if faults := plan.faults():
        raise SystemExit(f"This campaign cannot be: {'; '.join(faults)}.")
    policy = dict(_setting(text) for text in options.gate)
    line = f"python -m benchmarks.campaign {shlex.join(arguments)}"
    with data_folder(options.data, "Name a new folder, or write the report of the campaign in it with --again.") as data:
        with running(data, model=True) as station:
            rounds = campaign(station, plan, policy, Limits(training=options.patience, overrides=options.override), say)
            stored = json.loads(command(station.env, "-m", "benchmarks.campaign.stored"))
        found, gold = _figures(station, rounds, stored, plan)
        told = Campaign(plan, rounds, found, gold, line, options.machine, time.strftime("%Y-%m-%d"))
        with (data / _KEPT).open("wb") as file:
            pickle.dump(told, file)
    return told


def _kept(data: Path) -> Campaign:
    try:
        with (data / _KEPT).open("rb") as file:
            told: Campaign = pickle.load(file)
    except FileNotFoundError:
        raise SystemExit(f"{data} has no {_KEPT}: no campaign came to its end there. Run one with --data.") from None
    return told


def _figures(
    station: Running, rounds: Sequence[Round], stored: Mapping[str, Any], plan: Plan
) -> tuple[list[dict[str, Figures]], list[tuple[int, int]]]:
    careful = next(who for who in BILLERS if who.title == "careful")
    settled = {int(gold["document"]): float(gold["at"]) for gold in stored["golds"]}
    first, last = first_and_last(stored["readings"], settled)
    found, gold = [], []
    for one in rounds:
        truths = {document: paper.truth for document, paper in one.papers.items()}
        own = [row for row in stored["golds"] if int(row["document"]) in truths]
        systems = {TEMPLATE: [said for said in first if said.document in truths], BOTH: [said for said in last if said.document in truths]}
        if folder := stored["models"].get(one.serving.get("model_id"), ""):
            say(f"The model of round {one.number} reads its documents by itself.")
            systems[MODEL] = read_alone(station, Path(folder), own, station.data / "campaign" / f"round-{one.number}")
        found.append({name: figures(said, truths, one.vendors, careful, plan.seed) for name, said in systems.items() if said})
        held = [held_to(truths[int(row["document"])], record_from_json(row["record"], ignore_unknown=True)) for row in own]
        gold.append((sum(wrong.documents_wrong for wrong in held), len(held)))
    return found, gold


def _setting(text: str) -> tuple[str, float | int | bool | str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise SystemExit(f"--gate {text!r} has no value; write NAME=VALUE, for example accuracy=0.9.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.campaign", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for field in fields(Plan):
        name, kind = f"--{field.name.replace('_', '-')}", type(field.default)
        parser.add_argument(name, type=kind, default=field.default, help="default %(default)s")
    parser.add_argument("--gate", action="append", default=[], metavar="NAME=VALUE", help="a limit of the gate; may be repeated")
    parser.add_argument("--override", action="store_true", help="serve what did not pass, by a written override")
    parser.add_argument("--patience", type=float, default=7200.0, help="seconds that one training run may take (default %(default).0f)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="new data folder, which is kept (default: a temporary one)")
    parser.add_argument("--again", type=Path, metavar="DIR", help="run nothing: write the report of the campaign in this data folder")
    parser.add_argument("--machine", default=f"{os.cpu_count()} cores", help="the machine in words, for the report")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report there (Markdown)")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="write its plots there (SVG)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
