"""Addresses of the screens of the model's life."""

from django.urls import URLPattern, path

from modelops.views import metrics

urlpatterns: list[URLPattern] = [
    path("monitoring/", metrics.metrics, name="metrics"),
    path("monitoring/<str:day>/", metrics.metrics_day, name="metrics-day"),
]
