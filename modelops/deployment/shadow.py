"""Having a model read recent documents in the dark: asked for here, read by a worker, and taken away again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from modelops import signals
from modelops.deployment.asking import AdminNeeded, verify
from modelops.deployment.present import present
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import ModelVersion, ShadowRun

USUAL_DOCUMENTS = 200
MOST_DOCUMENTS = 2_000
OPEN = (ShadowRun.State.QUEUED, ShadowRun.State.RUNNING)


def start_shadow(model: ModelVersion, *, by: User | None, documents: int = USUAL_DOCUMENTS) -> ShadowRun:
    """Have the model read the newest ``documents`` (1 to ``MOST_DOCUMENTS``) beside what serves; nobody is shown what it reads.

    No verdict is needed. Raises ``RequestInvalid`` (``documents_invalid``), ``Refused`` (``shadow_under_way``, ``already_serves``,
    ``artifact_damaged``, ``artifact_refused``), ``AdminNeeded``.
    """
    if by is not None and not by.has_role(Role.ADMIN):
        raise AdminNeeded("admin_needed", "A shadow run needs the role of an admin.")
    if isinstance(documents, bool) or not isinstance(documents, int) or not 1 <= documents <= MOST_DOCUMENTS:
        raise RequestInvalid("documents_invalid", f"{str(documents)[:20]!r} documents: give a whole number from 1 to {MOST_DOCUMENTS:,}.")
    verify(model)
    with transaction.atomic():
        locked = ModelVersion.objects.select_for_update(of=("self",)).get(pk=model.pk)
        against = present().model
        if against is not None and against.pk == locked.pk:
            raise Refused("already_serves", f"{str(model).capitalize()} serves already: it has nothing to be held against.")
        if under_way := ShadowRun.objects.filter(model=locked, state__in=OPEN).order_by("pk").first():
            raise Refused(
                "shadow_under_way",
                f"{str(model).capitalize()} is reading in the dark already; wait for it, or take that run away first.",
                {"shadow_run": under_way.pk},
            )
        run = ShadowRun.objects.create(model=locked, against=against, wanted=documents, asked_by=by)
        record(Action.SHADOW_STARTED, actor=by, object=Target("model", model.pk), after={"shadow_run": run.pk, "documents": documents})
        signals.shadow_wanted.send(sender=ShadowRun, shadow_id=run.pk)
    return run


def shadow_run(shadow_id: int) -> ShadowRun:
    """The run of that id. Raises ``NotFound``."""
    found = ShadowRun.objects.select_related("model", "against", "asked_by").filter(pk=shadow_id).first()
    if found is None:
        raise NotFound("shadow_run_not_found", f"There is no shadow run {shadow_id}; it may have been taken away.")
    return found


def take_away(run: ShadowRun, *, by: User) -> None:
    """Remove a run with all it has read; one that is under way ends after the documents in work. Raises ``AdminNeeded``."""
    if not by.has_role(Role.ADMIN):
        raise AdminNeeded("admin_needed", "Taking a shadow run away needs the role of an admin.")
    with transaction.atomic():
        record(
            Action.SHADOW_STARTED, actor=by, object=Target("model", run.model_id), before={"shadow_run": run.pk}, after={"taken_away": True}
        )
        run.delete()


def fail_shadow(shadow_id: int, error: str) -> None:
    """Write down that a run came to nothing, unless it is finished or gone."""
    ShadowRun.objects.filter(pk=shadow_id, state__in=OPEN).update(
        state=ShadowRun.State.FAILED, error=error[:600], finished_at=timezone.now()
    )
