"""Addresses of the screens of the model's life."""

from django.urls import URLPattern, path

from modelops.views import (
    alert_destinations,
    alert_policy,
    alerts,
    gate_policy,
    metrics,
    model_compare,
    registry,
    run,
    run_compare,
    run_new,
    runs,
    sweeps,
    triggers,
)
from modelops.views.dashboard import chart_file, dashboard
from modelops.views.datasets import dataset, dataset_difference, dataset_export, datasets
from modelops.views.removal import document_removal
from modelops.views.serving import serving, serving_promote, serving_rollback, serving_templates
from modelops.views.shadow import shadow, shadow_remove, shadow_start
from modelops.views.vendor_sides import vendor_sides

urlpatterns: list[URLPattern] = [
    path("serving/", serving, name="serving"),
    path("serving/promote/", serving_promote, name="serving-promote"),
    path("serving/rollback/", serving_rollback, name="serving-rollback"),
    path("serving/templates/", serving_templates, name="serving-templates"),
    path("models/<id:number>/shadow/start/", shadow_start, name="shadow-start"),
    path("shadow/<id:shadow_id>/", shadow, name="shadow"),
    path("shadow/<id:shadow_id>/remove/", shadow_remove, name="shadow-remove"),
    path("data-sets/", datasets, name="datasets"),
    path("data-sets/<id:number>/", dataset, name="dataset"),
    path("data-sets/<id:number>/difference/", dataset_difference, name="dataset-difference"),
    path("data-sets/<id:number>/export/", dataset_export, name="dataset-export"),
    path("vendor-sides/", vendor_sides, name="vendor-sides"),
    path("documents/<id:document_id>/remove/", document_removal, name="document-removal"),
    path("monitoring/", metrics.metrics, name="metrics"),
    path("monitoring/<str:day>/", metrics.metrics_day, name="metrics-day"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<id:alert_id>/", alerts.alert, name="alert"),
    path("alerts/<id:alert_id>/decide/", alerts.alert_decide, name="alert-decide"),
    path("alerts/mutes/", alerts.alert_mute_all, name="alert-mute-all"),
    path("alerts/mutes/<id:mute_id>/end/", alerts.alert_unmute, name="alert-unmute"),
    path("alerts/destinations/", alert_destinations.alert_destinations, name="alert-destinations"),
    path("alerts/destinations/<id:destination_id>/", alert_destinations.alert_destination_change, name="alert-destination-change"),
    path("alert-policy/", alert_policy.alert_policy, name="alert-policy"),
    path("triggers/", triggers.triggers, name="triggers"),
    path("triggers/<id:proposal_id>/decide/", triggers.proposal_decide, name="proposal-decide"),
    path("trigger-policy/", alert_policy.trigger_policy, name="trigger-policy"),
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", run_new.run_new, name="run-new"),
    path("runs/new/preflight/", run_new.run_preflight, name="run-preflight"),
    path("runs/compare/", run_compare.run_compare, name="run-compare"),
    path("runs/<id:run_id>/", run.run, name="run"),
    path("runs/<id:run_id>/live/", run.run_live, name="run-live"),
    path("runs/<id:run_id>/stop/", run.run_stop, name="run-stop"),
    path("runs/<id:run_id>/resume/", run.run_resume, name="run-resume"),
    path("sweeps/", sweeps.sweeps, name="sweeps"),
    path("sweeps/<id:sweep_id>/", sweeps.sweep, name="sweep"),
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/chart.csv", chart_file, name="dashboard-chart"),
    path("models/", registry.models, name="models"),
    path("models/register/", registry.model_register, name="model-register"),
    path("models/compare/", model_compare.model_compare, name="model-compare"),
    path("models/<id:number>/", registry.model, name="model"),
    path("models/<id:number>/evaluate/", registry.model_evaluate, name="model-evaluate"),
    path("models/<id:number>/override/", registry.model_override, name="model-override"),
    path("models/<id:number>/report/", registry.model_report, name="model-report"),
    path("models/<id:number>/state/", registry.model_state, name="model-state"),
    path("gate-policy/", gate_policy.gate_policy, name="gate-policy"),
]
