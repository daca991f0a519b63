"""Shapes of what the API takes and answers. Every field is named; nothing of a model shows by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from invoices.models import Document, Page, Prediction, Vendor, VendorAlias
from invoices.rereading import MOST_AT_ONCE
from invoices.vendor_master.editing import MAX_ADDRESS, MAX_IDENTIFIER, MAX_IDENTIFIERS, MAX_NAME
from mlcore.documents import TOKENISER_VERSION, Route

MAX_ID = 2**63 - 1


class Fault(serializers.Serializer[Any]):
    """Why a document failed; ``message`` is for people."""

    code = serializers.CharField()
    message = serializers.CharField()


class VendorName(serializers.ModelSerializer[Vendor]):
    """A vendor as other things refer to it."""

    class Meta:
        model = Vendor
        fields = ["id", "name", "status"]
        read_only_fields = fields


class PageShape(serializers.ModelSerializer[Page]):
    """A page without its words. ``image`` is an address; width and height are in points."""

    image = serializers.SerializerMethodField()

    class Meta:
        model = Page
        fields = ["number", "width", "height", "source", "rotation", "skew", "image", "image_width", "image_height"]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_image(self, page: Page) -> str:
        """The picture's address; it changes when the picture does."""
        address = reverse("document-page-image", args=[page.document_id, page.number])
        return f"{address}?v={page.image_sha256[:16]}"


class DocumentRow(serializers.ModelSerializer[Document]):
    """A document as a list shows it."""

    vendor = VendorName(allow_null=True)
    uploaded_by = serializers.CharField(source="uploaded_by.username", default=None, allow_null=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = [
            "id",
            "name",
            "status",
            "error",
            "vendor",
            "page_count",
            "media_type",
            "size",
            "sha256",
            "source",
            "uploaded_by",
            "near_duplicate_of",
            "near_duplicate_reason",
            "received_at",
            "parsed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(Fault(allow_null=True))
    def get_error(self, document: Document) -> dict[str, str] | None:
        """The fault of a failed document."""
        return {"code": document.error_code, "message": document.error_message} if document.error_code else None


class DocumentDetail(DocumentRow):
    """One document with its pages."""

    pages = PageShape(many=True)

    class Meta(DocumentRow.Meta):
        fields = [*DocumentRow.Meta.fields, "pages"]
        read_only_fields = fields


class UploadRequest(serializers.Serializer[Any]):
    """One file; ``vendor`` is the sender's name where it is known."""

    file = serializers.FileField(allow_empty_file=True)
    vendor = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NAME, default="")


class UploadAnswer(serializers.ModelSerializer[Document]):
    """``duplicate_of`` is the id of the document that had these bytes before, else null."""

    duplicate_of = serializers.IntegerField(allow_null=True)

    class Meta:
        model = Document
        fields = ["id", "status", "sha256", "duplicate_of"]
        read_only_fields = fields


class PageWords(serializers.Serializer[Any]):
    """A word is ``[text, x0, y0, x1, y1, line, confidence]`` with the box in fractions of the page."""

    number = serializers.IntegerField()
    width = serializers.FloatField()
    height = serializers.FloatField()
    source = serializers.CharField()  # type: ignore[assignment]  # the metaclass takes it away; the base class keeps its own
    words = serializers.ListField(child=serializers.ListField())


class DocumentWords(serializers.Serializer[Any]):
    """All words of a document in reading order."""

    tokeniser = serializers.CharField(default=TOKENISER_VERSION)
    pages = PageWords(many=True)


class PredictionAnswer(serializers.ModelSerializer[Prediction]):
    """The newest prediction of a document; ``fields`` carry confidence and places. ``route`` is null while you may label the document."""

    route = serializers.ChoiceField(choices=[(route.value, route.value) for route in Route], allow_null=True)
    record = serializers.DictField()
    fields_ = serializers.ListField(source="fields", child=serializers.DictField())
    checks = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = Prediction
        fields = ["model_id", "record", "fields_", "checks", "route", "created_at"]
        read_only_fields = fields

    def to_representation(self, instance: Prediction) -> dict[str, Any]:
        """``fields`` is a name that a serializer keeps for itself."""
        shown = super().to_representation(instance)
        return {("fields" if name == "fields_" else name): value for name, value in shown.items()}


class BulkRetryRequest(serializers.Serializer[Any]):
    """Either the ids of failed documents or the code of a fault."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=MAX_ID), required=False, max_length=MOST_AT_ONCE)
    error_code = serializers.CharField(required=False, max_length=60)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of them."""
        if ("ids" in attrs) == ("error_code" in attrs):
            raise serializers.ValidationError("Give either ids or error_code.", code="one_of")
        return attrs


class BulkRetryAnswer(serializers.Serializer[Any]):
    """How many documents are read again."""

    retried = serializers.IntegerField()


class Alias(serializers.ModelSerializer[VendorAlias]):
    """Another name of a vendor."""

    class Meta:
        model = VendorAlias
        fields = ["id", "name"]
        read_only_fields = fields


class VendorDetail(serializers.ModelSerializer[Vendor]):
    """One entry of the vendor master. ``merged_into`` is the vendor that took it over."""

    aliases = Alias(many=True)
    document_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Vendor
        fields = ["id", "name", "address", "identifiers", "status", "merged_into", "aliases", "document_count", "created_at"]
        read_only_fields = fields


class VendorChange(serializers.Serializer[Any]):
    """What may be changed; what is left out stays. ``status`` can only become ``confirmed``."""

    name = serializers.CharField(required=False, max_length=MAX_NAME)
    address = serializers.CharField(required=False, allow_blank=True, max_length=MAX_ADDRESS)
    identifiers = serializers.ListField(child=serializers.CharField(max_length=MAX_IDENTIFIER), required=False, max_length=MAX_IDENTIFIERS)
    status = serializers.ChoiceField(["confirmed"], required=False)


class NewAlias(serializers.Serializer[Any]):
    """Another name, as printed."""

    name = serializers.CharField(max_length=MAX_NAME)


class MergeRequest(serializers.Serializer[Any]):
    """``into`` takes over the vendor of the address."""

    into = serializers.IntegerField(min_value=1, max_value=MAX_ID)


class MergeAnswer(serializers.Serializer[Any]):
    """The vendor that took over, and how much moved."""

    vendor = VendorDetail()
    documents_moved = serializers.IntegerField()
