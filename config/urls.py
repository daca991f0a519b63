"""Every address of the web process."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from invoices.views.guards import signed_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("invoices.api.urls")),
    path("api/v1/", include("labeling.api.urls")),
    path("api/v1/", include("modelops.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", signed_in(SpectacularSwaggerSplitView.as_view(url_name="schema")), name="api-docs"),
    path("", include("workers.urls")),
    path("", include("invoices.views.urls")),
    path("", include("labeling.views.urls")),
    path("", include("modelops.views.urls")),
]

handler400 = "config.fault_pages.bad_request"
handler403 = "config.fault_pages.forbidden"
handler404 = "config.fault_pages.not_found"
handler500 = "config.fault_pages.broken"
