"""Addresses of the API of the model's life, under ``/api/v1/``."""

from django.urls import URLPattern, path

from modelops.api import training_runs, training_sweeps

urlpatterns: list[URLPattern] = [
    path("training-runs/", training_runs.TrainingRunsView.as_view(), name="training-runs"),
    path("training-runs/preflight/", training_runs.TrainingPreflightView.as_view(), name="training-preflight"),
    path("training-runs/compare/", training_runs.TrainingRunsComparedView.as_view(), name="training-runs-compared"),
    path("training-runs/<id:run_id>/", training_runs.TrainingRunView.as_view(), name="training-run"),
    path("training-runs/<id:run_id>/cancel/", training_runs.TrainingRunCancelView.as_view(), name="training-run-cancel"),
    path("training-runs/<id:run_id>/resume/", training_runs.TrainingRunResumeView.as_view(), name="training-run-resume"),
    path("training-runs/<id:run_id>/points/", training_runs.TrainingRunPointsView.as_view(), name="training-run-points"),
    path("training-runs/<id:run_id>/lines/", training_runs.TrainingRunLinesView.as_view(), name="training-run-lines"),
    path("training-sweeps/", training_sweeps.TrainingSweepsView.as_view(), name="training-sweeps"),
    path("training-sweeps/<id:sweep_id>/", training_sweeps.TrainingSweepView.as_view(), name="training-sweep"),
]
