"""Addresses of documents and vendors, under ``/api/v1/``."""

from django.urls import URLPattern, path

from invoices.api import audit, crops, documents, files, vendors

urlpatterns: list[URLPattern] = [
    path("audit/", audit.AuditListView.as_view(), name="audit-list"),
    path("audit/export/", audit.AuditExportView.as_view(), name="audit-export"),
    path("documents/", documents.DocumentListView.as_view(), name="document-list"),
    path("documents/bulk-retry/", documents.BulkRetryView.as_view(), name="document-bulk-retry"),
    path("documents/<id:document_id>/", documents.DocumentView.as_view(), name="document-detail"),
    path("documents/<id:document_id>/file", files.DocumentFileView.as_view(), name="document-file"),
    path("documents/<id:document_id>/pages/<id:number>/image", files.PageImageView.as_view(), name="document-page-image"),
    path("documents/<id:document_id>/pages/<id:number>/crop", crops.PageCropView.as_view(), name="document-page-crop"),
    path("documents/<id:document_id>/retry/", documents.DocumentRetryView.as_view(), name="document-retry"),
    path("documents/<id:document_id>/words/", documents.DocumentWordsView.as_view(), name="document-words"),
    path("vendors/", vendors.VendorListView.as_view(), name="vendor-list"),
    path("vendors/<id:vendor_id>/", vendors.VendorView.as_view(), name="vendor-detail"),
    path("vendors/<id:vendor_id>/merge/", vendors.VendorMergeView.as_view(), name="vendor-merge-into"),
    path("vendors/<id:vendor_id>/aliases/", vendors.VendorAliasesView.as_view(), name="vendor-aliases"),
    path("vendors/<id:vendor_id>/aliases/<id:alias_id>/", vendors.VendorAliasView.as_view(), name="vendor-alias"),
]
