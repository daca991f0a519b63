"""Addresses of the screens for vendors, failures, signing in and people."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from invoices.views import audit, people, vendor_changes, vendors
from invoices.views.failures import failures
from invoices.views.original import original
from invoices.views.retry import documents_retry
from invoices.views.signing_in import PasswordView, SignInView

urlpatterns: list[URLPattern] = [
    path("sign-in/", SignInView.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("password/", PasswordView.as_view(), name="password"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_make, name="person-make"),
    path("people/<id:person_id>/", people.person_change, name="person-change"),
    path("people/<id:person_id>/password/", people.person_password, name="person-password"),
    path("audit/", audit.audit, name="audit"),
    path("audit/<id:entry_id>/", audit.audit_entry, name="audit-entry"),
    path("documents/retry/", documents_retry, name="documents-retry"),
    path("documents/<id:document_id>/original/", original, name="document-original"),
    path("failures/", failures, name="failures"),
    path("vendors/", vendors.vendors, name="vendors"),
    path("vendors/proposed/", vendors.proposed_vendors, name="vendors-proposed"),
    path("vendors/undo-merge/", vendor_changes.vendor_merge_undo, name="vendor-merge-undo"),
    path("vendors/<id:vendor_id>/", vendors.vendor, name="vendor"),
    path("vendors/<id:vendor_id>/change/", vendor_changes.vendor_change, name="vendor-change"),
    path("vendors/<id:vendor_id>/confirm/", vendor_changes.vendor_confirm, name="vendor-confirm"),
    path("vendors/<id:vendor_id>/discard/", vendor_changes.vendor_discard, name="vendor-discard"),
    path("vendors/<id:vendor_id>/names/", vendor_changes.vendor_alias_add, name="vendor-alias-add"),
    path("vendors/<id:vendor_id>/names/<id:alias_id>/remove/", vendor_changes.vendor_alias_remove, name="vendor-alias-remove"),
    path("vendors/<id:vendor_id>/merge/", vendor_changes.vendor_merge, name="vendor-merge"),
    path("vendors/<id:vendor_id>/merge/do/", vendor_changes.vendor_merge_do, name="vendor-merge-do"),
]
