"""Addresses of the screens for documents, vendors and people."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from invoices.views.signing_in import SignInView

urlpatterns: list[URLPattern] = [
    path("sign-in/", SignInView.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
]
