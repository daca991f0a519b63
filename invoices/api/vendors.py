"""The vendor master: listed for everybody, changed by senior billers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.filters import OrderingFilter
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.api.access import ReadOrSenior, person
from invoices.api.filters import VendorFilter
from invoices.api.problems import Problem
from invoices.api.serializers import Alias, MergeAnswer, MergeRequest, NewAlias, VendorChange, VendorDetail
from invoices.models import Vendor
from invoices.vendor_master.editing import add_alias, change_vendor, confirm_vendor, remove_alias
from invoices.vendor_master.merging import merge_vendors

_PERMISSIONS = [IsAuthenticated, ReadOrSenior]


def _vendors() -> QuerySet[Vendor]:
    return Vendor.objects.annotate(document_count=Count("documents")).prefetch_related("aliases")


def _answer(vendor_id: int) -> dict[str, Any]:
    return dict(VendorDetail(generics.get_object_or_404(_vendors(), pk=vendor_id)).data)


class VendorListView(generics.ListAPIView[Vendor]):
    """``vendors/``."""

    serializer_class = VendorDetail
    filter_backends = [DjangoFilterBackend, OrderingFilter]
    filterset_class = VendorFilter
    ordering_fields = ["id", "name", "created_at"]
    ordering = ["-id"]

    def get_queryset(self) -> QuerySet[Vendor]:
        """With other names and the number of documents."""
        return _vendors()

    @extend_schema(operation_id="vendors_list", tags=["vendors"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List vendors, newest first unless ordered otherwise."""
        return super().get(request, *args, **kwargs)


class VendorView(APIView):
    """``vendors/{id}/``."""

    permission_classes = _PERMISSIONS

    @extend_schema(operation_id="vendors_retrieve", tags=["vendors"], responses={200: VendorDetail, 404: Problem})
    def get(self, request: Request, vendor_id: int) -> Response:
        """One vendor with its other names."""
        return Response(_answer(vendor_id))

    @extend_schema(
        operation_id="vendors_change",
        tags=["vendors"],
        request=VendorChange,
        responses={200: VendorDetail, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
    )
    def patch(self, request: Request, vendor_id: int) -> Response:
        """Rename, change address or identifiers, confirm. The old name stays as another name."""
        form = VendorChange(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        vendor = generics.get_object_or_404(Vendor, pk=vendor_id)
        if wanted.keys() & {"name", "address", "identifiers"}:
            change_vendor(
                vendor_id=vendor_id,
                name=wanted.get("name", vendor.name),
                address=wanted.get("address", vendor.address),
                identifiers=wanted.get("identifiers", list(vendor.identifiers)),
                by=person(request),
            )
        if "status" in wanted:
            confirm_vendor(vendor_id=vendor_id, by=person(request))
        return Response(_answer(vendor_id))


class VendorMergeView(APIView):
    """``vendors/{id}/merge/``."""

    permission_classes = _PERMISSIONS

    @extend_schema(
        operation_id="vendors_merge",
        tags=["vendors"],
        request=MergeRequest,
        responses={200: MergeAnswer, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
    )
    def post(self, request: Request, vendor_id: int) -> Response:
        """Let another vendor take this one over: documents and names move to it."""
        form = MergeRequest(data=request.data)
        form.is_valid(raise_exception=True)
        receipt = merge_vendors(source_id=vendor_id, target_id=form.validated_data["into"], by=person(request))
        return Response({"vendor": _answer(receipt.target), "documents_moved": len(receipt.documents)})


class VendorAliasesView(APIView):
    """``vendors/{id}/aliases/``."""

    permission_classes = _PERMISSIONS

    @extend_schema(
        operation_id="vendors_alias_add",
        tags=["vendors"],
        request=NewAlias,
        responses={201: Alias, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
    )
    def post(self, request: Request, vendor_id: int) -> Response:
        """Add another name under which the vendor prints."""
        form = NewAlias(data=request.data)
        form.is_valid(raise_exception=True)
        alias = add_alias(vendor_id=vendor_id, name=form.validated_data["name"], by=person(request))
        return Response(Alias(alias).data, status=201)


class VendorAliasView(APIView):
    """``vendors/{id}/aliases/{alias_id}/``."""

    permission_classes = _PERMISSIONS

    @extend_schema(operation_id="vendors_alias_remove", tags=["vendors"], responses={204: None, 403: Problem})
    def delete(self, request: Request, vendor_id: int, alias_id: int) -> Response:
        """Take a name away; twice changes nothing."""
        remove_alias(vendor_id=vendor_id, alias_id=alias_id, by=person(request))
        return Response(status=204)
