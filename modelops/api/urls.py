"""Addresses of the API of the model's life, under ``/api/v1/``."""

from django.urls import URLPattern, path

from modelops.api import alert_destinations, alert_policy, alerts, gate, metrics, proposals, registry, training_runs, training_sweeps

urlpatterns: list[URLPattern] = [
    path("alerts/", alerts.AlertsView.as_view(), name="alerts-api"),
    path("alerts/<id:alert_id>/", alerts.AlertView.as_view(), name="alert-api"),
    path("alerts/<id:alert_id>/acknowledge/", alerts.AlertAcknowledgeView.as_view(), name="alert-acknowledge-api"),
    path("alerts/<id:alert_id>/mute/", alerts.AlertMuteView.as_view(), name="alert-mute-api"),
    path("alerts/<id:alert_id>/resolve/", alerts.AlertResolveView.as_view(), name="alert-resolve-api"),
    path("alert-mutes/", alerts.AlertMutesView.as_view(), name="alert-mutes-api"),
    path("alert-mutes/<id:mute_id>/", alerts.AlertUnmuteView.as_view(), name="alert-unmute-api"),
    path("alert-destinations/", alert_destinations.AlertDestinationsView.as_view(), name="alert-destinations-api"),
    path("alert-destinations/<id:destination_id>/", alert_destinations.AlertDestinationView.as_view(), name="alert-destination-api"),
    path(
        "alert-destinations/<id:destination_id>/test/",
        alert_destinations.AlertDestinationTestView.as_view(),
        name="alert-destination-test-api",
    ),
    path("alert-policy/", alert_policy.AlertPolicyView.as_view(), name="alert-policy-api"),
    path("proposals/", proposals.ProposalsView.as_view(), name="proposals-api"),
    path("proposals/<id:proposal_id>/start/", proposals.ProposalStartView.as_view(), name="proposal-start-api"),
    path("proposals/<id:proposal_id>/dismiss/", proposals.ProposalDismissView.as_view(), name="proposal-dismiss-api"),
    path("trigger-policy/", proposals.TriggerPolicyView.as_view(), name="trigger-policy-api"),
    path("metrics/daily/", metrics.DailyMetricsView.as_view(), name="api-metrics-daily"),
    path("metrics/daily/<str:day>/documents/", metrics.DayDocumentsView.as_view(), name="api-metrics-day-documents"),
    path("metrics/vendors/", metrics.VendorMetricsView.as_view(), name="api-metrics-vendors"),
    path("metrics/calibration/", metrics.CalibrationView.as_view(), name="api-metrics-calibration"),
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
    path("models/", registry.ModelListView.as_view(), name="model-list-api"),
    path("models/compare/", registry.ModelCompareView.as_view(), name="model-compare-api"),
    path("models/<id:number>/", registry.ModelView.as_view(), name="model-api"),
    path("models/<id:number>/evaluate/", registry.ModelEvaluateView.as_view(), name="model-evaluate-api"),
    path("models/<id:number>/gate/", registry.ModelGateView.as_view(), name="model-gate-api"),
    path("gate-policy/", gate.GatePolicyView.as_view(), name="gate-policy-api"),
    path("gate-results/<id:number>/override/", gate.GateOverrideView.as_view(), name="gate-override-api"),
]
