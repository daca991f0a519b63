"""``thresholds/``: what each wanted precision would come to."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from labeling.api.access import Reviews
from labeling.api.base import LabelingView
from labeling.selectors.thresholds import threshold_curve


class ThresholdsView(LabelingView):
    """``thresholds/``."""

    permission_classes = [IsAuthenticated, Reviews]

    @extend_schema(responses={200: OpenApiTypes.OBJECT}, tags=["review"])
    def get(self, request: Request) -> Response:
        """The whole curve: a point for each precision, the audit's interval, hours and what is certified today."""
        return Response(threshold_curve().to_json())
