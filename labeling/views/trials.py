"""Gold tests and onboarding: what people are tested and trained with, and how it went."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role
from invoices.views.guards import person, role_required, signed_in
from labeling.policies import current_policy
from labeling.selectors.trials import onboarding_of, onboarding_set, people_onboarding, tests_of
from labeling.trials.known import choose_document, leave_document, move_step, tell_results
from labeling.trials.onboarding import start_onboarding
from labeling.views.changes import make_change


@role_required(Role.SENIOR)
@require_safe
def gold_tests(request: HttpRequest) -> HttpResponse:
    """The people, the documents that seniors chose, and the newest judged tests."""
    listed = tests_of(request.GET.dict())
    context = {
        "section": "quality",
        "part": "tests",
        "listed": listed,
        "total": listed.total,
        "person_id": request.GET.get("person", ""),
        "share": current_policy().test_share * 100,
    }
    return render(request, "labeling/gold_tests.html", context)


@signed_in
@require_safe
def onboarding(request: HttpRequest) -> HttpResponse:
    """To seniors the set and everybody's progress; to a biller their own steps and what was wrong in them."""
    user = person(request)
    context = {"section": "quality" if user.has_role(Role.SENIOR) else "onboarding", "part": "onboarding"}
    if user.has_role(Role.SENIOR):
        return render(request, "labeling/onboarding_set.html", {**context, "steps": onboarding_set(), "people": people_onboarding()})
    steps = onboarding_of(user)
    done = [step for step in steps if step.trial.state in ("judged", "skipped", "void")]
    exact = sum(bool(step.trial.exact) for step in done)
    return render(request, "labeling/onboarding.html", {**context, "steps": steps, "done": len(done), "exact": exact})


@role_required(Role.SENIOR)
@require_POST
def known_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Use a document for tests or the onboarding, no longer use it, or move it within the set."""
    user, purpose, change = person(request), request.POST.get("purpose", ""), request.POST.get("change", "")
    words = {"gold_test": "gold tests", "onboarding": "the onboarding"}.get(purpose, "")
    if change == "add":
        return _done(
            request, lambda: choose_document(user=user, document_id=document_id, purpose=purpose), f"The document is used for {words}."
        )
    if change == "remove":
        return _done(
            request,
            lambda: leave_document(user=user, document_id=document_id, purpose=purpose),
            f"The document is not used for {words} now.",
        )
    if change in ("up", "down"):
        return _done(request, lambda: move_step(user=user, document_id=document_id, up=change == "up"), "")
    messages.error(request, "Nothing was changed: choose add, remove, up or down.")
    return _back(request)


@role_required(Role.SENIOR)
@require_POST
def tell(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show a person the results of their tests."""
    return _done(
        request,
        lambda: tell_results(user=person(request), person_id=person_id),
        "The person sees their finished tests as such from now on: the documents, what they entered and the truth.",
    )


@role_required(Role.SENIOR)
@require_POST
def onboard(request: HttpRequest, person_id: int) -> HttpResponse:
    """Hand a biller the onboarding set."""
    return _done(
        request,
        lambda: start_onboarding(user=person(request), person_id=person_id),
        "The documents of the onboarding come first to them now.",
    )


def _done(request: HttpRequest, change: Callable[[], object], said: str) -> HttpResponse:
    make_change(request, change, said)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(address if safe and address else "gold-tests")
