"""Which tasks a person may see, and one of them without claiming it."""

from __future__ import annotations

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from invoices.models import Role, User
from labeling.assignment.strategies import kinds_for
from labeling.blindness import blind, may_see, shown_kind
from labeling.errors import TaskNotFound
from labeling.models import LabelingTask, TaskKind, TaskState
from labeling.task_view import TaskView, tasks_for, view_of


def visible_tasks(user: User) -> QuerySet[LabelingTask]:
    """Seniors see every task; billers the open ones of their kinds and those they hold or finished. Nobody sees the other side of a
    blind pair. ``is_blind`` says that a task's kind is not told yet.

    The rule is a CASE, which no planner takes apart: a page walks the index of its order instead of sorting everything.
    """
    tasks = LabelingTask.objects.annotate(is_blind=blind())
    visible = may_see(user)
    if not user.has_role(Role.SENIOR):  # first, because it is cheap: what a row says of itself, before what other rows say
        visible = (Q(state=TaskState.OPEN, kind__in=kinds_for(user.role)) | Q(assignee=user)) & visible
    return tasks.filter(Case(When(visible, then=Value(True)), default=Value(False), output_field=BooleanField()))


def of_shown_kind(tasks: QuerySet[LabelingTask], kind: str) -> QuerySet[LabelingTask]:
    """The tasks of ``visible_tasks`` that are shown as this kind."""
    hidden = Q(kind__in=(TaskKind.SECOND_LABEL, TaskKind.AUDIT)) & (Q(state=TaskState.OPEN) | Q(is_blind=True))
    return tasks.filter(Q(kind=kind) | hidden) if kind == TaskKind.LABEL else tasks.filter(Q(kind=kind) & ~hidden)


def told_kind(task: LabelingTask) -> str:
    """The kind of a task of ``visible_tasks`` as people are told."""
    return shown_kind(task.kind, lifted=task.state != TaskState.OPEN and not getattr(task, "is_blind", True))


def visible_task(user: User, task_id: int) -> TaskView:
    """One task with this person's own draft. Raises ``TaskNotFound``."""
    task = tasks_for(user).filter(pk__in=visible_tasks(user).filter(pk=task_id).values("pk")).first()
    if task is None:
        raise TaskNotFound(f"There is no task {task_id} for you.")
    return view_of(task)
