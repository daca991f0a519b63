"""``models/``: the registry, evaluations, verdicts and comparisons."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from labeling.api.answers import instant
from modelops.api.base import ModelopsView
from modelops.api.registry_shapes import ask_json, comparison_json, evaluation_json, model_brief, result_json, row_json
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import DatasetVersion, ModelVersion
from modelops.registry.asking import ask_for_evaluation, newest_judgeable
from modelops.registry.comparing import compare
from modelops.registry.registering import register_named
from modelops.registry.retiring import retire, take_back
from modelops.registry.verifying import verify
from modelops.selectors.changed_documents import ChangedDocument, changed_page
from modelops.selectors.model_page import find_model, model_facts, verdicts_of
from modelops.selectors.models import STATES, ModelFilter, model_list

_MOST = 2**31 - 1
TEMPLATES = "templates"
"""Stands for the templates alone where a number of a model does."""


class ModelQuery(serializers.Serializer[Any]):
    """Which models."""

    state = serializers.ChoiceField(STATES, default="", allow_blank=True)
    cursor = serializers.CharField(default="", allow_blank=True, max_length=2000)


class RegisterRequest(serializers.Serializer[Any]):
    """Name of a folder among the station's artifacts."""

    folder = serializers.CharField(max_length=200)


class EvaluateRequest(serializers.Serializer[Any]):
    """Number of a data set version; without one, the newest with held-out documents."""

    data_set = serializers.IntegerField(required=False, min_value=1, max_value=_MOST)


class StateRequest(serializers.Serializer[Any]):
    """``retired`` puts a model away, ``candidate`` takes it back."""

    state = serializers.ChoiceField([ModelVersion.State.CANDIDATE.value, ModelVersion.State.RETIRED.value])


class CompareQuery(serializers.Serializer[Any]):
    """Two models by number (``templates`` for the templates alone), a data set version, a page of the changed documents."""

    first = serializers.CharField(max_length=12)
    second = serializers.CharField(max_length=12)
    data_set = serializers.IntegerField(required=False, min_value=1, max_value=_MOST)
    page = serializers.IntegerField(default=1, min_value=1, max_value=_MOST)


