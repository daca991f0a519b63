"""Addresses of the labeling API, under ``/api/v1/``."""

from django.urls import URLPattern, path

from labeling.api import adjudications, gold, guidelines, me, rulings, task_list, tasks

urlpatterns: list[URLPattern] = [
    path("me/", me.MeView.as_view(), name="me"),
    path("documents/<id:document_id>/gold/", gold.DocumentGoldView.as_view(), name="document-gold"),
    path("gold/export/", gold.GoldExportView.as_view(), name="gold-export"),
    path("tasks/", task_list.TaskListView.as_view(), name="task-list"),
    path("tasks/claim/", tasks.ClaimView.as_view(), name="task-claim"),
    path("tasks/counters/", tasks.CountersView.as_view(), name="task-counters"),
    path("tasks/<id:task_id>/", tasks.TaskView.as_view(), name="task"),
    path("tasks/<id:task_id>/draft/", tasks.DraftView.as_view(), name="task-draft"),
    path("tasks/<id:task_id>/submit/", tasks.SubmitView.as_view(), name="task-submit"),
    path("tasks/<id:task_id>/release/", tasks.ReleaseView.as_view(), name="task-release"),
    path("tasks/<id:task_id>/skip/", tasks.SkipView.as_view(), name="task-skip"),
    path("tasks/<id:task_id>/postpone/", tasks.PostponeView.as_view(), name="task-postpone"),
    path("tasks/<id:task_id>/guidance/", guidelines.GuidanceView.as_view(), name="task-guidance"),
    path("adjudications/", adjudications.AdjudicationListView.as_view(), name="adjudication-list"),
    path("adjudications/<id:adjudication_id>/", adjudications.AdjudicationDetailView.as_view(), name="adjudication"),
    path("adjudications/<id:adjudication_id>/resolve/", adjudications.ResolveView.as_view(), name="adjudication-resolve"),
    path("adjudications/<id:adjudication_id>/reopen/", adjudications.ReopenView.as_view(), name="adjudication-reopen"),
    path("differences/<id:difference_id>/", adjudications.DifferenceView.as_view(), name="difference"),
    path("differences/<id:difference_id>/settle/", adjudications.SettleView.as_view(), name="difference-settle"),
    path("differences/<id:difference_id>/undo/", adjudications.UndoView.as_view(), name="difference-undo"),
    path("rulings/", rulings.RulingListView.as_view(), name="ruling-list"),
    path("rulings/preview/", rulings.RulingPreviewView.as_view(), name="ruling-preview"),
    path("rulings/<id:ruling_id>/undo/", rulings.RulingUndoView.as_view(), name="ruling-undo"),
    path("guidelines/", guidelines.GuidelineListView.as_view(), name="guideline-list"),
    path("guidelines/read/", guidelines.GuidelineReadView.as_view(), name="guideline-read"),
]
