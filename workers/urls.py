"""Addresses of the health checks."""

from django.urls import URLPattern, path

from workers import prometheus, views

urlpatterns: list[URLPattern] = [
    path("health/", views.ready, name="health"),
    path("metrics", prometheus.metrics, name="prometheus"),
    path("health/live/", views.live, name="health-live"),
]
