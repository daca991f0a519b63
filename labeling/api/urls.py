"""Addresses of the labeling API, under ``/api/v1/``."""

from django.urls import URLPattern, path

from labeling.api import corrections, gold, me, policy, prediction, task_list, tasks, thresholds, verifications

urlpatterns: list[URLPattern] = [
    path("me/", me.MeView.as_view(), name="me"),
    path("documents/<id:document_id>/gold/", gold.DocumentGoldView.as_view(), name="document-gold"),
    path("documents/<id:document_id>/prediction/", prediction.DocumentPredictionView.as_view(), name="document-prediction"),
    path("labeling-policy/", policy.LabelingPolicyView.as_view(), name="labeling-policy"),
    path("gold/export/", gold.GoldExportView.as_view(), name="gold-export"),
    path("corrections/", corrections.CorrectionsView.as_view(), name="corrections"),
    path("corrections/<id:correction_id>/undo/", corrections.CorrectionUndoView.as_view(), name="correction-undo-api"),
    path("thresholds/", thresholds.ThresholdsView.as_view(), name="thresholds-api"),
    path("verifications/", verifications.VerificationsView.as_view(), name="verifications"),
    path("tasks/", task_list.TaskListView.as_view(), name="task-list"),
    path("tasks/claim/", tasks.ClaimView.as_view(), name="task-claim"),
    path("tasks/counters/", tasks.CountersView.as_view(), name="task-counters"),
    path("tasks/<id:task_id>/", tasks.TaskView.as_view(), name="task"),
    path("tasks/<id:task_id>/draft/", tasks.DraftView.as_view(), name="task-draft"),
    path("tasks/<id:task_id>/submit/", tasks.SubmitView.as_view(), name="task-submit"),
    path("tasks/<id:task_id>/release/", tasks.ReleaseView.as_view(), name="task-release"),
    path("tasks/<id:task_id>/skip/", tasks.SkipView.as_view(), name="task-skip"),
    path("tasks/<id:task_id>/postpone/", tasks.PostponeView.as_view(), name="task-postpone"),
]
