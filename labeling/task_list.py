"""Which tasks a person may see, and one of them without claiming it."""

from __future__ import annotations

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from invoices.models import Role, User
from labeling.assignment.strategies import kinds_for
from labeling.errors import TaskNotFound
from labeling.models import LabelingTask, TaskState
from labeling.task_view import TaskView, tasks_for, view_of


def visible_tasks(user: User) -> QuerySet[LabelingTask]:
    """Seniors see every task; billers the open ones of their kinds and those they hold or finished.

    The rule is a CASE, which no planner takes apart: a page walks the index of its order instead of sorting everything.
    """
    tasks = LabelingTask.objects.all()
    if user.has_role(Role.SENIOR):
        return tasks
    visible = Q(state=TaskState.OPEN, kind__in=kinds_for(user.role)) | Q(assignee=user)
    return tasks.filter(Case(When(visible, then=Value(True)), default=Value(False), output_field=BooleanField()))


def visible_task(user: User, task_id: int) -> TaskView:
    """One task with this person's own draft. Raises ``TaskNotFound``."""
    task = tasks_for(user).filter(pk__in=visible_tasks(user).filter(pk=task_id).values("pk")).first()
    if task is None:
        raise TaskNotFound(f"There is no task {task_id} for you.")
    return view_of(task)
