"""What is stored of documents, pages, vendors and predictions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from invoices.audit.entries import AuditEntry, AuditSeal, AuditVerification
from invoices.people import Role, User

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "AuditVerification",
    "Document",
    "DocumentStatus",
    "Page",
    "Prediction",
    "ReadingEvent",
    "Role",
    "TextBand",
    "User",
    "Veil",
    "Vendor",
    "VendorAlias",
    "VendorStatus",
    "VendorTemplate",
]


class VendorStatus(models.TextChoices):
    """A proposed vendor was read off a document; a person has not confirmed it yet."""

    PROPOSED = "proposed", "Proposed"
    CONFIRMED = "confirmed", "Confirmed"


class Vendor(models.Model):
    """One entry of the vendor master. A merged vendor points at the one that took it over."""

    name = models.CharField(max_length=300)
    address = models.CharField(max_length=600, blank=True, default="")
    identifiers = models.JSONField(default=list, blank=True)  # phone and tax numbers as printed
    status = models.CharField(max_length=16, choices=VendorStatus.choices, default=VendorStatus.PROPOSED)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> Vendor:
        """The vendor that took this one over, else this one."""
        return self.merged_into or self


class VendorAlias(models.Model):
    """Another name under which a vendor prints. ``key`` is the comparison key of ``name``."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)
    key = models.CharField(max_length=300, unique=True)

    def __str__(self) -> str:
        return self.name


class DocumentStatus(models.TextChoices):
    """Where a document stands in the flow."""

    RECEIVED = "received", "Received"
    PARSING = "parsing", "Reading"
    PREFILLED = "prefilled", "Ready to label"
    LABELED = "labeled", "Labeled"
    GOLD = "gold", "Gold"
    FAILED = "failed", "Failed"


class Document(models.Model):
    """One file. Its identity is the SHA-256 of its bytes, which are a blob of that name.

    ``parse_revision`` counts how often reading was asked for; a retry raises it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()
    status = models.CharField(max_length=16, choices=DocumentStatus.choices, default=DocumentStatus.RECEIVED)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error_message = models.CharField(max_length=600, blank=True, default="")
    parse_revision = models.PositiveIntegerField(default=1)
    page_count = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=16, default="upload")  # upload | api | command | folder | demo
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="documents")
    vendor_hint = models.CharField(max_length=300, blank=True, default="")
    near_duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="near_duplicates")
    near_duplicate_reason = models.CharField(max_length=300, blank=True, default="")
    text_signature = models.JSONField(default=list, blank=True)  # MinHash of the text, for near-duplicates
    received_at = models.DateTimeField(auto_now_add=True)
    parsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-id"]),
            models.Index(fields=["vendor", "-id"]),
            models.Index(fields=["name"]),
        ]

    def __str__(self) -> str:
        return self.name


class Veil(models.Model):
    """A document that one person is shown as open, whatever became of it: one whose truth that person is tested with."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="veils")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "document"], name="veil_once")]


class ReadingEvent(models.Model):
    """A failed reading, or somebody's wish to have the document read again, which its own row forgets. Immutable.

    ``message`` is that of the failure; ``person`` is who asked, if known.
    """

    class Kind(models.TextChoices):
        """What happened."""

        FAILED = "failed", "Failed"
        READ_AGAIN = "read_again", "Read again"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="reading_events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    message = models.CharField(max_length=600, blank=True, default="")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class Page(models.Model):
    """One page as read: ``words`` as in ``mlcore.documents.page_to_json``; the image is a blob."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    width = models.FloatField()
    height = models.FloatField()
    source = models.CharField(max_length=16)
    rotation = models.SmallIntegerField(default=0)
    skew = models.FloatField(default=0.0)
    words = models.JSONField(default=list)
    image_sha256 = models.CharField(max_length=64)
    image_width = models.PositiveIntegerField()
    image_height = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="page_once")]
        ordering = ["document_id", "number"]


class TextBand(models.Model):
    """One key of the text signature of a document: documents with a key in common may be near-duplicates."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="text_bands")
    key = models.BigIntegerField(db_index=True)


class VendorTemplate(models.Model):
    """What was learned from confirmed records of a vendor. Immutable; the newest one counts.

    ``payload`` is ``mlcore.templates.VendorTemplate.to_json()``, ``template_id`` its content hash.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="templates")
    template_id = models.CharField(max_length=64)
    payload = models.JSONField()
    example_count = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "template_id"], name="template_once")]


class Prediction(models.Model):
    """What an extractor said about a document. Immutable; one per document, ``model_id`` and ``parse_revision`` of the text it read.

    ``record``, ``fields`` and ``checks`` are the JSON forms in ``mlcore.record_json`` and
    ``mlcore.documents``. The newest prediction of a document is its current one. ``examples`` is how many confirmed
    documents of the vendor the template behind it was learned from, 0 without a template, ``None`` when not known.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="predictions")
    model_id = models.CharField(max_length=160)
    parse_revision = models.PositiveIntegerField(default=1)
    record = models.JSONField()
    fields = models.JSONField()
    checks = models.JSONField(default=list)
    route = models.CharField(max_length=16)
    examples = models.PositiveIntegerField(null=True, default=None)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "model_id", "parse_revision"], name="prediction_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: a stored prediction never changes."""
        if not self._state.adding:
            raise TypeError("A prediction is immutable; store another one under its own model_id.")
        super().save(*args, **kwargs)


class ServingModel(models.Model):
    """Which artifact pre-fills beside the templates, where no setting names one. ``modelops.deployment`` alone writes it.

    ``model_id`` is empty for templates alone, ``folder`` then too. ``share`` is the percentage of documents that the slot reads (the
    champion reads what the canary does not). Without a row the shipped artifact serves.
    """

    class Slot(models.TextChoices):
        """The champion, and a canary beside it."""

        CHAMPION = "champion", "Champion"
        CANARY = "canary", "Canary"

    slot = models.CharField(max_length=12, choices=Slot.choices, unique=True)
    model_id = models.CharField(max_length=80, blank=True, default="")
    folder = models.CharField(max_length=400, blank=True, default="")
    share = models.PositiveSmallIntegerField(default=100)
    changed_at = models.DateTimeField()
