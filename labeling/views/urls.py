"""Addresses of the screens for documents and the work on them."""

from django.urls import URLPattern, path

from labeling.views.adjudicate import adjudicate, adjudications
from labeling.views.correction import apply_correction, correction, undo_correction
from labeling.views.document import document, document_due
from labeling.views.documents import document_rows, documents
from labeling.views.guidelines import guideline, guidelines
from labeling.views.label import home, label
from labeling.views.pauses import pause, pauses, resume
from labeling.views.policy import policy
from labeling.views.queue import queue
from labeling.views.review import review
from labeling.views.suspects import suspect_review, suspect_right, suspects
from labeling.views.thresholds import thresholds
from labeling.views.trials import gold_tests, known_document, onboard, onboarding, tell
from labeling.views.verify import verify

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("label/", label, name="label-next"),
    path("label/<id:task_id>/", label, name="label"),
    path("documents/", documents, name="documents"),
    path("documents/rows/", document_rows, name="document-rows"),
    path("documents/<id:document_id>/", document, name="document"),
    path("documents/<id:document_id>/due/", document_due, name="document-due"),
    path("queue/", queue, name="queue"),
    path("policy/", policy, name="policy"),
    path("review/", review, name="review"),
    path("verify/", verify, name="verify"),
    path("gold-tests/", gold_tests, name="gold-tests"),
    path("gold-tests/<id:person_id>/tell/", tell, name="gold-tests-tell"),
    path("onboarding/", onboarding, name="onboarding"),
    path("onboarding/<id:person_id>/start/", onboard, name="onboarding-start"),
    path("documents/<id:document_id>/known/", known_document, name="known-document"),
    path("pauses/", pauses, name="pauses"),
    path("pauses/<id:person_id>/pause/", pause, name="pause"),
    path("pauses/<id:person_id>/resume/", resume, name="resume"),
    path("suspects/", suspects, name="suspects"),
    path("suspects/<id:gold_id>/right/", suspect_right, name="suspect-right"),
    path("suspects/<id:gold_id>/review/", suspect_review, name="suspect-review"),
    path("thresholds/", thresholds, name="thresholds"),
    path("corrections/<id:gold_id>/<slug:kind>/", correction, name="correction"),
    path("corrections/<id:gold_id>/<slug:kind>/apply/", apply_correction, name="correction-apply"),
    path("corrections/undo/<id:correction_id>/", undo_correction, name="correction-undo"),
    path("adjudicate/", adjudicate, name="adjudicate-next"),
    path("adjudicate/<id:adjudication_id>/", adjudicate, name="adjudicate"),
    path("adjudications/", adjudications, name="adjudications"),
    path("guidelines/", guidelines, name="guidelines"),
    path("guidelines/<str:field>/", guideline, name="guideline"),
]