def read_form(form: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """The checked values. Raises DRF's ``ValidationError``."""
    checked = form(data=data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def version_named(number: int | None) -> DatasetVersion | None:
    """The version of that number, ``None`` for none. Raises ``NotFound``."""
    if number is None:
        return None
    found = DatasetVersion.objects.filter(number=number).first()
    if found is None:
        raise NotFound("dataset_not_found", f"There is no data set {number}.")
    return found


def model_named(text: str) -> ModelVersion | None:
    """A model by its number; ``None`` for ``templates``. Raises ``RequestInvalid``, ``NotFound``."""
    if text == TEMPLATES:
        return None
    if not text.isdecimal() or int(text) > _MOST:
        raise RequestInvalid("model_invalid", f"{text[:20]!r} is no model: give its number, or {TEMPLATES!r}.")
    return find_model(int(text))


def asked_version(number: int | None) -> DatasetVersion:
    """The version of that number, else the newest with held-out documents. Raises ``NotFound``, ``Refused``."""
    found = version_named(number) or newest_judgeable()
    if found is None:
        raise Refused(
            "nothing_held_out",
            "There is no frozen data set with held-out documents yet, so no model can be judged. Make a data set version first.",
        )
    return found


class ModelListView(ModelopsView):
    """``models/``."""

    @extend_schema(
        operation_id="v1_models_list", parameters=[ModelQuery], responses={200: OpenApiTypes.OBJECT, 403: Problem}, tags=["models"]
    )
    def get(self, request: Request) -> Response:
        """The models of the station, newest first."""
        asked = read_form(ModelQuery, request.query_params)
        found = model_list(ModelFilter(asked["state"], asked["cursor"]))
        rows = [row_json(row, found.measure) for row in found.rows]
        return Response({"results": rows, "count": found.total, "next": found.next or None, "previous": found.previous or None})

    @extend_schema(
        request=RegisterRequest,
        responses={201: OpenApiTypes.OBJECT, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
        tags=["models"],
    )
    def post(self, request: Request) -> Response:
        """Bring in an artifact that lies in the station's artifacts folder; a known one is answered with its row."""
        model = register_named(read_form(RegisterRequest, request.data)["folder"], by=person(request))
        return Response(model_brief(model), status=201)


class ModelView(ModelopsView):
    """``models/{number}/``."""

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 403: Problem, 404: Problem}, tags=["models"])
    def get(self, request: Request, number: int) -> Response:
        """Everything about a model; its files are verified now."""
        facts = model_facts(find_model(number))
        model, served = facts.model, facts.served
        problem = verify(model).problem
        names = ("base", "recipe", "facts", "card", "metrics", "calibration", "trained_vendors", "lineage")
        told = {name: getattr(model, name) for name in names}
        return Response(
            {
                **model_brief(model),
                **told,
                "vendors_known": facts.vendors_known,
                "verified": not problem,
                "problem": problem,
                "served": {"since": instant(served.since), "until": instant(served.until)} if served else None,
                "evaluations": [evaluation_json(row) for row in facts.evaluations],
                "evidence": {name: part for name, part in facts.evidence.get("evaluation", {}).items() if name != "documents"},
                "confidences": facts.evidence.get("served"),
                "asked": ask_json(facts.ask) if facts.ask else None,
                "permitted": not problem and not facts.standing.reasons,
                "reasons": [*([problem] if problem else []), *facts.standing.reasons],
            }
        )

    @extend_schema(
        request=StateRequest, responses={200: OpenApiTypes.OBJECT, 400: Problem, 403: Problem, 404: Problem, 409: Problem}, tags=["models"]
    )
    def patch(self, request: Request, number: int) -> Response:
        """Put a model away, or take it back among the candidates."""
        state = read_form(StateRequest, request.data)["state"]
        change = retire if state == ModelVersion.State.RETIRED else take_back
        change(number, by=person(request))
        return Response(model_brief(find_model(number)))


class ModelEvaluateView(ModelopsView):
    """``models/{number}/evaluate/``."""

    @extend_schema(
        request=EvaluateRequest,
        responses={202: OpenApiTypes.OBJECT, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
        tags=["models"],
    )
    def post(self, request: Request, number: int) -> Response:
        """Have a worker evaluate the model and ask the gate; asked again before it is done, it is the same."""
        model = find_model(number)
        dataset = asked_version(read_form(EvaluateRequest, request.data).get("data_set"))
        ask = ask_for_evaluation(model, dataset, by=person(request))
        return Response(ask_json(ask), status=202)


class ModelGateView(ModelopsView):
    """``models/{number}/gate/``."""

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 403: Problem, 404: Problem}, tags=["models"])
    def get(self, request: Request, number: int) -> Response:
        """What the gate has said of a model, newest first, and whether it may serve now."""
        facts = model_facts(find_model(number))
        results = [result_json(result) for result in verdicts_of(facts.model)]
        return Response({"permitted": not facts.standing.reasons, "reasons": list(facts.standing.reasons), "results": results})


class ModelCompareView(ModelopsView):
    """``models/compare/``."""

    @extend_schema(
        parameters=[
            OpenApiParameter("first", str, required=True, description="number of a model, or templates"),
            OpenApiParameter("second", str, required=True, description="number of a model, or templates"),
            OpenApiParameter("data_set", int, description="number of a version; the newest that both were evaluated on by default"),
            OpenApiParameter("page", int, description="of the changed documents, from 1"),
        ],
        responses={200: OpenApiTypes.OBJECT, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
        tags=["models"],
    )
    def get(self, request: Request) -> Response:
        """Two models on the documents that both have read, and a page of those that changed."""
        asked = read_form(CompareQuery, request.query_params)
        found = compare(model_named(asked["first"]), model_named(asked["second"]), version_named(asked.get("data_set")))
        page = changed_page(found, asked["page"])
        documents = [_changed(document) for document in page.documents]
        return Response({**comparison_json(found), "page": page.page, "pages": page.pages, "documents": documents})


def _changed(document: ChangedDocument) -> dict[str, Any]:
    names = ("path", "right", "first", "second", "first_right", "second_right")
    return {
        "id": document.id,
        "document": document.document_id,
        "vendor": document.vendor,
        "kind": document.kind,
        "route": [document.route_first, document.route_second],
        "values": [{name: getattr(value, name) for name in names} for value in document.values],
        "withheld": document.withheld,
    }
