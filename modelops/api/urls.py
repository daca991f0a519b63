"""Addresses of the API of the model's life, under ``/api/v1/``."""

from django.urls import URLPattern, path

from modelops.api import deployments, shadow_runs

urlpatterns: list[URLPattern] = [
    path("deployments/", deployments.DeploymentsView.as_view(), name="deployments-api"),
    path("deployments/rollback/", deployments.RollbackView.as_view(), name="rollback-api"),
    path("models/<id:number>/promote/", deployments.PromoteView.as_view(), name="promote-api"),
    path("models/<id:number>/shadow/", shadow_runs.ModelShadowView.as_view(), name="model-shadow-api"),
    path("shadow-runs/<id:shadow_id>/", shadow_runs.ShadowRunView.as_view(), name="shadow-run-api"),
]
