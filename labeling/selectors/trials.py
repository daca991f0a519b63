"""Gold tests and the onboarding as seniors see them, and the onboarding as the person sees it who does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from invoices.models import Role, User, Veil
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from labeling.models import Annotation, KnownDocument, TaskPurpose, Trial
from labeling.selectors.suspects import readable
from mlcore.compare import Outcome, compare_records
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json, value_to_json
from mlcore.schema import spec_for

PAGE_SIZE = 30
State = Trial.State
_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


@dataclass(frozen=True, slots=True)
class PersonTests:
    """How one biller's gold tests stand. ``untold`` are those that the person still cannot tell from work."""

    person: User
    reserved: int
    open: int
    judged: int
    exact: int
    untold: int


@dataclass(frozen=True)
class Tests:
    """One page of judged tests, the newest first, with the people and the documents that seniors chose."""

    people: list[PersonTests]
    known: list[KnownDocument]
    rows: list[Trial]
    next: str
    previous: str
    total: int


@dataclass(frozen=True, slots=True)
class Slip:
    """One value that the label had otherwise."""

    label: str
    mine: str
    truth: str


@dataclass(frozen=True, slots=True)
class Step:
    """One document of a person's onboarding; ``slips`` are there once it is judged."""

    trial: Trial
    slips: list[Slip]

    @property
    def name(self) -> str:
        """The document's name."""
        return str(self.trial.document.name)


@dataclass(frozen=True)
class Progress:
    """One person's onboarding."""

    person: User
    steps: int
    done: int
    exact: int

    @property
    def finished(self) -> bool:
        """Whether every document was submitted or given up."""
        return self.done == self.steps


def tests_of(query: Mapping[str, str]) -> Tests:
    """One page of gold tests: five queries. Read ``?person=&cursor=``."""
    person = query.get("person", "")
    judged = Trial.objects.filter(purpose=TaskPurpose.GOLD_TEST, state=State.JUDGED)
    if person.isascii() and person.isdigit() and len(person) < 16:
        judged = judged.filter(person=int(person))
    listed = judged.select_related("person", "document__vendor", "task__annotation").defer("document__text_signature")
    page = slice_of(listed, Ordering("pk", descending=True), read_cursor(query.get("cursor", "")), PAGE_SIZE)
    known = KnownDocument.objects.filter(purpose=TaskPurpose.GOLD_TEST).select_related("document__vendor", "by")
    chosen = list(known.defer("document__text_signature").order_by("-pk")[:PAGE_SIZE])
    return Tests(people_tested(), chosen, page.rows, page.next, page.previous, judged.count())


def people_tested() -> list[PersonTests]:
    """Every active biller with how their tests stand: three queries."""
    tests = Q(trials__purpose=TaskPurpose.GOLD_TEST)
    people = User.objects.filter(role=Role.BILLER, is_active=True).annotate(
        reserved=Count("trials", filter=tests & Q(trials__state=State.RESERVED)),
        handed=Count("trials", filter=tests & Q(trials__state=State.OPEN)),
        judged=Count("trials", filter=tests & Q(trials__state=State.JUDGED)),
        right=Count("trials", filter=tests & Q(trials__state=State.JUDGED, trials__exact=True)),
    )
    veils = dict(Veil.objects.order_by().values_list("person").annotate(Count("pk")))
    waiting = Trial.objects.filter(state__in=(State.RESERVED, State.OPEN)).order_by().values_list("person")
    not_done = dict(waiting.annotate(Count("pk")))
    return [
        PersonTests(
            person=one,
            reserved=one.reserved,
            open=one.handed,
            judged=one.judged,
            exact=one.right,
            untold=max(veils.get(one.pk, 0) - not_done.get(one.pk, 0), 0),
        )
        for one in people.order_by("username")
    ]


def onboarding_set() -> list[KnownDocument]:
    """The documents of the set in order: one query."""
    steps = KnownDocument.objects.filter(purpose=TaskPurpose.ONBOARDING).select_related("document__vendor")
    return list(steps.defer("document__text_signature").order_by("position", "pk"))


def people_onboarding() -> list[Progress]:
    """Every active biller with their onboarding, if any: one query."""
    mine = Q(trials__purpose=TaskPurpose.ONBOARDING)
    over = Q(trials__state__in=(State.JUDGED, State.SKIPPED, State.VOID))
    people = User.objects.filter(role=Role.BILLER, is_active=True).annotate(
        steps=Count("trials", filter=mine),
        done=Count("trials", filter=mine & over),
        right=Count("trials", filter=mine & Q(trials__exact=True)),
    )
    return [Progress(one, *(getattr(one, name) for name in ("steps", "done", "right"))) for one in people.order_by("username")]


def onboarding_of(person: User) -> list[Step]:
    """A person's steps in order, with what was wrong in those that are done: two queries."""
    trials = list(
        Trial.objects.filter(person=person, purpose=TaskPurpose.ONBOARDING)
        .select_related("person", "document", "truth", "task")
        .defer("document__text_signature")
        .order_by("position", "pk")
    )
    labels = {one.task_id: one for one in Annotation.objects.filter(task__in=[trial.task_id for trial in trials if trial.task_id])}
    return [Step(trial, slips_of(labels.get(trial.task_id or 0), trial)) for trial in trials]


def step_of(person_id: int, task_id: int) -> tuple[int, int]:
    """The place of a task in its person's onboarding, and of how many: one query."""
    order = list(
        Trial.objects.filter(person=person_id, purpose=TaskPurpose.ONBOARDING).order_by("position", "pk").values_list("task", flat=True)
    )
    return (order.index(task_id) + 1 if task_id in order else 0), len(order)


def slips_of(label: Annotation | None, trial: Trial) -> list[Slip]:
    """The values in which a judged label is not the truth that it was held to."""
    if label is None or trial.truth is None:
        return []
    try:
        truth = record_from_json(trial.truth.record, ignore_unknown=True)
        compared = compare_records(truth, record_from_json(label.record, ignore_unknown=True))
    except RecordError:
        return []
    slips = []
    for field in compared.fields:
        if field.outcome in _FINE:
            continue
        row = field.expected_row if field.expected_row is not None else field.found_row
        name = spec_for(field.name).label
        slips.append(
            Slip(
                name if row is None else f"Row {row + 1}, {name.lower()}",
                readable(field.name, value_to_json(field.found)),
                readable(field.name, value_to_json(field.expected)),
            )
        )
    return slips
