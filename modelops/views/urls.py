"""Addresses of the screens of the model's life."""

from django.urls import URLPattern, path

from modelops.views.serving import serving, serving_promote, serving_rollback, serving_templates
from modelops.views.shadow import shadow, shadow_remove, shadow_start

urlpatterns: list[URLPattern] = [
    path("serving/", serving, name="serving"),
    path("serving/promote/", serving_promote, name="serving-promote"),
    path("serving/rollback/", serving_rollback, name="serving-rollback"),
    path("serving/templates/", serving_templates, name="serving-templates"),
    path("models/<id:number>/shadow/start/", shadow_start, name="shadow-start"),
    path("shadow/<id:shadow_id>/", shadow, name="shadow"),
    path("shadow/<id:shadow_id>/remove/", shadow_remove, name="shadow-remove"),
]
