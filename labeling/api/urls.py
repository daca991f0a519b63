"""Addresses of the labeling API, under ``/api/v1/``."""

from django.urls import URLPattern, path

from labeling.api import tasks

urlpatterns: list[URLPattern] = [
    path("tasks/claim/", tasks.ClaimView.as_view(), name="task-claim"),
    path("tasks/counters/", tasks.CountersView.as_view(), name="task-counters"),
    path("tasks/<int:task_id>/", tasks.TaskView.as_view(), name="task"),
    path("tasks/<int:task_id>/draft/", tasks.DraftView.as_view(), name="task-draft"),
    path("tasks/<int:task_id>/submit/", tasks.SubmitView.as_view(), name="task-submit"),
    path("tasks/<int:task_id>/release/", tasks.ReleaseView.as_view(), name="task-release"),
    path("tasks/<int:task_id>/skip/", tasks.SkipView.as_view(), name="task-skip"),
    path("tasks/<int:task_id>/postpone/", tasks.PostponeView.as_view(), name="task-postpone"),
]
