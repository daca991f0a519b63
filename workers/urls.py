"""Addresses of the health checks."""

from django.urls import URLPattern, path

from workers import views

urlpatterns: list[URLPattern] = [
    path("health/", views.ready, name="health"),
    path("health/live/", views.live, name="health-live"),
]
