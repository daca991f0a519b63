"""Addresses of the screens of the model's life."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
