"""Addresses of the API of the model's life, under ``/api/v1/``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
