"""The report: what each system said in each round, and what the gate decided between them. Markdown with pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.campaign.measuring import BOTH, MODEL, TEMPLATE, Figures, part_of
from benchmarks.campaign.plan import Plan
from benchmarks.campaign.plots import Point, curve_picture
from benchmarks.campaign.rounds import Round
from mlcore.evaluation.scores import Estimate

SYSTEMS = (TEMPLATE, MODEL, BOTH)
_BEGINS = {"champion": "the weights of the model that serves", "base": "the 135M base alone"}


@dataclass(frozen=True)
class Campaign:
    """A campaign that was read out. ``figures`` has for each round the systems that there are; ``gold`` the true error of gold."""

    plan: Plan
    rounds: Sequence[Round]
    figures: Sequence[Mapping[str, Figures]]
    gold: Sequence[tuple[int, int]]
    command: str
    machine: str
    when: str


def write_report(path: Path, plots: Path, told: Campaign) -> None:
    """Write the pictures, and the report that names them."""
    plots.mkdir(parents=True, exist_ok=True)
    for name, picture in _pictures(told).items():
        (plots / f"{name}.svg").write_text(picture)
    folder = plots.relative_to(path.parent) if plots.is_relative_to(path.parent) else plots.resolve()
    parts = [_opening(told), _shown(told), _systems(told, folder), _loop(told), _people(told, folder), _LIMITS]
    path.write_text("\n\n".join(parts) + "\n")


def _opening(told: Campaign) -> str:
    plan = told.plan
    return f"""# A campaign: the whole loop, round by round

    {told.command}

{told.when}, {told.machine}. The page is written by the command. Everything happens in the running product (web process, workers,
scheduler) through its HTTP API: documents of companies that nothing was trained on come in, {plan.documents} a round; simulated
billers with known error habits label them, some twice and blind; a senior reviews and adjudicates; an admin freezes a data set and has a
model trained on it that begins with {_BEGINS[plan.start]}; the gate decides between it and what serves, on {plan.held_out} companies
that nothing ever learns from. Documents and people are synthetic; training, reading, evaluation and verdicts are real."""


def _shown(told: Campaign) -> str:
    """From the first round to the last one, in sentences."""
    first, last = told.figures[0], told.figures[-1]
    verdicts = [one.trained.verdict["passed"] for one in told.rounds if one.trained is not None]
    served = [one.trained.by for one in told.rounds if one.trained is not None and one.trained.served]
    lines = ["## What it shows", "", f"From round 0 to round {told.rounds[-1].number}; differences within the intervals may be chance.", ""]
    for name in SYSTEMS:
        if name in first and name in last:
            begun, ended = first[name], last[name]
            lines.append(
                f"- *{name}*: fields right {_percent(begun.fields)} to {_percent(ended.fields)} %, documents wholly right "
                f"{_percent(begun.exact)} to {_percent(ended.exact)} %, minutes of a careful biller for 1,000 documents "
                f"{begun.minutes:,.0f} to {ended.minutes:,.0f}."
            )
    formed = [found[BOTH] for found in told.figures if BOTH in found]
    through, wrong, count = (
        sum(one.through for one in formed),
        sum(one.through_wrong for one in formed),
        sum(one.documents for one in formed),
    )
    how = f"; {len(served)} served next ({', '.join(f'by {by}' for by in served)})" if served else "; none served"
    lines.append(f"- {through} of {count} documents went through, {wrong} of them with an error.")
    lines.append(f"- The gate passed {sum(verdicts)} of {len(verdicts)} trained models{how}.")
    return "\n".join(lines)


def _systems(told: Campaign, folder: Path | str) -> str:
    lines = [
        "## What the machine said, before anybody had looked",
        "",
        f"![Right fields]({folder}/fields.svg)",
        "",
        f"![Wholly right documents]({folder}/documents.svg)",
        "",
        f"![Documents that went through without a person]({folder}/through.svg)",
        "",
        f"![Errors in what went through]({folder}/wrong.svg)",
        "",
        "| round | read by | system | documents | fields right, % | wholly right, % | went through | of them wrong | minutes for 1,000 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one, found in zip(told.rounds, told.figures, strict=True):
        for name in SYSTEMS:
            if name in found:
                lines.append(f"| {one.number} | {_served(one)} | {name} | {_cells(found[name], name)} |")
    lines += [
        "",
        "Intervals are bootstraps by company, of the same documents for the systems of a round; of what went through they are Clopper",
        "and Pearson's. *Template only* is the reading before the model's, with the templates of the time; *both* is what stood in the",
        "form; *model only* has no routes: nothing goes through. *Minutes* are those that a careful biller with known habits needs with",
        "that pre-fill.",
    ]
    return "\n".join(lines)


def _cells(one: Figures, name: str) -> str:
    through = "-" if name == MODEL else f"{one.through} ({_share(one.through, one.documents)})"
    wrong = "-" if name == MODEL or not one.through else f"{one.through_wrong}"
    return f"{one.documents} | {_percent(one.fields)} | {_percent(one.exact)} | {through} | {wrong} | {one.minutes:,.0f}"


def _loop(told: Campaign) -> str:
    lines = [
        "## What was trained, and what the gate said",
        "",
        "| after round | trained on | held out | minutes of the run | verdict | serves next | why |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in told.rounds:
        if one.trained is None:
            continue
        trained = one.trained
        verdict = trained.verdict["verdict"]
        against = [str(check["sentence"]) for check in verdict["checks"] if check["state"] in ("failed", "unknown")]
        serves = f"it, by {trained.by}" if trained.served else "what served before"
        cells = (
            f"{trained.dataset['documents']} documents",
            f"{trained.dataset['test_documents']}",
            f"{trained.run['seconds'] / 60:.1f}",
            "passed" if trained.verdict["passed"] else "did not pass",
            serves,
            " ".join(against) or "every check passed",
        )
        lines.append(f"| {one.number} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _people(told: Campaign, folder: Path | str) -> str:
    lines = [
        "## What people did",
        "",
        f"![Minutes of people]({folder}/minutes.svg)",
        "",
        "| round | labels | settled differences | minutes of all people | gold records wrong |",
        "|---|---|---|---|---|",
    ]
    for one, (wrong, count) in zip(told.rounds, told.gold, strict=True):
        minutes = sum(done.seconds for done in one.done) / 60
        lines.append(f"| {one.number} | {len(one.done)} | {one.settled} | {minutes:.0f} | {wrong} of {count} ({_share(wrong, count)}) |")
    return "\n".join(lines)


_LIMITS = """## What this does not show

