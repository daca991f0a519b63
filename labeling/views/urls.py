"""Addresses of the screens for documents and the work on them."""

from django.urls import URLPattern, path

from labeling.views.document import document
from labeling.views.documents import document_rows, documents
from labeling.views.label import home, label
from labeling.views.policy import policy
from labeling.views.queue import queue

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("label/", label, name="label-next"),
    path("label/<id:task_id>/", label, name="label"),
    path("documents/", documents, name="documents"),
    path("documents/rows/", document_rows, name="document-rows"),
    path("documents/<id:document_id>/", document, name="document"),
    path("queue/", queue, name="queue"),
    path("policy/", policy, name="policy"),
]
