"""Addresses of the API of the model's life, under ``/api/v1/``."""

from django.urls import URLPattern, path

from modelops.api import metrics

urlpatterns: list[URLPattern] = [
    path("metrics/daily/", metrics.DailyMetricsView.as_view(), name="api-metrics-daily"),
    path("metrics/daily/<str:day>/documents/", metrics.DayDocumentsView.as_view(), name="api-metrics-day-documents"),
    path("metrics/vendors/", metrics.VendorMetricsView.as_view(), name="api-metrics-vendors"),
    path("metrics/calibration/", metrics.CalibrationView.as_view(), name="api-metrics-calibration"),
]