- Synthetic paper is easier than real paper, and the simulated people's mistakes are independent of each other.
- A model of 135 million weights that saw a few dozen documents is small; what a larger one gains is not measured here.
- With so few documents intervals are wide, and a certificate for straight-through documents needs 59 that are right and more for
  each wrong one: none going through here is what the product should do, not what it will do with more.
- Rounds are minutes, not months: nothing drifts but the companies that begin to write."""


def _pictures(told: Campaign) -> dict[str, str]:
    def points(name: str, of: Callable[[Figures], Estimate]) -> list[Point]:
        found = []
        for one, figures in zip(told.rounds, told.figures, strict=True):
            value = of(figures[name]) if name in figures else Estimate(None)
            if value.value is not None:
                found.append(Point(one.number, value.value, value.low, value.high))
        return found

    def drawn(of: Callable[[Figures], Estimate], told_as: str, *, shares: bool = True, systems: Sequence[str] = SYSTEMS) -> str:
        return curve_picture({name: points(name, of) for name in systems}, told_as, shares=shares)

    routed = (TEMPLATE, BOTH)
    return {
        "fields": drawn(lambda one: one.fields, "Right fields by round and system, per cent"),
        "documents": drawn(lambda one: one.exact, "Wholly right documents by round and system, per cent"),
        "through": drawn(lambda one: part_of(one.through, one.documents), "Documents that went through, per cent", systems=routed),
        "wrong": drawn(lambda one: part_of(one.through_wrong, one.through), "Of those, with an error, per cent", systems=routed),
        "minutes": drawn(lambda one: Estimate(one.minutes), "Minutes of a careful biller for 1,000 documents", shares=False),
    }


def _served(one: Round) -> str:
    number = one.serving.get("number")
    return f"model {number}" if number is not None else "templates alone"


def _percent(found: Estimate) -> str:
    if found.value is None:
        return "-"
    between = f" ({100 * found.low:.0f}-{100 * found.high:.0f})" if found.low is not None and found.high is not None else ""
    return f"{100 * found.value:.1f}{between}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"
