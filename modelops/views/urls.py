"""Addresses of the screens of the model's life."""

from django.urls import URLPattern, path

from modelops.views.dashboard import chart_file, dashboard

urlpatterns: list[URLPattern] = [
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/chart.csv", chart_file, name="dashboard-chart"),
]
