"""Addresses of the screens for documents and the work on them."""

from django.urls import URLPattern, path

from labeling.views.adjudicate import adjudicate, adjudications
from labeling.views.agreement import agreement, agreement_documents, agreement_labelers, agreement_vendors
from labeling.views.correction import apply_correction, correction, undo_correction
from labeling.views.document import document, document_due
from labeling.views.documents import document_rows, documents
from labeling.views.guidelines import guideline, guidelines
from labeling.views.label import home, label
from labeling.views.pauses import pause, pauses, resume
from labeling.views.policy import policy
from labeling.views.quality import quality, quality_mistakes
from labeling.views.quality_people import quality_anchoring, quality_people, quality_person, quality_person_mistakes
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
    path("quality/", quality, name="quality"),
    path("quality/mistakes/", quality_mistakes, name="quality-mistakes"),
    path("quality/people/", quality_people, name="quality-people"),
    path("quality/people/<id:person_id>/", quality_person, name="quality-person"),
    path("quality/people/<id:person_id>/mistakes/", quality_person_mistakes, name="quality-person-mistakes"),
    path("quality/anchoring/", quality_anchoring, name="quality-anchoring"),
    path("adjudicate/", adjudicate, name="adjudicate-next"),
    path("adjudicate/<id:adjudication_id>/", adjudicate, name="adjudicate"),
    path("adjudications/", adjudications, name="adjudications"),
    path("agreement/", agreement, name="agreement"),
    path("agreement/vendors/", agreement_vendors, name="agreement-vendors"),
    path("agreement/labelers/", agreement_labelers, name="agreement-labelers"),
    path("agreement/documents/", agreement_documents, name="agreement-documents"),
    path("guidelines/", guidelines, name="guidelines"),
    path("guidelines/<str:field>/", guideline, name="guideline"),
]
