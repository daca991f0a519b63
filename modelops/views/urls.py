"""Addresses of the screens of the model's life."""

from django.urls import URLPattern, path

from modelops.views.datasets import dataset, dataset_difference, dataset_export, datasets
from modelops.views.removal import document_removal
from modelops.views.vendor_sides import vendor_sides

urlpatterns: list[URLPattern] = [
    path("data-sets/", datasets, name="datasets"),
    path("data-sets/<id:number>/", dataset, name="dataset"),
    path("data-sets/<id:number>/difference/", dataset_difference, name="dataset-difference"),
    path("data-sets/<id:number>/export/", dataset_export, name="dataset-export"),
    path("vendor-sides/", vendor_sides, name="vendor-sides"),
    path("documents/<id:document_id>/remove/", document_removal, name="document-removal"),
]
