"""Addresses of the screens of the model's life."""

from django.urls import URLPattern, path

from modelops.views import run, run_compare, run_new, runs

urlpatterns: list[URLPattern] = [
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", run_new.run_new, name="run-new"),
    path("runs/new/preflight/", run_new.run_preflight, name="run-preflight"),
    path("runs/compare/", run_compare.run_compare, name="run-compare"),
    path("runs/<id:run_id>/", run.run, name="run"),
    path("runs/<id:run_id>/live/", run.run_live, name="run-live"),
    path("runs/<id:run_id>/stop/", run.run_stop, name="run-stop"),
    path("runs/<id:run_id>/resume/", run.run_resume, name="run-resume"),
    path("sweeps/<id:sweep_id>/", run_compare.sweep, name="sweep"),
]
